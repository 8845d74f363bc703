"""The papers money rests on: contracts and annexes, acceptances, payments, settlements, corrections."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.permissions import places_of
from funding.models import Agency, FundingSource
from khuyencong.text import fold
from places.models import Locality
from projects.models.party import Beneficiary
from projects.models.project import ProjectLine


class ContractQuerySet(models.QuerySet):
    def signed(self, day):
        return self.filter(signed_on__lte=day)

    def of_lines(self):
        """Support and task contracts: those that move a line up its ladder (not Cục–Centre)."""
        return self.exclude(kind=Contract.Kind.NATIONAL)

    def with_end(self, day):
        """Annotate ``end_on``: the end in force on the day (latest annex, else the contract's); None if unknown."""
        annexes = ContractAnnex.objects.filter(contract=OuterRef("pk"), signed_on__lte=day, ends_on__isnull=False)
        latest = annexes.order_by("-signed_on", "-pk").values("ends_on")[:1]
        return self.annotate(end_on=Coalesce(Subquery(latest), F("ends_on")))

    def visible_to(self, user):
        places = places_of(user)
        if places is None:
            return self
        return self.filter(contract_lines__line__locality__in=places).distinct()


class Contract(models.Model):
    class Kind(models.TextChoices):
        NATIONAL = "national", "Hợp đồng Cục – Trung tâm"
        SUPPORT = "support", "Hợp đồng hỗ trợ"
        OTHER = "other", "Hợp đồng thực hiện hoạt động"

    kind = models.CharField("loại hợp đồng", max_length=10, choices=Kind)
    number = models.CharField("số hợp đồng", max_length=100, blank=True)
    number_key = models.CharField(max_length=100, editable=False, db_index=True)
    year = models.PositiveSmallIntegerField("năm ký", editable=False)
    signed_on = models.DateField("ngày ký", db_index=True)
    starts_on = models.DateField("ngày bắt đầu", null=True, blank=True)
    ends_on = models.DateField("ngày kết thúc", null=True, blank=True)
    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name="cơ sở thụ hưởng",
    )
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name="bên ký",
    )
    locality = models.ForeignKey(
        Locality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name="địa bàn khi ký",
    )
    liquidated_on = models.DateField("ngày thanh lý", null=True, blank=True)
    liquidation_number = models.CharField("số biên bản thanh lý", max_length=100, blank=True)
    lines = models.ManyToManyField(ProjectLine, through="ContractLine", related_name="contracts")
    note = models.TextField("ghi chú", blank=True)
    history = HistoricalRecords(excluded_fields=["number_key"])

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "hợp đồng"
        verbose_name_plural = "hợp đồng"
        ordering = ["signed_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "number_key"],
                condition=~Q(number_key=""),
                name="contract_number_once_a_year",
                violation_error_message="Số hợp đồng này đã có trong năm.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_dates_in_order",
                violation_error_message="Ngày kết thúc không được trước ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(liquidated_on=None) | Q(liquidated_on__gte=F("signed_on")),
                name="contract_liquidated_after_signing",
                violation_error_message="Ngày thanh lý không được trước ngày ký.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="support") | Q(beneficiary__isnull=False),
                name="contract_support_has_beneficiary",
                violation_error_message="Hợp đồng hỗ trợ phải có cơ sở thụ hưởng.",
            ),
        ]

    def __str__(self):
        return self.number or "Hợp đồng chưa ghi số"

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("projects:contract_detail", args=[self.pk])

    def set_keys(self):
        self.number_key = fold(self.number)
        self.year = self.signed_on.year

    @property
    def start_on(self):
        """The day it runs from: that of its signing where it names none."""
        return self.starts_on or self.signed_on


