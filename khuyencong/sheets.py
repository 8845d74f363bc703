"""A list as a workbook to download: title, what it holds, heads, all rows, sums. Knows no query and no request."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from khuyencong.cells import BOX, CENTRED, FONT, GREY, LEFT, Dress, font, height, lines_of, put, put_text, shown
from khuyencong.money import MILLION, format_vnd

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9
UNITS = {1: "đồng", MILLION: "triệu đồng"}
# A sheet's name is at most 31 characters long, and none of these.
FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
ISSUER_WIDTH = 72
LEAST = {"money": 12, "count": 9, "day": 12}
# A code is best read on one line, and a column of them at most this wide.
WIDEST_SHORT = 26


@dataclass(frozen=True)
class ListColumn:
    """``kind``: "text", "short" (centred text), "day", "count" or "money" (its values are đồng); width in characters.

    A column of numbers or codes grows with its longest one.
    """

    head: str
    kind: str = "text"
    width: float = 18


@dataclass(frozen=True)
class ListSheet:
    """``rows`` and ``sums`` hold one value a column, None for unknown, "" for what has none.

    ``about``: the lines under the title. ``issuer``: who stands over the office, and the office; () where nobody signs.

    ``unit_vnd``: how many đồng the money's unit is, None where no money stands in it. ``file`` has no ending.
    """

    file: str
    title: str
    about: tuple[str, ...]
    columns: tuple[ListColumn, ...]
    rows: Sequence[tuple]
    sums: tuple = ()
    unit_vnd: int | None = MILLION
    empty: str = "Không có dòng nào khớp."
    more: tuple = ()
    """Further lists of the workbook, each a ListSheet on a sheet of its own."""
    issuer: tuple[str, ...] = ()


def answer_file(content: bytes, name: str) -> HttpResponse:
    """A workbook as a download; ``name`` without its ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def answer_sheet(sheet: ListSheet) -> HttpResponse:
    target = BytesIO()
    write_list(sheet, target)
    return answer_file(target.getvalue(), sheet.file)


def write_list(sheet: ListSheet, target):
    """Write the workbook to a path or a binary stream."""
    workbook = Workbook()
    workbook._named_styles["Normal"].font = font()
    workbook._fonts[0] = font()
    workbook.properties.title = sheet.title
    _write_sheet(workbook.active, sheet)
    for further in sheet.more:
        _write_sheet(workbook.create_sheet(), further)
    workbook.save(target)


def _write_sheet(ws, sheet):
    ws.title = sheet.title.translate(FORBIDDEN)[:31]
    widths = [_width(sheet, index) for index in range(len(sheet.columns))]
    for index, width in enumerate(widths, 1):
        ws.column_dimensions[get_column_letter(index)].width = width
    heads = _write_top(ws, sheet, widths)
    worn = {}
    row = heads + 1
    for values in sheet.rows:
        _write_row(ws, row, sheet, values, widths, worn)
        row += 1
    if sheet.rows:
        ws.auto_filter.ref = f"A{heads}:{get_column_letter(len(widths))}{row - 1}"
    else:
        _write_wide(ws, row, sheet.empty, widths, italic=True)
    if sheet.rows and sheet.sums:
        _write_row(ws, row, sheet, sheet.sums, widths, worn, bold=True, filled=True)
    _set_page(ws, heads)


def _width(sheet, index) -> float:
    column = sheet.columns[index]
    if column.kind == "text":
        return column.width
    values = [row[index] for row in (*sheet.rows, *([sheet.sums] if sheet.sums else []))]
    longest = max((len(_shown(value, column.kind, sheet.unit_vnd)) for value in values), default=0)
    if column.kind == "short":
        return max(column.width, min(longest * 1.2 + 2, WIDEST_SHORT))
    # Bold digits of the sums need a little more room than the plain ones that a width counts.
    return max(LEAST[column.kind], longest * 1.1 + 2)


def _shown(value, kind, unit_vnd) -> str:
    in_dong = kind == "money" and unit_vnd == 1 and not isinstance(value, str)
    return format_vnd(value) if in_dong else shown(value, kind)


def _write_top(ws, sheet, widths) -> int:
    """The office, title, what the list holds, the unit; the row of the heads."""
    row = _write_issuer(ws, sheet.issuer, widths) + 1
    _write_wide(ws, row, sheet.title, widths, size=14, bold=True)
    for line in sheet.about:
        row += 1
        _write_wide(ws, row, line, widths)
    if sheet.unit_vnd:
        row += 1
        _write_wide(ws, row, f"Đơn vị tính: {UNITS[sheet.unit_vnd]}", widths, italic=True)
        ws.cell(row, 1).alignment = Alignment(horizontal="right", vertical="center")
    row += 1
    lines = 1
    for index, (column, width) in enumerate(zip(sheet.columns, widths, strict=True), 1):
        cell = ws.cell(row, index)
        put_text(cell, column.head)
        cell.font, cell.alignment, cell.border, cell.fill = font(bold=True), CENTRED, BOX, GREY
        # The arrow of the filter takes the room of three letters.
        lines = max(lines, lines_of(column.head, max(width - 3, 4), bold=True))
    ws.row_dimensions[row].height = height(lines)
    return row


def _write_issuer(ws, issuer, widths) -> int:
    """The office's block at the left, its own name bold; the last row taken, 0 where there is none."""
    names = [name for name in issuer if name]
    # As many columns as its longest line needs: on a narrow list it takes several lines.
    columns = next((n for n in range(1, len(widths)) if sum(widths[:n]) >= ISSUER_WIDTH), len(widths))
    for row, name in enumerate(names, 1):
        _write_wide(ws, row, name, widths[:columns], bold=row == len(names))
        ws.cell(row, 1).alignment = CENTRED
    return len(names) + 1 if names else 0


def _write_wide(ws, row, text, widths, *, size=11, **style):
    cell = ws.cell(row, 1)
    put_text(cell, text)
    cell.font, cell.alignment = font(size, **style), LEFT
    if len(widths) > 1:
        ws.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
    ws.row_dimensions[row].height = height(lines_of(text, sum(widths), size=size, bold=style.get("bold", False)), size)


def _write_row(ws, row, sheet, values, widths, worn, *, bold=False, filled=False):
    lines = 1
    for index, (column, value) in enumerate(zip(sheet.columns, values, strict=True), 1):
        cell = ws.cell(row, index)
        Dress(column.kind, bold=bold, filled=filled).put_on(cell, worn)
        if column.kind == "money" and sheet.unit_vnd == 1 and not isinstance(value, str):
            cell.value = value
        elif value is not None:
            put(cell, value, column.kind)
        if isinstance(value, str) and value:
            lines = max(lines, lines_of(value, widths[index - 1], bold=bold))
    ws.row_dimensions[row].height = height(lines)


def _set_page(ws, heads):
    """A4 across, one page wide, the heads on each page and in sight on the screen."""
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", A4
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = ws.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.4, 0.4, 0.5, 0.6
    margins.header = margins.footer = 0.3
    ws.oddFooter.center.text = f'&"{FONT},Regular"&11Trang &P/&N'
    ws.print_title_rows = f"{heads}:{heads}"
    ws.freeze_panes = f"B{heads + 1}"
