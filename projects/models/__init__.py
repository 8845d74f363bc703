"""Every fact about a đề án; files point one way, as in tests/test_architecture.py: party <- project <- … <- ledger."""

from projects.models.applied import AppliedNorm
from projects.models.decision import ProjectDecision
from projects.models.demo import DemoMark
from projects.models.exception import Rule, RuleException
from projects.models.funder import BudgetReturn, Instalment, Receipt
from projects.models.ledger import PAPERS, SIGNED_STEPS, LedgerEntry, Step
from projects.models.papers import (
    Acceptance,
    Contract,
    ContractAnnex,
    ContractLine,
    Correction,
    Payment,
    Settlement,
)
from projects.models.party import Beneficiary, BeneficiaryFormerName
from projects.models.progress import Difficulty, Milestone, MilestoneDue, SiteVisit
from projects.models.project import Equipment, Project, ProjectLine

__all__ = [
    "PAPERS",
    "SIGNED_STEPS",
    "Acceptance",
    "AppliedNorm",
    "Beneficiary",
    "BeneficiaryFormerName",
    "BudgetReturn",
    "Contract",
    "ContractAnnex",
    "ContractLine",
    "Correction",
    "DemoMark",
    "Difficulty",
    "Equipment",
    "Instalment",
    "LedgerEntry",
    "Milestone",
    "MilestoneDue",
    "Payment",
    "Project",
    "ProjectDecision",
    "ProjectLine",
    "Receipt",
    "Rule",
    "RuleException",
    "Settlement",
    "SiteVisit",
    "Step",
]
