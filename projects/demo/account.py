"""The year 2019 of Yên Bái, entered from its tables."""

from projects import services
from projects.demo import yen_bai_2019 as data
from projects.demo.builder import COUNTERPART, Authority, Builder, Kind
from projects.demo.rows import Line, million
from projects.models import Contract, Project, Settlement, SiteVisit

PROVINCE_WIDE = "thành phố Yên Bái"


def build(builder: Builder, *, department: str):
    """``department`` is today's name of the Ministry's department, the Centre's partner in the national contract."""
    for paper in data.PAPERS:
        builder.paper(paper)
    for row in data.PLAN:
        builder.plan(row)
    _group(builder, department)
    lines = {number: builder.single(data.single(number)) for number in data.LOCAL}
    _extend(builder, *lines[data.EXTENDED[0]])
    _lower(builder, *lines[data.LOWERED[0]])
    for task in data.TASKS:
        builder.task(task, place=PROVINCE_WIDE)
    for trouble in data.TROUBLES:
        builder.trouble(trouble)


def _group(builder, department):
    project = builder.project(
        code=data.GROUP_CODE,
        name=data.GROUP_NAME,
        kind=Project.Kind.GROUP,
        expected=len(data.NATIONAL),
        planned=(data.NATIONAL_CONTRACT[1], data.NATIONAL_CONTRACT[2]),
    )
    support = sum(row[0] for row in data.NATIONAL.values())
    unnamed_row = Line(data.MACHINES, "tỉnh Yên Bái", {"KCQG": (support, "quoc_gia")}, data.GROUP_COST_GUESS)
    unnamed = builder.line(project, unnamed_row, year=data.YEAR, joined=data.GROUP_REGISTERED)
    builder.visit(project, None, SiteVisit.Kind.SURVEY, data.GROUP_SURVEYED, "Khảo sát nhu cầu tại ba huyện.")
    registered = builder.step(project, Kind.REGISTERED, data.GROUP_REGISTERED, authority=Authority.CENTRE)
    builder.request(unnamed, "KCQG", support, registered)
    builder.step(project, Kind.APPRAISED_BASE, data.GROUP_BASE, authority=Authority.SCT)
    builder.step(project, Kind.APPRAISED_MINISTRY, data.GROUP_MINISTRY, authority=Authority.DEPARTMENT)
    builder.approve(project, unnamed, unnamed_row)
    named = _name(builder, project, unnamed)
    contract = _sign_with_department(builder, named, department)
    for number, line in named.items():
        builder.carry_out(project, line, data.line(number, data.NATIONAL[number], "KCQG", "quoc_gia"))
        builder.settle(
            line,
            {"KCQG": 300},
            data.NATIONAL_SETTLED,
            f"MH-QTC-{number}",
            party=Settlement.Party.FUNDER,
            submitted_on=data.NATIONAL_SUBMITTED,
        )
    builder.liquidate(contract, data.NATIONAL_LIQUIDATED, "MH-01/TL-CTĐP")


def _name(builder, project, unnamed):
    """The three lines that the Sở's plan put in the place of the unnamed one."""
    paper = builder.papers["nhom"]
    step = builder.step(project, Kind.GROUP_APPROVED, paper.decided_on, authority=Authority.SCT, decision=paper)
    named = {}
    for number, row in data.NATIONAL.items():
        line_row = data.line(number, row, "KCQG", "quoc_gia")
        named[number] = services.name_beneficiary(
            line=unnamed,
            beneficiary=builder.beneficiary(line_row.party),
            amounts={
                builder.sources["KCQG"]: million(row[0]),
                builder.sources[COUNTERPART]: million(line_row.total - row[0]),
            },
            decision=step,
            locality=builder.place(line_row.place),
            by=builder.staff,
        )
        builder.equip(named[number], line_row)
    return named


def _sign_with_department(builder, named, department):
    number, signed_on, ends_on = data.NATIONAL_CONTRACT
    return services.sign_contract(
        kind=Contract.Kind.NATIONAL,
        number=number,
        signed_on=signed_on,
        starts_on=signed_on,
        ends_on=ends_on,
        agency=builder.agency(department),
        shares=[(line, builder.sources["KCQG"], million(data.NATIONAL[key][0])) for key, line in named.items()],
        by=builder.staff,
    )


def _extend(builder, project, line):
    _, number, signed_on, ends_on, reason = data.EXTENDED
    services.sign_annex(
        contract=line.contracts.get(),
        signed_on=signed_on,
        ends_on=ends_on,
        number=number,
        reason=reason,
        by=builder.staff,
    )
    builder.step(project, Kind.EXTENDED, signed_on, authority=Authority.CENTRE, reason=reason, ends_on=ends_on)


def _lower(builder, project, line):
    """The annex first: an approval must never fall below what is signed."""
    _, number, signed_on, amount, reason = data.LOWERED
    services.sign_annex(
        contract=line.contracts.get(),
        signed_on=signed_on,
        number=number,
        changes=[(line, builder.sources["KCDP"], million(amount))],
        reason=reason,
        by=builder.staff,
    )
    step = builder.step(project, Kind.ADJUSTED, signed_on, authority=Authority.SCT, reason=reason)
    builder.approve_amount(line, "KCDP", amount, step)
