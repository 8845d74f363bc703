"""Rows of the lists behind figures as a reader knows them: which paper, of whom, where it can be opened."""

from dataclasses import dataclass
from datetime import date

from projects.models import LedgerEntry, ProjectLine

PAPER_ROWS = ("decision__decision", "contract", "annex__contract", "acceptance", "payment", "settlement")


@dataclass(frozen=True)
class EntryRow:
    """``counted_vnd`` as the figure counts it (đồng, a recovery negative), None while the amount is not known.

    ``project``, ``line`` and ``contract`` (None: the paper is none, nor under one) are ids.
    """

    on: date
    name: str
    sub: str
    project: int
    line: int
    source: str
    step: str
    paper: str
    contract: int | None
    counted_vnd: int | None


@dataclass(frozen=True)
class LineItem:
    name: str
    sub: str
    project: int
    line: int
    activity: str
    place: str
    approved_vnd: int | None


def entry_rows(entries, day: date) -> list[EntryRow]:
    """``entries``: a page of a selection's rows, with their papers (``with_papers``)."""
    return [_entry_row(entry, day) for entry in entries]


def with_papers(entries):
    """The entries with all that ``entry_rows`` prints, in two queries."""
    return (
        entries.select_related("line__project", "line__beneficiary", "source", "correction", *PAPER_ROWS)
        .order_by("on", "pk")
        .prefetch_related("line__beneficiary__former_names")
    )


def _entry_row(entry: LedgerEntry, day) -> EntryRow:
    text, contract = _paper(entry)
    return EntryRow(
        on=entry.on,
        name=line_name(entry.line, day),
        sub=_sub(entry.line),
        project=entry.line.project_id,
        line=entry.line_id,
        source=entry.source.name,
        step=entry.get_step_display(),
        paper=text,
        contract=contract,
        counted_vnd=entry.counted_vnd,
    )


def line_name(line: ProjectLine, day: date) -> str:
    """The beneficiary by its name of the day, or the đề án where the line names none."""
    return line.beneficiary.name_on(day) if line.beneficiary else line.project.name


def _sub(line) -> str:
    return f"{line.project.code} · {line.project.name}" if line.beneficiary else line.project.code


def _paper(entry) -> tuple[str, int | None]:
    """(the paper in words, id of the contract that it is or stands under)."""
    if entry.contract_id:
        return f"Hợp đồng {entry.contract}", entry.contract_id
    if entry.annex_id:
        return f"{entry.annex}, hợp đồng {entry.annex.contract}", entry.annex.contract_id
    if entry.payment_id:
        return f"Chứng từ {entry.payment.voucher or 'chưa ghi số'}", entry.payment.contract_id
    if entry.acceptance_id:
        return f"Biên bản nghiệm thu {entry.acceptance.minutes_number}".strip(), None
    if entry.settlement_id:
        return f"Quyết toán {entry.settlement.number}".strip(), None
    if entry.decision_id:
        return f"{entry.decision.get_kind_display()} {entry.decision.paper_number}".strip(), None
    return f"Điều chỉnh số liệu: {entry.correction.reason}", None


def with_names(lines):
    """Lines with all that ``line_items`` prints, in two queries."""
    return lines.select_related("project", "beneficiary", "activity", "locality__parent").prefetch_related(
        "beneficiary__former_names"
    )


def line_items(lines, day: date) -> list[LineItem]:
    """``lines`` by ``with_names``, annotated ``approved_vnd`` (đồng)."""
    return [
        LineItem(
            name=line_name(line, day),
            sub=_sub(line),
            project=line.project_id,
            line=line.pk,
            activity=line.activity.name if line.activity else "",
            place=line.locality.full_name if line.locality else "",
            approved_vnd=line.approved_vnd,
        )
        for line in lines
    ]
