"""Requesting and approving: never more than the year's plan of a counted source, on any day."""

import pytest

from funding.models import PlanLine
from khuyencong.errors import NotAllowed
from projects import services
from projects.models import LedgerEntry, ProjectDecision, Step
from tests.factories import (
    MILLION,
    approve,
    ask,
    day,
    decide,
    make_approved_line,
    make_decision,
    make_line,
    make_plan,
    make_project,
    sign,
    source,
    sums,
)

pytestmark = pytest.mark.django_db


def approved(line, **query):
    return sums(line, **query)[0] // MILLION


def test_an_approval_is_entered_on_its_decisions_day():
    line = make_line()
    entry = approve(line, 300 * MILLION, on="2019-03-01")
    assert (entry.step, entry.on, entry.amount_vnd) == (Step.APPROVED, day("2019-03-01"), 300 * MILLION)
    assert entry.paper == ProjectDecision.objects.get()


def test_approvals_may_use_the_plan_up_to_the_last_dong():
    make_plan(amount_vnd=300 * MILLION)
    line = make_approved_line(299_999_999)
    assert approve(line, 1).warning is None
    with pytest.raises(NotAllowed, match="chỉ còn 0 đồng"):
        approve(line, 1)
    assert sums(line)[0] == 300 * MILLION


def test_a_refusal_says_how_much_on_which_day_and_what_to_do_and_saves_nothing():
    make_plan(amount_vnd=250 * MILLION)
    line = make_line()
    before = LedgerEntry.history.count()
    with pytest.raises(NotAllowed) as refusal:
        approve(line, 300 * MILLION, on="2019-03-01")
    message = str(refusal.value)
    for part in ("300.000.000", "250.000.000", "01/03/2019", "2019", "Khuyến công quốc gia", "Hãy giảm số tiền"):
        assert part in message
    assert (LedgerEntry.objects.count(), LedgerEntry.history.count()) == (0, before)


def test_an_approval_is_refused_when_a_later_cut_of_the_plan_leaves_too_little():
    make_plan(amount_vnd=300 * MILLION, on="2019-01-10")
    make_plan(amount_vnd=-100 * MILLION, on="2019-06-01", kind=PlanLine.Kind.ADJUSTED)
    with pytest.raises(NotAllowed, match=r"đến ngày 01/06/2019 chỉ còn 200\.000\.000"):
        approve(make_line(), 250 * MILLION, on="2019-03-01")


def test_an_approval_entered_late_is_held_to_what_was_approved_after_it():
    make_plan(amount_vnd=300 * MILLION)
    make_approved_line(250 * MILLION, on="2019-05-01")
    with pytest.raises(NotAllowed, match=r"đến ngày 01/05/2019 chỉ còn 50\.000\.000"):
        make_approved_line(100 * MILLION, on="2019-03-01")


def test_money_assigned_on_a_later_day_does_not_cover_an_earlier_approval():
    make_plan(amount_vnd=100 * MILLION, on="2019-01-10")
    make_plan(amount_vnd=200 * MILLION, on="2019-06-01")
    with pytest.raises(NotAllowed, match=r"chỉ còn 100\.000\.000"):
        approve(make_line(), 150 * MILLION, on="2019-03-01")
    approve(make_line(), 150 * MILLION, on="2019-06-01")


@pytest.mark.parametrize("kind", [PlanLine.Kind.PROVISIONAL, PlanLine.Kind.ESTIMATED, PlanLine.Kind.REQUESTED], ids=str)
def test_what_assigns_nothing_is_no_plan_and_an_approval_then_warns(kind):
    make_plan(amount_vnd=10 * MILLION, kind=kind)
    assert "chưa có quyết định giao kế hoạch năm 2019" in approve(make_line(), 300 * MILLION).warning


def test_carried_over_money_counts_as_plan_of_the_year_it_enters():
    make_plan(2019, amount_vnd=40 * MILLION)
    make_plan(2019, amount_vnd=-40 * MILLION, kind=PlanLine.Kind.CARRIED, on="2019-12-20")
    make_plan(2020, amount_vnd=40 * MILLION, kind=PlanLine.Kind.CARRIED, on="2019-12-20")
    approve(make_line(plan_year=2020), 40 * MILLION, on="2020-01-15")
    with pytest.raises(NotAllowed):
        approve(make_line(plan_year=2020), MILLION, on="2020-01-15")


