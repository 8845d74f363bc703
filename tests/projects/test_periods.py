"""Closed periods: adding there needs a reason, changing a manager's, and both are kept."""

import pytest

from accounts.models import Role
from funding.models import PlanLine
from khuyencong.errors import NotAllowed
from projects import services
from projects.models import LedgerEntry, Payment
from tests.factories import (
    MILLION,
    accept,
    advance,
    annex,
    approve,
    ask,
    close_period,
    day,
    decide,
    make_approved_line,
    make_decision,
    make_line,
    make_plan,
    make_project,
    make_signed_line,
    make_user,
    pay,
    recover,
    resume,
    settle,
    sign,
    stop,
    sums,
)

pytestmark = pytest.mark.django_db
IN_MAY = "2019-05-15"
REASON = "Chứng từ về chậm"


@pytest.fixture
def line():
    return make_signed_line(300 * MILLION)


@pytest.fixture
def may(line):
    """May is closed; the line was signed before."""
    return close_period("2019-05-01", "2019-05-31")


LATE_FACTS = {
    "a step": lambda line, **late: decide(line.project, "extended", on=IN_MAY, ends_on=day("2019-12-31"), **late),
    "a request": lambda line, **late: ask(line, MILLION, on=IN_MAY, **late),
    "an approval": lambda line, **late: approve(line, MILLION, on=IN_MAY, **late),
    "a contract": lambda line, **late: sign(line, 0, on=IN_MAY, kind="national", **late),
    "an annex": lambda line, **late: annex(line.contracts.get(), line, -MILLION, on=IN_MAY, **late),
    "an advance": lambda line, **late: advance(line, MILLION, on=IN_MAY, **late),
    "a payment": lambda line, **late: pay(line, MILLION, on=IN_MAY, **late),
    "an acceptance": lambda line, **late: accept(line, MILLION, on=IN_MAY, **late),
    "a settlement": lambda line, **late: settle(line, MILLION, on=IN_MAY, **late),
    "a stop": lambda line, **late: stop(line.project, on=IN_MAY, **{"reason": "", **late}),
    "a plan": lambda line, **late: make_plan(on=IN_MAY, **late),
    "a milestone": lambda line, **late: services.set_milestone(
        project=line.project, name="Lắp máy", due_on=day("2019-09-30"), set_on=day(IN_MAY), **late
    ),
    "a liquidation": lambda line, **late: services.liquidate_contract(
        contract=line.contracts.get(), on=day(IN_MAY), **late
    ),
}


@pytest.mark.parametrize("fact", LATE_FACTS.values(), ids=LATE_FACTS)
def test_a_fact_dated_in_a_closed_period_needs_a_reason(fact, line, may):
    before = LedgerEntry.objects.count()
    with pytest.raises(NotAllowed, match="đã chốt số liệu. Hãy ghi lý do"):
        fact(line, by=make_user(Role.STAFF))
    with pytest.raises(NotAllowed, match="đã chốt số liệu"):
        fact(line, by=make_user(Role.MANAGER), reason="   ")
    assert LedgerEntry.objects.count() == before


# An approval's decision carries the reason itself: here both are entered.
@pytest.mark.parametrize("fact", LATE_FACTS.values(), ids=LATE_FACTS)
def test_with_a_reason_staff_may_add_it(fact, line, may):
    assert fact(line, by=make_user(Role.STAFF), reason=REASON)


def test_the_reason_and_the_person_are_kept(line, may):
    person = make_user(Role.ACCOUNTANT)
    payment = pay(line, MILLION, on=IN_MAY, by=person, reason=REASON)
    for record in (payment.history.get(), payment.entries.get().history.get()):
        assert (record.history_user, record.history_change_reason) == (person, REASON)


@pytest.mark.parametrize("on", ["2019-05-01", "2019-05-31"])
def test_the_first_and_the_last_day_belong_to_the_period(on, line, may):
    with pytest.raises(NotAllowed):
        advance(line, MILLION, on=on)


@pytest.mark.parametrize("on", ["2019-04-30", "2019-06-01"])
def test_the_days_around_it_do_not(on, line, may):
    advance(line, MILLION, on=on)
    assert Payment.objects.count() == 1


def test_an_open_period_holds_nothing_back(line, may):
    may.closed_at = None
    may.save()
    assert advance(line, MILLION, on=IN_MAY)


