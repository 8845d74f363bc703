"""Acceptance, settlement, milestones: in order, on their days, failed ones without money."""

import pytest

from khuyencong.errors import NotAllowed
from projects import services
from projects.models import Acceptance, LedgerEntry, Milestone, Settlement, Step
from tests.factories import (
    MILLION,
    accept,
    day,
    make_approved_line,
    make_project,
    make_signed_line,
    settle,
    sign,
    source,
)

pytestmark = pytest.mark.django_db


def accepted(line):
    return [entry.amount_vnd for entry in LedgerEntry.objects.of(Step.ACCEPTED).filter(line=line)]


def test_an_acceptance_carries_the_support_accepted():
    line = make_signed_line(300 * MILLION)
    acceptance = accept(line, 290 * MILLION, on="2019-10-15")
    assert accepted(line) == [290 * MILLION]
    assert acceptance.entries.get().on == day("2019-10-15")


def test_an_acceptance_before_the_signing_is_refused_and_nothing_is_saved():
    line = make_signed_line(on="2019-03-15")
    with pytest.raises(NotAllowed, match="Ngày nghiệm thu 14/03/2019 trước ngày ký hợp đồng 15/03/2019"):
        accept(line, MILLION, on="2019-03-14")
    assert not Acceptance.objects.exists()


def test_an_acceptance_on_the_day_of_the_signing_is_entered():
    assert accept(make_signed_line(on="2019-03-15"), MILLION, on="2019-03-15").pk


def test_an_acceptance_without_a_contract_is_refused():
    with pytest.raises(NotAllowed, match="chưa có hợp đồng"):
        accept(make_approved_line(), MILLION)


def test_the_contract_between_cuc_and_centre_does_not_open_an_acceptance():
    line = make_approved_line()
    sign(line, MILLION, kind="national")
    with pytest.raises(NotAllowed, match="chưa có hợp đồng"):
        accept(line, MILLION)


def test_a_line_without_contract_is_accepted_from_its_approval():
    line = make_approved_line(has_contract=False)
    accept(line, MILLION)
    assert accepted(line) == [MILLION]


def test_a_failed_acceptance_accepts_no_money_and_a_second_one_may_pass():
    line = make_signed_line(300 * MILLION)
    accept(line, 300 * MILLION, on="2019-09-01", result=Acceptance.Result.FAILED)
    assert accepted(line) == []
    assert not line.acceptances.passed(day("2019-10-14")).exists()
    accept(line, 300 * MILLION, on="2019-10-15")
    assert accepted(line) == [300 * MILLION]
    assert line.acceptances.count() == 2
    assert line.acceptances.passed(day("2019-10-15")).count() == 1


def test_passed_with_conditions_counts_as_passed():
    line = make_signed_line()
    accept(line, 200 * MILLION, result=Acceptance.Result.CONDITIONAL)
    assert accepted(line) == [200 * MILLION]
    assert line.acceptances.passed(day("2019-12-31")).exists()


def test_an_accepted_amount_may_be_unknown_but_not_negative():
    line = make_signed_line()
    accept(line, None)
    assert accepted(line) == [None]
    with pytest.raises(NotAllowed, match="Số tiền phải lớn hơn 0"):
        accept(line, -MILLION, on="2019-11-01")
    assert Acceptance.objects.count() == 1


def test_a_settlement_is_one_a_source_with_its_amount():
    line = make_signed_line(300 * MILLION)
    services.settle(
        line=line,
        settled_on=day("2019-12-10"),
        amounts={source("KCQG"): 300 * MILLION, source("DOIUNG"): 700 * MILLION},
    )
    assert Settlement.objects.count() == 2
    assert {entry.step for entry in LedgerEntry.objects.filter(settlement__isnull=False)} == {Step.SETTLED}


def test_a_settlement_with_the_funder_is_in_a_step_of_its_own():
    line = make_signed_line()
    settle(line, 300 * MILLION, party=Settlement.Party.FUNDER)
    assert LedgerEntry.objects.get(settlement__isnull=False).step == Step.FUNDER_SETTLED
    assert not Settlement.objects.with_beneficiaries(day("2019-12-31")).exists()


