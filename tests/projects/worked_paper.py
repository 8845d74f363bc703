"""2019 in three batches, and one paper of October that touches the first of them; worked by hand where it is used.

Amounts are in triệu đồng. KCQG: A 300 and D 150 (signed; 100 advanced to A), B 200, C 250 of batch 1, E 300, F 250 of
batch 2. KCĐP: G 200, H 300 of batch 3. The paper approves N1–N5, raises C by 50, stops A and B, moves D into 2020, cuts
KCĐP by 50, raises KCQG by 100 and gives 2020 its first 200.
"""

from datetime import date
from types import SimpleNamespace

from funding.models import Decision, PlanLine
from projects.services.whole_paper import Does, Effect, PlanRow, enter_paper
from tests import factories as make

MILLION = make.MILLION
PAPER_ON = date(2019, 10, 15)


def asked_line(amount, *, code="KCQG", **fields):
    line = make.make_line(joined_on="2019-09-01", **fields)
    make.ask(line, amount * MILLION, code=code, on="2019-09-01")
    make.ask(line, amount * MILLION, code="DOIUNG", on="2019-09-01")
    return line


def enter_batches():
    """Everything but the paper; the lines that it is about."""
    make.make_plan(amount_vnd=1800 * MILLION, kind="requested", on="2018-06-20")
    make.make_plan(code="KCDP", amount_vnd=700 * MILLION, kind="requested", on="2018-06-20")
    make.make_plan(2020, amount_vnd=400 * MILLION, kind="requested", on="2019-05-27")
    make.make_plan(amount_vnd=1000 * MILLION, on="2019-01-10", batch="1")
    make.make_plan(amount_vnd=500 * MILLION, on="2019-04-10", batch="2")
    make.make_plan(code="KCDP", amount_vnd=600 * MILLION, on="2019-07-01", batch="3")
    a, d = make.make_signed_line(300 * MILLION), make.make_signed_line(150 * MILLION)
    make.advance(a, 100 * MILLION, on="2019-05-15")
    b, c = make.make_approved_line(200 * MILLION), make.make_approved_line(250 * MILLION)
    for vnd in (300, 250):
        make.make_approved_line(vnd * MILLION, on="2019-04-15")
    for vnd in (200, 300):
        make.make_approved_line(vnd * MILLION, code="KCDP", on="2019-07-05")
    new = [asked_line(vnd) for vnd in (150, 100, 100, 120)] + [asked_line(40, code="KCDP")]
    return SimpleNamespace(a=a, b=b, c=c, d=d, new=new)


def plan_rows():
    national, local = make.source(), make.source("KCDP")
    return [
        PlanRow(2019, local, PlanLine.Kind.ADJUSTED, -50 * MILLION),
        PlanRow(2019, national, PlanLine.Kind.ADJUSTED, 100 * MILLION),
        PlanRow(2020, national, PlanLine.Kind.ASSIGNED, 200 * MILLION),
    ]


def effects_of(year):
    """In the order of the paper, what takes before what gives back."""
    return [
        *(Effect(Does.ADD, line) for line in year.new),
        Effect(Does.MORE, year.c, amount_vnd=50 * MILLION, why="Tăng quy mô"),
        Effect(Does.STOP, year.a, why="Cơ sở không đủ vốn đối ứng"),
        Effect(Does.STOP, year.b, why="Cơ sở không đủ vốn đối ứng"),
        Effect(Does.MOVE, year.d, why="Chậm bàn giao mặt bằng"),
    ]


def enter(effects=(), plan=(), *, on=PAPER_ON, **fields):
    decision = Decision(number="77/QĐ-THỬ", decided_on=on)
    return enter_paper(decision=decision, plan=plan, effects=effects, **fields)
