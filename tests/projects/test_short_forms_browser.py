"""An accountant's day by keyboard alone: an advance and the rest, a voucher over several lines, a recovery."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MILLION = make.MILLION


@pytest.fixture
def accountant(page_as):
    make.make_plan()
    return page_as(make.make_user(Role.ACCOUNTANT, full_name="Trần Thị Kế Toán"))


def make_line(name):
    return make.make_signed_line(300 * MILLION, beneficiary=make.make_beneficiary(name))


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def type_over(page, text):
    """As a person does: mark what stands in the field and type."""
    press(page, "Control+a")
    page.keyboard.type(text)


def focus_name(page):
    return page.evaluate("document.activeElement.name || ''")


def go_to_field(page, name):
    """Tab until the field has the focus: no mouse, no label clicked."""
    for _ in range(12):
        if focus_name(page) == name:
            return
        press(page, "Tab")
    raise AssertionError(f"no way to {name} by Tab")


def test_an_accountant_pays_an_advance_then_the_rest_by_keyboard(accountant):
    line, amount = make_line("HTX Chè Thử"), f"tien_{make.source().pk}"
    accountant.goto(f"{accountant.site}/chi-tra/cho-chi/?nam=2019")
    button = accountant.get_by_role("link", name="Chi: HTX Chè Thử")
    button.focus()
    press(accountant, "Enter")
    expect(accountant.get_by_role("heading", name="Tạm ứng")).to_be_visible()
    go_to_field(accountant, "paid_on")
    type_over(accountant, "15042019")
    go_to_field(accountant, "voucher")
    accountant.keyboard.type("PC 01")
    go_to_field(accountant, amount)
    assert accountant.locator(f"[name={amount}]").input_value() == "210.000.000"
    press(accountant, "Enter")
    expect(accountant.get_by_text("Đã ghi tạm ứng 210.000.000 đồng cho HTX Chè Thử")).to_be_visible()
    # The list they came from, with its year.
    expect(accountant).to_have_url(f"{accountant.site}/chi-tra/cho-chi/?nam=2019")
    make.accept(line, 300 * MILLION)
    accountant.reload()
    accountant.get_by_role("link", name="Chi: HTX Chè Thử").focus()
    press(accountant, "Enter")
    expect(accountant.get_by_role("heading", name="Thanh toán")).to_be_visible()
    go_to_field(accountant, "paid_on")
    type_over(accountant, "1/11/2019")
    go_to_field(accountant, amount)
    expect(accountant.locator(f"[name={amount}]")).to_have_value("90.000.000")
    press(accountant, "Enter")
    expect(accountant.get_by_text("Đã ghi thanh toán 90.000.000 đồng")).to_be_visible()
    expect(accountant.get_by_text("Không có khoản nào chờ chi.")).to_be_visible()
    assert make.sums(line)[2] == 300 * MILLION


def test_one_voucher_goes_on_from_line_to_line_by_keyboard(accountant):
    lines = [make_line(f"Cơ sở thử {number}") for number in "ABC"]
    accountant.goto(f"{accountant.site}/dong/{lines[0].pk}/chi/?ve=/chi-tra/cho-chi/%3Fnam=2019")
    go_to_field(accountant, "paid_on")
    type_over(accountant, "15/4/2019")
    go_to_field(accountant, "voucher")
    accountant.keyboard.type("UNC 07")
    for here, following in zip("ABC", ("B", "C", None), strict=True):
        expect(accountant.locator("[name=voucher]")).to_have_value("UNC 07")
        press(accountant, "Control+Enter")
        expect(accountant.get_by_text(f"cho Cơ sở thử {here}")).to_be_visible()
        if following:
            expect(accountant.locator(".head")).to_contain_text(f"Cơ sở thử {following}")
            go_to_field(accountant, "voucher")
    assert [make.sums(line)[2] for line in lines] == [210 * MILLION] * 3


def test_what_was_advanced_is_recovered_after_a_stop(accountant):
    line = make_line("Cơ sở ngừng thử")
    make.advance(line, 120 * MILLION)
    make.stop(line.project)
    assert make.sums(line) == (120 * MILLION, 120 * MILLION, 120 * MILLION)
    accountant.goto(f"{accountant.site}/chi-tra/phai-thu-hoi/?nam=2019")
    accountant.get_by_role("link", name="Thu hồi: Cơ sở ngừng thử").focus()
    press(accountant, "Enter")
    expect(accountant.get_by_text("Đã ngừng từ ngày 01/07/2019")).to_be_visible()
    expect(accountant.locator(".effects tr", has_text="Đã giải ngân").first).to_contain_text("120.000.000")
    go_to_field(accountant, "paid_on")
    type_over(accountant, "1/8/2019")
    press(accountant, "Enter")
    expect(accountant.get_by_text("Đã ghi thu hồi 120.000.000 đồng")).to_be_visible()
    assert make.sums(line) == (0, 0, 0)
