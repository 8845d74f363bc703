"""Bodies that decide, pay, carry out or take part, with their former names."""

from django.db import models
from simple_history.models import HistoricalRecords

from funding.models.sources import Level
from khuyencong.names import NamedByDay
from khuyencong.text import fold


class Agency(NamedByDay, models.Model):
    """A body that decides, pays, carries out or takes part. ``name`` is today's; former names are dated rows."""

    name = models.CharField("tên cơ quan", max_length=500)
    level = models.CharField("cấp", max_length=10, choices=Level, default=Level.OTHER)
    name_key = models.CharField(max_length=500, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["name_key"])

    class Meta:
        verbose_name = "cơ quan, đơn vị"
        verbose_name_plural = "cơ quan, đơn vị"
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="agency_named_once")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)


class AgencyFormerName(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="former_names", verbose_name="cơ quan")
    name = models.CharField("tên cũ", max_length=500)
    used_until = models.DateField("dùng đến hết ngày")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "tên cũ của cơ quan"
        verbose_name_plural = "tên cũ của cơ quan"
        ordering = ["used_until"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "used_until"], name="agency_one_name_a_day"),
        ]

    def __str__(self):
        return self.name
