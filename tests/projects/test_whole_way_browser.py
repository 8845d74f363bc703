"""Whole ways of a đề án in the browser, each step by whoever does it, and the figures that follow.

Everything is entered through the pages, each person in a browser of their own.
"""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.models import Role
from khuyencong.dates import format_day, local_today
from tests import factories as make
from tests.projects.test_project_form_browser import choose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MILLION = make.MILLION
NATIONAL, LOCAL_FUND, COUNTERPART = "Khuyến công quốc gia", "Khuyến công địa phương", "Vốn đối ứng"
STEPS = ["Được duyệt", "Đã ký", "Đã giải ngân", "Đã nghiệm thu", "Đã quyết toán"]
# {source: {column: triệu đồng}} of the dashboard's first table; 0 where a cell says nothing.
READ_SOURCES = """table => Object.fromEntries([...table.tBodies[0].rows].map(row => [
  row.cells[0].firstChild.textContent.trim(),
  Object.fromEntries([...row.querySelectorAll("td[data-label]")].map(cell => [
    cell.dataset.label, Number(cell.querySelector("a.fig")?.dataset.vnd ?? 0) / 1e6,
  ])),
]))"""


# --- what people do on a page ---


@pytest.fixture
def open_as(page_as):
    """A browser of its own for a person of this role, at the dashboard."""

    def open_page(role, **fields):
        page = page_as(make.make_user(role, **fields))
        page.goto(page.site)
        return page

    return open_page


def save(page, told, button="Lưu"):
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()


def follow(page, name, within="main"):
    """Click the link of this name."""
    page.locator(within).get_by_role("link", name=name, exact=True).first.click()


def do(page, name):
    """Open a form from the page of a đề án: by its button, or from the menu of all that can be done."""
    button = page.locator(".head .act > a[href]").get_by_text(name, exact=True)
    if button.count():
        button.click()
    else:
        page.get_by_text("Thêm ▾").click()
        page.locator(".deeds").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("form[data-entry]")).to_be_visible()


def find_project(page, name, query=""):
    """From the list, searched as a person would."""
    page.goto(f"{page.site}/de-an/?{query}")
    page.get_by_role("searchbox").first.fill(name)
    page.keyboard.press("Enter")
    page.locator("table[data-rows] tbody a").first.click()
    expect(page.locator("h1")).to_contain_text(name)


# --- what a manager reads ---


def read_dashboard(page, query=""):
    """{source: [triệu đồng of each of STEPS]} as the dashboard shows them."""
    page.goto(f"{page.site}/?{query}")
    found = page.locator("table.figures").first.evaluate(READ_SOURCES)
    return {name: [row[step] for step in STEPS] for name, row in found.items()}


def download(page, name="Tải Excel"):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    return load_workbook(io.BytesIO(waiting.value.path().read_bytes()))


