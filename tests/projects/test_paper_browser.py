"""A whole paper entered by keyboard: two đề án found while typing, the plan before and after beside them."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MILLION = make.MILLION


def take(page, typed, name):
    """Type into the picker in focus and take what was found."""
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]:visible .item", has_text=name)).to_be_visible()


def test_a_paper_with_a_stop_and_an_addition_is_entered_by_keyboard(page_as):
    make.make_plan(amount_vnd=300 * MILLION)
    old = make.make_signed_line(300 * MILLION, beneficiary=make.make_beneficiary("HTX Chè Cũ"))
    make.advance(old, 100 * MILLION)
    new = make.make_line(beneficiary=make.make_beneficiary("Cơ sở Quế Mới"))
    for code in ("KCQG", "DOIUNG"):
        make.ask(new, 200 * MILLION, code=code)
    page = page_as(make.make_user(Role.STAFF))
    page.goto(f"{page.site}/ke-hoach/2019/quyet-dinh/moi/")
    page.keyboard.type("77/QĐ-THỬ")
    page.keyboard.press("Tab")
    page.keyboard.type("15/10/2019")
    page.locator("[name=viec-moi0-line]").focus()
    take(page, "que moi", "Cơ sở Quế Mới")
    page.keyboard.press("Tab")
    take(page, "bo sung", "Phê duyệt bổ sung")
    expect(page.get_by_text("Hiện nay: Khuyến công quốc gia: đề nghị 200.000.000")).to_be_visible()
    page.get_by_role("button", name="Thêm đề án").focus()
    page.keyboard.press("Enter")
    take(page, "che cu", "HTX Chè Cũ")
    page.keyboard.press("Tab")
    take(page, "ngung ca", "Ngừng cả đề án")
    page.keyboard.press("Tab")
    page.keyboard.type("Không đủ vốn")
    changed = page.locator(".effects tr.changes")
    expect(changed.filter(has_text="Trả lại do ngừng")).to_contain_text("200.000.000")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Đã nhập quyết định 77/QĐ-THỬ với 2 việc của đề án")).to_be_visible()
    assert (make.sums(old)[0], make.sums(new)[0]) == (100 * MILLION, 200 * MILLION)
