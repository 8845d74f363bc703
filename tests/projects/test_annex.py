"""Annexes: a rise needs its approval first, a cut stays approved and unsigned, below what was paid it warns."""

import pytest

from khuyencong.errors import NotAllowed
from projects import services
from projects.models import Contract, ContractAnnex, LedgerEntry
from tests.factories import (
    MILLION,
    advance,
    annex,
    approve,
    day,
    make_approved_line,
    make_signed_line,
    recover,
    sign,
    source,
    stop,
    sums,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return make_signed_line(300 * MILLION)


@pytest.fixture
def contract(line):
    return line.contracts.get()


def in_millions(line, **query):
    return tuple(amount // MILLION for amount in sums(line, **query))


def test_a_rise_needs_its_approval_first(line, contract):
    with pytest.raises(NotAllowed, match="nhập quyết định phê duyệt tăng trước"):
        annex(contract, line, 50 * MILLION, on="2019-05-01")
    assert not ContractAnnex.objects.exists()
    approve(line, 50 * MILLION, on="2019-05-02")
    with pytest.raises(NotAllowed, match="đến ngày 01/05/2019"):
        annex(contract, line, 50 * MILLION, on="2019-05-01")
    annex(contract, line, 50 * MILLION, on="2019-05-02")
    assert in_millions(line) == (350, 350, 0)


def test_below_what_was_approved_the_difference_stays_approved_and_unsigned(line, contract):
    assert annex(contract, line, -50 * MILLION, on="2019-05-01").warnings == []
    assert in_millions(line, on="2019-04-30") == (300, 300, 0)
    assert in_millions(line, on="2019-05-01") == (300, 250, 0)
    approve(line, -50 * MILLION, on="2019-06-01")
    assert in_millions(line) == (250, 250, 0)


def test_below_what_was_paid_it_warns_and_says_what_is_to_be_recovered(line, contract):
    advance(line, 210 * MILLION, on="2019-04-15")
    (warning,) = annex(contract, line, -100_500_000, on="2019-05-01").warnings
    assert "phải thu hồi 10.500.000 đồng" in warning
    recover(line, 10_500_000, on="2019-06-01")
    assert sums(line) == (300 * MILLION, 199_500_000, 199_500_000)


def test_nothing_more_is_paid_until_the_rest_is_recovered(line, contract):
    advance(line, 210 * MILLION, on="2019-04-15")
    annex(contract, line, -100 * MILLION, on="2019-05-01")
    with pytest.raises(NotAllowed, match="chỉ còn 0 đồng chưa chi"):
        advance(line, MILLION, on="2019-05-02")


def test_a_cut_takes_no_more_than_was_signed(line, contract):
    with pytest.raises(NotAllowed, match=r"chỉ có 300\.000\.000 đồng đã ký"):
        annex(contract, line, -301 * MILLION)


def test_two_changes_of_one_line_add_up(line, contract):
    with pytest.raises(NotAllowed, match=r"chỉ có 100\.000\.000 đồng đã ký"):
        cut_twice(contract, line, -200 * MILLION)
    assert not ContractAnnex.objects.exists()


def cut_twice(contract, line, amount_vnd):
    return services.sign_annex(
        contract=contract, signed_on=day("2019-05-01"), changes=[(line, source(), amount_vnd)] * 2
    )


def test_an_annex_moves_the_end_from_its_own_day_on(line, contract):
    contract.ends_on = day("2019-06-30")
    contract.save()
    annex(contract, line, None, on="2019-06-15", ends_on=day("2019-09-30"))
    assert Contract.objects.with_end(day("2019-06-14")).get().end_on == day("2019-06-30")
    assert Contract.objects.with_end(day("2019-06-15")).get().end_on == day("2019-09-30")
    assert LedgerEntry.objects.filter(annex__isnull=False).count() == 0


def test_an_annex_that_changes_no_end_leaves_the_one_in_force(line, contract):
    contract.ends_on = day("2019-06-30")
    contract.save()
    annex(contract, line, -MILLION, on="2019-05-01")
    assert Contract.objects.with_end(day("2019-12-31")).get().end_on == day("2019-06-30")


def test_an_annex_before_its_contract_is_refused(line, contract):
    with pytest.raises(NotAllowed, match="14/03/2019 trước ngày ký hợp đồng 15/03/2019"):
        annex(contract, line, None, on="2019-03-14")


def test_a_new_end_before_the_start_is_refused(line, contract):
    with pytest.raises(NotAllowed, match="không được trước ngày bắt đầu"):
        annex(contract, line, None, on="2019-05-01", ends_on=day("2019-03-14"))


def test_an_annex_changes_lines_of_its_own_contract(contract):
    with pytest.raises(NotAllowed, match="không thuộc hợp đồng"):
        annex(contract, make_signed_line(), -MILLION)


def test_a_stopped_line_is_changed_by_no_annex_after_the_stop(line, contract):
    advance(line, 100 * MILLION, on="2019-04-15")
    stop(line.project, on="2019-07-01")
    with pytest.raises(NotAllowed, match="ngừng từ ngày 01/07/2019"):
        annex(contract, line, -50 * MILLION, on="2019-08-01")


def test_an_annex_of_the_contract_between_cuc_and_centre_is_not_held_to_the_lines_own_signing():
    line = make_approved_line(300 * MILLION)
    national = sign(line, 300 * MILLION, kind=Contract.Kind.NATIONAL)
    annex(national, line, 900 * MILLION, on="2019-05-01")
    assert in_millions(line) == (300, 0, 0)
