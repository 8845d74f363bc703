"""Queries of the dashboard beside ``read_year``: stages, deadlines, difficulties, months; their number is fixed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth

from funding.models import Activity, PlanLine
from places.models import Level, Locality
from projects.models import (
    Acceptance,
    Contract,
    ContractLine,
    Difficulty,
    LedgerEntry,
    Milestone,
    Project,
    ProjectDecision,
    ProjectLine,
)
from projects.names import beneficiary_name, with_partner
from projects.pages.project import SOON_DAYS
from projects.stages import decided, has_passed_appraisal, last_word, with_presence
from reports.monthly import Names
from reports.rows import entries_of_year, lines_of_year

SOON = timedelta(days=SOON_DAYS)


# --- stages -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """What was decided of a whole đề án by the day: the last stop, refusal, return or resumption; the steps passed."""

    last: str | None
    is_appraised: bool
    is_approved: bool


def read_words(year, day, user=None) -> dict[int, Words]:
    """{đề án: Words} of the year's đề án."""
    lines = lines_of_year(year, user)
    projects = Project.objects.filter(Exists(lines.filter(project=OuterRef("pk"))))
    rows = projects.annotate(
        last=last_word(day),
        is_appraised=has_passed_appraisal(day),
        is_approved=decided(day, *ProjectDecision.APPROVALS),
    )
    return {pk: Words(*words) for pk, *words in rows.values_list("pk", "last", "is_appraised", "is_approved")}


# --- what is late and what is due -------------------------------------------------------------------


@dataclass(frozen=True)
class Deadline:
    """``contract`` is its id where the contract's end is what is due, else None and a milestone is."""

    due_on: date
    text: str
    who: str
    project: int
    contract: int | None = None

    def days_left(self, day: date) -> int:
        """Negative once it is late: due is the end of its day."""
        return (self.due_on - day).days


def read_deadlines(year, day, user=None) -> list[Deadline]:
    """Milestones not done and contracts not accepted, of the year's active lines, late or due in 30 days."""
    active = with_presence(lines_of_year(year, user), day).filter(is_active=True)
    found = [*_milestones(active, day), *_contract_ends(active, day)]
    return sorted(found, key=lambda deadline: (deadline.due_on, deadline.text, deadline.who))


def _milestones(active, day):
    undone = Q(done_on=None) | Q(done_on__gt=day)
    own = Q(line__in=active.values("pk")) | Q(line=None, project__in=active.values("project"))
    rows = Milestone.objects.with_due(day).filter(undone, own, due_on__lte=day + SOON)
    # Plain values: every deadline is read for the count, and whole rows of three tables take thrice as long.
    rows = rows.annotate(who=beneficiary_name("line__beneficiary", day))
    found = rows.values_list("due_on", "name", "who", "project__name", "project")
    for due_on, name, beneficiary, project_name, project in found:
        yield Deadline(due_on, name, beneficiary or project_name, project)


def _contract_ends(active, day):
    passed = Acceptance.objects.passed(day).filter(line=OuterRef("line"))
    waiting = ContractLine.objects.filter(contract=OuterRef("pk"), on__lte=day, line__in=active.values("pk"))
    rows = Contract.objects.of_lines().signed(day).with_end(day).filter(end_on__lte=day + SOON)
    rows = rows.filter(Exists(waiting.exclude(Exists(passed))))
    rows = with_partner(rows.annotate(first_project=waiting.values("line__project")[:1]), day)
    for end_on, number, partner, project, pk in rows.values_list("end_on", "number", "partner", "first_project", "pk"):
        named = f"Hợp đồng {number}" if number else "Hợp đồng chưa ghi số"
        yield Deadline(end_on, f"{named} hết hạn", partner, project, pk)


def read_difficulties(year, day, user=None):
    """Open difficulties of the year's đề án, the oldest first; ``name`` is the beneficiary of the day."""
    lines = lines_of_year(year, user)
    rows = Difficulty.objects.open(day).filter(
        Q(line__in=lines.values("pk")) | Q(line=None, project__in=lines.values("project"))
    )
    rows = rows.annotate(name=beneficiary_name("line__beneficiary", day))
    return rows.select_related("project").order_by("raised_on", "pk")


# --- months and places ------------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthSum:
    """Entries of one step in one month (its first day): how many, how many with a known amount, their sum (đồng)."""

    month: date
    step: str
    entries: int
    known: int
    total_vnd: int


def read_months(year, day, user=None) -> list[MonthSum]:
    """The year's entries of counted sources by month and step."""
    entries = entries_of_year(year, day, user).counted().order_by().annotate(month=TruncMonth("on"))
    sums = entries.values_list("month", "step").annotate(
        entries=Count("pk"), known=Count("amount_vnd"), total=Sum("amount_vnd", default=0)
    )
    return [MonthSum(*row) for row in sums]


def read_activity_names() -> Names:
    """Activities alone, in list order."""
    return Names(activities=dict(Activity.objects.values_list("pk", "name")))


@dataclass(frozen=True)
class Place:
    """Where lines are: a district, for itself and its communes, or any other unit for itself; pk 0 for none."""

    pk: int
    name: str


UNKNOWN_PLACE = Place(0, "Chưa ghi địa bàn")


def read_places(pks) -> dict[int, Place]:
    """{place of a line: the place it is grouped under}; a commune of a district counts for the district."""
    found = {0: UNKNOWN_PLACE}
    for place in Locality.objects.with_parents().filter(pk__in=pks):
        own = place.parent if place.parent and place.parent.level == Level.DISTRICT else place
        found[place.pk] = Place(own.pk, own.full_name)
    return found


# --- all plan years ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepSum:
    """Entries of one step over a plan year, counted sources: how many, how many known, their sum (đồng)."""

    year: int
    step: str
    entries: int
    known: int
    total_vnd: int


def read_year_sums(day, user=None) -> list[StepSum]:
    entries = LedgerEntry.objects.until(day).counted().order_by()
    if user is not None:
        entries = entries.filter(line__in=ProjectLine.objects.visible_to(user))
    sums = entries.values_list("line__plan_year", "step").annotate(
        entries=Count("pk"), known=Count("amount_vnd"), total=Sum("amount_vnd", default=0)
    )
    return [StepSum(*row) for row in sums]


def read_plan_sums(day) -> list[tuple[int, str, int, int]]:
    """(year, kind, plan lines, sum in đồng) over counted sources."""
    lines = PlanLine.objects.until(day).filter(source__is_counted=True).order_by()
    return list(lines.values_list("year", "kind").annotate(number=Count("pk"), total=Sum("amount_vnd")))


def read_plan_lines(year, day) -> list[PlanLine]:
    """The year's plan lines of every kind, by decision, the oldest first."""
    lines = PlanLine.objects.until(day).filter(year=year).select_related("decision__agency", "source", "activity")
    lines = lines.prefetch_related("decision__agency__former_names")
    return list(lines.order_by("decision__decided_on", "decision__number", "decision", "source__position", "pk"))
