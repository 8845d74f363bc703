"""Money between the funder and the Centre, and what is to come back from a beneficiary in instalments."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from funding.models import FundingSource
from projects.models.papers import Contract
from projects.models.project import ProjectLine


class FunderMoneyQuerySet(models.QuerySet):
    def until(self, day):
        return self.filter(on__lte=day)


class FunderMoney(models.Model):
    """An amount (VND, above 0) of one source and plan year on its day; ``contract``: the national one it belongs to."""

    source = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="nguồn kinh phí"
    )
    year = models.PositiveSmallIntegerField("năm kế hoạch")
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name="hợp đồng Cục – Trung tâm",
    )
    on = models.DateField("ngày", db_index=True)
    amount_vnd = models.BigIntegerField("số tiền (đồng)")
    voucher = models.CharField("số chứng từ", max_length=100, blank=True)
    note = models.TextField("ghi chú", blank=True)
    history = HistoricalRecords(inherit=True)

    objects = FunderMoneyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0),
                name="%(class)s_amount_positive",
                violation_error_message="Số tiền phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="%(class)s_year_in_range",
                violation_error_message="Năm kế hoạch phải từ 2000 đến 2100.",
            ),
        ]

    def __str__(self):
        return self.voucher or f"{self._meta.verbose_name.capitalize()} {self.on:%d/%m/%Y}"


class Receipt(FunderMoney):
    """Money that the funder paid to the Centre."""

    class Meta(FunderMoney.Meta):
        verbose_name = "kinh phí nhận"
        verbose_name_plural = "kinh phí nhận"
        indexes = [models.Index(fields=["year", "source", "on"], name="receipt_year_source_on")]


class BudgetReturn(FunderMoney):
    """Money that the Centre returned to the budget: advances without accepted work, disallowed or unspent money."""

    class Meta(FunderMoney.Meta):
        verbose_name = "kinh phí nộp trả ngân sách"
        verbose_name_plural = "kinh phí nộp trả ngân sách"
        indexes = [models.Index(fields=["year", "source", "on"], name="return_year_source_on")]


class Instalment(models.Model):
    """Repayable support (hỗ trợ có hoàn lại): so much of the source is to be back by ``due_on``.

    ``set_on``: the day of the paper that agreed it; a term put off later is a new row that ``replaces`` the old one.
    """

    line = models.ForeignKey(
        ProjectLine, on_delete=models.PROTECT, related_name="instalments", verbose_name="dòng đề án"
    )
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="+", verbose_name="nguồn kinh phí")
    due_on = models.DateField("hạn hoàn trả")
    amount_vnd = models.BigIntegerField("số tiền (đồng)")
    set_on = models.DateField("ngày thỏa thuận")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="thay cho kỳ"
    )
    reason = models.TextField("lý do", blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "kỳ hoàn trả"
        verbose_name_plural = "kỳ hoàn trả"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0),
                name="instalment_amount_positive",
                violation_error_message="Số tiền phải lớn hơn 0.",
            ),
        ]

    def __str__(self):
        return f"Hoàn trả {self.due_on:%d/%m/%Y}"
