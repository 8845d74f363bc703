"""A đề án entered on its one page in a real browser: rows that grow, an establishment made without leaving."""

from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from projects.models import Project
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clerk(page_as):
    return page_as(make.make_user(Role.STAFF, full_name="Hoàng Thị Minh Họa"))


def choose(where, name, typed):
    """Type into the picker ``name`` and take the first row found."""
    field = where.get_by_role("combobox", name=name)
    with where.page.expect_response(lambda answer: answer.url.endswith(f"q={quote_plus(typed)}")):
        field.press_sequentially(typed)
    found = where.page.locator(".ts-dropdown:visible .option")
    expect(found).to_have_count(1)
    found.click()
    expect(where.locator(".item").filter(has_text=typed)).to_be_visible()


def test_two_beneficiaries_from_two_sources_with_equipment_and_the_figures_after(clerk):
    make.make_plan(code="KCQG", amount_vnd=900 * make.MILLION)
    make.make_plan(code="KCDP", amount_vnd=500 * make.MILLION)
    make.make_decision(number="15/QĐ-SCT")
    make.make_beneficiary("HTX Chè Đã Có", locality=make.make_locality("Y Can"))
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    clerk.get_by_label("Tên đề án").fill("Hỗ trợ máy móc chế biến chè")
    clerk.get_by_label("Loại đề án").select_option(label="Nhóm")
    choose(clerk.locator("form[data-entry]"), "Quyết định phê duyệt", "15/QĐ-SCT")

    first = clerk.get_by_role("group", name="Dòng").nth(0)
    choose(first, "Cơ sở thụ hưởng", "HTX Chè Đã Có")
    first.get_by_label("Khuyến công quốc gia").fill("200 triệu")
    first.get_by_label("Vốn đối ứng").fill("0,3 tỷ")
    first.get_by_role("button", name="Thêm máy móc, thiết bị").click()
    first.get_by_label("Tên máy móc, thiết bị").fill("Máy vò chè")
    first.get_by_label("Giá trị").fill("120tr")

    clerk.get_by_role("button", name="Thêm dòng").click()
    second = clerk.get_by_role("group", name="Dòng").nth(1)
    second.get_by_role("combobox", name="Cơ sở thụ hưởng").press_sequentially("HTX Mới Toanh")
    expect(clerk.get_by_text("Không tìm thấy.")).to_be_visible()
    clerk.get_by_text("Thêm mới “HTX Mới Toanh”").click()
    above = clerk.get_by_role("dialog")
    expect(above.get_by_label("Tên cơ sở")).to_have_value("HTX Mới Toanh")
    above.get_by_role("button", name="Lưu và chọn").click()
    expect(second.locator(".item").filter(has_text="HTX Mới Toanh")).to_be_visible()
    second.get_by_label("Khuyến công địa phương").fill("100tr")
    second.get_by_label("Vốn đối ứng").fill("150.000.000")
    expect(clerk.locator("[data-effects]")).to_contain_text("400.000.000")

    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk.get_by_text("Đã thêm đề án KCQG-2019-001")).to_be_visible()
    lines = list(Project.objects.get().lines.order_by("pk"))
    assert [line.beneficiary.name for line in lines] == ["HTX Chè Đã Có", "HTX Mới Toanh"]
    assert lines[0].equipment.get().value_vnd == 120 * make.MILLION
    clerk.goto(f"{clerk.site}/so-lieu/approved_vnd/?nam=2019")
    expect(clerk.get_by_role("main")).to_contain_text("300")


def test_a_draft_comes_back_with_its_rows_and_machines(clerk):
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    clerk.get_by_role("button", name="Thêm dòng").click()
    second = clerk.get_by_role("group", name="Dòng").nth(1)
    second.get_by_role("button", name="Thêm máy móc, thiết bị").click()
    # The draft is kept just before the page asks what saving would do.
    with clerk.expect_response(lambda answer: "Máy sấy dở dang" in (answer.request.post_data or "")):
        second.get_by_label("Tên máy móc, thiết bị").fill("Máy sấy dở dang")
    clerk.once("dialog", lambda dialog: dialog.accept())
    clerk.reload()
    clerk.get_by_role("button", name="Lấy lại").click()
    expect(clerk.get_by_label("Tên máy móc, thiết bị")).to_have_value("Máy sấy dở dang")


