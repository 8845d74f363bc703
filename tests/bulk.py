"""Many đề án at once, for pages and reports to be measured on: written in bulk, past the services and their checks."""

from datetime import date, timedelta

from projects.models import (
    Acceptance,
    Beneficiary,
    Contract,
    ContractLine,
    Difficulty,
    LedgerEntry,
    Milestone,
    MilestoneDue,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    Step,
)
from tests import factories as make

AMOUNT = 100 * make.MILLION


def keyed(rows):
    for row in rows:
        row.set_keys()
    return rows


def make_year(number, *, year=make.YEAR, code="KCQG", first=0):
    """``number`` SINGLE đề án of the year, each approved, signed, advanced; every other accepted, every third late.

    ``first`` is the number of the first, for a second call.
    """
    source, places = make.source(code), [make.make_locality() for _ in range(min(number, 40))]
    make.make_plan(year=year, code=code, amount_vnd=number * AMOUNT)
    people = Beneficiary.objects.bulk_create(
        keyed([Beneficiary(name=f"Cơ sở {n}") for n in range(first, first + number)])
    )
    projects = Project.objects.bulk_create(
        keyed(
            [
                Project(code=f"{code}-{year}-{n:04d}", name=f"Đề án {n}", kind="single")
                for n in range(first, first + number)
            ]
        )
    )
    lines = ProjectLine.objects.bulk_create(
        [
            ProjectLine(
                project=project,
                plan_year=year,
                beneficiary=people[n],
                activity=make.activity(),
                locality=places[n % len(places)],
                joined_on=date(year, 1, 15),
            )
            for n, project in enumerate(projects)
        ]
    )
    _papers(lines, source, year)
    _progress(lines, year)


def _papers(lines, source, year):
    decisions = ProjectDecision.objects.bulk_create(
        [
            ProjectDecision(project=line.project, kind="approved", number=f"{n}/QĐ", on=date(year, 1, 15))
            for n, line in enumerate(lines)
        ]
    )
    contracts = Contract.objects.bulk_create(
        keyed(
            [
                Contract(
                    kind="support",
                    number=f"{line.project.code}/HĐ",
                    signed_on=date(year, 2, 1) + timedelta(days=n % 200),
                    ends_on=date(year, 11, 30),
                    beneficiary=line.beneficiary,
                )
                for n, line in enumerate(lines)
            ]
        )
    )
    ContractLine.objects.bulk_create(
        [ContractLine(contract=c, line=line, on=c.signed_on) for c, line in zip(contracts, lines, strict=True)]
    )
    payments = Payment.objects.bulk_create(
        keyed([Payment(contract=c, paid_on=c.signed_on + timedelta(days=30), voucher=f"C{c.pk}") for c in contracts])
    )
    accepted = lines[::2]
    acceptances = Acceptance.objects.bulk_create(
        [Acceptance(line=line, accepted_on=date(year, 10, 1), result="passed") for line in accepted]
    )

    def entries(step, papers, of, name, amount):
        return [
            LedgerEntry(line=line, source=source, step=step, amount_vnd=amount, on=_day(paper), **{name: paper})
            for paper, line in zip(papers, of, strict=True)
        ]

    LedgerEntry.objects.bulk_create(
        entries(Step.APPROVED, decisions, lines, "decision", AMOUNT)
        + entries(Step.CONTRACTED, contracts, lines, "contract", AMOUNT)
        + entries(Step.ADVANCED, payments, lines, "payment", AMOUNT // 2)
        + entries(Step.ACCEPTED, acceptances, accepted, "acceptance", AMOUNT)
    )


def _day(paper):
    return next(getattr(paper, name) for name in ("on", "signed_on", "paid_on", "accepted_on") if hasattr(paper, name))


def _progress(lines, year):
    milestones = Milestone.objects.bulk_create(
        [Milestone(project=line.project, line=line, name="Lắp đặt máy") for line in lines[::3]]
    )
    MilestoneDue.objects.bulk_create(
        [MilestoneDue(milestone=each, due_on=date(year, 8, 1), set_on=date(year, 2, 1)) for each in milestones]
    )
    Difficulty.objects.bulk_create(
        [
            Difficulty(project=line.project, line=line, description="Máy giao chậm", raised_on=date(year, 7, 1))
            for line in lines[::5]
        ]
    )
