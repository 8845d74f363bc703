"""Entering a đề án with its lines on one page, correcting it, and beginning one as a copy of another."""

from django.db.models import Q, Sum
from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.entry import Saved, last_change_of
from accounts.models import Role
from accounts.permissions import Action, require
from funding.models import FundingSource
from khuyencong.asof import plan_year
from khuyencong.dates import local_today
from khuyencong.forms import key_of, keys_of
from khuyencong.money import format_vnd
from projects.codes import next_codes
from projects.forms.project import LineForm, ProjectForm, equipment_initial
from projects.models import Equipment, LedgerEntry, Project, ProjectLine, Step
from projects.pages.room import room_effects, room_of
from projects.proposals import refuse_open
from projects.services import create_project, first_papers, mend_project
from projects.services.core import lock_lines
from projects.services.exceptions import keep_exceptions
from projects.services.withdrawals import remove_project
from projects.views.entry.base import FactView
from projects.views.entry.withdrawal import Withdrawal
from projects.views.project_detail import project_for

HEAD = ("name", "kind", "executing_agency", "officer", "beneficiaries_expected", "note")
"""What a copy takes over of the head; dates belong to the year of the other."""


class ProjectPage(FactView):
    """What entering and correcting share: the page, and what is left of each source before and after."""

    form_class = ProjectForm
    template_name = "projects/project_form.html"
    project = None
    typed_form = None

    def look(self, form):
        self.typed_form = form
        return super().look(form)

    def get_context(self, form):
        """What is left of the counted sources that have a plan in the year the form opens with."""
        year = form.initial["plan_year"]
        rooms = room_of(form.sources, year, local_today())
        planned = [room for room in rooms if room.assigned_vnd is not None]
        leave = self.project.get_absolute_url() if self.project else reverse("projects:project_list")
        return {"room_year": year, "rooms": planned, "has_plan": bool(planned), "leave": leave}

    def warn(self, doubts, warned):
        """All that is to be told, in one list; ``keep_reason`` still knows of which line each is."""
        self.doubts, self.warned = doubts, warned
        return [*doubts, *(warning for _, warnings in warned for warning in warnings)]

    def keep_reason(self, saved, warnings, reason):
        kept = {"on": self.paper_on, "reason": reason, "by": self.request.user}
        keep_exceptions(warnings=self.doubts, project=self.project, **kept)
        for line, told in self.warned:
            keep_exceptions(warnings=told, line=line, project=self.project, **kept)

    def effects(self):
        """The sums of the đề án, then each counted source that a line draws on, in each plan year."""
        form = self.typed_form
        used = {source for line in form.lines.standing for source in line.amounts()}
        sources = [source for source in form.sources if source in used]
        rooms = [room for year in form.years() for room in room_of(sources, year, local_today())]
        return [*self.sums(), *room_effects(rooms)]

    def sums(self):
        """Requested and approved support of the đề án, and its whole cost, in đồng."""
        entries = LedgerEntry.objects.filter(line__project=self.project)
        support = Q(source__is_counted=True)
        found = entries.aggregate(
            asked=Sum("amount_vnd", filter=support & Q(step=Step.REQUESTED), default=0),
            approved=Sum("amount_vnd", filter=support & Q(step=Step.APPROVED), default=0),
            cost=Sum("amount_vnd", filter=Q(step=Step.APPROVED), default=0),
        )
        names = {"asked": "Đề nghị hỗ trợ", "approved": "Hỗ trợ được duyệt", "cost": "Tổng kinh phí"}
        return [(f"Đề án này › {name}", format_vnd(found[key]), "") for key, name in names.items()]


class ProjectWithdraw(Withdrawal, FactView):
    """Takes out a đề án typed by mistake; one that anything was done for is stopped instead."""

    title = "Xóa đề án nhập nhầm"

    def may(self):
        refuse_open(self.project)
        return True

    def save(self, form):
        code = self.project.code
        remove_project(project=self.project, by=self.request.user, reason=form.cleaned_data["why"])
        return Saved(f"Đã xóa đề án {code}.", reverse("projects:project_list"))

    def get_context(self, form):
        return {"project": self.project, "row": self.project, "row_word": "Đề án"}


@require(Action.ENTER_FACTS)
@require_GET
def code_proposal(request):
    """``?nam=&nguon=<id>&nguon=…``: free codes of the year, those of the first counted source before the others."""
    asked = keys_of(request.GET.getlist("nguon"))
    codes = dict(FundingSource.objects.counted().filter(pk__in=asked).values_list("pk", "code"))
    source = next((codes[pk] for pk in asked if pk in codes), "")
    return JsonResponse({"codes": next_codes(plan_year(request), source)})


