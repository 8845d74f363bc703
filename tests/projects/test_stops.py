"""What a stop ends, a resumption gives back, and what late facts and recoveries make of both."""

import pytest

from khuyencong.errors import NotAllowed
from projects.models import LedgerEntry, Project, ProjectDecision, Step
from tests.factories import (
    MILLION,
    advance,
    annex,
    approve,
    day,
    decide,
    make_approved_line,
    make_line,
    make_plan,
    make_project,
    make_signed_line,
    pay,
    recover,
    resume,
    sign,
    stop,
    sums,
)

pytestmark = pytest.mark.django_db


def in_millions(line, **query):
    return tuple(amount // MILLION for amount in sums(line, **query))


def test_a_stop_takes_what_was_approved_and_signed_but_not_paid():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION, on="2019-04-15")
    stop(line.project, on="2019-07-01")
    assert in_millions(line, on="2019-06-30") == (300, 300, 100)
    assert in_millions(line, on="2019-07-01") == (100, 100, 100)


def test_a_stop_of_a_line_paid_in_full_writes_nothing():
    line = make_signed_line(300 * MILLION)
    pay(line, 300 * MILLION, on="2019-06-01")
    decision = stop(line.project, on="2019-07-01")
    assert not decision.entries.exists()


def test_a_stop_of_an_unsigned_line_takes_its_approval_alone():
    line = make_approved_line(300 * MILLION)
    decision = stop(line.project, on="2019-07-01")
    assert [entry.step for entry in decision.entries.all()] == [Step.APPROVED]
    assert in_millions(line) == (0, 0, 0)


def test_a_stop_ends_the_counterpart_too():
    line = make_signed_line(300 * MILLION)
    approve(line, 700 * MILLION, code="DOIUNG")
    stop(line.project)
    assert in_millions(line, code="DOIUNG") == (0, 0, 0)


def test_a_stop_of_one_line_leaves_the_others_alone():
    project = make_project(Project.Kind.GROUP)
    stopped, other = (make_signed_line(300 * MILLION, project=project) for _ in range(2))
    stop(project, line=stopped)
    assert in_millions(stopped) == (0, 0, 0)
    assert in_millions(other) == (300, 300, 0)


def test_a_stop_is_refused_when_the_line_is_stopped_already():
    line = make_signed_line()
    stop(line.project, line=line, on="2019-07-01")
    with pytest.raises(NotAllowed, match="đã ngừng từ ngày 01/07/2019"):
        stop(line.project, line=line, on="2019-08-01")
    with pytest.raises(NotAllowed, match="đã ngừng triển khai"):
        stop(line.project, on="2019-08-01")


def test_lines_that_left_do_not_keep_a_stopped_project_open_to_a_second_stop():
    project = make_project(Project.Kind.GROUP)
    make_line(project, left_on="2019-05-01")
    make_signed_line(project=project)
    stop(project, on="2019-07-01")
    with pytest.raises(NotAllowed, match="đã ngừng triển khai"):
        stop(project, on="2019-08-01")


def test_a_stop_is_refused_before_something_paid_later():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION, on="2019-08-15")
    with pytest.raises(NotAllowed, match="tạm ứng ngày 15/08/2019"):
        stop(line.project, on="2019-07-01")
    assert not ProjectDecision.objects.filter(kind=ProjectDecision.Kind.STOPPED).exists()
    assert in_millions(line) == (300, 300, 100)


def test_nothing_is_approved_signed_or_paid_on_a_stopped_line():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    for attempt in (
        lambda: approve(line, MILLION, on="2019-08-01"),
        lambda: sign(line, MILLION, on="2019-08-01"),
        lambda: pay(line, MILLION, on="2019-08-01"),
    ):
        with pytest.raises(NotAllowed, match="ngừng từ ngày 01/07/2019"):
            attempt()
    assert in_millions(line) == (0, 0, 0)


def test_an_unknown_signed_amount_does_not_open_a_stopped_line_to_payments():
    line = make_approved_line(300 * MILLION)
    sign(line, None)
    stop(line.project, on="2019-07-01")
    with pytest.raises(NotAllowed, match="ngừng từ ngày 01/07/2019"):
        pay(line, MILLION, on="2019-08-01")


def test_a_late_payment_dated_before_the_stop_raises_both_again_on_the_day_of_the_stop():
    line = make_signed_line(300 * MILLION)
    decision = stop(line.project, on="2019-07-01")
    advance(line, 100 * MILLION, on="2019-04-15")
    assert in_millions(line, on="2019-06-30") == (300, 300, 100)
    assert in_millions(line, on="2019-07-01") == (100, 100, 100)
    assert {str(entry.on) for entry in decision.entries.all()} == {"2019-07-01"}


def test_a_payment_dated_on_the_day_of_the_stop_counts_as_before_it():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    pay(line, 40 * MILLION, on="2019-07-01")
    assert in_millions(line) == (40, 40, 40)


