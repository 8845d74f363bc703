"""Every page of the site: by whom it is opened, and what of the demonstration stands in its address."""

from django.contrib.auth import get_user_model
from django.urls import reverse

from accounts.models import OfficeSettings
from funding.models import Activity, Agency, FundingSource, PlanLine, SupportNorm
from places.models import Locality
from projects.models import (
    Acceptance,
    Beneficiary,
    Contract,
    ContractAnnex,
    Difficulty,
    Milestone,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    SiteVisit,
    Step,
)

MAY = "nam=2019&ngay=2019-05-31"
DECEMBER = "nam=2019&ngay=2019-12-31"

ENTRY = {
    "chuyenvien": {
        "funding:agency_new": [],
        "funding:decision_new": [],
        "funding:reference_index": [],
        "funding:source_list": [],
        "funding:agency_list": [],
        "funding:activity_list": [],
        "funding:norm_list": [],
        "funding:locality_list": [],
        "accounts:office_list": [],
        "projects:acceptance_edit": ["acceptance"],
        "projects:acceptance_new": ["signed"],
        "projects:acceptance_waiting": [],
        "projects:acceptance_withdraw": ["acceptance"],
        "projects:annex_edit": ["annex"],
        "projects:annex_new": ["open contract"],
        "projects:annex_withdraw": ["annex"],
        "projects:beneficiary_edit": ["beneficiary"],
        "projects:beneficiary_new": [],
        "projects:contract_edit": ["contract"],
        "projects:contract_liquidate": ["open contract"],
        "projects:contract_new": [],
        "projects:contract_withdraw": ["contract"],
        "projects:decision_edit": ["step"],
        "projects:decision_new": ["project", "dieu-chinh"],
        "projects:decision_withdraw": ["step"],
        "projects:difficulty_close": ["difficulty"],
        "projects:difficulty_edit": ["difficulty"],
        "projects:difficulty_new": ["project"],
        "projects:difficulty_withdraw": ["difficulty"],
        "projects:line_contract_new": ["unsigned"],
        "projects:milestone_done": ["milestone"],
        "projects:milestone_edit": ["milestone"],
        "projects:milestone_new": ["project"],
        "projects:milestone_postpone": ["milestone"],
        "projects:milestone_withdraw": ["milestone"],
        "projects:payment_waiting": [],
        "projects:plan_decision_edit": ["decision"],
        "projects:plan_decision_new": [2026],
        "projects:plan_line_edit": ["plan line"],
        "projects:plan_line_remove": ["plan line"],
        "projects:project_edit": ["project"],
        "projects:project_new": [],
        "projects:proposal_beneficiary_new": [],
        "projects:proposal_list": [],
        "projects:proposal_new": [],
        "projects:recovery_waiting": [],
        "projects:settlement_waiting": [],
        "projects:signing_waiting": [],
        "projects:visit_edit": ["visit"],
        "projects:visit_new": ["project"],
        "projects:visit_withdraw": ["visit"],
    },
    "ketoan": {
        "projects:payment_edit": ["payment"],
        "projects:payment_new": ["signed"],
        "projects:payment_withdraw": ["payment"],
        "projects:recovery_new": ["paid"],
        "projects:settlement_edit": ["settlement"],
        "projects:settlement_new": ["accepted"],
        "projects:settlement_withdraw": ["settlement"],
    },
    "quantri": {
        "accounts:office_delete": ["office"],
        "accounts:office_edit": ["office"],
        "accounts:office_new": [],
        "accounts:user_edit": ["person"],
        "accounts:user_list": [],
        "accounts:user_new": [],
        "accounts:user_password": ["person"],
        "funding:activity_edit": ["activity"],
        "funding:activity_new": [],
        "funding:agency_add": [],
        "funding:agency_edit": ["agency"],
        "funding:locality_edit": ["place"],
        "funding:locality_new": [],
        "funding:norm_delete": ["norm"],
        "funding:norm_edit": ["norm"],
        "funding:norm_new": [],
        "funding:source_edit": ["source"],
        "funding:source_new": [],
    },
}
"""Pages of entry: by whom, and what of the demonstration stands in their address."""
YEAR_2026 = ProjectLine.objects.filter(plan_year=2026)
PAGES = {
    # name: (url name, arguments, query, who); ids are looked up by the name of their table
    "log-in": ("accounts:login", [], "", ""),
    "password": ("accounts:password_change", [], "", "lanhdao"),
    "dashboard today": ("reports:dashboard", [], "", "lanhdao"),
    "dashboard of May": ("reports:dashboard", [], MAY, "lanhdao"),
    "dashboard of an empty year": ("reports:dashboard", [], "nam=2010", "lanhdao"),
    "dashboard of a local officer": ("reports:dashboard", [], MAY, "diaphuong"),
    "plans": ("reports:plan_index", [], "", "lanhdao"),
    "plan": ("reports:plan_year", [2019], "ngay=2019-05-31", "lanhdao"),
    "reports": ("reports:report_index", [], DECEMBER, "lanhdao"),
    "month": ("reports:monthly", ["2019-09"], "", "lanhdao"),
    "stage": ("reports:stage", ["dang-thuc-hien"], MAY, "lanhdao"),
    "due": ("reports:deadlines", [], "", "lanhdao"),
    "difficulties": ("reports:difficulties", [], "", "lanhdao"),
    "places": ("reports:places", [], MAY, "lanhdao"),
    "figure of đề án": ("reports:figure", ["projects"], MAY, "lanhdao"),
    "figure of lines": ("reports:figure", ["beneficiaries"], MAY, "lanhdao"),
    "figure of establishments": ("reports:figure", ["establishments"], MAY, "lanhdao"),
    "figure of entries": ("reports:figure", ["disbursed_vnd"], DECEMBER, "lanhdao"),
    "figure of the plan": ("reports:figure", ["plan_assigned_vnd"], MAY, "lanhdao"),
    "đề án list": ("projects:project_list", [], MAY, "lanhdao"),
    "đề án": ("projects:project_detail", ["project"], DECEMBER, "lanhdao"),
    "contracts": ("projects:contract_list", [], MAY, "lanhdao"),
    "contract": ("projects:contract_detail", ["contract"], DECEMBER, "lanhdao"),
    "establishments": ("projects:beneficiary_list", [], MAY, "lanhdao"),
    "establishment": ("projects:beneficiary_detail", ["beneficiary"], DECEMBER, "lanhdao"),
    "payments": ("projects:payment_list", [], DECEMBER, "lanhdao"),
    "milestones": ("projects:milestone_list", [], DECEMBER, "lanhdao"),
    "reference data": ("admin:index", [], "", "quantri"),
    "users": ("admin:accounts_user_changelist", [], "", "quantri"),
    **{name: (name, arguments, "nam=2026", who) for who, pages in ENTRY.items() for name, arguments in pages.items()},
}
# Answers of the script, and addresses that lead elsewhere.
NO_PAGES = {
    "accounts:logout",
    "accounts:user_unlock",
    "reports:month_of_day",
    "read_back",
    "projects:contract_proposal",
}
# Refused in words (422): what the demonstration and the software itself stand on.
NOT_NOW = {"funding:activity_delete", "funding:agency_delete", "funding:locality_delete", "funding:source_delete"}
# The demonstration holds no proposal: these are forms of the same make as those seen here.
OF_PROPOSALS = {f"projects:proposal_{what}" for what in ("accept", "detail", "edit", "reject", "return", "withdraw")}


