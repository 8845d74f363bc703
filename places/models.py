"""Where things happen: administrative units, each valid over a span of days, and what became of them.

Codes are reused for other places after 2025, so the key is our own id. A unit that moves under another
district, or changes its kind or name, is a new row linked to the old one by a succession.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from khuyencong.text import nfc, sort_key
from places.names import best_named, place_key, read_place


class Level(models.TextChoices):
    PROVINCE = "PROVINCE", "cấp tỉnh"
    DISTRICT = "DISTRICT", "cấp huyện"
    COMMUNE = "COMMUNE", "cấp xã"


class LocalityQuerySet(models.QuerySet):
    def valid_on(self, day):
        """Units that exist on ``day``; ``valid_to`` is the last day, None while in force."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))

    def with_parents(self):
        """With the units above, so that ``full_name`` and ``long_name`` ask no more."""
        return self.select_related("parent__parent")

    def named(self, name):
        """Units called ``name`` ("Y Can", "xã Y Can", "TX Nghĩa Lộ"), found without diacritics or case.

        The word before the name (huyện, thị xã, xã …) may be missing. Where no unit of that very kind exists,
        any of its level is found: "xã Nam Cường" is today's phường. A name spelt exactly so wins.
        """
        reading = read_place(name)
        called = list(Locality.objects.filter(_called(reading.key) | _called(reading.bare_key)))
        own = set(self.filter(pk__in=[unit.pk for unit in called]).values_list("pk", flat=True)) if called else set()
        found = best_named(reading, called, lambda unit: unit.pk in own)
        return self.filter(pk__in=[unit.pk for unit in found])

    def matching(self, text, day):
        """Units valid on ``day`` that ``text`` names: "Y Can", "xã Y Can", "Y Can, huyện Trấn Yên".

        What follows a comma narrows: each part must name a unit above. None for no such place, several where
        the name is ambiguous; the caller lists them, by ``long_name``.
        """
        name, *above = [part for part in text.split(",") if part.strip()] or [""]
        found = self.valid_on(day).named(name)
        for part in above:
            parents = Locality.objects.named(part).values("pk")
            found = found.filter(Q(parent__in=parents) | Q(parent__parent__in=parents))
        return found

    def reach(self):
        """These units, all units under them, and whatever became of any of those, however many steps later.

        An officer of huyện Trấn Yên so reaches its communes and the communes made of them in 2025.
        """
        reached = set(self.values_list("pk", flat=True))
        frontier = reached
        while frontier:
            # One more step down (units under) or forward (units made of) for what the last step added.
            step = Locality.objects.filter(Q(parent__in=frontier) | Q(came_from__old__in=frontier))
            frontier = set(step.values_list("pk", flat=True)) - reached
            reached |= frontier
        return Locality.objects.filter(pk__in=reached)

    def heirs(self, day):
        """The units valid on ``day`` that became of these, however many steps later."""
        found, frontier = set(), set(self.values_list("pk", flat=True))
        while frontier:
            step = Locality.objects.filter(came_from__old__in=frontier)
            frontier = set(step.values_list("pk", flat=True)) - found
            found |= frontier
        return Locality.objects.filter(pk__in=found).valid_on(day)

    def with_descendants(self):
        """These units and all units under them."""
        own = self.values("pk")
        return Locality.objects.filter(Q(pk__in=own) | Q(parent__in=own) | Q(parent__parent__in=own))

    def search(self, text):
        """Units whose name contains ``text``, without diacritics; all of them for an empty text."""
        return self.filter(name_key__contains=place_key(text))


def _called(key):
    """Units whose name, or another spelling of it, folds to ``key``."""
    return Q(name_key=key) | Q(spelling_keys__contains=f";{key};") if key else Q(pk=None)


