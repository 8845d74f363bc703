"""The year's settlement (R6) and the state of advances (R4) as workbooks: source → activity → đề án → line. Pure.

Both are of a plan year on a day: approved, signed, accepted, disbursed and settled money of each row and of the total
is what ``reports.figures`` says of the same block.
"""

from dataclasses import dataclass

from accounts.models import OfficeSettings
from khuyencong.dates import format_day
from khuyencong.money import format_million, percent
from projects.books import NET_PAID
from projects.models import Step
from projects.pages.line_money import SourceMoney
from reports.figures import Block
from reports.monthly import Span, shown_lines, tree
from reports.monthly_detail import THERE_IS_NONE, is_alone, minus, who
from reports.rows import LineRow
from reports.settlement_rows import SettlementRows
from reports.table import Column, Line, Sheet, Table, day, money, percent_column, text

FIRST, REST = "Tạm ứng lần 1", "Phải thu hồi, còn lại"

ADVANCE_COLUMNS = (
    money("approved_vnd", "Kinh phí hỗ trợ được duyệt", "approved_vnd"),
    money("contracted_vnd", "Số tiền theo hợp đồng", "contracted_vnd"),
    money("first_vnd", "Số tiền", group=FIRST),
    day("first_on", "Ngày", group=FIRST),
    money("later_vnd", "Các lần sau"),
    money("disbursed_vnd", "Lũy kế", "disbursed_vnd", number="=(5)+(7)"),
    percent_column("contracted_percent", "% so hợp đồng", number="=(8)/(4)"),
    money("settled_vnd", "Đã quyết toán", "settled_vnd"),
    money("to_recover_vnd", "Phải thu hồi", group=REST),
    money("left_vnd", "Còn lại", group=REST),
    text("note", "Ghi chú", 18),
)
ADVANCE_NOTES = (
    "Tạm ứng lần 1 là lần tạm ứng hoặc thanh toán đầu tiên; các lần sau gồm tạm ứng, thanh toán, trừ thu hồi.",
)

SETTLEMENT_COLUMNS = (
    text("contract", "Số hợp đồng", 15),
    money("approved_vnd", "Dự toán được duyệt", "approved_vnd"),
    money("requested_vnd", "Kinh phí đề nghị quyết toán"),
    money("settled_vnd", "Kinh phí được chấp nhận", "settled_vnd"),
    money("disbursed_vnd", "Đã tạm ứng, thanh toán", "disbursed_vnd"),
    money("to_get_vnd", "Còn được cấp", number="=(6)-(7)"),
    money("to_return_vnd", "Phải nộp trả", number="=(7)-(6)"),
    text("liquidation", "Ngày, số biên bản thanh lý", 18),
    text("note", "Ghi chú", 16),
)
SETTLEMENT_NOTES = (
    "Kinh phí đề nghị quyết toán theo hồ sơ nộp; để trống nơi chưa ghi.",
    "Còn được cấp, phải nộp trả tính riêng từng dòng rồi cộng, chỉ của dòng đã quyết toán; "
    "dòng đã ngừng mà chưa quyết toán thì phải nộp trả số đã chi chưa được nghiệm thu.",
)


@dataclass(frozen=True)
class YearReport:
    """A report of a plan year as ``reports.excel.month.write_report`` takes it."""

    title: str
    period: str
    span: Span
    office: OfficeSettings
    sheets: tuple[Sheet, ...]


def period_of(words: str, is_demo: bool) -> str:
    return f"{words}{'; dữ liệu minh họa' if is_demo else ''}"


def advance_report(found: SettlementRows) -> YearReport:
    """R4: Tình hình tạm ứng, giải ngân đến ngày …"""
    title = f"Tình hình tạm ứng, giải ngân đến ngày {format_day(found.rows.day)}"
    return _report(found, title, "Tạm ứng, giải ngân", ADVANCE_COLUMNS, _advance_cells, ADVANCE_NOTES)


def settlement_report(found: SettlementRows) -> YearReport:
    """R6: Quyết toán kinh phí năm …"""
    title = f"Quyết toán kinh phí năm {found.rows.year}"
    return _report(found, title, "Quyết toán kinh phí", SETTLEMENT_COLUMNS, _settlement_cells, SETTLEMENT_NOTES)


