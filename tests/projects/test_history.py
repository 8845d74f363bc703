"""Every fact keeps who wrote it, when and why; every value of a row can be read again."""

import pytest
from django.apps import apps

from accounts.models import Role
from projects import services
from projects.models import LedgerEntry, ProjectDecision
from tests.factories import (
    MILLION,
    accept,
    advance,
    annex,
    approve,
    day,
    decide,
    make_beneficiary,
    make_line,
    make_plan,
    make_signed_line,
    make_user,
    recover,
    settle,
    sign,
    source,
    stop,
)

pytestmark = pytest.mark.django_db


def fact_models():
    return [
        model
        for label in ("funding", "projects")
        for model in apps.get_app_config(label).get_models()
        # Whether a row is demonstration data is no fact of the office.
        if not model.__name__.startswith("Historical") and model.__name__ != "DemoMark"
    ]


@pytest.fixture
def person():
    return make_user(Role.STAFF)


def test_every_row_that_a_service_writes_names_its_author(person):
    line = make_line()
    who = {"by": person, "reason": "Theo hồ sơ"}
    make_plan(amount_vnd=900 * MILLION, **who)
    approve(line, 300 * MILLION, **who)
    contract = sign(line, 300 * MILLION, **who)
    annex(contract, line, -MILLION, **who)
    advance(line, 100 * MILLION, **who)
    accept(line, MILLION, **who)
    settle(line, MILLION, **who)
    recover(line, 10 * MILLION, **who)
    stop(line.project, on="2019-12-31", by=person)
    written = [
        record
        for model in fact_models()
        for record in model.history.exclude(history_change_reason="Danh mục ban đầu")
        # The factories make these without the services: they are the ground the facts stand on.
        if model.__name__ not in {"Decision", "Beneficiary", "Project", "ProjectLine"}
    ]
    assert {"LedgerEntry", "ContractLine", "Payment", "Acceptance", "Settlement", "PlanLine"} <= {
        type(record.instance).__name__ for record in written
    }
    assert {record.history_user for record in written} == {person}


def test_a_line_that_leaves_keeps_how_it_stood_before(person):
    line = make_signed_line()
    services.replace_beneficiary(
        line=line,
        beneficiary=make_beneficiary(),
        decision=decide(line.project, ProjectDecision.Kind.ADJUSTED, on="2019-06-01"),
        by=person,
        reason="Cơ sở xin rút",
    )
    after, before = line.history.all()
    assert (before.left_on, after.left_on) == (None, day("2019-06-01"))
    assert (after.history_user, after.history_change_reason) == (person, "Cơ sở xin rút")


def test_a_milestone_keeps_that_it_was_open(person):
    milestone = services.set_milestone(
        project=make_line().project, name="Lắp máy", due_on=day("2019-06-30"), set_on=day("2019-03-01")
    )
    services.complete_milestone(milestone=milestone, done_on=day("2019-06-20"), by=person)
    assert [record.done_on for record in milestone.history.all()] == [day("2019-06-20"), None]


def test_money_is_added_and_never_overwritten():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    stop(line.project)
    advance(line, 50 * MILLION, on="2019-04-20")
    services.correct(
        line=line,
        source=source(),
        step="paid",
        amount_vnd=-MILLION,
        on=day("2019-12-31"),
        reason="Gõ thừa",
        by=make_user(Role.ACCOUNTANT),
    )
    assert set(LedgerEntry.history.values_list("history_type", flat=True)) == {"+"}
