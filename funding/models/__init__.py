"""What may be spent before money reaches a line: sources, agencies, activities, norms, decisions and their plans."""

from funding.models.activities import Activity, DatedQuerySet
from funding.models.agencies import Agency, AgencyFormerName
from funding.models.norms import SupportNorm
from funding.models.periods import Period
from funding.models.plans import Decision, PlanLine
from funding.models.programmes import Programme, ProgrammeTarget
from funding.models.rules import AdvanceRule, Authority, Change, ChangeRule
from funding.models.sources import FundingSource, Level

__all__ = [
    "Activity",
    "AdvanceRule",
    "Agency",
    "AgencyFormerName",
    "Authority",
    "Change",
    "ChangeRule",
    "DatedQuerySet",
    "Decision",
    "FundingSource",
    "Level",
    "Period",
    "PlanLine",
    "Programme",
    "ProgrammeTarget",
    "SupportNorm",
]
