"""The plan of a year against what became of it, as arithmetic over rows: no query here. Money is whole đồng."""

from dataclasses import dataclass, replace
from datetime import date

from funding.models import PlanLine
from khuyencong.frame_tags import build_url
from khuyencong.money import format_million
from projects.models import Step
from reports.dashboard_rows import StepSum
from reports.figures import DISBURSED, Block, block_of, range_sum, sum_of_steps
from reports.links import UNALLOCATED, Figure, day_param, figure_of, figure_url, unallocated_of
from reports.monthly import OTHER_TASKS, Names, activities_in, letter, roman, shown_sources
from reports.rows import PlanRow, YearRows
from reports.selections import plan_rows

WITHOUT_ACTIVITY = "Chưa phân theo nội dung"

PLAN_COLUMNS = (
    ("plan_requested_vnd", "", "Văn bản đề nghị"),
    ("plan_given_vnd", "", "Giao đầu năm"),
    ("plan_adjusted_vnd", "+", "Điều chỉnh tăng"),
    ("plan_adjusted_vnd", "-", "Điều chỉnh giảm"),
    ("plan_carried_vnd", "", "Chuyển nguồn"),
    ("plan_assigned_vnd", "", "Sau điều chỉnh"),
)
MONEY_COLUMNS = (
    # What đề án asked for; a plan paper that asks for the year may speak of them, or of others to come.
    ("asked_vnd", "Đề án đề nghị"),
    ("approved_vnd", "Kinh phí được duyệt"),
    ("contracted_vnd", "Đã ký hợp đồng"),
    ("unsigned_vnd", "Chưa ký hợp đồng"),
    ("disbursed_vnd", "Đã giải ngân"),
)


NUMBERS = (
    *(f"({number})" for number in range(1, 7)),
    "(7)=(3)+(4)+(5)+(6)",
    "(8)",
    "(9)",
    "(10)",
    "(11)=(9)-(10)",
    "(12)",
    "(13)=(7)-(9)",
)
NUMBERS_WITHOUT_PLAN = ("(1)", "(2)", "(3)", "(4)", "(5)=(3)-(4)", "(6)")
"""The row of column numbers, with how each difference comes about."""


@dataclass(frozen=True)
class PlanYearLine:
    """A source, one of its activities, or the total; figures with the heads of their columns.

    ``plan`` is [] where the plan may not be seen; it holds None where no plan row names this part.
    """

    level: str
    mark: str
    name: str
    plan: list[tuple[str, Figure | None]]
    money: list[tuple[str, Figure]]
    left: Figure | None


def plan_lines(rows: YearRows, names: Names, *, with_plan: bool) -> list[PlanYearLine]:
    """Counted sources with their activities, then the total."""
    found = []
    for number, source in enumerate(shown_sources(rows)):
        block = block_of(rows, source.code)
        found.append(_line("source", letter(number), source.name, block, with_plan))
        found += _parts(rows, names, source.code, with_plan)
    found.append(_line("total", "", "Tổng cộng", block_of(rows), with_plan))
    return found


def _parts(rows, names, code, with_plan):
    """Activities of đề án in list order, what names none, then tasks."""
    whole = block_of(rows, code)
    plan = whole.plan_rows(*PlanLine.ASSIGNING, PlanLine.Kind.REQUESTED) if with_plan else []
    activities = activities_in(whole.lines, plan, names)
    if 0 not in activities and any(row.activity is None and not row.is_for_tasks for row in plan):
        activities.append(0)
    parts = [(names.activities.get(pk, WITHOUT_ACTIVITY), {"activity": pk, "is_task": False}) for pk in activities]
    if any(line.is_task for line in whole.lines) or any(row.is_for_tasks for row in plan):
        parts.append((OTHER_TASKS, {"is_task": True}))
    # Plan money that names no activity is for any of them: what one alone has left cannot be told.
    is_shared = any(row.activity is None and not row.is_for_tasks and row.kind in PlanLine.ASSIGNING for row in plan)
    for number, (name, narrowing) in enumerate(parts, 1):
        line = _line("activity", roman(number), name, block_of(rows, code, **narrowing), with_plan)
        yield replace(line, left=None) if is_shared and not narrowing["is_task"] else line


