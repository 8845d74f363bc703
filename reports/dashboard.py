"""The dashboard's numbers, as arithmetic over rows that are read already: no query here. Money is whole đồng."""

import calendar
from dataclasses import dataclass, replace
from datetime import date

from funding.models import PlanLine
from khuyencong.money import format_million
from khuyencong.text import sort_key
from projects.models import Step
from reports.dashboard_rows import Deadline, MonthSum, Place
from reports.figures import DISBURSED, MONEY_STEPS, Block, block_of, sum_of_steps
from reports.links import Figure, figure_of, figure_url, percent_of, unallocated_of
from reports.monthly import OTHER_TASKS, UNKNOWN_ACTIVITY, activities_in, shown_lines, shown_sources
from reports.rows import YearRows

PLACES_SHOWN = 6


# --- by source --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SourceLine:
    """One row of the first table. ``plan`` and ``left`` are None where the reader may not see the plan.

    A source outside the totals (``is_outside``) shows the steps in which it has entries alone.
    """

    name: str
    is_total: bool
    is_outside: bool
    figures: dict[str, Figure | None]
    plan: Figure | None
    left: Figure | None
    disbursed_percent: Figure | None
    bar: dict[str, int]


SOURCE_KEYS = (
    "projects",
    "group_projects",
    "activities",
    "beneficiaries",
    "contracted_beneficiaries",
    "approved_vnd",
    "contracted_vnd",
    "disbursed_vnd",
    "accepted_vnd",
    "settled_vnd",
    "unsigned_vnd",
    "unpaid_vnd",
)


def source_lines(rows: YearRows, *, with_plan: bool) -> list[SourceLine]:
    """Counted sources in list order, their total, then those outside the totals with more than requests."""
    found = [_source_line(source.name, block_of(rows, source.code), with_plan) for source in shown_sources(rows)]
    found.append(_source_line("Tổng cộng", block_of(rows), with_plan, is_total=True))
    for source in rows.sources:
        block = block_of(rows, source.code)
        if not source.is_counted and (shown_lines(block) or block.plan_assigned_vnd):
            found.append(_source_line(f"{source.name} (ngoài tổng)", block, with_plan=False, is_outside=True))
    return found


def _source_line(name, block: Block, with_plan, *, is_total=False, is_outside=False) -> SourceLine:
    figures = {key: figure_of(block, key) for key in SOURCE_KEYS}
    plan = figure_of(block, "plan_assigned_vnd") if with_plan else None
    widths = {"plan": plan, "approved": figures["approved_vnd"], "signed": figures["contracted_vnd"]}
    line = SourceLine(
        name=name,
        is_total=is_total,
        is_outside=is_outside,
        figures=figures,
        plan=plan,
        left=unallocated_of(block) if with_plan else None,
        disbursed_percent=percent_of(block, "disbursed_vnd", figures["approved_vnd"].vnd),
        bar=_bar({name: figure.vnd if figure else 0 for name, figure in widths.items()}, figures["disbursed_vnd"].vnd),
    )
    if is_outside:
        shown = {key: figure if figure.vnd is None or figure.count else None for key, figure in figures.items()}
        return replace(line, figures=shown, disbursed_percent=None)
    return line


def _bar(widths, paid) -> dict[str, int | str]:
    """Whole percents of the widest of plan, approved, signed and paid, and the same in words."""
    widths = {**{name: amount or 0 for name, amount in widths.items()}, "paid": paid or 0}
    widest = max(widths.values())
    shares = {name: max(0, round(100 * amount / widest)) if widest else 0 for name, amount in widths.items()}
    words = (
        f"So với số lớn nhất: kế hoạch {shares['plan']} %, được duyệt {shares['approved']} %, "
        f"đã ký {shares['signed']} %, đã giải ngân {shares['paid']} %"
    )
    return {**shares, "label": words}


# --- months -----------------------------------------------------------------------------------------

MONTH_SERIES = (
    ("approved_vnd", "Kinh phí được duyệt", "approved", {Step.APPROVED: 1}),
    ("contracted_vnd", "Đã ký hợp đồng", "signed", MONEY_STEPS["contracted_vnd"]),
    ("disbursed_vnd", "Đã giải ngân", "paid", DISBURSED),
    ("accepted_vnd", "Đã nghiệm thu", "done", MONEY_STEPS["accepted_vnd"]),
)


@dataclass(frozen=True)
class MonthLine:
    """Cumulative figures at the end of a month, or on the day asked about where that comes first."""

    label: str
    day: date
    plan: Figure | None
    figures: list[tuple[str, Figure]]


def month_lines(rows: YearRows, sums: list[MonthSum], *, with_plan: bool) -> list[MonthLine]:
    """One line for each month of the plan year that began by the day, and one for all that came after the year."""
    whole = block_of(rows)
    found = []
    is_later = any(each.month.year > rows.year for each in sums)
    for day in _month_days(rows.year, rows.day, is_later):
        until = [each for each in sums if each.month <= day]
        figures = [(name, _cumulative(whole, key, steps, until, day)) for key, name, _, steps in MONTH_SERIES]
        label = f"{day.month}" if day.year == rows.year else "sau"
        found.append(MonthLine(label, day, _plan_until(whole, day) if with_plan else None, figures))
    return found


