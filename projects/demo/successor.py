"""The current year of the Centre's successor, entered from its tables; what one row cannot tell is told here."""

from projects import services
from projects.demo import lao_cai_now as data
from projects.demo.builder import COUNTERPART, Authority, Builder, Kind
from projects.demo.rows import Due, Line, Work, million
from projects.models import Contract, Project, SiteVisit


def build(builder: Builder, days: data.Calendar, *, department: str):
    for paper in data.papers(days):
        builder.paper(paper)
    for row in data.plan(days):
        builder.plan(row)
    _group(builder, days, department)
    lines = {number: builder.single(data.single(days, number)) for number in data.MONEY}
    _stop(builder, days, *lines[data.STOPPED])
    _replace(builder, days, *lines[data.REPLACED])
    _extend(builder, days, *lines[data.EXTENDED])
    _move(builder, days, *lines[data.MOVED])
    for task in data.tasks(days):
        builder.task(task, place="tỉnh Lào Cai")
    _candidates(builder, days)
    for trouble in data.troubles(days):
        builder.trouble(trouble)


def _group(builder, days, department):
    """Two of three are named, one of them has signed: the rest of the money has no cơ sở yet."""
    money = {"KCQG": (data.GROUP_SUPPORT, "quoc_gia")}
    row = Line(data.MACHINES, "tỉnh Lào Cai", money, data.GROUP_COST)
    project = builder.project(
        code=f"MH-KCQG-{days.year}-01",
        name="Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong chế biến nông – lâm sản (đề án nhóm minh họa)",
        kind=Project.Kind.GROUP,
        expected=data.GROUP_EXPECTED,
        planned=(days.past(0.1), days.ahead(75)),
    )
    registered_on = days.before(8, 5)
    unnamed = builder.line(project, row, year=days.year, joined=registered_on)
    builder.request(
        unnamed,
        "KCQG",
        data.GROUP_SUPPORT,
        builder.step(project, Kind.REGISTERED, registered_on, authority=Authority.CENTRE),
    )
    builder.step(project, Kind.APPRAISED_BASE, days.before(8, 28), authority=Authority.SCT)
    builder.step(project, Kind.APPRAISED_MINISTRY, days.before(9, 15), authority=Authority.DEPARTMENT)
    builder.approve(project, unnamed, row)
    named = _name(builder, project, unnamed)
    services.sign_contract(
        kind=Contract.Kind.NATIONAL,
        number="MH-31/HĐ-ĐCK",
        signed_on=days.past(0.28),
        starts_on=days.past(0.28),
        ends_on=days.ahead(75),
        agency=builder.agency(department),
        shares=[(line, builder.sources["KCQG"], million(data.GROUP_NAMED[number])) for number, line in named.items()],
        by=builder.staff,
    )
    first = min(named)
    work = Work(signed=days.past(0.4), ends=days.ahead(65), dues=(Due(data.INSTALL, days.ahead(28)),))
    builder.carry_out(project, named[first], data.line(first, {"KCQG": (data.GROUP_NAMED[first], "")}, work))


def _name(builder, project, unnamed):
    paper = builder.papers["nhom"]
    step = builder.step(project, Kind.GROUP_APPROVED, paper.decided_on, authority=Authority.SCT, decision=paper)
    named = {}
    for number, support in data.GROUP_NAMED.items():
        row = data.line(number, {"KCQG": (support, "")})
        named[number] = services.name_beneficiary(
            line=unnamed,
            beneficiary=builder.beneficiary(row.party),
            amounts={
                builder.sources["KCQG"]: million(support),
                builder.sources[COUNTERPART]: million(row.total - support),
            },
            decision=step,
            locality=builder.place(row.place),
            by=builder.staff,
        )
        builder.equip(named[number], row)
    return named


def _stop(builder, days, project, line):
    """Stopped with an advance paid, of which a part has come back."""
    services.stop(
        project=project,
        on=days.ago(18),
        number="MH-37/QĐ-UBND",
        authority=Authority.PROVINCE,
        reason="Cơ sở ngừng sản xuất, chuyển máy đi nơi khác; phải thu hồi tạm ứng.",
        by=builder.staff,
    )
    services.recover(
        line=line,
        source=builder.sources["KCDP"],
        amount_vnd=million(data.RECOVERED),
        on=days.ago(7),
        contract=line.contracts.get(),
        voucher="MH-TH-39",
        by=builder.accountant,
    )


def _replace(builder, days, project, line):
    reason = "Cơ sở được duyệt chuyển nghề; thay bằng cơ sở cùng ngành trên cùng địa bàn."
    step = builder.step(
        project, Kind.ADJUSTED, days.past(0.4), authority=Authority.SCT, number="MH-38/QĐ-SCT", reason=reason
    )
    row = data.line(data.REPLACED_BY, data.MONEY[data.REPLACED], data.works(days)[data.REPLACED_BY])
    new = services.replace_beneficiary(
        line=line,
        beneficiary=builder.beneficiary(row.party),
        decision=step,
        locality=builder.place(row.place),
        reason=reason,
        by=builder.staff,
    )
    builder.carry_out(project, new, row)


def _extend(builder, days, project, line):
    reason = "Cơ sở chờ hoàn thiện nhà xưởng."
    signed_on, ends_on = days.past(0.75), days.ahead(26)
    services.sign_annex(
        contract=line.contracts.get(),
        signed_on=signed_on,
        ends_on=ends_on,
        number=f"PL-{data.EXTENDED}/HĐ-MH",
        reason=reason,
        by=builder.staff,
    )
    builder.step(project, Kind.EXTENDED, signed_on, authority=Authority.CENTRE, reason=reason, ends_on=ends_on)


def _move(builder, days, project, line):
    """The money goes with the line: plus in the plan of the year entered first, or the move would not fit it."""
    into, out_of = data.carried(days)
    paper = builder.papers["chuyen"]
    builder.plan(into)
    step = builder.step(
        project,
        Kind.MOVED,
        paper.decided_on,
        authority=Authority.PROVINCE,
        decision=paper,
        line=line,
        reason="Nhà cung cấp giao máy sang năm sau.",
        changed_from=str(days.year),
        changed_to=str(days.year + 1),
    )
    services.move_to_year(line=line, year=days.year + 1, decision=step, by=builder.staff)
    builder.plan(out_of)


def _candidates(builder, days):
    for number in data.ASKED:
        project, _ = builder.register(data.candidate(days, number))
        if number == data.RETURNED:
            builder.step(
                project,
                Kind.RETURNED,
                days.past(0.7),
                authority=Authority.SCT,
                number="MH-39/SCT-CV",
                reason="Thiếu cam kết vốn đối ứng và báo giá máy.",
            )
        if number == data.REJECTED:
            builder.step(
                project,
                Kind.REJECTED,
                days.past(0.78),
                authority=Authority.SCT,
                number="MH-40/SCT-CV",
                reason="Ngành nghề không thuộc danh mục được hỗ trợ.",
            )
        if number == data.REGISTERED:
            findings = "Đã khảo sát lại mặt bằng; cơ sở đang hoàn thiện hồ sơ."
            builder.visit(project, None, SiteVisit.Kind.SURVEY, days.ago(12), findings)
