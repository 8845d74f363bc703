"""What every form of entry promises, shown on that of an establishment in a real browser."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from projects.models import Beneficiary
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clerk(page_as):
    return page_as(make.make_user(Role.STAFF, full_name="Hoàng Thị Minh Họa"))


def test_a_clerk_adds_an_establishment_and_finds_its_place_while_typing(clerk):
    place = make.make_locality("Y Can")
    clerk.goto(f"{clerk.site}/co-so/moi/")
    clerk.get_by_label("Tên cơ sở").fill("HTX Chè Minh Họa")
    clerk.get_by_role("combobox", name="Địa bàn").press_sequentially("y can")
    expect(clerk.get_by_role("option", name="Y Can").first).to_be_visible()
    clerk.keyboard.press("Enter")
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk.get_by_text("Đã thêm cơ sở HTX Chè Minh Họa.")).to_be_visible()
    assert Beneficiary.objects.get(name="HTX Chè Minh Họa").locality == place


def test_what_was_typed_survives_an_error(clerk):
    clerk.goto(f"{clerk.site}/co-so/moi/")
    clerk.get_by_label("Người đại diện").fill("Nguyễn Văn Thử")
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk.get_by_text("Chưa nhập tên cơ sở.").first).to_be_visible()
    expect(clerk.get_by_label("Người đại diện")).to_have_value("Nguyễn Văn Thử")


def test_a_form_sent_twice_makes_one_row(clerk):
    clerk.goto(f"{clerk.site}/co-so/moi/")
    clerk.get_by_label("Tên cơ sở").fill("HTX Gửi Hai Lần")
    clerk.evaluate("() => { const f = document.querySelector('form[data-entry]'); f.submit(); f.submit(); }")
    expect(clerk.get_by_role("heading", name="HTX Gửi Hai Lần")).to_be_visible()
    clerk.go_back()
    assert Beneficiary.objects.filter(name="HTX Gửi Hai Lần").count() == 1


def test_leaving_with_unsaved_text_asks(clerk):
    clerk.goto(f"{clerk.site}/co-so/moi/")
    clerk.get_by_label("Tên cơ sở").press_sequentially("HTX Dở Dang")
    asked = []
    clerk.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    clerk.goto(f"{clerk.site}/co-so/")
    assert asked == ["beforeunload"]


def test_a_draft_is_of_one_query_whatever_the_page_to_go_back_to(clerk):
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    with clerk.expect_response(lambda answer: "Đề án dở dang" in (answer.request.post_data or "")):
        clerk.get_by_label("Tên đề án").fill("Đề án dở dang")
    clerk.once("dialog", lambda dialog: dialog.accept())
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2020")
    expect(clerk.get_by_label("Tên đề án")).to_have_value("")
    expect(clerk.get_by_role("button", name="Lấy lại")).to_have_count(0)
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019&ve=/de-an/")
    expect(clerk.get_by_role("button", name="Lấy lại")).to_be_visible()


def test_what_was_saved_is_offered_as_a_draft_no_more(clerk):
    row = make.make_beneficiary("HTX Cũ")
    clerk.goto(f"{clerk.site}/co-so/{row.pk}/sua/")
    clerk.get_by_label("Người đại diện").fill("Nguyễn Văn Thử")
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk.get_by_text("Đã lưu cơ sở")).to_be_visible()
    clerk.goto(f"{clerk.site}/co-so/{row.pk}/sua/")
    expect(clerk.get_by_label("Người đại diện")).to_have_value("Nguyễn Văn Thử")
    expect(clerk.get_by_role("button", name="Lấy lại")).to_have_count(0)


def test_an_error_leads_to_its_field_and_leaves_the_address_alone(clerk):
    clerk.goto(f"{clerk.site}/co-so/moi/")
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    clerk.get_by_role("alert").get_by_role("link", name="Tên cơ sở").click()
    expect(clerk.get_by_label("Tên cơ sở")).to_be_focused()
    assert "#" not in clerk.url


def test_a_new_row_takes_the_typing_and_a_dropped_one_alone_asks_on_leaving(clerk):
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    lines, items = clerk.locator("fieldset[data-row]"), clerk.locator(".item[data-row]")
    clerk.get_by_role("button", name="Thêm dòng").press("Enter")
    expect(lines.last.locator("input:focus, select:focus")).to_have_count(1)
    lines.first.get_by_role("button", name="Thêm máy móc, thiết bị").press("Enter")
    expect(items.last.locator("input:focus, select:focus")).to_have_count(1)
    row = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Cũ")).project
    clerk.once("dialog", lambda dialog: dialog.accept())
    clerk.goto(f"{clerk.site}{row.get_absolute_url()}sua/")
    # The draft is kept just before the page asks what saving would do.
    with clerk.expect_request(lambda asked: "DELETE" in (asked.post_data or "")):
        lines.first.get_by_role("button", name="Bỏ dòng này").click()
    expect(lines.first).to_be_hidden()
    asked = []
    clerk.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    clerk.reload()
    assert asked == ["beforeunload"]
    clerk.get_by_role("button", name="Lấy lại").click()
    expect(lines.first).to_be_hidden()


def test_an_effect_told_late_does_not_take_the_place_of_a_newer_one(clerk):
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    clerk.wait_for_load_state("networkidle")
    held = []

    def answer(route):
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.fulfill(body="<p>Câu trả lời mới</p>")

    clerk.route("**/de-an/moi/*", answer)
    name = clerk.get_by_label("Tên đề án")
    with clerk.expect_request(lambda asked: "Cũ" in (asked.post_data or "")):
        name.fill("Cũ")
    name.fill("Mới")
    effects = clerk.locator("[data-effects]")
    expect(effects).to_have_text("Câu trả lời mới")
    with clerk.expect_response(lambda told: "Cũ" in (told.request.post_data or "")) as late:
        held[0].fulfill(body="<p>Câu trả lời cũ</p>")
    late.value.finished()
    clerk.evaluate("new Promise(requestAnimationFrame)")
    expect(effects).to_have_text("Câu trả lời mới")


def test_the_second_who_saves_sees_both_versions_and_loses_nothing(page_as, clerk):
    row = make.make_beneficiary("HTX Cũ")
    other = page_as(make.make_user(Role.MANAGER, full_name="Lý Văn Lãnh Đạo"))
    for page in (clerk, other):
        page.goto(f"{page.site}/co-so/{row.pk}/sua/")
    other.get_by_label("Người đại diện").fill("Người Của Lãnh Đạo")
    other.get_by_role("button", name="Lưu", exact=True).click()
    expect(other.get_by_text("Đã lưu cơ sở")).to_be_visible()
    clerk.get_by_label("Người đại diện").fill("Người Của Chuyên Viên")
    clerk.get_by_label("Điện thoại").fill("0912 000 000")
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk.get_by_text("Có người vừa sửa. Lý Văn Lãnh Đạo sửa lúc")).to_be_visible()
    expect(clerk.get_by_label("Điện thoại")).to_have_value("0912 000 000")
    clerk.get_by_role("radio", name="Người Của Lãnh Đạo").check()
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk.get_by_text("Đã lưu cơ sở")).to_be_visible()
    row.refresh_from_db()
    assert (row.representative, row.phone) == ("Người Của Lãnh Đạo", "0912 000 000")