def test_what_a_late_payment_writes_into_a_closed_period_needs_the_reason_too(line):
    stop(line.project, on=IN_MAY)
    close_period("2019-05-01", "2019-05-31")
    with pytest.raises(NotAllowed, match="đã chốt số liệu"):
        advance(line, 100 * MILLION, on="2019-04-15")
    assert sums(line) == (0, 0, 0)
    advance(line, 100 * MILLION, on="2019-04-15", reason=REASON)
    assert sums(line) == (100 * MILLION,) * 3


def test_a_recovery_and_a_resumption_in_a_closed_period_need_a_reason(line):
    advance(line, 100 * MILLION, on="2019-04-15")
    stop(line.project, on="2019-04-20")
    close_period("2019-05-01", "2019-05-31")
    with pytest.raises(NotAllowed):
        recover(line, MILLION, on=IN_MAY)
    with pytest.raises(NotAllowed):
        resume(line.project, on=IN_MAY, reason="")
    recover(line, MILLION, on=IN_MAY, reason=REASON)
    resume(line.project, on=IN_MAY, reason=REASON)


@pytest.fixture
def plan_line():
    plan_line = make_plan(amount_vnd=900 * MILLION, on=IN_MAY)
    close_period("2019-05-01", "2019-05-31")
    return plan_line


def test_changing_in_a_closed_period_is_refused_without_a_manager(plan_line):
    for person in (make_user(Role.STAFF), make_user(Role.ACCOUNTANT), make_user(Role.ADMIN), None):
        with pytest.raises(NotAllowed, match="chỉ lãnh đạo sửa, xóa được"):
            services.change_plan(plan_line=plan_line, amount_vnd=MILLION, by=person, reason=REASON)
    assert PlanLine.objects.get().amount_vnd == 900 * MILLION


def test_changing_in_a_closed_period_is_refused_to_a_manager_without_a_reason(plan_line):
    with pytest.raises(NotAllowed, match="Hãy ghi lý do"):
        services.change_plan(plan_line=plan_line, amount_vnd=MILLION, by=make_user(Role.MANAGER))


def test_a_manager_changes_in_a_closed_period_with_a_reason_that_is_kept(plan_line):
    manager = make_user(Role.MANAGER)
    services.change_plan(plan_line=plan_line, amount_vnd=MILLION, by=manager, reason="Gõ nhầm")
    changed = plan_line.history.first()
    assert (changed.amount_vnd, changed.history_user, changed.history_change_reason) == (MILLION, manager, "Gõ nhầm")


def test_a_liquidation_of_a_closed_period_is_moved_by_a_manager_alone(line):
    services.liquidate_contract(contract=line.contracts.get(), on=day(IN_MAY))
    close_period("2019-05-01", "2019-05-31")
    change = {"contract": line.contracts.get(), "on": day("2019-06-10"), "reason": "Ghi nhầm ngày"}
    with pytest.raises(NotAllowed, match="chỉ lãnh đạo"):
        services.liquidate_contract(**change, by=make_user(Role.STAFF))
    services.liquidate_contract(**change, by=make_user(Role.MANAGER))


def test_moves_and_names_dated_in_a_closed_period_need_a_reason(line):
    unnamed = make_approved_line(beneficiary=None, project=make_project("group"))
    decisions = {each: decide(each.project, "adjusted", on=IN_MAY) for each in (line, unnamed)}
    close_period("2019-05-01", "2019-05-31")
    with pytest.raises(NotAllowed, match="đã chốt"):
        services.move_to_year(line=line, year=2020, decision=decisions[line])
    with pytest.raises(NotAllowed, match="đã chốt"):
        services.replace_beneficiary(line=line, beneficiary=make_line().beneficiary, decision=decisions[line])
    with pytest.raises(NotAllowed, match="đã chốt"):
        services.name_beneficiary(
            line=unnamed, beneficiary=make_line().beneficiary, amounts={}, decision=decisions[unnamed]
        )


def test_a_plan_under_a_decision_of_a_closed_period_needs_a_reason():
    close_period("2019-05-01", "2019-05-31")
    decision = make_decision(IN_MAY)
    with pytest.raises(NotAllowed, match="đã chốt"):
        make_plan(decision=decision)
    assert make_plan(decision=decision, reason=REASON).pk
