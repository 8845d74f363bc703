"""What an establishment or agency was called on a day, as SQL: for rows read as plain values, without a query more."""

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from funding.models import AgencyFormerName
from projects.models import BeneficiaryFormerName


def beneficiary_name(path, day):
    """Expression: the name on ``day`` of the beneficiary at ``path``; None where there is none."""
    return _name(BeneficiaryFormerName.objects.filter(beneficiary=OuterRef(path)), path, day)


def agency_name(path, day):
    return _name(AgencyFormerName.objects.filter(agency=OuterRef(path)), path, day)


def _name(former, path, day):
    """The former name whose last day is nearest after ``day``, else today's: as ``name_on`` of the models."""
    former = former.filter(used_until__gte=day).order_by("used_until").values("name")[:1]
    return Coalesce(Subquery(former), F(f"{path}__name"))


def with_partner(contracts, day):
    """Annotate ``partner``: whom the Centre signed with, by the name of the day; "" where it was not recorded."""
    return contracts.annotate(
        partner=Coalesce(beneficiary_name("beneficiary", day), agency_name("agency", day), Value(""))
    )
