"""The monthly workbook as a reader opens it: values, text, layout. Built from rows made by hand, no database."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from accounts.models import OfficeSettings
from khuyencong.cells import lines_of
from projects.models import Project
from reports.detail_rows import ContractRow, DifficultyRow, LineInfo, PaymentRow
from reports.excel.frame import month_of
from reports.excel.month import write_month
from reports.monthly_book import month_report
from tests.reports.pure import KCDP, MILLION, line, month_rows, paid, plan, project

GROUP, TASK = Project.Kind.GROUP, Project.Kind.TASK


def workbook(month):
    stream = BytesIO()
    write_month(month_report(month), stream)
    return load_workbook(stream)


def a_month(**more):
    lines = [
        line(1, project=1, approved=100, own=50, contracted=paid(80, 30), advanced=paid(20, 20)),
        line(2, project=1, approved=60, contracted=paid(60)),
        line(3, kind=TASK, source=KCDP, approved=5, contracted=paid(5)),
    ]
    info = LineInfo(contracts=(ContractRow("08/HĐ-KC", date(2019, 3, 15), date(2019, 9, 30), False),))
    plans = [plan(500), plan(50, source=KCDP), plan(70, kind="requested", year=2020, span=(3, 4))]
    made = {"projects": [project(1, kind=GROUP)], "infos": {1: info}, **more}
    return month_rows(lines, plans, **made)


def row_of(ws, label):
    """{column number: value} of the first row whose second cell begins with ``label``."""
    for row in ws.iter_rows():
        if str(row[1].value or "").startswith(label):
            return {cell.column: cell.value for cell in row}
    raise AssertionError(f"{label} stands nowhere in {ws.title}")


def texts(ws):
    return [str(cell.value) for row in ws.iter_rows() for cell in row if cell.value is not None]


def test_the_sheets_come_in_their_order():
    assert workbook(a_month()).sheetnames == [
        "Tổng hợp",
        "Chi tiết đề án",
        "Tiến độ",
        "Giải ngân",
        "Khó khăn, vướng mắc",
        "Kế hoạch năm sau",
        "Đối chiếu số liệu",
    ]


def test_amounts_are_numbers_in_millions_as_the_unit_line_says():
    ws = workbook(a_month())["Tổng hợp"]
    assert "Đơn vị tính: triệu đồng" in texts(ws)
    found = row_of(ws, "Tổng cộng")
    assert [found[n] for n in range(3, 16)] == [1, 2, 550, 215, 165, 30, 145, 20, 20, 12.12, 3.64, 0, 0]


def test_a_part_of_a_million_is_kept_exactly_and_shown_with_its_decimals():
    ws = workbook(month_rows([line(1, approved=262.5)]))["Tổng hợp"]
    cell = next(row for row in ws.iter_rows() if row[1].value == "Tổng cộng")[6]
    assert (cell.value, cell.number_format) == (262.5, "[$-42A]#,##0.0")


def test_nought_is_0_and_what_is_not_said_is_blank():
    found = row_of(workbook(a_month())["Tổng hợp"], "Hoạt động khuyến công khác")
    assert (found[3], found[4], found[5], found[10]) == (None, None, None, 0)
    assert found[13] == "-"


def test_days_are_days():
    found = workbook(a_month())["Chi tiết đề án"]
    days = [cell for row in found.iter_rows() for cell in row if isinstance(cell.value, datetime)]
    assert {cell.value.date() for cell in days} == {date(2019, 3, 15), date(2019, 9, 30)}
    assert {cell.number_format for cell in days} == {"dd/mm/yyyy"}


def test_no_sheet_holds_a_formula():
    for ws in workbook(a_month()):
        assert all(cell.data_type != "f" for row in ws.iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-5", "@SUM(A1)", "=HYPERLINK(1)", "#N/A"])
def test_text_from_people_stays_text(text):
    ws = workbook(a_month(difficulties=[difficulty(text)]))["Khó khăn, vướng mắc"]
    cell = next(cell for row in ws.iter_rows() for cell in row if cell.value == text)
    assert cell.data_type == "s"


def test_characters_that_no_workbook_may_hold_are_dropped():
    ws = workbook(a_month(difficulties=[difficulty("Thiếu\x07 vốn\ud800\nchưa xong")]))["Khó khăn, vướng mắc"]
    assert "Thiếu vốn\nchưa xong" in texts(ws)


def difficulty(text):
    return DifficultyRow("Đề án 1", "", text, "Khác", text, date(2019, 5, 1), None, "", None)


def test_a_payment_of_the_span_is_a_row_with_its_day_and_voucher():
    payment = PaymentRow(2019, "ĐA-1", "Đề án 1", "Cơ sở 1", 1, 1, "advanced", date(2019, 5, 8), "CK-1", 20 * MILLION)
    ws = workbook(a_month(payments=[payment]))["Giải ngân"]
    found = row_of(ws, "Tạm ứng")
    assert (found[3].date(), found[4], found[7]) == (date(2019, 5, 8), "CK-1", 20)


def test_a_sheet_without_rows_says_why():
    book = workbook(month_rows())
    assert "Đến ngày 31/05/2019 chưa có kế hoạch đề nghị năm 2020." in texts(book["Kế hoạch năm sau"])
    assert any(text.startswith("Không có khó khăn, vướng mắc") for text in texts(book["Khó khăn, vướng mắc"]))
    assert "Chưa có kỳ nào được chốt." in texts(book["Đối chiếu số liệu"])


# --- what is signed ---


def test_the_office_of_the_day_stands_at_head_and_foot():
    office = OfficeSettings(agency="TRUNG TÂM THỬ", place_name="Lào Cai", director_name="Trần Văn A")
    ws = workbook(a_month(office=office))["Tổng hợp"]
    found = texts(ws)
    assert "TRUNG TÂM THỬ" in found and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in found
    foot = " ".join(found[-3:])
    assert "Lào Cai, ngày" in foot and "tháng 5 năm 2019" in foot and "Trần Văn A" in foot
    assert "NGƯỜI LẬP BIỂU" in foot and "PHỤ TRÁCH KẾ TOÁN" in foot


@pytest.mark.parametrize(
    ("day", "text"),
    [(date(2019, 1, 31), "tháng 01 năm 2019"), (date(2019, 3, 31), "tháng 3 năm 2019")],
)
def test_months_1_and_2_alone_have_a_leading_zero(day, text):
    assert month_of(day) == text


def test_every_sheet_is_landscape_one_page_wide_and_repeats_its_heads():
    for ws in workbook(a_month()):
        assert (ws.page_setup.orientation, ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == ("landscape", 1, 0)
        assert ws.sheet_properties.pageSetUpPr.fitToPage
        first, last = ws.print_title_rows.replace("$", "").split(":")
        assert ws.cell(int(first), 1).value == "STT" and ws.cell(int(last), 1).value == "(1)"
        assert ws.freeze_panes == f"C{int(last) + 1}"
        assert "Trang &P" in ws.oddFooter.center.text


def test_everything_is_in_times_new_roman():
    for ws in workbook(a_month()):
        assert {cell.font.name for row in ws.iter_rows() for cell in row} == {"Times New Roman"}


def test_every_number_fits_its_column():
    rich = [line(1, approved=987_654_321.123456, own=5, contracted=paid(987_654_321))]
    for ws in workbook(month_rows(rich)):
        for row in ws.iter_rows():
            for cell in row:
                if isinstance(cell.value, float | int):
                    width = ws.column_dimensions[get_column_letter(cell.column)].width
                    assert len(f"{cell.value:,}") <= width


def test_a_long_name_makes_its_row_higher():
    long = project(1, name="Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất " * 8)
    ws = workbook(month_rows([line(1, approved=5)], projects=[long]))["Chi tiết đề án"]
    row = next(row for row in ws.iter_rows() if str(row[1].value).startswith("Hỗ trợ ứng dụng"))
    assert ws.row_dimensions[row[0].row].height > 150


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("Kế hoạch", 1), ("một hai ba bốn năm", 2), ("a\nb\nc", 3)])
def test_lines_are_counted_as_words_wrap(text, lines):
    assert lines_of(text, 12) == lines


def test_the_summary_has_one_native_chart_of_four_series_by_source():
    (chart,) = workbook(a_month())["Tổng hợp"]._charts
    assert [series.tx.v for series in chart.series] == [
        "Kế hoạch",
        "Kinh phí được duyệt",
        "Đã ký hợp đồng",
        "Đã giải ngân",
    ]
    assert [point.v for point in chart.series[0].val.numRef.numCache.pt] == [500, 50]
