"""The queries behind the workbook of a plan year: beside ``read_year``, what each paper gave or took of each line."""

from dataclasses import dataclass, field
from datetime import date

from accounts.models import OfficeSettings
from funding.models import PlanLine
from projects.models import LedgerEntry, Step
from reports.detail_rows import Names, read_names
from reports.rows import YearRows, lines_of_year, read_year
from reports.settlement_rows import is_demo


@dataclass(frozen=True)
class Movement:
    """Approved money of a line and source moved by ``vnd`` (đồng, signed; None: not known) by the paper ``number``.

    ``decision``: the signed decision it stands under, None for a paper of its own or a counter-row.
    """

    line: int
    source: int
    on: date
    vnd: int | None
    number: str
    decision: int | None


@dataclass(frozen=True)
class PlanBookRows:
    """``moves`` {(line, source): its movements by day}; ``batches`` {decision: its batch of the year's plan}."""

    rows: YearRows
    names: Names
    office: OfficeSettings
    moves: dict[tuple[int, int], list[Movement]] = field(default_factory=dict)
    batches: dict[int, str] = field(default_factory=dict)
    is_demo: bool = False


def read_plan_book(year: int, day: date) -> PlanBookRows:
    """Facts of the plan year up to the day, in a fixed number of queries."""
    rows = read_year(year, day)
    return PlanBookRows(
        rows=rows,
        names=read_names(rows),
        office=OfficeSettings.objects.in_force(day),
        moves=_moves(year, day),
        batches=dict(
            PlanLine.objects.until(day)
            .filter(year=year)
            .exclude(batch="")
            .order_by("-pk")
            .values_list("decision_id", "batch")
        ),
        is_demo=is_demo(rows.projects),
    )


def _moves(year, day):
    entries = LedgerEntry.objects.of(Step.APPROVED).until(day).filter(line__in=lines_of_year(year))
    signed = ("decision__number", "decision__decision__number", "payment_id", "correction_id")
    facts = ("line_id", "source_id", "on", "amount_vnd", "decision__decision_id", *signed)
    found = {}
    for line, source, on, vnd, decision, *papers in entries.order_by("on", "pk").values_list(*facts):
        found.setdefault((line, source), []).append(Movement(line, source, on, vnd, _number(*papers), decision))
    return found


def _number(own, signed, payment, correction):
    if payment:
        # After a stop only a recovery lowers what was approved.
        return "thu hồi"
    return own or signed or ("bút toán điều chỉnh" if correction else "")
