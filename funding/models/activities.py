"""What khuyến công does: the contents of the decree over leaf activities, each with its validity."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from khuyencong.dates import format_day
from khuyencong.text import fold


class DatedQuerySet(models.QuerySet):
    def in_force(self, on):
        """Rows valid on the day ``on``; ``valid_to`` is the last day, None while in force."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), Q(valid_from=None) | Q(valid_from__lte=on))

    def overlapping(self, row):
        """Others whose validity has a day in common with that of ``row``."""
        others = self.exclude(pk=row.pk).filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from))
        return others.filter(valid_from__lte=row.valid_to) if row.valid_to else others


def refuse_overlap(what, row, others):
    """Raise ValidationError where one of ``others`` holds on a day on which ``row`` would too. ``what``: its name."""
    if row.valid_from is None:
        return
    other = others.overlapping(row).first()
    if other:
        until = f"đến hết {format_day(other.valid_to)}" if other.valid_to else "đến nay"
        raise ValidationError(
            f"{what} đã có một dòng áp dụng từ {format_day(other.valid_from)} {until}, chồng lên thời gian này. "
            "Hãy ghi ngày hết áp dụng cho dòng cũ trước."
        )


class Activity(models.Model):
    """Two levels: the contents of NĐ 45/2012 article 4 (no parent) over leaf activities. A line names a leaf."""

    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên", max_length=500)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leaves",
        verbose_name="thuộc nội dung",
    )
    is_leaf = models.BooleanField("là hoạt động cụ thể", default=True)
    measures = models.CharField("chỉ tiêu đếm", max_length=500, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=500, blank=True)
    valid_from = models.DateField("áp dụng từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=100)
    name_key = models.CharField(max_length=500, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["name_key"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "nội dung hoạt động"
        verbose_name_plural = "nội dung hoạt động"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="activity_dates_in_order",
                violation_error_message="Ngày hết áp dụng không được trước ngày bắt đầu áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(is_leaf=True) | Q(parent=None),
                name="activity_content_has_no_parent",
                violation_error_message="Nội dung cấp trên không thuộc nội dung khác.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)
