"""Signed papers and the rows of a year's plan under them."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from funding.models.activities import Activity
from funding.models.agencies import Agency
from funding.models.sources import FundingSource


class Decision(models.Model):
    """A signed paper (quyết định). One may plan, approve, adjust and stop, for several sources and years."""

    number = models.CharField("số quyết định", max_length=100, blank=True)
    decided_on = models.DateField("ngày ký", db_index=True)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="cơ quan ban hành",
    )
    signer = models.CharField("người ký", max_length=200, blank=True)
    subject = models.CharField("trích yếu", max_length=500, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "quyết định"
        verbose_name_plural = "quyết định"
        ordering = ["decided_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "decided_on", "agency"],
                condition=~Q(number="") & Q(agency__isnull=False),
                name="decision_known_once",
                violation_error_message="Quyết định này (số, ngày, cơ quan) đã có.",
            ),
            models.UniqueConstraint(
                fields=["number", "decided_on"],
                condition=Q(agency__isnull=True),
                name="decision_without_agency_known_once",
                violation_error_message="Quyết định này (số, ngày) đã có.",
            ),
        ]

    def __str__(self):
        return self.number or "Quyết định chưa ghi số"


class PlanLineQuerySet(models.QuerySet):
    def until(self, day):
        return self.filter(decision__decided_on__lte=day)

    def assigned(self):
        """Kinds that make up kế hoạch: giao, điều chỉnh, chuyển nguồn."""
        return self.filter(kind__in=PlanLine.ASSIGNING)

    def requested(self):
        return self.filter(kind=PlanLine.Kind.REQUESTED)

    def total_vnd(self, *, per):
        """Subquery: the sum of amounts (VND) for each outer row reached by ``per``, 0 without any."""
        sums = self.order_by().filter(**{per: OuterRef("pk")}).values(per).annotate(total_vnd=Sum("amount_vnd"))
        return Coalesce(Subquery(sums.values("total_vnd")), 0, output_field=models.BigIntegerField())


class PlanLine(models.Model):
    """A row of a year's plan under a decision. ``amount_vnd`` is signed: adjustments are differences."""

    class Kind(models.TextChoices):
        ESTIMATED = "estimated", "Dự toán"
        REQUESTED = "requested", "Đề nghị"
        PROVISIONAL = "provisional", "Tạm giao"
        ASSIGNED = "assigned", "Giao"
        ADJUSTED = "adjusted", "Điều chỉnh"
        CARRIED = "carried", "Chuyển nguồn"

    ASSIGNING = (Kind.ASSIGNED, Kind.ADJUSTED, Kind.CARRIED)

    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="plan_lines", verbose_name="quyết định"
    )
    year = models.PositiveSmallIntegerField("năm kế hoạch")
    source = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, related_name="plan_lines", verbose_name="nguồn kinh phí"
    )
    kind = models.CharField("loại", max_length=12, choices=Kind)
    batch = models.CharField("đợt", max_length=50, blank=True)
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_lines",
        verbose_name="nội dung hoạt động",
    )
    is_for_tasks = models.BooleanField("cho hoạt động khác", default=False)
    amount_vnd = models.BigIntegerField("kinh phí (đồng)")
    projects_min = models.SmallIntegerField("số đề án từ", null=True, blank=True)
    projects_max = models.SmallIntegerField("số đề án đến", null=True, blank=True)
    note = models.TextField("ghi chú", blank=True)
    history = HistoricalRecords()

    objects = PlanLineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng kế hoạch"
        verbose_name_plural = "dòng kế hoạch"
        ordering = ["year", "source", "decision__decided_on", "id"]
        indexes = [models.Index(fields=["year", "source", "kind"], name="planline_year_source")]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "year", "source", "kind", "batch", "activity", "is_for_tasks"],
                condition=Q(activity__isnull=False),
                name="planline_known_once",
                violation_error_message="Dòng kế hoạch này đã có trong quyết định.",
            ),
            models.UniqueConstraint(
                fields=["decision", "year", "source", "kind", "batch", "is_for_tasks"],
                condition=Q(activity__isnull=True),
                name="planline_without_activity_known_once",
                violation_error_message="Dòng kế hoạch này đã có trong quyết định.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="assigned") | Q(amount_vnd__gte=0),
                name="planline_assigned_not_negative",
                violation_error_message="Kinh phí giao không được âm; giảm thì dùng dòng điều chỉnh.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["estimated", "provisional"]) | Q(amount_vnd__gte=0),
                name="planline_estimate_not_negative",
                violation_error_message="Kinh phí dự toán, tạm giao không được âm.",
            ),
            models.CheckConstraint(
                condition=Q(projects_min=None)
                | Q(projects_max=None)
                | Q(projects_max__gte=F("projects_min"))
                | Q(amount_vnd__lt=0),
                name="planline_range_in_order",
                violation_error_message="Số đề án đến không được nhỏ hơn số đề án từ.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.year} {self.source}"

    def get_absolute_url(self):
        return reverse("reports:plan_year", args=[self.year])
