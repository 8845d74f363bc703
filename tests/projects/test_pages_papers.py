"""Contracts, establishments, payments and milestones: lists, their sums, and the page of one."""

from collections import Counter

import pytest

from accounts.models import Role
from projects.contracts import entries_of, step_sums_by_contract
from projects.models import (
    Beneficiary,
    BeneficiaryFormerName,
    Contract,
    ContractLine,
    LedgerEntry,
    Project,
    ProjectDecision,
)
from projects.services import complete_milestone, correct, liquidate_contract, move_to_year, set_milestone
from reports.figures import block_of
from reports.rows import read_year
from tests import factories as make
from tests.projects.pages import HTMX, see, sums_of, text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
DAY = "nam=2019&ngay=2019-12-31"
CONTRACTS, PAYMENTS = f"/hop-dong/?{DAY}", f"/chi-tra/da-chi/?{DAY}"
OWNERS, MILESTONES = f"/co-so/?{DAY}", f"/tien-do/?{DAY}"
LISTS = [CONTRACTS, PAYMENTS, OWNERS, MILESTONES]


@pytest.fixture
def plan():
    make.make_plan(code="KCQG", amount_vnd=9000 * M)
    make.make_plan(code="KCDP", amount_vnd=9000 * M)


def numbers_of(answer):
    return [str(row.contract) for row in answer.context["rows"]]


# --- contracts ------------------------------------------------------------------------------------


def test_contract_values_are_what_is_in_force_and_sum_to_the_figure(client, plan):
    kept = make.make_approved_line(250 * M, code="KCDP")
    contract = make.sign(kept, 200 * M, code="KCDP", number="1/HĐ")
    make.annex(contract, kept, 50 * M, code="KCDP")
    make.advance(kept, 100 * M, code="KCDP")
    stopped = make.make_approved_line(300 * M, code="KCQG")
    make.sign(stopped, 300 * M, number="2/HĐ")
    make.advance(stopped, 90 * M)
    make.stop(stopped.project)
    answer = see(client, CONTRACTS)
    rows = {str(row.contract): (row.value_vnd, row.disbursed_vnd, row.state[1]) for row in answer.context["rows"]}
    assert rows == {"1/HĐ": (250 * M, 100 * M, "Đang thực hiện"), "2/HĐ": (90 * M, 90 * M, "Đã dừng")}
    figures = block_of(read_year(2019, make.day("2019-12-31"))).figures()
    sums = sums_of(answer)
    assert (sums["count"], sums["value"], sums["disbursed"]) == (
        2,
        figures["contracted_vnd"],
        figures["disbursed_vnd"],
    )
    assert sums_of(see(client, f"{CONTRACTS}&nguon=KCDP"))["value"] == 250 * M


def test_a_moved_line_keeps_its_contract_in_both_years_each_with_its_money(client, plan):
    make.make_plan(2020, "KCDP", 500 * M)
    line = make.make_signed_line(200 * M, code="KCDP")
    make.advance(line, 60 * M, code="KCDP")
    move_to_year(line=line, year=2020, decision=make.decide(line.project, "moved", on="2019-10-01"))
    assert sums_of(see(client, CONTRACTS))["value"] == 60 * M
    assert sums_of(see(client, "/hop-dong/?nam=2020&ngay=2019-12-31"))["value"] == 140 * M


CHOSEN = {
    "": ["1/HĐ", "2/HĐ", "3/HĐ"],
    "&han=qua-han": ["1/HĐ"],
    "&han=60": ["2/HĐ"],
    "&han=thanh-ly": ["3/HĐ"],
    "&loai=national": ["9/CỤC"],
    "&q=go+truong": ["1/HĐ"],
    "&q=cuc": [],
    "&sap=-het": ["2/HĐ", "3/HĐ", "1/HĐ"],
    "&nguon=KCQG": [],
}


def test_contracts_are_chosen_by_kind_end_and_words(client, plan):
    ends = {"1/HĐ": "2019-09-30", "2/HĐ": "2019-12-10", "3/HĐ": "2019-10-01"}
    for number, end in ends.items():
        owner = make.make_beneficiary("Công ty Gỗ Trường Phát" if number == "1/HĐ" else None)
        line = make.make_approved_line(M, code="KCDP", beneficiary=owner)
        contract = make.sign(line, M, code="KCDP", number=number, ends_on=make.day(end))
    make.accept(line, M, code="KCDP", on="2019-09-01")
    liquidate_contract(contract=contract, on=make.day("2019-10-02"), number="1/TL")
    make.sign(line, M, code="KCDP", number="9/CỤC", kind=Contract.Kind.NATIONAL, beneficiary=None)
    address = "/hop-dong/?nam=2019&ngay=2019-11-01"
    assert {query: numbers_of(see(client, address + query)) for query in CHOSEN} == CHOSEN


