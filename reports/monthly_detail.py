"""`Chi tiết đề án` and `Giải ngân` as tables: the tree of the monthly report with its papers and payments. Pure."""

from projects.models import Step
from reports.detail_rows import ContractRow, LineInfo, MilestoneRow, MonthRows, PaymentRow
from reports.figures import Block
from reports.monthly import PREVIOUS, Span, SummaryLine, columns_for, letter, shown_lines
from reports.table import Column, Line, Sheet, Table, count, day, money, percent_column, text

CONTRACT, MONEY, PROGRESS, PAYMENT = "Hợp đồng", "Kinh phí", "Tiến độ", "Giải ngân"
ACCEPTANCE, SETTLEMENT = "Nghiệm thu", "Quyết toán"
THERE_IS_NONE = "Trong năm kế hoạch này chưa có đề án, hoạt động nào được phê duyệt kinh phí."

DETAIL_COLUMNS = (
    count("projects", "Số đề án", "projects", width=6.5),
    count("beneficiaries", "Số cơ sở", "beneficiaries", width=6.5),
    text("beneficiary", "Cơ sở thụ hưởng", 21),
    text("locality", "Địa bàn", 13),
    text("contract_number", "Số", 11, group=CONTRACT),
    day("contract_on", "Ngày ký", group=CONTRACT),
    day("contract_end", "Hạn hoàn thành", group=CONTRACT),
    money("total_cost_vnd", "Tổng kinh phí", "total_cost_vnd", group=MONEY, number="=(11)+(12)"),
    money("approved_vnd", "Được duyệt", "approved_vnd", group=MONEY),
    money("others_vnd", "Đối ứng, nguồn khác", group=MONEY),
    money("contracted_vnd", "Đã ký hợp đồng", "contracted_vnd"),
    Column("milestones", "Mốc đã xong", kind="short", width=6, group=PROGRESS),
    text("next_milestone", "Mốc tiếp theo", 17, group=PROGRESS),
    money("advanced_vnd", "Tạm ứng", "advanced_vnd", group=PAYMENT),
    money("paid_vnd", "Thanh toán", "paid_vnd", group=PAYMENT),
    money("recovered_vnd", "Thu hồi", "recovered_vnd", group=PAYMENT),
    money("disbursed_vnd", "Đã giải ngân", "disbursed_vnd", group=PAYMENT, number="=(16)+(17)-(18)"),
    day("paid_on", "Ngày gần nhất", group=PAYMENT),
    day("accepted_on", "Ngày", group=ACCEPTANCE),
    text("minutes_number", "Số biên bản", 10, group=ACCEPTANCE),
    money("accepted_vnd", "Kinh phí", "accepted_vnd", group=ACCEPTANCE),
    Column("result", "Kết luận", kind="short", width=8, group=ACCEPTANCE),
    day("settled_on", "Ngày", group=SETTLEMENT),
    money("settled_vnd", "Kinh phí", "settled_vnd", group=SETTLEMENT),
    text("stage", "Tình trạng", 12),
)

DISBURSEMENT_COLUMNS = (
    day("on", "Ngày"),
    text("voucher", "Số chứng từ", 11),
    money("approved_vnd", "Kinh phí được duyệt", "approved_vnd"),
    money("contracted_vnd", "Đã ký hợp đồng", "contracted_vnd"),
    money("advanced_in_span_vnd", "Tạm ứng", "advanced_vnd", group="Trong tháng", in_span=True),
    money("paid_in_span_vnd", "Thanh toán", "paid_vnd", group="Trong tháng", in_span=True),
    money("recovered_in_span_vnd", "Thu hồi", "recovered_vnd", group="Trong tháng", in_span=True),
    money("advanced_vnd", "Tạm ứng", "advanced_vnd", group="Lũy kế"),
    money("paid_vnd", "Thanh toán", "paid_vnd", group="Lũy kế"),
    money("recovered_vnd", "Thu hồi", "recovered_vnd", group="Lũy kế"),
    money("disbursed_vnd", "Đã giải ngân", "disbursed_vnd", group="Lũy kế", number="=(10)+(11)-(12)"),
    percent_column("disbursed_percent", "% kinh phí được duyệt", group="Lũy kế", number="=(13)/(5)"),
    money("left_vnd", "Chưa giải ngân", number="=(5)-(13)"),
)

FUNDER_COLUMNS = (
    day("on", "Ngày"),
    text("voucher", "Số chứng từ", 11),
    money("received_in_span_vnd", "Nhận", group="Trong tháng"),
    money("returned_in_span_vnd", "Nộp trả", group="Trong tháng"),
    money("received_vnd", "Nhận", group="Lũy kế"),
    money("returned_vnd", "Nộp trả", group="Lũy kế"),
)
"""Money between the funder and the Centre: in no figure of the report."""

SPAN_CELL = {
    Step.ADVANCED: "advanced_in_span_vnd",
    Step.PAID: "paid_in_span_vnd",
    Step.RECOVERED: "recovered_in_span_vnd",
}

