"""Programmes of several years (chương trình khuyến công) and what each set out to reach."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from funding.models.activities import Activity
from funding.models.sources import FundingSource


class Programme(models.Model):
    """A frame over plan years, as approved by its paper. What became of it is derived from the years."""

    name = models.CharField("tên chương trình", max_length=500, unique=True)
    starts_year = models.PositiveSmallIntegerField("từ năm")
    ends_year = models.PositiveSmallIntegerField("đến năm")
    legal_basis = models.CharField("văn bản phê duyệt", max_length=500, blank=True)
    note = models.TextField("ghi chú", blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "chương trình"
        verbose_name_plural = "chương trình"
        ordering = ["-starts_year", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_year__gte=2000, ends_year__lte=2100, ends_year__gte=F("starts_year")),
                name="programme_years_in_order",
                violation_error_message="Năm kết thúc không được trước năm bắt đầu; năm từ 2000 đến 2100.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def years(self):
        return range(self.starts_year, self.ends_year + 1)


class ProgrammeTarget(models.Model):
    """A target of a programme: ``amount`` in đồng where the measure is money, else a count.

    ``source`` None: all counted sources; ``activity`` None: whatever the activity.
    """

    class Measure(models.TextChoices):
        APPROVED = "approved", "Kinh phí được duyệt (đồng)"
        DISBURSED = "disbursed", "Kinh phí giải ngân (đồng)"
        PROJECTS = "projects", "Số đề án"
        BENEFICIARIES = "beneficiaries", "Lượt cơ sở thụ hưởng"
        ESTABLISHMENTS = "establishments", "Số cơ sở thụ hưởng"

    MONEY = (Measure.APPROVED, Measure.DISBURSED)

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="targets", verbose_name="chương trình"
    )
    measure = models.CharField("chỉ tiêu", max_length=20, choices=Measure)
    source = models.ForeignKey(
        FundingSource,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nguồn kinh phí",
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nội dung hoạt động"
    )
    amount = models.BigIntegerField("mục tiêu")
    note = models.CharField("ghi chú", max_length=500, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "mục tiêu của chương trình"
        verbose_name_plural = "mục tiêu của chương trình"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="programme_target_positive",
                violation_error_message="Mục tiêu phải lớn hơn 0.",
            ),
        ]

    def __str__(self):
        return self.get_measure_display()

    @property
    def is_money(self):
        return self.measure in self.MONEY