def test_the_page_of_a_contract_tells_ends_annexes_and_money(client, plan):
    line = make.make_approved_line(300 * M, code="KCDP")
    contract = make.sign(line, 250 * M, code="KCDP", ends_on=make.day("2019-09-30"))
    make.annex(contract, line, 50 * M, code="KCDP", ends_on=make.day("2019-11-30"), number="01")
    make.advance(line, 100 * M, code="KCDP", contract=contract, voucher="UNC 1")
    make.recover(line, 30 * M, code="KCDP", contract=contract)
    answer = see(client, f"/hop-dong/{contract.pk}/?ngay=2019-12-31")
    total = answer.context["total"]
    assert (total.signed_vnd, total.changed_vnd, total.value_vnd) == (250 * M, 50 * M, 300 * M)
    assert total.disbursed_vnd == 70 * M
    assert [row.signed_vnd for row in answer.context["payments"]] == [100 * M, -30 * M]
    assert "ban đầu 30/09/2019" in text_of(answer) and "Quá hạn 31 ngày" in text_of(answer)
    early = see(client, f"/hop-dong/{contract.pk}/?ngay=2019-04-01")
    assert early.context["total"].value_vnd == 250 * M and not early.context["annexes"]


def test_a_local_officer_opens_no_contract_of_other_places(client, plan):
    line = make.make_signed_line(M, code="KCDP", locality=make.make_locality())
    officer = make.make_user(Role.LOCAL, localities=[make.make_locality()])
    assert see(client, f"/hop-dong/{line.contracts.get().pk}/", officer).status_code == 404
    assert see(client, f"/co-so/{line.beneficiary_id}/", officer).status_code == 404
    for address in LISTS:
        assert not see(client, address, officer).context["rows"]


# --- establishments -------------------------------------------------------------------------------


def test_supports_of_all_years_are_counted_and_added_up(client, plan):
    make.make_plan(2018, "KCDP", 900 * M, on="2018-01-10")
    owner = make.make_beneficiary("HTX Chè", tax_code="520099")
    first = make.make_line(beneficiary=owner, plan_year=2018, joined_on="2018-03-01")
    make.approve(first, 80 * M, code="KCDP", on="2018-03-01")
    make.sign(first, 80 * M, code="KCDP", on="2018-03-02")
    make.pay(first, 80 * M, code="KCDP", on="2018-11-01")
    make.make_approved_line(100 * M, code="KCDP", beneficiary=owner)
    row = see(client, OWNERS).context["rows"][0]
    assert (row.supports.count, row.supports.years_text) == (2, "2018, 2019")
    assert (row.supports.approved_vnd, row.supports.received_vnd) == (180 * M, 80 * M)
    assert sums_of(see(client, OWNERS)) == {"count": 1, "approved": 180 * M, "received": 80 * M}
    answer = see(client, f"/co-so/{owner.pk}/?ngay=2019-12-31")
    assert [row.line.plan_year for row in answer.context["rows"]] == [2019, 2018]
    assert (answer.context["n_supports"], answer.context["received_vnd"]) == (2, 80 * M)
    assert see(client, f"/co-so/{owner.pk}/?ngay=2018-12-31").context["n_supports"] == 1


def test_establishments_are_found_by_former_name_and_tax_code(client, plan):
    owner = make.make_beneficiary("HTX Chè", tax_code="520099", kind=Beneficiary.Kind.COOPERATIVE)
    BeneficiaryFormerName.objects.create(beneficiary=owner, name="Tổ Chè Cũ", used_until="2018-01-01")
    make.make_beneficiary("Công ty Đá")
    for query in ("q=to+che+cu", "q=520099", "loai=cooperative"):
        rows = see(client, f"{OWNERS}&{query}").context["rows"]
        assert [row.beneficiary for row in rows] == [owner], query
    assert "tên cũ: Tổ Chè Cũ" in text_of(see(client, OWNERS))
    assert not see(client, f"{OWNERS}&ho-tro=nam").context["rows"]


def test_an_establishment_first_supported_later_is_not_listed_earlier(client, plan):
    make.make_approved_line(M, code="KCDP")
    assert not see(client, "/co-so/?ngay=2019-02-28").context["rows"]
    assert len(see(client, "/co-so/?ngay=2019-03-01").context["rows"]) == 1


