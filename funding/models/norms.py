"""Support levels (mức hỗ trợ): law as dated rows."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from funding.models.activities import Activity, DatedQuerySet, refuse_overlap
from funding.models.sources import Level


class SupportNorm(models.Model):
    """A support level (mức hỗ trợ): law as a dated row, never a constant.

    ``percent_max`` of eligible cost and ``ceiling_vnd`` per ``ceiling_unit``; None means the text sets none.
    Rows that nobody has confirmed are not ``is_verified`` and are never applied silently.
    """

    class Multiplier(models.TextChoices):
        NONE = "none", "Không"
        PRIORITY = "priority", "Địa bàn, ngành nghề ưu tiên"
        TECHNOLOGY_LINE = "technology_line", "Dây chuyền công nghệ"

    code = models.CharField("mã", max_length=20)
    name = models.CharField("nội dung hỗ trợ", max_length=500)
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="norms",
        verbose_name="nội dung hoạt động",
    )
    level = models.CharField("áp dụng cho kinh phí", max_length=10, choices=Level, default=Level.NATIONAL)
    percent_max = models.DecimalField("tỷ lệ tối đa (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    percent_base = models.CharField("tính trên", max_length=200, blank=True)
    ceiling_vnd = models.BigIntegerField("mức tối đa (đồng)", null=True, blank=True)
    ceiling_unit = models.CharField("tính cho một", max_length=100, blank=True)
    multiplier = models.CharField("hệ số", max_length=20, choices=Multiplier, default=Multiplier.NONE)
    multiplier_max = models.DecimalField("hệ số tối đa", max_digits=4, decimal_places=2, null=True, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=500)
    valid_from = models.DateField("áp dụng từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    is_verified = models.BooleanField("đã xác minh", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "mức hỗ trợ"
        verbose_name_plural = "mức hỗ trợ"
        ordering = ["level", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "valid_from"], name="norm_starts_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="norm_dates_in_order",
                violation_error_message="Ngày hết áp dụng không được trước ngày bắt đầu áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(ceiling_vnd=None) | Q(ceiling_vnd__gt=0),
                name="norm_ceiling_positive",
                violation_error_message="Mức tối đa phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(percent_max=None) | Q(percent_max__gt=0, percent_max__lte=100),
                name="norm_percent_in_range",
                violation_error_message="Tỷ lệ tối đa phải lớn hơn 0 và không quá 100 %%.",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def clean(self):
        """Of one code and level, one row at most says what holds on a day."""
        others = SupportNorm.objects.filter(code=self.code, level=self.level)
        refuse_overlap(f"Mức {self.code} cấp {self.get_level_display()}", self, others)
