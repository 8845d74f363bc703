"""The norm a support was held against, copied when it was approved: what changes in the law later changes nothing."""

from django.db import models
from simple_history.models import HistoricalRecords

from funding.models import FundingSource, SupportNorm
from projects.models.decision import ProjectDecision
from projects.models.project import Project, ProjectLine


class AppliedNorm(models.Model):
    """Written once with its approval (``services.apply_norms``), never edited.

    ``norm`` None: the row it was copied from is gone.

    ``on``: the day that selected the norm, ``chosen_by`` which kind of day. ``percent_max`` and ``ceiling_vnd`` None:
    the norm sets none. ``allowed_vnd`` None: not worked out, since a cost or count was not known.
    ``calculation``: one step a line.
    """

    decision = models.ForeignKey(
        ProjectDecision, on_delete=models.CASCADE, related_name="applied_norms", verbose_name="quyết định"
    )
    line = models.ForeignKey(
        ProjectLine, on_delete=models.CASCADE, related_name="applied_norms", verbose_name="dòng đề án"
    )
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="+", verbose_name="nguồn kinh phí")
    norm = models.ForeignKey(
        SupportNorm, on_delete=models.SET_NULL, null=True, related_name="applied", verbose_name="mức hỗ trợ"
    )
    on = models.DateField("chọn theo ngày")
    chosen_by = models.CharField("ngày của", max_length=12, choices=Project.NormBy)
    code = models.CharField("mã mức", max_length=20)
    name = models.CharField("nội dung hỗ trợ", max_length=500)
    percent_max = models.DecimalField("tỷ lệ tối đa (%)", max_digits=5, decimal_places=2, null=True)
    percent_base = models.CharField("tính trên", max_length=200, blank=True)
    ceiling_vnd = models.BigIntegerField("mức tối đa (đồng)", null=True)
    ceiling_unit = models.CharField("tính cho một", max_length=100, blank=True)
    multiplier_max = models.DecimalField("hệ số đã dùng", max_digits=4, decimal_places=2, null=True)
    legal_basis = models.CharField("căn cứ", max_length=500)
    support_vnd = models.BigIntegerField("kinh phí hỗ trợ (đồng)", null=True)
    allowed_vnd = models.BigIntegerField("được hỗ trợ tối đa (đồng)", null=True)
    calculation = models.TextField("cách tính")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "mức hỗ trợ đã áp dụng"
        verbose_name_plural = "mức hỗ trợ đã áp dụng"
        ordering = ["decision__on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "line", "source"], name="applied_norm_once_an_approval"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def steps(self):
        return self.calculation.splitlines()
