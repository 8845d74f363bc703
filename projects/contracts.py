"""Money of contracts: which entry belongs to which contract, and where a contract stands on a day."""

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from projects.models import Acceptance, Contract, ContractLine, LedgerEntry, ProjectLine, Step
from projects.stages import with_presence

VALUE_STEPS = (Step.CONTRACTED, Step.FUNDER_CONTRACTED)
FUNDER_STEPS = (Step.FUNDER_CONTRACTED, Step.FUNDER_SETTLED)


def with_owner(entries, day):
    """Annotate ``owner``: the contract an entry belongs to; None for a line without contract.

    That of its paper; for what rests on another paper (a stop, a move, an acceptance) the latest one of its line.
    What lies between Cục and Centre belongs to the national contract.
    """
    latest = ContractLine.objects.filter(line=OuterRef("line"), on__lte=day).order_by("-on", "-pk")
    of_line = latest.exclude(contract__kind=Contract.Kind.NATIONAL).values("contract")[:1]
    national = latest.filter(contract__kind=Contract.Kind.NATIONAL).values("contract")[:1]
    return entries.annotate(
        owner=Coalesce(
            F("contract"),
            F("annex__contract"),
            F("payment__contract"),
            Case(
                When(step__in=FUNDER_STEPS, then=Subquery(national)),
                default=Subquery(of_line),
            ),
            output_field=BigIntegerField(),
        )
    )


def step_sums_by_contract(entries, day):
    """{contract pk: {step: VND}}, None where the amount of none is known; owners as by ``with_owner``. Two queries.

    Not by ``with_owner``: a subquery for each of a year's entries took PostgreSQL a second, unanalysed five.
    """
    own = Coalesce(F("contract"), F("annex__contract"), F("payment__contract"))
    loose = Case(When(contract=None, annex__contract=None, payment__contract=None, then=F("line")))
    rows = entries.order_by().annotate(own=own, loose=loose).values_list("own", "loose", "step")
    rows = list(rows.annotate(vnd=Sum("amount_vnd")))
    latest = _latest_contracts({line for _, line, _, _ in rows if line}, day)
    grouped = {}
    for contract, line, step, vnd in rows:
        owner = contract or latest.get((line, step in FUNDER_STEPS))
        sums = grouped.setdefault(owner, {})
        known = [each for each in (sums.get(step), vnd) if each is not None]
        sums[step] = sum(known) if known else None
    return grouped


def _latest_contracts(lines, day):
    """{(line id, whether with the funder): contract id} of the last contract of each line up to the day."""
    joins = ContractLine.objects.filter(line__in=lines, on__lte=day).order_by("on", "pk")
    columns = ("line_id", "contract__kind", "contract_id")
    return {(line, kind == Contract.Kind.NATIONAL): contract for line, kind, contract in joins.values_list(*columns)}


def with_progress(contracts, day):
    """Annotate ``end_on``, ``is_accepted`` (an active line passed), ``is_open`` (an active line is not accepted yet).

    ``open_line`` is the id of the first line that waits for acceptance, None where none does.

    A support or task contract past its end and still open is overdue (``stages``).
    """
    under = ContractLine.objects.filter(contract=OuterRef("pk"), on__lte=day)
    active = with_presence(ProjectLine.objects.filter(pk=OuterRef("line")), day).filter(is_active=True)
    passed = Acceptance.objects.passed(day).filter(line=OuterRef("line"))
    return contracts.with_end(day).annotate(
        is_open=Exists(under.filter(Exists(active), ~Exists(passed))),
        open_line=Subquery(under.filter(Exists(active), ~Exists(passed)).order_by("on", "pk").values("line")[:1]),
        is_accepted=Exists(under.filter(Exists(active), Exists(passed))),
    )


def overdue(contracts, day):
    """Those of ``with_progress`` whose end is past while a line under them waits for acceptance."""
    return contracts.exclude(kind=Contract.Kind.NATIONAL).filter(end_on__lt=day, is_open=True)


def ending(contracts, day, until):
    """Those of ``with_progress`` that end from the day to ``until`` and are not accepted yet."""
    return contracts.filter(end_on__gte=day, end_on__lte=until, is_open=True)


def entries_of(contract, day):
    """Every entry of one contract up to the day, with ``owner``."""
    lines = ContractLine.objects.filter(contract=contract).values("line")
    mine = Q(contract=contract) | Q(annex__contract=contract) | Q(payment__contract=contract) | Q(line__in=lines)
    return with_owner(LedgerEntry.objects.until(day).filter(mine), day).filter(owner=contract.pk)
