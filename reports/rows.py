"""The only queries behind figures and reports: QuerySets in, frozen rows out, always as of a day.

``read_year`` reads a plan year in six queries whatever its size. Money is whole đồng.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Sum

from funding.models import FundingSource, PlanLine
from projects.models import LedgerEntry, Milestone, Project, ProjectDecision, ProjectLine, Step
from projects.stages import has_passed_appraisal, last_word, with_expected, with_standing

BEFORE_STOP = (
    Q(decision=None) | ~Q(decision__kind__in=[ProjectDecision.Kind.STOPPED, ProjectDecision.Kind.RESUMED])
) & (Q(payment=None) | ~Q(step__in=[Step.APPROVED, Step.CONTRACTED]))
"""Entries that no stop, no recovery after one and no resumption wrote: their sum is that before the stop."""


@dataclass(frozen=True)
class SourceRow:
    pk: int
    code: str
    name: str
    level: str
    is_counted: bool


@dataclass(frozen=True)
class Money:
    """Entries of one line, source and step: how many, how many with a known amount, their sums in đồng.

    ``in_span_vnd`` sums those dated in the span that was asked for, ``before_stop_vnd`` those that no stop wrote.
    """

    entries: int = 0
    known: int = 0
    total_vnd: int = 0
    span_entries: int = 0
    span_known: int = 0
    in_span_vnd: int = 0
    before_stop_vnd: int = 0

    @property
    def has_unknown(self):
        return self.known < self.entries


NOTHING = Money()


@dataclass(frozen=True)
class LineRow:
    pk: int
    project: int
    is_task: bool
    activity: int | None
    beneficiary: int | None
    locality: int | None
    has_contract: bool
    is_active: bool
    has_support_contract: bool
    is_signed: bool
    is_accepted: bool
    is_settled: bool
    is_overdue: bool
    has_left: bool = False
    is_stopped: bool = False
    money: dict[tuple[int, str], Money] = field(default_factory=dict, hash=False, compare=False)

    def of(self, source: int, step: str) -> Money:
        return self.money.get((source, step), NOTHING)

    def has_money_of(self, sources: frozenset[int]) -> bool:
        """Approved money of any of the sources stands above 0, or was approved with an amount not known."""
        found = [self.of(source, Step.APPROVED) for source in sources]
        return any(money.has_unknown or money.total_vnd > 0 for money in found)

    def had_money_of(self, sources: frozenset[int]) -> bool:
        """As ``has_money_of``, before any stop."""
        found = [self.of(source, Step.APPROVED) for source in sources]
        return any(money.has_unknown or money.before_stop_vnd > 0 for money in found)


@dataclass(frozen=True)
class ProjectRow:
    """``n_missing``: beneficiaries expected, less lines stopped, that are not active lines yet (over all its lines).

    ``is_refused``: not approved, or sent back for more papers (``last_word`` says which); such a đề án counts nowhere.
    ``is_appraised``: its latest appraisal let it pass.
    """

    pk: int
    code: str
    name: str
    kind: str
    is_stopped: bool
    has_overdue_milestone: bool
    n_missing: int
    is_refused: bool = False
    last_word: str | None = None
    is_appraised: bool = False


@dataclass(frozen=True)
class PlanRow:
    pk: int
    year: int
    source: int
    kind: str
    activity: int | None
    is_for_tasks: bool
    amount_vnd: int
    projects_min: int | None
    projects_max: int | None
    on: date
    number: str = ""


@dataclass(frozen=True)
class YearRows:
    """All facts of a plan year up to ``day``; ``since`` opens the span of "in the month" (None: no span)."""

    year: int
    day: date
    since: date | None
    sources: list[SourceRow]
    lines: list[LineRow]
    projects: dict[int, ProjectRow]
    plan: list[PlanRow]

    @property
    def counted(self) -> frozenset[int]:
        return frozenset(source.pk for source in self.sources if source.is_counted)


def lines_of_year(year, user=None):
    lines = ProjectLine.objects.filter(plan_year=year)
    return lines if user is None else lines.visible_to(user)


def entries_of_year(year, day, user=None):
    """Every entry of the year's lines up to the day: the base of each sum and of the list behind it."""
    entries = LedgerEntry.objects.until(day).filter(line__plan_year=year)
    return entries if user is None else entries.filter(line__in=lines_of_year(year, user))


def plan_of_years(years, day):
    return PlanLine.objects.until(day).filter(year__in=years)


