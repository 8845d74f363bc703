"""Two people at once: never a đồng too much, nobody waits for ever, the second is told."""

import threading
from collections import Counter

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from bench import bench_rivals
from funding.models import Decision
from khuyencong.errors import NotAllowed
from projects import services
from projects.models import (
    Acceptance,
    BudgetReturn,
    Contract,
    LedgerEntry,
    ProjectDecision,
    ProjectLine,
    Settlement,
    Step,
)
from projects.services.proposals import accept_proposal
from projects.services.whole_paper import Does, Effect
from tests.factories import (
    MILLION,
    accept,
    advance,
    annex,
    approve,
    day,
    decide,
    give_back,
    make_approved_line,
    make_beneficiary,
    make_line,
    make_plan,
    make_project,
    make_signed_line,
    make_user,
    pay,
    receive,
    recover,
    resume,
    sign,
    source,
    stop,
    sums,
)

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_SECONDS = 60


def at_once(*tasks):
    """Runs the tasks in a thread each, all starting together: how often each outcome came, by name.

    Fails where one is still waiting after a minute, which is a deadlock.
    """
    start = threading.Barrier(len(tasks))
    outcomes = []

    def run(task):
        try:
            start.wait(WAIT_SECONDS)
            task()
            outcomes.append("done")
        except NotAllowed:
            outcomes.append("refused")
        except Exception as error:  # a thread's error would be lost otherwise
            outcomes.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[task], daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "a rival still waits"
    return Counter(outcomes)


def sent_at_once(role, name, line, data, *, times=3):
    """The form of that name about the line, sent by as many people at once: how often it was saved or told."""
    url = reverse(f"projects:{name}", args=[line.pk])
    clients = [Client() for _ in range(times)]
    for client in clients:
        client.force_login(make_user(role))

    def send(client):
        answer = client.post(url, data)
        if answer.status_code == 422:
            raise NotAllowed(url)
        assert answer.status_code == 302, answer.status_code

    return at_once(*(lambda client=client: send(client) for client in clients))


def test_rivals_approve_no_more_than_the_plan():
    make_plan(amount_vnd=1000 * MILLION)
    lines = [make_line() for _ in range(6)]
    outcomes = at_once(*(lambda line=line: approve(line, 300 * MILLION) for line in lines))
    assert outcomes == {"done": 3, "refused": 3}
    assert sum(sums(line)[0] for line in lines) == 900 * MILLION


def test_rivals_pay_no_more_than_the_contract():
    line = make_signed_line(300 * MILLION)
    outcomes = at_once(*(lambda: pay(line, 70 * MILLION) for _ in range(6)))
    assert outcomes == {"done": 4, "refused": 2}
    assert sums(line)[2] == 280 * MILLION


def test_rivals_return_no_more_than_was_received():
    receive(300 * MILLION)
    outcomes = at_once(*(lambda: give_back(70 * MILLION) for _ in range(6)))
    assert outcomes == {"done": 4, "refused": 2}
    assert sum(row.amount_vnd for row in BudgetReturn.objects.all()) == 280 * MILLION


def test_rivals_sign_no_more_than_is_approved():
    line = make_approved_line(300 * MILLION)
    outcomes = at_once(*(lambda: sign(line, 200 * MILLION) for _ in range(4)))
    assert outcomes == {"done": 1, "refused": 3}


def test_rivals_sign_one_support_contract_of_a_line():
    line = make_approved_line(300 * MILLION)
    outcomes = at_once(*(lambda: sign(line, 100 * MILLION) for _ in range(3)))
    assert outcomes == {"done": 1, "refused": 2}
    assert line.contracts.count() == 1


def test_rivals_raise_a_contract_no_further_than_is_approved():
    line = make_approved_line(300 * MILLION)
    contract = sign(line, 200 * MILLION)
    outcomes = at_once(*(lambda: annex(contract, line, 60 * MILLION) for _ in range(3)))
    assert outcomes == {"done": 1, "refused": 2}


def test_rivals_recover_no_more_than_was_paid():
    line = make_signed_line(300 * MILLION)
    advance(line, 100 * MILLION)
    outcomes = at_once(*(lambda: recover(line, 60 * MILLION) for _ in range(4)))
    assert outcomes == {"done": 1, "refused": 3}
    assert sums(line)[2] == 40 * MILLION


def test_rivals_with_one_contract_number_are_told():
    lines = [make_approved_line() for _ in range(4)]
    outcomes = at_once(*(lambda line=line: sign(line, MILLION, number="15/HĐ") for line in lines))
    assert outcomes == {"done": 1, "refused": 3}
    assert Contract.objects.count() == 1


def test_a_stop_and_a_payment_at_once_leave_approved_what_was_paid():
    line = make_signed_line(300 * MILLION)
    outcomes = at_once(
        lambda: stop(line.project, on="2019-07-01"), lambda: advance(line, 100 * MILLION, on="2019-04-15")
    )
    assert outcomes == {"done": 2}
    assert sums(line) == (100 * MILLION,) * 3


