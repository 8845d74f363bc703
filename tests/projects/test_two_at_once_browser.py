"""Two people edit one đề án, or one contract, each in a browser of their own: the second sees both versions."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from projects.models import Equipment
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MILLION = make.MILLION


@pytest.fixture
def first(page_as):
    return page_as(make.make_user(Role.MANAGER, full_name="Lý Văn Lãnh Đạo"))


@pytest.fixture
def second(page_as):
    return page_as(make.make_user(Role.STAFF, full_name="Hoàng Thị Minh Họa"))


def open_both(first, second, path):
    for page in (first, second):
        page.goto(f"{page.site}{path}")


def save(page):
    page.get_by_role("button", name="Lưu", exact=True).click()


def versions(page):
    """{field: (what one typed, what the other saved, which is chosen)} of the table of both."""
    expect(page.locator(".clashes")).to_be_visible()
    return {
        row.locator("th").inner_text(): (
            *(text.split("\n")[0].strip() for text in row.locator("td").all_inner_texts()),
            row.locator("input:checked").get_attribute("value"),
        )
        for row in page.locator(".clashes tbody tr").all()
    }


def choose(page, field, which):
    page.locator(".clashes tr", has=page.get_by_role("rowheader", name=field)).locator(f"[value={which}]").check()


@pytest.fixture
def project(db):
    """Two lines under one decision, a machine each."""
    make.make_plan()
    project = make.make_project("group", name="Hỗ trợ máy móc chế biến chè")
    paper = make.decide(project)
    for name in ("HTX Chè Một", "HTX Chè Hai"):
        line = make.make_line(project, beneficiary=make.make_beneficiary(name), locality=make.make_locality())
        make.approve(line, 200 * MILLION, decision=paper)
        Equipment.objects.create(line=line, name=f"Máy của {name}", value_vnd=450 * MILLION)
    return project


def test_a_đề_án_shows_both_versions_line_by_line_and_keeps_what_is_chosen(first, second, project):
    one, two = project.lines.order_by("pk")
    open_both(first, second, f"/de-an/{project.pk}/sua/?nam=2019")
    edit_as_first(first)
    save(first)
    expect(first.get_by_text("Đã lưu đề án")).to_be_visible()

    edit_as_second(second)
    save(second)
    assert versions(second) == {
        "Tên đề án": ("Chế biến chè Y Can", "Chế biến chè Yên Bái", "mine"),
        # Not touched by the second: starts with what is saved.
        "Ghi chú": ("để trống", "Sở nhắc", "theirs"),
        "Dòng 1, máy 1: Giá trị": ("480.000.000", "500.000.000", "mine"),
        "Dòng 2: Khuyến công quốc gia": ("190.000.000", "180.000.000", "mine"),
        "Dòng 2, máy 1: Tên máy móc, thiết bị": ("Máy của HTX Chè Hai", "Máy sấy", "theirs"),
    }
    expect(second.locator(".clashes")).to_contain_text("Lý Văn Lãnh Đạo sửa lúc")
    rows = second.get_by_role("group", name="Dòng")
    # All that was typed is still there, what nobody else touched too.
    expect(rows.nth(0).get_by_label("Giá trị")).to_have_value("480 triệu")
    expect(rows.nth(1).get_by_label("Khuyến công quốc gia")).to_have_value("190tr")
    expect(rows.nth(1).get_by_label("Công suất")).to_have_value("50 kg/h")

    choose(second, "Dòng 2: Khuyến công quốc gia", "theirs")
    expect(rows.nth(1).get_by_label("Khuyến công quốc gia")).to_have_value("180.000.000")
    save(second)
    expect(second.get_by_text("Đã lưu đề án")).to_be_visible()
    project.refresh_from_db()
    assert (project.name, project.note) == ("Chế biến chè Y Can", "Sở nhắc")
    assert [make.sums(line)[0] for line in (one, two)] == [200 * MILLION, 180 * MILLION]
    assert one.equipment.get().value_vnd == 480 * MILLION
    machine = two.equipment.get()
    assert (machine.name, machine.capacity) == ("Máy sấy", "50 kg/h")


def edit_as_first(page):
    rows = page.get_by_role("group", name="Dòng")
    page.get_by_label("Tên đề án").fill("Chế biến chè Yên Bái")
    page.locator("[name=note]").fill("Sở nhắc")
    rows.nth(0).get_by_label("Giá trị").fill("0,5 tỷ")
    rows.nth(1).get_by_label("Khuyến công quốc gia").fill("180 triệu")
    rows.nth(1).get_by_label("Tên máy móc, thiết bị").fill("Máy sấy")


def edit_as_second(page):
    rows = page.get_by_role("group", name="Dòng")
    page.get_by_label("Tên đề án").fill("Chế biến chè Y Can")
    rows.nth(0).get_by_label("Giá trị").fill("480 triệu")
    rows.nth(1).get_by_label("Khuyến công quốc gia").fill("190tr")
    rows.nth(1).get_by_label("Công suất").fill("50 kg/h")


def test_a_contract_shows_both_amounts_and_keeps_the_one_chosen(first, second, db):
    make.make_plan()
    line = make.make_signed_line(300 * MILLION, beneficiary=make.make_beneficiary("HTX Chè Thử"))
    contract = line.contracts.get()
    open_both(first, second, f"/hop-dong/{contract.pk}/sua/?nam=2019")
    amount = re.compile("Khuyến công quốc gia")
    # An amount alone: the contract itself stays as it was, and yet who changed it is known.
    first.get_by_label(amount).fill("280 triệu")
    save(first)
    expect(first.get_by_text("Đã sửa hợp đồng")).to_be_visible()

    second.get_by_label(amount).fill("290 triệu")
    second.get_by_label("Ngày kết thúc").fill("31/12/2019")
    save(second)
    ((field, found),) = versions(second).items()
    assert amount.search(field) and found == ("290.000.000", "280.000.000", "mine")
    expect(second.locator(".clashes")).to_contain_text("Lý Văn Lãnh Đạo sửa lúc")
    expect(second.get_by_label("Ngày kết thúc")).to_have_value("31/12/2019")

    choose(second, field, "theirs")
    save(second)
    expect(second.get_by_text("Đã sửa hợp đồng")).to_be_visible()
    contract.refresh_from_db()
    assert (make.sums(line)[1], f"{contract.ends_on}") == (280 * MILLION, "2019-12-31")


def test_the_same_amount_in_other_words_is_no_other_version(first, second, db):
    make.make_plan()
    line = make.make_signed_line(300 * MILLION)
    open_both(first, second, f"/hop-dong/{line.contracts.get().pk}/sua/?nam=2019")
    for page, typed, day in ((first, "0,28 tỷ", "31/12/2019"), (second, "280tr", "31-12-2019")):
        page.get_by_label(re.compile("Khuyến công quốc gia")).fill(typed)
        page.get_by_label("Ngày kết thúc").fill(day)
        save(page)
        expect(page.get_by_text("Đã sửa hợp đồng")).to_be_visible()
    assert make.sums(line)[1] == 280 * MILLION


def test_a_payment_proposed_before_another_was_paid_says_what_is_left_now(page_as, db):
    make.make_plan()
    line = make.make_signed_line(300 * MILLION, beneficiary=make.make_beneficiary("HTX Chè Thử"))
    make.accept(line, 300 * MILLION)
    first, second = (page_as(make.make_user(Role.ACCOUNTANT)) for _ in range(2))
    open_both(first, second, f"/dong/{line.pk}/chi/?loai=thanh-toan&nam=2019")
    for page in (first, second):
        page.get_by_label("Ngày chi").fill("1/11/2019")
        page.get_by_label(re.compile("Số tiền")).first.fill("200 triệu")
    save(first)
    expect(first.get_by_text("Đã ghi thanh toán 200.000.000 đồng")).to_be_visible()
    save(second)
    ((_, found),) = versions(second).items()
    assert found == ("200.000.000", "100.000.000", "mine")
    clashes = second.locator(".clashes")
    # Nobody saved this form: what it started from has changed.
    expect(clashes).to_contain_text("Số liệu vừa thay đổi trong lúc bạn nhập.")
    expect(clashes).not_to_contain_text("Đã lưu")
    second.locator(".clashes [value=theirs]").check()
    save(second)
    expect(second.get_by_text("Đã ghi thanh toán 100.000.000 đồng")).to_be_visible()
    assert make.sums(line)[2] == 300 * MILLION