# --- payments -------------------------------------------------------------------------------------


@pytest.fixture
def paid(plan):
    line = make.make_signed_line(300 * M, project=make.make_project(code="CHI-1"))
    make.advance(line, 200 * M, voucher="UNC Đợt 1")
    make.pay(line, 50 * M, voucher="UNC 2")
    make.recover(line, 20 * M, on="2019-11-05")
    other = make.make_signed_line(100 * M, code="KCDP")
    make.advance(other, 70 * M, code="KCDP", on="2019-05-02")
    correct(
        line=other,
        source=make.source("KCDP"),
        step="advanced",
        amount_vnd=-5 * M,
        on=make.day("2019-06-02"),
        reason="Gõ nhầm",
        by=make.make_user(),
    )


def test_payments_add_up_by_step_and_to_the_figure(client, paid):
    answer = see(client, PAYMENTS)
    figures = block_of(read_year(2019, make.day("2019-12-31"))).figures()
    assert answer.context["table"].sums == {
        "advanced": 265 * M,
        "paid": 50 * M,
        "recovered": 20 * M,
        "net": figures["disbursed_vnd"],
    }
    assert sums_of(answer) == {"count": 5, "disbursed": 295 * M}


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("nguon=KCDP", [-5, 70]),
        ("buoc=thu-hoi", [-20]),
        ("tu=01/11/2019", [-20, 50]),
        ("tu=2019-05-01&den=31/5/2019", [70]),
        ("q=unc+dot", [200]),
        ("q=chi-1&sap=tien", [-20, 50, 200]),
        ("sap=-tien", [200, 70, 50, -5, -20]),
        ("tu=31/02/2019", []),
    ],
)
def test_payments_are_chosen_by_source_step_days_and_words(client, paid, query, amounts):
    rows = see(client, f"{PAYMENTS}&{query}").context["rows"]
    assert [row.signed_vnd // M for row in rows] == amounts


def test_a_day_that_cannot_be_read_says_how_to_write_it(client, paid):
    assert "Cách ghi: 31/05/2019." in text_of(see(client, f"{PAYMENTS}&tu=31/02/2019"))


# --- milestones -----------------------------------------------------------------------------------


@pytest.fixture
def course(plan):
    """Milestones late, soon, later, done, and of a stopped đề án, on 1/9/2019."""
    line = make.make_signed_line(M, code="KCDP", project=make.make_project(code="A-1"))
    stopped = make.make_signed_line(M, code="KCDP", project=make.make_project(code="A-2"))
    for name, due, of in [
        ("Trễ", "2019-08-31", line),
        ("Hôm nay", "2019-09-01", line),
        ("Sắp", "2019-10-01", line),
        ("Xa", "2019-10-02", line),
        ("Thôi", "2019-08-01", stopped),
    ]:
        set_milestone(project=of.project, line=of, name=name, due_on=make.day(due), set_on=make.day("2019-03-20"))
    done = set_milestone(
        project=line.project, name="Xong", due_on=make.day("2019-05-01"), set_on=make.day("2019-03-20")
    )
    complete_milestone(milestone=done, done_on=make.day("2019-05-03"))
    make.stop(stopped.project)


def milestones(client, query=""):
    answer = see(client, f"/tien-do/?nam=2019&ngay=2019-09-01{query}")
    return [(row.milestone.name, row.text) for row in answer.context["rows"]]


def test_milestones_stand_by_what_is_urgent(client, course):
    assert milestones(client) == [
        ("Trễ", "Quá hạn 1 ngày"),
        ("Hôm nay", "Hạn hôm nay"),
        ("Sắp", "Còn 30 ngày"),
        ("Xa", "Chưa đến hạn"),
        ("Xong", "Xong"),
        ("Thôi", "Thôi"),
    ]
    assert milestones(client, "&tinh-trang=qua-han") == [("Trễ", "Quá hạn 1 ngày")]
    assert [name for name, _ in milestones(client, "&q=a-2")] == ["Thôi"]


def test_the_counts_of_states_are_the_lists_behind_them(client, course):
    counts = see(client, "/tien-do/?nam=2019&ngay=2019-09-01").context["table"].counts
    assert [number for _, number, _, _ in counts] == [1, 2, 1, 1, 1]
    for _, number, _, query in counts:
        assert sums_of(see(client, f"/tien-do/?{query}"))["count"] == number


def test_a_milestone_set_later_is_not_known_yet(client, course):
    assert not see(client, "/tien-do/?nam=2019&ngay=2019-03-19").context["rows"]


def test_a_contract_past_its_end_is_late_until_accepted(client, plan):
    line = make.make_approved_line(M, code="KCDP")
    make.sign(line, M, code="KCDP", number="7/HĐ", ends_on=make.day("2019-08-31"))
    make.accept(line, M, code="KCDP", on="2019-09-10")
    late = see(client, "/tien-do/?nam=2019&ngay=2019-09-05").context["table"].late_contract_rows
    assert [(str(contract), *row) for contract, *row in late] == [("7/HĐ", "Quá hạn 5 ngày", line.pk)]
    assert not see(client, "/tien-do/?nam=2019&ngay=2019-08-31").context["table"].late_contracts
    assert not see(client, "/tien-do/?nam=2019&ngay=2019-09-10").context["table"].late_contracts


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_as_many_questions_for_many_rows_as_for_one(client, plan, address, query_count):
    def one_more():
        line = make.make_signed_line(M, code="KCDP")
        make.advance(line, M, code="KCDP")
        set_milestone(
            project=line.project,
            line=line,
            name="Lắp đặt",
            due_on=make.day("2020-05-01"),
            set_on=make.day("2019-03-20"),
        )

    client.force_login(make.make_user())
    one_more()
    few = query_count(lambda: client.get(address))
    for _ in range(12):
        one_more()
    assert query_count(lambda: client.get(address)) == few <= 18


@pytest.mark.parametrize("address", LISTS)
def test_every_list_answers_htmx_with_a_fragment_and_says_why_it_is_empty(client, address):
    answer = see(client, address, **HTMX)
    assert "<html" not in answer.content.decode()
    assert 'class="empty"' in answer.content.decode()
    assert see(client, address.replace("2019-12-31", "2019-13-31")).status_code == 422


def test_a_task_without_beneficiary_stands_in_lists_under_its_name(client, plan):
    task = make.make_project(Project.Kind.TASK, name="Hội chợ")
    line = make.make_approved_line(M, code="KCDP", project=task)
    make.sign(line, M, code="KCDP", agency=make.make_agency("Đơn vị tổ chức"))
    make.advance(line, M, code="KCDP")
    assert "Đơn vị tổ chức" in text_of(see(client, CONTRACTS))
    assert "Hội chợ" in text_of(see(client, PAYMENTS))
    assert ProjectDecision.objects.filter(project=task).exists()


def test_before_its_signing_a_contract_leads_to_the_day_of_it(client, plan):
    contract = make.make_signed_line(100 * M, code="KCDP").contracts.get()
    early = see(client, f"/hop-dong/{contract.pk}/?ngay=2019-03-14")
    assert (early.status_code, early.url) == (302, f"/hop-dong/{contract.pk}/?ngay=2019-03-15")
    assert see(client, early.url).status_code == 200


def test_a_contract_is_searched_by_the_de_an_under_it_on_the_day_alone(client, plan):
    first, later = (make.make_project(code=code) for code in ("A-77", "A-88"))
    line = make.make_signed_line(100 * M, code="KCDP", project=first)
    other = make.make_approved_line(100 * M, code="KCDP", project=later)
    ContractLine.objects.create(contract=line.contracts.get(), line=other, on=make.day("2019-06-01"))
    assert len(numbers_of(see(client, f"{CONTRACTS}&q=a-88"))) == 1
    assert numbers_of(see(client, "/hop-dong/?nam=2019&ngay=2019-05-31&q=a-88")) == []


def test_the_sums_of_the_list_are_those_of_each_contract(plan):
    """The list groups in two queries what the page of a contract asks entry by entry: the owner of each is the same."""
    line, moved = (make.make_signed_line(300 * M, code="KCDP") for _ in range(2))
    make.sign(line, 200 * M, code="KCDP", kind=Contract.Kind.NATIONAL)
    make.annex(line.contracts.get(kind=Contract.Kind.SUPPORT), line, -20 * M, code="KCDP")
    for each in (line, moved):
        make.advance(each, 100 * M, code="KCDP")
    make.accept(line, 250 * M, code="KCDP")
    make.settle(line, 250 * M, code="KCDP", party="funder")
    make.stop(moved.project)
    day = make.day("2019-12-31")
    sums = step_sums_by_contract(LedgerEntry.objects.all(), day)
    for contract in Contract.objects.all():
        expected = Counter()
        for entry in entries_of(contract, day):
            expected[entry.step] += entry.amount_vnd
        assert sums[contract.pk] == expected, contract
