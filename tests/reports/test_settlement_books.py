"""The workbooks of the reconciliation: settlement of a year (R6), advances (R4), the reconciliation itself (R12)."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.models import Role
from khuyencong.money import MILLION
from projects import services
from reports.balance import balance_lines
from reports.balance_rows import read_balance
from reports.excel.month import write_report
from reports.figures import year_figures
from reports.settlement_book import advance_report, settlement_report
from reports.settlement_rows import read_settlement
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = make.day("2020-01-31")


@pytest.fixture
def year():
    """Of KCQG 300 asked and settled in full after two payments; 300 accepted for 200, 200 asked, 190 settled, 10 came
    back; 100 stopped with 60 paid; of KCDP a task of 80 without contract, 75 paid and nothing settled."""
    make.make_plan(amount_vnd=1000 * MILLION)
    make.make_plan(code="KCDP", amount_vnd=100 * MILLION)
    whole, less, stopped = (make.make_signed_line(vnd * MILLION) for vnd in (300, 300, 100))
    make.advance(whole, 210 * MILLION, on="2019-04-15")
    make.pay(whole, 90 * MILLION, on="2019-10-20")
    make.accept(whole, 300 * MILLION)
    make.settle(whole, 300 * MILLION, requested={make.source(): 300 * MILLION})
    contract = whole.contracts.get()
    services.liquidate_contract(contract=contract, on=make.day("2019-12-20"), number="12/TL")
    make.advance(less, 210 * MILLION, on="2019-05-15")
    make.accept(less, 200 * MILLION)
    make.settle(less, 190 * MILLION, requested={make.source(): 200 * MILLION})
    make.recover(less, 10 * MILLION, on="2019-12-15")
    make.advance(stopped, 60 * MILLION, on="2019-05-20")
    make.stop(stopped.project, on="2019-07-01")
    task = make.make_approved_line(80 * MILLION, code="KCDP", project=make.make_project("task"), has_contract=False)
    make.pay(task, 75 * MILLION, code="KCDP", on="2019-12-01")
    return {"whole": whole, "less": less, "stopped": stopped, "task": task, "contract": contract}


def lines_of(report):
    (sheet,) = report.sheets
    return sheet.tables[0].lines


def row(report, line):
    """The cells of the one row of a đề án, money in triệu đồng."""
    found = next(each for each in lines_of(report) if each.label.startswith(line.project.name))
    return {
        key: value // MILLION if key.endswith("_vnd") and value is not None else value
        for key, value in found.cells.items()
    }


def opened(report):
    stream = BytesIO()
    write_report(report, stream)
    return load_workbook(stream).active


def test_each_row_of_the_settlement_is_worked_by_hand(year):
    report = settlement_report(read_settlement(2019, DAY))
    whole, less, stopped = (row(report, year[name]) for name in ("whole", "less", "stopped"))
    assert whole == {
        "contract": year["contract"].number,
        "approved_vnd": 300,
        "requested_vnd": 300,
        "settled_vnd": 300,
        "disbursed_vnd": 300,
        "to_get_vnd": None,
        "to_return_vnd": None,
        "liquidation": "20/12/2019, 12/TL",
        "note": "",
    }
    keys = ("requested_vnd", "settled_vnd", "disbursed_vnd", "to_get_vnd", "to_return_vnd", "note")
    assert [less[key] for key in keys] == [200, 190, 200, None, 10, "đã thu hồi 10"]
    # Nothing of it was accepted, nobody asked: all that was paid is to come back.
    assert [stopped[key] for key in keys] == [None, 0, 60, None, 60, "ngừng triển khai"]
    assert row(report, year["task"])["to_get_vnd"] is None


def test_each_row_of_the_advances_is_worked_by_hand(year):
    report = advance_report(read_settlement(2019, DAY))
    keys = ("contracted_vnd", "first_vnd", "first_on", "later_vnd", "disbursed_vnd", "settled_vnd", "to_recover_vnd")
    keys = (*keys, "left_vnd", "note")
    found = {name: [row(report, year[name]).get(key) for key in keys] for name in ("whole", "less", "stopped", "task")}
    assert found == {
        "whole": [300, 210, make.day("2019-04-15"), 90, 300, 300, None, None, ""],
        # Settled for 10 less than what is paid.
        "less": [300, 210, make.day("2019-05-15"), -10, 200, 190, 10, 100, "đã thu hồi 10"],
        "stopped": [60, 60, make.day("2019-05-20"), None, 60, 0, 60, None, "ngừng triển khai"],
        # A line without contract is measured against what was approved.
        "task": [0, 75, make.day("2019-12-01"), None, 75, 0, None, 5, ""],
    }
    assert str(row(report, year["less"])["contracted_percent"]) == "66.67"


@pytest.mark.parametrize("report_of", [settlement_report, advance_report])
@pytest.mark.parametrize("day", ["2019-04-30", "2019-06-30", "2019-10-31", "2020-01-31"])
def test_sums_are_those_of_the_year_figures_the_same_day_and_of_the_rows_under_them(year, report_of, day):
    found = read_settlement(2019, make.day(day))
    lines = lines_of(report_of(found))
    total = lines[-1].cells
    said = year_figures(found.rows)
    blocks = {block["name"]: block for block in said["sources"]} | {"Tổng cộng": said["total"]}
    for line in lines:
        if line.level in ("source", "total"):
            block = blocks[line.label]
            assert line.cells["approved_vnd"] == block["support_vnd"] + block["activities_vnd"]
            for key in {"contracted_vnd", "accepted_vnd", "disbursed_vnd", "settled_vnd"} & line.cells.keys():
                assert line.cells[key] == block[key], (line.label, key)
    for key in (key for key in total if key.endswith("_vnd")):
        for level in ("source", "project"):
            assert sum(line.cells[key] or 0 for line in lines if line.level == level) == (total[key] or 0), (level, key)


@pytest.mark.parametrize(
    ("report_of", "title", "heads", "numbers"),
    [
        (
            settlement_report,
            "QUYẾT TOÁN KINH PHÍ NĂM 2019",
            ["STT", "Nội dung, đề án", "Số hợp đồng", "Dự toán được duyệt", "Kinh phí đề nghị quyết toán"]
            + ["Kinh phí được chấp nhận", "Đã tạm ứng, thanh toán", "Còn được cấp", "Phải nộp trả"]
            + ["Ngày, số biên bản thanh lý", "Ghi chú"],
            {8: "(8)=(6)-(7)", 9: "(9)=(7)-(6)", 11: "(11)"},
        ),
        (
            advance_report,
            "TÌNH HÌNH TẠM ỨNG, GIẢI NGÂN ĐẾN NGÀY 31/01/2020",
            ["STT", "Nội dung, đề án", "Kinh phí hỗ trợ được duyệt", "Số tiền theo hợp đồng", "Tạm ứng lần 1", None]
            + ["Các lần sau", "Lũy kế", "% so hợp đồng", "Đã quyết toán", "Phải thu hồi, còn lại", None, "Ghi chú"],
            {8: "(8)=(5)+(7)", 9: "(9)=(8)/(4)", 13: "(13)"},
        ),
    ],
    ids=["R6", "R4"],
)
def test_the_columns_are_those_of_the_office_on_a_page_to_sign(year, report_of, title, heads, numbers):
    ws = opened(report_of(read_settlement(2019, DAY)))
    first = next(cells for cells in ws.iter_rows() if cells[0].value == "STT")
    assert [cell.value for cell in first] == heads
    at = next(cells for cells in ws.iter_rows() if cells[0].value == "(1)")
    assert {n: at[n - 1].value.replace("\n", "") for n in numbers} == numbers
    assert (ws.page_setup.orientation, int(ws.page_setup.paperSize), ws.page_setup.fitToWidth) == ("landscape", 9, 1)
    assert ws.print_title_rows == f"${first[0].row}:${at[0].row}"
    texts = [str(cell.value) for cells in ws.iter_rows() for cell in cells if cell.value is not None]
    assert {title, "Đơn vị tính: triệu đồng"} <= set(texts)
    assert "(Kế hoạch năm 2019; số liệu đến hết ngày 31/01/2020)" in texts
    assert not [text for text in texts if text.startswith("=")]
    assert sum("Ký, ghi rõ họ tên" in text for text in texts) == 3


def test_the_reconciliation_is_the_page_of_the_same_day(client, year):
    make.receive(660 * MILLION, on="2019-04-01")
    client.force_login(make.make_user(Role.ACCOUNTANT))
    answer = client.get("/doi-chieu/2019.xlsx?ngay=2019-12-31")
    assert 'filename="doi-chieu-kinh-phi-2019.xlsx"' in answer["Content-Disposition"]
    ws = load_workbook(BytesIO(answer.content)).active
    found = {cells[1].value: [cell.value for cell in cells[2:8]] for cells in ws.iter_rows() if cells[1].value}
    for line in balance_lines(read_balance(2019, make.day("2019-12-31"))):
        assert found[line.label] == [figure.vnd // MILLION for figure in line.figures.values()]
    assert found["Khuyến công quốc gia"] == [0, 660, 560, 490, 0, 100]


@pytest.mark.parametrize("address", ["2019.xlsx", "2019/quyet-toan.xlsx", "2019/tam-ung.xlsx"])
def test_a_year_with_nothing_in_it_still_answers_with_a_file(client, address):
    client.force_login(make.make_user(Role.VIEWER))
    answer = client.get(f"/doi-chieu/{address}")
    assert (answer.status_code, answer["Content-Type"][-5:]) == (200, "sheet")
    assert client.get(f"/doi-chieu/{address.replace('2019', '1999')}").status_code == 404


def test_the_page_offers_its_workbooks_of_the_day_it_shows(client):
    client.force_login(make.make_user(Role.VIEWER))
    page = client.get("/doi-chieu/2019/?ngay=2019-10-31").content.decode()
    for address in ("2019.xlsx", "2019/quyet-toan.xlsx", "2019/tam-ung.xlsx"):
        assert f"/doi-chieu/{address}?ngay=2019-10-31" in page


def test_as_many_queries_for_300_lines_as_for_3(year, query_count):
    before = query_count(lambda: read_settlement(2019, DAY))
    make.make_plan(amount_vnd=300 * MILLION)
    for _ in range(300):
        make.make_approved_line(MILLION)
    assert query_count(lambda: read_settlement(2019, DAY)) == before