def test_rivals_stop_once():
    line = make_signed_line()
    outcomes = at_once(*(lambda: stop(line.project, on="2019-07-01") for _ in range(3)))
    assert outcomes == {"done": 1, "refused": 2}
    assert ProjectDecision.objects.filter(kind=ProjectDecision.Kind.STOPPED).count() == 1


def test_a_resumption_and_an_approval_share_one_plan():
    make_plan(amount_vnd=300 * MILLION)
    line, other = make_signed_line(300 * MILLION), make_line()
    stop(line.project, on="2019-07-01")
    outcomes = at_once(
        lambda: resume(line.project, on="2019-08-01"), lambda: approve(other, 300 * MILLION, on="2019-08-01")
    )
    assert outcomes == {"done": 1, "refused": 1}
    assert sums(line)[0] + sums(other)[0] == 300 * MILLION


def test_a_cut_of_the_plan_and_an_approval_at_once_never_overcommit():
    make_plan(amount_vnd=300 * MILLION)
    line = make_line()
    outcomes = at_once(
        lambda: make_plan(amount_vnd=-200 * MILLION, kind="adjusted", on="2019-02-01"),
        lambda: approve(line, 300 * MILLION),
    )
    assert outcomes == {"done": 1, "refused": 1}


def test_a_row_of_the_plan_taken_out_and_an_approval_at_once_never_overcommit():
    make_plan(amount_vnd=200 * MILLION)
    plan_line, line = make_plan(amount_vnd=100 * MILLION), make_line()
    outcomes = at_once(lambda: services.remove_plan(plan_line=plan_line), lambda: approve(line, 300 * MILLION))
    assert outcomes == {"done": 1, "refused": 1}


def test_a_change_of_source_and_an_approval_share_the_new_sources_plan():
    make_plan(code="KCDP", amount_vnd=300 * MILLION)
    line, other = make_approved_line(300 * MILLION), make_line()
    decision = decide(line.project, ProjectDecision.Kind.ADJUSTED, on="2019-04-01")
    outcomes = at_once(
        lambda: services.change_source(line=line, old=source("KCQG"), new=source("KCDP"), decision=decision),
        lambda: approve(other, 300 * MILLION, code="KCDP", on="2019-04-01"),
    )
    assert outcomes == {"done": 1, "refused": 1}


def test_rivals_name_no_more_of_a_group_than_it_has():
    line = make_approved_line(900 * MILLION, beneficiary=None, project=make_project("group"))
    decision = decide(line.project, ProjectDecision.Kind.GROUP_APPROVED, on="2019-04-01")
    beneficiaries = [make_beneficiary() for _ in range(4)]

    def name(beneficiary):
        services.name_beneficiary(
            line=line, beneficiary=beneficiary, amounts={source(): 300 * MILLION}, decision=decision
        )

    outcomes = at_once(*(lambda each=each: name(each) for each in beneficiaries))
    assert outcomes == {"done": 3, "refused": 1}
    assert ProjectLine.objects.filter(project=line.project).count() == 4


def test_rivals_name_one_establishment_of_a_group_once():
    line = make_approved_line(900 * MILLION, beneficiary=None, project=make_project("group"))
    decision = decide(line.project, ProjectDecision.Kind.GROUP_APPROVED, on="2019-04-01")
    named = {"line": line, "beneficiary": make_beneficiary(), "amounts": {source(): 100 * MILLION}}
    outcomes = at_once(*(lambda: services.name_beneficiary(**named, decision=decision) for _ in range(3)))
    assert outcomes == {"done": 1, "refused": 2}


def test_rivals_accept_a_proposal_once():
    line, by = make_line(make_project(code="ĐX-2019-001")), make_user(Role.MANAGER)
    decide(line.project, ProjectDecision.Kind.PROPOSED, on="2019-01-15")
    codes = ["ĐA-2019-901", "ĐA-2019-902"]
    on = day("2019-02-01")
    outcomes = at_once(
        *(lambda code=code: accept_proposal(project=line.project, code=code, on=on, by=by) for code in codes)
    )
    assert outcomes == {"done": 1, "refused": 1}
    assert line.project.decisions.filter(kind=ProjectDecision.Kind.REGISTERED).count() == 1


def test_rivals_who_accept_all_of_a_line_are_asked_for_a_reason():
    line = make_signed_line(300 * MILLION)
    data = {"accepted_on": "15/10/2019", "result": "passed", f"tien_{source().pk}": "300 triệu"}
    assert sent_at_once(Role.STAFF, "acceptance_new", line, data) == {"done": 1, "refused": 2}
    assert Acceptance.objects.count() == 1


def test_rivals_who_settle_all_of_a_line_are_asked_for_a_reason():
    line = make_signed_line(300 * MILLION)
    accept(line, 300 * MILLION)
    data = {"party": "beneficiary", "settled_on": "10/12/2019", f"tien_{source().pk}": "300 triệu"}
    assert sent_at_once(Role.ACCOUNTANT, "settlement_new", line, data) == {"done": 1, "refused": 2}
    assert Settlement.objects.count() == 1


