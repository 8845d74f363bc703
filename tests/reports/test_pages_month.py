"""The month's pages: the months of a year, the preview, the file to download."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.models import Role
from projects.models import LedgerEntry
from reports.detail_rows import read_names
from reports.monthly import COLUMNS, summary
from reports.preview import PROJECTS_A_PAGE, preview_rows
from reports.rows import read_year
from tests import factories as make
from tests.bulk import make_year
from tests.figure_links import Page

MILLION = make.MILLION


@pytest.fixture
def reader(client, db):
    client.force_login(make.make_user(Role.STAFF))
    return client


@pytest.fixture
def year(db):
    make.make_plan(amount_vnd=2000 * MILLION)
    line = make.make_signed_line(300 * MILLION)
    make.advance(line, 100 * MILLION, on="2019-05-10")
    make.make_approved_line(60 * MILLION, project=make.make_project("task"))
    return line


def text_of(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_cell_of_the_preview_is_the_cell_of_the_report(year):
    rows = read_year(2019, make.day("2019-05-31"), since=make.day("2019-05-01"))
    names = read_names(rows)
    shown, is_folded = preview_rows(rows, names, with_plan=True)
    assert not is_folded
    for row, line in zip(shown, summary(rows, names), strict=True):
        for column, figure in zip(COLUMNS, row.cells, strict=True):
            value = line.cells[column.key]
            if column.kind == "money":
                assert (figure and figure.vnd) == value, (row.label, column.head)
            elif column.kind == "count":
                assert (figure and figure.count) == value, (row.label, column.head)


def test_the_month_and_what_came_before_are_told_apart(reader, year):
    make.advance(year, 20 * MILLION, on="2019-04-20")
    claims = {(claim.url, claim.vnd) for claim in Page(text_of(reader, "/bao-cao/thang/2019-05/")).claims}
    assert ("/so-lieu/disbursed_vnd/?nam=2019&ngay=2019-05-31&tu=2019-05-01", 100 * MILLION) in claims
    assert ("/so-lieu/disbursed_vnd/?nam=2019&ngay=2019-05-31", 120 * MILLION) in claims


def test_a_day_within_the_month_ends_the_span_there(reader, year):
    text = text_of(reader, "/bao-cao/thang/2019-05/?ngay=2019-05-09")
    assert "Số liệu đến 09/05/2019" in text
    assert 'href="/bao-cao/thang/2019-05.xlsx?ngay=2019-05-09"' in text


def test_a_day_of_another_month_does_not_change_the_month(reader, year):
    assert "Số liệu đến 31/05/2019" in text_of(reader, "/bao-cao/thang/2019-05/?ngay=2019-09-30")


def test_facts_of_earlier_plan_years_stand_in_a_block_of_their_own(reader, year):
    make.pay(year, 50 * MILLION, on="2020-01-20")
    text = text_of(reader, "/bao-cao/thang/2020-01/")
    assert "Kế hoạch năm trước thực hiện trong kỳ" in text and "Khuyến công quốc gia, kế hoạch năm 2019" in text
    page = Page(text)
    assert ("/so-lieu/disbursed_vnd/?nam=2020&ngay=2020-01-31&tu=2020-01-01&truoc=1", 50 * MILLION) in {
        (claim.url, claim.vnd) for claim in page.claims
    }


def test_the_chip_says_that_all_totals_agree(reader, year):
    text = text_of(reader, "/bao-cao/thang/2019-05/")
    assert "c-done" in text and "số tổng khớp" in text and 'id="doi-chieu"' in text


def test_an_entry_that_is_not_dated_as_its_paper_is_named(reader, year):
    LedgerEntry.objects.filter(step="advanced").update(on="2019-05-11")
    text = text_of(reader, "/bao-cao/thang/2019-05/")
    assert "1 bút toán khác ngày giấy tờ" in text and year.project.code in text


def test_a_small_report_shows_every_row_without_script(reader, year):
    text = text_of(reader, "/bao-cao/thang/2019-05/")
    assert year.project.name in text and str(year.beneficiary) in text


def test_a_large_report_opens_its_groups_a_page_at_a_time(reader):
    make_year(40)
    closed = text_of(reader, "/bao-cao/thang/2019-10/")
    assert "Xem 40 đề án" in closed and "Đề án 17<" not in closed
    group = f"/bao-cao/thang/2019-10/?mo=KCQG-{make.activity().pk}"
    second = text_of(reader, f"{group}&trang=2")
    assert f"{PROJECTS_A_PAGE + 1}–{2 * PROJECTS_A_PAGE} trong 40" in second
    assert "Đề án 17<" in second and "Đề án 1<" not in second
    assert "31–40 trong 40" in text_of(reader, f"{group}&trang=99")


def test_a_month_that_is_not_over_says_so(reader):
    answer = reader.get("/bao-cao/thang/", follow=True)
    assert "tháng chưa kết thúc" in answer.content.decode()


@pytest.mark.parametrize("month", ["2019-13", "2019-00", "1999-05", "2101-01", "2019-5", "thang-5"])
@pytest.mark.parametrize("ending", ["/", ".xlsx"])
def test_what_is_no_month_is_not_found(reader, month, ending):
    assert reader.get(f"/bao-cao/thang/{month}{ending}").status_code == 404


def test_the_file_is_a_workbook_with_a_plain_name(reader, year):
    answer = reader.get("/bao-cao/thang/2019-05.xlsx")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"] == 'attachment; filename="bao-cao-khuyen-cong-2019-05.xlsx"'
    assert load_workbook(BytesIO(answer.content)).sheetnames[0] == "Tổng hợp"


def test_the_file_of_another_plan_year_says_so_in_its_name(reader, year):
    answer = reader.get("/bao-cao/thang/2020-01.xlsx?nam=2019")
    assert 'filename="bao-cao-khuyen-cong-2020-01-ke-hoach-2019.xlsx"' in answer["Content-Disposition"]


def test_the_months_of_a_year_add_up_to_what_stands_at_its_end(reader, year):
    make.advance(year, 20 * MILLION, on="2019-07-20")
    make.pay(year, 50 * MILLION, on="2020-01-20")
    page = Page(text_of(reader, "/bao-cao/?nam=2019&ngay=2020-03-01"))
    paid = [claim.vnd for claim in page.claims if "disbursed_vnd" in claim.url]
    assert paid[-1] == 170 * MILLION == sum(paid[:-1])


def test_a_month_to_come_has_no_link(reader, year):
    text = text_of(reader, "/bao-cao/?nam=2019&ngay=2019-05-31")
    assert 'href="/bao-cao/thang/2019-05/"' in text and "/bao-cao/thang/2019-06/" not in text
