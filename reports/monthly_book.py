"""The monthly report whole: its sheets in order, and the check that their totals are their lines. Pure."""

from dataclasses import dataclass

from accounts.models import OfficeSettings
from khuyencong.dates import format_day
from reports.change_rows import Closing
from reports.checks import NAMES, Check
from reports.detail_rows import MonthRows
from reports.figures import block_of
from reports.monthly import PREVIOUS, Span, columns_for, previous_years, tree
from reports.monthly_detail import DETAIL_COLUMNS, detail_sheet, disbursement_sheet
from reports.monthly_progress import difficulty_sheet, next_plan_sheet, progress_sheet
from reports.table import Column, Line, Sheet, Table, money, text

SUMMARY_LEVELS = ("source", "activity", "tasks", "total")

CHART = {
    "plan_assigned_vnd": "Kế hoạch",
    "approved_vnd": "Kinh phí được duyệt",
    "contracted_vnd": "Đã ký hợp đồng",
    "disbursed_vnd": "Đã giải ngân",
}
"""The columns of `Tổng hợp` that the chart compares by source, with what it calls them."""


@dataclass(frozen=True)
class MonthReport:
    year: int
    span: Span
    office: OfficeSettings
    sheets: tuple[Sheet, ...]
    is_demo: bool = False

    @property
    def title(self) -> str:
        return f"Báo cáo khuyến công {self.span.title}"

    @property
    def period(self) -> str:
        """What stands in brackets under the title of every sheet."""
        title = self.span.title
        return (
            f"{title[0].upper()}{title[1:]}; số liệu đến hết ngày {format_day(self.span.last)}; "
            f"kế hoạch năm {self.year}{'; dữ liệu minh họa' if self.is_demo else ''}"
        )


def month_report(month: MonthRows) -> MonthReport:
    """``month`` must have been read with a span."""
    span = Span(month.rows.since, month.rows.day)
    branches = list(tree(month.rows, month.names))
    notes = cost_notes(month)
    sheets = [
        summary_sheet(month, branches, span, notes),
        detail_sheet(month, branches, notes),
        progress_sheet(month),
        disbursement_sheet(month, branches, span),
        difficulty_sheet(month, span),
        next_plan_sheet(month),
    ]
    checks = [*month.checks, *sheet_checks(sheets)]
    sheets.append(check_sheet(checks, month.closing))
    return MonthReport(month.rows.year, span, month.office, tuple(sheets), month.is_demo)


def cost_notes(month: MonthRows) -> tuple[str, ...]:
    missing = len(block_of(month.rows).line_ids("total_cost_missing"))
    if not missing:
        return ()
    return (f"Tổng kinh phí chưa gồm vốn đối ứng của {missing} trường hợp chưa có số liệu.",)


def summary_sheet(month, branches, span, notes) -> Sheet:
    columns = columns_for(span)
    lines = [line for line, _ in branches if line.level in SUMMARY_LEVELS]
    previous = Table(
        columns,
        previous_years(month.rows.sources, month.previous),
        "Trong kỳ không phát sinh ký hợp đồng, giải ngân, nghiệm thu của kế hoạch năm trước.",
        caption=PREVIOUS,
    )
    tables = (Table(columns, lines, "", notes=notes), previous)
    return Sheet("Tổng hợp", "Tổng hợp kết quả hoạt động khuyến công", tables)


# --- Đối chiếu số liệu ------------------------------------------------------------------------------

CHECK_COLUMNS = (
    text("what", "Chỉ tiêu", 38),
    money("total", "Số tổng", width=16),
    money("lines", "Cộng các dòng", width=16),
    money("difference", "Chênh lệch", width=14, number="=(4)-(5)"),
    Column("result", "Kết quả", kind="short", width=12),
)

CHANGE_COLUMNS = (
    text("what", "Số liệu", 38),
    text("was", "Trước", 16),
    text("now", "Sau", 16),
    text("who", "Người thực hiện", 14),
    text("reason", "Lý do", 12),
)


