"""Following the work: milestones with dated due days, visits, difficulties."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from simple_history.models import HistoricalRecords

from accounts.permissions import places_of
from projects.models.project import Project, ProjectLine


class MilestoneQuerySet(models.QuerySet):
    def with_due(self, day):
        """Annotate ``due_on``: the due day in force on the day; None while none was set yet."""
        dues = MilestoneDue.objects.filter(milestone=OuterRef("pk"), set_on__lte=day)
        return self.annotate(due_on=Subquery(dues.order_by("-set_on", "-pk").values("due_on")[:1]))

    def overdue(self, day):
        """Due before the day and not done by it (a milestone is due at the end of its day)."""
        undone = Q(done_on=None) | Q(done_on__gt=day)
        return self.with_due(day).filter(undone, due_on__lt=day)

    def visible_to(self, user):
        places = places_of(user)
        return self if places is None else self.filter(project__lines__locality__in=places).distinct()


class Milestone(models.Model):
    """A mốc tiến độ of a đề án or of one line; its due days are dated rows, so a postponement rewrites nothing."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones", verbose_name="đề án")
    line = models.ForeignKey(
        ProjectLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name="dòng đề án",
    )
    name = models.CharField("mốc tiến độ", max_length=500)
    responsible = models.CharField("người thực hiện", max_length=200, blank=True)
    done_on = models.DateField("hoàn thành ngày", null=True, blank=True, db_index=True)
    history = HistoricalRecords()

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "mốc tiến độ"
        verbose_name_plural = "mốc tiến độ"
        ordering = ["project", "id"]

    def __str__(self):
        return self.name


class MilestoneDue(models.Model):
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="dues", verbose_name="mốc tiến độ")
    due_on = models.DateField("hạn", db_index=True)
    set_on = models.DateField("đặt ngày")
    reason = models.TextField("lý do", blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "hạn của mốc"
        verbose_name_plural = "hạn của mốc"
        ordering = ["set_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "set_on"],
                name="milestone_one_due_a_day",
                violation_error_message="Trong ngày này đã đặt hạn cho mốc.",
            ),
        ]

    def __str__(self):
        return f"{self.due_on:%d/%m/%Y}"


class SiteVisit(models.Model):
    class Kind(models.TextChoices):
        SURVEY = "survey", "Khảo sát"
        CHECK = "check", "Kiểm tra, giám sát"
        ACCEPTANCE = "acceptance", "Nghiệm thu"
        POST_CHECK = "post_check", "Hậu kiểm"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="visits", verbose_name="đề án")
    line = models.ForeignKey(
        ProjectLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name="dòng đề án",
    )
    kind = models.CharField("loại", max_length=10, choices=Kind)
    visited_on = models.DateField("ngày đi", db_index=True)
    people = models.CharField("thành phần", max_length=500, blank=True)
    findings = models.TextField("kết quả", blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "chuyến kiểm tra"
        verbose_name_plural = "chuyến kiểm tra"
        ordering = ["visited_on", "id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.visited_on:%d/%m/%Y}"


class DifficultyQuerySet(models.QuerySet):
    def open(self, day):
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), raised_on__lte=day)

    def visible_to(self, user):
        places = places_of(user)
        return self if places is None else self.filter(project__lines__locality__in=places).distinct()


class Difficulty(models.Model):
    class Cause(models.TextChoices):
        FUNDER = "funder", "Cơ quan cấp kinh phí"
        BENEFICIARY = "beneficiary", "Cơ sở thụ hưởng"
        STAFF = "staff", "Đơn vị thực hiện"
        OUTSIDE = "outside", "Khách quan"
        OTHER = "other", "Khác"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="difficulties", verbose_name="đề án")
    line = models.ForeignKey(
        ProjectLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="difficulties",
        verbose_name="dòng đề án",
    )
    cause = models.CharField("nguyên nhân", max_length=12, choices=Cause, default=Cause.OTHER)
    description = models.TextField("khó khăn, vướng mắc")
    raised_on = models.DateField("ngày phát sinh", db_index=True)
    request = models.TextField("kiến nghị", blank=True)
    due_on = models.DateField("hẹn giải quyết", null=True, blank=True)
    outcome = models.TextField("kết quả xử lý", blank=True)
    closed_on = models.DateField("ngày giải quyết xong", null=True, blank=True, db_index=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="difficulties",
        verbose_name="người báo",
    )
    history = HistoricalRecords()

    objects = DifficultyQuerySet.as_manager()

    class Meta:
        verbose_name = "khó khăn, vướng mắc"
        verbose_name_plural = "khó khăn, vướng mắc"
        ordering = ["raised_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("raised_on")),
                name="difficulty_closed_after_raised",
                violation_error_message="Ngày giải quyết xong không được trước ngày phát sinh.",
            ),
        ]

    def __str__(self):
        return self.description
