"""The one table of addresses: who gets what at each, and the facts that their ids stand for."""

from django.test import Client
from django.urls import resolve, reverse

from accounts.entry import EntryView
from accounts.models import OfficeSettings, Role
from funding.models import AdvanceRule, ChangeRule, PlanLine, SupportNorm
from projects import services
from projects.models import Difficulty, SiteVisit
from projects.services import proposals
from tests import factories as make

FRAGMENT = {"HX-Request": "true"}
EVERYBODY = dict.fromkeys(Role, 200)
WRITERS = {role: 200 if role in (Role.STAFF, Role.MANAGER) else 403 for role in Role}
PAYERS = {role: 200 if role is Role.ACCOUNTANT else 403 for role in Role}
MANAGERS = {role: 200 if role is Role.MANAGER else 403 for role in Role}
CORRECTORS = {role: 200 if role in (Role.STAFF, Role.MANAGER, Role.ACCOUNTANT) else 403 for role in Role}
PROPOSERS = {role: 200 if role in (Role.STAFF, Role.MANAGER, Role.LOCAL) else 403 for role in Role}
LOCALS = {role: 200 if role is Role.LOCAL else 403 for role in Role}
ADMINS = {role: 200 if role is Role.ADMIN else 403 for role in Role}
REDIRECTS = dict.fromkeys(Role, 302)
OPEN = {"alive", "ready", "accounts:login"}

