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
from projects.views.entry.counter_rows import CorrectionNew
from projects.views.entry.deciding import DecisionNew
from projects.views.entry.decision_papers import DecisionEdit, DecisionWithdraw
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
    DifficultyWithdraw,
    MilestoneDone,
    MilestoneEdit,
    MilestoneNew,
    MilestonePostpone,
    MilestoneWithdraw,
    VisitEdit,
    VisitNew,
    VisitWithdraw,
)
from projects.views.entry.projects import ProjectEdit, ProjectNew, code_proposal
from projects.views.entry.proposals import (
    ProposalAccept,
    ProposalBeneficiaryNew,
    ProposalEdit,
    ProposalNew,
    ProposalReject,
    ProposalReturn,
    ProposalWithdraw,
    proposal_detail,
    proposal_list,
    proposal_place_search,
)

__all__ = [
    "AcceptanceEdit",
    "AcceptanceNew",
    "AcceptanceWithdraw",
    "AnnexEdit",
    "AnnexNew",
    "AnnexWithdraw",
    "BeneficiaryEdit",
    "BeneficiaryNew",
    "ContractEdit",
    "ContractLiquidate",
    "ContractNew",
    "ContractWithdraw",
    "CorrectionNew",
    "DecisionEdit",
    "DecisionNew",
    "DecisionWithdraw",
    "DifficultyClose",
    "DifficultyEdit",
    "DifficultyNew",
    "DifficultyWithdraw",
    "MilestoneDone",
    "MilestoneEdit",
    "MilestoneNew",
    "MilestonePostpone",
    "MilestoneWithdraw",
    "PaymentEdit",
    "PaymentNew",
    "PaymentWithdraw",
    "PlanDecisionEdit",
    "PlanDecisionNew",
    "PlanLineEdit",
    "PlanLineRemove",
    "ProjectEdit",
    "ProjectNew",
    "ProposalAccept",
    "ProposalBeneficiaryNew",
    "ProposalEdit",
    "ProposalNew",
    "ProposalReject",
    "ProposalReturn",
    "ProposalWithdraw",
    "RecoveryNew",
    "SettlementEdit",
    "SettlementNew",
    "SettlementWithdraw",
    "VisitEdit",
    "VisitNew",
    "VisitWithdraw",
    "beneficiary_search",
    "code_proposal",
    "contract_proposal",
    "line_search",
    "proposal_detail",
    "proposal_list",
    "proposal_place_search",
]
