"""The ladder read in Python and the ladder asked in SQL are one."""

import pytest

from projects.ladder import read_standings
from projects.models import Acceptance, Project, ProjectDecision, ProjectLine
from projects.services import name_beneficiary, replace_beneficiary, set_milestone
from projects.stages import funded_lines, with_lateness, with_stage
from tests import factories as make

pytestmark = pytest.mark.django_db
Kind = ProjectDecision.Kind
DAYS = ["2018-06-02", "2019-02-28", "2019-03-14", "2019-04-20", "2019-06-15", "2019-07-02", "2019-09-01", "2019-12-31"]


@pytest.fixture
def lives(db):
    """Đề án of every fate, each decided on days of its own."""
    make.make_plan(code="KCQG", amount_vnd=9000 * make.MILLION)
    make.make_plan(code="KCDP", amount_vnd=9000 * make.MILLION)
    group = make.make_project(Project.Kind.GROUP, beneficiaries_expected=3)
    unnamed = make.make_line(group, beneficiary=None)
    make.approve(unnamed, 900 * make.MILLION)
    paper = make.decide(group, Kind.GROUP_APPROVED, on="2019-03-10")
    named = [
        name_beneficiary(
            line=unnamed,
            beneficiary=make.make_beneficiary(),
            amounts={make.source("KCQG"): 300 * make.MILLION},
            decision=paper,
        )
        for _ in range(3)
    ]
    make.sign(named[0], 300 * make.MILLION)
    make.accept(named[0], 300 * make.MILLION, on="2019-06-01")
    make.sign(named[1], 300 * make.MILLION, on="2019-04-01", ends_on=make.day("2019-06-10"))
    make.stop(group, line=named[2])
    failed = make.make_signed_line()
    make.accept(failed, None, on="2019-05-01", result=Acceptance.Result.FAILED)
    make.accept(failed, 300 * make.MILLION, on="2019-08-01")
    make.settle(failed, 300 * make.MILLION)
    stopped = make.make_signed_line()
    make.stop(stopped.project)
    make.resume(stopped.project)
    replaced = make.make_signed_line()
    replace_beneficiary(
        line=replaced,
        beneficiary=make.make_beneficiary(),
        decision=make.decide(replaced.project, Kind.ADJUSTED, on="2019-06-01"),
    )
    asked = make.make_line(joined_on="2018-06-01")
    make.ask(asked, 100 * make.MILLION)
    make.decide(asked.project, Kind.APPRAISED_BASE, on="2018-07-01")
    make.decide(asked.project, Kind.RETURNED, on="2019-04-01")
    make.decide(asked.project, Kind.REGISTERED, on="2019-06-20")
    make.decide(asked.project, Kind.REJECTED, on="2019-08-15")
    late = make.make_approved_line(code="KCDP")
    set_milestone(project=late.project, name="Lắp đặt", due_on=make.day("2019-06-14"), set_on=make.day("2019-03-20"))
    make.make_approved_line(project=make.make_project(Project.Kind.TASK), has_contract=False)


def test_both_ladders_put_every_de_an_on_the_same_rung(lives):
    for day in map(make.day, DAYS):
        asked = dict(with_stage(Project.objects.all(), day).values_list("pk", "stage"))
        read = read_standings(Project.objects.all(), day)
        assert {pk: standing.stage for pk, standing in read.items()} == asked, day


def test_both_ladders_agree_within_a_plan_year_and_source(lives):
    for day in map(make.day, DAYS):
        block = funded_lines(make.YEAR, day, sources=[make.source("KCQG")])
        asked = dict(with_stage(Project.objects.all(), day, block).values_list("pk", "stage"))
        read = read_standings(Project.objects.all(), day, block=block)
        assert {pk: standing.stage for pk, standing in read.items()} == asked, day


def test_both_ladders_agree_on_what_is_late(lives):
    for day in map(make.day, DAYS):
        asked = dict(with_lateness(Project.objects.all(), day).values_list("pk", "is_late"))
        read = read_standings(Project.objects.all(), day)
        assert {pk: standing.is_late for pk, standing in read.items()} == asked, day


def test_the_days_see_every_rung_but_settled_alone(lives):
    seen = {
        standing.stage for day in DAYS for standing in read_standings(Project.objects.all(), make.day(day)).values()
    }
    assert len(seen) >= 9


def test_a_standing_takes_two_queries_however_many_lines(lives, query_count):
    assert ProjectLine.objects.count() > 8
    assert query_count(lambda: read_standings(Project.objects.all(), make.day("2019-09-01"))) == 2
