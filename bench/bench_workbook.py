"""The monthly workbook of 300 đề án, compared with openpyxl writing as many bare cells."""

import io
from datetime import date

from openpyxl import Workbook, load_workbook

from bench.data import fill_year
from bench.measure import counted_queries, median_s
from bench.ratio import Count, Floor, Ratio
from khuyencong.database import at_one_moment
from reports.detail_rows import read_month
from reports.excel.month import write_month
from reports.monthly_book import month_report

DATABASES = ("SQLite",)
YEAR, PROJECTS = 2019, 300
FIRST, LAST = date(YEAR, 10, 1), date(YEAR, 10, 31)
FLOOR = Floor("ghi cùng số ô trần bằng openpyxl", 0.2)


def run(database):
    fill_year(YEAR, PROJECTS)
    with counted_queries() as seen:
        book = written()
    sizes = [(sheet.max_row, sheet.max_column) for sheet in load_workbook(io.BytesIO(book)).worksheets]
    name = f"{database}, {PROJECTS} đề án, báo cáo tháng {len(sizes)} trang tính, {sum(r * c for r, c in sizes)} ô"
    book_s, floor_s = median_s(written, lambda: bare(sizes), 5)
    counts = Count(len(seen), "truy vấn"), Count(round(len(book) / 1000), "kB")
    yield Ratio(name, book_s, FLOOR, floor_s, 2, counts)


def written():
    target = io.BytesIO()
    write_month(month_report(at_one_moment(read_month, YEAR, FIRST, LAST)), target)
    return target.getvalue()


def bare(sizes):
    book = Workbook()
    for rows, columns in sizes:
        sheet = book.create_sheet()
        for number in range(rows):
            sheet.append([number] * columns)
    book.save(io.BytesIO())