def address(name, arguments, query):
    found = {
        "project": lambda: Project.objects.get(code="MH-KCQG-2019-01"),
        "contract": lambda: Contract.objects.filter(annexes__isnull=False).first(),
        "beneficiary": lambda: Beneficiary.objects.filter(lines__plan_year=2019).first(),
        "unsigned": lambda: YEAR_2026.filter(contract_lines=None, beneficiary__isnull=False, left_on=None).first(),
        "signed": lambda: YEAR_2026.filter(contract_lines__isnull=False, acceptances=None, left_on=None).first(),
        "paid": lambda: YEAR_2026.filter(entries__step=Step.ADVANCED, left_on=None).first(),
        "accepted": lambda: YEAR_2026.filter(acceptances__isnull=False, left_on=None).first(),
        "open contract": lambda: Contract.objects.filter(liquidated_on=None, kind="support").last(),
        "annex": lambda: ContractAnnex.objects.last(),
        "acceptance": lambda: Acceptance.objects.last(),
        "payment": lambda: Payment.objects.last(),
        "settlement": lambda: Settlement.objects.last(),
        "step": lambda: ProjectDecision.objects.filter(kind="extended").last(),
        "milestone": lambda: Milestone.objects.filter(done_on=None).last(),
        "difficulty": lambda: Difficulty.objects.filter(closed_on=None).last(),
        "visit": lambda: SiteVisit.objects.last(),
        "decision": lambda: PlanLine.objects.last().decision,
        "plan line": lambda: PlanLine.objects.last(),
        "person": lambda: get_user_model().objects.get(username="nguoixem"),
        "office": lambda: OfficeSettings.objects.last(),
        "source": lambda: FundingSource.objects.last(),
        "agency": lambda: Agency.objects.last(),
        "activity": lambda: Activity.objects.filter(is_leaf=True).last(),
        "norm": lambda: SupportNorm.objects.last(),
        "place": lambda: Locality.objects.last(),
    }
    return reverse(name, args=[found[each]().pk if each in found else each for each in arguments]) + f"?{query}"
