"""The plan of a year as a workbook: the page's own table, and how it is allotted to each đề án (R2). Pure.

What a đề án got on the first day that gave it any is its plan of the year's beginning; what came or went later, by
whatever paper, is a rise or a cut. So (4)+(5)-(6) of each row, and of each sum, is its approved money in ``figures``.
"""

from dataclasses import replace
from itertools import groupby

from khuyencong.dates import format_day
from projects.models import Step
from reports.figures import Block, block_of
from reports.monthly import (
    OTHER_TASKS,
    TOTAL,
    UNKNOWN_ACTIVITY,
    Span,
    activities_in,
    letter,
    project_label,
    roman,
    shown_sources,
)
from reports.plan import MONEY_COLUMNS, PLAN_COLUMNS, plan_lines
from reports.plan_book_rows import PlanBookRows
from reports.selections import measure
from reports.settlement_book import YearReport, period_of
from reports.table import Line, Sheet, Table, money, text

SUMS = {
    "plan_assigned_vnd": "=(4)+(5)+(6)+(7)",
    "unsigned_vnd": "=(10)-(11)",
    "left_vnd": "=(8)-(10)",
}
YEAR_COLUMNS = tuple(
    money(key, head, width=11, number=SUMS.get(key.rstrip("+-"), ""))
    for key, head in (
        *((f"{key}{sign}", head) for key, sign, head in PLAN_COLUMNS),
        *MONEY_COLUMNS,
        ("left_vnd", "Chưa phân bổ"),
    )
)
ALLOTTED_COLUMNS = (
    text("paper", "Số quyết định giao, ngày, đợt", 22),
    money("first_vnd", "Kế hoạch đầu năm", width=11),
    money("more_vnd", "Điều chỉnh tăng", width=11),
    money("less_vnd", "Điều chỉnh giảm", width=11),
    money("approved_vnd", "Kế hoạch sau điều chỉnh", "approved_vnd", width=11, number="=(4)+(5)-(6)"),
    money("contracted_vnd", "Đã ký hợp đồng", "contracted_vnd", width=11),
    money("unsigned_vnd", "Chưa ký hợp đồng", "unsigned_vnd", width=11, number="=(7)-(8)"),
    text("note", "Ghi chú", 22),
)
AMOUNTS = [column.key for column in ALLOTTED_COLUMNS if column.kind == "money"]
ALLOTTED_NOTES = (
    "Kế hoạch đầu năm của đề án là kinh phí được duyệt của ngày giao đầu tiên; sau đó là điều chỉnh tăng, giảm.",
)
GIVEN_NOTES = ("Chuyển nguồn cộng vào cột tăng khi nhận, cột giảm khi chuyển đi.",)
THERE_IS_NONE = "Chưa có đề án nào được giao kinh phí của năm."


def plan_report(found: PlanBookRows) -> YearReport:
    year, day = found.rows.year, found.rows.day
    told = f"Kế hoạch năm {year}; số liệu đến hết ngày {format_day(day)}"
    return YearReport(
        title=f"Kế hoạch khuyến công năm {year}",
        period=period_of(told, found.is_demo),
        span=Span(day, day),
        office=found.office,
        sheets=(year_sheet(found), allotted_sheet(found)),
    )


def year_sheet(found: PlanBookRows) -> Sheet:
    """The table of the page, figure for figure."""
    lines = [_year_line(line) for line in plan_lines(found.rows, found.names, with_plan=True)]
    title = f"Kế hoạch và kinh phí khuyến công năm {found.rows.year}"
    table = Table(YEAR_COLUMNS, lines, "", label_head="Nguồn kinh phí, nội dung", label_width=36)
    return Sheet("Kế hoạch năm", title, (table,), is_wide=True)


def _year_line(line) -> Line:
    figures = [*(figure for _, figure in line.plan), *(figure for _, figure in line.money), line.left]
    cells = {column.key: figure and figure.vnd for column, figure in zip(YEAR_COLUMNS, figures, strict=True)}
    # What has nothing under it here is no group.
    return Line("project" if line.level == "activity" else line.level, line.mark, line.name, cells)


# --- R2 ---------------------------------------------------------------------------------------------


def allotted_sheet(found: PlanBookRows) -> Sheet:
    title = f"Giao kế hoạch và phân bổ kinh phí năm {found.rows.year}"
    allotted = Table(
        ALLOTTED_COLUMNS,
        allotted_lines(found),
        THERE_IS_NONE,
        label_head="Nội dung, đề án",
        label_width=46,
        notes=ALLOTTED_NOTES,
    )
    given = Table(
        ALLOTTED_COLUMNS,
        given_lines(found),
        "",
        caption="Đối chiếu với kế hoạch được giao theo nguồn",
        notes=GIVEN_NOTES,
    )
    return Sheet("Phân bổ theo đề án", title, (allotted, given), is_wide=True)


