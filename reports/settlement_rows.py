"""The queries behind the year's settlement and the state of advances: what was paid when, contracts and their ends."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from accounts.models import OfficeSettings
from projects.models import Contract, ContractLine, DemoMark, LedgerEntry, Settlement, Step
from reports.detail_rows import Names, read_names
from reports.rows import YearRows, lines_of_year, read_year


@dataclass(frozen=True)
class PaperRow:
    """A support or task contract over a line; ``liquidated_on`` None while it was not by the day."""

    number: str
    signed_on: date
    liquidated_on: date | None
    liquidation_number: str


@dataclass(frozen=True)
class SettlementRows:
    """``first_paid`` {(line, source): (day, VND)} of the first advance or payment; ``contracts`` {line: its papers}.

    ``requested`` {(line, source): VND} that dossiers of settlement with the beneficiary asked for, where recorded.
    """

    rows: YearRows
    names: Names
    office: OfficeSettings
    first_paid: dict[tuple[int, int], tuple[date, int]] = field(default_factory=dict)
    contracts: dict[int, list[PaperRow]] = field(default_factory=dict)
    requested: dict[tuple[int, int], int] = field(default_factory=dict)
    is_demo: bool = False


def read_settlement(year: int, day: date) -> SettlementRows:
    """Facts of the plan year up to the day, in a fixed number of queries."""
    rows = read_year(year, day)
    return SettlementRows(
        rows=rows,
        names=read_names(rows),
        office=OfficeSettings.objects.in_force(day),
        first_paid=_first_paid(year, day),
        contracts=_contracts(year, day),
        requested=_requested(year, day),
        is_demo=is_demo(rows.projects),
    )


def is_demo(projects) -> bool:
    """Whether any of these đề án (ids) is demonstration data, which the paper must say."""
    return DemoMark.objects.filter(model="projects.project", object_id__in=list(projects)).exists()


def _first_paid(year, day):
    paid = LedgerEntry.objects.of(Step.ADVANCED, Step.PAID).until(day).filter(line__plan_year=year, amount_vnd__gt=0)
    found = {}
    for line, source, on, vnd in paid.order_by("on", "pk").values_list("line_id", "source_id", "on", "amount_vnd"):
        found.setdefault((line, source), (on, vnd))
    return found


def _requested(year, day):
    rows = Settlement.objects.with_beneficiaries(day).filter(line__in=lines_of_year(year), requested_vnd__isnull=False)
    sums = rows.order_by().values_list("line_id", "source_id").annotate(vnd=Sum("requested_vnd"))
    return {(line, source): vnd for line, source, vnd in sums}


def _contracts(year, day):
    under = ContractLine.objects.filter(line__in=lines_of_year(year), on__lte=day)
    under = under.exclude(contract__kind=Contract.Kind.NATIONAL).order_by("on", "pk")
    columns = ("number", "signed_on", "liquidated_on", "liquidation_number")
    found = {}
    for line, number, signed_on, ended_on, minutes in under.values_list(
        "line_id", *(f"contract__{c}" for c in columns)
    ):
        is_over = ended_on is not None and ended_on <= day
        paper = PaperRow(number, signed_on, ended_on if is_over else None, minutes if is_over else "")
        found.setdefault(line, []).append(paper)
    return found
