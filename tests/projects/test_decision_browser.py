"""A stop with an advance outstanding, decided from the page of the đề án; its recovery; the figures after each."""

from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from projects.models import Project, ProjectLine
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MILLION = make.MILLION


@pytest.fixture(autouse=True)
def plan():
    make.make_plan()


def figure(page, name):
    """The amount that the card of the page of a đề án shows under ``name``, in triệu đồng."""
    return page.locator(".left > div", has_text=name).first.locator("b")


def open_menu(page, deed):
    page.get_by_text("Thêm ▾").click()
    page.locator(".deeds").get_by_role("link", name=deed, exact=True).click()


def test_a_stop_with_an_advance_outstanding_and_its_recovery(page_as):
    line = make.make_signed_line(300 * MILLION, beneficiary=make.make_beneficiary("HTX Chè Thử"))
    make.advance(line, 120 * MILLION)
    clerk = page_as(make.make_user(Role.STAFF, full_name="Nguyễn Văn Ghi"))
    clerk.goto(f"{clerk.site}/de-an/{line.project_id}/")
    expect(figure(clerk, "Kinh phí được duyệt")).to_have_text("300")
    open_menu(clerk, "Ngừng triển khai")
    clerk.get_by_label("Ngày", exact=True).fill("1/7/2019")
    clerk.get_by_label("Lý do").fill("Cơ sở không đủ vốn đối ứng")
    # What it will change is shown before it is saved.
    changed = clerk.locator(".effects tr.changes")
    expect(changed.filter(has_text="Được duyệt").first).to_contain_text("300.000.000")
    expect(changed.filter(has_text="Được duyệt").first).to_contain_text("120.000.000")
    clerk.get_by_role("button", name="Lưu").click()
    expect(clerk.get_by_text("Đã ghi ngừng triển khai ngày 01/07/2019")).to_be_visible()
    for name in ("Kinh phí được duyệt", "Đã ký hợp đồng", "Đã giải ngân"):
        expect(figure(clerk, name)).to_have_text("120")
    expect(clerk.locator(".steps .halt")).to_contain_text("Ngừng triển khai")
    accountant = page_as(make.make_user(Role.ACCOUNTANT, full_name="Trần Thị Kế"))
    accountant.goto(f"{accountant.site}/de-an/{line.project_id}/")
    open_menu(accountant, "Thu hồi")
    accountant.locator("[name=paid_on]").fill("1/8/2019")
    accountant.get_by_role("button", name="Lưu", exact=True).click()
    expect(accountant.get_by_text("Đã ghi thu hồi 120.000.000 đồng")).to_be_visible()
    for name in ("Kinh phí được duyệt", "Đã ký hợp đồng", "Đã giải ngân"):
        expect(figure(accountant, name)).to_have_text("0")
    # The page of the day between still shows what stood then.
    accountant.goto(f"{accountant.site}/de-an/{line.project_id}/?ngay=2019-07-15")
    expect(figure(accountant, "Đã giải ngân")).to_have_text("120")
    expect(accountant.locator(".head .btn-primary")).to_have_count(0)


def choose(row, typed):
    """Type into the row's picker, wait for the answer to all of it, and take what was found."""
    field = row.get_by_role("combobox", name="Cơ sở thụ hưởng")
    with row.page.expect_response(lambda answer: answer.url.endswith(f"q={quote_plus(typed)}")):
        field.press_sequentially(typed)
    row.page.locator(".ts-dropdown:visible .option").filter(has_text=typed).click()
    expect(row.locator(".item").filter(has_text=typed)).to_be_visible()


def test_a_group_is_named_in_one_go(page_as):
    group = make.make_project(Project.Kind.GROUP, beneficiaries_expected=2)
    unnamed = make.make_approved_line(600 * MILLION, project=group, beneficiary=None)
    for name in ("HTX Chè Một", "HTX Quế Hai"):
        make.make_beneficiary(name)
    page = page_as(make.make_user(Role.STAFF))
    page.goto(f"{page.site}/de-an/{group.pk}/")
    page.get_by_role("link", name="Gắn cơ sở").first.click()
    page.get_by_label("Ngày", exact=True).fill("1/4/2019")
    for number, name in enumerate(("HTX Chè Một", "HTX Quế Hai")):
        if number:
            page.get_by_role("button", name="Thêm cơ sở", exact=True).click()
        row = page.locator("[data-row]:visible").nth(number)
        choose(row, name)
        row.get_by_label("Khuyến công quốc gia").fill("300tr")
        row.get_by_label("Vốn đối ứng").fill("400tr")
    expect(page.locator(".effects")).to_contain_text("HTX Quế Hai")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã gắn 2 cơ sở")).to_be_visible()
    assert [make.sums(line)[0] for line in ProjectLine.objects.filter(replaces=unnamed)] == [300 * MILLION] * 2
