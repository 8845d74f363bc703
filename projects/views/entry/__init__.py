"""Pages on which facts are entered, corrected and decided."""

from projects.views.entry.beneficiaries import BeneficiaryEdit, BeneficiaryNew, beneficiary_search
from projects.views.entry.contract_papers import (
    AnnexEdit,
    AnnexNew,
    AnnexWithdraw,
    ContractEdit,
    ContractLiquidate,
    ContractWithdraw,
)
from projects.views.entry.contracts import ContractNew, contract_proposal, line_search
from projects.views.entry.mending import (
    AcceptanceEdit,
    AcceptanceWithdraw,
    PaymentEdit,
    PaymentWithdraw,
    SettlementEdit,
    SettlementWithdraw,
)
from projects.views.entry.outcomes import AcceptanceNew, SettlementNew
from projects.views.entry.payments import PaymentNew, RecoveryNew
from projects.views.entry.plan import PlanDecisionEdit, PlanDecisionNew, PlanLineEdit, PlanLineRemove
from projects.views.entry.progress import (
    DifficultyClose,
    DifficultyEdit,
    DifficultyNew,
    MilestoneDone,
    MilestoneEdit,
    MilestoneNew,
    MilestonePostpone,
    VisitNew,
)
from projects.views.entry.projects import ProjectEdit, ProjectNew

__all__ = [
    "AcceptanceEdit",
    "AcceptanceNew",
    "AcceptanceWithdraw",
    "BeneficiaryEdit",
    "BeneficiaryNew",
    "ContractNew",
    "DifficultyClose",
    "DifficultyEdit",
    "DifficultyNew",
    "MilestoneDone",
    "MilestoneEdit",
    "MilestoneNew",
    "MilestonePostpone",
    "PaymentEdit",
    "PaymentNew",
    "PaymentWithdraw",
    "PlanDecisionEdit",
    "PlanDecisionNew",
    "PlanLineEdit",
    "AnnexEdit",
    "AnnexNew",
    "AnnexWithdraw",
    "PlanLineRemove",
    "ProjectEdit",
    "ContractEdit",
    "ContractLiquidate",
    "ProjectNew",
    "ContractWithdraw",
    "RecoveryNew",
    "SettlementEdit",
    "SettlementNew",
    "SettlementWithdraw",
    "VisitNew",
    "beneficiary_search",
    "contract_proposal",
    "line_search",
]
