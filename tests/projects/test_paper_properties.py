"""Whatever was paid and whenever the paper: a đề án leaves one total and enters the other, and is never in both."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.models import Decision
from projects.services.whole_paper import Does, Effect, enter_paper
from reports.figures import year_figures
from reports.rows import read_year
from tests import factories as make
from tests.reports.test_figures_properties import RANDOM, undone

pytestmark = pytest.mark.django_db
MILLION = make.MILLION
APPROVED_ON = make.APPROVED_ON
PAPER_DAYS = st.dates(date(2019, 5, 1), date(2019, 12, 31))
OFFSETS = st.sets(st.integers(-90, 90), min_size=2, max_size=4)


def block(year, code, day):
    """(approved in triệu, đề án counted) of the source, or in total for None."""
    figures = year_figures(read_year(year, day))
    found = figures["total"] if code is None else next(each for each in figures["sources"] if each["code"] == code)
    return found["support_vnd"] // MILLION, found["projects"]


def entered(does, paid, paper_on, **fields):
    make.make_plan(amount_vnd=300 * MILLION)
    line = make.make_signed_line(300 * MILLION)
    if paid:
        make.advance(line, paid * MILLION)
    make.make_plan(code="KCDP", amount_vnd=300 * MILLION)
    make.make_plan(2020, amount_vnd=300 * MILLION)
    decision = Decision(number="9/QĐ-THỬ", decided_on=paper_on)
    enter_paper(decision=decision, effects=[Effect(does, line, why="Thử", **fields)])


@settings(RANDOM, max_examples=6)
@given(st.integers(0, 299), PAPER_DAYS, OFFSETS)
def test_a_year_left_is_a_year_entered(paid, paper_on, offsets):
    with undone():
        entered(Does.MOVE, paid, paper_on)
        for day in {paper_on + timedelta(days) for days in {-1, 0, *offsets}}:
            expected = [(300, 1), (0, 0)] if day < paper_on else [(paid, 0), (300 - paid, 1)]
            if day < APPROVED_ON:
                expected = [(0, 0), (0, 0)]
            assert [block(2019, "KCQG", day), block(2020, "KCQG", day)] == expected


@settings(RANDOM, max_examples=6)
@given(st.integers(0, 299), PAPER_DAYS, OFFSETS)
def test_a_source_left_is_a_source_entered(paid, paper_on, offsets):
    with undone():
        entered(Does.SOURCE, paid, paper_on, new_source=make.source("KCDP"))
        for day in {paper_on + timedelta(days) for days in {-1, 0, *offsets}}:
            # What was paid stays under the old source, which then counts the đề án too; the total counts it once.
            changed = [(paid, int(paid > 0)), (300 - paid, 1), (300, 1)]
            expected = [(300, 1), (0, 0), (300, 1)] if day < paper_on else changed
            if day < APPROVED_ON:
                expected = [(0, 0)] * 3
            assert [block(2019, code, day) for code in ("KCQG", "KCDP", None)] == expected