def test_a_settlement_without_a_known_amount_is_still_a_settlement():
    line = make_signed_line()
    services.settle(line=line, settled_on=day("2019-12-10"), amounts={})
    assert line.settlements.count() == 1
    assert not LedgerEntry.objects.filter(settlement__isnull=False).exists()


def test_a_settlement_before_its_dossier_is_refused():
    with pytest.raises(NotAllowed, match="không được trước ngày nộp hồ sơ"):
        settle(make_signed_line(), MILLION, on="2019-12-10", submitted_on=day("2019-12-11"))


def make_milestone(due_on="2019-06-30", **fields):
    return services.set_milestone(
        project=make_project(), name="Lắp đặt máy", due_on=day(due_on), set_on=day("2019-03-01"), **fields
    )


def test_a_milestone_is_late_the_day_after_its_due_day():
    milestone = make_milestone("2019-06-30")
    assert list(Milestone.objects.overdue(day("2019-06-30"))) == []
    assert list(Milestone.objects.overdue(day("2019-07-01"))) == [milestone]


def test_a_postponement_leaves_the_days_before_as_they_were():
    milestone = make_milestone("2019-06-30")
    services.postpone_milestone(
        milestone=milestone, due_on=day("2019-09-30"), set_on=day("2019-08-01"), reason="Máy về chậm"
    )
    assert list(Milestone.objects.overdue(day("2019-07-31"))) == [milestone]
    assert list(Milestone.objects.overdue(day("2019-08-01"))) == []
    assert Milestone.objects.with_due(day("2019-07-31")).get().due_on == day("2019-06-30")


def test_a_milestone_done_late_was_late_until_then():
    milestone = make_milestone("2019-06-30")
    services.complete_milestone(milestone=milestone, done_on=day("2019-07-15"))
    assert list(Milestone.objects.overdue(day("2019-07-14"))) == [milestone]
    assert list(Milestone.objects.overdue(day("2019-07-15"))) == []


def test_a_milestone_is_done_once_even_when_two_people_have_its_page_open():
    milestone = make_milestone()
    seen_by_another = Milestone.objects.get()
    services.complete_milestone(milestone=milestone, done_on=day("2019-06-01"))
    with pytest.raises(NotAllowed, match="đã hoàn thành ngày 01/06/2019"):
        services.complete_milestone(milestone=seen_by_another, done_on=day("2019-06-02"))


def test_a_milestone_is_postponed_once_a_day():
    milestone = make_milestone()
    with pytest.raises(NotAllowed, match="Trong ngày này đã đặt hạn"):
        services.postpone_milestone(
            milestone=milestone, due_on=day("2019-09-30"), set_on=day("2019-03-01"), reason="Gõ lại"
        )


def test_more_accepted_than_signed_is_entered_with_a_warning():
    line = make_signed_line(100 * MILLION)
    assert accept(line, 60 * MILLION, on="2019-10-01").warnings == []
    (warning,) = accept(line, 50 * MILLION, on="2019-10-15").warnings
    assert "nghiệm thu" in warning and "vượt số đã ký" in warning and "10.000.000" in warning


def test_more_settled_than_signed_is_entered_with_a_warning():
    line = make_signed_line(100 * MILLION)
    (settlement,) = settle(line, 120 * MILLION)
    assert "vượt số đã ký" in settlement.warnings[0] and "20.000.000" in settlement.warnings[0]


def test_more_accepted_than_approved_warns_on_a_line_without_contract():
    line = make_approved_line(100 * MILLION, has_contract=False)
    assert "vượt kinh phí được duyệt" in accept(line, 101 * MILLION).warnings[0]


def test_nothing_is_said_where_the_signed_amount_or_the_accepted_one_is_unknown():
    line = make_approved_line(None)
    sign(line, None)
    assert accept(line, 500 * MILLION).warnings == []
    assert accept(make_signed_line(), None).warnings == []
    assert settle(make_signed_line(), 500 * MILLION, party=Settlement.Party.FUNDER)[0].warnings == []
