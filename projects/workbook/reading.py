"""Cells into typed rows. Every bad cell is collected; nothing here looks into the database."""

import json
import warnings
import zlib
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from projects.workbook.columns import PLAN_SHEET, PROJECT_SHEET, SHEETS, Column, heading_key, match_key, shown
from projects.workbook.findings import Findings, Row

MARKS_SHEET = "_danh_dau"
# What a damaged or foreign file makes openpyxl raise, while opening it or in the middle of a sheet.
BROKEN = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    OSError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
)


@dataclass
class Workbook:
    """The rows of both sheets, and what the hidden sheet of an export says (None where there is none)."""

    plan_rows: list[Row] = field(default_factory=list)
    project_rows: list[Row] = field(default_factory=list)
    exported_at: str | None = None
    marks: list[dict] | None = None


@dataclass(frozen=True)
class _Heading:
    column: Column
    index: int
    unit_vnd: int | None


def read_workbook(path, findings: Findings) -> Workbook:
    """Both sheets of the file; an empty ``Workbook`` with errors found where it is none."""
    try:
        with open(path, "rb") as file, warnings.catch_warnings():
            # openpyxl tells in English what of a sheet it does not keep; nothing of it is data.
            warnings.simplefilter("ignore")
            sheets = _cells(file)
    except FileNotFoundError:
        findings.file_error(f"Không có tệp “{path}”. Hãy kiểm tra lại đường dẫn.")
        return Workbook()
    except BROKEN:
        findings.file_error(f"Không đọc được tệp “{path}”. Hãy chọn một tệp Excel (.xlsx) không đặt mật khẩu.")
        return Workbook()
    by_key = {match_key(name): (name, rows) for name, rows in sheets.items()}
    read = Workbook()
    if match_key(PROJECT_SHEET) not in by_key:
        findings.file_error(f"Tệp không có trang “{PROJECT_SHEET}”. Hãy dùng tệp mẫu.", sheet=PROJECT_SHEET)
        return read
    read.project_rows = _read_sheet(PROJECT_SHEET, *by_key[match_key(PROJECT_SHEET)], findings)
    if match_key(PLAN_SHEET) in by_key:
        read.plan_rows = _read_sheet(PLAN_SHEET, *by_key[match_key(PLAN_SHEET)], findings)
    _read_marks(read, sheets.get(MARKS_SHEET))
    return read


def _cells(file) -> dict[str, list[list]]:
    """Rows of values by sheet; a formula as a ``Formula`` of its cached value. A second pass only if there is one."""
    wanted = {match_key(name) for name in (*SHEETS, MARKS_SHEET)}
    sheets, formulas = {}, []
    book = load_workbook(file, read_only=True, data_only=False)
    for sheet in book.worksheets:
        if match_key(sheet.title) not in wanted:
            continue
        sheet.reset_dimensions()
        rows = sheets[sheet.title] = []
        for row in sheet.iter_rows():
            rows.append([cell.value for cell in row])
            formulas += [(sheet.title, len(rows) - 1, at) for at, cell in enumerate(row) if cell.data_type == "f"]
            faults = [at for at, cell in enumerate(row) if cell.data_type == "e"]
            for at in faults:
                rows[-1][at] = Fault(str(rows[-1][at]))
    if formulas:
        _put_cached_values(file, sheets, formulas)
    return sheets


@dataclass(frozen=True)
class Fault:
    """A cell that holds no value: Excel's own error, or a formula that was never reckoned."""

    text: str

    def __str__(self):
        return self.text


def _put_cached_values(file, sheets, formulas):
    file.seek(0)
    book = load_workbook(file, read_only=True, data_only=True)
    cached = {}
    for title in {title for title, _, _ in formulas}:
        sheet = book[title]
        sheet.reset_dimensions()
        cached[title] = [list(row) for row in sheet.iter_rows()]
    for title, row, at in formulas:
        cell = cached[title][row][at]
        written = sheets[title][row][at]
        if cell.value is None and cell.data_type == "str":
            # Reckoned, and the result is an empty text.
            sheets[title][row][at] = None
        elif cell.value is None:
            sheets[title][row][at] = Fault(str(getattr(written, "text", written)))
        else:
            sheets[title][row][at] = Fault(str(cell.value)) if cell.data_type == "e" else cell.value


