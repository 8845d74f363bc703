"""Lists as workbooks: all that is filtered, in the page's order, with the page's sums; text that stays text."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.models import Role
from khuyencong.dates import format_day
from projects.models import Project
from tests import factories as make
from tests.bulk import make_year
from tests.projects.pages import HTMX, see, sums_of

pytestmark = pytest.mark.django_db
M = make.MILLION
FRAME = "nam=2019&ngay=2019-12-31"
LISTS = ["de-an", "hop-dong", "co-so", "chi-tra/da-chi", "tien-do"]
WAITING = ["chi-tra/cho-chi", "chi-tra/phai-thu-hoi", "chi-tra/cho-quyet-toan", "tien-do/cho-nghiem-thu"]
COLUMNS = {
    "approved": "Kinh phí được duyệt",
    "contracted": "Đã ký hợp đồng",
    "disbursed": "Đã giải ngân",
    "accepted": "Đã nghiệm thu",
    "value": "Giá trị",
    "received": "Đã nhận",
}


class Book:
    """The first sheet: ``heads``, ``rows`` and ``sums`` of values, ``issuer`` and ``about`` the lines above them."""

    def __init__(self, answer):
        assert answer.status_code == 200
        self.sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
        self.head_row = int(self.sheet.print_title_rows.split(":")[0].strip("$"))
        values = [[cell.value for cell in row] for row in self.sheet.iter_rows()]
        above = [row[0] for row in values[: self.head_row - 1]]
        self.issuer, self.about = above[:2], above[3:]
        self.heads = values[self.head_row - 1]
        body = values[self.head_row :]
        self.rows, self.sums = (body[:-1], body[-1]) if self.sheet.auto_filter.ref else ([], None)

    def column(self, head):
        return [row[self.heads.index(head)] for row in self.rows]

    def sum(self, head):
        return self.sums[self.heads.index(head)]


@pytest.fixture
def year():
    make_year(64)


@pytest.fixture
def viewer():
    return make.make_user(Role.VIEWER)


def both(client, path, query, user):
    page, file = (see(client, f"/{path}{end}?{query}", user) for end in ("/", ".xlsx"))
    return page, Book(file)


@pytest.mark.parametrize("path", LISTS)
def test_the_file_holds_all_rows_and_the_sums_of_the_page(client, viewer, path):
    # More than a page: every third đề án has a milestone.
    make_year(156 if path == "tien-do" else 64)
    page, book = both(client, path, FRAME, viewer)
    sums = sums_of(page)
    assert len(book.rows) == sums["count"] > len(page.context["rows"])
    found = {
        key: round(book.sum(COLUMNS[key]) * M) for key in COLUMNS.keys() & sums.keys() if COLUMNS[key] in book.heads
    }
    assert found == {key: sums[key] for key in found}
    for key in found:
        assert round(sum(value or 0 for value in book.column(COLUMNS[key])) * M) == sums[key]


def test_payments_add_up_to_what_was_disbursed(client, year, viewer):
    page, book = both(client, "chi-tra/da-chi", FRAME, viewer)
    assert round(book.sum("Số tiền") * M) == sums_of(page)["disbursed"] == round(sum(book.column("Số tiền")) * M)


QUERIES = {
    "de-an": ["sap=-duyet", "q=1", "tinh-trang=da-nghiem-thu", "sap=-ten&tre=1"],
    "hop-dong": ["sap=-so", "han=qua-han", "q=00"],
    "co-so": ["sap=-ten&q=5", "ho-tro=nam"],
    "chi-tra/da-chi": ["sap=tien", "buoc=tam-ung&tu=1/3/2019"],
    "tien-do": ["sap=-han", "tinh-trang=qua-han"],
}


@pytest.mark.parametrize(("path", "query"), [(path, query) for path, own in QUERIES.items() for query in own])
def test_filters_and_order_are_those_of_the_page(client, year, viewer, path, query):
    page, book = both(client, path, f"{FRAME}&{query}&trang=1", viewer)
    first = [shown(path, row) for row in page.context["rows"]]
    heads = {
        "de-an": "Mã",
        "hop-dong": "Số hợp đồng",
        "co-so": "Cơ sở",
        "chi-tra/da-chi": "Chứng từ",
        "tien-do": "Mã đề án",
    }
    assert (book.column(heads[path]) if book.rows else [])[:50] == first
    assert len(book.rows) == page.context["table"].count


def shown(path, row):
    return {
        "de-an": lambda: row.project.code,
        "hop-dong": lambda: str(row.contract),
        "co-so": lambda: row.name,
        "chi-tra/da-chi": lambda: row.voucher or None,
        "tien-do": lambda: row.milestone.project.code,
    }[path]()


def test_the_file_says_what_it_holds(client, year, viewer):
    book = both(client, "de-an", f"{FRAME}&nguon=KCQG&q=đề", viewer)[1]
    assert book.issuer == ["SỞ CÔNG THƯƠNG TỈNH YÊN BÁI", "TRUNG TÂM KHUYẾN CÔNG VÀ XÚC TIẾN THƯƠNG MẠI"]
    assert book.about[0] == "Đề án"
    assert "Năm kế hoạch 2019, số liệu đến hết ngày 31/12/2019" in book.about
    assert "Bộ lọc: tìm: “đề”; nguồn kinh phí: Khuyến công quốc gia" in book.about
    assert book.about[-1] == "Đơn vị tính: triệu đồng"
    sheet = book.sheet
    assert sheet.freeze_panes == f"B{book.head_row + 1}" and sheet.page_setup.fitToWidth == 1


def test_amounts_and_days_are_numbers_and_dates(client, viewer):
    line = make.make_approved_line(300 * M + 250_000)
    make.sign(line, 300 * M + 250_000, on="2019-03-05")
    book = both(client, "hop-dong", FRAME, viewer)[1]
    assert book.column("Giá trị") == [300.25]
    assert book.column("Ngày ký") == [datetime(2019, 3, 5)]


def test_what_people_typed_is_no_formula(client, viewer):
    make.make_approved_line(project=make.make_project(Project.Kind.SINGLE, name="=1+1"))
    book = both(client, "de-an", FRAME, viewer)[1]
    cell = next(cell for row in book.sheet.iter_rows() for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s" and cell.quotePrefix


def test_an_empty_list_is_a_file_that_says_so(client, viewer):
    book = both(client, "de-an", "nam=2031", viewer)[1]
    assert book.sheet.cell(book.head_row + 1, 1).value == "Không có đề án nào khớp."
    assert f"đến hết ngày {format_day(make.day('2031-01-01'))}" not in book.about


@pytest.mark.parametrize("path", WAITING)
def test_the_file_of_what_waits_has_the_rows_and_the_sum_of_its_page(client, viewer, path):
    accepted, advanced = make.make_signed_line(300 * M), make.make_signed_line(200 * M)
    make.accept(accepted, 300 * M)
    stopped = make.make_signed_line(100 * M)
    for line in (advanced, stopped):
        make.advance(line, 50 * M)
    make.stop(stopped.project)
    page, book = both(client, path, FRAME, viewer)
    assert len(book.rows) == page.context["table"].count == len(page.context["rows"]) > 0
    assert round(book.sum(page.context["table"].kind.amount) * M) == page.context["table"].sums["waits"] > 0
    assert f"/{path}.xlsx?{FRAME.replace('&', '&amp;')}" in page.content.decode()


@pytest.mark.parametrize("path", [*LISTS, *WAITING, "chi-tra"])
def test_a_local_officer_downloads_own_places_alone(client, path):
    place = make.make_locality()
    own, other = (make.make_signed_line(locality=where) for where in (place, make.make_locality()))
    for line in (own, other):
        make.advance(line, 10 * M)
    user = make.make_user(Role.LOCAL, localities=[place])
    page, book = both(client, path, FRAME, user)
    text = str([[cell.value for cell in row] for row in book.sheet.iter_rows()])
    assert other.project.code not in text and str(other.beneficiary) not in text
    assert len(book.rows) == page.context["table"].count


@pytest.mark.parametrize("path", [*LISTS, "chi-tra"])
def test_the_button_keeps_filters_order_year_and_day_through_a_swap(client, viewer, path):
    query = f"{FRAME}&q=a&sap=x"
    expected = f'href="/{path}.xlsx?{query.replace("&", "&amp;")}"'
    whole = see(client, f"/{path}/?{query}&trang=2", viewer).content.decode()
    part = see(client, f"/{path}/?{query}", viewer, **HTMX).content.decode()
    assert expected in whole and whole.count('id="tai-excel"') == 1 and "hx-swap-oob" not in whole
    assert expected in part and 'hx-swap-oob="true"' in part


def test_the_file_of_milestones_holds_the_contracts_past_their_end_too(client, viewer):
    make.make_plan()
    line = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Trễ Hạn"))
    make.sign(line, 300 * M, number="07/HĐ-KC", ends_on=make.day("2019-09-30"))
    page = see(client, f"/tien-do/?{FRAME}", viewer)
    assert len(page.context["table"].late_contracts) == 1
    book = load_workbook(BytesIO(see(client, f"/tien-do.xlsx?{FRAME}", viewer).content))
    assert [sheet.title for sheet in book.worksheets] == ["Tiến độ", "Hợp đồng quá hạn"]
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    signed, end = (datetime(2019, month, day) for month, day in ((3, 15), (9, 30)))
    assert ("07/HĐ-KC", "HTX Trễ Hạn", signed, end, "Quá hạn 92 ngày") in rows
    assert rows[-1][0] == "Tổng cộng 1 hợp đồng"
    # Where none is late there is no further sheet.
    book = load_workbook(BytesIO(see(client, "/tien-do.xlsx?nam=2019&ngay=2019-06-30", viewer).content))
    assert len(book.worksheets) == 1