def read_year(year: int, day: date, *, since: date | None = None, user=None) -> YearRows:
    """``user`` confines a local officer to the lines of his own places; None reads everything."""
    money = _money(entries_of_year(year, day, user), since or day)
    lines = _lines(with_standing(lines_of_year(year, user), day), money)
    return YearRows(
        year=year,
        day=day,
        since=since,
        sources=_sources(),
        lines=lines,
        projects=_projects(lines_of_year(year, user), day),
        plan=[
            PlanRow(*row)
            for row in plan_of_years([year, year + 1], day).values_list(
                "pk",
                "year",
                "source_id",
                "kind",
                "activity_id",
                "is_for_tasks",
                "amount_vnd",
                "projects_min",
                "projects_max",
                "decision__decided_on",
                "decision__number",
            )
        ],
    )


def read_money(year: int, day: date, *, since: date | None = None, user=None) -> YearRows:
    """As ``read_year`` for sums of the ledger alone, in half the time: no plan is read, nor where anything stands.

    Its lines all claim to be active while no đề án is there: a count asked of them is a KeyError, not a wrong number.
    """
    money = _money(entries_of_year(year, day, user), since or day)
    facts = ("pk", "project_id", "project__kind", "activity_id", "beneficiary_id", "locality_id", "has_contract")
    lines = [
        LineRow(
            pk,
            project,
            kind == Project.Kind.TASK,
            *rest,
            is_active=True,
            has_support_contract=False,
            is_signed=False,
            is_accepted=False,
            is_settled=False,
            is_overdue=False,
            money=money.get(pk, {}),
        )
        for pk, project, kind, *rest in lines_of_year(year, user).order_by("project__code", "pk").values_list(*facts)
    ]
    return YearRows(year, day, since, _sources(), lines, projects={}, plan=[])


def _sources():
    return [SourceRow(*row) for row in FundingSource.objects.values_list("pk", "code", "name", "level", "is_counted")]


def _money(entries, since):
    """{line: {(source, step): Money}} in one grouped query."""
    span = Q(on__gte=since)
    sums = (
        entries.order_by()
        .values("line_id", "source_id", "step")
        .annotate(
            entries=Count("pk"),
            known=Count("amount_vnd"),
            total_vnd=Sum("amount_vnd", default=0),
            span_entries=Count("pk", filter=span),
            span_known=Count("amount_vnd", filter=span),
            in_span_vnd=Sum("amount_vnd", filter=span, default=0),
            before_stop_vnd=Sum("amount_vnd", filter=BEFORE_STOP, default=0),
        )
    )
    found = defaultdict(dict)
    for row in sums:
        line, key = row.pop("line_id"), (row.pop("source_id"), row.pop("step"))
        found[line][key] = Money(**row)
    return found


def _lines(lines, money):
    rows = lines.order_by("project__code", "pk").values_list(
        "pk",
        "project_id",
        "project__kind",
        "activity_id",
        "beneficiary_id",
        "locality_id",
        "has_contract",
        "is_active",
        "has_support_contract",
        "is_signed",
        "is_accepted",
        "is_settled",
        "is_overdue",
        "has_left",
        "is_stopped",
    )
    return [
        LineRow(pk, project, kind == Project.Kind.TASK, *rest, money=money.get(pk, {}))
        for pk, project, kind, *rest in rows
    ]


def _projects(lines, day):
    """As ``stages.with_counts`` would say, but weighed here: that statement takes longer to build than to run."""
    projects = Project.objects.filter(Exists(lines.filter(project=OuterRef("pk"))))
    every = with_standing(ProjectLine.objects.filter(project__in=projects.values("pk")), day)
    active, stopped = Counter(), Counter()
    for project, is_active, is_stopped in every.order_by().values_list("project_id", "is_active", "is_stopped"):
        active[project] += is_active
        stopped[project] += is_stopped
    own = Milestone.objects.overdue(day).filter(project=OuterRef("pk"), line=None)
    rows = with_expected(projects, day).annotate(
        has_overdue_milestone=Exists(own), last_word=last_word(day), is_appraised=has_passed_appraisal(day)
    )
    return {
        row.pk: ProjectRow(
            pk=row.pk,
            code=row.code,
            name=row.name,
            kind=row.kind,
            is_stopped=active[row.pk] == 0 and stopped[row.pk] > 0,
            has_overdue_milestone=row.has_overdue_milestone,
            n_missing=max(row.expected - stopped[row.pk] - active[row.pk], 0),
            is_refused=row.last_word in (ProjectDecision.Kind.REJECTED, ProjectDecision.Kind.RETURNED),
            last_word=row.last_word,
            is_appraised=row.is_appraised,
        )
        for row in rows.only("pk", "code", "name", "kind")
    }
