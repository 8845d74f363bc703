"""The one ledger: every đồng of every line, source and step, on its day, resting on exactly one paper."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from funding.models import FundingSource
from projects.models.decision import ProjectDecision
from projects.models.papers import Acceptance, Contract, ContractAnnex, Correction, Payment, Settlement
from projects.models.project import ProjectLine


class Step(models.TextChoices):
    REQUESTED = "requested", "Đề nghị"
    APPROVED = "approved", "Phê duyệt"
    FUNDER_CONTRACTED = "funder_contracted", "Ký hợp đồng với Cục"
    CONTRACTED = "contracted", "Ký hợp đồng"
    ACCEPTED = "accepted", "Nghiệm thu"
    ADVANCED = "advanced", "Tạm ứng"
    PAID = "paid", "Thanh toán"
    RECOVERED = "recovered", "Thu hồi"
    SETTLED = "settled", "Quyết toán"
    FUNDER_SETTLED = "funder_settled", "Quyết toán với Cục"


SIGNED_STEPS = (Step.REQUESTED, Step.APPROVED, Step.FUNDER_CONTRACTED, Step.CONTRACTED)
MAYBE_UNKNOWN_STEPS = (*SIGNED_STEPS, Step.ACCEPTED)

PAPERS = {
    "decision": "on",
    "contract": "signed_on",
    "annex": "signed_on",
    "acceptance": "accepted_on",
    "payment": "paid_on",
    "settlement": "settled_on",
    "correction": "on",
}
"""The papers an entry may rest on, each with the field that holds its day."""


def _exactly_one_paper():
    def only(paper):
        others = {f"{other}__isnull": True for other in PAPERS if other != paper}
        return Q(**{f"{paper}__isnull": False}, **others)

    return reduce(or_, (only(paper) for paper in PAPERS))


class LedgerEntryQuerySet(models.QuerySet):
    def of(self, *steps):
        return self.filter(step__in=steps)

    def until(self, day):
        return self.filter(on__lte=day)

    def between(self, first, last):
        return self.filter(on__gte=first, on__lte=last)

    def counted(self):
        """Entries of sources that belong to the khuyến công totals."""
        return self.filter(source__is_counted=True)

    def total_vnd(self, *, per):
        """Subquery: the sum of amounts (VND) for each outer row reached by ``per``; 0 without any known amount.

        A subquery, since two joined sums would multiply each other's rows.
        """
        sums = self.order_by().filter(**{per: OuterRef("pk")}).values(per).annotate(total_vnd=Sum("amount_vnd"))
        return Coalesce(Subquery(sums.values("total_vnd")), 0, output_field=models.BigIntegerField())


class LedgerEntry(models.Model):
    """``amount_vnd`` in whole đồng; None: it happened, the amount is not known. ``on`` is the paper's own day."""

    line = models.ForeignKey(ProjectLine, on_delete=models.PROTECT, related_name="entries", verbose_name="dòng đề án")
    source = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, related_name="entries", verbose_name="nguồn kinh phí"
    )
    step = models.CharField("bước", max_length=20, choices=Step)
    on = models.DateField("ngày")
    amount_vnd = models.BigIntegerField("số tiền (đồng)", null=True, blank=True)
    decision = models.ForeignKey(
        ProjectDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    annex = models.ForeignKey(ContractAnnex, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    history = HistoricalRecords()

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "bút toán"
        verbose_name_plural = "bút toán"
        ordering = ["on", "id"]
        indexes = [
            models.Index(fields=["line", "step", "on"], name="entry_line_step_on"),
            models.Index(fields=["step", "on"], name="entry_step_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one_paper(),
                name="entry_rests_on_one_paper",
                violation_error_message="Bút toán phải dựa trên đúng một giấy tờ.",
            ),
            models.CheckConstraint(
                condition=Q(step__in=[str(step) for step in MAYBE_UNKNOWN_STEPS]) | Q(amount_vnd__isnull=False),
                name="entry_amount_known",
                violation_error_message="Bước này phải có số tiền.",
            ),
            models.CheckConstraint(
                condition=Q(step__in=[str(step) for step in SIGNED_STEPS])
                | Q(amount_vnd=None)
                | Q(amount_vnd__gt=0)
                | Q(correction__isnull=False),
                name="entry_amount_positive",
                violation_error_message="Số tiền phải lớn hơn 0.",
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()} {self.on:%d/%m/%Y}"

    @property
    def paper(self):
        return next(getattr(self, name) for name in PAPERS if getattr(self, f"{name}_id"))
