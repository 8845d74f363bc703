"""Enters the tables of the demonstration as facts, through the same services that people's forms use."""

from datetime import timedelta

from funding.models import Activity, Agency, AgencyFormerName, Decision, FundingSource
from khuyencong.errors import NotAllowed
from khuyencong.text import fold
from places.models import Locality
from projects import services
from projects.demo.rows import Line, PaperRow, Party, PlanRow, Result, Single, Task, Trouble, Work, million, workday
from projects.models import (
    Beneficiary,
    Contract,
    Difficulty,
    Equipment,
    Project,
    ProjectDecision,
    ProjectLine,
    SiteVisit,
    Step,
)
from projects.rules import approval_warnings

Kind = ProjectDecision.Kind
Authority = ProjectDecision.Authority
COUNTERPART = FundingSource.COUNTERPART
VISITORS = "Trung tâm; đại diện địa phương; cơ sở thụ hưởng (minh họa)"


class Builder:
    """Writes as the demonstration's users in their roles: ``staff`` facts, ``accountant`` money.

    ``place_day`` is the day on which places must be valid, ``centre`` the Centre that carries the đề án out.
    """

    def __init__(self, *, staff, accountant, reporter, place_day):
        self.staff, self.accountant, self.reporter = staff, accountant, reporter
        self.place_day = place_day
        self.sources = {source.code: source for source in FundingSource.objects.all()}
        self.activities = {activity.code: activity for activity in Activity.objects.filter(is_leaf=True)}
        self.places = {}
        self.agencies = {}
        self.papers = {}
        self.parties = {}
        self.projects = {}
        self.centre = None

    def keep(self, row):
        return services.keep(row, by=self.staff)

    # --- what stands before the đề án ---

    def agency(self, name, level="other", former=()):
        """The agency of that name, new where there is none; ``former`` are (name, last day)."""
        if name not in self.agencies:
            known = Agency.objects.filter(name_key=fold(name)).first()
            self.agencies[name] = known or self.keep(Agency(name=name, level=level))
            for old, until in former if known is None else ():
                self.keep(AgencyFormerName(agency=self.agencies[name], name=old, used_until=until))
        return self.agencies[name]

    def place(self, name):
        if name not in self.places:
            found = list(Locality.objects.matching(name, self.place_day))
            if len(found) != 1:
                raise NotAllowed(f"Danh mục địa bàn không có đúng một “{name}”. Hãy chạy lại lệnh migrate.")
            self.places[name] = found[0]
        return self.places[name]

    def paper(self, row: PaperRow):
        agency = self.agency(row.agency)
        decision = Decision(number=row.number, decided_on=row.on, agency=agency, subject=row.subject)
        self.papers[row.key] = self.keep(decision)
        return decision

    def plan(self, row: PlanRow):
        return services.record_plan(
            decision=self.papers[row.paper],
            year=row.year,
            source=self.sources[row.source],
            kind=row.kind,
            amount_vnd=million(row.amount),
            activity=self.activities[row.activity] if row.activity else None,
            by=self.staff,
            **row.fields,
        )

    def beneficiary(self, party: Party):
        if party.number not in self.parties:
            place = self.place(party.place)
            self.parties[party.number] = self.keep(
                Beneficiary(
                    name=party.name,
                    kind=party.kind,
                    tax_code=f"MH-{party.number:010d}",
                    representative=f"Người đại diện minh họa {party.number}",
                    address=f"Thôn minh họa {party.number}, {place.long_name}",
                    locality=place,
                    trade=party.trade,
                )
            )
        return self.parties[party.number]

    # --- a đề án and its lines ---

    def project(self, *, code, name, kind, expected=None, planned=None):
        start, end = planned or (None, None)
        project = Project(
            code=code,
            name=name,
            kind=kind,
            executing_agency=self.centre,
            officer=self.staff,
            beneficiaries_expected=expected,
            planned_start_on=start,
            planned_end_on=end,
        )
        self.projects[code] = self.keep(project)
        return project

    def line(self, project, row: Line, *, year, joined, has_contract=True):
        line = self.keep(
            ProjectLine(
                project=project,
                plan_year=year,
                activity=self.activities[row.activity],
                locality=self.place(row.place),
                beneficiary=self.beneficiary(row.party) if row.party else None,
                has_contract=has_contract,
                joined_on=joined,
            )
        )
        self.equip(line, row)
        return line

    def equip(self, line, row: Line):
        for item in row.items:
            self.keep(
                Equipment(
                    line=line,
                    name=item.name,
                    quantity=item.quantity,
                    capacity=item.capacity,
                    value_vnd=million(item.value),
                    is_new=True,
                )
            )

    def step(self, project, kind, on, *, authority, line=None, decision=None, reason="", **details):
        return services.record_step(
            project=project,
            kind=kind,
            on=on,
            line=line,
            decision=decision,
            authority=authority,
            reason=reason,
            by=self.staff,
            **details,
        )

    def visit(self, project, line, kind, on, findings):
        self.keep(SiteVisit(project=project, line=line, kind=kind, visited_on=on, people=VISITORS, findings=findings))

    def register(self, row: Single):
        """The đề án up to its appraisal: survey, registration with what it asks for, appraisal."""
        project = self.project(
            code=row.code,
            name=row.name,
            kind=Project.Kind.SINGLE,
            expected=1 if row.line.party else None,
            planned=row.planned,
        )
        line = self.line(project, row.line, year=row.year, joined=row.registered)
        if row.surveyed:
            findings = "Cơ sở có nhu cầu đầu tư, đủ mặt bằng và vốn đối ứng."
            self.visit(project, line, SiteVisit.Kind.SURVEY, row.surveyed, findings)
        step = self.step(project, Kind.REGISTERED, row.registered, authority=Authority.CENTRE)
        for code, (amount, _) in row.line.money.items():
            self.request(line, code, row.requested or amount, step)
        if row.appraised:
            passed = ProjectDecision.Result.PASSED
            self.step(project, Kind.APPRAISED_BASE, row.appraised, authority=Authority.SCT, result=passed)
        return project, line

    def request(self, line, code, amount, step):
        services.request_support(
            line=line, source=self.sources[code], amount_vnd=million(amount), decision=step, by=self.staff
        )

    def approve(self, project, line, row: Line):
        """Each deciding paper's support; the counterpart goes with the last of them."""
        steps = []
        if row.reason:
            self.keep_exceptions(line, row)
        for code, (amount, key) in row.money.items():
            paper = self.papers[key]
            authority = Authority.MINISTER if code == "KCQG" else Authority.PROVINCE
            steps.append(self.step(project, Kind.APPROVED, paper.decided_on, authority=authority, decision=paper))
            self.approve_amount(line, code, amount, steps[-1])
        support = sum(amount for amount, _ in row.money.values())
        self.approve_amount(line, COUNTERPART, row.total - support, steps[-1])
        for step in steps:
            services.apply_norms(decision=step, by=self.staff)

    def keep_exceptions(self, line, row: Line):
        """What the line's approval is told against, kept with its reason."""
        amounts = {self.sources[code]: million(amount) for code, (amount, _) in row.money.items()}
        amounts[self.sources[COUNTERPART]] = million(row.total) - sum(amounts.values())
        on = max(self.papers[key].decided_on for _, key in row.money.values())
        warnings = approval_warnings(line, amounts, on)
        services.keep_exceptions(line=line, warnings=warnings, on=on, reason=row.reason, by=self.staff)

    def approve_amount(self, line, code, amount, step):
        services.approve_support(
            line=line, source=self.sources[code], amount_vnd=million(amount), decision=step, by=self.staff
        )

    def single(self, row: Single):
        project, line = self.register(row)
        self.approve(project, line, row.line)
        if row.line.work:
            self.carry_out(project, line, row.line)
        return project, line

    # --- from the contract on ---

    def carry_out(self, project, line, row: Line):
        work, number = row.work, row.party.number
        contract = self.sign(line, row)
        for due in work.dues:
            self.milestone(project, line, due, work.signed)
        if work.checked:
            findings = "Đã mua và lắp đặt trên 70 % giá trị máy móc; máy mới, đúng hợp đồng."
            self.visit(project, line, SiteVisit.Kind.CHECK, work.checked, findings)
        shares = {code: amount for code, (amount, _) in row.money.items()}
        if work.advanced:
            for code, amount in shares.items():
                self.pay(line, code, amount * 0.7, work.advanced, contract, f"MH-TU-{number:02d}", Step.ADVANCED)
        self.hold_acceptances(project, line, work, shares, number)
        accepted = self.accepted_shares(work, shares)
        if work.paid:
            for code, amount in accepted.items():
                rest = amount - (shares[code] * 0.7 if work.advanced else 0)
                self.pay(line, code, rest, work.paid, contract, f"MH-CK-{number:02d}")
        if work.settled:
            self.settle(line, accepted, work.settled, f"MH-QT-{number:02d}")
        if work.liquidated:
            self.liquidate(contract, work.liquidated, f"{number:02d}/TL-MH")
        return contract

    def sign(self, line, row: Line):
        return services.sign_contract(
            kind=Contract.Kind.SUPPORT,
            number=f"{row.party.number:02d}/HĐ-MH",
            signed_on=row.work.signed,
            starts_on=row.work.signed,
            ends_on=row.work.ends,
            beneficiary=self.beneficiary(row.party),
            locality=line.locality,
            shares=[(line, self.sources[code], million(amount)) for code, (amount, _) in row.money.items()],
            by=self.staff,
        )

    def milestone(self, project, line, due, set_on):
        milestone = services.set_milestone(
            project=project,
            line=line,
            name=due.name,
            due_on=due.due,
            set_on=set_on,
            responsible=self.staff.get_full_name(),
            by=self.staff,
        )
        if due.moved:
            moved_on, new_due, reason = due.moved
            services.postpone_milestone(
                milestone=milestone, due_on=new_due, set_on=moved_on, reason=reason, by=self.staff
            )
        if due.done:
            services.complete_milestone(milestone=milestone, done_on=due.done, by=self.staff)

    def hold_acceptances(self, project, line, work: Work, shares, number):
        for attempt, (on, result) in enumerate(work.acceptances, start=1):
            failed = result == Result.FAILED
            findings = "Máy chạy thử chưa đạt công suất ghi trong hợp đồng." if failed else "Máy chạy ổn định."
            self.visit(project, line, SiteVisit.Kind.ACCEPTANCE, on, findings)
            services.accept(
                line=line,
                accepted_on=on,
                result=result,
                amounts={
                    self.sources[code]: million(amount) for code, amount in self.accepted_shares(work, shares).items()
                },
                minutes_number=f"{number:02d}.{attempt}/BB-MH",
                jobs=None if failed else work.jobs,
                revenue_vnd=None if failed else million(work.revenue),
                note=findings,
                by=self.staff,
            )

    def accepted_shares(self, work: Work, shares):
        """{source code: amount}; an accepted amount below the support is one of a line of one source."""
        if work.accepted_amount is None:
            return shares
        return dict.fromkeys(shares, work.accepted_amount)

    def pay(self, line, code, amount, on, contract, voucher, step=Step.PAID):
        services.pay(
            line=line,
            source=self.sources[code],
            amount_vnd=million(amount),
            paid_on=on,
            step=step,
            contract=contract,
            voucher=voucher,
            by=self.accountant,
        )

    def settle(self, line, shares, on, number, **fields):
        fields.setdefault("submitted_on", workday(on - timedelta(4)))
        amounts = {self.sources[code]: million(amount) for code, amount in shares.items()}
        services.settle(
            line=line,
            settled_on=on,
            amounts=amounts,
            requested=amounts,
            number=number,
            by=self.accountant,
            **fields,
        )

    def liquidate(self, contract, on, number):
        services.liquidate_contract(contract=contract, on=on, number=number, by=self.staff)

    # --- hoạt động, khó khăn ---

    def task(self, row: Task, *, place, source="KCDP"):
        project = self.project(code=row.code, name=row.name, kind=Project.Kind.TASK)
        paper = self.papers[row.paper]
        line_row = Line(row.activity, place, {source: (row.amount, row.paper)}, row.amount)
        line = self.line(project, line_row, year=row.year, joined=paper.decided_on, has_contract=bool(row.provider))
        step = self.step(project, Kind.APPROVED, paper.decided_on, authority=Authority.PROVINCE, decision=paper)
        self.approve_amount(line, source, row.amount, step)
        services.apply_norms(decision=step, by=self.staff)
        contract = self.sign_task(line, row, source) if row.signed else None
        if row.advanced:
            on, amount = row.advanced
            self.pay(line, source, amount, on, contract, f"MH-TU-{row.code[-2:]}", Step.ADVANCED)
        if row.accepted:
            services.accept(
                line=line,
                accepted_on=row.accepted,
                amounts={self.sources[source]: million(row.amount)},
                minutes_number=f"{row.code[-2:]}/BB-HĐ-MH",
                by=self.staff,
            )
        for number, (on, amount) in enumerate(row.payments, start=1):
            self.pay(line, source, amount, on, contract, f"MH-CK-{row.code[-2:]}.{number}")
        if row.settled:
            self.settle(line, {source: row.amount}, row.settled, f"MH-QT-{row.code[-2:]}")

    def sign_task(self, line, row: Task, source):
        return services.sign_contract(
            kind=Contract.Kind.OTHER,
            number=f"{row.code[-2:]}/HĐKT-MH",
            signed_on=row.signed,
            starts_on=row.signed,
            ends_on=row.ends,
            agency=self.agency(row.provider),
            locality=line.locality,
            shares=[(line, self.sources[source], million(row.amount))],
            by=self.staff,
        )

    def trouble(self, row: Trouble):
        project = self.projects[row.code]
        self.keep(
            Difficulty(
                project=project,
                line=project.lines.last() if project.lines.count() == 1 else None,
                cause=row.cause,
                description=row.text,
                request=row.request,
                raised_on=row.raised,
                due_on=row.due,
                outcome=row.outcome,
                closed_on=row.closed,
                reported_by=self.reporter,
            )
        )