def _month_days(year, day, is_later):
    ends = [date(year, month, calendar.monthrange(year, month)[1]) for month in range(1, 13)]
    days = [min(end, day) for end in ends if date(year, end.month, 1) <= day]
    return [*days, day] if is_later else days


def _cumulative(block, key, steps, sums, day) -> Figure:
    count, vnd = sum_of_steps(sums, steps)
    return Figure(format_million(vnd), figure_url(block, key, day=day), count, vnd)


def _plan_until(block, day) -> Figure:
    known = [row for row in block.plan_rows(*PlanLine.ASSIGNING) if row.on <= day]
    vnd = sum(row.amount_vnd for row in known)
    return Figure(format_million(vnd), figure_url(block, "plan_assigned_vnd", day=day), len(known), vnd)


def chart_of(lines: list[MonthLine], rows: YearRows) -> dict:
    """What ``static/js/chart.js`` draws: the months to come stay empty, the plan goes on at its last height."""
    labels = [str(month) for month in range(1, 13)] + [line.label for line in lines[12:]]
    missing = [None] * (len(labels) - len(lines))
    series = []
    if lines and lines[-1].plan:
        plan = [line.plan.vnd for line in lines]
        series.append({"name": "Kế hoạch", "tone": "plan", "dashed": True, "values": plan + [plan[-1]] * len(missing)})
    for index, (_, name, tone, _) in enumerate(MONTH_SERIES):
        values = [line.figures[index][1].vnd for line in lines]
        series.append({"name": name, "tone": tone, "fill": tone == "signed", "values": values + missing})
    chart = {"kind": "line", "labels": labels, "unit_vnd": 1_000_000, "unit": "triệu đồng", "series": series}
    if lines and rows.day.year == rows.year:
        chart["mark"] = {"at": len(lines) - 1, "text": f"{rows.day:%d/%m}"}
    return chart


# --- deadlines ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeadlineLine:
    """A deadline with the chip that says how far it is."""

    deadline: Deadline
    tone: str
    words: str


def deadline_lines(deadlines: list[Deadline], day: date) -> list[DeadlineLine]:
    return [DeadlineLine(each, *_how_far(each.days_left(day))) for each in deadlines]


def _how_far(days_left) -> tuple[str, str]:
    if days_left < 0:
        return "late", f"Quá hạn {-days_left} ngày"
    return "due", f"Còn {days_left} ngày" if days_left else "Hết hạn hôm nay"


def difficulty_ages(difficulties, day: date) -> list[tuple]:
    """(difficulty, days since it was raised) of each."""
    return [(each, (day - each.raised_on).days) for each in difficulties]


# --- by place and by activity -----------------------------------------------------------------------


@dataclass(frozen=True)
class PartLine:
    """A place or an activity: ``number`` of its đề án (or tasks), ``support`` approved; ``share`` of the largest, %."""

    name: str
    number: Figure
    support: Figure
    share: int


def place_lines(rows: YearRows, places: dict[int, Place]) -> list[PartLine]:
    """Places of the year's đề án as their lines record them, communes under their district, most supported first."""
    grouped = {}
    for line in block_of(rows).lines:
        if not line.is_task:
            grouped.setdefault(places[line.locality or 0], set()).add(line.locality or 0)
    blocks = [
        (place.name, block_of(rows, locality=place.pk, within=frozenset(own), is_task=False))
        for place, own in grouped.items()
    ]
    found = [(name, figure_of(block, "projects"), figure_of(block, "support_vnd")) for name, block in blocks]
    found = [part for part in found if part[1].count or part[2].vnd]
    return _parts(sorted(found, key=lambda part: (-(part[2].vnd or 0), sort_key(part[0]))))


def activity_lines(rows: YearRows, names) -> list[PartLine]:
    """Activities of đề án in list order, tasks last."""
    whole = block_of(rows)
    found = []
    for activity in activities_in(whole.lines, [], names):
        block = block_of(rows, activity=activity, is_task=False)
        name = names.activities.get(activity, UNKNOWN_ACTIVITY)
        found.append((name, figure_of(block, "projects"), figure_of(block, "support_vnd")))
    tasks = block_of(rows, is_task=True)
    if tasks.lines:
        found.append((OTHER_TASKS, figure_of(tasks, "activities"), figure_of(tasks, "activities_vnd")))
    return _parts(found)


def _parts(found) -> list[PartLine]:
    widest = max((support.vnd or 0 for _, _, support in found), default=0)
    return [
        PartLine(name, number, support, round(100 * max(support.vnd or 0, 0) / widest) if widest else 0)
        for name, number, support in found
    ]
