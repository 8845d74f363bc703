"""The native chart of `Tổng hợp`: plan, approved, signed and disbursed money, side by side by source."""

from openpyxl.chart import BarChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils import quote_sheetname
from openpyxl.utils.units import cm_to_EMU, pixels_to_EMU

from khuyencong.cells import FONT, LOCALE, millions
from reports.excel.tables import Place, column_of

COLOURS = ("9AA5B1", "0F5C6E", "C08A2B", "3C8D5A")
HEIGHT = 250
"""Points: of the row that holds the chart, which no program divides between two pages."""


def write_chart(place: Place, table, rows: list[int], lines: list, series: dict[str, str]):
    """``rows`` hold the ``lines`` compared on this sheet; ``series`` {column key: its name}."""
    chart = BarChart()
    chart.type, chart.grouping = "col", "clustered"
    chart.title = "Kế hoạch và thực hiện theo nguồn kinh phí (triệu đồng)"
    chart.height, chart.width = HEIGHT / 28.35 - 0.5, 24
    chart.legend.position = "b"
    chart.gapWidth, chart.overlap = 80, -5
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = f"{LOCALE}#,##0"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    for part in (chart.x_axis, chart.y_axis, chart.legend):
        part.txPr = _letters(1100)
    for (key, name), colour in zip(series.items(), COLOURS, strict=True):
        chart.series.append(_series(place.ws, table, rows, lines, key, name, colour))
    _title_letters(chart)
    place.next(8)
    chart.anchor = OneCellAnchor(
        _from=AnchorMarker(col=1, row=place.row - 1, rowOff=pixels_to_EMU(8)),
        ext=XDRPositiveSize2D(cm_to_EMU(chart.width), cm_to_EMU(chart.height)),
    )
    place.ws.add_chart(chart)
    place.next(HEIGHT)


def _series(ws, table, rows, lines, key, name, colour) -> Series:
    sheet = quote_sheetname(ws.title)
    values = [line.cells[key] for line in lines]
    points = [NumVal(idx=i, v=str(millions(value))) for i, value in enumerate(values) if value is not None]
    numbers = NumData(formatCode="#,##0", ptCount=len(values), pt=points)
    words = StrData(ptCount=len(lines), pt=[StrVal(idx=i, v=line.label) for i, line in enumerate(lines)])
    series = Series(
        idx=COLOURS.index(colour),
        order=COLOURS.index(colour),
        tx=SeriesLabel(v=name),
        cat=AxDataSource(strRef=StrRef(f=_areas(sheet, "B", rows), strCache=words)),
        val=NumDataSource(numRef=NumRef(f=_areas(sheet, column_of(table, key), rows), numCache=numbers)),
    )
    series.graphicalProperties = GraphicalProperties(solidFill=colour)
    series.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    series.dLbls.txPr = _letters(900)
    series.dLbls.numFmt = f"{LOCALE}#,##0.##"
    return series


def _areas(sheet, column, rows) -> str:
    areas = ",".join(f"{sheet}!${column}${row}" for row in rows)
    return f"({areas})" if len(rows) > 1 else areas


def _letters(size, bold=False) -> RichText:
    style = CharacterProperties(latin=Font(typeface=FONT), sz=size, b=bold)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=style), endParaRPr=style)])


def _title_letters(chart):
    style = CharacterProperties(latin=Font(typeface=FONT), sz=1300, b=True)
    for paragraph in chart.title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=style)
        for run in paragraph.r or ():
            run.rPr = style
