"""Ledger rows, turns and signings of many lines, read into ``LineBook``: four queries for any number of lines."""

from collections import defaultdict

from projects.books import BookRow, LineBook, Movement, Origin, Turn
from projects.models import Contract, ContractLine, LedgerEntry, ProjectDecision, ProjectLine, Step


def origin_of(*, step: str, decision_kind: str | None, has_payment: bool) -> Origin:
    if decision_kind == ProjectDecision.Kind.STOPPED:
        return Origin.STOP
    if decision_kind == ProjectDecision.Kind.RESUMED:
        return Origin.RESUMPTION
    if has_payment and step in (Step.APPROVED, Step.CONTRACTED):
        return Origin.AFTER_STOP
    return Origin.PAPER


def load_books(lines) -> dict[int, LineBook]:
    """Books by line id; ``lines`` is an iterable of ``ProjectLine``."""
    lines = list(lines)
    books = {line.pk: LineBook(has_contract=line.has_contract) for line in lines}
    entries = LedgerEntry.objects.filter(line__in=books).values_list(
        "line_id",
        "source_id",
        "step",
        "on",
        "amount_vnd",
        "decision__kind",
        "decision_id",
        "payment_id",
        "correction_id",
    )
    for line_id, source, step, on, amount_vnd, kind, decision_id, payment_id, correction_id in entries:
        origin = origin_of(step=step, decision_kind=kind, has_payment=payment_id is not None)
        row = BookRow(source, step, on, amount_vnd, origin, decision_id, payment_id, correction_id)
        books[line_id].rows.append(row)
    _load_turns(books, lines)
    signings = ContractLine.objects.filter(line__in=books).exclude(contract__kind=Contract.Kind.NATIONAL)
    for line_id, on in signings.values_list("line_id", "on"):
        books[line_id].signed_on.append(on)
    return books


def _load_turns(books, lines):
    of_project = defaultdict(list)
    projects = {line.project_id for line in lines}
    for decision in ProjectDecision.objects.turning().filter(project__in=projects):
        turn = Turn(decision.on, decision.kind, decision.pk)
        if decision.line_id is None:
            of_project[decision.project_id].append(turn)
        elif decision.line_id in books:
            books[decision.line_id].turns.append(turn)
    for line in lines:
        books[line.pk].turns += of_project[line.project_id]


def load_book(line: ProjectLine) -> LineBook:
    return load_books([line])[line.pk]


def approved_movements(source, year: int) -> list[Movement]:
    """Approved money of the source in the plan year, every line, by day."""
    entries = LedgerEntry.objects.of(Step.APPROVED).filter(
        source=source, line__plan_year=year, amount_vnd__isnull=False
    )
    return list(entries.order_by("on", "id").values_list("on", "amount_vnd"))


def plan_movements(source, year: int) -> list[Movement]:
    """What the decisions gave the source for the year, by day: giao, điều chỉnh, chuyển nguồn."""
    rows = source.plan_lines.assigned().filter(year=year).order_by("decision__decided_on", "id")
    return list(rows.values_list("decision__decided_on", "amount_vnd"))
