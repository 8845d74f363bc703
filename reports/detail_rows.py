"""Further queries of the monthly report: names, papers and events behind the figures, as frozen rows of a day.

The number of queries depends on the number of sources alone, never on how many đề án there are.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from accounts.models import OfficeSettings
from funding.models import Activity
from projects.ladder import read_standings
from projects.models import (
    Acceptance,
    Beneficiary,
    BudgetReturn,
    Contract,
    ContractLine,
    DemoMark,
    Difficulty,
    Equipment,
    LedgerEntry,
    Milestone,
    Project,
    ProjectLine,
    Receipt,
    Settlement,
    Step,
)
from projects.names import beneficiary_name
from projects.stages import LineStage, funded_lines, with_line_stage
from reports.change_rows import Closing, read_closing
from reports.checks import Check, reconcile
from reports.rows import YearRows, lines_of_year, read_year


@dataclass(frozen=True)
class Names:
    """What rows are called: activities in list order {pk: name}, lines {pk: beneficiary's name of the day or ""}."""

    activities: dict[int, str] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PreviousRow:
    """Entries in the span of lines of an earlier plan year, by source and step: how many, known ones, their sum."""

    year: int
    source: int
    step: str
    entries: int
    known: int
    total_vnd: int


@dataclass(frozen=True)
class ContractRow:
    """A support or task contract over a line, ``end_on`` as in force on the day (None: not known)."""

    number: str
    signed_on: date
    end_on: date | None
    is_liquidated: bool


@dataclass(frozen=True)
class LineInfo:
    """What the detail sheets say of a line; contracts in order of signing, the latest acceptance and settlement.

    ``paid_on`` is {source: day of the last advance, payment or recovery}.
    """

    locality: str = ""
    equipment: str = ""
    stage: str = ""
    contracts: tuple[ContractRow, ...] = ()
    accepted_on: date | None = None
    minutes_number: str = ""
    result: str = ""
    settled_on: date | None = None
    paid_on: dict[int, date] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class MilestoneRow:
    """A milestone with the due day in force; ``done_on`` only where that is not after the day."""

    project: int
    line: int | None
    name: str
    responsible: str
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True)
class PaymentRow:
    """An advance, payment or recovery dated in the span; ``year`` the plan year of its line."""

    year: int
    project_code: str
    project_name: str
    beneficiary: str
    line: int
    source: int
    step: str
    on: date
    voucher: str
    amount_vnd: int


@dataclass(frozen=True)
class FunderRow:
    """Money of the plan year that the funder gave, or that went back to the budget; ``contract`` "" for none."""

    source: int
    is_return: bool
    on: date
    voucher: str
    contract: str
    amount_vnd: int


@dataclass(frozen=True)
class DifficultyRow:
    project: str
    beneficiary: str
    description: str
    cause: str
    request: str
    raised_on: date
    due_on: date | None
    outcome: str
    closed_on: date | None


@dataclass(frozen=True)
class MonthRows:
    """Everything the monthly report is made of. ``stages`` is {source code: {project: words}}.

    ``is_demo``: some of its đề án are demonstration data, which the paper must say.
    """

    rows: YearRows
    names: Names
    office: OfficeSettings
    previous: list[PreviousRow] = field(default_factory=list)
    lines: dict[int, LineInfo] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    stages: dict[str, dict[int, str]] = field(default_factory=dict)
    milestones: list[MilestoneRow] = field(default_factory=list)
    payments: list[PaymentRow] = field(default_factory=list)
    difficulties: list[DifficultyRow] = field(default_factory=list)
    funder: list[FunderRow] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    closing: Closing | None = None
    is_demo: bool = False


def read_month(year: int, first: date, last: date, user=None) -> MonthRows:
    """``user`` confines a local officer to his own places; None reads everything."""
    rows = read_year(year, last, since=first, user=user)
    return MonthRows(
        rows=rows,
        names=read_names(rows),
        office=OfficeSettings.objects.in_force(last),
        previous=read_previous(year, first, last, user),
        lines=_line_infos(year, last, user),
        people=dict(Project.objects.filter(pk__in=rows.projects).values_list("pk", "officer__full_name")),
        stages={source.code: _stages(year, last, source.pk, user) for source in rows.sources if source.is_counted},
        milestones=_milestones(year, last, user),
        payments=_payments(year, first, last, user),
        difficulties=_difficulties(year, first, last, user),
        # What the funder gave is of no place.
        funder=_funder_money(year, last) if user is None else [],
        checks=reconcile(rows, user),
        closing=read_closing(last, user),
        is_demo=DemoMark.objects.filter(model="projects.project", object_id__in=list(rows.projects)).exists(),
    )


