"""Whatever was entered in whatever order: a correction keeps papers, entries and figures together."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.errors import NotAllowed
from projects import services
from projects.models import PAPERS, LedgerEntry, ProjectDecision
from reports.figures import year_figures
from reports.rows import read_year
from tests.reports.operations import HISTORIES, World, attempt, begin
from tests.reports.recount import recount
from tests.reports.test_figures_properties import LAST, RANDOM, differences, undone

pytestmark = pytest.mark.django_db

NUMBERS = st.integers(0, 40)
SHIFTS = st.sampled_from([-60, -20, -5, 3, 17, 60])
CHANGES = st.lists(st.tuples(st.sampled_from(["day", "amount", "withdraw"]), NUMBERS, SHIFTS), min_size=6, max_size=10)


def papers():
    """Every paper that has entries, in one order."""
    found = {}
    for entry in LedgerEntry.objects.order_by("pk"):
        found[type(entry.paper).__name__, entry.paper.pk] = entry.paper
    return list(found.values())


def day_name(paper):
    return next(PAPERS[name] for name in PAPERS if paper.entries.field.name == name)


def running():
    """{(line, source, step): {day: VND}}, days that change nothing left out."""
    sums = defaultdict(lambda: defaultdict(int))
    for entry in LedgerEntry.objects.all():
        sums[entry.line_id, entry.source_id, entry.step][entry.on] += entry.amount_vnd or 0
    return {key: moves for key, days in sums.items() if (moves := {on: vnd for on, vnd in days.items() if vnd})}


def copy(world):
    """The same rows; what is made there is not known here."""
    other = World.__new__(World)
    for name, rows in vars(world).items():
        setattr(other, name, list(rows))
    return other


def change(what, number, shift):
    """Whether the change was let through."""
    found = papers()
    paper = found[number % len(found)]
    try:
        if what == "withdraw":
            services.withdraw_paper(paper=paper, by=None)
        elif what == "day":
            on = getattr(paper, day_name(paper)) + timedelta(days=shift)
            services.correct_paper(paper=paper, fields={day_name(paper): on}, by=None)
        else:
            amounts = services.amounts_of(paper)
            key = list(amounts)[number % len(amounts)] if amounts else None
            if key is None:
                return False
            amount_vnd = (amounts[key] or 0) + shift * 1_000_000
            services.correct_paper(paper=paper, fields={}, amounts={key: amount_vnd}, by=None)
    except NotAllowed:
        return False
    return True


def lowest():
    """{(line, source, step): the lowest running sum}, what was paid net of what came back."""
    net = defaultdict(lambda: defaultdict(int))
    for (line, source, step), moves in running().items():
        sign = -1 if step == "recovered" else 1
        name = "paid" if step in ("advanced", "paid", "recovered") else step
        for on, vnd in moves.items():
            net[line, source, name][on] += sign * vnd
    return {key: min(sum(vnd for on, vnd in moves.items() if on <= day) for day in moves) for key, moves in net.items()}


def sums_below_zero():
    return {key: low for key, low in lowest().items() if low < 0}


@RANDOM
@given(HISTORIES, CHANGES)
def test_after_any_accepted_correction_entries_keep_their_papers_day_and_figures_equal_a_recount(history, changes):
    with undone():
        world = begin()
        for step in history:
            attempt(world, step)
        assert sums_below_zero() == {}
        accepted = [each for each in changes if change(*each)]
        assert all(entry.on == getattr(entry.paper, day_name(entry.paper)) for entry in LedgerEntry.objects.all())
        assert sums_below_zero() == {}
        for day in (date(2019, 6, 30), LAST) if accepted else ():
            for year in (2019, 2020):
                assert differences(year_figures(read_year(year, day)), recount(year, day)) == []


@RANDOM
@given(HISTORIES)
def test_what_is_entered_and_withdrawn_at_once_leaves_the_ledger_as_it_was(history):
    with undone():
        world = begin()
        for step in history:
            with undone():
                before, known = running(), {(type(row), row.pk) for row in papers()}
                attempt(copy(world), step)
                new = [row for row in papers() if (type(row), row.pk) not in known]
                if len(new) == 1:
                    services.withdraw_paper(paper=new[0], by=None)
                    assert running() == before, step
            attempt(world, step)


@RANDOM
@given(HISTORIES, NUMBERS, SHIFTS)
def test_a_day_mended_there_and_back_leaves_the_ledger_as_it_was(history, number, shift):
    with undone():
        world = begin()
        for step in history:
            attempt(world, step)
        before = running()
        found = papers()
        paper = found[number % len(found)]
        name, on = day_name(paper), getattr(paper, day_name(paper))
        if change("day", number, shift):
            try:
                services.correct_paper(paper=paper, fields={name: on}, by=None)
            except NotAllowed:
                # Only what a rule lets in by its day alone may be in the way: a cut made good meanwhile.
                assert isinstance(paper, ProjectDecision) or paper.entries.filter(amount_vnd__lt=0).exists()
            else:
                assert running() == before
