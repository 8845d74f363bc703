"""Lines of money (nguồn kinh phí), and the level each belongs to."""

from django.db import models
from simple_history.models import HistoricalRecords


class Level(models.TextChoices):
    NATIONAL = "national", "Trung ương"
    PROVINCE = "province", "Tỉnh"
    DISTRICT = "district", "Huyện"
    OTHER = "other", "Khác"


class FundingSourceQuerySet(models.QuerySet):
    def counted(self):
        """The sources that belong to the khuyến công totals."""
        return self.filter(is_counted=True)


class FundingSource(models.Model):
    """A line of money (nguồn kinh phí). The beneficiary's own money is a source too."""

    COUNTERPART = "DOIUNG"

    code = models.CharField("mã nguồn", max_length=20, unique=True)
    name = models.CharField("tên nguồn", max_length=200, unique=True)
    level = models.CharField("cấp", max_length=10, choices=Level)
    is_counted = models.BooleanField(
        "tính vào tổng khuyến công",
        default=True,
        help_text="Bỏ chọn với vốn đối ứng và nguồn khác: không cộng vào tổng kinh phí khuyến công.",
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=100)
    history = HistoricalRecords()

    objects = FundingSourceQuerySet.as_manager()

    class Meta:
        verbose_name = "nguồn kinh phí"
        verbose_name_plural = "nguồn kinh phí"
        ordering = ["position", "code"]

    def __str__(self):
        return self.name

    @property
    def is_counterpart(self):
        return self.code == self.COUNTERPART
