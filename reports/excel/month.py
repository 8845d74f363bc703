"""Reports that are signed as workbooks: a sheet for each of a report's, the month's first one with its chart."""

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from khuyencong.cells import font
from reports.excel.chart import write_chart
from reports.excel.frame import set_page, write_notes, write_signatures, write_top
from reports.excel.tables import Place, widths_of, write_caption, write_heads, write_lines
from reports.monthly_book import CHART, MonthReport

WIDE_SIZE, SIZE = 10, 11


def write_month(report: MonthReport, target):
    """Write the workbook to a path or a binary stream."""
    _write(report, target, charted=report.sheets[0])


def write_report(report, target):
    """As ``write_month``, of any report with the ``title``, ``period``, ``span``, ``office`` and ``sheets`` of one."""
    _write(report, target)


def _write(report, target, charted=None):
    workbook = Workbook()
    workbook._named_styles["Normal"].font = font(SIZE)
    workbook._fonts[0] = font(SIZE)
    workbook.remove(workbook.active)
    workbook.properties.creator = report.office.agency
    workbook.properties.title = report.title
    worn = {}
    for sheet in report.sheets:
        _write_sheet(workbook.create_sheet(sheet.name), sheet, report, worn, is_charted=sheet is charted)
    workbook.save(target)


def _write_sheet(ws, sheet, report, worn, *, is_charted):
    size = WIDE_SIZE if sheet.is_wide else SIZE
    place = Place(ws, widths_of(sheet, size), size, worn=worn)
    for index, width in enumerate(place.widths, 1):
        ws.column_dimensions[get_column_letter(index)].width = width
    write_top(place, sheet, report)
    first = sheet.tables[0]
    heads = write_heads(place, first)
    body = place.row
    write_lines(place, first)
    for table in sheet.tables[1:]:
        _write_further(place, first, table)
    for table in sheet.tables:
        write_notes(place, table.notes)
    write_signatures(place, sheet, report)
    if is_charted:
        rows = [body + index for index, line in enumerate(first.lines) if line.level == "source"]
        sources = [line for line in first.lines if line.level == "source"]
        if any(line.cells[key] for line in sources for key in CHART):
            write_chart(place, first, rows, sources, CHART)
    set_page(place, sheet, heads, sheet.name)


def _write_further(place, first, table):
    """A table of the same columns goes on under the first; another one gets heads of its own."""
    if table.columns == first.columns:
        write_caption(place, table.caption)
    else:
        place.next(10)
        write_caption(place, table.caption)
        if table.lines:
            write_heads(place, table)
    write_lines(place, table)
