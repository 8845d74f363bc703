"""Lists behind figures, and the dashboard's full lists, as workbooks; money in đồng where the page shows đồng."""

from khuyencong.dates import format_day
from khuyencong.money import MILLION, format_vnd
from khuyencong.sheets import ListColumn, ListSheet
from reports.monthly import OTHER_TASKS

DONG = 1
ENTRY_COLUMNS = (
    ListColumn("Cơ sở, đề án", width=34),
    ListColumn("Mã, tên đề án", width=42),
    ListColumn("Ngày", "day"),
    ListColumn("Nguồn kinh phí", width=24),
    ListColumn("Bước", width=16),
    ListColumn("Giấy tờ", width=32),
    ListColumn("Số tiền", "money"),
)
BALANCE_COLUMNS = (
    ListColumn("Ngày", "day"),
    ListColumn("Việc", width=20),
    ListColumn("Cơ sở, hợp đồng", width=38),
    ListColumn("Đề án, kế hoạch", width=42),
    ListColumn("Nguồn kinh phí", width=24),
    ListColumn("Giấy tờ", width=30),
    ListColumn("Số tiền", "money"),
)
LINE_COLUMNS = (
    ListColumn("Cơ sở, đề án", width=34),
    ListColumn("Mã, tên đề án", width=42),
    ListColumn("Nội dung hoạt động", width=34),
    ListColumn("Địa bàn", width=28),
    ListColumn("Kinh phí được duyệt", "money"),
)
PLAN_COLUMNS = (
    ListColumn("Quyết định", width=30),
    ListColumn("Ngày", "day"),
    ListColumn("Cơ quan", width=28),
    ListColumn("Nguồn kinh phí", width=24),
    ListColumn("Loại", width=18),
    ListColumn("Nội dung", width=34),
    ListColumn("Số đề án", "short", 10),
    ListColumn("Kinh phí", "money"),
)
ESTABLISHMENT_COLUMNS = (
    ListColumn("Cơ sở thụ hưởng", width=36),
    ListColumn("Loại hình", width=18),
    ListColumn("Địa chỉ", width=40),
    ListColumn("Lượt hỗ trợ", "count"),
)
UNALLOCATED_COLUMNS = (
    ListColumn("Số liệu", width=32),
    ListColumn("Số dòng", "count"),
    ListColumn("Số tiền", "money"),
)
DEADLINE_COLUMNS = (
    ListColumn("Việc", width=40),
    ListColumn("Cơ sở, đề án", width=40),
    ListColumn("Hạn", "day"),
    ListColumn("Còn lại (ngày)", "count"),
    ListColumn("Tình trạng", "short", 20),
)
DIFFICULTY_COLUMNS = (
    ListColumn("Khó khăn, vướng mắc", width=60),
    ListColumn("Mã đề án", "short", 16),
    ListColumn("Cơ sở, đề án", width=40),
    ListColumn("Ngày phát sinh", "day"),
    ListColumn("Đã qua (ngày)", "count"),
)
PLACE_COLUMNS = (
    ListColumn("Địa bàn", width=40),
    ListColumn("Đề án", "count"),
    ListColumn("Hỗ trợ", "money"),
)


# --- behind a figure --------------------------------------------------------------------------------


def entry_sheet(rows, selection, file, about) -> ListSheet:
    """``rows``: all ``EntryRow`` of the selection."""
    found = [(row.name, row.sub, row.on, row.source, row.step, row.paper, row.counted_vnd) for row in rows]
    unknown = (f"Trong đó {selection.unknown} dòng chưa biết số tiền",) if selection.unknown else ()
    sums = (f"Tổng cộng {format_vnd(selection.count)} dòng", *([""] * 5), selection.vnd)
    return _figure_sheet(selection, file, (*about, *unknown), ENTRY_COLUMNS, found, sums, DONG)


def balance_sheet(rows, selection, file) -> ListSheet:
    """``rows``: all ``BalanceItem`` of the selection."""
    found = [(row.on, row.what, row.name, row.sub, row.source, row.paper, row.counted_vnd) for row in rows]
    sums = ("", f"Tổng cộng {format_vnd(selection.count)} dòng", *([""] * 4), selection.vnd)
    return _figure_sheet(selection, file, (selection.sentence,), BALANCE_COLUMNS, found, sums, DONG)


