"""Naming the beneficiaries of a group, and replacing one."""

import pytest

from khuyencong.errors import NotAllowed
from projects import services
from projects.models import Equipment, LedgerEntry, Project, ProjectDecision, ProjectLine, Step
from tests.factories import (
    MILLION,
    accept,
    advance,
    approve,
    ask,
    day,
    decide,
    make_approved_line,
    make_beneficiary,
    make_line,
    make_plan,
    make_project,
    make_signed_line,
    pay,
    sign,
    source,
    stop,
    sums,
)

pytestmark = pytest.mark.django_db
NAMED_ON = "2019-04-01"


@pytest.fixture
def project():
    return make_project(Project.Kind.GROUP, beneficiaries_expected=3)


@pytest.fixture
def unnamed(project):
    line = make_line(project, beneficiary=None)
    ask(line, 1000 * MILLION)
    approve(line, 900 * MILLION)
    return line


def name(line, amount_vnd, *, on=NAMED_ON, counterpart_vnd=None, **fields):
    amounts = {source(): amount_vnd}
    if counterpart_vnd is not None:
        amounts[source("DOIUNG")] = counterpart_vnd
    decision = decide(line.project, ProjectDecision.Kind.GROUP_APPROVED, on=on)
    beneficiary = fields.pop("beneficiary", None) or make_beneficiary()
    return services.name_beneficiary(line=line, beneficiary=beneficiary, amounts=amounts, decision=decision, **fields)


def step_sum(line, step, code="KCQG"):
    entries = LedgerEntry.objects.of(step).filter(line=line, source=source(code))
    return sum(entry.amount_vnd or 0 for entry in entries) // MILLION


def approved(line, **query):
    return sums(line, **query)[0] // MILLION


def test_a_named_line_takes_its_money_from_the_unnamed_one_on_the_decisions_day(unnamed):
    named = name(unnamed, 300 * MILLION)
    assert (approved(named), approved(unnamed)) == (300, 600)
    assert (approved(named, on="2019-03-31"), approved(unnamed, on="2019-03-31")) == (0, 900)
    assert (named.replaces, named.joined_on, named.plan_year) == (unnamed, day(NAMED_ON), 2019)


def test_the_unnamed_line_is_never_filled_in_place_and_stays_while_a_rest_is_on_it(unnamed):
    name(unnamed, 300 * MILLION)
    unnamed.refresh_from_db()
    assert unnamed.beneficiary is None and unnamed.left_on is None


def test_the_unnamed_line_leaves_with_the_last_of_its_money(unnamed):
    for _ in range(3):
        name(unnamed, 300 * MILLION)
    unnamed.refresh_from_db()
    assert unnamed.left_on == day(NAMED_ON)
    assert approved(unnamed) == 0


def test_requested_money_moves_with_the_approved_and_its_rest_with_the_last_line(unnamed):
    named = [name(unnamed, 300 * MILLION) for _ in range(3)]
    assert [step_sum(line, Step.REQUESTED) for line in named] == [300, 300, 400]
    assert step_sum(unnamed, Step.REQUESTED) == 0


def test_naming_moves_nothing_in_or_out_of_the_project(project, unnamed):
    make_plan(amount_vnd=900 * MILLION)
    for amount in (250, 350, 300):
        name(unnamed, amount * MILLION)
    assert sum(approved(line) for line in project.lines.all()) == 900


def test_naming_for_more_than_is_left_is_refused_and_nothing_is_saved(unnamed):
    name(unnamed, 700 * MILLION)
    with pytest.raises(NotAllowed, match=r"đề án nhóm chỉ còn 200\.000\.000 đồng"):
        name(unnamed, 201 * MILLION)
    assert ProjectLine.objects.count() == 2


def test_a_naming_entered_late_takes_what_later_ones_left(unnamed):
    name(unnamed, 700 * MILLION, on="2019-05-01")
    with pytest.raises(NotAllowed, match=r"chỉ còn 200\.000\.000 đồng"):
        name(unnamed, 300 * MILLION, on="2019-04-01")


def test_the_counterpart_guessed_for_the_group_ends_where_the_lines_state_their_own(unnamed):
    approve(unnamed, 2000 * MILLION, code="DOIUNG")
    named = [name(unnamed, 300 * MILLION, counterpart_vnd=820 * MILLION) for _ in range(3)]
    assert [approved(line, code="DOIUNG") for line in named] == [820, 820, 820]
    assert approved(unnamed, code="DOIUNG") == 0
    assert approved(unnamed, code="DOIUNG", on="2019-03-31") == 2000


def test_lines_that_state_no_counterpart_end_the_groups_with_the_group_line(unnamed):
    approve(unnamed, 2000 * MILLION, code="DOIUNG")
    name(unnamed, 900 * MILLION)
    assert approved(unnamed, code="DOIUNG") == 0


def test_a_rest_may_be_left_to_nobody_by_letting_the_line_leave(unnamed):
    name(unnamed, 300 * MILLION, leaves=True)
    unnamed.refresh_from_db()
    assert unnamed.left_on == day(NAMED_ON)
    assert approved(unnamed) == 600


def test_a_group_approved_without_a_known_amount_names_lines_without_one(project):
    line = make_line(project, beneficiary=None)
    approve(line, None)
    named = name(line, None)
    line.refresh_from_db()
    assert LedgerEntry.objects.of(Step.APPROVED).get(line=named).amount_vnd is None
    assert line.left_on is None


