"""Who is supported: the rural establishments (cơ sở công nghiệp nông thôn) and the names they had."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.permissions import places_of
from khuyencong.names import NamedByDay
from khuyencong.text import fold, sort_key
from places.models import Locality


class BeneficiaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every establishment, or for a local officer those of his own places and those supported there."""
        places = places_of(user)
        if places is None:
            return self
        return self.filter(Q(locality__in=places) | Q(lines__locality__in=places)).distinct()

    def search(self, text):
        """Name, former name, tax code, representative or phone holding every word of ``text``, without diacritics."""
        found = self
        for word in fold(text).split():
            former = BeneficiaryFormerName.objects.filter(beneficiary=OuterRef("pk"), name_key__contains=word)
            found = found.filter(Q(search_key__contains=word) | Exists(former))
        return found


class Beneficiary(NamedByDay, models.Model):
    """An establishment that receives support. ``name`` is today's; former names stay as dated rows."""

    class Kind(models.TextChoices):
        COMPANY = "company", "Công ty"
        PRIVATE = "private", "DNTN"
        COOPERATIVE = "cooperative", "HTX"
        GROUP = "group", "Tổ hợp tác"
        HOUSEHOLD = "household", "Hộ kinh doanh"
        ASSOCIATION = "association", "Hiệp hội"
        OTHER = "other", "Khác"

    name = models.CharField("tên cơ sở", max_length=1000)
    kind = models.CharField("loại hình", max_length=12, choices=Kind, default=Kind.OTHER)
    tax_code = models.CharField("mã số thuế / số ĐKKD", max_length=50, blank=True)
    representative = models.CharField("người đại diện", max_length=500, blank=True)
    phone = models.CharField("điện thoại", max_length=50, blank=True)
    address = models.CharField("địa chỉ sản xuất", max_length=1000, blank=True)
    locality = models.ForeignKey(
        Locality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="beneficiaries",
        verbose_name="địa bàn",
    )
    trade = models.CharField("ngành nghề", max_length=500, blank=True)
    name_key = models.CharField(max_length=1000, editable=False, db_index=True)
    search_key = models.TextField(editable=False)
    sort_key = models.CharField(max_length=2000, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["name_key", "search_key", "sort_key"])

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ sở thụ hưởng"
        verbose_name_plural = "cơ sở thụ hưởng"
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="beneficiary_has_a_name",
                violation_error_message="Tên cơ sở không được để trống.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("projects:beneficiary_detail", args=[self.pk])

    def set_keys(self):
        self.name_key = fold(self.name)
        self.search_key = fold(" ".join([self.name, self.tax_code, self.representative, self.phone]))
        self.sort_key = sort_key(self.name)[:2000]


class BeneficiaryFormerName(models.Model):
    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.CASCADE, related_name="former_names", verbose_name="cơ sở"
    )
    name = models.CharField("tên cũ", max_length=1000)
    used_until = models.DateField("dùng đến hết ngày")
    name_key = models.CharField(max_length=1000, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["name_key"])

    class Meta:
        verbose_name = "tên cũ của cơ sở"
        verbose_name_plural = "tên cũ của cơ sở"
        ordering = ["used_until"]
        constraints = [
            models.UniqueConstraint(fields=["beneficiary", "used_until"], name="beneficiary_one_name_a_day"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)
