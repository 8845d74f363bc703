"""Paying and recovering: net, never more than signed; a line paid by list, never more than approved."""

import pytest

from accounts.models import Role
from khuyencong.errors import NotAllowed
from projects import services
from projects.models import LedgerEntry, Payment, Project, Step
from tests.factories import (
    MILLION,
    advance,
    approve,
    day,
    make_approved_line,
    make_project,
    make_signed_line,
    make_user,
    pay,
    recover,
    sign,
    source,
    sums,
)

pytestmark = pytest.mark.django_db
CORRECTED_ON = day("2019-12-01")


def test_advances_and_payments_together_stay_within_what_is_signed():
    line = make_signed_line(300 * MILLION)
    advance(line, 210 * MILLION, on="2019-04-15")
    with pytest.raises(NotAllowed, match=r"vượt số đã ký: .* chỉ còn 90\.000\.000 đồng chưa chi"):
        pay(line, 91 * MILLION)
    pay(line, 90 * MILLION)
    assert sums(line)[2] == 300 * MILLION
    assert Payment.objects.count() == 2


def test_a_refused_payment_leaves_nothing_behind():
    line = make_signed_line(300 * MILLION)
    with pytest.raises(NotAllowed):
        pay(line, 301 * MILLION)
    assert not Payment.objects.exists() and not Payment.history.exists()


def test_what_was_recovered_may_be_paid_again():
    line = make_signed_line(300 * MILLION)
    advance(line, 300 * MILLION, on="2019-04-15")
    recover(line, 100 * MILLION, on="2019-06-01")
    with pytest.raises(NotAllowed):
        pay(line, 100 * MILLION, on="2019-05-31")
    pay(line, 100 * MILLION, on="2019-06-01")
    assert sums(line)[2] == 300 * MILLION


def test_a_payment_entered_late_is_held_to_what_was_paid_after_it():
    line = make_signed_line(300 * MILLION)
    pay(line, 250 * MILLION, on="2019-11-01")
    with pytest.raises(NotAllowed, match=r"đến ngày 01/11/2019 chỉ còn 50\.000\.000"):
        advance(line, 60 * MILLION, on="2019-04-15")


def test_a_payment_before_the_contract_is_refused():
    line = make_signed_line(300 * MILLION, on="2019-03-15")
    with pytest.raises(NotAllowed, match="Ngày 14/03/2019 chưa có hợp đồng"):
        pay(line, MILLION, on="2019-03-14")


def test_a_payment_without_any_contract_is_refused():
    with pytest.raises(NotAllowed, match="chưa có hợp đồng"):
        pay(make_approved_line(), MILLION)


def test_a_line_paid_by_list_is_measured_against_what_is_approved():
    line = make_approved_line(300 * MILLION, has_contract=False, project=make_project(Project.Kind.TASK))
    pay(line, 200 * MILLION, on="2019-05-01")
    with pytest.raises(NotAllowed, match=r"vượt kinh phí được duyệt: .* chỉ còn 100\.000\.000"):
        pay(line, 101 * MILLION, on="2019-06-01")


def test_a_line_paid_by_list_is_not_paid_before_its_approval():
    line = make_approved_line(300 * MILLION, has_contract=False, on="2019-03-01")
    with pytest.raises(NotAllowed, match="chỉ còn 0 đồng"):
        pay(line, MILLION, on="2019-02-28")


def test_each_source_pays_what_it_signed():
    line = make_signed_line(300 * MILLION)
    approve(line, 50 * MILLION, code="KCDP")
    with pytest.raises(NotAllowed, match="Khuyến công địa phương"):
        pay(line, MILLION, code="KCDP")


@pytest.mark.parametrize("amount", [0, -5 * MILLION, None])
def test_a_payment_is_more_than_nothing(amount):
    with pytest.raises(NotAllowed, match="phải lớn hơn 0"):
        pay(make_signed_line(), amount)


def test_a_recovery_takes_no_more_than_was_paid():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION, on="2019-04-15")
    recover(line, 60 * MILLION, on="2019-06-01")
    with pytest.raises(NotAllowed, match=r"vượt số đã chi: .* chỉ còn 40\.000\.000"):
        recover(line, 41 * MILLION, on="2019-05-01")
    with pytest.raises(NotAllowed, match="chỉ còn 0 đồng"):
        recover(line, MILLION, on="2019-04-14")