# --- names ------------------------------------------------------------------------------------------


def read_names(rows: YearRows) -> Names:
    """Three queries: activities in list order, beneficiaries with the names they had on the day."""
    people = Beneficiary.objects.filter(lines__plan_year=rows.year).distinct().order_by("pk")
    names = {person.pk: person.name_on(rows.day) for person in people.prefetch_related("former_names")}
    return Names(
        activities=dict(Activity.objects.values_list("pk", "name")),
        lines={line.pk: names.get(line.beneficiary, "") for line in rows.lines},
    )


# --- earlier plan years -----------------------------------------------------------------------------


def read_previous(year: int, first: date, last: date, user=None) -> list[PreviousRow]:
    """Entries dated in the span of lines whose plan year is before ``year``."""
    entries = _entries_in_span(first, last, user).filter(line__plan_year__lt=year)
    sums = entries.order_by().values_list("line__plan_year", "source_id", "step")
    sums = sums.annotate(entries=Count("pk"), known=Count("amount_vnd"), total=Sum("amount_vnd", default=0))
    return [PreviousRow(*row) for row in sums]


def _entries_in_span(first, last, user):
    entries = LedgerEntry.objects.between(first, last)
    if user is None:
        return entries
    return entries.filter(line__in=ProjectLine.objects.visible_to(user).values("pk"))


# --- lines and their papers -------------------------------------------------------------------------


def _line_infos(year, day, user) -> dict[int, LineInfo]:
    lines = lines_of_year(year, user)
    contracts = _grouped(_contracts(lines, day))
    equipment = _grouped(_equipment(lines))
    accepted = _latest_acceptances(lines, day)
    settlements = Settlement.objects.with_beneficiaries(day).filter(line__in=lines).order_by("settled_on", "pk")
    settled = dict(settlements.values_list("line_id", "settled_on"))
    paid = _last_paid(lines, day)
    found = {}
    for line in with_line_stage(lines, day).select_related("locality__parent").order_by("pk"):
        on, minutes, result = accepted.get(line.pk, (None, "", ""))
        found[line.pk] = LineInfo(
            locality=line.locality.full_name if line.locality else "",
            equipment="; ".join(equipment.get(line.pk, [])),
            stage=LineStage(line.line_stage).label,
            contracts=tuple(contracts.get(line.pk, [])),
            accepted_on=on,
            minutes_number=minutes,
            result=result and Acceptance.Result(result).label,
            settled_on=settled.get(line.pk),
            paid_on=paid.get(line.pk, {}),
        )
    return found


def _grouped(pairs) -> dict[int, list]:
    found = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _contracts(lines, day):
    under = ContractLine.objects.filter(line__in=lines, on__lte=day).exclude(contract__kind=Contract.Kind.NATIONAL)
    columns = ("line_id", "contract_id", "contract__number", "contract__signed_on", "contract__liquidated_on")
    rows = list(under.order_by("on", "pk").values_list(*columns))
    # By id: as a query within the query PostgreSQL, without statistics of a table just filled, took minutes.
    ends = dict(Contract.objects.with_end(day).filter(pk__in={row[1] for row in rows}).values_list("pk", "end_on"))
    for line, contract, number, signed_on, liquidated_on in rows:
        is_liquidated = liquidated_on is not None and liquidated_on <= day
        yield line, ContractRow(number, signed_on, ends.get(contract), is_liquidated)


def _equipment(lines):
    for line, name, quantity in Equipment.objects.filter(line__in=lines).values_list("line_id", "name", "quantity"):
        yield line, f"{quantity:02d} {name}" if quantity else name