def test_naming_for_more_than_the_group_was_known_to_have_must_fit_the_plan(project):
    make_plan(amount_vnd=900 * MILLION)
    make_approved_line(700 * MILLION)
    line = make_line(project, beneficiary=None)
    approve(line, None)
    with pytest.raises(NotAllowed, match=r"vượt kế hoạch năm 2019: .* chỉ còn 200\.000\.000"):
        name(line, 201 * MILLION)
    assert ProjectLine.objects.filter(project=project).count() == 1
    assert approved(name(line, 200 * MILLION)) == 200


def test_a_line_that_has_a_beneficiary_is_not_named_again(project):
    line = make_line(project)
    approve(line, 300 * MILLION)
    with pytest.raises(NotAllowed, match="đã có cơ sở thụ hưởng"):
        name(line, 300 * MILLION)


def test_one_beneficiary_is_named_once_for_one_activity(unnamed):
    beneficiary = make_beneficiary()
    name(unnamed, 300 * MILLION, beneficiary=beneficiary)
    with pytest.raises(NotAllowed, match="đã có trong đề án"):
        name(unnamed, 300 * MILLION, beneficiary=beneficiary)


def test_a_stopped_group_names_nobody(project, unnamed):
    stop(project, on="2019-03-15")
    with pytest.raises(NotAllowed, match="đã ngừng"):
        name(unnamed, 300 * MILLION)


def test_a_negative_amount_is_refused(unnamed):
    with pytest.raises(NotAllowed, match="không được âm"):
        name(unnamed, -MILLION)


def test_what_is_signed_for_the_group_line_is_not_named_away(unnamed):
    sign(unnamed, 800 * MILLION)
    with pytest.raises(NotAllowed, match=r"chỉ còn 100\.000\.000 đồng"):
        name(unnamed, 101 * MILLION)


# --- replacing ---


def replace(line, *, on="2019-06-01", **fields):
    fields.setdefault("beneficiary", make_beneficiary())
    return services.replace_beneficiary(
        line=line, decision=decide(line.project, ProjectDecision.Kind.ADJUSTED, on=on), **fields
    )


def in_millions(line, **query):
    return tuple(amount // MILLION for amount in sums(line, **query))


def test_the_former_line_keeps_what_was_paid_and_the_rest_moves():
    old = make_signed_line(300 * MILLION)
    advance(old, 100 * MILLION, on="2019-04-15")
    new = replace(old, on="2019-06-01")
    assert in_millions(old, on="2019-05-31") == (300, 300, 100)
    assert in_millions(old) == (100, 100, 100)
    assert in_millions(new) == (200, 0, 0)
    old.refresh_from_db()
    assert (old.left_on, new.joined_on, new.replaces) == (day("2019-06-01"), day("2019-06-01"), old)


def test_the_new_beneficiary_signs_a_contract_of_its_own():
    old = make_signed_line(300 * MILLION)
    new = replace(old)
    with pytest.raises(NotAllowed, match="chưa có hợp đồng"):
        accept(new, MILLION)
    sign(new, 300 * MILLION, on="2019-06-15")
    pay(new, 300 * MILLION, on="2019-11-01")
    assert in_millions(new) == (300, 300, 300)
    assert in_millions(old) == (0, 0, 0)


def test_the_counterpart_moves_with_the_rest():
    old = make_signed_line(300 * MILLION)
    approve(old, 700 * MILLION, code="DOIUNG")
    new = replace(old)
    assert (in_millions(old, code="DOIUNG"), in_millions(new, code="DOIUNG")) == ((0, 0, 0), (700, 0, 0))


def test_the_machines_promised_are_copied_to_the_new_line():
    old = make_signed_line()
    Equipment.objects.create(line=old, name="Máy sấy", quantity=1)
    new = replace(old)
    assert [item.name for item in new.equipment.all()] == ["Máy sấy"]
    assert old.equipment.count() == 1


def test_a_replaced_line_is_paid_nothing_more():
    old = make_signed_line(300 * MILLION)
    replace(old, on="2019-06-01")
    with pytest.raises(NotAllowed, match="chỉ còn 0 đồng"):
        pay(old, MILLION, on="2019-05-01")


def test_the_same_beneficiary_replaces_nobody():
    line = make_signed_line()
    with pytest.raises(NotAllowed, match="đã là cơ sở thụ hưởng"):
        replace(line, beneficiary=line.beneficiary)


def test_an_approval_not_known_moves_as_not_known():
    line = make_line()
    approve(line, None)
    new = replace(line)
    assert LedgerEntry.objects.of(Step.APPROVED).get(line=new).amount_vnd is None


def test_a_replacement_before_the_line_joined_is_refused():
    line = make_line(joined_on="2019-03-01")
    with pytest.raises(NotAllowed, match="trước ngày .* tham gia"):
        replace(line, on="2019-02-01")


def test_a_replacement_dated_before_a_later_stop_is_refused_and_takes_nothing_away():
    line = make_signed_line(300 * MILLION)
    stop(line.project, on="2019-07-01")
    with pytest.raises(NotAllowed, match="ngừng từ ngày 01/07/2019"):
        replace(line, on="2019-06-01")
    line.refresh_from_db()
    assert line.left_on is None and ProjectLine.objects.count() == 1