PAGES = {
    # name: (arguments, query, expected status by role)
    "alive": ([], "", EVERYBODY),
    "ready": ([], "", EVERYBODY),
    "accounts:login": ([], "", REDIRECTS),
    # Logging out is a POST: a link that logs out could be pressed for somebody else.
    "accounts:logout": ([], "", dict.fromkeys(Role, 405)),
    "accounts:password_change": ([], "", EVERYBODY),
    "accounts:user_list": ([], "", ADMINS),
    "accounts:user_new": ([], "", ADMINS),
    "accounts:user_edit": (["user"], "", ADMINS),
    "accounts:user_password": (["user"], "", ADMINS),
    # Unlocking is a POST.
    "accounts:user_unlock": (["user"], "", {**ADMINS, Role.ADMIN: 405}),
    "accounts:office_list": ([], "", EVERYBODY),
    "accounts:office_new": ([], "", ADMINS),
    "accounts:office_edit": (["office"], "", ADMINS),
    "accounts:office_delete": (["office"], "", ADMINS),
    "funding:reference_index": ([], "", EVERYBODY),
    "funding:source_list": ([], "", EVERYBODY),
    "funding:source_new": ([], "", ADMINS),
    "funding:source_edit": (["source"], "", ADMINS),
    # Never: the software knows this one by its code.
    "funding:source_delete": (["source"], "", {**ADMINS, Role.ADMIN: 422}),
    "funding:agency_list": ([], "", EVERYBODY),
    "funding:agency_add": ([], "", ADMINS),
    "funding:agency_edit": (["agency"], "", ADMINS),
    "funding:agency_delete": (["agency"], "", ADMINS),
    "funding:activity_list": ([], "", EVERYBODY),
    "funding:activity_new": ([], "", ADMINS),
    "funding:activity_edit": (["activity"], "", ADMINS),
    "funding:activity_delete": (["activity"], "", {**ADMINS, Role.ADMIN: 422}),
    "funding:norm_list": ([], "", EVERYBODY),
    "funding:norm_new": ([], "", ADMINS),
    "funding:norm_edit": (["norm"], "", ADMINS),
    "funding:norm_delete": (["norm"], "", ADMINS),
    "funding:change_rule_list": ([], "", EVERYBODY),
    "funding:change_rule_new": ([], "", ADMINS),
    "funding:change_rule_edit": (["change_rule"], "", ADMINS),
    "funding:change_rule_delete": (["change_rule"], "", ADMINS),
    "funding:advance_rule_list": ([], "", EVERYBODY),
    "funding:advance_rule_new": ([], "", ADMINS),
    "funding:advance_rule_edit": (["advance_rule"], "", ADMINS),
    "funding:advance_rule_delete": (["advance_rule"], "", ADMINS),
    "funding:locality_list": ([], "", EVERYBODY),
    "funding:locality_new": ([], "", ADMINS),
    "funding:locality_edit": (["locality"], "", ADMINS),
    "funding:locality_delete": (["locality"], "", {**ADMINS, Role.ADMIN: 422}),
    "funding:former_name_list": ([], "", EVERYBODY),
    "funding:former_name_new": ([], "", ADMINS),
    "funding:former_name_edit": (["former_name"], "", ADMINS),
    "funding:former_name_delete": (["former_name"], "", ADMINS),
    # Staff and managers enter programmes as they enter the plan.
    "funding:programme_list": ([], "", EVERYBODY),
    "funding:programme_new": ([], "", WRITERS),
    "funding:programme_edit": (["programme"], "", WRITERS),
    "funding:programme_delete": (["programme"], "", WRITERS),
    "funding:target_list": ([], "", WRITERS),
    "funding:target_new": ([], "", WRITERS),
    "funding:target_edit": (["target"], "", WRITERS),
    "funding:target_delete": (["target"], "", WRITERS),
    "funding:succession_list": ([], "", EVERYBODY),
    "funding:succession_new": ([], "", ADMINS),
    "funding:succession_edit": (["succession"], "", ADMINS),
    "funding:succession_delete": (["succession"], "", ADMINS),
    "reports:dashboard": ([], "", EVERYBODY),
    "reports:plan_index": ([], "", EVERYBODY),
    "reports:plan_year": ([2019], "", EVERYBODY),
    "reports:programme": (["programme"], "", {**EVERYBODY, Role.LOCAL: 403}),
    "reports:plan_year_xlsx": ([2019], "", {**EVERYBODY, Role.LOCAL: 403}),
    "reports:report_index": ([], "?nam=2019", EVERYBODY),
    "reports:month_of_day": ([], "", REDIRECTS),
    "reports:monthly": (["2019-05"], "", EVERYBODY),
    # The workbook holds the whole province's plan.
    "reports:monthly_xlsx": (["2019-05"], "", {**EVERYBODY, Role.LOCAL: 403}),
    # What the funder gave and got back is the whole province's.
    "reports:balance_index": ([], "?nam=2019", {**REDIRECTS, Role.LOCAL: 403}),
    "reports:balance": ([2019], "", {**EVERYBODY, Role.LOCAL: 403}),
    "reports:balance_xlsx": ([2019], "", {**EVERYBODY, Role.LOCAL: 403}),
    "reports:balance_settlement_xlsx": ([2019], "", {**EVERYBODY, Role.LOCAL: 403}),
    "reports:balance_advances_xlsx": ([2019], "", {**EVERYBODY, Role.LOCAL: 403}),
    "reports:balance_figure": (["cuoi"], "?nam=2019", {**EVERYBODY, Role.LOCAL: 403}),
    "reports:balance_figure_xlsx": (["cuoi"], "?nam=2019", {**EVERYBODY, Role.LOCAL: 403}),
    "projects:receipt_new": ([], "", PAYERS),
    "projects:receipt_edit": (["receipt"], "", PAYERS),
    "projects:receipt_withdraw": (["receipt"], "", PAYERS),
    "projects:return_new": ([], "", PAYERS),
    "projects:return_edit": (["budget_return"], "", PAYERS),
    "projects:return_withdraw": (["budget_return"], "", PAYERS),
    "projects:project_list_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:contract_list_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:beneficiary_list_xlsx": ([], "", EVERYBODY),
    "projects:payable_list": ([], "?nam=2019", EVERYBODY),
    "projects:payable_list_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:voucher_new": ([], "?nam=2019", PAYERS),
    "projects:voucher_line_search": ([], "?q=a", PAYERS),
    "projects:payment_list_xlsx": ([], "", EVERYBODY),
    "projects:milestone_list_xlsx": ([], "", EVERYBODY),
    "reports:stage_xlsx": (["dang-thuc-hien"], "?nam=2019", EVERYBODY),
    "reports:deadlines_xlsx": ([], "?nam=2019", EVERYBODY),
    "reports:difficulties_xlsx": ([], "?nam=2019", EVERYBODY),
    "reports:places_xlsx": ([], "?nam=2019", EVERYBODY),
    "reports:exceptions_xlsx": ([], "?nam=2019", EVERYBODY),
    "reports:figure_xlsx": (["approved_vnd"], "?nam=2019", EVERYBODY),
    "reports:stage": (["dang-thuc-hien"], "?nam=2019", EVERYBODY),
    "reports:deadlines": ([], "?nam=2019", EVERYBODY),
    "reports:difficulties": ([], "?nam=2019", EVERYBODY),
    "reports:places": ([], "?nam=2019", EVERYBODY),
    "reports:exceptions": ([], "?nam=2019", EVERYBODY),
    "reports:figure": (["approved_vnd"], "?nam=2019", EVERYBODY),
    "projects:project_list": ([], "?nam=2019", EVERYBODY),
    "projects:project_detail": (["project"], "", EVERYBODY),
    "projects:project_new": ([], "", WRITERS),
    "projects:project_edit": (["project"], "", WRITERS),
    "projects:project_withdraw": (["project"], "", WRITERS),
    "projects:contract_list": ([], "?nam=2019", EVERYBODY),
    "projects:contract_detail": (["contract"], "", EVERYBODY),
    "projects:beneficiary_list": ([], "", EVERYBODY),
    "projects:beneficiary_detail": (["beneficiary"], "", EVERYBODY),
    "read_back": ([], "", EVERYBODY),
    "places:locality_search": ([], "", EVERYBODY),
    "funding:agency_search": ([], "", EVERYBODY),
    "funding:decision_search": ([], "", WRITERS),
    "funding:agency_new": ([], "", WRITERS),
    "funding:decision_new": ([], "", WRITERS),
    "projects:beneficiary_search": ([], "", EVERYBODY),
    "projects:beneficiary_new": ([], "", WRITERS),
    "projects:beneficiary_edit": (["beneficiary"], "", WRITERS),
    "projects:beneficiary_name_edit": (["establishment_name"], "", WRITERS),
    "projects:beneficiary_name_withdraw": (["establishment_name"], "", WRITERS),
    "projects:contract_new": ([], "", WRITERS),
    "projects:line_contract_new": (["line"], "", WRITERS),
    "projects:annex_new": (["contract"], "", WRITERS),
    "projects:contract_liquidate": (["contract"], "", WRITERS),
    "projects:contract_edit": (["contract"], "", WRITERS),
    "projects:contract_withdraw": (["contract"], "", WRITERS),
    "projects:annex_edit": (["annex"], "", WRITERS),
    "projects:annex_withdraw": (["annex"], "", WRITERS),
    "projects:signing_waiting": ([], "?nam=2019", EVERYBODY),
    "projects:signing_waiting_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:line_search": ([], "", WRITERS),
    "projects:paper_line_search": ([], "", WRITERS),
    "projects:contract_proposal": ([], "", WRITERS),
    "projects:code_proposal": ([], "", WRITERS),
    "projects:acceptance_new": (["line"], "", WRITERS),
    "projects:correction_new": (["line"], "", CORRECTORS),
    "projects:payment_new": (["line"], "", PAYERS),
    "projects:recovery_new": (["line"], "", PAYERS),
    "projects:settlement_new": (["line"], "", PAYERS),
    "projects:acceptance_edit": (["acceptance"], "", WRITERS),
    "projects:instalment_new": (["line"], "", PAYERS),
    "projects:instalment_put_off": (["instalment"], "", PAYERS),
    "projects:instalment_withdraw": (["instalment"], "", PAYERS),
    "projects:payment_edit": (["payment"], "", PAYERS),
    "projects:settlement_edit": (["settlement"], "", PAYERS),
    "projects:acceptance_withdraw": (["acceptance"], "", WRITERS),
    "projects:payment_withdraw": (["payment"], "", PAYERS),
    "projects:settlement_withdraw": (["settlement"], "", PAYERS),
    "projects:milestone_new": (["project"], "", WRITERS),
    "projects:milestone_done": (["milestone"], "", WRITERS),
    "projects:milestone_postpone": (["milestone"], "", WRITERS),
    "projects:milestone_edit": (["milestone"], "", WRITERS),
    "projects:difficulty_new": (["project"], "", WRITERS),
    "projects:difficulty_close": (["difficulty"], "", WRITERS),
    "projects:difficulty_edit": (["difficulty"], "", WRITERS),
    "projects:milestone_withdraw": (["milestone"], "", WRITERS),
    "projects:difficulty_withdraw": (["difficulty"], "", WRITERS),
    "projects:visit_edit": (["visit"], "", WRITERS),
    "projects:visit_withdraw": (["visit"], "", WRITERS),
    "projects:visit_new": (["project"], "", WRITERS),
    "projects:payment_waiting": ([], "?nam=2019", EVERYBODY),
    "projects:payment_waiting_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:recovery_waiting": ([], "?nam=2019", EVERYBODY),
    "projects:recovery_waiting_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:settlement_waiting": ([], "?nam=2019", EVERYBODY),
    "projects:settlement_waiting_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:acceptance_waiting": ([], "?nam=2019", EVERYBODY),
    "projects:acceptance_waiting_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:plan_decision_new": ([2019], "", WRITERS),
    "projects:plan_decision_edit": (["decision"], "", WRITERS),
    "projects:plan_line_edit": (["plan_line"], "", WRITERS),
    "projects:plan_line_remove": (["plan_line"], "", WRITERS),
    "projects:proposal_list": ([], "", EVERYBODY),
    "projects:proposal_new": ([], "", PROPOSERS),
    "projects:proposal_detail": (["proposal"], "", EVERYBODY),
    # Only whoever sent it, here the local officer.
    "projects:proposal_edit": (["proposal"], "", LOCALS),
    "projects:proposal_withdraw": (["proposal"], "", LOCALS),
    "projects:proposal_accept": (["proposal"], "", MANAGERS),
    "projects:proposal_return": (["proposal"], "", MANAGERS),
    "projects:proposal_reject": (["proposal"], "", MANAGERS),
    "projects:proposal_beneficiary_new": ([], "", PROPOSERS),
    "projects:proposal_place_search": ([], "", PROPOSERS),
    "projects:decision_new": (["project", "dang-ky"], "", WRITERS),
    "projects:decision_edit": (["step"], "", WRITERS),
    "projects:decision_withdraw": (["step"], "", WRITERS),
    "projects:payment_list": ([], "", EVERYBODY),
    "projects:milestone_list": ([], "", EVERYBODY),
}
"""The admin is for administrators by one rule of its own, tested with the log-in."""


