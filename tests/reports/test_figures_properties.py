"""Whatever happens in whatever order: figures equal a recount, the past stays, stages and figures agree."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from funding.models import FundingSource
from projects.blocks import YearBlock
from projects.models import LedgerEntry, Project, ProjectDecision, ProjectLine, Step
from projects.stages import Stage, funded_lines, with_lateness, with_stage
from reports.figures import year_figures
from reports.rows import read_year
from tests import factories as make
from tests.reports.operations import DAYS, HISTORIES, attempt, begin
from tests.reports.recount import recount

pytestmark = pytest.mark.django_db

LAST = date(2020, 3, 1)
RANDOM = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    # A history takes half a second to live through: making it shorter would take minutes.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class undone:
    """What happens inside leaves no trace, so that each example begins with the same database."""

    def __enter__(self):
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *error):
        transaction.set_rollback(True)
        self.block.__exit__(*error)


def lived(history):
    world = begin()
    for step in history:
        attempt(world, step)
    return world


def differences(found, counted, where=""):
    """ "total/projects: 2 for 1", one for each value that differs."""
    if isinstance(found, dict) and isinstance(counted, dict) and found.keys() == counted.keys():
        return [x for key in found for x in differences(found[key], counted[key], f"{where}/{key}")]
    if isinstance(found, list) and isinstance(counted, list) and len(found) == len(counted):
        pairs = zip(found, counted, strict=True)
        return [x for n, (one, other) in enumerate(pairs) for x in differences(one, other, f"{where}/{n}")]
    return [] if found == counted else [f"{where.strip('/')}: {found} for {counted}"]


def figures(day, year=2019):
    return year_figures(read_year(year, day))


@RANDOM
@given(HISTORIES, st.lists(DAYS, min_size=1, max_size=2))
def test_figures_equal_a_recount_from_the_rows(history, days):
    with undone():
        lived(history)
        for day in [*days, LAST]:
            for year in (2019, 2020):
                assert differences(figures(day, year), recount(year, day)) == []


@RANDOM
@given(HISTORIES, DAYS)
def test_a_fact_dated_later_never_changes_an_earlier_day(history, day):
    with undone():
        world = begin()
        for step in history:
            is_later = step[2] > day
            before = figures(day) if is_later else None
            attempt(world, step)
            if is_later:
                assert differences(figures(day), before) == []


COUNTS = (
    "contracted_projects",
    "contracted_beneficiaries",
    "accepted_projects",
    "accepted_beneficiaries",
    "settled_projects",
)


def days_that_may_lower():
    """Days on which a line joined or left, or a decision or an approval changed who counts."""
    joined = ProjectLine.objects.values_list("joined_on", "left_on")
    days = {day for pair in joined for day in pair}
    days |= set(ProjectDecision.objects.values_list("on", flat=True))
    return days | set(LedgerEntry.objects.filter(step=Step.APPROVED).values_list("on", flat=True))


@RANDOM
@given(HISTORIES)
def test_no_count_of_signed_accepted_or_settled_falls_while_nobody_joins_leaves_or_stops(history):
    with undone():
        lived(history)
        changing = days_that_may_lower()
        days = sorted({*(step[2] for step in history), LAST})
        for earlier, later in zip(days, days[1:], strict=False):
            if any(day and earlier < day <= later for day in changing):
                continue
            before, after = figures(earlier)["total"], figures(later)["total"]
            assert all(after[key] >= before[key] for key in COUNTS)


def by_stage(day, source):
    """{figure: how many đề án} as the stages tell them, for the block of the source in 2019."""
    lines = funded_lines(2019, day, sources=[source])
    projects = with_lateness(with_stage(Project.objects.exclude(kind=Project.Kind.TASK), day, lines), day, lines)
    out = (Stage.REJECTED, Stage.RETURNED, Stage.STOPPED)
    rows = [row for row in projects if row.n_active and row.stage not in out]
    signed = [row for row in rows if row.n_missing == 0 and 0 < row.n_by_contract == row.n_signed]
    return {
        "projects": len(rows),
        "contracted_projects": len(signed),
        "settled_projects": sum(row.stage == Stage.SETTLED for row in rows),
        "late_projects": sum(row.is_late for row in rows),
    }


@RANDOM
@given(HISTORIES, DAYS)
def test_the_stages_of_a_day_count_as_the_figures_do(history, day):
    with undone():
        lived(history)
        blocks = {block["code"]: block for block in figures(day)["sources"]}
        for source in FundingSource.objects.filter(code__in=["KCQG", "KCDP"]):
            stages = by_stage(day, source)
            assert {key: blocks[source.code][key] for key in stages} == stages


def list_counts(day, user, year=2019):
    """{source code, None for all counted ones: what the list of đề án says it counts}."""
    sources = {None: None, **dict(FundingSource.objects.values_list("code", "pk"))}
    blocks = {code: YearBlock(year, day, user, source=pk) for code, pk in sources.items()}
    return {code: block.counts(block.projects().values("pk")) for code, block in blocks.items()}


def figure_counts(day, year=2019):
    """The same counts by the figures."""
    found = figures(day, year)
    blocks = {None: found["total"]} | {block["code"]: block for block in found["sources"] + found["other_sources"]}
    keys = ("projects", "activities", "beneficiaries")
    return {code: {key: block[key] for key in keys} for code, block in blocks.items()}


@RANDOM
@given(HISTORIES, st.lists(DAYS, min_size=1, max_size=2))
def test_the_list_of_projects_counts_as_the_figures_do(history, days):
    with undone():
        lived(history)
        user = make.make_user()
        for day in [*days, LAST]:
            for year in (2019, 2020):
                assert list_counts(day, user, year) == figure_counts(day, year)


def test_whatever_became_of_a_project_the_list_counts_it_as_the_figures_do():
    Kind = ProjectDecision.Kind
    for year in (2019, 2020):
        make.make_plan(year, "KCQG", 5000 * make.MILLION)
    make.make_signed_line()
    make.make_approved_line(project=make.make_project(Project.Kind.TASK), has_contract=False)
    for kind in (Kind.RETURNED, Kind.REJECTED):
        make.decide(make.make_approved_line().project, kind, on="2019-04-01")
    again = make.make_approved_line().project
    make.decide(again, Kind.RETURNED, on="2019-04-01")
    make.decide(again, on="2019-05-01")
    make.stop(make.make_signed_line().project, on="2019-06-01")
    moved = make.make_approved_line()
    paper = make.decide(moved.project, Kind.MOVED, on="2019-08-01")
    make.services.move_to_year(line=moved, year=2020, decision=paper)
    user, found = make.make_user(), []
    for day in map(make.day, ("2019-03-31", "2019-04-30", "2019-05-31", "2019-07-31", "2019-12-31")):
        for year in (2019, 2020):
            assert list_counts(day, user, year) == figure_counts(day, year)
        found.append((list_counts(day, user)[None]["projects"], list_counts(day, user, 2020)[None]["projects"]))
    assert found == [(6, 0), (3, 0), (4, 0), (3, 0), (2, 1)]
