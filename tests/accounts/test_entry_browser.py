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
