"""Rows of one plan year, made in bulk: as many đề án as asked, each with one line, its papers and its money."""

from datetime import date, timedelta
from random import Random

from django.db import connection, transaction

from funding.models import Activity, Agency, Decision, FundingSource, PlanLine
from places.models import Level, Locality
from projects.models import (
    Acceptance,
    Beneficiary,
    Contract,
    ContractLine,
    LedgerEntry,
    Milestone,
    MilestoneDue,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    Step,
)

MILLION = 1_000_000
NAME = "Hỗ trợ ứng dụng máy móc tiên tiến số {} trong chế biến chè và gỗ rừng trồng"


def fill_year(year: int, n: int):
    """``n`` đề án of ``year``: approved and signed in March, half paid, three in five accepted, milestones due."""
    chance = Random(year)
    with transaction.atomic():
        decision = _decide(year, n)
        lines = _lines(year, n, chance)
        approvals = _create(
            ProjectDecision,
            [
                {
                    "project": line.project,
                    "kind": ProjectDecision.Kind.APPROVED,
                    "decision": decision,
                    "on": line.joined_on,
                }
                for line in lines
            ],
        )
        contracts = _contracts(year, lines)
        payments = _create(
            Payment,
            [
                {"contract": contract, "paid_on": date(year, 5, 2), "voucher": f"UNC-{at}"}
                for at, contract in enumerate(contracts)
            ],
        )
        passed = [line for line in lines if chance.random() < 0.6]
        acceptances = _create(Acceptance, [{"line": line, "accepted_on": date(year, 9, 1)} for line in passed])
        _milestones(year, lines)
        _write_ledger(lines, approvals, contracts, payments, acceptances, chance)
    if connection.vendor == "postgresql":
        # As its autovacuum does within a minute of a bulk write; until then plans guess, and are many times slower.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _decide(year, n):
    agency = Agency.objects.create(name=f"Cơ quan phê duyệt năm {year}")
    decision = Decision.objects.create(number=f"1/QĐ-{year}", decided_on=date(year, 3, 1), agency=agency)
    for code in ("KCQG", "KCDP"):
        source = FundingSource.objects.get(code=code)
        PlanLine.objects.create(
            decision=decision, year=year, source=source, kind=PlanLine.Kind.ASSIGNED, amount_vnd=300 * MILLION * n
        )
    return decision


def _lines(year, n, chance):
    places = list(Locality.objects.filter(level=Level.DISTRICT))
    activities = list(Activity.objects.filter(is_leaf=True))
    establishments = _create(
        Beneficiary,
        [
            {"name": f"Công ty TNHH số {at} năm {year}", "kind": "company", "locality": chance.choice(places)}
            for at in range(n)
        ],
    )
    projects = _create(
        Project,
        [{"code": f"{year}-{at:05d}", "name": NAME.format(at), "kind": Project.Kind.SINGLE} for at in range(n)],
    )
    return _create(
        ProjectLine,
        [
            {
                "project": project,
                "plan_year": year,
                "activity": chance.choice(activities),
                "locality": establishment.locality,
                "beneficiary": establishment,
                "joined_on": date(year, 3, 1),
            }
            for project, establishment in zip(projects, establishments, strict=True)
        ],
    )


def _contracts(year, lines):
    signed_on = date(year, 3, 15)
    contracts = _create(
        Contract,
        [
            {
                "kind": Contract.Kind.SUPPORT,
                "number": f"{at:05d}/HĐ-{year}",
                "signed_on": signed_on,
                "starts_on": signed_on,
                "ends_on": date(year, 6, 30) + timedelta(days=at % 150),
                "beneficiary": line.beneficiary,
            }
            for at, line in enumerate(lines)
        ],
    )
    pairs = zip(contracts, lines, strict=True)
    _create(ContractLine, [{"contract": contract, "line": line, "on": signed_on} for contract, line in pairs])
    return contracts


def _milestones(year, lines):
    milestones = _create(Milestone, [{"project": line.project, "line": line, "name": "Lắp đặt máy"} for line in lines])
    due_on, set_on = date(year, 8, 1), date(year, 3, 20)
    _create(MilestoneDue, [{"milestone": each, "due_on": due_on, "set_on": set_on} for each in milestones])


def _write_ledger(lines, approvals, contracts, payments, acceptances, chance):
    sources = {source.code: source for source in FundingSource.objects.all()}
    entries, support = [], {}
    for at, (line, approval, contract, payment) in enumerate(zip(lines, approvals, contracts, payments, strict=True)):
        source, vnd = sources["KCDP" if at % 4 else "KCQG"], chance.randrange(100, 300) * MILLION
        support[line.pk] = source, vnd
        approved = {"line": line, "step": Step.APPROVED, "on": approval.on, "decision": approval}
        entries += [
            approved | {"source": source, "amount_vnd": vnd},
            approved | {"source": sources["DOIUNG"], "amount_vnd": 2 * vnd},
            {"line": line, "source": source, "step": Step.CONTRACTED, "on": contract.signed_on, "amount_vnd": vnd}
            | {"contract": contract},
            {"line": line, "source": source, "step": Step.ADVANCED, "on": payment.paid_on, "amount_vnd": vnd // 2}
            | {"payment": payment},
        ]
    for acceptance in acceptances:
        source, vnd = support[acceptance.line_id]
        entries.append(
            {"line": acceptance.line, "source": source, "step": Step.ACCEPTED, "on": acceptance.accepted_on}
            | {"amount_vnd": vnd, "acceptance": acceptance}
        )
    _create(LedgerEntry, entries)


def _create(model, rows):
    """The rows with their stored keys, which ``save()`` would set and bulk writes do not."""
    things = [model(**row) for row in rows]
    for thing in things:
        if hasattr(thing, "set_keys"):
            thing.set_keys()
    return model.objects.bulk_create(things)
