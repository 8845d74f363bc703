"""The months of a plan year with what happened in each, as arithmetic over sums by month."""

import calendar
from dataclasses import dataclass
from datetime import date

from khuyencong.frame_tags import build_url
from khuyencong.money import format_million
from reports.dashboard import MONTH_SERIES
from reports.dashboard_rows import MonthSum
from reports.links import Figure, day_param


@dataclass(frozen=True)
class MonthRow:
    """``figures`` holds what was approved, signed, disbursed and accepted in the month; None in a month to come."""

    month: date
    figures: list[Figure | None]
    is_to_come: bool


MONTH_HEADS = [name for _, name, _, _ in MONTH_SERIES]


def month_rows(year: int, day: date, sums: list[MonthSum]) -> list[MonthRow]:
    """The twelve months of the year."""
    return [_row(date(year, number, 1), day, sums) for number in range(1, 13)]


def _row(month, day, sums) -> MonthRow:
    if month > day:
        return MonthRow(month, [None] * len(MONTH_SERIES), is_to_come=True)
    last = min(day, month.replace(day=calendar.monthrange(month.year, month.month)[1]))
    own = [each for each in sums if each.month == month]
    return MonthRow(month, [_figure(month, last, own, key, steps) for key, _, _, steps in MONTH_SERIES], False)


def _figure(month, last, sums, key, steps) -> Figure:
    own = [each for each in sums if each.step in steps]
    count, known = sum(each.entries for each in own), sum(each.known for each in own)
    vnd = None if count and not known else sum(steps[each.step] * each.total_vnd for each in own)
    url = build_url("reports:figure", key, nam=month.year, ngay=day_param(last), tu=month)
    return Figure(format_million(vnd), url, count, vnd)