SAVED = 302
POSTS = {
    # name: status of an empty POST where a GET answers
    "accounts:login": 302,
    "accounts:logout": 302,
    "accounts:password_change": 200,
    "accounts:user_unlock": 302,
    "accounts:user_password": 422,
    # Nothing has to be typed to confirm.
    "accounts:office_delete": SAVED,
    "funding:agency_delete": SAVED,
    "funding:norm_delete": SAVED,
    "funding:change_rule_delete": SAVED,
    "funding:advance_rule_delete": SAVED,
    "funding:former_name_delete": SAVED,
    "funding:succession_delete": SAVED,
    "funding:programme_delete": SAVED,
    "funding:target_delete": SAVED,
    "projects:proposal_withdraw": SAVED,
}
IN_A_FRAGMENT = {SAVED: 204}
"""A form opened above another, once saved, closes itself."""
OF_NO_PLACE = {
    "user",
    "office",
    "source",
    "agency",
    "activity",
    "norm",
    "change_rule",
    "advance_rule",
    "locality",
    "decision",
    "former_name",
    "succession",
    "programme",
    "target",
    "plan_line",
    "receipt",
    "budget_return",
}
"""Ids of what belongs to no place: nobody is a stranger to them."""
METHODS = ["get", "post"]
HEADERS = {"page": {}, "fragment": FRAGMENT}