def test_rivals_who_pay_early_are_asked_for_a_reason_together():
    line = make_signed_line(300 * MILLION)
    data = {"step": "tam-ung", "paid_on": "15/4/2019", f"tien_{source().pk}": "150 triệu"}
    assert sent_at_once(Role.ACCOUNTANT, "payment_new", line, data, times=2) == {"done": 1, "refused": 1}
    assert sums(line)[2] == 150 * MILLION


def test_a_move_and_a_replacement_at_once_take_the_rest_once():
    line = make_signed_line(300 * MILLION)
    decision = decide(line.project, ProjectDecision.Kind.ADJUSTED, on="2019-12-20")
    beneficiary = make_beneficiary()
    outcomes = at_once(
        lambda: services.move_to_year(line=line, year=2020, decision=decision),
        lambda: services.replace_beneficiary(line=line, beneficiary=beneficiary, decision=decision),
    )
    assert outcomes == {"done": 1, "refused": 1}
    entries = LedgerEntry.objects.of(Step.APPROVED).filter(line__project=line.project, source=source())
    assert sum(entry.amount_vnd for entry in entries) == 300 * MILLION


def test_people_who_lock_the_same_lines_in_other_orders_do_not_wait_for_each_other():
    make_plan(amount_vnd=9000 * MILLION)
    first, second = (make_approved_line(300 * MILLION, beneficiary=None) for _ in range(2))

    def sign_both(*lines):
        services.sign_contract(
            kind=Contract.Kind.OTHER,
            signed_on=day("2019-03-15"),
            shares=[(line, source(), 10 * MILLION) for line in lines],
        )

    tasks = [lambda: sign_both(first, second), lambda: sign_both(second, first)] * 3
    tasks += [lambda: approve(first, MILLION), lambda: approve(second, MILLION)]
    assert at_once(*tasks) == {"done": len(tasks)}


def test_two_whole_papers_over_the_same_de_an_never_wait_for_each_other():
    """Each stops one and raises the other, from two sources, typed in opposite order; both stopping is refused once."""
    for code in ("KCQG", "KCDP"):
        make_plan(code=code, amount_vnd=300 * MILLION)
    one, other = make_approved_line(300 * MILLION), make_approved_line(300 * MILLION, code="KCDP")

    def enter(number, *effects):
        decision = Decision(number=number, decided_on=day("2019-10-15"))
        services.enter_paper(decision=decision, effects=[Effect(does, line, why="Thử") for does, line in effects])

    moves = [(Does.MOVE, one), (Does.STOP, other)]
    outcomes = at_once(
        lambda: enter("1/QĐ", *moves), lambda: enter("2/QĐ", *moves[::-1]), lambda: enter("3/QĐ", *moves)
    )
    assert outcomes == {"done": 1, "refused": 2}
    assert sums(one)[0] == sums(other, code="KCDP")[0] == 0
    assert ProjectLine.objects.filter(replaces=one, plan_year=2020).count() == 1


def test_rival_papers_share_what_is_left_of_two_sources():
    for code in ("KCQG", "KCDP"):
        make_plan(code=code, amount_vnd=300 * MILLION)
    lines = [make_line() for _ in range(4)]

    def enter(number, line, codes):
        decision = Decision(number=f"{number}/QĐ", decided_on=day("2019-10-15"))
        approved = [Effect(Does.APPROVE, line, source=source(code), amount_vnd=200 * MILLION) for code in codes]
        services.enter_paper(decision=decision, effects=approved)

    orders = [("KCQG", "KCDP"), ("KCDP", "KCQG")] * 2
    papers = zip(range(4), lines, orders, strict=True)
    outcomes = at_once(*(lambda paper=paper: enter(*paper) for paper in papers))
    assert outcomes == {"done": 1, "refused": 3}
    assert sum(sums(line)[0] for line in lines) == sum(sums(line, code="KCDP")[0] for line in lines) == 200 * MILLION


def test_the_rivals_of_the_benchmark_in_small(monkeypatch):
    """What `python -m bench rivals` measures, with four for its twenty: half of them have money, and just they get it.

    Without the services' locks a database of one writer at a time still keeps order, another may overspend.
    """
    for name, value in {"RIVALS": 4, "ROUNDS": 1, "ENOUGH_FOR": 2}.items():
        monkeypatch.setattr(bench_rivals, name, value)
    approving, unlocked_approving, paying, unlocked_paying = (
        tuple(count.value for count in measured.counts) for measured in bench_rivals.run("")
    )
    # Granted, refused, deadlocks, too much, wrongly refused.
    assert approving == paying == (2, 2, 0, 0, 0)
    for granted, refused, *rest in (unlocked_approving, unlocked_paying):
        assert (granted + refused, rest) == (4, [0, granted - 2, 0])
