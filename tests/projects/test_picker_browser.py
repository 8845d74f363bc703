"""Fields found while typing, in a real browser: when they open, what a draft keeps, forms above the form."""

from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clerk(page_as):
    return page_as(make.make_user(Role.STAFF, full_name="Hoàng Thị Minh Họa"))


def picker(page, name):
    return page.get_by_role("combobox", name=name)


def test_a_draft_comes_back_with_the_names_of_what_was_chosen(clerk):
    make.make_beneficiary("HTX Chè Đã Có")
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    picker(clerk, "Cơ sở thụ hưởng").press_sequentially("đã có")
    expect(clerk.get_by_role("option", name="HTX Chè Đã Có")).to_be_visible()
    clerk.keyboard.press("Enter")
    chosen = clerk.locator(".ts-wrapper", has=picker(clerk, "Cơ sở thụ hưởng")).locator(".item")
    expect(chosen).to_have_text("HTX Chè Đã Có")
    # The draft is kept just before the page asks what saving would do.
    with clerk.expect_response(lambda answer: "Đề án dở dang" in (answer.request.post_data or "")):
        clerk.get_by_label("Tên đề án").fill("Đề án dở dang")
    clerk.once("dialog", lambda dialog: dialog.accept())
    clerk.reload()
    clerk.get_by_role("button", name="Lấy lại").click()
    expect(clerk.get_by_label("Tên đề án")).to_have_value("Đề án dở dang")
    expect(chosen).to_have_text("HTX Chè Đã Có")


def test_a_list_opens_when_asked_and_not_on_focus(clerk):
    make.make_decision(number="15/QĐ-SCT")
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    field, lists = picker(clerk, "Quyết định phê duyệt"), clerk.locator(".ts-dropdown:visible")
    for name in ("Quyết định phê duyệt", "Đơn vị thực hiện", "Nội dung hoạt động", "Cơ sở thụ hưởng"):
        picker(clerk, name).focus()
    field.focus()
    clerk.wait_for_load_state("networkidle")
    expect(lists).to_have_count(0)
    field.press("ArrowDown")
    expect(lists.get_by_text("15/QĐ-SCT")).to_be_visible()
    field.press("Escape")
    expect(lists).to_have_count(0)
    field.press_sequentially("15/")
    expect(lists.get_by_text("15/QĐ-SCT")).to_be_visible()
    field.press("Enter")
    activity = picker(clerk, "Nội dung hoạt động")
    activity.click()
    expect(lists.get_by_role("option").first).to_be_visible()
    activity.press("Escape")
    activity.press("ArrowDown")
    expect(lists.get_by_role("option").first).to_be_visible()


@pytest.fixture
def refused_form(clerk):
    """The page of a đề án whose "Thêm mới" cannot reach the server."""
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    clerk.route("**/co-so/moi/*", lambda route: route.abort())
    picker(clerk, "Cơ sở thụ hưởng").press_sequentially("HTX Mới Toanh")
    clerk.get_by_text("Thêm mới “HTX Mới Toanh”").click()
    return clerk


def test_a_form_above_that_does_not_come_says_so_and_is_tried_again(refused_form):
    above = refused_form.get_by_role("dialog")
    expect(above).to_contain_text("Chưa mở được biểu mẫu thêm mới: không kết nối được máy chủ.")
    refused_form.unroute("**/co-so/moi/*")
    above.get_by_role("button", name="Thử lại").click()
    expect(above.get_by_label("Tên cơ sở")).to_have_value("HTX Mới Toanh")


def test_a_form_above_that_does_not_come_can_be_closed(refused_form):
    refused_form.get_by_role("dialog").get_by_role("button", name="Đóng").click()
    expect(refused_form.get_by_role("dialog")).to_have_count(0)
    field = picker(refused_form, "Cơ sở thụ hưởng")
    expect(field).to_be_focused()
    field.press_sequentially("HTX Hai")
    expect(refused_form.get_by_text("Thêm mới “HTX Hai”")).to_be_visible()


def test_a_form_above_asks_to_log_in_again_when_the_session_is_over(clerk):
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    picker(clerk, "Cơ sở thụ hưởng").press_sequentially("HTX Mới Toanh")
    expect(clerk.get_by_text("Thêm mới “HTX Mới Toanh”")).to_be_visible()
    clerk.context.clear_cookies()
    clerk.get_by_text("Thêm mới “HTX Mới Toanh”").click()
    above = clerk.get_by_role("dialog")
    expect(above).to_contain_text("phiên đăng nhập đã hết")
    assert above.get_by_role("link", name="Đăng nhập lại").get_attribute("href").startswith("/dang-nhap/?")


def test_what_is_signed_already_is_told_with_the_way_to_its_contract(clerk):
    make.make_plan()
    line = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Chè Đã Ký"))
    contract = make.sign(line, 300 * make.MILLION, number="07/HĐ-KC")
    clerk.goto(f"{clerk.site}/hop-dong/moi/?nam=2019")
    field = picker(clerk, "Cơ sở thụ hưởng hoặc đề án")
    # The answer to all that was typed, however long a busy machine takes.
    with clerk.expect_response(lambda answer: f"q={quote_plus('đã ký')}" in answer.url):
        field.press_sequentially("đã ký")
    lists = clerk.locator(".ts-dropdown:visible")
    expect(lists).to_contain_text("Không tìm thấy.")
    expect(lists).to_contain_text("HTX Chè Đã Ký đã ký hợp đồng số 07/HĐ-KC ngày 15/03/2019.")
    expect(lists.get_by_role("link")).to_have_attribute("href", contract.get_absolute_url())
    # The list closes with the field, and the way stays.
    clerk.get_by_label("Ngày ký").focus()
    expect(clerk.get_by_role("link", name="Xem hợp đồng")).to_be_visible()


