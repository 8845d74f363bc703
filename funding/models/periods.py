"""Spans whose figures were handed in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords


class PeriodQuerySet(models.QuerySet):
    def closed_over(self, day):
        """Closed periods that contain ``day``."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, closed_at__isnull=False)


class Period(models.Model):
    """A span whose figures were handed in. While closed, facts dated inside it change only with a reason."""

    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")
    closed_at = models.DateTimeField("chốt lúc", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="closed_periods",
        verbose_name="người chốt",
    )
    history = HistoricalRecords()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ số liệu"
        verbose_name_plural = "kỳ số liệu"
        ordering = ["starts_on", "ends_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="period_dates_in_order",
                violation_error_message="Ngày cuối kỳ không được trước ngày đầu kỳ.",
            ),
            models.UniqueConstraint(fields=["starts_on", "ends_on"], name="period_known_once"),
        ]

    def __str__(self):
        return f"{self.starts_on:%d/%m/%Y} – {self.ends_on:%d/%m/%Y}"
