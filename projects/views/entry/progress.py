"""Milestones, difficulties and visits of a đề án."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.entry import Saved, last_change_of
from khuyencong.dates import format_day, local_today
from khuyencong.errors import NotAllowed
from khuyencong.forms import key_of
from projects import services
from projects.forms.progress import (
    DifficultyCloseForm,
    DifficultyEditForm,
    DifficultyForm,
    MilestoneDoneForm,
    MilestoneEditForm,
    MilestoneForm,
    MilestonePostponeForm,
    VisitForm,
)
from projects.models import Difficulty, Milestone, Project, ProjectLine, SiteVisit
from projects.proposals import refuse_open
from projects.views.entry.base import FactView
from projects.views.entry.withdrawal import Withdrawal


class OfProjectView(FactView):
    """A fact of a đề án, or of one of its lines (``?dong=``)."""

    template_name = "projects/line_form.html"
    anchor = ""

    def may(self):
        refuse_open(self.project)
        return True

    def lines(self):
        lines = ProjectLine.objects.visible_to(self.request.user).filter(project=self.project)
        return lines.filter(left_on=None).select_related("beneficiary", "activity", "project")

    def form_arguments(self):
        return {"lines": self.lines()}

    def asked_line(self):
        return {"line": key_of(self.request.GET.get("dong", ""))}

    def get_context(self, form):
        return {"project": self.project, "leave": self.page()}

    def page(self):
        return f"{self.project.get_absolute_url()}#{self.anchor}"


class Withdraw(Withdrawal):
    """Takes one fact of the following of the work out, with its reason; mixed into the page that finds the row."""

    service, argument = None, ""
    """What takes the row out, and by which name it is told the row."""

    @property
    def title(self):
        return f"Xóa {self.row._meta.verbose_name}"

    def refuse(self):
        """What was entered by mistake may go, done or not."""

    def form_arguments(self):
        return {}

    def get_initial(self):
        return {}

    def save(self, form):
        name = self.row._meta.verbose_name
        reason = form.cleaned_data["why"]
        type(self).service(**{self.argument: self.row}, by=self.request.user, reason=reason)
        return Saved(f"Đã xóa {name}.", self.page())

    def get_context(self, form):
        return {**super().get_context(form), "row": self.row}


class MilestoneNew(OfProjectView):
    form_class = MilestoneForm
    title = "Thêm mốc tiến độ"
    can_continue = True
    anchor = "moc"

    def get_initial(self):
        return {"set_on": local_today(), **self.asked_line()}

    def save(self, form):
        typed = form.cleaned_data
        milestone = services.set_milestone(
            project=self.project,
            line=typed.get("line"),
            name=typed["name"],
            responsible=typed["responsible"],
            due_on=typed["due_on"],
            set_on=typed["set_on"],
            by=self.request.user,
            reason=typed["reason"],
        )
        return Saved(f"Đã thêm mốc “{milestone}”, hạn {format_day(typed['due_on'])}.", self.page(), row=milestone)


class OneMilestone(OfProjectView):
    anchor = "moc"

    def find(self):
        rows = Milestone.objects.visible_to(self.request.user).with_due(local_today()).select_related("project")
        self.row = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.project = self.row.project

    def form_arguments(self):
        return {}

    def get_context(self, form):
        return {**super().get_context(form), "milestone": self.row}

    def refuse(self):
        if self.row.done_on:
            raise NotAllowed(
                f"Mốc “{self.row}” đã hoàn thành ngày {format_day(self.row.done_on)}. Ghi nhầm thì sửa mốc.",
                way_out=self.page(),
            )


class MilestoneDone(OneMilestone):
    form_class = MilestoneDoneForm
    title = "Hoàn thành mốc"

    def get_initial(self):
        return {} if self.last_days() else {"done_on": local_today()}

    def save(self, form):
        typed = form.cleaned_data
        row = services.complete_milestone(
            milestone=self.row, done_on=typed["done_on"], by=self.request.user, reason=typed["reason"]
        )
        return Saved(f"Mốc “{row}” xong ngày {format_day(row.done_on)}.", self.page(), row=row)


class MilestonePostpone(OneMilestone):
    form_class = MilestonePostponeForm
    title = "Lùi hạn mốc"

    def get_initial(self):
        return {"set_on": local_today()}

    def save(self, form):
        typed = form.cleaned_data
        services.postpone_milestone(
            milestone=self.row,
            due_on=typed["due_on"],
            set_on=typed["set_on"],
            reason=typed["why"],
            by=self.request.user,
        )
        return Saved(f"Mốc “{self.row}” lùi hạn đến {format_day(typed['due_on'])}.", self.page(), row=self.row)


class MilestoneEdit(OneMilestone):
    form_class = MilestoneEditForm
    title = "Sửa mốc tiến độ"

    def refuse(self):
        """A milestone may be mended whether it is done or not."""

    def lock(self):
        Milestone.objects.select_for_update(no_key=True).get(pk=self.row.pk)
        self.find()

    def last_change(self):
        return last_change_of(self.row)

    def form_arguments(self):
        return {"instance": self.row, "lines": self.lines()}

    def get_initial(self):
        return {"due_on": self.row.due_on}

    def get_context(self, form):
        return {**super().get_context(form), "withdraw_url": reverse("projects:milestone_withdraw", args=[self.row.pk])}

    def save(self, form):
        was = self.row.done_on
        row = services.mend_milestone(
            milestone=form.fill(self.row),
            due_on=form.cleaned_data["due_on"],
            was_done_on=was,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        return Saved(f"Đã lưu mốc “{row}”.", self.page(), row=row)


class MilestoneWithdraw(Withdraw, OneMilestone):
    service, argument = services.withdraw_milestone, "milestone"


class DifficultyNew(OfProjectView):
    form_class = DifficultyForm
    title = "Ghi khó khăn, vướng mắc"
    anchor = "vuong-mac"

    def get_initial(self):
        return {"raised_on": local_today(), **self.asked_line()}

    def save(self, form):
        row = form.fill(Difficulty(project=self.project, reported_by=self.request.user))
        services.record_difficulty(difficulty=row, by=self.request.user, reason=form.cleaned_data["reason"])
        return Saved("Đã ghi khó khăn, vướng mắc.", self.page(), row=row)


class OneDifficulty(OfProjectView):
    anchor = "vuong-mac"

    def find(self):
        rows = Difficulty.objects.visible_to(self.request.user).select_related("project")
        self.row = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.project = self.row.project

    def get_context(self, form):
        return {**super().get_context(form), "difficulty": self.row}


class DifficultyClose(OneDifficulty):
    form_class = DifficultyCloseForm
    title = "Giải quyết xong khó khăn, vướng mắc"

    def form_arguments(self):
        return {}

    def refuse(self):
        if self.row.closed_on:
            raise NotAllowed(
                f"Việc này đã giải quyết xong ngày {format_day(self.row.closed_on)}. Ghi nhầm thì sửa lại.",
                way_out=self.page(),
            )

    def get_initial(self):
        return {"closed_on": local_today()}

    def save(self, form):
        typed = form.cleaned_data
        row = services.close_difficulty(
            difficulty=self.row,
            closed_on=typed["closed_on"],
            outcome=typed["outcome"],
            by=self.request.user,
            reason=typed["reason"],
        )
        return Saved("Đã ghi kết quả xử lý.", self.page(), row=row)


class DifficultyEdit(OneDifficulty):
    form_class = DifficultyEditForm
    title = "Sửa khó khăn, vướng mắc"

    def lock(self):
        self.row = Difficulty.objects.select_for_update(no_key=True).get(pk=self.row.pk)

    def last_change(self):
        return last_change_of(self.row)

    def form_arguments(self):
        return {"instance": self.row, "lines": self.lines()}

    def get_context(self, form):
        return {
            **super().get_context(form),
            "withdraw_url": reverse("projects:difficulty_withdraw", args=[self.row.pk]),
        }

    def save(self, form):
        was = [self.row.raised_on, self.row.closed_on]
        row = services.record_difficulty(
            difficulty=form.fill(self.row), was_days=was, by=self.request.user, reason=form.cleaned_data["reason"]
        )
        return Saved("Đã lưu khó khăn, vướng mắc.", self.page(), row=row)


class DifficultyWithdraw(Withdraw, OneDifficulty):
    service, argument = services.withdraw_difficulty, "difficulty"


class VisitNew(OfProjectView):
    form_class = VisitForm
    title = "Ghi chuyến kiểm tra"
    anchor = "kiem-tra"

    def get_initial(self):
        return {"visited_on": local_today(), "kind": SiteVisit.Kind.CHECK, **self.asked_line()}

    def save(self, form):
        row = form.fill(SiteVisit(project=self.project))
        services.record_visit(visit=row, by=self.request.user, reason=form.cleaned_data["reason"])
        return Saved(f"Đã ghi chuyến đi ngày {format_day(row.visited_on)}.", self.page(), row=row)


class OneVisit(OfProjectView):
    anchor = "kiem-tra"

    def find(self):
        projects = Project.objects.visible_to(self.request.user)
        rows = SiteVisit.objects.filter(project__in=projects).select_related("project")
        self.row = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.project = self.row.project


class VisitEdit(OneVisit):
    form_class = VisitForm
    title = "Sửa chuyến kiểm tra"

    def lock(self):
        self.row = SiteVisit.objects.select_for_update(no_key=True).get(pk=self.row.pk)

    def last_change(self):
        return last_change_of(self.row)

    def form_arguments(self):
        return {"instance": self.row, "lines": self.lines()}

    def get_context(self, form):
        return {**super().get_context(form), "withdraw_url": reverse("projects:visit_withdraw", args=[self.row.pk])}

    def save(self, form):
        was = self.row.visited_on
        row = services.record_visit(
            visit=form.fill(self.row), was_on=was, by=self.request.user, reason=form.cleaned_data["reason"]
        )
        return Saved("Đã lưu chuyến kiểm tra.", self.page(), row=row)


class VisitWithdraw(Withdraw, OneVisit):
    service, argument = services.withdraw_visit, "visit"
