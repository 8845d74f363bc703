"""What may be spent before money reaches a line: sources, agencies, activities, norms, decisions and their plans."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from khuyencong.dates import format_day
from khuyencong.names import NamedByDay
from khuyencong.text import fold


class Level(models.TextChoices):
    NATIONAL = "national", "Trung ương"
    PROVINCE = "province", "Tỉnh"
    DISTRICT = "district", "Huyện"
    OTHER = "other", "Khác"


class DatedQuerySet(models.QuerySet):
    def in_force(self, on):
        """Rows valid on the day ``on``; ``valid_to`` is the last day, None while in force."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), Q(valid_from=None) | Q(valid_from__lte=on))


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


class Activity(models.Model):
    """Two levels: the contents of NĐ 45/2012 article 4 (no parent) over leaf activities. A line names a leaf."""

    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên", max_length=500)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leaves",
        verbose_name="thuộc nội dung",
    )
    is_leaf = models.BooleanField("là hoạt động cụ thể", default=True)
    measures = models.CharField("chỉ tiêu đếm", max_length=500, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=500, blank=True)
    valid_from = models.DateField("áp dụng từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=100)
    name_key = models.CharField(max_length=500, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["name_key"])

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "nội dung hoạt động"
        verbose_name_plural = "nội dung hoạt động"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="activity_dates_in_order",
                violation_error_message="Ngày hết áp dụng không được trước ngày bắt đầu áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(is_leaf=True) | Q(parent=None),
                name="activity_content_has_no_parent",
                violation_error_message="Nội dung cấp trên không thuộc nội dung khác.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)


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
        if self.valid_from is None:
            return
        others = SupportNorm.objects.filter(code=self.code, level=self.level).exclude(pk=self.pk)
        others = others.filter(Q(valid_to=None) | Q(valid_to__gte=self.valid_from))
        if self.valid_to:
            others = others.filter(valid_from__lte=self.valid_to)
        other = others.first()
        if other:
            until = f"đến hết {format_day(other.valid_to)}" if other.valid_to else "đến nay"
            raise ValidationError(
                f"Mức {self.code} cấp {self.get_level_display()} đã có một dòng áp dụng từ "
                f"{format_day(other.valid_from)} {until}, chồng lên thời gian này. "
                "Hãy ghi ngày hết áp dụng cho dòng cũ trước."
            )


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