def _report(found, title, name, columns, cells_of, notes):
    lines = []
    for line, block in tree(found.rows, found.names):
        if line.level == "line" and is_alone(block):
            continue
        cells = {column.key: block.vnd(column.figure) for column in columns if _is_sum(column)}
        weighed = cells_of(found, block, cells)
        cells |= _without_noughts(weighed) if line.level in ("line", "project") else weighed
        own = shown_lines(block) if line.level in ("line", "project") else []
        notes_of = [line.note] if line.note else []
        if len(own) == 1:
            paper, said = _papers(found, own[0], block)
            cells |= paper
            notes_of += said
        cells["note"] = "; ".join(dict.fromkeys(notes_of))
        lines.append(Line(line.level, line.mark, who(found, line, block), cells))
    table = Table(columns, lines, THERE_IS_NONE, label_head="Nội dung, đề án", label_width=34, notes=notes)
    until = f"kế hoạch năm {found.rows.year}; số liệu đến hết ngày {format_day(found.rows.day)}"
    return YearReport(
        title=title,
        period=period_of(until[0].upper() + until[1:], found.is_demo),
        span=Span(found.rows.day, found.rows.day),
        office=found.office,
        sheets=(Sheet(name, title, (table,)),),
    )


def _without_noughts(cells):
    """A đề án leaves blank what it has none of; the sums above say 0."""
    return {key: None if value == 0 and key.endswith("_vnd") else value for key, value in cells.items()}


def _is_sum(column: Column) -> bool:
    return column.kind == "money" and bool(column.figure)


# --- one row ----------------------------------------------------------------------------------------


def _parts(block: Block):
    """(line, source, its money) of all that the block sums."""
    for line in block.lines:
        for source in sorted({source for source, _ in line.money} & block.sources):
            yield line, source, source_money(line, source)


def source_money(line: LineRow, source: int) -> SourceMoney:
    """The line's money of one source as the lists of what waits weigh it."""

    def known(step):
        found = line.of(source, step)
        return None if found.has_unknown else found.total_vnd

    return SourceMoney(
        source=source,
        approved_vnd=known(Step.APPROVED),
        contracted_vnd=known(Step.CONTRACTED),
        paid_vnd=sum(line.of(source, step).total_vnd * sign for step, sign in NET_PAID.items()),
        accepted_vnd=known(Step.ACCEPTED),
        settled_vnd=line.of(source, Step.SETTLED).total_vnd,
        funder_settled_vnd=line.of(source, Step.FUNDER_SETTLED).total_vnd,
        has_contract=line.has_contract,
        is_stopped=line.is_stopped,
        has_acceptance=line.of(source, Step.ACCEPTED).entries > 0,
    )


def _advance_cells(found, block, cells):
    parts = list(_parts(block))
    firsts = [found.first_paid[line.pk, source] for line, source, _ in parts if (line.pk, source) in found.first_paid]
    first_vnd = sum(vnd for _, vnd in firsts)
    to_recover = [0 if line.has_left else own.to_recover_vnd or 0 for line, _, own in parts]
    left = [max(own.left_vnd or 0, 0) for line, _, own in parts if not line.is_stopped]
    return {
        "first_vnd": first_vnd,
        "first_on": firsts[0][0] if len(firsts) == 1 and len(block.lines) == 1 else None,
        "later_vnd": minus(cells["disbursed_vnd"], first_vnd),
        "contracted_percent": _percent(cells["disbursed_vnd"], cells["contracted_vnd"]),
        "to_recover_vnd": sum(to_recover),
        "left_vnd": sum(left),
    }


def _percent(part, whole):
    return percent(part, whole) if part is not None and whole else None


def _settlement_cells(found, block, cells):
    to_get = to_return = 0
    parts = list(_parts(block))
    requested = [found.requested[line.pk, source] for line, source, _ in parts if (line.pk, source) in found.requested]
    for line, source, own in parts:
        if line.of(source, Step.SETTLED).entries:
            to_get += max(own.settled_vnd - own.paid_vnd, 0)
            to_return += max(own.paid_vnd - own.settled_vnd, 0)
        elif line.is_stopped and not line.has_left:
            to_return += own.to_recover_vnd or 0
    return {
        "requested_vnd": sum(requested) if requested else None,
        "to_get_vnd": to_get,
        "to_return_vnd": to_return,
    }


def _papers(found, line, block):
    """(cells, notes) that only one line can have."""
    papers = found.contracts.get(line.pk, [])
    ended = [paper for paper in papers if paper.liquidated_on]
    liquidation = [
        ", ".join(filter(None, [format_day(paper.liquidated_on), paper.liquidation_number])) for paper in ended
    ]
    (source,) = block.sources
    recovered = line.of(source, Step.RECOVERED).total_vnd
    notes = [f"đã thu hồi {format_million(recovered)}"] if recovered else []
    if line.is_accepted and not line.is_settled:
        notes.append("chưa quyết toán")
    cells = {
        "contract": "; ".join(paper.number or "Chưa ghi số" for paper in papers),
        "liquidation": "; ".join(liquidation),
    }
    return cells, notes
