"""The whole way of one đề án in the browser, each step by whoever does it, and the figures that follow."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.models import Role
from projects.models import Project
from tests import factories as make
from tests.projects.test_project_form_browser import choose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MILLION = make.MILLION


def save(page, told):
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()


def save_with_reason(page, reason, told):
    """A rule warns: its calculation is shown, and a reason is asked for."""
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_label("Lý do", exact=True).fill(reason)
    page.get_by_role("button", name="Lưu kèm lý do").click()
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()


@pytest.fixture
def office(page_as, db):
    """A browser for each of those who take part."""
    make.make_plan(code="KCQG", amount_vnd=900 * MILLION)
    make.make_plan(code="KCDP", amount_vnd=500 * MILLION)
    make.make_decision(number="15/QĐ-SCT")
    place = make.make_locality("Y Can")
    for name in ("HTX Chè Một", "HTX Chè Hai"):
        make.make_beneficiary(name, locality=place)
    return {role: page_as(make.make_user(role)) for role in (Role.STAFF, Role.MANAGER, Role.ACCOUNTANT)}


def test_from_the_đề_án_to_the_months_workbook(office):
    clerk, manager, accountant = office[Role.STAFF], office[Role.MANAGER], office[Role.ACCOUNTANT]
    enter_project(clerk)
    line = Project.objects.get().lines.order_by("pk").first()

    clerk.goto(f"{clerk.site}/hop-dong/moi/?dong={line.pk}&nam=2019")
    clerk.get_by_label("Ngày ký").fill("15/3/2019")
    clerk.get_by_label("Ngày kết thúc").fill("30/6/2019")
    save(clerk, "Đã ")
    contract = line.contracts.get()

    clerk.goto(f"{clerk.site}/hop-dong/{contract.pk}/phu-luc/")
    clerk.get_by_label("Ngày ký").fill("1/6/2019")
    clerk.get_by_label("Ngày kết thúc mới").fill("31/12/2019")
    save(clerk, "Đã ")

    clerk.goto(f"{clerk.site}/dong/{line.pk}/nghiem-thu/")
    clerk.get_by_label("Ngày nghiệm thu").fill("15/10/2019")
    save(clerk, "Đã ghi nghiệm thu ngày 15/10/2019")

    accountant.goto(f"{accountant.site}/dong/{line.pk}/chi/?loai=thanh-toan")
    accountant.get_by_label("Ngày chi").fill("20/10/2019")
    accountant.get_by_label("Số tiền (Khuyến công quốc gia)").fill("150 triệu")
    save(accountant, "Đã ")

    manager.goto(f"{manager.site}/?nam=2019&ngay=2019-10-31")
    figure = manager.locator('a.fig[href*="/so-lieu/disbursed_vnd/"]').filter(has_text="150").first
    assert figure.get_attribute("data-vnd") == str(150 * MILLION)
    figure.click()
    expect(manager.get_by_role("main")).to_contain_text("HTX Chè Một")
    expect(manager.locator("tfoot").first).to_contain_text("150")

    manager.goto(f"{manager.site}/bao-cao/thang/2019-10/")
    with manager.expect_download() as download:
        manager.get_by_role("link", name="Tải Excel").first.click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    numbers = [cell for row in book["Giải ngân"].iter_rows(values_only=True) for cell in row]
    assert 150 in numbers
    summary = [cell for row in book["Tổng hợp"].iter_rows(values_only=True) for cell in row]
    assert {300, 150} <= {value for value in summary if isinstance(value, int | float)}


def enter_project(clerk):
    """Two beneficiaries, one from each source."""
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    clerk.get_by_label("Tên đề án").fill("Hỗ trợ máy móc chế biến chè")
    clerk.get_by_label("Loại đề án").select_option(label="Nhóm")
    choose(clerk.locator("form[data-entry]"), "Quyết định phê duyệt", "15/QĐ-SCT")
    for number, (name, source) in enumerate(
        [("HTX Chè Một", "Khuyến công quốc gia"), ("HTX Chè Hai", "Khuyến công địa phương")]
    ):
        if number:
            clerk.get_by_role("button", name="Thêm dòng").click()
        row = clerk.get_by_role("group", name="Dòng").nth(number)
        choose(row, "Cơ sở thụ hưởng", name)
        row.get_by_label(source).fill("200 triệu" if not number else "100tr")
        row.get_by_label("Vốn đối ứng").fill("0,5 tỷ")
    save(clerk, "Đã thêm đề án")


def test_a_stop_with_an_advance_outstanding_and_its_recovery_change_the_figures(office):
    line = make.make_signed_line(300 * MILLION)
    make.advance(line, 120 * MILLION)
    clerk, accountant, manager = office[Role.STAFF], office[Role.ACCOUNTANT], office[Role.MANAGER]

    clerk.goto(f"{clerk.site}/de-an/{line.project_id}/quyet-dinh/ngung/")
    clerk.get_by_label("Ngày", exact=True).fill("1/7/2019")
    clerk.get_by_label("Lý do").first.fill("Cơ sở không đủ vốn đối ứng")
    expect(clerk.locator("[data-effects]")).to_contain_text("120.000.000")
    save(clerk, "Đã ghi ngừng triển khai ngày 01/07/2019")
    assert figures(manager) == {"approved_vnd": 120, "contracted_vnd": 120, "disbursed_vnd": 120}

    accountant.goto(f"{accountant.site}/dong/{line.pk}/thu-hoi/")
    accountant.get_by_label("Ngày thu hồi").fill("1/9/2019")
    save(accountant, "Đã ")
    assert figures(manager) == {"approved_vnd": 0, "contracted_vnd": 0, "disbursed_vnd": 0}


def figures(manager):
    """Sums of the year's lists in triệu đồng, as of its last day."""
    found = {}
    for key in ("approved_vnd", "contracted_vnd", "disbursed_vnd"):
        manager.goto(f"{manager.site}/?nam=2019&ngay=2019-12-31")
        figure = manager.locator(f'a.fig[href*="/so-lieu/{key}/"][data-vnd]').last
        found[key] = int(figure.get_attribute("data-vnd") or 0) // MILLION if figure.count() else 0
    return found
