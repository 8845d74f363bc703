"""Rows for tests: each call makes a valid one, and a test names only what it is about.

Days are dates or ISO text ("2019-03-01"), amounts whole đồng (``MILLION``), sources codes ("KCQG") or rows.
What moves money goes through the services, so that a test's facts are facts the office could have entered.
"""

from datetime import date, datetime
from itertools import count

from django.utils import timezone

from accounts.models import Role, User
from funding.models import Activity, Agency, Decision, FundingSource, Period, PlanLine, Programme
from places.models import Level, Locality
from projects import services
from projects.models import (
    Acceptance,
    Beneficiary,
    Contract,
    LedgerEntry,
    Project,
    ProjectDecision,
    ProjectLine,
    Step,
)

MILLION = 1_000_000
YEAR = 2019
PLANNED_ON = date(2019, 1, 10)
APPROVED_ON = date(2019, 3, 1)
SIGNED_ON = date(2019, 3, 15)
ADVANCED_ON = date(2019, 4, 15)
STOPPED_ON = date(2019, 7, 1)
ACCEPTED_ON = date(2019, 10, 15)
PAID_ON = date(2019, 11, 1)
SETTLED_ON = date(2019, 12, 10)

_numbers = count(1)
_ANY = object()


def day(value):
    """A date, from a date or from ISO text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


# --- reference data and people ---


def source(code="KCQG"):
    return code if isinstance(code, FundingSource) else FundingSource.objects.get(code=code)


def activity(code="HD10"):
    return Activity.objects.get(code=code)


def make_user(role=Role.STAFF, *, localities=(), username=None, **fields):
    user = User.objects.create_user(username or f"nguoi{next(_numbers)}", role=role, **fields)
    user.localities.set(localities)
    return user


def make_locality(name=None, *, level=Level.DISTRICT, kind="huyện", **fields):
    return Locality.objects.create(name=name or f"Thử {next(_numbers)}", level=level, kind=kind, **fields)


def make_agency(name=None, **fields):
    return Agency.objects.create(name=name or f"Cơ quan {next(_numbers)}", **fields)


# --- decisions, plans, periods ---


def make_decision(on=APPROVED_ON, *, number=None, **fields):
    number = f"{next(_numbers)}/QĐ-THỬ" if number is None else number
    return Decision.objects.create(number=number, decided_on=day(on), **fields)


def make_plan(
    year=YEAR, code="KCQG", amount_vnd=1000 * MILLION, *, on=PLANNED_ON, kind=PlanLine.Kind.ASSIGNED, **fields
):
    """A plan line under a decision of its own, through the service."""
    decision = fields.pop("decision", None) or make_decision(on)
    return services.record_plan(
        decision=decision, year=year, source=source(code), kind=kind, amount_vnd=amount_vnd, **fields
    )


def make_programme(name=None, *, measure="projects", amount=20, **fields):
    """A programme of 2016–2020 with one target."""
    programme = Programme.objects.create(
        **{"name": name or f"Chương trình thử {next(_numbers)}", "starts_year": 2016, "ends_year": 2020, **fields}
    )
    programme.targets.create(measure=measure, amount=amount)
    return programme


def close_period(starts_on="2019-05-01", ends_on="2019-05-31", *, by=None):
    return Period.objects.create(
        starts_on=day(starts_on),
        ends_on=day(ends_on),
        closed_at=timezone.make_aware(datetime(2019, 6, 3, 8)),
        closed_by=by or make_user(Role.MANAGER),
    )


# --- đề án ---


def make_beneficiary(name=None, *, kind=Beneficiary.Kind.COMPANY, **fields):
    return Beneficiary.objects.create(name=name or f"Cơ sở thử {next(_numbers)}", kind=kind, **fields)


def make_project(kind=Project.Kind.SINGLE, *, code=None, name=None, **fields):
    number = next(_numbers)
    return Project.objects.create(
        code=code or f"ĐA-{number:04d}", name=name or f"Đề án thử {number}", kind=kind, **fields
    )


def make_line(project=None, *, beneficiary=_ANY, plan_year=YEAR, joined_on=APPROVED_ON, **fields):
    """A line of ``project`` (a SINGLE of its own if None), with a beneficiary of its own but on a TASK."""
    project = project or make_project()
    if beneficiary is _ANY:
        beneficiary = None if project.is_task else make_beneficiary()
    fields.setdefault("activity", activity())
    return ProjectLine.objects.create(
        project=project, plan_year=plan_year, beneficiary=beneficiary, joined_on=day(joined_on), **fields
    )


def decide(project, kind=ProjectDecision.Kind.APPROVED, *, on=APPROVED_ON, line=None, **fields):
    """A dated step of the đề án, under a paper of its own."""
    fields.setdefault("number", f"{next(_numbers)}/QĐ-THỬ")
    return services.record_step(project=project, line=line, kind=kind, on=day(on), **fields)


# --- money: each returns what its service returns ---


def ask(line, amount_vnd, *, code="KCQG", on="2018-06-01", **fields):
    decision = decide(
        line.project, ProjectDecision.Kind.REGISTERED, on=on, reason=fields.get("reason", ""), by=fields.get("by")
    )
    return services.request_support(line=line, source=source(code), amount_vnd=amount_vnd, decision=decision, **fields)


def approve(line, amount_vnd, *, code="KCQG", on=APPROVED_ON, decision=None, **fields):
    decision = decision or decide(line.project, on=on, reason=fields.get("reason", ""), by=fields.get("by"))
    return services.approve_support(line=line, source=source(code), amount_vnd=amount_vnd, decision=decision, **fields)


def sign(line, amount_vnd, *, code="KCQG", on=SIGNED_ON, number=None, kind=None, **fields):
    """A contract of the line alone: support where it has a beneficiary, of kind other where not."""
    if kind is None:
        kind = Contract.Kind.SUPPORT if line.beneficiary_id else Contract.Kind.OTHER
    fields.setdefault("beneficiary", line.beneficiary)
    return services.sign_contract(
        kind=kind,
        signed_on=day(on),
        number=f"{next(_numbers)}/HĐ-THỬ" if number is None else number,
        shares=[(line, source(code), amount_vnd)],
        **fields,
    )


def annex(contract, line, amount_vnd, *, code="KCQG", on="2019-05-01", **fields):
    """An annex that changes what is signed by ``amount_vnd``; None changes no amount."""
    changes = [] if amount_vnd is None else [(line, source(code), amount_vnd)]
    return services.sign_annex(contract=contract, signed_on=day(on), changes=changes, **fields)


def advance(line, amount_vnd, *, code="KCQG", on=ADVANCED_ON, **fields):
    return services.pay(
        line=line, source=source(code), amount_vnd=amount_vnd, paid_on=day(on), step=Step.ADVANCED, **fields
    )


def pay(line, amount_vnd, *, code="KCQG", on=PAID_ON, **fields):
    return services.pay(line=line, source=source(code), amount_vnd=amount_vnd, paid_on=day(on), **fields)


def recover(line, amount_vnd, *, code="KCQG", on=PAID_ON, **fields):
    return services.recover(line=line, source=source(code), amount_vnd=amount_vnd, on=day(on), **fields)


def accept(line, amount_vnd=None, *, code="KCQG", on=ACCEPTED_ON, result=Acceptance.Result.PASSED, **fields):
    return services.accept(line=line, accepted_on=day(on), amounts={source(code): amount_vnd}, result=result, **fields)


def settle(line, amount_vnd, *, code="KCQG", on=SETTLED_ON, **fields):
    return services.settle(line=line, settled_on=day(on), amounts={source(code): amount_vnd}, **fields)


def receive(amount_vnd, *, code="KCQG", on=SIGNED_ON, year=YEAR, **fields):
    """Money that the funder gave the Centre."""
    return services.record_receipt(source=source(code), year=year, on=day(on), amount_vnd=amount_vnd, **fields)


def give_back(amount_vnd, *, code="KCQG", on=SETTLED_ON, year=YEAR, **fields):
    """Money that the Centre returned to the budget."""
    return services.record_return(source=source(code), year=year, on=day(on), amount_vnd=amount_vnd, **fields)


def sign_national(*lines, amount_vnd=300 * MILLION, code="KCQG", on=SIGNED_ON, number=None, **fields):
    """A contract of the Cục with the Centre over ``lines``, each with ``amount_vnd``."""
    return services.sign_contract(
        kind=Contract.Kind.NATIONAL,
        signed_on=day(on),
        number=f"{next(_numbers)}/HĐ-CỤC-THỬ" if number is None else number,
        shares=[(line, source(code), amount_vnd) for line in lines],
        **fields,
    )


def stop(project, *, line=None, on=STOPPED_ON, reason="Cơ sở không đủ vốn đối ứng", **fields):
    return services.stop(project=project, line=line, on=day(on), reason=reason, **fields)


def resume(project, *, line=None, on="2019-08-01", reason="Cơ sở đã thu xếp được vốn", **fields):
    return services.resume(project=project, line=line, on=day(on), reason=reason, **fields)


def make_approved_line(amount_vnd=300 * MILLION, *, code="KCQG", on=APPROVED_ON, **fields):
    line = make_line(joined_on=on, **fields)
    approve(line, amount_vnd, code=code, on=on)
    return line


def make_signed_line(amount_vnd=300 * MILLION, *, code="KCQG", on=SIGNED_ON, **fields):
    line = make_approved_line(amount_vnd, code=code, **fields)
    sign(line, amount_vnd, code=code, on=on)
    return line


# --- what the ledger says ---


def sums(line, *, code="KCQG", on="9999-12-31"):
    """(approved, contracted, net paid) of the line and source up to the day, recounted in plain Python (VND)."""
    found = dict.fromkeys(Step, 0)
    for entry in LedgerEntry.objects.filter(line=line, source=source(code)):
        if entry.on <= day(on):
            found[Step(entry.step)] += entry.amount_vnd or 0
    net_paid = found[Step.ADVANCED] + found[Step.PAID] - found[Step.RECOVERED]
    return found[Step.APPROVED], found[Step.CONTRACTED], net_paid
