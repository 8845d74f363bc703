"""What was entered against a rule that only warns, and why: kept with the reason, shown on the đề án's page."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.permissions import places_of
from projects.models.project import Project, ProjectLine


class Rule(models.TextChoices):
    """Rules that warn and ask for a reason; none of them refuses."""

    OVER_NORM = "over_norm", "Vượt mức hỗ trợ"
    OVER_HALF_OF_COST = "over_half_of_cost", "Vượt tỷ lệ trên tổng chi phí"
    NO_COUNTERPART = "no_counterpart", "Chưa khai vốn đối ứng"
    OTHER_SUPPORT = "other_support", "Nguồn ngân sách khác cho cùng hạng mục"
    NO_PLAN = "no_plan", "Chưa có kế hoạch được giao"
    EARLY_PAYMENT = "early_payment", "Chi quá mức trước khi nghiệm thu"
    OUTCOME_ABOVE_SIGNED = "outcome_above_signed", "Nghiệm thu, quyết toán vượt số đã ký"
    BELOW_PAID = "below_paid", "Giảm dưới số đã ký, đã chi"
    WRONG_AUTHORITY = "wrong_authority", "Khác thẩm quyền quyết định"
    OTHER = "other", "Cảnh báo khác"


class RuleExceptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every exception, or for a local officer those of his own lines and of whole đề án that he sees."""
        places = places_of(user)
        if places is None:
            return self
        return self.filter(Q(line__locality__in=places) | Q(line=None, project__in=Project.objects.visible_to(user)))

    def until(self, day):
        return self.filter(on__lte=day)


class RuleException(models.Model):
    """Something entered although a rule warned, as it was told then. Written once, never edited.

    ``on``: the day of the fact. ``calculation``: one step a line. ``line`` None: it concerns the whole đề án.
    ``by`` None: an import that named nobody.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rule_exceptions", verbose_name="đề án")
    line = models.ForeignKey(
        ProjectLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rule_exceptions",
        verbose_name="dòng đề án",
    )
    rule = models.CharField("quy định", max_length=30, choices=Rule)
    on = models.DateField("ngày")
    message = models.TextField("cảnh báo")
    calculation = models.TextField("cách tính", blank=True)
    legal_basis = models.CharField("căn cứ", max_length=500, blank=True)
    reason = models.TextField("lý do")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rule_exceptions",
        verbose_name="người ghi",
    )
    created_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    history = HistoricalRecords()

    objects = RuleExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "ngoại lệ"
        verbose_name_plural = "ngoại lệ"
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["project", "on"], name="ruleexception_project_on")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="rule_exception_has_reason",
                violation_error_message="Hãy ghi lý do.",
            ),
        ]

    def __str__(self):
        return f"{self.get_rule_display()} {self.on:%d/%m/%Y}"

    def get_absolute_url(self):
        return f"{self.project.get_absolute_url()}#ngoai-le"

    @property
    def steps(self):
        return self.calculation.splitlines()