WORDS = {"approved_vnd", "cuoi"}
"""Arguments that are words of the address, not ids of ``facts``."""
IDS = {
    str(each)
    for arguments, _, _ in PAGES.values()
    for each in arguments
    if isinstance(each, str) and each.isidentifier()
} - WORDS | OF_NO_PLACE


def view_of(name):
    return getattr(resolve(address(name, dict.fromkeys(IDS, 1)).split("?")[0]).func, "view_class", None)


def is_entry(name):
    view = view_of(name)
    return view is not None and issubclass(view, EntryView)


def takes_posts(name):
    return is_entry(name) or name in POSTS


def facts(locality, by=None):
    """Ids of a đề án at ``locality`` with all that hangs on it; ``by`` proposed another one."""
    make.make_plan()
    line = make.make_approved_line(locality=locality, beneficiary=make.make_beneficiary(locality=locality))
    contract = make.sign(line, 300 * make.MILLION, locality=locality)
    annex = make.annex(contract, line, None, ends_on=make.ACCEPTED_ON)
    milestone = services.set_milestone(
        project=line.project, line=line, name="Lắp đặt máy", due_on=make.ACCEPTED_ON, set_on=make.SIGNED_ON
    )
    difficulty = Difficulty.objects.create(
        project=line.project, description="Máy về chậm", raised_on=make.SIGNED_ON, line=line
    )
    visit = SiteVisit.objects.create(project=line.project, kind="check", visited_on=make.SIGNED_ON)
    payment = make.advance(line, 100 * make.MILLION)
    acceptance = make.accept(line, 280 * make.MILLION)
    (settlement,) = make.settle(line, 280 * make.MILLION)
    (instalment,) = services.set_instalments(
        line=line,
        source=make.source(),
        instalments=[(make.day("2020-06-30"), make.MILLION)],
        set_on=make.SIGNED_ON,
    )
    return {
        "payment": payment.pk,
        "instalment": instalment.pk,
        "acceptance": acceptance.pk,
        "settlement": settlement.pk,
        "visit": visit.pk,
        "project": line.project_id,
        "contract": contract.pk,
        "annex": annex.pk,
        "beneficiary": line.beneficiary_id,
        "establishment_name": line.beneficiary.former_names.create(name="Tên cũ", used_until=make.SIGNED_ON).pk,
        "line": line.pk,
        "milestone": milestone.pk,
        "difficulty": difficulty.pk,
        "step": line.project.decisions.first().pk,
        "decision": make.make_decision().pk,
        "plan_line": PlanLine.objects.first().pk,
        "receipt": make.receive(100 * make.MILLION).pk,
        "budget_return": make.give_back(make.MILLION).pk,
        "proposal": propose(locality, by or make.make_user(Role.LOCAL, localities=[locality])).pk,
        **reference(locality),
    }