Branch = tuple[SummaryLine, Block]


def _money_cells(columns, block: Block) -> dict:
    return {column.key: block.vnd(column.figure, in_span=column.in_span) for column in columns if _is_sum(column)}


def _is_sum(column: Column) -> bool:
    return column.kind == "money" and bool(column.figure)


def minus(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else whole - part


# --- Chi tiết đề án ---------------------------------------------------------------------------------


def detail_sheet(month: MonthRows, branches: list[Branch], notes: tuple[str, ...]) -> Sheet:
    table = Table(
        DETAIL_COLUMNS,
        detail_lines(month, branches),
        THERE_IS_NONE,
        label_head="Nội dung, đề án",
        label_width=30,
        notes=notes,
    )
    return Sheet("Chi tiết đề án", "Chi tiết tình hình thực hiện đề án khuyến công", (table,), is_wide=True)


def detail_lines(month: MonthRows, branches: list[Branch]) -> list[Line]:
    """The tree with papers; a đề án of one line stands in one row together with it."""
    milestones = _milestones_by_project(month)
    return [
        _detail_line(month, milestones, line, block)
        for line, block in branches
        if not (line.level == "line" and is_alone(block))
    ]


def _milestones_by_project(month) -> dict[int, list[MilestoneRow]]:
    found = {}
    for row in month.milestones:
        found.setdefault(row.project, []).append(row)
    return found


def is_alone(block: Block) -> bool:
    """Whether the đề án shows this line alone: its rows hold the lines of the đề án in this part of the tree."""
    return len(block.rows.lines) == 1


def _detail_line(month, milestones, line: SummaryLine, block: Block) -> Line:
    cells = {**_money_cells(DETAIL_COLUMNS, block), **{key: line.cells[key] for key in ("projects", "beneficiaries")}}
    cells["others_vnd"] = minus(cells["total_cost_vnd"], cells["approved_vnd"])
    label, own = line.label, shown_lines(block) if line.level in ("project", "line") else []
    if line.level == "project":
        source = line.narrowing["source"]
        followed = _followed(milestones.get(block.narrowing.project, []), own)
        cells |= _progress_cells(followed, block.rows.day)
        if len(own) == 1:
            cells |= _paper_cells(month, block, own[0])
        cells["stage"] = _stage(month.stages[source].get(block.narrowing.project, ""), block, own)
    elif line.level == "line":
        info = month.lines[own[0].pk]
        own_milestones = [row for row in milestones.get(own[0].project, []) if row.line == own[0].pk]
        cells |= _paper_cells(month, block, own[0]) | _progress_cells(own_milestones, block.rows.day)
        cells["stage"] = _stage(info.stage, block, own)
        label = info.equipment or line.label
    note = line.note if line.level in ("project", "line") else ""
    return Line(line.level, line.mark, label, cells, note)


def _followed(milestones, lines) -> list[MilestoneRow]:
    """Those of the whole đề án and of the lines of it that go on."""
    going = {line.pk for line in lines if line.is_active}
    return [row for row in milestones if row.line is None or row.line in going]


def _progress_cells(milestones: list[MilestoneRow], on) -> dict:
    if not milestones:
        return {}
    ahead = [row for row in milestones if row.done_on is None and row.due_on]
    done = sum(row.done_on is not None for row in milestones)
    cells = {"milestones": f"{done}/{len(milestones)}"}
    if ahead:
        late = f", chậm {(on - ahead[0].due_on).days} ngày" if ahead[0].due_on < on else ""
        cells["next_milestone"] = f"{ahead[0].name}, hạn {ahead[0].due_on:%d/%m/%Y}{late}"
    return cells


def _paper_cells(month, block: Block, line) -> dict:
    info: LineInfo = month.lines[line.pk]
    contract = info.contracts[-1] if info.contracts else ContractRow("", None, None, False)
    (source,) = block.sources
    return {
        "beneficiary": month.names.lines.get(line.pk, ""),
        "locality": info.locality,
        "contract_number": "; ".join(row.number or "Chưa ghi số" for row in info.contracts),
        "contract_on": contract.signed_on,
        "contract_end": contract.end_on,
        "paid_on": info.paid_on.get(source),
        "accepted_on": info.accepted_on,
        "minutes_number": info.minutes_number,
        "result": info.result,
        "settled_on": info.settled_on,
    }


def _stage(words: str, block: Block, lines) -> str:
    going = [line for line in lines if line.is_active]
    project = block.rows.projects[lines[0].project]
    is_late = any(line.is_overdue for line in going) or (going and project.has_overdue_milestone)
    return f"{words}, chậm tiến độ" if is_late else words


# --- Giải ngân --------------------------------------------------------------------------------------


def disbursement_sheet(month: MonthRows, branches: list[Branch], span: Span) -> Sheet:
    lines = disbursement_lines(month, branches)
    table = Table(
        columns_for(span, DISBURSEMENT_COLUMNS), lines, THERE_IS_NONE, label_head="Nội dung, đề án", label_width=34
    )
    previous = Table(
        table.columns,
        previous_payments(month),
        "Trong kỳ không phát sinh tạm ứng, thanh toán, thu hồi của kế hoạch năm trước.",
        label_head=table.label_head,
        label_width=table.label_width,
        caption=PREVIOUS,
    )
    return Sheet(
        "Giải ngân", "Tình hình tạm ứng, thanh toán và giải ngân", (table, previous, funder_table(month, span))
    )


def disbursement_lines(month: MonthRows, branches: list[Branch]) -> list[Line]:
    """Each đề án or line with its sums, below it every payment of the span; payments add nothing to the sums."""
    paid = {}
    for payment in month.payments:
        paid.setdefault((payment.line, payment.source), []).append(payment)
    found = []
    for line, block in branches:
        if line.level == "line" and is_alone(block):
            continue
        cells = _money_cells(DISBURSEMENT_COLUMNS, block)
        cells["disbursed_percent"] = line.cells["disbursed_percent"]
        cells["left_vnd"] = minus(cells["approved_vnd"], cells["disbursed_vnd"])
        found.append(Line(line.level, line.mark, who(month, line, block), cells, line.note))
        own = shown_lines(block) if line.level in ("line", "project") else []
        if len(own) == 1:
            (source,) = block.sources
            found += [_payment_line(payment) for payment in paid.get((own[0].pk, source), [])]
    return found


def who(month, line: SummaryLine, block: Block) -> str:
    """A đề án of one line names its beneficiary too."""
    own = shown_lines(block) if line.level == "project" else []
    beneficiary = month.names.lines.get(own[0].pk) if len(own) == 1 else ""
    return line.label if not beneficiary or beneficiary in line.label else f"{line.label} – {beneficiary}"


def _payment_line(payment: PaymentRow, label: str = "") -> Line:
    words = label or Step(payment.step).label
    cells = {"on": payment.on, "voucher": payment.voucher, SPAN_CELL[payment.step]: payment.amount_vnd}
    return Line("entry", "", words, cells)


def previous_payments(month: MonthRows) -> list[Line]:
    """Payments of the span that belong to earlier plan years, by source, with their sums; [] for none."""
    earlier = [payment for payment in month.payments if payment.year < month.rows.year]
    found = []
    sources = [source for source in month.rows.sources if any(row.source == source.pk for row in earlier)]
    for number, source in enumerate(sources):
        own = [row for row in earlier if row.source == source.pk]
        found.append(Line("source", letter(number), source.name, _payment_sums(own)))
        for index, row in enumerate(own, 1):
            who = f" – {row.beneficiary}" if row.beneficiary else ""
            label = f"{row.project_name}{who} (kế hoạch năm {row.year}), {Step(row.step).label.lower()}"
            line = _payment_line(row, label)
            found.append(Line("project", str(index), line.label, line.cells))
    if found:
        found.append(Line("total", "", "Cộng", _payment_sums(earlier)))
    return found


def _payment_sums(payments) -> dict:
    cells = dict.fromkeys(SPAN_CELL.values(), 0)
    for payment in payments:
        cells[SPAN_CELL[payment.step]] += payment.amount_vnd or 0
    return cells


# --- kinh phí nhận, nộp trả -------------------------------------------------------------------------


def funder_table(month: MonthRows, span: Span) -> Table:
    return Table(
        columns_for(span, FUNDER_COLUMNS),
        funder_lines(month, span),
        "Chưa ghi kinh phí nhận, nộp trả ngân sách của kế hoạch năm này.",
        label_head="Nguồn kinh phí",
        label_width=34,
        caption=f"Kinh phí nhận, nộp trả ngân sách của kế hoạch năm {month.rows.year}",
    )


def funder_lines(month: MonthRows, span: Span) -> list[Line]:
    """Each source with its sums, below it what came and went in the span; the total last; [] for nothing."""
    found = []
    for source in month.rows.sources:
        own = [row for row in month.funder if row.source == source.pk]
        if own:
            mark = letter(sum(line.level == "source" for line in found))
            found.append(Line("source", mark, source.name, _funder_sums(own, span)))
            found += [_funder_line(row) for row in own if row.on >= span.first]
    if found:
        found.append(Line("total", "", "Cộng", _funder_sums(month.funder, span)))
    return found


def _funder_sums(rows, span) -> dict:
    cells = dict.fromkeys((column.key for column in FUNDER_COLUMNS if column.kind == "money"), 0)
    for row in rows:
        name = "returned" if row.is_return else "received"
        cells[f"{name}_vnd"] += row.amount_vnd
        if row.on >= span.first:
            cells[f"{name}_in_span_vnd"] += row.amount_vnd
    return cells


def _funder_line(row) -> Line:
    what = "Nộp trả ngân sách" if row.is_return else "Nhận kinh phí"
    label = f"{what}, hợp đồng {row.contract}" if row.contract else what
    cell = "returned_in_span_vnd" if row.is_return else "received_in_span_vnd"
    return Line("entry", "", label, {"on": row.on, "voucher": row.voucher, cell: row.amount_vnd})
