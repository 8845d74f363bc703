"""Workbooks for tests of import and export: rows as dictionaries by heading, written as an office would."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout

from django.core.management import call_command
from openpyxl import Workbook, load_workbook

from projects.workbook.columns import PLAN_SHEET, PROJECT_SHEET
from projects.workbook.importing import import_workbook

MILLION = 1_000_000


def row(code="KC-01", **cells):
    """A row of the sheet of đề án with its starred cells filled; ``cells`` by heading with "_" for blanks."""
    filled = {
        "Mã đề án": code,
        "Tên đề án": f"Đề án {code}",
        "Năm kế hoạch": 2019,
        "Loại đề án": "riêng lẻ",
        "Nguồn kinh phí": "KCDP",
        "Ngày phê duyệt": "01/03/2019",
    }
    return filled | {heading.replace("_", " "): value for heading, value in cells.items()}


def plan_row(amount_vnd, **cells):
    filled = {
        "Năm": 2019,
        "Nguồn kinh phí": "KCDP",
        "Loại": "giao",
        "Số quyết định": "01/QĐ-UBND",
        "Ngày": "10/01/2019",
        "Kinh phí": amount_vnd,
    }
    return filled | {heading.replace("_", " "): value for heading, value in cells.items()}


def write_workbook(path, rows=(), plan=()):
    """A workbook of these rows; a column for each heading that any of them has."""
    book = Workbook()
    book.remove(book.active)
    for title, some in ((PLAN_SHEET, plan), (PROJECT_SHEET, rows)):
        if some or title == PROJECT_SHEET:
            headings = list(dict.fromkeys(heading for each in (some or [row()]) for heading in each))
            sheet = book.create_sheet(title)
            sheet.append(headings)
            for each in some:
                sheet.append([each.get(heading) for heading in headings])
    book.save(path)
    return path


def import_rows(tmp_path, rows=(), plan=(), **options):
    """Import a workbook of these rows; the result."""
    return import_workbook(write_workbook(tmp_path / "tep.xlsx", rows, plan), **options)


def run_command(*args, **options):
    """(exit code, standard output, standard error) of a management command."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            call_command(*args, stdout=out, stderr=err, **options)
        except SystemExit as leaving:
            code = leaving.code
    return code, out.getvalue(), err.getvalue()


def run_import(path, **options):
    """(exit code, the JSON printed)."""
    code, out, _ = run_command("import_projects", str(path), **options)
    return code, json.loads(out)


def read_rows(path, sheet=PROJECT_SHEET):
    """Rows of an exported sheet as dictionaries by heading without star, empty cells left out."""
    first, *rest = load_workbook(path)[sheet].iter_rows(values_only=True)
    headings = [heading.rstrip("*") for heading in first]
    return [{h: v for h, v in zip(headings, cells, strict=True) if v is not None} for cells in rest]