class ContractLine(models.Model):
    """A line under a contract from ``on``: the day of signing, or the day a move put the line under it."""

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="contract_lines", verbose_name="hợp đồng"
    )
    line = models.ForeignKey(
        ProjectLine, on_delete=models.PROTECT, related_name="contract_lines", verbose_name="dòng đề án"
    )
    on = models.DateField("từ ngày", db_index=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "dòng của hợp đồng"
        verbose_name_plural = "dòng của hợp đồng"
        constraints = [models.UniqueConstraint(fields=["contract", "line"], name="contract_names_a_line_once")]

    def __str__(self):
        return f"{self.contract} – {self.line}"


class ContractAnnex(models.Model):
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="annexes", verbose_name="hợp đồng")
    number = models.CharField("số phụ lục", max_length=100, blank=True)
    signed_on = models.DateField("ngày ký", db_index=True)
    ends_on = models.DateField("ngày kết thúc mới", null=True, blank=True)
    reason = models.TextField("lý do", blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "phụ lục hợp đồng"
        verbose_name_plural = "phụ lục hợp đồng"
        ordering = ["signed_on", "id"]

    def __str__(self):
        return f"Phụ lục {self.number}".strip()


class AcceptanceQuerySet(models.QuerySet):
    def passed(self, day):
        return self.filter(result__in=Acceptance.PASSING, accepted_on__lte=day)


class Acceptance(models.Model):
    """Nghiệm thu of a line. The support accepted stands in the ledger; revenue in đồng a year."""

    class Result(models.TextChoices):
        PASSED = "passed", "Đạt"
        CONDITIONAL = "conditional", "Đạt có điều kiện"
        FAILED = "failed", "Không đạt"

    PASSING = (Result.PASSED, Result.CONDITIONAL)

    line = models.ForeignKey(
        ProjectLine, on_delete=models.PROTECT, related_name="acceptances", verbose_name="dòng đề án"
    )
    accepted_on = models.DateField("ngày nghiệm thu", db_index=True)
    minutes_number = models.CharField("số biên bản", max_length=100, blank=True)
    result = models.CharField("kết luận", max_length=12, choices=Result, default=Result.PASSED)
    jobs = models.PositiveIntegerField("lao động tăng thêm", null=True, blank=True)
    revenue_vnd = models.BigIntegerField("doanh thu (đồng/năm)", null=True, blank=True)
    note = models.TextField("ghi chú", blank=True)
    history = HistoricalRecords()

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = "nghiệm thu"
        verbose_name_plural = "nghiệm thu"
        ordering = ["accepted_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revenue_vnd=None) | Q(revenue_vnd__gte=0),
                name="acceptance_revenue_not_negative",
                violation_error_message="Doanh thu không được âm.",
            ),
        ]

    def __str__(self):
        return f"Nghiệm thu {self.accepted_on:%d/%m/%Y}"


class Payment(models.Model):
    """Money between the Centre and a beneficiary or provider; how much, and of which step, is in the ledger."""

    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name="hợp đồng",
        help_text="Để trống khi chi không theo hợp đồng (cộng tác viên, công tác phí).",
    )
    paid_on = models.DateField("ngày chi", db_index=True)
    voucher = models.CharField("số chứng từ", max_length=100, blank=True)
    voucher_key = models.CharField(max_length=100, editable=False, blank=True, default="")
    note = models.TextField("ghi chú", blank=True)
    history = HistoricalRecords(excluded_fields=["voucher_key"])

    class Meta:
        verbose_name = "chi trả"
        verbose_name_plural = "chi trả"
        ordering = ["paid_on", "id"]

    def __str__(self):
        return self.voucher or f"Chi ngày {self.paid_on:%d/%m/%Y}"

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self):
        self.voucher_key = fold(self.voucher)


class SettlementQuerySet(models.QuerySet):
    def with_beneficiaries(self, day):
        return self.filter(party=Settlement.Party.BENEFICIARY, settled_on__lte=day)


class Settlement(models.Model):
    """Quyết toán of a line, with the beneficiary or with the funder; the amount stands in the ledger."""

    class Party(models.TextChoices):
        BENEFICIARY = "beneficiary", "Với cơ sở thụ hưởng"
        FUNDER = "funder", "Với cơ quan cấp kinh phí"

    line = models.ForeignKey(
        ProjectLine, on_delete=models.PROTECT, related_name="settlements", verbose_name="dòng đề án"
    )
    source = models.ForeignKey(
        FundingSource,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nguồn kinh phí",
    )
    party = models.CharField("quyết toán", max_length=12, choices=Party, default=Party.BENEFICIARY)
    number = models.CharField("số văn bản", max_length=100, blank=True)
    submitted_on = models.DateField("ngày nộp hồ sơ", null=True, blank=True)
    settled_on = models.DateField("ngày quyết toán", null=True, blank=True, db_index=True)
    requested_vnd = models.BigIntegerField("số đề nghị quyết toán", null=True, blank=True)
    """As the dossier asked (VND); what was settled stands in the ledger. None: not known."""
    note = models.TextField("ghi chú", blank=True)
    history = HistoricalRecords()

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = "quyết toán"
        verbose_name_plural = "quyết toán"
        ordering = ["settled_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_on=None) | Q(settled_on=None) | Q(settled_on__gte=F("submitted_on")),
                name="settlement_dates_in_order",
                violation_error_message="Ngày quyết toán không được trước ngày nộp hồ sơ.",
            ),
            models.CheckConstraint(
                condition=Q(requested_vnd=None) | Q(requested_vnd__gt=0),
                name="settlement_requests_more_than_nothing",
                violation_error_message="Số đề nghị quyết toán phải lớn hơn 0.",
            ),
        ]

    def __str__(self):
        return f"{self.get_party_display()} {self.settled_on or ''}".strip()


class Correction(models.Model):
    """The paper of a counter-row that lowers an amount; ``by`` is None where a command wrote it for nobody."""

    on = models.DateField("ngày")
    reason = models.TextField("lý do")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="người ghi",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "điều chỉnh số liệu"
        verbose_name_plural = "điều chỉnh số liệu"
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correction_has_a_reason",
                violation_error_message="Phải ghi lý do điều chỉnh.",
            ),
        ]

    def __str__(self):
        return f"Điều chỉnh {self.on:%d/%m/%Y}"