def test_a_dropped_row_is_not_saved(clerk):
    make.make_plan(code="KCQG")
    make.make_decision(number="15/QĐ-SCT")
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    clerk.get_by_label("Tên đề án").fill("Tổ chức hội chợ")
    clerk.get_by_label("Loại đề án").select_option(label="Hoạt động")
    choose(clerk.locator("form[data-entry]"), "Quyết định phê duyệt", "15/QĐ-SCT")
    clerk.get_by_label("Khuyến công quốc gia").fill("50 triệu")
    clerk.get_by_role("button", name="Thêm dòng").click()
    second = clerk.get_by_role("group", name="Dòng").nth(1)
    second.get_by_label("Khuyến công quốc gia").fill("không phải tiền")
    second.get_by_role("button", name="Bỏ dòng này").click()
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk.get_by_text("Đã thêm đề án")).to_be_visible()
    assert Project.objects.get().lines.count() == 1


def test_the_code_follows_the_plan_year_and_the_source_until_one_types_it(clerk):
    make.make_project(code="KCDP-2018-007")
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    code, year = clerk.get_by_label("Mã đề án"), clerk.get_by_label("Năm kế hoạch").first
    expect(code).to_have_value("KCDP-2019-001")
    year.fill("2018")
    year.press("Tab")
    expect(code).to_have_value("KCDP-2018-008")
    clerk.get_by_label("Vốn đối ứng").fill("300tr")
    clerk.get_by_label("Khuyến công quốc gia").fill("200tr")
    clerk.get_by_label("Khuyến công quốc gia").press("Tab")
    expect(code).to_have_value("KCQG-2018-001")
    code.fill("RIÊNG-01")
    # The panel is asked after the code would have been.
    with clerk.expect_response(lambda answer: "RIÊNG-01" in (answer.request.post_data or "")):
        year.fill("2020")
        year.press("Tab")
    expect(code).to_have_value("RIÊNG-01")


def test_what_the_form_asks_a_reason_for_is_not_told_again_beside_it(clerk):
    make.make_decision(number="15/QĐ-SCT")
    clerk.goto(f"{clerk.site}/de-an/moi/?nam=2019")
    clerk.get_by_label("Tên đề án").fill("Tổ chức hội chợ")
    clerk.get_by_label("Loại đề án").select_option(label="Hoạt động")
    choose(clerk.locator("form[data-entry]"), "Quyết định phê duyệt", "15/QĐ-SCT")
    clerk.get_by_label("Khuyến công quốc gia").fill("50 triệu")
    told = clerk.get_by_text("chưa có quyết định giao kế hoạch năm 2019 của Khuyến công quốc gia")
    expect(clerk.locator("[data-effects]").filter(has=told)).to_be_visible()
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk.locator("[data-warnings]").filter(has=told)).to_be_visible()
    expect(clerk.locator("[data-effects]")).to_contain_text("50.000.000")
    expect(told).to_have_count(1)


def test_the_activities_sent_once_are_offered_in_every_line(clerk):
    project = make.make_project("group")
    first, second = (make.make_approved_line(project=project) for _ in range(2))
    other = make.activity("HD20")
    clerk.goto(f"{clerk.site}/de-an/{project.pk}/sua/")
    row = clerk.get_by_role("group", name="Dòng").nth(1)
    expect(row.locator(f"[name=lines-{second.pk}-activity]")).to_have_value(str(second.activity_id))
    row.get_by_role("combobox", name="Nội dung hoạt động").press_sequentially(other.name[:30])
    clerk.locator(".ts-dropdown:visible .option").first.click()
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    expect(clerk).to_have_url(f"{clerk.site}/de-an/{project.pk}/")
    assert [line.activity for line in project.lines.order_by("pk")] == [first.activity, other]
