"""Pages of đề án and their facts: a view finds (through ``visible_to``), asks, answers."""

from projects.views.beneficiaries import beneficiary_detail, beneficiary_list, beneficiary_list_xlsx
from projects.views.contracts import contract_detail, contract_list, contract_list_xlsx
from projects.views.milestones import milestone_list, milestone_list_xlsx
from projects.views.payable import payable_list, payable_list_xlsx
from projects.views.payments import payment_list, payment_list_xlsx
from projects.views.project_detail import project_detail, project_for
from projects.views.project_list import project_list, project_list_xlsx, project_table, project_table_xlsx
from projects.views.waiting import waiting_list, waiting_list_xlsx

__all__ = [
    "beneficiary_detail",
    "beneficiary_list",
    "beneficiary_list_xlsx",
    "contract_detail",
    "contract_list",
    "contract_list_xlsx",
    "milestone_list",
    "milestone_list_xlsx",
    "payable_list",
    "payable_list_xlsx",
    "payment_list",
    "payment_list_xlsx",
    "project_detail",
    "project_for",
    "project_list",
    "project_list_xlsx",
    "project_table",
    "project_table_xlsx",
    "waiting_list",
    "waiting_list_xlsx",
]
