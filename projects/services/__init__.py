"""Every write whose rule looks past one row: lock, check, write, log. No request, no message, no HTML."""

from projects.services.amendments import correct_line, correct_project
from projects.services.approvals import approve_support, record_step, request_support
from projects.services.changes import (
    change_content,
    change_source,
    move_to_year,
    name_beneficiary,
    replace_beneficiary,
    resume,
    stop,
)
from projects.services.contracts import liquidate_contract, sign_annex, sign_contract
from projects.services.core import keep
from projects.services.corrections import correct_paper
from projects.services.exceptions import keep_exceptions
from projects.services.funder import change_funder_money, record_receipt, record_return, remove_funder_money
from projects.services.instalments import put_off_instalment, remove_instalment, set_instalments
from projects.services.norms import apply_norms
from projects.services.outcomes import accept, complete_milestone, postpone_milestone, set_milestone, settle
from projects.services.papers import amounts_of
from projects.services.payments import correct, pay, recover
from projects.services.plans import change_decision, change_plan, record_plan, remove_plan
from projects.services.progress import close_difficulty, mend_milestone, record_difficulty, record_visit
from projects.services.registering import LineDraft, LineMended, add_line, create_project, first_papers, mend_project
from projects.services.whole_paper import Does, Effect, PartRefused, PlanRow, enter_paper
from projects.services.withdrawals import (
    remove_line,
    remove_project,
    withdraw_difficulty,
    withdraw_milestone,
    withdraw_paper,
    withdraw_visit,
)

__all__ = [
    "Does",
    "Effect",
    "LineDraft",
    "LineMended",
    "PartRefused",
    "PlanRow",
    "accept",
    "add_line",
    "amounts_of",
    "apply_norms",
    "approve_support",
    "change_decision",
    "change_funder_money",
    "change_plan",
    "change_content",
    "change_source",
    "close_difficulty",
    "complete_milestone",
    "correct",
    "correct_line",
    "correct_paper",
    "correct_project",
    "create_project",
    "enter_paper",
    "first_papers",
    "keep",
    "keep_exceptions",
    "liquidate_contract",
    "mend_milestone",
    "mend_project",
    "move_to_year",
    "name_beneficiary",
    "pay",
    "postpone_milestone",
    "put_off_instalment",
    "record_difficulty",
    "record_plan",
    "record_receipt",
    "record_return",
    "record_step",
    "record_visit",
    "recover",
    "remove_funder_money",
    "remove_instalment",
    "remove_line",
    "remove_plan",
    "remove_project",
    "replace_beneficiary",
    "request_support",
    "resume",
    "set_instalments",
    "set_milestone",
    "settle",
    "sign_annex",
    "sign_contract",
    "stop",
    "withdraw_difficulty",
    "withdraw_milestone",
    "withdraw_paper",
    "withdraw_visit",
]