def _line(level, mark, name, block: Block, with_plan) -> PlanYearLine:
    has_plan = level != "activity" or any(plan_rows(block, key) for key, _, _ in PLAN_COLUMNS)
    plan = [
        (head, figure_of(block, key, signs=signs) if has_plan else None)
        for key, signs, head in PLAN_COLUMNS
        if with_plan
    ]
    return PlanYearLine(
        level=level,
        mark=mark,
        name=name,
        plan=plan,
        money=[(head, figure_of(block, key)) for key, head in MONEY_COLUMNS],
        left=unallocated_of(block) if with_plan and has_plan else None,
    )


# --- next year's requests ---------------------------------------------------------------------------


@dataclass(frozen=True)
class RequestLine:
    """What a source asks for a year; the ranges of đề án add up, None where none was given."""

    name: str
    requested: Figure
    projects_min: int | None
    projects_max: int | None


def request_lines(rows: YearRows) -> list[RequestLine]:
    """By counted source that asks for anything, then the total; [] where nothing is asked yet."""
    parts = [(source.name, block_of(rows, source.code)) for source in rows.sources if source.is_counted]
    year = rows.year + 1
    found = [request_of(name, block, year) for name, block in parts if _asked(block, year)]
    return [*found, request_of("Tổng cộng", block_of(rows), year)] if found else []


def _asked(block, year) -> list[PlanRow]:
    return block.plan_rows(PlanLine.Kind.REQUESTED, year=year)


def request_of(name: str, block: Block, year: int) -> RequestLine:
    """What plan papers ask of the block's sources for ``year``: the rows' own, or the one after."""
    asked = _asked(block, year)
    vnd = sum(row.amount_vnd for row in asked)
    url = figure_url(block, "plan_requested_vnd", year=year)
    return RequestLine(
        name=name,
        requested=Figure(format_million(vnd), url, len(asked), vnd),
        projects_min=range_sum(row.projects_min for row in asked),
        projects_max=range_sum(row.projects_max for row in asked),
    )


# --- all years --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class YearLine:
    """A plan year with its totals over counted sources; ``plan``, ``requested``, ``left`` None for a local officer."""

    year: int
    requested: Figure | None
    plan: Figure | None
    money: list[Figure]
    left: Figure | None


YEAR_COLUMNS = (
    ("approved_vnd", "Kinh phí được duyệt", {Step.APPROVED: 1}),
    ("contracted_vnd", "Đã ký hợp đồng", {Step.CONTRACTED: 1}),
    ("disbursed_vnd", "Đã giải ngân", DISBURSED),
)


def year_lines(day: date, sums: list[StepSum], plan: list[tuple] | None) -> list[YearLine]:
    """Every plan year with money or a plan by the day, the newest first; ``plan`` None where it may not be seen."""
    years = {each.year for each in sums} | {year for year, *_ in plan or []}
    return [_year_line(year, day, sums, plan) for year in sorted(years, reverse=True)]


def _year_line(year, day, sums, plan):
    own = [each for each in sums if each.year == year]
    money = [_ledger_figure(year, day, own, key, steps) for key, _, steps in YEAR_COLUMNS]
    if plan is None:
        return YearLine(year, None, None, money, None)
    requested = _plan_figure(year, day, plan, "plan_requested_vnd", (PlanLine.Kind.REQUESTED,))
    assigned = _plan_figure(year, day, plan, "plan_assigned_vnd", PlanLine.ASSIGNING)
    left = assigned.vnd - (money[0].vnd or 0)
    return YearLine(
        year, requested, assigned, money, Figure(format_million(left), _url(UNALLOCATED, year, day), None, left)
    )


def _ledger_figure(year, day, sums, key, steps) -> Figure:
    count, vnd = sum_of_steps(sums, steps)
    return Figure(format_million(vnd), _url(key, year, day), count, vnd)


def _plan_figure(year, day, plan, key, kinds) -> Figure:
    own = [(number, vnd) for plan_year, kind, number, vnd in plan if plan_year == year and kind in kinds]
    vnd = sum(vnd for _, vnd in own)
    return Figure(format_million(vnd), _url(key, year, day), sum(number for number, _ in own), vnd)


def _url(key, year, day) -> str:
    return build_url("reports:figure", key, nam=year, ngay=day_param(day))