class Locality(models.Model):
    """One administrative unit as it was between two days."""

    name = models.CharField("tên", max_length=500, help_text="Không ghi chữ tỉnh, huyện, xã ở đầu.")
    level = models.CharField("cấp", max_length=8, choices=Level)
    kind = models.CharField("loại", max_length=50, blank=True, help_text="Ví dụ: huyện, thị xã, xã, phường.")
    code = models.CharField("mã đơn vị", max_length=10, blank=True, help_text="Để trống nếu chưa biết.")
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="trực thuộc", null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField("có từ ngày", null=True, blank=True, help_text="Để trống nếu không rõ từ bao giờ.")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True, help_text="Để trống nếu nay vẫn còn.")
    spellings = models.CharField(
        "cách viết khác", max_length=500, blank=True, help_text="Ngăn nhau bằng dấu chấm phẩy."
    )
    # Folded names to search by, and the key to sort by; written by save() and by fill_keys().
    name_key = models.CharField(max_length=500, editable=False, db_index=True)
    spelling_keys = models.CharField(max_length=600, blank=True, editable=False)
    sort_key = models.CharField(max_length=1600, editable=False)
    # What the reference data calls this row, so that an edited row is known again; "" for any other row.
    reference = models.CharField(max_length=100, blank=True, editable=False)

    objects = LocalityQuerySet.as_manager()

    class Meta:
        verbose_name = "địa bàn"
        verbose_name_plural = "địa bàn"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="locality_days_in_order",
                violation_error_message="Ngày cuối không được trước ngày đầu.",
            ),
            models.CheckConstraint(
                condition=~Q(level=Level.PROVINCE) | Q(parent=None),
                name="locality_province_has_no_parent",
                violation_error_message="Đơn vị cấp tỉnh không trực thuộc đơn vị nào.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values),
                name="locality_level_known",
                violation_error_message="Cấp phải là tỉnh, huyện hoặc xã.",
            ),
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="locality_reference_once"),
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"],
                condition=~Q(code=""),
                name="locality_one_code_from_a_day",
                violation_error_message="Mã này đã có cho một đơn vị cùng cấp, cùng ngày bắt đầu.",
            ),
            models.UniqueConstraint(
                fields=["level", "code"],
                condition=~Q(code="") & Q(valid_from=None),
                name="locality_one_code_from_the_start",
                violation_error_message="Mã này đã có cho một đơn vị cùng cấp.",
            ),
            models.UniqueConstraint(
                fields=["parent", "kind", "name", "valid_from"],
                name="locality_one_name_from_a_day",
                violation_error_message="Đơn vị này đã có, cùng ngày bắt đầu.",
            ),
            models.UniqueConstraint(
                fields=["parent", "kind", "name"],
                condition=Q(valid_from=None),
                name="locality_one_name_from_the_start",
                violation_error_message="Đơn vị này đã có.",
            ),
        ]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        self.fill_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {
                *kwargs["update_fields"],
                "name",
                "name_key",
                "spelling_keys",
                "sort_key",
            }
        super().save(**kwargs)

    def fill_keys(self):
        """Normalise the name and derive its keys; for rows that bulk_create writes, which skips save()."""
        self.name = nfc(self.name)
        self.name_key = place_key(self.name)
        others = [place_key(spelling) for spelling in self.spellings.split(";")]
        self.spelling_keys = "".join(f";{key}" for key in others if key) + ";" if any(others) else ""
        self.sort_key = sort_key(self.name)

    def clean(self):
        order = [Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
        if self.parent and self.level in order and order.index(self.parent.level) >= order.index(self.level):
            raise ValidationError({"parent": "Đơn vị cấp trên phải ở cấp cao hơn."})

    @property
    def unit_name(self):
        """ "huyện Trấn Yên", "xã Y Can": kind and name."""
        return f"{self.kind} {self.name}".strip()

    @property
    def full_name(self):
        """ "xã Y Can, huyện Trấn Yên", "huyện Trấn Yên", "xã Quy Mông": without the province."""
        if self.parent_id and self.parent.level == Level.DISTRICT:
            return f"{self.unit_name}, {self.parent.unit_name}"
        return self.unit_name

    @property
    def long_name(self):
        """ "xã Y Can, huyện Trấn Yên, tỉnh Yên Bái": with every unit above, to tell namesakes apart."""
        names, unit = [], self
        while unit:
            names.append(unit.unit_name)
            unit = unit.parent
        return ", ".join(names)


class LocalitySuccession(models.Model):
    """What became of a unit on a day: ``new`` begins where ``old`` ends."""

    class Kind(models.TextChoices):
        RENAME = "RENAME", "đổi tên, đổi loại"
        MERGE = "MERGE", "nhập vào"
        SPLIT = "SPLIT", "chia ra"
        MOVE = "MOVE", "chuyển về đơn vị khác"

    old = models.ForeignKey(Locality, models.CASCADE, verbose_name="đơn vị cũ", related_name="became")
    new = models.ForeignKey(Locality, models.CASCADE, verbose_name="đơn vị mới", related_name="came_from")
    kind = models.CharField("thay đổi", max_length=6, choices=Kind)
    on = models.DateField("từ ngày")
    legal_basis = models.CharField("căn cứ", max_length=500, blank=True)

    class Meta:
        verbose_name = "thay đổi địa bàn"
        verbose_name_plural = "thay đổi địa bàn"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["old", "new", "on"],
                name="succession_told_once",
                violation_error_message="Thay đổi này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=~Q(old=F("new")),
                name="succession_to_another",
                violation_error_message="Đơn vị mới phải khác đơn vị cũ.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["RENAME", "MERGE", "SPLIT", "MOVE"]),
                name="succession_kind_known",
                violation_error_message="Loại thay đổi không có trong danh sách.",
            ),
        ]

    def __str__(self):
        return f"{self.old} → {self.new}"
