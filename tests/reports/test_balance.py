"""The reconciliation of a year with the funder: a year by hand, its lists, one year's end as the next's start."""

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Role
from funding.models import FundingSource
from khuyencong.errors import NotAllowed
from projects import services
from projects.models import Contract, Settlement, Step
from reports.balance import balance_lines
from reports.balance_rows import BALANCE, ITEMS, NATIONAL, Days, read_balance, rows_behind
from reports.deadline_rows import read_dues
from tests import factories as make

MILLION = make.MILLION


def shown(year, day):
    """{name of the row: its figures in triệu đồng} of the year on the day."""
    lines = balance_lines(read_balance(year, make.day(day)))
    return {line.name: [figure.vnd // MILLION for figure in line.figures.values()] for line in lines}


def settle_with_cuc(line, amount_vnd, *, on, submitted_on=None):
    return services.settle(
        line=line,
        settled_on=make.day(on),
        submitted_on=submitted_on and make.day(submitted_on),
        amounts={make.source(): amount_vnd},
        party=Settlement.Party.FUNDER,
    )


@pytest.fixture
def worked_year(db):
    """Two lines of 300 under a national contract, one provincial task of 80; worked by hand in ``STEPS``.

    KCQG: 420 received on 1/4, 180 on 1/10; advances of 210 each; A is accepted for 300 and paid the other 90, B for
    200 and gives 10 back: 500 are spent, and the 100 left are returned.
    """
    make.make_plan()
    make.make_plan(code="KCDP", amount_vnd=100 * MILLION)
    a, b = (make.make_signed_line(300 * MILLION) for _ in range(2))
    contract = make.sign_national(a, b, number="05/HĐ-CTĐP")
    make.receive(420 * MILLION, on="2019-04-01", contract=contract)
    make.advance(a, 210 * MILLION, on="2019-04-15")
    make.advance(b, 210 * MILLION, on="2019-05-15")
    make.receive(180 * MILLION, on="2019-10-01", contract=contract)
    make.accept(a, 300 * MILLION, on="2019-10-10")
    make.pay(a, 90 * MILLION, on="2019-10-20")
    make.accept(b, 200 * MILLION, on="2019-10-25")
    make.recover(b, 10 * MILLION, on="2019-11-05")
    make.settle(a, 300 * MILLION, on="2019-11-15")
    make.settle(b, 200 * MILLION, on="2019-11-20")
    make.give_back(100 * MILLION, on="2019-12-20", contract=contract)
    task = make.make_approved_line(80 * MILLION, code="KCDP", project=make.make_project("task"), has_contract=False)
    make.receive(80 * MILLION, code="KCDP", on="2019-06-01")
    make.pay(task, 75 * MILLION, code="KCDP", on="2019-12-01")
    return {"a": a, "b": b, "contract": contract, "task": task}


QUOC_GIA, DIA_PHUONG, NATIONAL_CONTRACT = "Khuyến công quốc gia", "Khuyến công địa phương", "Hợp đồng 05/HĐ-CTĐP"
STEPS = [
    # day: (opening, received, paid, settled, returned, closing) of KCQG, then of KCDP
    ("2019-03-31", [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]),
    ("2019-04-30", [0, 420, 210, 0, 0, 210], [0, 0, 0, 0, 0, 0]),
    ("2019-05-31", [0, 420, 420, 0, 0, 0], [0, 0, 0, 0, 0, 0]),
    ("2019-10-31", [0, 600, 510, 0, 0, 90], [0, 80, 0, 0, 0, 80]),
    ("2019-11-30", [0, 600, 500, 500, 0, 100], [0, 80, 0, 0, 0, 80]),
    ("2019-12-31", [0, 600, 500, 500, 100, 0], [0, 80, 75, 0, 0, 5]),
]


@pytest.mark.parametrize(("day", "national", "local"), STEPS)
def test_a_year_worked_by_hand(worked_year, day, national, local):
    found = shown(2019, day)
    assert (found[QUOC_GIA], found[DIA_PHUONG]) == (national, local)
    assert found["Tổng cộng"] == [a + b for a, b in zip(national, local, strict=True)]
    if NATIONAL_CONTRACT in found:
        assert found[NATIONAL_CONTRACT] == national


def test_what_is_left_opens_the_next_year(worked_year):
    make.give_back(5 * MILLION, code="KCDP", on="2020-01-20")
    assert shown(2020, "2020-12-31")[DIA_PHUONG] == [5, 0, 0, 0, 5, 0]
    # The year before stands as it stood, on whatever day it is looked at.
    assert shown(2019, "2020-12-31")[DIA_PHUONG] == [0, 80, 75, 0, 0, 5]


def test_a_year_that_has_not_begun_opens_with_what_is_held_today(worked_year):
    assert shown(2020, "2019-11-30")[QUOC_GIA] == [100, 0, 0, 0, 0, 100]


def test_money_outside_the_contract_stands_in_a_row_of_its_own(worked_year):
    make.receive(30 * MILLION, on="2019-07-01")
    found = shown(2019, "2019-12-31")
    assert found["Ngoài hợp đồng với Cục"] == [0, 30, 0, 0, 0, 30]
    assert found[QUOC_GIA] == [0, 630, 500, 500, 100, 30]


def test_provincial_money_of_a_line_is_under_no_national_contract(worked_year):
    make.approve(worked_year["a"], 20 * MILLION, code="KCDP")
    make.annex(worked_year["a"].contracts.get(kind="support"), worked_year["a"], 20 * MILLION, code="KCDP")
    make.pay(worked_year["a"], 20 * MILLION, code="KCDP", on="2019-12-05")
    found = shown(2019, "2019-12-31")
    assert found[DIA_PHUONG] == [0, 80, 95, 0, 0, -15]
    assert found[NATIONAL_CONTRACT] == [0, 600, 500, 500, 100, 0]


def test_a_later_contract_moves_nothing_that_was_paid_before_it(worked_year):
    make.make_plan(2020, amount_vnd=300 * MILLION, on="2019-12-25")
    make.sign_national(worked_year["a"], amount_vnd=0, on="2020-03-01", number="07/HĐ-CTĐP")
    found = shown(2020, "2020-12-31")
    assert found["Hợp đồng 07/HĐ-CTĐP"] == [0, 0, 0, 0, 0, 0]
    assert shown(2019, "2020-12-31")[NATIONAL_CONTRACT] == [0, 600, 500, 500, 100, 0]


def test_an_old_contract_with_nothing_left_is_not_told_again(worked_year):
    assert NATIONAL_CONTRACT not in shown(2021, "2021-12-31")


# --- lists ------------------------------------------------------------------------------------------


def narrowings(rows):
    yield {}, {}
    for source in rows.sources:
        yield {"source": source.code}, {"sources": {source.pk}}
        for contract in [0, *(contract.pk for contract in rows.contracts)]:
            yield (
                {"source": source.code, "contract": contract},
                {"sources": {source.pk}, "contract": contract},
            )


def test_every_list_holds_exactly_what_its_figure_counts(worked_year):
    settle_with_cuc(worked_year["a"], 300 * MILLION, on="2020-01-10")
    make.receive(30 * MILLION, on="2020-07-01", year=2020)
    for year, day in [(2019, "2019-10-15"), (2019, "2020-12-31"), (2020, "2020-12-31")]:
        rows = read_balance(year, make.day(day))
        everything = {source.pk for source in rows.sources}
        for by_list, by_sum in narrowings(rows):
            for key in ITEMS:
                lists = rows_behind(key, Days(year, make.day(day)), **by_list)
                found = [row.counted_vnd for each in lists.values() for row in each]
                assert (len(found), sum(found)) == rows.of(key, **{"sources": everything, **by_sum}), (key, by_list)


def test_the_page_links_every_figure_to_its_list(client, worked_year):
    client.force_login(make.make_user(Role.ACCOUNTANT))
    page = client.get("/doi-chieu/2019/?ngay=2019-12-31")
    cells = [(head, figure) for line in page.context["lines"] for head, figure in line.cells]
    cells += [(head, figure) for line in page.context["nationals"] for head, figure in line.cells]
    assert len(cells) == 4 * len(BALANCE) + len(NATIONAL)
    for head, figure in cells:
        listed = client.get(figure.url)
        assert (listed.context["selection"].count, listed.context["selection"].vnd) == (figure.count, figure.vnd), head
        assert len(listed.context["rows"]) == figure.count
        assert sum(row.counted_vnd for row in listed.context["rows"]) == figure.vnd
        file = client.get(figure.url.replace("/?", ".xlsx?"))
        assert (file.status_code, file["Content-Type"][-5:]) == (200, "sheet")


def test_a_receipt_in_a_list_leads_the_accountant_to_where_it_is_mended(client, worked_year):
    client.force_login(make.make_user(Role.ACCOUNTANT))
    address = reverse("reports:balance_figure", args=["nhan"]) + "?nam=2019&ngay=2019-12-31"
    assert "/sua/" in client.get(address).content.decode()
    client.force_login(make.make_user(Role.STAFF))
    assert "/sua/" not in client.get(address).content.decode()


@pytest.mark.parametrize("query", ["nguon=KHONG", "nguon=DOIUNG", "hop-dong=x", "hop-dong=-1"])
def test_what_cannot_be_read_in_an_address_is_refused(client, worked_year, query):
    client.force_login(make.make_user(Role.ACCOUNTANT))
    assert client.get(reverse("reports:balance_figure", args=["nhan"]) + f"?{query}").status_code == 422


def test_unknown_figures_years_and_contracts_are_not_found(client, worked_year):
    client.force_login(make.make_user(Role.ACCOUNTANT))
    support = worked_year["a"].contracts.get(kind="support")
    for address in ("/doi-chieu/1999/", "/so-lieu/doi-chieu/khac/", f"/so-lieu/doi-chieu/nhan/?hop-dong={support.pk}"):
        assert client.get(address).status_code == 404, address


# --- what is due to the Cục -------------------------------------------------------------------------


def dues_on(day, contract):
    (dossier, liquidation) = read_dues([contract.pk], make.day(day))[contract.pk]
    return (dossier.tone, dossier.text, dossier.due_on), (liquidation.tone, liquidation.text, liquidation.due_on)


def test_the_dossier_is_due_15_days_after_the_last_acceptance_and_liquidation_by_22_january(worked_year):
    contract, due, end = worked_year["contract"], make.day("2019-11-09"), make.day("2020-01-22")
    assert dues_on("2019-10-24", contract)[0] == ("plan", "Còn 1/2 phần chưa nghiệm thu", None)
    assert dues_on("2019-10-25", contract) == (("due", "Còn 15 ngày", due), ("plan", "Còn 89 ngày", end))
    assert dues_on("2019-11-09", contract)[0] == ("due", "Hạn hôm nay", due)
    assert dues_on("2019-11-10", contract)[0] == ("late", "Quá hạn 1 ngày", due)
    settle_with_cuc(worked_year["a"], 300 * MILLION, on="2020-01-10", submitted_on="2019-11-08")
    assert dues_on("2020-01-10", contract)[0] == ("late", "Quá hạn 62 ngày", due)
    settle_with_cuc(worked_year["b"], 200 * MILLION, on="2020-01-10", submitted_on="2019-11-12")
    assert dues_on("2020-01-10", contract)[0] == ("done", "Đã nộp 12/11/2019, muộn 3 ngày", due)
    assert dues_on("2020-01-22", contract)[1] == ("due", "Hạn hôm nay", end)
    services.liquidate_contract(contract=contract, on=make.day("2020-01-21"), number="05/TL")
    assert dues_on("2020-01-20", contract)[1] == ("due", "Còn 2 ngày", end)
    assert dues_on("2020-01-23", contract)[1] == ("done", "Đã thanh lý 21/01/2020", end)


def test_a_stopped_part_waits_for_no_acceptance(worked_year):
    late = make.make_signed_line(100 * MILLION)
    contract = make.sign_national(late, amount_vnd=100 * MILLION)
    make.stop(late.project, on="2019-07-01")
    assert dues_on("2019-06-30", contract)[0][1] == "Còn 1/1 phần chưa nghiệm thu"
    assert dues_on("2019-07-01", contract)[0][1] == "Không còn phần nào thực hiện"


# --- how it is read ---------------------------------------------------------------------------------


def test_as_many_queries_for_300_lines_as_for_3(client, worked_year, query_count):
    client.force_login(make.make_user(Role.ACCOUNTANT))
    page = lambda: client.get("/doi-chieu/2019/?ngay=2019-12-31")  # noqa: E731
    page()
    before = query_count(page)
    make.make_plan(amount_vnd=300 * MILLION)
    for _ in range(3):
        lines = [make.make_approved_line(MILLION) for _ in range(100)]
        contract = make.sign_national(*lines, amount_vnd=MILLION)
        make.receive(100 * MILLION, contract=contract)
    assert query_count(page) == before


def test_reading_writes_nothing(client, worked_year, no_writes):
    client.force_login(make.make_user(Role.ACCOUNTANT))
    with no_writes():
        assert client.get("/doi-chieu/2019/").status_code == 200


# --- any year ---------------------------------------------------------------------------------------

DAYS = st.dates(min_value=make.day("2018-12-01"), max_value=make.day("2021-02-01"))
AMOUNTS = st.integers(min_value=1, max_value=50).map(lambda n: n * MILLION)
FACTS = st.lists(
    st.tuples(st.sampled_from(["receive", "give_back", "pay", "recover", "settle"]), DAYS, AMOUNTS, st.booleans()),
    max_size=14,
)


class AnyFacts(TestCase):
    """Whatever is received, paid, recovered, settled and returned on whatever day, as far as the services let it."""

    @settings(max_examples=25)
    @given(facts=FACTS)
    def test_each_year_closes_with_what_the_next_opens_with(self, facts):
        make.make_plan(2019, amount_vnd=900 * MILLION, on="2018-06-01")
        line = make.make_approved_line(900 * MILLION, on="2018-06-01")
        make.sign(line, 900 * MILLION, on="2018-07-01")
        contract = make.sign_national(line, amount_vnd=900 * MILLION, on="2018-12-15")
        for what, on, amount_vnd, under in facts:
            of = {"contract": contract if under else None} if what in ("receive", "give_back") else {"line": line}
            try:
                self.enter(what, on, amount_vnd, of)
            except NotAllowed:
                continue
        self.check()

    def enter(self, what, on, amount_vnd, of):
        if "line" in of:
            getattr(make, what)(of["line"], amount_vnd, on=on)
        else:
            getattr(make, what)(amount_vnd, on=on, **of)

    def check(self):
        source = FundingSource.objects.get(code="KCQG")
        parts = [None, 0, *Contract.objects.filter(kind="national").values_list("pk", flat=True)]
        late = make.day("2022-12-31")
        years = {year: read_balance(year, late) for year in range(2018, 2023)}
        for part in parts:
            of = {"sources": {source.pk}, "contract": part}
            for year in range(2018, 2022):
                opening, received, paid, _, returned, closing = (years[year].of(key, **of)[1] for key in BALANCE)
                assert closing == opening + received - paid - returned
                assert closing == years[year + 1].of("dau", **of)[1]
                assert closing == read_balance(year, make.day(f"{year}-12-31")).of("cuoi", **of)[1]
        assert Step.PAID in ITEMS["cuoi"].parts
