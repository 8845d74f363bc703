"""Importing the project workbook, and the same file again, compared with openpyxl reading its cells.

10.000 rows are read too where BENCH_LARGE=1: that takes a minute or two.
"""

import os
import tempfile
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook

from bench.measure import clock, counted_queries, peak_mb, restart_peak
from bench.ratio import Count, Floor, Ratio
from projects.workbook.columns import PLAN_SHEET, PROJECT_SHEET
from projects.workbook.exporting import export_workbook
from projects.workbook.importing import import_workbook

DATABASES = ("SQLite", "PostgreSQL")
YEAR = 2019
SIZES = (1_000, 10_000) if os.environ.get("BENCH_LARGE") == "1" else (1_000,)
FLOOR, QUIET_S = "đọc các ô bằng openpyxl", 0.0003
PLAN = {
    "Năm": YEAR,
    "Nguồn kinh phí": "KCDP",
    "Loại": "giao",
    "Số quyết định": "01/QĐ-UBND",
    "Ngày": date(YEAR, 1, 10),
    "Kinh phí": 10**13,
}


def run(database):
    with tempfile.TemporaryDirectory() as folder:
        for n in SIZES:
            path = Path(folder) / f"{n}.xlsx"
            write(path, n)
            name = f"{database}, nhập {n} dòng"
            yield measured(name, path, n, n, limit_s=n / 200)
            yield measured(f"{name}, nhập lại", path, n, 0, limit_s=n / 200)
        again, n = Path(folder) / "again.xlsx", sum(SIZES)
        exported_s = clock(lambda: export_workbook(again, YEAR))
        yield Ratio(f"{database}, xuất {n} dòng", exported_s, floor_of(n), clock(lambda: read_cells(again)))
        yield measured(f"{database}, nhập lại {n} dòng vừa xuất", again, n, 0)


def floor_of(n):
    """``QUIET_S`` a row: reading takes as long for each."""
    return Floor(FLOOR, n * QUIET_S)


def measured(name, path, n, n_created, *, limit_s=None):
    """One import; it can be timed once only, since it changes what the next one meets."""
    floor_s = clock(lambda: read_cells(path))
    results = []
    restart_peak()
    before = peak_mb()
    with counted_queries() as seen:
        seconds = clock(lambda: results.append(import_workbook(path)))
    (result,) = results
    created = (result.counts.get("created") or {}).get("lines", 0)
    if result.errors or created != n_created:
        raise RuntimeError(f"{name}: {created} dòng, {result.errors[:3]}")
    counts = Count(len(seen), "truy vấn"), Count(round(peak_mb() - before), "MB bộ nhớ thêm")
    return Ratio(name, seconds, floor_of(n), floor_s, limit_s, counts)


def read_cells(path):
    for sheet in load_workbook(path, read_only=True).worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass


def write(path, n):
    book = Workbook(write_only=True)
    for title, rows in ((PLAN_SHEET, [PLAN]), (PROJECT_SHEET, [row(at, n) for at in range(n)])):
        sheet = book.create_sheet(title)
        sheet.append(list(rows[0]))
        for each in rows:
            sheet.append(list(each.values()))
    book.save(path)


def row(at, n):
    """A đề án through its whole life, as a Centre's list of past years has it."""
    return {
        "Mã đề án": f"N{n}-{at:05d}",
        "Tên đề án": f"Hỗ trợ ứng dụng máy móc tiên tiến số {at} trong chế biến chè",
        "Năm kế hoạch": YEAR,
        "Loại đề án": "riêng lẻ",
        "Nội dung hoạt động": "",
        "Nguồn kinh phí": "KCDP",
        "Địa bàn": "xã Y Can, huyện Trấn Yên",
        "Số quyết định": f"{at % 50}/QĐ-{n}",
        "Ngày phê duyệt": date(YEAR, 3, 1),
        "Cơ sở thụ hưởng": f"HTX chè số {at} của danh sách {n}",
        "Loại hình": "HTX",
        "Mã số thuế / số ĐKKD": str(5_200_000_000 + n * 100_000 + at),
        "Máy móc, thiết bị": "01 máy vò chè",
        "Tổng kinh phí": 300_000_000,
        "Kinh phí hỗ trợ": 100_000_000,
        "Số hợp đồng": f"{at:05d}/HĐ-{n}",
        "Ngày ký hợp đồng": date(YEAR, 3, 15),
        "Ngày kết thúc": date(YEAR, 9, 30),
        "Đã tạm ứng": 30_000_000,
        "Ngày tạm ứng": date(YEAR, 4, 20),
        "Đã thanh toán": 70_000_000,
        "Ngày thanh toán": date(YEAR, 8, 20),
        "Ngày nghiệm thu": date(YEAR, 8, 1),
        "Kinh phí nghiệm thu": 100_000_000,
        "Ngày quyết toán": date(YEAR, 9, 1),
        "Kinh phí quyết toán": 100_000_000,
    }