def test_a_payment_names_a_contract_of_its_own_line():
    other = make_signed_line().contracts.get()
    with pytest.raises(NotAllowed, match="không thuộc hợp đồng"):
        pay(make_signed_line(), MILLION, contract=other)


def test_where_the_signed_amount_is_not_known_payments_stay_within_the_approved():
    line = make_approved_line(300 * MILLION)
    sign(line, None)
    with pytest.raises(NotAllowed, match="kinh phí được duyệt"):
        pay(line, 301 * MILLION)
    pay(line, 300 * MILLION)


def test_where_nothing_is_known_payments_are_entered():
    line = make_approved_line(None)
    sign(line, None)
    pay(line, 300 * MILLION)
    assert sums(line)[2] == 300 * MILLION


def test_a_counter_row_is_dated_signed_and_carries_its_reason():
    line = make_signed_line(300 * MILLION)
    pay(line, 100 * MILLION, on="2019-05-10")
    person = make_user(Role.ACCOUNTANT)
    entry = services.correct(
        line=line,
        source=source(),
        step=Step.PAID,
        amount_vnd=-10 * MILLION,
        on=CORRECTED_ON,
        reason="Gõ thừa",
        by=person,
    )
    assert (entry.correction.reason, entry.correction.by) == ("Gõ thừa", person)
    assert sums(line, on="2019-05-31")[2] == 100 * MILLION
    assert sums(line)[2] == 90 * MILLION


@pytest.mark.parametrize(
    ("step", "amount"),
    [
        (Step.APPROVED, -301 * MILLION),
        (Step.CONTRACTED, MILLION),
        (Step.CONTRACTED, -301 * MILLION),
        (Step.PAID, 201 * MILLION),
        (Step.PAID, -101 * MILLION),
        (Step.RECOVERED, 101 * MILLION),
    ],
)
def test_a_counter_row_obeys_the_rules_of_its_step(step, amount):
    line = make_signed_line(300 * MILLION)
    pay(line, 100 * MILLION, on="2019-05-10")
    before = LedgerEntry.objects.count()
    with pytest.raises(NotAllowed, match="Điều chỉnh"):
        services.correct(
            line=line,
            source=source(),
            step=step,
            amount_vnd=amount,
            on=CORRECTED_ON,
            reason="Sai",
            by=make_user(Role.ACCOUNTANT),
        )
    assert LedgerEntry.objects.count() == before


def lower(line, step, amount_vnd):
    who = make_user(Role.ACCOUNTANT)
    fields = {"on": CORRECTED_ON, "reason": "Sai", "by": who}
    return services.correct(line=line, source=source(), step=step, amount_vnd=amount_vnd, **fields)


def test_a_counter_row_lowers_neither_approved_below_signed_nor_signed_below_paid():
    line = make_signed_line(100 * MILLION)
    pay(line, 40 * MILLION, on="2019-05-10")
    with pytest.raises(NotAllowed, match="số nhỏ hơn số đã ký"):
        lower(line, Step.APPROVED, -MILLION)
    with pytest.raises(NotAllowed, match="số nhỏ hơn số đã chi"):
        lower(line, Step.CONTRACTED, -61 * MILLION)
    lower(line, Step.CONTRACTED, -60 * MILLION)
    lower(line, Step.APPROVED, -60 * MILLION)
    assert sums(line) == (40 * MILLION,) * 3


def test_a_counter_row_lowers_approved_to_what_is_paid_where_nothing_is_signed_or_its_amount_unknown():
    by_list = make_approved_line(100 * MILLION, has_contract=False)
    unknown = make_approved_line(100 * MILLION)
    sign(unknown, None)
    for line in (by_list, unknown):
        pay(line, 40 * MILLION, on="2019-05-10")
        with pytest.raises(NotAllowed, match="số nhỏ hơn số đã chi"):
            lower(line, Step.APPROVED, -61 * MILLION)
        lower(line, Step.APPROVED, -60 * MILLION)


def test_a_counter_row_needs_a_reason():
    line = make_signed_line()
    with pytest.raises(NotAllowed):
        services.correct(
            line=line,
            source=source(),
            step=Step.PAID,
            amount_vnd=MILLION,
            on=CORRECTED_ON,
            reason="",
            by=make_user(Role.ACCOUNTANT),
        )