@pytest.mark.parametrize("code", ["DOIUNG", "KHAC"])
def test_sources_outside_the_totals_are_not_guarded(code):
    make_plan(code=code, amount_vnd=MILLION)
    assert approve(make_line(), 900 * MILLION, code=code).warning is None


def test_each_source_and_each_year_has_a_plan_of_its_own():
    make_plan(2019, "KCQG", 100 * MILLION)
    make_plan(2019, "KCDP", 500 * MILLION)
    make_plan(2020, "KCQG", 500 * MILLION)
    with pytest.raises(NotAllowed):
        approve(make_line(plan_year=2019), 200 * MILLION)
    approve(make_line(plan_year=2019), 200 * MILLION, code="KCDP")
    approve(make_line(plan_year=2020), 200 * MILLION)


def test_an_amount_not_known_is_entered_as_such():
    make_plan(amount_vnd=MILLION)
    assert approve(make_line(), None).amount_vnd is None


def test_a_counterpart_of_nothing_is_recorded_as_nothing():
    line = make_line()
    assert approve(line, 0, code="DOIUNG").amount_vnd == 0


def test_support_may_not_be_negative():
    with pytest.raises(NotAllowed, match="không được âm"):
        approve(make_line(), -MILLION)
    assert not LedgerEntry.objects.exists()


def test_a_cut_may_not_take_more_than_stands_on_a_later_day():
    line = make_approved_line(300 * MILLION)
    approve(line, -250 * MILLION, on="2019-06-01")
    with pytest.raises(NotAllowed, match=r"01/06/2019 chỉ còn 50\.000\.000"):
        approve(line, -100 * MILLION, on="2019-04-01")


def test_a_cut_below_what_is_signed_is_a_fact_and_warns():
    line = make_approved_line(300 * MILLION)
    sign(line, 300 * MILLION)
    assert "số đã ký vượt kinh phí được duyệt" in approve(line, -100 * MILLION, on="2019-06-01").warning


def test_a_cut_frees_the_plan_for_others_from_its_day_on():
    make_plan(amount_vnd=300 * MILLION)
    line = make_approved_line(300 * MILLION)
    approve(line, -100 * MILLION, on="2019-06-01")
    with pytest.raises(NotAllowed):
        make_approved_line(100 * MILLION, on="2019-05-31")
    make_approved_line(100 * MILLION, on="2019-06-01")


def test_a_decision_of_another_project_approves_nothing_here():
    with pytest.raises(NotAllowed, match="thuộc đề án khác"):
        approve(make_line(), MILLION, decision=decide(make_project()))


def test_a_line_that_left_is_approved_nothing():
    line = make_line(left_on="2019-05-01")
    with pytest.raises(NotAllowed, match="đã rời đề án từ ngày 01/05/2019"):
        approve(line, MILLION, on="2019-06-01")


def test_a_step_bears_the_day_of_its_decision():
    with pytest.raises(NotAllowed, match="khác ngày ký 01/03/2019"):
        decide(make_project(), on="2019-03-02", decision=make_decision("2019-03-01"))


def test_a_step_names_a_line_of_its_own_project():
    with pytest.raises(NotAllowed, match="không thuộc đề án"):
        decide(make_project(), line=make_line())


def test_a_request_is_entered_and_may_be_lowered_but_not_below_nothing():
    line = make_line()
    ask(line, 400 * MILLION, on="2018-06-01")
    ask(line, -100 * MILLION, on="2018-07-01")
    with pytest.raises(NotAllowed, match="đề nghị từ .* không được âm"):
        ask(line, -301 * MILLION, on="2018-08-01")


def test_one_decision_approves_for_several_sources():
    line = make_line()
    decision = decide(line.project)
    for code in ("KCQG", "KCDP", "DOIUNG"):
        approve(line, 100 * MILLION, code=code, decision=decision)
    assert decision.entries.count() == 3


def test_change_source_needs_two_sources():
    line = make_approved_line()
    with pytest.raises(NotAllowed, match="phải khác nguồn cũ"):
        services.change_source(line=line, old=source(), new=source(), decision=decide(line.project, on="2019-06-01"))
