"""Contracts between Cục and Centre: which money belongs to which, and by when they are to be settled and liquidated."""

from django.db.models import BigIntegerField, Case, Exists, OuterRef, Subquery, When
from django.db.models.functions import Coalesce

from funding.models import FundingSource
from projects.models import Contract, ContractLine, LedgerEntry, Step

OUTSIDE = 0
"""Stands for the money of a source that is under no contract with the Cục."""


def sources_of(contract):
    """The sources that a national contract was signed for."""
    return FundingSource.objects.filter(entries__contract=contract, entries__step=Step.FUNDER_CONTRACTED).distinct()


def with_national(entries):
    """Annotate ``national``: the contract with the Cục an entry belongs to, ``OUTSIDE`` for none.

    What was signed with the Cục belongs to its contract; anything else to the last one that its line was under on the
    entry's own day and that was signed for its source. So no later contract moves what was paid before it.
    """
    # Exists, not a join: a contract of 300 lines has 300 such entries, and each would be looked at for each outer one.
    signed_for = LedgerEntry.objects.filter(
        contract=OuterRef("contract"), step=Step.FUNDER_CONTRACTED, source=OuterRef(OuterRef("source"))
    )
    under = ContractLine.objects.filter(
        Exists(signed_for), line=OuterRef("line"), on__lte=OuterRef("on"), contract__kind=Contract.Kind.NATIONAL
    ).order_by("-on", "-contract")
    own = Case(
        When(step=Step.FUNDER_CONTRACTED, then=Coalesce("contract", "annex__contract")), output_field=BigIntegerField()
    )
    return entries.annotate(
        national=Coalesce(own, Subquery(under.values("contract")[:1]), OUTSIDE, output_field=BigIntegerField())
    )
