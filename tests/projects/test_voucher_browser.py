"""A voucher over several lines by keyboard alone: two ticked, one found while typing, the total shown meanwhile."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from projects.models import Payment
from tests import factories as make
from tests.projects.test_short_forms_browser import go_to_field, make_line, press, type_over

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_voucher_of_three_lines_is_entered_by_keyboard_with_its_total(page_as):
    make.make_plan(amount_vnd=2000 * make.MILLION)
    make.receive(1000 * make.MILLION)
    for name in ("HTX Chè Thử", "HTX Quế Thử", "HTX Măng Thử"):
        make_line(name)
    accountant = page_as(make.make_user(Role.ACCOUNTANT))
    accountant.goto(f"{accountant.site}/chi-tra/?nam=2019")
    for name in ("HTX Chè Thử", "HTX Quế Thử"):
        accountant.get_by_role("checkbox", name=f"Đưa vào chứng từ: {name}").focus()
        press(accountant, "Space")
    accountant.get_by_role("button", name="Chứng từ nhiều dòng").focus()
    press(accountant, "Enter")
    total = accountant.locator("[data-voucher-sum]")
    expect(total).to_have_text("420.000.000")
    accountant.keyboard.type("UNC 7")
    go_to_field(accountant, "paid_on")
    type_over(accountant, "15042019")
    accountant.get_by_role("button", name="Thêm dòng").focus()
    press(accountant, "Enter")
    # The new row begins at its picker.
    accountant.keyboard.type("mang thu")
    press(accountant, "Enter")
    expect(total).to_have_text("630.000.000")
    amount = f"dong-moi2-tien_{make.source().pk}"
    accountant.locator(f"[name={amount}]").focus()
    type_over(accountant, "10 triệu")
    expect(total).to_have_text("430.000.000")
    press(accountant, "Enter")
    expect(accountant.get_by_text("Đã ghi chứng từ UNC 7 ngày 15/04/2019: 3 khoản, 430.000.000 đồng.")).to_be_visible()
    assert Payment.objects.filter(voucher="UNC 7").count() == 3


def test_a_draft_taken_up_again_hides_no_amount(page_as):
    make.make_plan(amount_vnd=2000 * make.MILLION)
    make.receive(1000 * make.MILLION)
    make_line("HTX Chè Thử")
    page = page_as(make.make_user(Role.ACCOUNTANT))
    address = f"{page.site}/chi-tra/chung-tu/moi/?nam=2019"
    page.goto(address)
    page.get_by_role("combobox", name="Cơ sở hoặc nội dung").focus()
    page.keyboard.type("che thu")
    press(page, "Enter")
    amount = page.locator(f"[name=dong-moi0-tien_{make.source().pk}]")
    expect(amount).to_have_value("210.000.000")
    # The draft is kept just before the page asks what saving would do.
    with page.expect_request(lambda asked: "10.000.000" in (asked.post_data or "")):
        amount.fill("10.000.000")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    page.get_by_role("button", name="Lấy lại").click()
    expect(amount).to_be_visible()
    expect(page.locator("[data-voucher-sum]")).to_have_text("10.000.000")
