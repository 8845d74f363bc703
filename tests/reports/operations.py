"""Random facts: operations an office could try, in any order and on any day; what a rule refuses is left out."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import strategies as st

from khuyencong.errors import NotAllowed
from projects import services
from projects.models import Acceptance, Project, ProjectDecision, Settlement
from tests import factories as f

FIRST = date(2019, 1, 1)
DAYS = st.integers(0, 24).map(lambda n: FIRST + timedelta(days=17 * n))
CODES = st.sampled_from(["KCQG", "KCQG", "KCQG", "KCQG", "KCDP", "DOIUNG", "KHAC"])
AMOUNTS = st.integers(1, 7).map(lambda n: n * 10 * f.MILLION + n)
PICK = st.integers(0, 3)
Kind = ProjectDecision.Kind


class World:
    """The đề án, lines, contracts and milestones made so far; a pick beyond their number wraps around."""

    def __init__(self):
        self.projects, self.lines, self.contracts, self.milestones = [], [], [], []
        f.make_plan(2019, "KCQG", 1200 * f.MILLION, on="2019-01-01")
        f.make_plan(2019, "KCDP", 900 * f.MILLION, on="2019-01-01")

    def project(self, pick):
        return self.projects[pick % len(self.projects)]

    def line(self, pick):
        line = self.lines[pick % len(self.lines)]
        line.refresh_from_db()
        return line


def new_project(world, pick, day, kind, expected):
    project = f.make_project(kind, beneficiaries_expected=expected)
    world.projects.append(project)
    new_line(world, len(world.projects) - 1, day, True, True, 2019)


def new_line(world, pick, day, is_named, has_contract, year):
    named = {} if is_named else {"beneficiary": None}
    line = f.make_line(world.project(pick), joined_on=day, has_contract=has_contract, plan_year=year, **named)
    world.lines.append(line)


def approve(world, pick, day, code, amount):
    f.approve(world.line(pick), amount, code=code, on=day)


def sign(world, pick, day, code, amount, days):
    end = day + timedelta(days=days) if days else None
    world.contracts.append(f.sign(world.line(pick), amount, code=code, on=day, ends_on=end))


def annex(world, pick, day, code, amount, days):
    contract = world.contracts[pick % len(world.contracts)]
    line = contract.lines.first()
    f.annex(contract, line, amount, code=code, on=day, ends_on=day + timedelta(days=days))


def advance(world, pick, day, code, amount):
    f.advance(world.line(pick), amount, code=code, on=day)


def pay(world, pick, day, code, amount):
    f.pay(world.line(pick), amount, code=code, on=day)


def recover(world, pick, day, code, amount):
    f.recover(world.line(pick), amount, code=code, on=day)


def accept(world, pick, day, code, amount, result):
    f.accept(world.line(pick), amount, code=code, on=day, result=result)


def settle(world, pick, day, code, amount, party):
    f.settle(world.line(pick), amount, code=code, on=day, party=party)


def stop(world, pick, day, whole):
    line = world.line(pick)
    f.stop(line.project, line=None if whole else line, on=day)


def resume(world, pick, day, whole):
    line = world.line(pick)
    f.resume(line.project, line=None if whole else line, on=day)


def decide(world, pick, day, kind, expected):
    f.decide(world.project(pick), kind, on=day, beneficiaries_expected=expected)


def name(world, pick, day, amount):
    line = world.line(pick)
    decision = f.decide(line.project, Kind.GROUP_APPROVED, on=day)
    new = services.name_beneficiary(
        line=line, beneficiary=f.make_beneficiary(), amounts={f.source("KCQG"): amount}, decision=decision
    )
    world.lines.append(new)


def replace(world, pick, day):
    line = world.line(pick)
    decision = f.decide(line.project, Kind.ADJUSTED, on=day)
    new = services.replace_beneficiary(line=line, beneficiary=f.make_beneficiary(), decision=decision)
    world.lines.append(new)


def move(world, pick, day):
    line = world.line(pick)
    f.make_plan(2020, "KCQG", 500 * f.MILLION, on=day)
    decision = f.decide(line.project, Kind.MOVED, on=day)
    world.lines.append(services.move_to_year(line=line, year=2020, decision=decision))


def change_source(world, pick, day):
    line = world.line(pick)
    decision = f.decide(line.project, Kind.ADJUSTED, on=day)
    services.change_source(line=line, old=f.source("KCQG"), new=f.source("KCDP"), decision=decision)


def plan(world, pick, day, code, amount, kind, year):
    f.make_plan(year, code, amount, on=day, kind=kind, projects_min=pick or None)


def milestone(world, pick, day, days, whole):
    line = world.line(pick)
    due = day + timedelta(days=days)
    own = None if whole else line
    made = services.set_milestone(project=line.project, line=own, name="Lắp đặt", due_on=due, set_on=day)
    world.milestones.append(made)


def postpone(world, pick, day, days):
    made = world.milestones[pick % len(world.milestones)]
    services.postpone_milestone(milestone=made, due_on=day + timedelta(days=days), set_on=day, reason="Mưa lũ")


def complete(world, pick, day):
    made = world.milestones[pick % len(world.milestones)]
    made.refresh_from_db()
    services.complete_milestone(milestone=made, done_on=day)


MAYBE = st.one_of(AMOUNTS, AMOUNTS, AMOUNTS, st.none())
SIGNED = st.one_of(AMOUNTS, AMOUNTS.map(lambda amount: -amount), st.none())
SPAN = st.integers(0, 150)
RESULTS = st.sampled_from([Acceptance.Result.PASSED, Acceptance.Result.CONDITIONAL, Acceptance.Result.FAILED])
PARTIES = st.sampled_from([Settlement.Party.BENEFICIARY, Settlement.Party.BENEFICIARY, Settlement.Party.FUNDER])
STEPS = st.sampled_from([Kind.REGISTERED, Kind.RETURNED, Kind.REJECTED, Kind.APPROVED, Kind.ADJUSTED])
KINDS = st.sampled_from(list(Project.Kind))
PLANS = st.sampled_from(["assigned", "requested", "provisional", "adjusted"])

OPERATIONS = {
    new_project: (KINDS, st.sampled_from([None, None, 1, 2])),
    new_line: (st.booleans(), st.booleans(), st.sampled_from([2019, 2019, 2020])),
    approve: (CODES, SIGNED),
    sign: (CODES, MAYBE, SPAN),
    annex: (CODES, SIGNED, SPAN),
    advance: (CODES, AMOUNTS),
    pay: (CODES, AMOUNTS),
    recover: (CODES, AMOUNTS),
    accept: (CODES, MAYBE, RESULTS),
    settle: (CODES, AMOUNTS, PARTIES),
    stop: (st.booleans(),),
    resume: (st.booleans(),),
    decide: (STEPS, st.sampled_from([None, 1, 2])),
    name: (AMOUNTS,),
    replace: (),
    move: (),
    change_source: (),
    plan: (CODES, SIGNED.filter(bool), PLANS, st.sampled_from([2019, 2020])),
    milestone: (SPAN, st.booleans()),
    postpone: (SPAN,),
    complete: (),
}

OFTEN = [
    approve,
    approve,
    approve,
    sign,
    sign,
    advance,
    pay,
    accept,
    accept,
    accept,
    settle,
    stop,
    resume,
    recover,
    complete,
]


def operation(do):
    return st.tuples(st.just(do), PICK, DAYS, *OPERATIONS[do])


STEPS_TAKEN = st.lists(st.sampled_from([*OPERATIONS, *OFTEN]).flatmap(operation), min_size=8, max_size=22)
# In the order of their days most facts are let through; entered late, many meet a rule.
HISTORIES = st.one_of(STEPS_TAKEN, STEPS_TAKEN.map(lambda steps: sorted(steps, key=lambda step: step[2])))


def attempt(world, step) -> bool:
    """Whether the step was let through."""
    do, pick, day, *rest = step
    try:
        with transaction.atomic():
            do(world, pick, day, *rest)
    except (NotAllowed, ValidationError, IntegrityError, ZeroDivisionError):
        # Nothing there yet to act on, or refused.
        return False
    return True


def begin():
    """A signed single, a group of one signed line and one not named, a task paid by list: all approved in March."""
    world = World()
    new_project(world, 0, f.APPROVED_ON, Project.Kind.SINGLE, None)
    new_project(world, 0, f.APPROVED_ON, Project.Kind.GROUP, 2)
    new_line(world, 1, f.APPROVED_ON, False, True, 2019)
    new_project(world, 0, f.APPROVED_ON, Project.Kind.TASK, None)
    for line in world.lines:
        f.approve(line, 200 * f.MILLION)
    for line in world.lines[:2]:
        world.contracts.append(f.sign(line, 150 * f.MILLION, ends_on=date(2019, 9, 30)))
        f.advance(line, 40 * f.MILLION)
    milestone(world, 0, f.SIGNED_ON, 60, False)
    return world
