"""Pages of đề án and their facts: a view finds (through ``visible_to``), asks, answers."""

from projects.views.beneficiaries import beneficiary_detail, beneficiary_list
from projects.views.contracts import contract_detail, contract_list
from projects.views.milestones import milestone_list
from projects.views.payments import payment_list
from projects.views.project_detail import project_detail, project_for
from projects.views.project_list import project_list, project_table
from projects.views.waiting import waiting_list

__all__ = [
    "beneficiary_detail",
    "beneficiary_list",
    "contract_detail",
    "contract_list",
    "milestone_list",
    "payment_list",
    "project_detail",
    "project_for",
    "project_list",
    "project_table",
    "waiting_list",
]
