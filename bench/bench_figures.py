"""Reading a year's rows and counting every figure, compared with one plain query for the year's entries.

10.000 lines are counted on PostgreSQL too where BENCH_LARGE=1.
"""

import os
from datetime import date

from bench.data import fill_year
from bench.measure import counted_queries, median_s
from bench.ratio import Count, Floor, Ratio
from khuyencong.database import at_one_moment
from projects.models import LedgerEntry
from reports.figures import year_figures
from reports.rows import read_year

DATABASES = ("SQLite", "PostgreSQL")
# A year each, so that the larger ones stand beside the smaller ones in the tables, as years do.
LINES = {2019: 300, 2020: 3_000}
LARGE = {2021: 10_000}
LIMITS_S = {300: 0.1}
FLOOR = Floor("đọc bút toán của năm bằng một truy vấn", 0.003)


def run(database):
    is_large = database == "SQLite" or os.environ.get("BENCH_LARGE") == "1"
    years = LINES | LARGE if is_large else LINES
    for year, n in years.items():
        fill_year(year, n)
    for year, n in years.items():
        with counted_queries() as seen:
            figures(year)
        figures_s, floor_s = median_s(
            lambda year=year: figures(year), lambda year=year: read_entries(year), 15 if n <= 300 else 3
        )
        name = f"{database}, {n} dòng, mọi số liệu của một năm"
        yield Ratio(name, figures_s, FLOOR, floor_s, LIMITS_S.get(n), (Count(len(seen), "truy vấn"),))


def figures(year):
    return year_figures(at_one_moment(read_year, year, date(year, 10, 31)))


def read_entries(year):
    entries = LedgerEntry.objects.filter(line__plan_year=year)
    return list(entries.values_list("line_id", "source_id", "step", "on", "amount_vnd"))