def rows_of(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def row_named(sheet, name):
    """The numbers of the first row in which this name stands."""
    row = next(row for row in rows_of(sheet) if any(name in cell for cell in row if isinstance(cell, str)))
    return [value for value in row if isinstance(value, int | float)]


# --- from the đề án to the workbook ---


@pytest.fixture
def papers(db):
    """What stood before: the year's plan, a signed decision, two establishments."""
    make.make_plan(code="KCQG", amount_vnd=900 * MILLION)
    make.make_plan(code="KCDP", amount_vnd=500 * MILLION)
    make.make_decision(number="15/QĐ-SCT")
    place = make.make_locality("Y Can")
    return [make.make_beneficiary(name, locality=place) for name in ("HTX Chè Một", "HTX Chè Hai")]


def test_from_the_đề_án_to_the_months_workbook(open_as, papers):
    clerk, accountant, manager = open_as(Role.STAFF), open_as(Role.ACCOUNTANT), open_as(Role.MANAGER)
    october = "nam=2019&ngay=2019-10-31"
    assert set(map(tuple, read_dashboard(manager, october).values())) == {(0, 0, 0, 0, 0)}
    enter_project(clerk)
    assert read_dashboard(manager, october) == {
        NATIONAL: [200, 0, 0, 0, 0],
        LOCAL_FUND: [100, 0, 0, 0, 0],
        "Tổng cộng": [300, 0, 0, 0, 0],
        f"{COUNTERPART} (ngoài tổng)": [1000, 0, 0, 0, 0],
    }
    sign_and_extend(clerk)
    accept(clerk)
    pay(accountant)
    figures = read_dashboard(manager, october)
    assert figures[NATIONAL] == [200, 180, 150, 180, 0]
    assert figures[LOCAL_FUND] == [100, 0, 0, 0, 0]
    assert figures["Tổng cộng"] == [300, 180, 150, 180, 0]
    check_the_list_behind(manager)
    check_the_month(manager, october, figures["Tổng cộng"])


def enter_project(clerk):
    """Two beneficiaries, one from each source."""
    clerk.goto(f"{clerk.site}/de-an/?nam=2019")
    follow(clerk, "Thêm đề án")
    clerk.get_by_label("Tên đề án").fill("Hỗ trợ máy móc chế biến chè")
    clerk.get_by_label("Loại đề án").select_option(label="Nhóm")
    choose(clerk.locator("form[data-entry]"), "Quyết định phê duyệt", "15/QĐ-SCT")
    for number, (name, source, amount) in enumerate(
        [("HTX Chè Một", NATIONAL, "200 triệu"), ("HTX Chè Hai", LOCAL_FUND, "100tr")]
    ):
        if number:
            clerk.get_by_role("button", name="Thêm dòng").click()
        row = clerk.get_by_role("group", name="Dòng").nth(number)
        choose(row, "Cơ sở thụ hưởng", name)
        row.get_by_label(source).fill(amount)
        row.get_by_label(COUNTERPART).fill("0,5 tỷ")
    save(clerk, "Đã thêm đề án")


def sign_and_extend(clerk):
    """For the first of the two; an annex lowers what was signed and puts the end off."""
    do(clerk, "Ký hợp đồng")
    clerk.get_by_label("Ngày ký").fill("15/3/2019")
    clerk.get_by_label("Ngày kết thúc").fill("30/6/2019")
    save(clerk, "Đã lưu hợp đồng")
    clerk.locator("#co-so").get_by_role("link", name=re.compile("HĐ")).first.click()
    expect(clerk.locator(".left > div", has_text="Giá trị hiện nay").locator("b")).to_have_text("200")
    follow(clerk, "Phụ lục")
    clerk.get_by_label("Ngày ký").fill("1/6/2019")
    clerk.get_by_label("Ngày kết thúc mới").fill("31/12/2019")
    clerk.get_by_label(NATIONAL).fill("180 triệu")
    save(clerk, "Đã ")
    expect(clerk.locator(".left > div", has_text="Giá trị hiện nay").locator("b")).to_have_text("180")
    expect(clerk.locator(".left > div", has_text="Hết hạn")).to_contain_text("31/12/2019")


def accept(clerk):
    find_project(clerk, "Hỗ trợ máy móc chế biến chè", "nam=2019")
    do(clerk, "Nghiệm thu")
    clerk.get_by_label("Ngày nghiệm thu").fill("15/10/2019")
    save(clerk, "Đã ghi nghiệm thu ngày 15/10/2019")


def pay(accountant):
    """From the list of what waits to be paid."""
    accountant.goto(f"{accountant.site}/chi-tra/cho-chi/?nam=2019")
    follow(accountant, "Chi: HTX Chè Một")
    accountant.get_by_label("Ngày chi").fill("20/10/2019")
    accountant.get_by_label(f"Số tiền ({NATIONAL})").fill("150 triệu")
    save(accountant, "Đã ghi thanh toán 150.000.000 đồng")


def check_the_list_behind(manager):
    """The figure leads to exactly what it counts, and the file of that list says the same."""
    row = manager.locator("table.figures").first.locator("tr", has_text=NATIONAL)
    figure = row.locator("td[data-label='Đã giải ngân'] a.fig").first
    promised = int(figure.get_attribute("data-vnd")), int(figure.get_attribute("data-count"))
    assert promised == (150 * MILLION, 1)
    figure.click()
    expect(manager.locator(".head [data-vnd]").first).to_have_attribute("data-vnd", str(promised[0]))
    rows = manager.locator("table[data-rows] tbody tr")
    expect(rows).to_have_count(promised[1])
    expect(rows.first).to_contain_text("HTX Chè Một")
    expect(rows.first.locator("td[data-label='Số tiền']")).to_have_text("150.000.000")
    (sheet,) = download(manager).worksheets[:1]
    assert sum(row[-1] for row in rows_of(sheet) if "HTX Chè Một" in row) == promised[0]


def check_the_month(manager, query, figures):
    """The month's page, its workbook and the dashboard say the same."""
    manager.goto(f"{manager.site}/?{query}")
    follow(manager, "Báo cáo tháng 10")
    cells = manager.locator("table.sheet tr.l-total").first.locator("td.n").all_inner_texts()
    on_page = [float(text.replace(".", "").replace(",", ".") or 0) for text in cells]
    book = download(manager)
    assert row_named(book["Tổng hợp"], "Tổng cộng") == on_page
    support, contracted, disbursed, accepted = on_page[4], on_page[6], on_page[8], on_page[12]
    assert [support, contracted, disbursed, accepted] == figures[:4]
    # Approved, signed; advanced, paid, recovered in the month and up to it; disbursed, its percent, what is left.
    paid = [180, 0, 150, 0, 0, 150, 0, 150]
    assert row_named(book["Giải ngân"], "HTX Chè Một") == [200, *paid, 75, 50]
    assert row_named(book["Giải ngân"], "Tổng cộng") == [300, *paid, 50, 150]


# --- a proposal, from the place to the settlement ---


def test_a_place_proposes_a_manager_approves_an_accountant_settles(open_as):
    today = local_today()
    make.make_plan(today.year, "KCDP", 500 * MILLION, on=today.replace(month=1, day=1))
    place = make.make_locality("Y Can")
    officer, manager = open_as(Role.LOCAL, localities=[place]), open_as(Role.MANAGER)
    clerk, accountant = open_as(Role.STAFF), open_as(Role.ACCOUNTANT)
    propose(officer, today.year)
    assert read_dashboard(manager)[LOCAL_FUND] == [0, 0, 0, 0, 0]

    accept_and_approve(manager)
    assert read_dashboard(manager)[LOCAL_FUND] == [120, 0, 0, 0, 0]
    officer.reload()
    expect(officer.locator(".head")).to_contain_text("Đã tiếp nhận")

    find_project(clerk, "Máy sao chè Y Can")
    do(clerk, "Ký hợp đồng")
    clerk.get_by_label("Ngày ký").fill(format_day(today))
    save(clerk, "Đã lưu hợp đồng")
    do(clerk, "Nghiệm thu")
    clerk.get_by_label("Ngày nghiệm thu").fill(format_day(today))
    save(clerk, "Đã ghi nghiệm thu")
    assert read_dashboard(manager)[LOCAL_FUND] == [120, 120, 0, 120, 0]

    find_project(accountant, "Máy sao chè Y Can")
    do(accountant, "Chi")
    save(accountant, "Đã ghi thanh toán 120.000.000 đồng")
    accountant.goto(f"{accountant.site}/chi-tra/cho-quyet-toan/")
    follow(accountant, "Quyết toán: HTX Sao Chè")
    accountant.get_by_label("Ngày quyết toán").fill(format_day(today))
    save(accountant, "Đã ")
    assert read_dashboard(manager)[LOCAL_FUND] == [120, 120, 120, 120, 120]
    find_project(manager, "Máy sao chè Y Can")
    expect(manager.locator(".steps")).to_contain_text("Quyết toán")


def propose(officer, year):
    """For an establishment of the own place, added while proposing."""
    follow(officer, "Đề xuất", within=".side")
    follow(officer, "Đề xuất đề án")
    officer.get_by_label("Tên đề án").fill("Máy sao chè Y Can")
    officer.get_by_label("Năm kế hoạch").fill(str(year))
    choose(officer.locator("form[data-entry]"), "Địa bàn", "Y Can")
    officer.get_by_role("combobox", name="Cơ sở thụ hưởng").press_sequentially("HTX Sao Chè")
    officer.get_by_text("Thêm mới “HTX Sao Chè”").click()
    above = officer.get_by_role("dialog")
    choose(above, "Địa bàn", "Y Can")
    above.get_by_role("button", name="Lưu và chọn").click()
    expect(officer.locator(".item").filter(has_text="HTX Sao Chè")).to_be_visible()
    officer.get_by_label(LOCAL_FUND).fill("120 triệu")
    officer.get_by_label(COUNTERPART).fill("200 triệu")
    save(officer, "Đã gửi đề xuất", button="Gửi đề xuất")


def accept_and_approve(manager):
    """What was asked for stands in the approval already."""
    expect(manager.locator(".side").get_by_role("link", name=re.compile("^Đề xuất"))).to_contain_text("1")
    manager.locator(".side").get_by_role("link", name=re.compile("^Đề xuất")).click()
    follow(manager, "Máy sao chè Y Can")
    follow(manager, "Tiếp nhận")
    save(manager, "Đã tiếp nhận thành đề án", button="Tiếp nhận")
    do(manager, "Phê duyệt")
    manager.get_by_label("Số giấy tờ").fill("07/QĐ-SCT")
    manager.get_by_label("Ngày", exact=True).fill(format_day(local_today()))
    expect(manager.get_by_label(LOCAL_FUND)).to_have_value("120.000.000")
    save(manager, "Đã ghi")


# --- a stop with an advance outstanding, and its recovery in two parts ---


def test_a_stop_with_an_advance_outstanding_and_its_recovery_change_the_figures(open_as):
    make.make_plan(amount_vnd=900 * MILLION)
    line = make.make_signed_line(300 * MILLION, beneficiary=make.make_beneficiary("HTX Chè Thử"))
    clerk, accountant, manager = open_as(Role.STAFF), open_as(Role.ACCOUNTANT), open_as(Role.MANAGER)
    accountant.goto(f"{accountant.site}/chi-tra/cho-chi/?nam=2019")
    follow(accountant, "Chi: HTX Chè Thử")
    accountant.get_by_label("Việc").select_option(label="Tạm ứng")
    accountant.get_by_label("Ngày chi").fill("15/4/2019")
    accountant.get_by_label(f"Số tiền ({NATIONAL})").fill("120 triệu")
    save(accountant, "Đã ghi tạm ứng 120.000.000 đồng")
    assert read_dashboard(manager, "nam=2019")[NATIONAL][:3] == [300, 300, 120]

    find_project(clerk, line.project.name, "nam=2019")
    do(clerk, "Ngừng triển khai")
    clerk.get_by_label("Ngày", exact=True).fill("1/7/2019")
    clerk.get_by_label("Lý do").first.fill("Cơ sở không đủ vốn đối ứng")
    # What it will change is shown before it is saved.
    expect(clerk.locator("[data-effects] tr.changes", has_text="Được duyệt").first).to_contain_text("120.000.000")
    save(clerk, "Đã ghi ngừng triển khai ngày 01/07/2019")
    assert read_dashboard(manager, "nam=2019")[NATIONAL][:3] == [120, 120, 120]

    for day, amount, left in (("1/9/2019", "50 triệu", 70), ("1/10/2019", "70 triệu", 0)):
        accountant.goto(f"{accountant.site}/chi-tra/phai-thu-hoi/?nam=2019")
        follow(accountant, "Thu hồi: HTX Chè Thử")
        accountant.get_by_label("Ngày thu hồi").fill(day)
        accountant.get_by_label(f"Số tiền ({NATIONAL})").fill(amount)
        save(accountant, "Đã ghi thu hồi")
        assert read_dashboard(manager, "nam=2019")[NATIONAL][:3] == [left, left, left]
    # A day between still shows what stood then.
    assert read_dashboard(manager, "nam=2019&ngay=2019-07-15")[NATIONAL][:3] == [120, 120, 120]
    assert read_dashboard(manager, "nam=2019&ngay=2019-06-30")[NATIONAL][:3] == [300, 300, 120]
