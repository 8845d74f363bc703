"""Moving a line into another plan year, and money to another source: what was paid stays."""

import pytest

from khuyencong.errors import NotAllowed
from projects import services
from projects.models import Acceptance, Equipment, LedgerEntry, Milestone, ProjectDecision, ProjectLine, Step
from tests.factories import (
    MILLION,
    accept,
    advance,
    annex,
    approve,
    day,
    decide,
    make_approved_line,
    make_plan,
    make_project,
    make_signed_line,
    pay,
    resume,
    source,
    stop,
    sums,
)

pytestmark = pytest.mark.django_db
MOVED_ON = "2019-12-20"


def move(line, year=2020, *, on=MOVED_ON):
    return services.move_to_year(line=line, year=year, decision=decide(line.project, ProjectDecision.Kind.MOVED, on=on))


def in_millions(line, **query):
    return tuple(amount // MILLION for amount in sums(line, **query))


def test_the_old_year_keeps_what_was_paid_and_the_rest_moves():
    old = make_signed_line(300 * MILLION)
    advance(old, 210 * MILLION, on="2019-04-15")
    new = move(old)
    assert in_millions(old, on="2019-12-19") == (300, 300, 210)
    assert in_millions(old) == (210, 210, 210)
    assert in_millions(new) == (90, 90, 0)
    old.refresh_from_db()
    assert (old.left_on, new.plan_year, new.beneficiary) == (day(MOVED_ON), 2020, old.beneficiary)


def test_the_new_line_goes_on_under_the_contract_and_is_paid_the_rest():
    old = make_signed_line(300 * MILLION)
    advance(old, 210 * MILLION, on="2019-04-15")
    new = move(old)
    assert list(new.contracts.all()) == list(old.contracts.all())
    with pytest.raises(NotAllowed, match=r"chỉ còn 90\.000\.000"):
        pay(new, 91 * MILLION, on="2020-03-01")
    pay(new, 90 * MILLION, on="2020-03-01", contract=new.contracts.get())
    accept(new, 90 * MILLION, on="2020-02-01")
    assert in_millions(new) == (90, 90, 90)


def test_the_new_line_is_not_paid_before_the_move():
    new = move(make_signed_line(300 * MILLION))
    with pytest.raises(NotAllowed, match="chưa có hợp đồng"):
        pay(new, MILLION, on="2019-12-19")


def test_an_annex_of_the_contract_changes_the_moved_line():
    old = make_signed_line(300 * MILLION)
    new = move(old)
    annex(new.contracts.get(), new, -50 * MILLION, on="2020-02-01")
    assert in_millions(new) == (300, 250, 0)


def test_open_milestones_go_on_with_the_day_then_due_and_done_ones_stay():
    line = make_signed_line()
    project = line.project
    fields = {"project": project, "line": line, "set_on": day("2019-03-01")}
    done = services.set_milestone(name="Mua máy", due_on=day("2019-05-31"), **fields)
    services.complete_milestone(milestone=done, done_on=day("2019-05-20"))
    still_open = services.set_milestone(name="Chạy thử", due_on=day("2019-11-30"), **fields)
    services.postpone_milestone(
        milestone=still_open, due_on=day("2020-03-31"), set_on=day("2019-11-15"), reason="Máy về chậm"
    )
    new = move(line)
    carried = Milestone.objects.with_due(day("2020-01-01")).get(line=new)
    assert (carried.name, carried.due_on) == ("Chạy thử", day("2020-03-31"))


def test_what_was_accepted_stays_accepted_and_its_money_with_the_old_year():
    old = make_signed_line(300 * MILLION)
    accept(old, 300 * MILLION, on="2019-10-15")
    accept(old, on="2019-09-01", result=Acceptance.Result.FAILED)
    new = move(old)
    assert [str(acceptance.accepted_on) for acceptance in new.acceptances.all()] == ["2019-10-15"]
    assert not LedgerEntry.objects.of(Step.ACCEPTED).filter(line=new).exists()


def test_machines_and_counterpart_go_along():
    old = make_signed_line(300 * MILLION)
    approve(old, 700 * MILLION, code="DOIUNG")
    Equipment.objects.create(line=old, name="Máy sấy", value_vnd=900 * MILLION)
    new = move(old)
    assert new.equipment.get().value_vnd == 900 * MILLION
    assert (in_millions(old, code="DOIUNG"), in_millions(new, code="DOIUNG")) == ((0, 0, 0), (700, 0, 0))


def test_the_plan_of_the_new_year_must_cover_the_rest():
    make_plan(2020, amount_vnd=50 * MILLION, on="2019-12-15")
    line = make_signed_line(300 * MILLION)
    with pytest.raises(NotAllowed, match=r"vượt kế hoạch năm 2020: .* chỉ còn 50\.000\.000"):
        move(line)
    line.refresh_from_db()
    assert line.left_on is None
    assert ProjectLine.objects.count() == 1
    assert in_millions(line) == (300, 300, 0)


def test_the_plan_of_the_old_year_is_free_again():
    make_plan(2019, amount_vnd=300 * MILLION)
    move(make_signed_line(300 * MILLION), on="2019-10-01")
    with pytest.raises(NotAllowed):
        make_approved_line(300 * MILLION, on="2019-09-30")
    make_approved_line(300 * MILLION, on="2019-10-01")


def test_a_line_moves_to_another_year_than_its_own():
    with pytest.raises(NotAllowed, match="đã thuộc kế hoạch năm 2019"):
        move(make_signed_line(), 2019)


def test_a_stopped_line_moves_nowhere():
    line = make_signed_line()
    stop(line.project, on="2019-07-01")
    with pytest.raises(NotAllowed, match="đã ngừng"):
        move(line)


def test_a_move_or_change_of_source_dated_before_a_later_stop_is_refused():
    line = make_signed_line()
    stop(line.project, on="2019-12-25")
    for attempt in (move, change):
        with pytest.raises(NotAllowed, match="ngừng từ ngày 25/12/2019"):
            attempt(line, on="2019-12-20")
    line.refresh_from_db()
    assert line.left_on is None


def test_a_stop_that_was_taken_back_before_hinders_no_move():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    resume(line.project, on="2019-08-01")
    assert in_millions(move(line)) == (300, 300, 0)


def test_a_line_moves_once():
    line = make_signed_line()
    move(line)
    with pytest.raises(NotAllowed, match="đã rời đề án"):
        move(line, 2021)


def test_a_payment_dated_after_the_move_stays_with_the_old_line():
    """The decision was entered late: the old line keeps what was paid under it by then."""
    line = make_signed_line(300 * MILLION)
    pay(line, 100 * MILLION, on="2019-12-25")
    new = move(line, on="2019-12-20")
    assert in_millions(line) == (100, 100, 100)
    assert in_millions(new) == (200, 200, 0)


# --- another source ---


def change(line, old="KCQG", new="KCDP", *, on="2019-06-01"):
    decision = decide(line.project, ProjectDecision.Kind.ADJUSTED, on=on)
    services.change_source(line=line, old=source(old), new=source(new), decision=decision)


def test_the_old_source_keeps_what_was_paid_and_the_rest_is_the_new_ones():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION, on="2019-04-15")
    change(line, on="2019-06-01")
    assert in_millions(line, on="2019-05-31") == (300, 300, 100)
    assert in_millions(line) == (100, 100, 100)
    assert in_millions(line, code="KCDP") == (200, 200, 0)
    pay(line, 200 * MILLION, code="KCDP")
    with pytest.raises(NotAllowed):
        pay(line, MILLION)


def test_what_is_not_signed_changes_its_source_as_approved_alone():
    line = make_approved_line(300 * MILLION)
    change(line)
    assert in_millions(line, code="KCDP") == (300, 0, 0)


def test_the_plan_of_the_new_source_must_cover_the_rest():
    make_plan(code="KCDP", amount_vnd=100 * MILLION)
    line = make_signed_line(300 * MILLION)
    with pytest.raises(NotAllowed, match="vượt kế hoạch năm 2019"):
        change(line)
    assert in_millions(line) == (300, 300, 0)


def test_a_source_paid_in_full_has_nothing_to_change():
    line = make_signed_line(300 * MILLION)
    pay(line, 300 * MILLION, on="2019-05-01")
    with pytest.raises(NotAllowed, match="không còn kinh phí chưa chi"):
        change(line)


def test_a_decision_of_another_project_moves_nothing():
    line = make_signed_line()
    with pytest.raises(NotAllowed, match="thuộc đề án khác"):
        services.move_to_year(line=line, year=2020, decision=decide(make_project(), on=MOVED_ON))
    assert ProjectLine.objects.count() == 1