def propose(locality, by):
    fields = {"plan_year": make.YEAR, "locality": locality}
    draft = services.LineDraft(fields, {make.source(): make.MILLION})
    return proposals.propose(name="Đề xuất thử", draft=draft, on=make.SIGNED_ON, by=by)


def reference(locality):
    """Ids of reference data and of a person, which belong to no place."""
    programme = make.make_programme()
    return {
        "programme": programme.pk,
        "target": programme.targets.first().pk,
        "user": make.make_user(Role.VIEWER).pk,
        "office": OfficeSettings.objects.get_or_create(valid_from=make.day("2019-01-01"))[0].pk,
        "source": make.source().pk,
        "agency": make.make_agency().pk,
        "activity": make.activity().pk,
        "norm": SupportNorm.objects.first().pk,
        "change_rule": ChangeRule.objects.first().pk,
        "advance_rule": AdvanceRule.objects.first().pk,
        "locality": locality.pk,
        "former_name": make.make_agency().former_names.create(name="Tên cũ", used_until=make.SIGNED_ON).pk,
        "succession": locality.became.create(new=make.make_locality(), kind="MERGE", on=make.SIGNED_ON).pk,
    }


def address(name, ids):
    arguments, query, _ = PAGES[name]
    return reverse(name, args=[ids.get(argument, argument) for argument in arguments]) + query


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def client_of(role, local):
    return logged_in(local if role is Role.LOCAL else make.make_user(role))


def with_an_id(kinds):
    """Names of addresses that have an argument among ``kinds``."""
    return [name for name, (arguments, _, _) in PAGES.items() if kinds & {str(each) for each in arguments}]
