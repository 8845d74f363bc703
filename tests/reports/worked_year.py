"""One year of seven đề án, entered as an office would: what ``test_worked_days`` expects of it was worked out by hand.

Amounts are in triệu đồng (``MILLION``), days are ISO. Each function enters one đề án from its first paper to its last.
"""

from funding.models import PlanLine
from projects import services
from projects.models import Acceptance, Contract, Milestone, Project, ProjectDecision
from tests.factories import (
    MILLION,
    accept,
    advance,
    approve,
    day,
    decide,
    make_beneficiary,
    make_line,
    make_plan,
    make_project,
    pay,
    recover,
    resume,
    settle,
    sign,
    source,
    stop,
)

Kind = ProjectDecision.Kind


def enter_year():
    """Enter everything; answers the lines of the group and both of the đề án that moved, by a short name."""
    enter_plans()
    lines = enter_group()
    company = make_beneficiary("Công ty hai đề án")
    enter_two_sources(company)
    enter_postponed()
    enter_task()
    lines |= enter_moved()
    enter_failed_acceptance(company)
    enter_stopped_and_resumed()
    return lines


def enter_plans():
    for code, amount in (("KCQG", 900), ("KCDP", 700), ("KCH", 100)):
        make_plan(code=code, amount_vnd=amount * MILLION, on="2019-01-10")
    make_plan(code="KCH", amount_vnd=20 * MILLION, on="2019-06-03", kind=PlanLine.Kind.ADJUSTED)
    make_plan(2020, "KCQG", 500 * MILLION, on="2019-05-15", kind=PlanLine.Kind.REQUESTED)
    make_plan(2020, "KCDP", 300 * MILLION, on="2019-12-02")


def support(line, amounts, on):
    """One decision that approves {source code: triệu đồng}."""
    paper = decide(line.project, on=on)
    for code, amount in amounts.items():
        approve(line, amount * MILLION, code=code, decision=paper)


def promise(code, amounts, on, *, kind=Project.Kind.SINGLE, **fields):
    """A đề án of one line with its support approved."""
    line = make_line(make_project(kind, code=code), joined_on=on, **fields)
    support(line, amounts, on)
    return line


def name(unnamed, own, on):
    """A beneficiary of the group, with 300 of its money and a counterpart of ``own``."""
    return services.name_beneficiary(
        line=unnamed,
        beneficiary=make_beneficiary(),
        amounts={source("KCQG"): 300 * MILLION, source("DOIUNG"): own * MILLION},
        decision=decide(unnamed.project, Kind.GROUP_APPROVED, on=on),
    )


def enter_group():
    """NHOM, KCQG 900 for three: named in two steps, one stopped and recovered from, one replaced."""
    group = make_project(Project.Kind.GROUP, code="NHOM", beneficiaries_expected=3)
    decide(group, Kind.REGISTERED, on="2019-01-15")
    decide(group, Kind.APPRAISED_BASE, on="2019-02-01")
    unnamed = make_line(group, beneficiary=None, joined_on="2019-03-01")
    support(unnamed, {"KCQG": 900}, "2019-03-01")
    first, second = (name(unnamed, own, "2019-04-01") for own in (400, 500))
    third = name(unnamed, 600, "2019-04-20")

    sign(first, 300 * MILLION, on="2019-04-10", ends_on=day("2019-09-30"))
    advance(first, 150 * MILLION, on="2019-05-20")
    accept(first, 300 * MILLION, on="2019-09-25")
    pay(first, 150 * MILLION, on="2019-10-30")
    settle(first, 300 * MILLION, on="2019-12-10")

    sign(second, 300 * MILLION, on="2019-04-25", ends_on=day("2019-10-31"))
    advance(second, 100 * MILLION, on="2019-05-15")
    stop(group, line=second, on="2019-07-01")
    recover(second, 40 * MILLION, on="2019-07-15")
    recover(second, 60 * MILLION, on="2019-08-10")

    sign(third, 300 * MILLION, on="2019-07-25", ends_on=day("2019-11-30"))
    advance(third, 90 * MILLION, on="2019-08-05")
    fourth = services.replace_beneficiary(
        line=third, beneficiary=make_beneficiary(), decision=decide(group, Kind.ADJUSTED, on="2019-09-01")
    )
    sign(fourth, 210 * MILLION, on="2019-09-20", ends_on=day("2019-12-31"))
    accept(fourth, 210 * MILLION, on="2019-11-15")
    pay(fourth, 210 * MILLION, on="2019-11-25")
    settle(fourth, 210 * MILLION, on="2019-12-20")
    return {"unnamed": unnamed, "first": first, "second": second, "third": third, "fourth": fourth}