def check_sheet(checks: list[Check], closing: Closing | None) -> Sheet:
    checked = Table(
        CHECK_COLUMNS, [*check_lines(checks)], "Chưa có số tổng nào để đối chiếu.", "Nơi tính", label_width=40
    )
    changed = Table(
        CHANGE_COLUMNS,
        change_lines(closing),
        _nothing_changed(closing),
        label_head="Thời điểm, thao tác",
        label_width=40,
        caption=_changes_caption(closing),
    )
    return Sheet("Đối chiếu số liệu", "Đối chiếu số liệu báo cáo", (checked, changed))


def check_lines(checks: list[Check]) -> list[Line]:
    found = []
    for number, check in enumerate(checks, 1):
        cells = {
            "what": check.what,
            "total": check.total,
            "lines": check.lines,
            "difference": check.difference,
            "result": "khớp" if check.agrees else "lệch",
        }
        kinds = {} if check.is_money else dict.fromkeys(("total", "lines", "difference"), "count")
        found.append(Line("project", str(number), check.where, cells, kinds=kinds))
    agreed = sum(check.agrees for check in checks)
    if found:
        result = "khớp" if agreed == len(checks) else "lệch"
        found.append(Line("total", "", f"{agreed}/{len(checks)} số tổng khớp", {"result": result}))
    return found


def sheet_checks(sheets: list[Sheet]) -> list[Check]:
    """Totals and source rows as printed against the rows under them, as printed."""
    found = []
    for sheet in sheets:
        table = sheet.tables[0]
        for source, under in _sources(table.lines):
            for key, name in _summed(table.columns):
                found.append(Check(f"{sheet.name}: {source.label}", name, source.cells[key] or 0, _added(under, key)))
        total = next((line for line in table.lines if line.level == "total"), None)
        sources = [line for line in table.lines if line.level == "source"]
        for key, name in _summed(table.columns) if total else ():
            # One line may cost money of two sources: its whole cost then stands in both.
            if key != "total_cost_vnd":
                found.append(Check(f"{sheet.name}: {total.label}", name, total.cells[key] or 0, _added(sources, key)))
    # A row of noughts proves nothing to whoever reads it.
    return [check for check in found if check.total or check.lines]


def _summed(columns) -> list[tuple[str, str]]:
    names = {**NAMES, "approved_vnd": "Kinh phí được duyệt", "requested_vnd": "Kinh phí đề nghị"}
    wanted = {*(column.key for column in DETAIL_COLUMNS), "requested_vnd"} & set(names)
    return [(column.key, names[column.key]) for column in columns if column.key in wanted and column.kind == "money"]


def _sources(lines):
    """(source row, the rows that add up to it): its đề án where the sheet lists them, else its activities."""
    for index, line in enumerate(lines):
        if line.level != "source":
            continue
        own = []
        for below in lines[index + 1 :]:
            if below.level in ("source", "total"):
                break
            own.append(below)
        under = [x for x in own if x.level == "project"] or [x for x in own if x.level in ("activity", "tasks")]
        if under:
            yield line, under


def _added(lines, key) -> int:
    return sum(line.cells.get(key) or 0 for line in lines)


def change_lines(closing: Closing | None) -> list[Line]:
    return [
        Line(
            "project",
            str(number),
            f"{change.deed}, {change.at:%H:%M} ngày {format_day(change.at)}",
            {name: getattr(change, name) for name in ("what", "was", "now", "who", "reason")},
        )
        for number, change in enumerate(closing.changes if closing else [], 1)
    ]


def _changes_caption(closing) -> str:
    if closing is None:
        return "Thay đổi so với kỳ đã chốt gần nhất"
    span = f"{format_day(closing.starts_on)} – {format_day(closing.ends_on)}"
    return f"Thay đổi sau khi chốt kỳ {span} (chốt ngày {format_day(closing.closed_at)})"


def _nothing_changed(closing) -> str:
    if closing is None:
        return "Chưa có kỳ nào được chốt."
    return "Từ khi chốt kỳ này chưa có số liệu nào của kỳ được nhập thêm hoặc thay đổi."