def test_a_late_payment_may_not_exceed_what_was_signed_before_the_stop():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    advance(line, 250 * MILLION, on="2019-04-15")
    with pytest.raises(NotAllowed, match=r"chỉ còn 50\.000\.000 đồng"):
        pay(line, 60 * MILLION, on="2019-05-01")
    assert in_millions(line) == (250, 250, 250)


def test_a_late_payment_is_refused_where_the_plan_was_given_to_another_since():
    make_plan(amount_vnd=300 * MILLION)
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    make_approved_line(300 * MILLION, on="2019-08-01")
    with pytest.raises(NotAllowed, match=r"vượt kế hoạch 100\.000\.000 đồng vào ngày 01/08/2019"):
        advance(line, 100 * MILLION, on="2019-04-15")
    assert in_millions(line) == (0, 0, 0)


def test_a_late_contract_dated_before_the_stop_is_entered_and_ends_with_it():
    line = make_approved_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    sign(line, 300 * MILLION, on="2019-03-15")
    assert in_millions(line, on="2019-06-30") == (300, 300, 0)
    assert in_millions(line) == (0, 0, 0)


def test_a_late_approval_dated_before_the_stop_ends_with_it():
    make_plan(amount_vnd=400 * MILLION)
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    make_approved_line(400 * MILLION, on="2019-08-01")
    approve(line, 100 * MILLION, on="2019-04-01")
    assert in_millions(line, on="2019-06-30") == (400, 300, 0)
    assert in_millions(line) == (0, 0, 0)


def test_a_late_annex_dated_before_the_stop_lets_it_take_less():
    line = make_approved_line(300 * MILLION)
    contract = sign(line, 300 * MILLION)
    advance(line, 100 * MILLION)
    stop(line.project, on="2019-07-01")
    annex(contract, line, -50 * MILLION, on="2019-05-01")
    assert in_millions(line, on="2019-06-30") == (300, 250, 100)
    assert in_millions(line) == (100, 100, 100)


def test_a_resumption_gives_back_what_the_stop_took():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    stop(line.project, on="2019-07-01")
    resume(line.project, on="2019-08-01")
    assert in_millions(line, on="2019-07-31") == (100, 100, 100)
    assert in_millions(line, on="2019-08-01") == (300, 300, 100)
    pay(line, 200 * MILLION, on="2019-09-01")
    assert in_millions(line) == (300, 300, 300)


def test_a_resumption_needs_a_stop():
    line = make_signed_line()
    with pytest.raises(NotAllowed, match="Chưa có quyết định ngừng"):
        resume(line.project)


def test_a_resumption_is_refused_where_the_plan_was_given_to_another_since():
    make_plan(amount_vnd=300 * MILLION)
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    make_approved_line(300 * MILLION, on="2019-07-15")
    with pytest.raises(NotAllowed, match="vượt kế hoạch"):
        resume(line.project, on="2019-08-01")
    assert in_millions(line) == (0, 0, 0)
    assert not ProjectDecision.objects.filter(kind=ProjectDecision.Kind.RESUMED).exists()


def test_a_resumption_of_one_line_leaves_the_others_stopped():
    project = make_project(Project.Kind.GROUP)
    first, second = (make_signed_line(300 * MILLION, project=project) for _ in range(2))
    stop(project, on="2019-07-01")
    resume(project, line=first, on="2019-08-01")
    assert in_millions(first) == (300, 300, 0)
    assert in_millions(second) == (0, 0, 0)


def test_a_late_payment_before_the_first_of_two_stops_moves_every_paper_of_the_chain():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-05-01")
    resume(line.project, on="2019-06-01")
    stop(line.project, on="2019-07-01")
    advance(line, 100 * MILLION, on="2019-04-15")
    assert in_millions(line, on="2019-05-01") == (100, 100, 100)
    assert in_millions(line, on="2019-06-01") == (300, 300, 100)
    assert in_millions(line, on="2019-07-01") == (100, 100, 100)


def test_a_late_payment_before_a_stop_that_was_lifted_is_entered():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-05-01")
    resume(line.project, on="2019-06-01")
    advance(line, 100 * MILLION, on="2019-04-15")
    assert in_millions(line, on="2019-05-31") == (100, 100, 100)
    assert in_millions(line, on="2019-06-01") == (300, 300, 100)


def test_a_late_payment_between_stop_and_resumption_is_refused():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-05-01")
    resume(line.project, on="2019-06-01")
    stop(line.project, on="2019-07-01")
    with pytest.raises(NotAllowed, match="ngừng từ ngày 01/05/2019"):
        pay(line, MILLION, on="2019-05-15")
    pay(line, MILLION, on="2019-06-15")
    assert in_millions(line) == (1, 1, 1)


def test_stopped_and_resumed_on_one_day_a_late_payment_changes_neither_outcome():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    resume(line.project, on="2019-07-01")
    advance(line, 100 * MILLION, on="2019-04-15")
    assert in_millions(line) == (300, 300, 100)