def line_sheet(rows, selection, file, about) -> ListSheet:
    """``rows``: all ``LineItem`` of the selection."""
    found = [(row.name, row.sub, row.activity, row.place, row.approved_vnd) for row in rows]
    sums = (f"Tổng cộng {format_vnd(selection.count)} dòng", "", "", "", "")
    return _figure_sheet(selection, file, about, LINE_COLUMNS, found, sums, DONG)


def plan_sheet(rows, selection, file, about) -> ListSheet:
    found = [_plan_row(row) for row in rows]
    sums = (f"Tổng cộng {format_vnd(selection.count)} dòng", *([""] * 6), selection.vnd)
    return _figure_sheet(selection, file, about, PLAN_COLUMNS, found, sums, DONG)


def _plan_row(row):
    batch = f", đợt {row.batch.lower().replace('đợt ', '')}" if row.batch else ""
    ends = [str(end) for end in (row.projects_min, row.projects_max) if end is not None]
    return (
        str(row.decision),
        row.decision.decided_on,
        str(row.decision.agency or ""),
        str(row.source),
        f"{row.get_kind_display()}{batch}",
        OTHER_TASKS if row.is_for_tasks else str(row.activity or ""),
        "–".join(dict.fromkeys(ends)),
        row.amount_vnd,
    )


def establishment_sheet(rows, selection, file, about) -> ListSheet:
    """``rows``: pairs of (beneficiary with ``times``, name of the day)."""
    found = [(name, person.get_kind_display(), person.address, person.times) for person, name in rows]
    sums = (f"Tổng cộng {format_vnd(selection.count)} cơ sở", "", "", "")
    return _figure_sheet(selection, file, about, ESTABLISHMENT_COLUMNS, found, sums, None)


def _figure_sheet(selection, file, about, columns, rows, sums, unit_vnd):
    empty = "Không có dòng nào: số liệu này bằng 0."
    return ListSheet(file, selection.title, about, columns, rows, sums, unit_vnd, empty)


def unallocated_sheet(plan, approved, left_vnd, file, about) -> ListSheet:
    """``plan`` and ``approved``: the figures that the difference is made of."""
    rows = [("Kế hoạch", plan.count, plan.vnd), ("Trừ kinh phí được duyệt", approved.count, approved.vnd)]
    return ListSheet(
        file, "Chưa phân bổ", about, UNALLOCATED_COLUMNS, rows, ("Chưa phân bổ", "", left_vnd), unit_vnd=DONG
    )


# --- the dashboard's full lists ---------------------------------------------------------------------


def deadline_sheet(rows, day, file, title, about) -> ListSheet:
    """``rows``: ``DeadlineLine``."""
    found = [
        (line.deadline.text, line.deadline.who, line.deadline.due_on, line.deadline.days_left(day), line.words)
        for line in rows
    ]
    sums = (f"Tổng cộng {format_vnd(len(rows))} việc", *([""] * 4))
    return ListSheet(file, title, about, DEADLINE_COLUMNS, found, sums, None, "Không có việc nào.")


def difficulty_sheet(rows, day, file, title, about) -> ListSheet:
    """``rows``: pairs of (Difficulty with project and name of the beneficiary, days open)."""
    found = [
        (each.description, each.project.code, each.name or each.project.name, each.raised_on, age) for each, age in rows
    ]
    sums = (f"Tổng cộng {format_vnd(len(rows))} khó khăn", *([""] * 4))
    return ListSheet(file, title, about, DIFFICULTY_COLUMNS, found, sums, None, "Không có khó khăn, vướng mắc nào.")


def place_sheet(rows, day, file, title, about) -> ListSheet:
    """``rows``: ``PartLine``. A đề án in two places counts in each, so its column has no sum."""
    found = [(row.name, row.number.count, row.support.vnd) for row in rows]
    sums = (f"Tổng cộng {format_vnd(len(rows))} địa bàn", "", total_of(rows))
    return ListSheet(file, title, about, PLACE_COLUMNS, found, sums, MILLION, "Chưa có đề án nào được duyệt kinh phí.")


def total_of(parts) -> int:
    """Support of all ``PartLine``, in đồng."""
    return sum(part.support.vnd or 0 for part in parts)


def list_about(year, day) -> tuple[str, ...]:
    return (f"Năm kế hoạch {year}, số liệu đến hết ngày {format_day(day)}",)