class ProjectNew(ProjectPage):
    """``?tu=<id>`` begins with a copy of that đề án; ``?nam=`` proposes the plan year."""

    title = "Thêm đề án"
    can_continue = True

    def find(self):
        asked = key_of(self.request.GET.get("tu", ""))
        self.model = project_for(self.request.user, asked) if asked else None

    @property
    def year(self):
        return plan_year(self.request) if "nam" in self.request.GET else local_today().year

    def get_initial(self):
        initial = {"plan_year": self.year, "code": next_codes(self.year)[0]}
        if self.model:
            return {**initial, **{name: getattr(self.model, name) for name in HEAD}}
        last = Project.objects.exclude(executing_agency=None).order_by("-pk").first()
        return {
            **initial,
            "kind": Project.Kind.SINGLE,
            "executing_agency": last.executing_agency if last else None,
            "officer": self.request.user if self.request.user.role == Role.STAFF else None,
        }

    def form_arguments(self):
        return {"new_lines": copied_lines(self.model) if self.model else [{}]}

    def get_context(self, form):
        return {**super().get_context(form), "model": self.model}

    def save(self, form):
        paper = form.paper()
        self.paper_on = paper["on"]
        self.project = create_project(
            fields=form.fields_of_project(),
            lines=form.drafts(),
            paper=paper,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        return Saved(
            f"Đã thêm đề án {self.project}.",
            self.project.get_absolute_url(),
            row=self.project,
            warnings=self.warn(form.doubts(), self.project.warned),
        )


LINES_AT_ONCE = 6
"""Lines of a đề án on one page: with two machines a line weighs 10 kB."""


class ProjectEdit(ProjectPage):
    """Slips mended in place, lines added under the first paper; what was decided later has forms of its own.

    ``?phan=2``: the second six of its lines. Saving leaves alone the lines that a form does not hold.
    """

    def find(self):
        self.project = project_for(self.request.user, self.kwargs["pk"])

    def may(self):
        refuse_open(self.project)
        return True

    @property
    def title(self):
        return f"Sửa đề án {self.project.code}"

    def lock(self):
        lock_lines(self.project.lines.all())
        self.project = Project.objects.select_for_update(no_key=True).get(pk=self.project.pk)

    def get_initial(self):
        last = self.project.lines.order_by("plan_year").last()
        return {"plan_year": last.plan_year if last else local_today().year}

    def form_arguments(self):
        papers = first_papers(self.project)
        lines = self.project.lines.filter(left_on=None).order_by("pk")
        lines = lines.select_related("beneficiary", "locality__parent__parent").prefetch_related("equipment")
        if self.request.method == "GET":
            lines = lines[self.part * LINES_AT_ONCE : (self.part + 1) * LINES_AT_ONCE]
        return {
            "instance": self.project,
            "lines": [(line, line_initial(line, papers)) for line in lines],
            "asks_paper": papers.of_project is None,
        }

    @property
    def part(self):
        """Which part of the lines was asked for, from 0; the first where there is none such."""
        asked = self.request.GET.get("phan", "")
        return int(asked) - 1 if asked in {words for words, _ in self.parts()} else 0

    def parts(self):
        """[("2", "dòng 7–12")] of a đề án with more lines than a page holds."""
        number = self.project.lines.filter(left_on=None).count()
        starts = range(0, number, LINES_AT_ONCE)
        return [
            (str(at), f"dòng {first + 1}–{min(first + LINES_AT_ONCE, number)}") for at, first in enumerate(starts, 1)
        ]

    def last_change(self):
        return last_change_of(
            self.project,
            ProjectLine.history.filter(project=self.project),
            Equipment.history.filter(line__project=self.project),
            LedgerEntry.history.filter(line__project=self.project),
        )

    def get_context(self, form):
        papers = first_papers(self.project)
        gone = self.project.lines.exclude(left_on=None)
        return {
            **super().get_context(form),
            "project": self.project,
            "paper": papers.of_project,
            "gone": gone,
            "parts": self.parts(),
            "part": str(self.part + 1),
        }

    def save(self, form):
        self.project = mend_project(
            project=self.project,
            fields=form.fields_of_project(),
            lines=form.mended(),
            dropped=form.lines.dropped,
            added=form.drafts(),
            paper=form.paper() if form.asks_paper else None,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        self.paper_on = self.project.step.on
        return Saved(
            f"Đã lưu đề án {self.project}.",
            self.project.get_absolute_url(),
            row=self.project,
            warnings=self.warn([], self.project.warned),
        )


def line_initial(line, papers):
    amounts, standing = papers.amounts.get(line.pk, {}), papers.standing.get(line.pk, {})
    return {
        "beneficiary": line.beneficiary,
        "locality": line.locality,
        "activity": line.activity_id,
        "plan_year": line.plan_year,
        "has_contract": line.has_contract,
        **{name: getattr(line, name) for name in LineForm.NORM_FIELDS},
        "items": [(item, equipment_initial(item)) for item in line.equipment.all()],
        "standing": {source: vnd for source, vnd in standing.items() if vnd != amounts.get(source)},
        **{f"tien_{source}": vnd for source, vnd in amounts.items()},
    }


def copied_lines(project):
    """Initial values of new lines like those of ``project`` that have not left, without their beneficiaries."""
    lines = (
        project.lines.filter(left_on=None)
        .select_related("locality__parent__parent")
        .prefetch_related("equipment", "entries")
    )
    return [copied_line(line) for line in lines] or [{}]


def copied_line(line):
    approved = money_initial(line.entries.all(), Step.APPROVED)
    return {
        "locality": line.locality,
        "activity": line.activity_id,
        "has_contract": line.has_contract,
        "is_priority": line.is_priority,
        "is_technology_line": line.is_technology_line,
        "new_items": [equipment_initial(item) for item in line.equipment.all()],
        **(approved or money_initial(line.entries.all(), Step.REQUESTED)),
    }


def money_initial(entries, step):
    """{name of the field: VND} summed by source over the entries of ``step`` whose amount is known."""
    sums = {}
    for entry in entries:
        if entry.step == step and entry.amount_vnd is not None:
            name = f"tien_{entry.source_id}"
            sums[name] = sums.get(name, 0) + entry.amount_vnd
    return sums