def allotted_lines(found: PlanBookRows) -> list[Line]:
    """Source, its activities and tasks, their đề án; the total last. Every sum is that of its đề án."""
    lines, every = [], []
    for number, source in enumerate(shown_sources(found.rows)):
        parts = [(name, own) for name, own in _parts(found, source.code) if own]
        of_source = [project for _, own in parts for project in own]
        lines.append(Line("source", letter(number), source.name, _sum(of_source)))
        for index, (name, own) in enumerate(parts, 1):
            lines.append(Line("activity", roman(index), name, _sum(own)))
            lines += [replace(project, mark=str(place)) for place, project in enumerate(own, 1)]
        every += of_source
    return [*lines, Line("total", "", TOTAL, _sum(every))] if every else []


def _sum(lines: list[Line]) -> dict:
    return {key: sum(line.cells[key] or 0 for line in lines) for key in AMOUNTS}


def _parts(found, code):
    """(name, its đề án as lines) of each activity and of the tasks, whose money was ever approved."""
    whole = block_of(found.rows, code)
    (source,) = whole.sources
    lines = [line for line in whole.lines if any(line.of(source, s).entries for s in (Step.APPROVED, Step.CONTRACTED))]
    for activity in activities_in(lines, [], found.names):
        own = [line for line in lines if not line.is_task and (line.activity or 0) == activity]
        yield found.names.activities.get(activity, UNKNOWN_ACTIVITY), _projects(found, code, own)
    yield OTHER_TASKS, _projects(found, code, [line for line in lines if line.is_task])


def _projects(found, code, lines) -> list[Line]:
    by_project = {}
    for line in lines:
        by_project.setdefault(line.project, []).append(line)
    # The other lines cannot be in these blocks: without them a year of 300 đề án is read in no time.
    made = [_project(found, pk, block_of(replace(found.rows, lines=own), code)) for pk, own in by_project.items()]
    return [line for line in made if line]


def _project(found, pk, block: Block) -> Line | None:
    """None for one whose money came and went on one day: it never had any."""
    (source,) = block.sources
    moves = sorted(
        (move for line in block.lines for move in found.moves.get((line.pk, source), [])), key=lambda move: move.on
    )
    steps = [_day(list(own)) for _, own in groupby(moves, key=lambda move: move.on)]
    steps = [(vnd, own) for vnd, own in steps if vnd != 0]
    if not steps:
        return None
    (first, giving), later = steps[0], steps[1:]
    row = found.rows.projects[pk]
    approved, contracted = (block.vnd(key) for key in ("approved_vnd", "contracted_vnd"))
    cells = {
        "paper": _paper(found, giving[0]),
        "first_vnd": first,
        "more_vnd": sum(vnd for vnd, _ in later if vnd and vnd > 0),
        "less_vnd": -sum(vnd for vnd, _ in later if vnd and vnd < 0),
        "approved_vnd": approved,
        "contracted_vnd": contracted,
        "unsigned_vnd": None if approved is None else approved - (contracted or 0),
        "note": "; ".join(_notes(found, row, block, later, first)),
    }
    return Line("project", "", project_label(row), cells)


def _day(moves):
    """(what a day's papers gave or took in all, None where no amount of it is known; the movements)."""
    known = [move.vnd for move in moves if move.vnd is not None]
    return (sum(known) if known else None), moves


def _paper(found, move) -> str:
    batch = found.batches.get(move.decision, "")
    said = [f"{move.number or 'Chưa ghi số'} ngày {format_day(move.on)}"]
    if batch:
        said.append(f"đợt {batch.lower().replace('đợt ', '')}")
    return ", ".join(said)


def _notes(found, row, block, later, first):
    if first is None:
        yield "chưa rõ số tiền"
    if row.is_stopped:
        yield "ngừng triển khai"
    elif all(line.has_left for line in block.lines):
        yield "đã chuyển đi"
    papers = dict.fromkeys(_paper(replace(found, batches={}), own[0]) for _, own in later)
    if papers:
        yield f"điều chỉnh: {', '.join(papers)}"


def given_lines(found: PlanBookRows) -> list[Line]:
    """What the plan gave each source against what its đề án got: the page's figures of plan and of what is left."""
    sources = shown_sources(found.rows)
    lines = []
    for number, source in enumerate(sources):
        lines += _given(letter(number), source.name, block_of(found.rows, source.code), "source")
    return [*lines, *_given("", TOTAL, block_of(found.rows), "total")]


def _given(mark, name, block: Block, level):
    plan = {
        sign: sum(measure(block, key, signs=sign)[1] for key in ("plan_adjusted_vnd", "plan_carried_vnd"))
        for sign in "+-"
    }
    assigned, approved = block.plan_assigned_vnd, block.vnd("approved_vnd") or 0
    cells = {
        "first_vnd": measure(block, "plan_given_vnd")[1],
        "more_vnd": plan["+"],
        "less_vnd": -plan["-"],
        "approved_vnd": assigned,
    }
    yield Line(level, mark, f"{name}: kế hoạch được giao", cells)
    yield Line("project", "", "Trừ kinh phí được duyệt của đề án, hoạt động", {"approved_vnd": approved})
    yield Line("project", "", "Chưa phân bổ", {"approved_vnd": assigned - approved})
