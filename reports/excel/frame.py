"""What stands around the tables of a sheet that is signed: agency, quốc hiệu, title, signatures, the page."""

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment
from openpyxl.worksheet.properties import PageSetupProperties

from khuyencong.cells import CENTRED, FONT, LEFT, clean, font, height, lines_of, put_text
from reports.excel.tables import Place

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
UNIT = "Đơn vị tính: triệu đồng"
A4 = 9
# Em dashes join into the line that stands under an agency and under the motto.
RULE = "—"
TALLEST_ROW = 409


def month_of(day) -> str:
    """ "tháng 01 năm 2019", "tháng 5 năm 2019": months 1 and 2 alone have a leading zero."""
    return f"tháng {day.month:02d} năm {day.year}" if day.month < 3 else f"tháng {day.month} năm {day.year}"


def write_top(place: Place, sheet, report):
    """The blocks of agency and quốc hiệu, title, period, the report it belongs to, the unit."""
    office, span = report.office, report.span
    half = _nearest(place, 0.45)
    _pair(place, half, (office.parent_agency, 12, False), (MOTTO[0], 12, True))
    _pair(place, half, (office.agency, 12, True), (MOTTO[1], 13, True))
    _pair(place, half, (RULE * 9, 8, False), (RULE * 22, 8, False))
    place.next(6)
    _whole(place, sheet.title.upper(), 14, bold=True)
    _whole(place, f"({report.period})", 12, italic=True)
    blank = f"Báo cáo số {' ' * 8}/BC-{office.short_code} ngày {' ' * 6} {month_of(span.last)}"
    _whole(place, f"(Kèm theo {blank})", 12, italic=True)
    if sheet.has_money:
        cell = place.cell(1)
        put_text(cell, UNIT)
        cell.font, cell.alignment = font(12, italic=True), Alignment(horizontal="right", vertical="center")
        place.merge(1, place.columns)
    place.next(17)


def _nearest(place: Place, share: float, after: int = 0) -> int:
    """The column right of ``after`` that ends nearest to ``share`` of the sheet's width; never the last one."""
    whole = sum(place.widths)
    ends = range(after + 1, place.columns)
    return min(ends, key=lambda column: abs(place.width_of(1, column) - share * whole))


def _pair(place, half, left, right):
    lines = 1
    for (text, size, bold), first, last in ((left, 1, half), (right, half + 1, place.columns)):
        cell = place.cell(first)
        put_text(cell, text)
        cell.font, cell.alignment = font(size, bold=bold), CENTRED
        place.merge(first, last)
        lines = max(lines, lines_of(text, place.width_of(first, last), size=size, bold=bold))
    place.next(height(lines, max(left[1], right[1])))


def _whole(place, text, size, **style):
    cell = place.cell(1)
    put_text(cell, text)
    cell.font, cell.alignment = font(size, **style), CENTRED
    place.merge(1, place.columns)
    bold = style.get("bold", False)
    place.next(height(lines_of(text, place.width_of(1, place.columns), size=size, bold=bold), size))


def write_notes(place: Place, notes):
    for note in notes:
        cell = place.cell(1)
        put_text(cell, f"Ghi chú: {note}")
        cell.font, cell.alignment = font(place.size, italic=True), LEFT
        place.merge(1, place.columns)
        place.next(height(lines_of(note, place.width_of(1, place.columns), size=place.size), place.size))


def write_signatures(place: Place, sheet, report):
    """One tall row, which no program divides between two pages."""
    office = report.office
    here = f"{office.place_name}, ngày {' ' * 6} {month_of(report.span.last)}"
    by_hand, sealed = "(Ký, ghi rõ họ tên)", "(Ký, ghi rõ họ tên, đóng dấu)"
    signers = [("", office.preparer_title, by_hand, office.preparer_name)]
    if sheet.has_money:
        signers.append(("", office.accountant_title, by_hand, office.accountant_name))
    signers.append((here, office.director_title, sealed, office.director_name))
    place.next(8)
    ends = []
    for number in range(1, len(signers)):
        ends.append(_nearest(place, number / len(signers), ends[-1] if ends else 0))
    ends.append(place.columns)
    first = 1
    for signer, last in zip(signers, ends, strict=True):
        cell = place.cell(first)
        cell.value = _signature(*signer)
        cell.font, cell.alignment = font(13), Alignment(horizontal="center", vertical="top", wrap_text=True)
        place.merge(first, last)
        first = last + 1
    place.next(min(height(8, 13), TALLEST_ROW))


def _signature(here, title, how, name) -> CellRichText:
    def run(text, **style):
        return TextBlock(InlineFont(rFont=FONT, sz=13, **style), clean(text))

    return CellRichText(
        run(f"{here or ' '}\n", i=True),
        run(f"{title.upper()}\n", b=True),
        run(f"{how}\n", i=True),
        run(f"\n\n\n{name or ' '}", b=True),
    )


def set_page(place: Place, sheet, heads: tuple[int, int], title: str):
    """Landscape, one page wide, heads repeated on each page and kept in sight on the screen."""
    ws = place.ws
    ws.title = title
    ws.page_setup.orientation = "landscape"
    ws.page_setup.paperSize = A4
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.print_options.horizontalCentered = True
    margins = ws.page_margins
    # Every office has A4; a sheet of many columns takes the room of its margins.
    sides = (0.3, 0.3, 0.5, 0.5) if sheet.is_wide else (0.79, 0.59, 0.79, 0.79)
    margins.left, margins.right, margins.top, margins.bottom = sides
    margins.header = margins.footer = 0.2 if sheet.is_wide else 0.39
    ws.oddFooter.center.text = f'&"{FONT},Regular"&11Trang &P'
    # Each sheet is an annex of its own, counted from 1.
    ws.page_setup.firstPageNumber, ws.page_setup.useFirstPageNumber = 1, True
    ws.print_title_rows = f"{heads[0]}:{heads[1]}"
    ws.freeze_panes = f"C{heads[1] + 1}"
    ws.sheet_view.zoomScale = 100
    ws.sheet_view.showGridLines = False