def _latest_acceptances(lines, day):
    """{line: (day, minutes, result)}: the latest passed one, else the latest that failed."""
    held = Acceptance.objects.filter(line__in=lines, accepted_on__lte=day).order_by("accepted_on", "pk")
    rows = list(held.values_list("line_id", "accepted_on", "minutes_number", "result"))
    failed = [row for row in rows if row[3] not in Acceptance.PASSING]
    passed = [row for row in rows if row[3] in Acceptance.PASSING]
    return {line: tuple(rest) for line, *rest in [*failed, *passed]}


def _last_paid(lines, day) -> dict[int, dict[int, date]]:
    entries = LedgerEntry.objects.of(Step.ADVANCED, Step.PAID, Step.RECOVERED).until(day).filter(line__in=lines)
    found = {}
    for line, source, on in entries.order_by().values_list("line_id", "source_id").annotate(last=Max("on")):
        found.setdefault(line, {})[source] = on
    return found


def _stages(year, day, source, user) -> dict[int, str]:
    """{project: its stage among its lines of the year and source, in words}."""
    own = lines_of_year(year, user).filter(entries__source=source).values("project")
    standings = read_standings(Project.objects.filter(pk__in=own), day, block=funded_lines(year, day, sources=[source]))
    return {pk: standing.stage_text for pk, standing in standings.items()}


# --- following the work -----------------------------------------------------------------------------


def _milestones(year, day, user) -> list[MilestoneRow]:
    """Of lines of the year, and of whole đề án that have such a line; only those whose due day was set by the day."""
    lines = lines_of_year(year, user)
    own = Q(line__in=lines) | Q(line=None) & Exists(lines.filter(project=OuterRef("project")))
    rows = Milestone.objects.with_due(day).filter(own, Q(due_on__isnull=False) | Q(done_on__lte=day))
    return [
        MilestoneRow(project, line, name, responsible, due_on, done_on if done_on and done_on <= day else None)
        for project, line, name, responsible, due_on, done_on in rows.order_by("due_on", "pk").values_list(
            "project_id", "line_id", "name", "responsible", "due_on", "done_on"
        )
    ]


def _payments(year, first, last, user) -> list[PaymentRow]:
    entries = _entries_in_span(first, last, user).of(Step.ADVANCED, Step.PAID, Step.RECOVERED)
    entries = entries.counted().filter(line__plan_year__lte=year)
    entries = entries.annotate(name=beneficiary_name("line__beneficiary", last))
    return [
        PaymentRow(*row)
        for row in entries.order_by("on", "pk").values_list(
            "line__plan_year",
            "line__project__code",
            "line__project__name",
            "name",
            "line_id",
            "source_id",
            "step",
            "on",
            "payment__voucher",
            "amount_vnd",
        )
    ]


def _funder_money(year, day) -> list[FunderRow]:
    found = []
    for model in (Receipt, BudgetReturn):
        rows = model.objects.until(day).filter(year=year, source__is_counted=True).select_related("contract")
        found += [
            FunderRow(
                source=row.source_id,
                is_return=model is BudgetReturn,
                on=row.on,
                voucher=row.voucher,
                contract=str(row.contract) if row.contract else "",
                amount_vnd=row.amount_vnd,
            )
            for row in rows
        ]
    return sorted(found, key=lambda row: (row.on, row.is_return))


def _difficulties(year, first, day, user) -> list[DifficultyRow]:
    """Open on the day, or closed in the span, of đề án of this plan year or an earlier one; oldest first."""
    lines = ProjectLine.objects.filter(plan_year__lte=year)
    if user is not None:
        lines = lines.visible_to(user)
    rows = Difficulty.objects.filter(Q(closed_on=None) | Q(closed_on__gte=first), raised_on__lte=day)
    rows = rows.filter(Exists(lines.filter(project=OuterRef("project")))).select_related("project")
    rows = rows.annotate(name=beneficiary_name("line__beneficiary", day))
    return [
        DifficultyRow(
            project=row.project.name,
            beneficiary=row.name or "",
            description=row.description,
            cause=row.get_cause_display(),
            request=row.request,
            raised_on=row.raised_on,
            due_on=row.due_on,
            # What came of it is known from the day it was closed on.
            outcome=row.outcome if row.closed_on and row.closed_on <= day else "",
            closed_on=row.closed_on if row.closed_on and row.closed_on <= day else None,
        )
        for row in rows.order_by("raised_on", "pk")
    ]