def enter_two_sources(company):
    """HAI-NGUON, KCDP 120 and KCH 60: sent back once, then an annex lowers the one and raises the other."""
    project = make_project(code="HAI-NGUON")
    decide(project, Kind.RETURNED, on="2019-01-20")
    decide(project, Kind.REGISTERED, on="2019-02-05")
    line = make_line(project, beneficiary=company, joined_on="2019-03-01")
    support(line, {"KCDP": 120, "KCH": 60, "DOIUNG": 220}, "2019-03-01")
    province, district = source("KCDP"), source("KCH")
    contract = services.sign_contract(
        kind=Contract.Kind.SUPPORT,
        signed_on=day("2019-03-15"),
        ends_on=day("2019-08-31"),
        beneficiary=company,
        shares=[(line, province, 120 * MILLION), (line, district, 60 * MILLION)],
    )
    support(line, {"KCH": 20}, "2019-06-05")
    services.sign_annex(
        contract=contract,
        signed_on=day("2019-06-12"),
        ends_on=day("2019-09-30"),
        changes=[(line, province, -30 * MILLION), (line, district, 20 * MILLION)],
    )
    approve(line, -30 * MILLION, code="KCDP", decision=decide(project, Kind.ADJUSTED, on="2019-06-20"))
    advance(line, 50 * MILLION, code="KCDP", on="2019-07-08")
    advance(line, 30 * MILLION, code="KCH", on="2019-07-08")
    whole = {province: 90 * MILLION, district: 80 * MILLION}
    services.accept(line=line, accepted_on=day("2019-10-10"), amounts=whole)
    pay(line, 40 * MILLION, code="KCDP", on="2019-11-05")
    pay(line, 50 * MILLION, code="KCH", on="2019-11-05")
    services.settle(line=line, settled_on=day("2019-12-12"), amounts=whole)


def enter_postponed():
    """HEN-LAI, KCDP 150: a milestone missed, postponed, missed again, done; and the contract's end missed."""
    line = promise("HEN-LAI", {"KCDP": 150, "DOIUNG": 350}, "2019-03-15", kind=Project.Kind.FLAGSHIP)
    sign(line, 150 * MILLION, code="KCDP", on="2019-04-01", ends_on=day("2019-12-31"))
    milestone = services.set_milestone(
        project=line.project, name="Xong nhà xưởng", due_on=day("2019-05-31"), set_on=day("2019-04-01")
    )
    advance(line, 105 * MILLION, code="KCDP", on="2019-06-03")
    services.postpone_milestone(
        milestone=milestone, due_on=day("2019-07-31"), set_on=day("2019-06-11"), reason="Mưa kéo dài"
    )
    services.complete_milestone(milestone=milestone, done_on=day("2019-08-06"))
    accept(line, 150 * MILLION, code="KCDP", on="2020-01-15")


def enter_task():
    """TRA-CONG, KCDP 60: collaborators paid by list, without contract."""
    line = promise("TRA-CONG", {"KCDP": 60}, "2019-03-15", kind=Project.Kind.TASK, has_contract=False)
    pay(line, 25 * MILLION, code="KCDP", on="2019-04-30")
    pay(line, 35 * MILLION, code="KCDP", on="2019-08-30")
    accept(line, 60 * MILLION, code="KCDP", on="2019-09-30")
    settle(line, 60 * MILLION, code="KCDP", on="2019-10-15")


def enter_moved():
    """HAI-NAM, KCDP 200: 80 paid in 2019, the rest goes on in 2020 under the same contract and milestone."""
    old = promise("HAI-NAM", {"KCDP": 200, "DOIUNG": 300}, "2019-04-05")
    contract = sign(old, 200 * MILLION, code="KCDP", on="2019-05-02", ends_on=day("2019-11-30"))
    services.set_milestone(
        project=old.project, line=old, name="Chạy thử", due_on=day("2019-12-20"), set_on=day("2019-05-02")
    )
    advance(old, 80 * MILLION, code="KCDP", on="2019-06-03")
    services.sign_annex(contract=contract, signed_on=day("2019-11-25"), ends_on=day("2020-03-31"))
    new = services.move_to_year(line=old, year=2020, decision=decide(old.project, Kind.MOVED, on="2019-12-05"))
    services.complete_milestone(milestone=Milestone.objects.get(line=new), done_on=day("2019-12-27"))
    pay(new, 50 * MILLION, code="KCDP", on="2019-12-28")
    accept(new, 120 * MILLION, code="KCDP", on="2020-01-10")
    return {"moved from": old, "moved to": new}


def enter_failed_acceptance(company):
    """KHONG-DAT, KCDP 100: fails its first acceptance, passes the second with conditions, for 95."""
    line = promise("KHONG-DAT", {"KCDP": 100, "DOIUNG": 150}, "2019-04-05", beneficiary=company)
    sign(line, 100 * MILLION, code="KCDP", on="2019-05-02", ends_on=day("2019-10-31"))
    accept(line, code="KCDP", on="2019-10-15", result=Acceptance.Result.FAILED)
    accept(line, 95 * MILLION, code="KCDP", on="2019-11-20", result=Acceptance.Result.CONDITIONAL)
    pay(line, 95 * MILLION, code="KCDP", on="2019-12-02")
    settle(line, 95 * MILLION, code="KCDP", on="2019-12-20")


def enter_stopped_and_resumed():
    """NGUNG, KCH 40: the whole đề án stops and is taken up again."""
    line = promise("NGUNG", {"KCH": 40, "DOIUNG": 60}, "2019-04-05")
    sign(line, 40 * MILLION, code="KCH", on="2019-05-02", ends_on=day("2019-12-31"))
    stop(line.project, on="2019-08-01")
    resume(line.project, on="2019-09-10")
    accept(line, 40 * MILLION, code="KCH", on="2019-11-20")
    pay(line, 40 * MILLION, code="KCH", on="2019-12-02")
