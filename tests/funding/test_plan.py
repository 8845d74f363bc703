"""The plan of a year: what assigns, what only asks, and cuts that would leave less than is approved."""

import pytest

from funding.models import FundingSource, PlanLine
from khuyencong.errors import NotAllowed
from projects import services
from tests.factories import (
    MILLION,
    day,
    make_approved_line,
    make_decision,
    make_plan,
    source,
)

pytestmark = pytest.mark.django_db
Kind = PlanLine.Kind


def assigned(code="KCQG", year=2019, on="2019-12-31"):
    rows = PlanLine.objects.filter(year=year).assigned().until(day(on))
    found = FundingSource.objects.annotate(plan_vnd=rows.total_vnd(per="source")).get(code=code)
    return found.plan_vnd // MILLION


def test_assigned_adjusted_and_carried_money_add_up_by_day():
    make_plan(amount_vnd=900 * MILLION, on="2019-01-10")
    make_plan(amount_vnd=-100 * MILLION, on="2019-06-01", kind=Kind.ADJUSTED)
    make_plan(amount_vnd=50 * MILLION, on="2019-08-01", kind=Kind.CARRIED)
    days = ("2019-01-09", "2019-01-10", "2019-05-31", "2019-06-01", "2019-08-01")
    assert [assigned(on=on) for on in days] == [0, 900, 900, 800, 850]


def test_estimates_requests_and_provisional_money_assign_nothing():
    for kind in (Kind.ESTIMATED, Kind.REQUESTED, Kind.PROVISIONAL):
        make_plan(amount_vnd=900 * MILLION, kind=kind)
    assert assigned() == 0


def test_a_cut_down_to_what_is_approved_is_entered():
    make_plan(amount_vnd=900 * MILLION)
    make_approved_line(300 * MILLION)
    assert make_plan(amount_vnd=-600 * MILLION, kind=Kind.ADJUSTED, on="2019-06-01").pk
    assert assigned() == 300


def test_a_cut_below_what_is_approved_is_refused_and_nothing_is_saved():
    make_plan(amount_vnd=900 * MILLION)
    make_approved_line(300 * MILLION)
    with pytest.raises(NotAllowed, match=r"vượt kế hoạch 1\.000\.000 đồng vào ngày 01/06/2019"):
        make_plan(amount_vnd=-601 * MILLION, kind=Kind.ADJUSTED, on="2019-06-01")
    assert assigned() == 900


def test_a_cut_dated_before_an_approval_is_held_to_that_later_day():
    make_plan(amount_vnd=900 * MILLION)
    make_approved_line(300 * MILLION, on="2019-08-01")
    with pytest.raises(NotAllowed, match="vào ngày 01/08/2019"):
        make_plan(amount_vnd=-700 * MILLION, kind=Kind.ADJUSTED, on="2019-06-01")


def test_a_withdrawn_request_is_a_negative_row_and_no_cut():
    make_approved_line(300 * MILLION)
    make_plan(amount_vnd=900 * MILLION, kind=Kind.REQUESTED)
    make_plan(amount_vnd=-900 * MILLION, kind=Kind.REQUESTED)
    assert sum(row.amount_vnd for row in PlanLine.objects.requested()) == 0


def test_a_plan_row_is_corrected_in_place_but_not_below_what_is_approved():
    plan_line = make_plan(amount_vnd=900 * MILLION)
    make_approved_line(300 * MILLION)
    with pytest.raises(NotAllowed, match="vượt kế hoạch"):
        services.change_plan(plan_line=plan_line, amount_vnd=299 * MILLION)
    services.change_plan(plan_line=plan_line, amount_vnd=300 * MILLION)
    assert assigned() == 300
    assert [row.amount_vnd // MILLION for row in plan_line.history.all()] == [300, 900]


def test_a_first_plan_smaller_than_what_was_approved_before_it_is_a_fact_and_warns():
    make_approved_line(300 * MILLION)
    plan_line = make_plan(amount_vnd=200 * MILLION, on="2019-06-01")
    assert "vượt kế hoạch 100.000.000 đồng vào ngày 01/06/2019" in plan_line.warning
    assert make_plan(amount_vnd=100 * MILLION, on="2019-06-01").warning is None


def test_the_plan_of_a_source_outside_the_totals_is_cut_freely():
    make_plan(code="KHAC", amount_vnd=100 * MILLION)
    make_approved_line(100 * MILLION, code="KHAC")
    assert make_plan(code="KHAC", amount_vnd=-50 * MILLION, kind=Kind.ADJUSTED, on="2019-06-01").warning is None


def test_an_assigned_amount_is_not_negative():
    with pytest.raises(NotAllowed, match="giảm thì dùng dòng điều chỉnh"):
        make_plan(amount_vnd=-MILLION)


def test_one_decision_gives_several_sources_and_years():
    decision = make_decision("2019-01-10")
    for year, code in ((2019, "KCQG"), (2019, "KCDP"), (2020, "KCDP")):
        make_plan(year, code, MILLION, decision=decision)
    assert decision.plan_lines.count() == 3


def test_the_same_row_twice_under_one_decision_is_refused():
    decision = make_decision("2019-01-10")
    make_plan(decision=decision)
    with pytest.raises(NotAllowed, match="đã có trong quyết định"):
        make_plan(decision=decision)
    make_plan(decision=decision, batch="2")
    make_plan(decision=decision, is_for_tasks=True)
    assert PlanLine.objects.filter(source=source()).count() == 3
