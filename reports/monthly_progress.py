"""`Tiến độ`, `Khó khăn, vướng mắc` and `Kế hoạch năm sau` as tables. Pure."""

from datetime import date

from funding.models import PlanLine
from khuyencong.dates import format_day
from reports.detail_rows import DifficultyRow, MonthRows
from reports.figures import block_of, next_plan, range_sum
from reports.monthly import OTHER_TASKS, TOTAL, Span, letter
from reports.table import Line, Sheet, Table, count, day, money, text

# --- Tiến độ ----------------------------------------------------------------------------------------

PROGRESS_COLUMNS = (
    text("project", "Đề án, hoạt động", 40),
    text("beneficiary", "Cơ sở thụ hưởng", 24),
    text("responsible", "Người thực hiện", 18),
    day("due_on", "Hạn"),
    day("done_on", "Ngày hoàn thành"),
    count("days_late", "Số ngày chậm", width=8),
    count("milestones", "Số mốc", width=8),
    count("projects", "Số đề án, hoạt động", width=9),
)

GROUPS = {
    "late": "Chậm tiến độ",
    "ahead": "Chưa đến hạn",
    "done": "Đã hoàn thành trong kỳ",
    "before": "Đã hoàn thành trước kỳ",
}


def progress_sheet(month: MonthRows) -> Sheet:
    lines = progress_lines(month)
    table = Table(
        PROGRESS_COLUMNS,
        lines,
        "Chưa có mốc tiến độ nào được đặt và không có hợp đồng nào quá hạn cho các đề án của năm kế hoạch này.",
        label_head="Mốc tiến độ",
        label_width=36,
    )
    return Sheet("Tiến độ", "Tiến độ thực hiện đề án khuyến công", (table,), has_money=False)


def progress_lines(month: MonthRows) -> list[Line]:
    """Đề án by state of their milestones, then tasks; contracts past their end stand among what is late.

    The đề án counted as late are those of the figure ``late_projects``. What was done before the span is counted only.
    """
    marks = _marks(month)
    found = []
    for is_task, head in ((False, ""), (True, f"{OTHER_TASKS}: ")):
        for state, words in GROUPS.items():
            own = [mark for mark in marks if mark[0] is is_task and mark[1] == state]
            if not own:
                continue
            projects = len({project for _, _, project, _ in own})
            cells = {"milestones": len(own), "projects": projects}
            title = f"{head}{words.lower() if head else words}"
            found.append(Line("source", letter(sum(x.level == "source" for x in found)), title, cells))
            if state != "before":
                found += [Line("project", str(n), line.label, line.cells) for n, (*_, line) in enumerate(own, 1)]
    if found:
        projects = len({project for _, _, project, _ in marks})
        found.append(Line("total", "", TOTAL, {"milestones": len(marks), "projects": projects}))
    return found


def _marks(month) -> list[tuple[bool, str, int, Line]]:
    """(is a task, state, đề án, line) of each milestone and each overdue contract of lines that go on."""
    rows, whole = month.rows, block_of(month.rows)
    active = {line.pk: line for line in whole.active}
    of_project = {}
    for line in whole.active:
        of_project.setdefault(line.project, line)
    found = []
    for row in month.milestones:
        line = active.get(row.line) if row.line else of_project.get(row.project)
        if line:
            named = line.pk if row.line else None
            found.append(_mark(month, line, named, row.name, row.responsible, row.due_on, row.done_on))
    for line in whole.active:
        if not line.is_accepted:
            for contract in month.lines[line.pk].contracts:
                if contract.end_on and contract.end_on < rows.day:
                    name = f"Thực hiện xong hợp đồng {contract.number or 'chưa ghi số'}"
                    found.append(_mark(month, line, line.pk, name, "", contract.end_on, None))
    return sorted(found, key=lambda mark: mark[3].cells["due_on"] or date.max)


def _mark(month, line, named, name, responsible, due_on, done_on):
    on = month.rows.day
    late = max(((done_on or on) - due_on).days, 0) if due_on else None
    state = "late" if late else "ahead"
    if done_on:
        state = "done" if done_on >= month.rows.since else "before"
    cells = {
        "project": month.rows.projects[line.project].name,
        "beneficiary": month.names.lines.get(named, ""),
        "responsible": responsible or month.people.get(line.project) or "",
        "due_on": due_on,
        "done_on": done_on,
        "days_late": late or None,
    }
    return line.is_task, state, line.project, Line("project", "", name, cells)


