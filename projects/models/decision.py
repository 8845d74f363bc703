"""What was decided about a đề án or one of its lines, each on its day."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from funding.models import Agency, Authority, Change, Decision
from projects.models.project import Project, ProjectLine


class ProjectDecisionQuerySet(models.QuerySet):
    def until(self, day):
        return self.filter(on__lte=day)

    def turning(self):
        """Stop, refusal, return and resumption: of these the latest decides."""
        return self.filter(kind__in=ProjectDecision.TURNING)


class ProjectDecision(models.Model):
    """A dated step of a đề án, under a ``Decision`` or a paper of its own (``number``).

    ``beneficiaries_expected``, ``executing_agency`` and ``ends_on`` hold the new value when this step changed it,
    None otherwise: so the value on a day is that of the latest step up to it, or the đề án's own first value.
    """

    class Kind(models.TextChoices):
        PROPOSED = "proposed", "Đề xuất"
        REGISTERED = "registered", "Đăng ký"
        RETURNED = "returned", "Yêu cầu bổ sung hồ sơ"
        APPRAISED_BASE = "appraised_base", "Thẩm định cấp cơ sở"
        APPRAISED_MINISTRY = "appraised_ministry", "Thẩm định cấp Bộ"
        APPROVED = "approved", "Phê duyệt"
        GROUP_APPROVED = "group_approved", "Phê duyệt kế hoạch triển khai đề án nhóm"
        ADJUSTED = "adjusted", "Điều chỉnh"
        EXTENDED = "extended", "Gia hạn"
        STOPPED = "stopped", "Ngừng triển khai"
        RESUMED = "resumed", "Tiếp tục triển khai"
        REJECTED = "rejected", "Không phê duyệt"
        MOVED = "moved", "Chuyển sang năm sau"

    class Result(models.TextChoices):
        """Of an appraisal."""

        PASSED = "passed", "Đạt"
        CONDITIONAL = "conditional", "Đạt, cần hoàn thiện hồ sơ"
        FAILED = "failed", "Không đạt"

    Authority = Authority
    Change = Change

    APPRAISALS = (Kind.APPRAISED_BASE, Kind.APPRAISED_MINISTRY)
    APPROVALS = (Kind.APPROVED, Kind.GROUP_APPROVED)
    TURNING = (Kind.STOPPED, Kind.REJECTED, Kind.RETURNED, Kind.RESUMED)

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="decisions", verbose_name="đề án")
    line = models.ForeignKey(
        ProjectLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="dòng đề án",
    )
    kind = models.CharField("loại", max_length=20, choices=Kind)
    result = models.CharField("kết quả thẩm định", max_length=12, choices=Result, blank=True)
    change = models.CharField("thay đổi", max_length=20, choices=Change, blank=True)
    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="project_decisions",
        verbose_name="quyết định",
    )
    number = models.CharField("số giấy tờ", max_length=100, blank=True)
    on = models.DateField("ngày", db_index=True)
    authority = models.CharField("cấp quyết định", max_length=12, choices=Authority, blank=True)
    reason = models.TextField("lý do", blank=True)
    changed_from = models.TextField("trước thay đổi", blank=True)
    changed_to = models.TextField("sau thay đổi", blank=True)
    beneficiaries_expected = models.PositiveSmallIntegerField("số cơ sở dự kiến mới", null=True, blank=True)
    executing_agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị thực hiện mới",
    )
    ends_on = models.DateField("gia hạn đến ngày", null=True, blank=True)
    history = HistoricalRecords()

    objects = ProjectDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "quyết định của đề án"
        verbose_name_plural = "quyết định của đề án"
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["project", "kind", "on"], name="projectdecision_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("on")) | ~Q(kind="extended"),
                name="projectdecision_extends_forward",
                violation_error_message="Ngày gia hạn không được trước ngày quyết định.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"

    @property
    def paper_number(self):
        """The number of the paper it rests on; empty when none was recorded."""
        return self.number or (self.decision.number if self.decision else "")
