"""Mending what was decided about a đề án, and taking out what was entered by mistake."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.entry import last_change_of
from khuyencong.dates import format_day
from projects.forms.decision_papers import StepEditForm
from projects.models import Project, ProjectDecision, ProjectLine, Rule, Step
from projects.rules import approval_warnings
from projects.services import amounts_of, correct_paper, keep_exceptions, withdraw_paper
from projects.services.papers import MOVING_BY_TURN, entries_history, moved_lines, step_of
from projects.views.entry.decisions import StepView
from projects.views.entry.lines import SavedOn, said
from projects.views.entry.withdrawal import Withdrawal

Kind = ProjectDecision.Kind
OF_THE_AMOUNT = (Rule.OVER_NORM, Rule.OVER_HALF_OF_COST)
WITH_AMOUNTS = (Kind.PROPOSED, Kind.REGISTERED, *ProjectDecision.APPROVALS, Kind.ADJUSTED)


class DecisionPaperView(StepView):
    """``self.row``: the step. The lines shown beside are all of the đề án: a move may be mended too."""

    moves_money = True

    def find(self):
        user = self.request.user
        of_lines = Q(line=None) | Q(line__in=ProjectLine.objects.visible_to(user))
        rows = ProjectDecision.objects.filter(of_lines, project__in=Project.objects.visible_to(user))
        self.take(get_object_or_404(self.read(rows), pk=self.kwargs["pk"]))
        self.begin()

    def read(self, rows):
        return rows.select_related("project", "decision", "executing_agency")

    def take(self, row):
        self.row, self.project = row, row.project

    def lines(self):
        lines = ProjectLine.objects.visible_to(self.request.user).filter(project=self.project)
        return lines.select_related("project", "beneficiary", "activity", "locality").order_by("pk")

    def refuse(self):
        """A slip may be mended wherever the đề án stands by now."""

    @property
    def words(self):
        return f"{self.row.get_kind_display().lower()} ngày {format_day(self.row.on)}"

    def lock(self):
        ProjectDecision.objects.select_for_update(no_key=True).get(pk=self.row.pk)
        # Anew, so that the form compares with what stands now.
        self.take(self.read(ProjectDecision.objects.all()).get(pk=self.row.pk))

    def last_change(self):
        return last_change_of(self.row, entries_history(self.row))


class DecisionEdit(DecisionPaperView):
    form_class = StepEditForm
    template_name = "projects/decision_paper_form.html"

    @property
    def title(self):
        return f"Sửa “{self.row.get_kind_display()}” ngày {format_day(self.row.on)}"

    def get_initial(self):
        return StepEditForm.initial_of(self.row)

    def form_arguments(self):
        return {"step": self.row, "sums": self.sums()}

    def sums(self):
        """What the paper says; where it moved nothing, also the lines it has left out, of the sources it names."""
        if self.row.kind in MOVING_BY_TURN:
            return []
        own = amounts_of(self.row)
        rows = [(line, source, of, vnd) for (line, source, of), vnd in own.items()]
        if self.row.kind not in WITH_AMOUNTS or moved_lines(self.row):
            return rows
        of, sources = step_of(self.row), dict.fromkeys(source for _, source, _ in own)
        others = [(line, source, of) for line in self.lines().filter(left_on=None) for source in sources]
        return rows + [(*key, None) for key in others if key not in own]

    def get_context(self, form):
        return {
            "project": self.project,
            "row": self.row,
            "withdraw_url": reverse("projects:decision_withdraw", args=[self.row.pk]),
            "leave": self.project.get_absolute_url(),
        }

    def doubts(self, amounts, on):
        """What the rules that warn say of what is approved as raised; asked before it is."""
        if self.row.kind not in (*ProjectDecision.APPROVALS, ProjectDecision.Kind.ADJUSTED):
            return []
        before, raised = amounts_of(self.row), {}
        for (line, source, of), vnd in amounts.items():
            rise_vnd = (vnd or 0) - (before.get((line, source, of)) or 0)
            if of == Step.APPROVED and rise_vnd > 0:
                raised.setdefault(line, {})[source] = rise_vnd
        told = [warning for line, rises in raised.items() for warning in approval_warnings(line, rises, on)]
        # What the paper lacks altogether was told when it was entered.
        return [warning for warning in told if warning.rule in OF_THE_AMOUNT]

    def save(self, form):
        values, amounts = form.values(), form.amounts()
        doubts = self.doubts(amounts, values.get("on", self.row.on))
        row = correct_paper(
            paper=self.row,
            fields=values,
            amounts=amounts,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        message = f"Đã sửa {row.get_kind_display().lower()} ngày {format_day(row.on)} của đề án {self.project.code}."
        return SavedOn(message, self.project.get_absolute_url(), row=row, warnings=[*doubts, *row.warnings], on=row.on)

    def keep_reason(self, saved, warnings, reason):
        keep_exceptions(warnings=warnings, on=saved.on, reason=reason, by=self.request.user, project=self.project)


class DecisionWithdraw(Withdrawal, DecisionPaperView):
    """Takes the step and its money out of the books, with a reason; the history keeps it."""

    @property
    def title(self):
        return f"Xóa “{self.row.get_kind_display()}” ngày {format_day(self.row.on)}"

    def get_initial(self):
        return {}

    def get_context(self, form):
        sums = amounts_of(self.row)
        is_alone = len({line for line, _, _ in sums}) < 2
        amounts = [
            (f"{of.label}, {source}{'' if is_alone else f': {line}'}", said(vnd))
            for (line, source, of), vnd in sums.items()
        ]
        return {
            "project": self.project,
            "row": self.row,
            "day": self.row.on,
            "amounts": amounts,
            "leave": self.project.get_absolute_url(),
        }

    def save(self, form):
        words = self.words
        withdraw_paper(paper=self.row, by=self.request.user, reason=form.cleaned_data["why"])
        return SavedOn(f"Đã xóa {words} của đề án {self.project.code}.", self.project.get_absolute_url())