# --- Khó khăn, vướng mắc ----------------------------------------------------------------------------

DIFFICULTY_COLUMNS = (
    text("project", "Đề án", 30),
    text("beneficiary", "Cơ sở thụ hưởng", 20),
    text("cause", "Nguyên nhân", 14),
    text("request", "Kiến nghị", 26),
    day("raised_on", "Ngày phát sinh"),
    day("due_on", "Hẹn giải quyết"),
    text("outcome", "Kết quả xử lý", 26),
    day("closed_on", "Ngày giải quyết xong"),
    count("age", "Số ngày", width=7),
)


def difficulty_sheet(month: MonthRows, span: Span) -> Sheet:
    table = Table(
        DIFFICULTY_COLUMNS,
        difficulty_lines(month.difficulties, month.rows.day),
        f"Không có khó khăn, vướng mắc nào đang tồn tại đến ngày {format_day(span.last)} hoặc giải quyết trong kỳ.",
        label_head="Khó khăn, vướng mắc",
        label_width=34,
    )
    title = "Khó khăn, vướng mắc và kiến nghị"
    return Sheet("Khó khăn, vướng mắc", title, (table,), has_money=False)


def difficulty_lines(rows: list[DifficultyRow], on: date) -> list[Line]:
    """Open ones, then those closed in the span; ``age`` in days to the day it was closed on, or to the report's."""
    found = []
    for head, own in (
        (f"Đang tồn tại đến ngày {format_day(on)}", [row for row in rows if row.closed_on is None]),
        ("Đã giải quyết trong kỳ", [row for row in rows if row.closed_on]),
    ):
        if own:
            mark = letter(sum(line.level == "source" for line in found))
            found.append(Line("source", mark, f"{head}: {len(own)}"))
            found += [_difficulty(number, row, on) for number, row in enumerate(own, 1)]
    return found


def _difficulty(number, row: DifficultyRow, on) -> Line:
    names = ("project", "beneficiary", "cause", "request", "raised_on", "due_on", "outcome", "closed_on")
    cells = {name: getattr(row, name) for name in names}
    return Line("project", str(number), row.description, {**cells, "age": ((row.closed_on or on) - row.raised_on).days})


# --- Kế hoạch năm sau -------------------------------------------------------------------------------

PLAN_COLUMNS = (
    text("paper", "Văn bản", 24),
    day("on", "Ngày"),
    count("projects_min", "Từ", group="Số đề án", width=11),
    count("projects_max", "Đến", group="Số đề án", width=11),
    money("requested_vnd", "Kinh phí đề nghị", width=22),
)


def next_plan_sheet(month: MonthRows) -> Sheet:
    year = month.rows.year + 1
    table = Table(
        PLAN_COLUMNS,
        next_plan_lines(month),
        f"Đến ngày {format_day(month.rows.day)} chưa có kế hoạch đề nghị năm {year}.",
        label_width=42,
    )
    return Sheet("Kế hoạch năm sau", f"Kế hoạch khuyến công đề nghị năm {year}", (table,))


def next_plan_lines(month: MonthRows) -> list[Line]:
    """By counted source, then what its plan lines name; sums and ranges are those of the figure ``next_plan``."""
    plan, names = next_plan(month.rows), {source.code: source.name for source in month.rows.sources}
    found = []
    for source in plan["sources"]:
        asked = block_of(month.rows, source["code"]).plan_rows(PlanLine.Kind.REQUESTED, year=plan["year"])
        if not asked:
            continue
        mark = letter(sum(line.level == "source" for line in found))
        cells = {key: source[key] for key in ("projects_min", "projects_max", "requested_vnd")}
        found.append(Line("source", mark, names[source["code"]], cells))
        found += [_asked_for(n, row, month.names.activities) for n, row in enumerate(asked, 1)]
    if found:
        sources = [line for line in found if line.level == "source"]
        cells = {key: _sum_of(sources, key) for key in ("projects_min", "projects_max")}
        found.append(Line("total", "", TOTAL, {**cells, "requested_vnd": plan["requested_vnd"]}))
    return found


def _asked_for(number, row, activities) -> Line:
    name = OTHER_TASKS if row.is_for_tasks else activities.get(row.activity, "Đề án khuyến công")
    names = ("projects_min", "projects_max", "on")
    cells = {**{key: getattr(row, key) for key in names}, "paper": row.number, "requested_vnd": row.amount_vnd}
    return Line("project", str(number), name, cells)


def _sum_of(lines, key):
    return range_sum(line.cells[key] for line in lines)
