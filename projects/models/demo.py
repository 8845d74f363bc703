"""Which rows are demonstration data, so that a page can say so and ``remove_demo`` takes out these and no others."""

from django.db import models


class DemoMark(models.Model):
    """One row that ``demo`` made: ``model`` is its label in lower case ("projects.project")."""

    model = models.CharField("bảng", max_length=100)
    object_id = models.BigIntegerField("dòng")

    class Meta:
        verbose_name = "dấu dữ liệu minh họa"
        verbose_name_plural = "dấu dữ liệu minh họa"
        constraints = [
            models.UniqueConstraint(fields=["model", "object_id"], name="demo_marks_a_row_once"),
        ]

    def __str__(self):
        return f"{self.model} {self.object_id}"