def test_tab_takes_what_is_marked_and_goes_on(clerk):
    make.make_beneficiary("HTX Chè Đã Có")
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    field = picker(clerk, "Cơ sở thụ hưởng")
    field.press_sequentially("đã có")
    expect(clerk.get_by_role("option", name="HTX Chè Đã Có")).to_be_visible()
    field.press("Tab")
    expect(clerk.locator(".ts-wrapper", has=field).locator(".item")).to_have_text("HTX Chè Đã Có")
    expect(field).not_to_be_focused()


def test_what_is_made_two_forms_above_goes_to_the_form_that_asked_for_it(clerk):
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    decision = picker(clerk, "Quyết định phê duyệt")
    decision.press_sequentially("27/QĐ-UBND")
    clerk.locator(".ts-dropdown .create").click()
    lower = clerk.locator("dialog[open]").first
    agency = lower.get_by_role("combobox", name="Cơ quan ban hành")
    agency.press_sequentially("UBND tỉnh Thử")
    lower.locator(".ts-dropdown .create").click()
    clerk.locator("dialog[open]").nth(1).get_by_role("button", name="Lưu").click()
    expect(clerk.locator("dialog[open]")).to_have_count(1)
    expect(lower.locator(".ts-wrapper", has=picker(clerk, "Cơ quan ban hành")).locator(".item")).to_have_text(
        "UBND tỉnh Thử"
    )
    lower.get_by_label("Ngày ký").fill("5/6/2019")
    lower.get_by_role("button", name="Lưu").click()
    expect(clerk.locator("dialog[open]")).to_have_count(0)
    expect(clerk.locator(".ts-wrapper", has=decision).locator(".item")).to_contain_text("27/QĐ-UBND")


def test_a_draft_keeps_a_box_that_was_unticked(clerk):
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    box = clerk.locator('form [name$="has_contract"]').first
    clerk.locator("form details:not([open]) > summary").evaluate_all("each => each.forEach((one) => one.click())")
    box.uncheck()
    with clerk.expect_response(lambda answer: "Đề án dở dang" in (answer.request.post_data or "")):
        clerk.get_by_label("Tên đề án").fill("Đề án dở dang")
    clerk.once("dialog", lambda dialog: dialog.accept())
    clerk.reload()
    clerk.get_by_role("button", name="Lấy lại").click()
    expect(clerk.get_by_label("Tên đề án")).to_have_value("Đề án dở dang")
    expect(box).not_to_be_checked()


def test_ctrl_enter_above_never_saves_the_form_beneath(refused_form):
    saved = []
    refused_form.on("request", lambda asked: saved.append(asked) if asked.is_navigation_request() else None)
    refused_form.get_by_role("button", name="Thử lại").press("Control+Enter")
    refused_form.unroute("**/co-so/moi/*")
    above = refused_form.get_by_role("dialog")
    above.get_by_role("button", name="Thử lại").click()
    name = above.get_by_label("Tên cơ sở")
    name.press("Control+Enter")
    expect(refused_form.get_by_role("dialog")).to_have_count(0)
    field = picker(refused_form, "Cơ sở thụ hưởng")
    expect(refused_form.locator(".ts-wrapper", has=field).locator(".item")).to_have_text("HTX Mới Toanh")
    assert saved == []


def test_escape_asks_before_it_throws_away_what_was_typed_above(refused_form):
    above = refused_form.get_by_role("dialog")
    again = above.get_by_role("button", name="Thử lại")
    # Until it was told that it cannot open, the form is still on its way.
    expect(again).to_be_visible()
    refused_form.unroute("**/co-so/moi/*")
    again.click()
    above.get_by_label("Người đại diện").fill("Nguyễn Văn Thử")
    asked = []
    refused_form.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    refused_form.keyboard.press("Escape")
    expect(above.get_by_label("Người đại diện")).to_have_value("Nguyễn Văn Thử")
    assert asked == ["Bỏ nội dung đang nhập ở đây?"]


def test_enter_never_keeps_what_was_chosen_before_in_place_of_other_words(clerk):
    for number in ("77/QĐ-SCT", "79/QĐ-SCT"):
        make.make_decision(number=number)
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    field = picker(clerk, "Quyết định phê duyệt")
    chosen = clerk.locator(".ts-wrapper", has=field).locator(".item")
    field.press_sequentially("77/")
    field.press("Enter")
    expect(chosen).to_contain_text("77/QĐ-SCT")
    field.press_sequentially("79/")
    field.press("Enter")
    expect(chosen).to_contain_text("79/QĐ-SCT")
    # Of words that nothing holds a new one is made, and the old choice is not offered.
    field.click()
    expect(clerk.locator(".ts-dropdown:visible").get_by_text("77/QĐ-SCT")).to_be_visible()
    field.press_sequentially("81/QĐ-SCT")
    offered = clerk.locator(".ts-dropdown:visible")
    expect(offered.get_by_text("Không tìm thấy.")).to_be_visible()
    expect(offered.locator(".create")).to_contain_class("active")
    expect(offered.get_by_text("79/QĐ-SCT")).to_have_count(0)
    field.press("Enter")
    expect(clerk.get_by_role("dialog").get_by_label("Số quyết định")).to_have_value("81/QĐ-SCT")
