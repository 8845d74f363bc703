"""The months of a plan year with what happened in each, as arithmetic over sums by month."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from khuyencong.frame_tags import build_url
from khuyencong.money import format_million
from reports.dashboard import MONTH_SERIES
from reports.dashboard_rows import MonthSum
from reports.figures import sum_of_steps
from reports.links import Figure, day_param

DAY = timedelta(days=1)
MONTH_HEADS = [head for _, head, _, _ in MONTH_SERIES]


@dataclass(frozen=True)
class MonthRow:
    """What was approved, signed, disbursed and accepted in the days ``name`` tells; [] where they are to come.

    ``month`` is the first day of a month of the plan year, None for what lies before or after the year and for the sum.
    """

    name: str
    month: date | None
    figures: list[tuple[str, Figure]]


def month_rows(year: int, day: date, sums: list[MonthSum]) -> list[MonthRow]:
    """The twelve months of the year, what came before and after it where anything did, and the sum, last."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    months = [date(year, number, 1) for number in range(1, 13)]
    found = [_row(f"Tháng {month.month}", month, month, _end(month), day, year, sums) for month in months]
    if any(each.month < first for each in sums):
        found.insert(0, _row(f"Trước năm {year}", None, None, first - DAY, day, year, sums))
    if any(each.month > last for each in sums):
        found.append(_row(f"Sau năm {year}", None, last + DAY, day, day, year, sums))
    return [*found, _row("Lũy kế", None, None, day, day, year, sums)]


def _end(month):
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _row(name, month, since, until, day, year, sums) -> MonthRow:
    if since and since > day:
        return MonthRow(name, month, [])
    until = min(until, day)
    own = [each for each in sums if (since is None or each.month >= since) and each.month <= until]
    return MonthRow(
        name, month, [(head, _figure(year, since, until, own, key, steps)) for key, head, _, steps in MONTH_SERIES]
    )


def _figure(year, since, until, sums, key, steps) -> Figure:
    count, vnd = sum_of_steps(sums, steps)
    url = build_url("reports:figure", key, nam=year, ngay=day_param(until), tu=since)
    return Figure(format_million(vnd), url, count, vnd)
