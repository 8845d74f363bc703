"""A pile of paper contracts entered by keyboard alone: every key that is no data is counted."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from projects.models import Contract, LedgerEntry, Step
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

M = make.MILLION
PILE = 20
MOST_KEYS = 12
"""Beyond the data itself, for each contract."""

NAMES = ("An", "Bình", "Cúc", "Dung", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nga") + (
    "Oanh",
    "Phúc",
    "Quý",
    "Sen",
    "Thu",
    "Uyên",
    "Vân",
    "Xuân",
    "Yến",
    "Đào",
)


class Typist:
    """Types; counts what is data and, apart, every other key (a chord counts each of its keys)."""

    def __init__(self, page):
        self.page, self.data, self.keys = page, 0, 0

    def type(self, text):
        self.data += len(text)
        self.page.keyboard.type(text)

    def press(self, chord):
        self.keys += len(chord.split("+"))
        self.page.keyboard.press(chord)

    def reach(self, name):
        """Tab on until the field has the focus."""
        for _ in range(MOST_KEYS):
            if self.page.evaluate("() => document.activeElement.name") == name:
                return
            self.press("Tab")
        raise AssertionError(f"Ô {name} không tới được bằng phím Tab.")


@pytest.fixture
def clerk(page_as):
    return page_as(make.make_user(Role.STAFF, full_name="Hoàng Thị Minh Họa"))


@pytest.fixture
def pile(db):
    """(name typed, line, day typed, VND typed or "" where what is proposed is right), in no order of the database."""
    make.make_plan(amount_vnd=20_000 * M)
    found = []
    for number, name in enumerate(NAMES):
        # Another for each, so that none may be left over from the one before.
        project = make.make_project(planned_end_on=make.day(f"2019-11-{number + 10}"))
        line = make.make_approved_line(
            project=project, locality=make.make_locality(), beneficiary=make.make_beneficiary(f"HTX {name} Thử")
        )
        found.append((name.lower(), line, f"{number % 9 + 1}/4/2019", "250tr" if number % 5 == 0 else ""))
    return found[::3] + found[1::3] + found[2::3]


def enter(clerk, typist, name, line, day, amount):
    expect(clerk.get_by_role("combobox", name="Cơ sở thụ hưởng hoặc đề án")).to_be_focused()
    typist.type(name)
    # At once, before the list has answered: it takes the first one found for these letters.
    typist.press("Enter")
    expect(clerk.locator("[data-row] .ts-control .item")).to_have_text(line.beneficiary.name)
    if amount:
        typist.reach(f"lines-moi0-tien_{make.source().pk}")
        typist.type(amount)
    typist.reach("signed_on")
    typist.type(day)
    typist.press("Control+Enter")
    expect(clerk.get_by_text(re.compile(f"Đã lưu hợp đồng .* với {line.beneficiary.name}"))).to_be_visible()


def test_twenty_contracts_one_after_another_by_keyboard_alone(clerk, pile, record_property):
    clerk.goto(f"{clerk.site}/hop-dong/moi/?nam=2019")
    typist, most = Typist(clerk), 0
    for paper in pile:
        before = typist.keys
        enter(clerk, typist, *paper)
        most = max(most, typist.keys - before)
    assert len(pile) == PILE == Contract.objects.count()
    numbers = sorted(Contract.objects.values_list("number", flat=True))
    assert numbers == [f"{number:02d}/HĐ-KC" for number in range(1, PILE + 1)]
    for _, line, day, amount in pile:
        contract = line.contracts.get()
        assert f"{contract.signed_on:%-d/%-m/%Y}" == day
        assert (contract.starts_on, contract.ends_on) == (None, line.project.planned_end_on)
        assert contract.locality == line.locality
        signed = LedgerEntry.objects.of(Step.CONTRACTED).get(line=line).amount_vnd
        assert signed == (250 * M if amount else 300 * M)
    record_property(
        "says",
        f"{PILE} contracts by keyboard: {typist.keys / PILE:.1f} keys each beyond the data, {most} at most; "
        f"{typist.data / PILE:.1f} of data",
    )
    assert most <= MOST_KEYS


# --- typed before the script is there -----------------------------------------------------------------


@pytest.fixture
def form_path(db):
    """The form of a contract of 2019, in which one is signed already."""
    make.make_plan(amount_vnd=20_000 * M)
    make.sign(make.make_approved_line(), 1 * M, number="07/HĐ-KC")
    project = make.make_project(planned_end_on=make.day("2019-11-30"))
    return f"/dong/{make.make_approved_line(project=project).pk}/hop-dong/"


@pytest.fixture
def late(clerk, form_path):
    """That form before its scripts have come: (page, what lets them come)."""
    held, may_come = [], []
    clerk.route("**/js/*.js", lambda route: route.continue_() if may_come else held.append(route))
    with clerk.expect_request("**/js/contract*.js"):
        clerk.goto(f"{clerk.site}{form_path}", wait_until="commit")

    def let_come():
        may_come.append(True)
        for route in held:
            route.continue_()

    return clerk, let_come


def test_a_day_typed_before_the_script_came_counts_as_any_other(late):
    page, let_come = late
    page.get_by_label("Ngày ký").fill("15/3/2019")
    let_come()
    expect(page.get_by_label("Số hợp đồng", exact=True)).to_have_value("08/HĐ-KC")
    expect(page.get_by_label("Ngày bắt đầu")).to_have_value("")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu hợp đồng 08/HĐ-KC ngày 15/03/2019")).to_be_visible()
    contract = Contract.objects.get(number="08/HĐ-KC")
    assert (contract.starts_on, contract.start_on) == (None, make.day("2019-03-15"))


def test_what_was_typed_before_the_script_came_is_never_proposed_over(late):
    page, let_come = late
    page.get_by_label("Số hợp đồng", exact=True).fill("12/HĐ-TT")
    page.get_by_label("Ngày kết thúc").fill("31/10/2019")
    page.get_by_label("Ngày ký").fill("15/3/2019")
    with page.expect_response("**/hop-dong/de-xuat/*ky=15*"):
        let_come()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu hợp đồng 12/HĐ-TT ngày 15/03/2019")).to_be_visible()
    assert Contract.objects.get(number="12/HĐ-TT").ends_on == make.day("2019-10-31")


def test_whoever_types_already_is_not_led_elsewhere_once_the_scripts_come(late):
    page, let_come = late
    page.get_by_label("Số hợp đồng", exact=True).fill("")
    page.keyboard.type("12/")
    let_come()
    expect(page.locator(".calendar").first).to_be_attached()
    expect(page.locator("[data-effects]")).to_contain_text("Còn được ký")
    page.keyboard.type("HĐ-TT")
    expect(page.get_by_label("Số hợp đồng", exact=True)).to_have_value("12/HĐ-TT")


def test_after_a_refusal_what_was_proposed_follows_the_day_and_what_was_typed_stays(clerk, form_path):
    page = clerk
    page.goto(f"{page.site}{form_path}")
    page.get_by_label("Ngày kết thúc").fill("31/10/2019")
    page.get_by_label("Ngày ký").fill("31/2/2019")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("form[data-typed]")).to_be_visible()
    page.get_by_label("Ngày ký").fill("15/3/2019")
    expect(page.get_by_label("Số hợp đồng", exact=True)).to_have_value("08/HĐ-KC")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu hợp đồng 08/HĐ-KC ngày 15/03/2019")).to_be_visible()
    contract = Contract.objects.get(number="08/HĐ-KC")
    assert (contract.starts_on, contract.ends_on) == (None, make.day("2019-10-31"))