def test_a_recovery_on_an_active_line_lowers_what_is_paid_alone():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    recover(line, 40 * MILLION, on="2019-06-01")
    assert in_millions(line) == (300, 300, 60)


def test_a_recovery_after_a_stop_lowers_all_three():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    stop(line.project, on="2019-07-01")
    recover(line, 40 * MILLION, on="2019-08-01")
    assert in_millions(line, on="2019-07-31") == (100, 100, 100)
    assert in_millions(line, on="2019-08-01") == (60, 60, 60)


def test_two_recoveries_on_one_day_after_a_stop_each_write_their_own_share():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    stop(line.project, on="2019-07-01")
    payments = [recover(line, amount * MILLION, on="2019-08-01") for amount in (40, 60)]
    assert in_millions(line) == (0, 0, 0)
    for payment, amount in zip(payments, (40, 60), strict=True):
        lowered = payment.entries.exclude(step=Step.RECOVERED)
        assert [entry.amount_vnd for entry in lowered] == [-amount * MILLION] * 2


def test_a_recovery_after_a_stop_of_a_line_without_contract_lowers_approved_and_paid():
    line = make_approved_line(300 * MILLION, has_contract=False)
    pay(line, 100 * MILLION, on="2019-04-15")
    stop(line.project, on="2019-07-01")
    recover(line, 100 * MILLION, on="2019-08-01")
    assert in_millions(line) == (0, 0, 0)


def test_a_recovery_dated_before_the_stop_lets_the_stop_take_more():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    stop(line.project, on="2019-07-01")
    recover(line, 30 * MILLION, on="2019-06-01")
    assert in_millions(line, on="2019-06-30") == (300, 300, 70)
    assert in_millions(line, on="2019-07-01") == (70, 70, 70)


def test_a_stop_entered_late_makes_an_earlier_entered_recovery_one_after_the_stop():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    recover(line, 40 * MILLION, on="2019-08-01")
    stop(line.project, on="2019-07-01")
    assert in_millions(line, on="2019-07-31") == (100, 100, 100)
    assert in_millions(line) == (60, 60, 60)


def test_a_resumption_entered_late_makes_a_later_recovery_one_of_an_active_line():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    stop(line.project, on="2019-07-01")
    recover(line, 40 * MILLION, on="2019-09-01")
    resume(line.project, on="2019-08-01")
    assert in_millions(line) == (300, 300, 60)


def test_a_resumption_after_a_recovery_gives_back_what_the_stop_took_and_no_more():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    stop(line.project, on="2019-07-01")
    recover(line, 40 * MILLION, on="2019-08-01")
    resume(line.project, on="2019-09-01")
    assert in_millions(line) == (260, 260, 60)


def test_a_recovery_after_a_stop_never_takes_what_is_signed_below_zero():
    line = make_approved_line(300 * MILLION)
    contract = sign(line, 300 * MILLION)
    advance(line, 150 * MILLION)
    annex(contract, line, -200 * MILLION, on="2019-05-01")
    stop(line.project, on="2019-07-01")
    recover(line, 150 * MILLION, on="2019-08-01")
    assert in_millions(line) == (0, 0, 0)


def test_every_entry_of_a_stop_rests_on_its_decision_and_carries_its_author():
    line = make_signed_line(300 * MILLION)
    stop(line.project)
    entries = LedgerEntry.objects.filter(decision__kind=ProjectDecision.Kind.STOPPED)
    assert {entry.step for entry in entries} == {Step.APPROVED, Step.CONTRACTED}
    assert all(entry.history.count() == 1 for entry in entries)


TURNED_AWAY = [ProjectDecision.Kind.RETURNED, ProjectDecision.Kind.REJECTED]


@pytest.mark.parametrize("kind", TURNED_AWAY)
def test_what_is_stopped_is_neither_returned_nor_refused(kind):
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    with pytest.raises(NotAllowed, match="đã ngừng từ ngày 01/07/2019"):
        decide(line.project, kind, on="2019-08-01")
    resume(line.project, on="2019-09-01")
    assert in_millions(line) == (300, 300, 0)


@pytest.mark.parametrize("kind", TURNED_AWAY)
def test_a_project_with_one_line_stopped_is_not_returned_as_a_whole(kind):
    project = make_project(Project.Kind.GROUP)
    first, second = make_signed_line(project=project), make_signed_line(project=project)
    stop(project, line=first, on="2019-07-01")
    with pytest.raises(NotAllowed, match="đã ngừng từ ngày 01/07/2019"):
        decide(project, kind, on="2019-08-01")
    assert decide(project, kind, line=second, on="2019-08-01").pk


def test_a_stop_entered_late_is_not_followed_by_a_refusal():
    line = make_signed_line()
    decide(line.project, ProjectDecision.Kind.REJECTED, on="2019-08-01")
    with pytest.raises(NotAllowed, match="không phê duyệt.* 01/08/2019"):
        stop(line.project, on="2019-07-01")
    assert stop(line.project, on="2019-08-02").on == day("2019-08-02")