def _is_empty(value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" \t\r\n\u00a0\u200b\ufeff"))


def _read_sheet(sheet, title, cells, findings) -> list[Row]:
    first = next((at for at, row in enumerate(cells) if not all(map(_is_empty, row))), None)
    if first is None:
        findings.file_error(f"Trang “{sheet}” trống, không có dòng tiêu đề. Hãy dùng tệp mẫu.", sheet=title)
        return []
    headings = _read_headings(sheet, title, first + 1, cells[first], findings)
    if headings is None:
        return []
    texts = {column.key: column.heading for column in SHEETS[sheet]}
    rows = []
    for number, row in enumerate(cells[first + 1 :], start=first + 2):
        if not all(map(_is_empty, row)):
            rows.append(_read_row(title, number, row, headings, texts, findings))
    return [row for row in rows if row]


def _read_headings(sheet, title, number, cells, findings) -> list[_Heading] | None:
    """The known columns of the heading row; None when the sheet cannot be read by it."""
    known = {}
    for column in SHEETS[sheet]:
        for text in (column.heading, *column.other_headings):
            known[match_key(text)] = column
    headings, errors = {}, len(findings.errors)
    for index, cell in enumerate(cells):
        if _is_empty(cell):
            continue
        text = " ".join(shown(cell).split())
        key, unit_vnd = heading_key(text)
        column = known.get(key)
        if column is None:
            findings.warn(f"Trang {title}: cột “{text}” không có trong mẫu nên không được đọc.")
        elif column.key in headings:
            message = f"Cột “{column.heading}” có hai lần. Hãy bỏ bớt một cột."
            findings.file_error(message, sheet=title, row=number, column=column.heading, value=text)
        else:
            headings[column.key] = _Heading(column, index, unit_vnd)
    for column in SHEETS[sheet]:
        if column.is_required and column.key not in headings:
            message = f"Thiếu cột bắt buộc “{column.heading}”. Hãy thêm cột này, như trong tệp mẫu."
            findings.file_error(message, sheet=title, row=number, column=column.heading)
    return list(headings.values()) if len(findings.errors) == errors else None


def _read_row(title, number, cells, headings, texts, findings) -> Row | None:
    row = Row(title, number, texts)
    filled = False
    for heading in headings:
        value = cells[heading.index] if heading.index < len(cells) else None
        key = heading.column.key
        row.texts[key] = "" if _is_empty(value) else shown(value)
        if not _is_empty(value):
            filled = True
            _read_cell(row, heading, value, findings)
    if not filled:
        return None
    for heading in headings:
        key = heading.column.key
        if heading.column.is_required and row[key] is None and key not in row.unreadable:
            row.unreadable.add(key)
            findings.error(row, key, f"Chưa ghi {heading.column.heading}. Ô này bắt buộc.")
    return row


def _read_cell(row, heading, value, findings):
    key = heading.column.key
    try:
        if isinstance(value, Fault):
            raise ValueError(f"Ô công thức chưa có kết quả hoặc báo lỗi ({value}). Hãy thay bằng giá trị.")
        row.values[key] = heading.column.read(value, heading.column, heading.unit_vnd)
    except ValueError as error:
        row.unreadable.add(key)
        findings.error(row, key, str(error))


def _read_marks(read, cells):
    """The hidden sheet: the time of the export in the first row, then a row's values as JSON each, over some cells."""
    if not cells or not cells[0]:
        return
    try:
        marks = [json.loads("".join(part for part in row if part)) for row in cells[1:] if row and row[0]]
    except (TypeError, ValueError):
        return
    read.exported_at = str(cells[0][0])
    read.marks = marks
