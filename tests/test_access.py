"""Every address of the site × every role × nobody, as page and as fragment: one table, and none may be missing."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import OfficeSettings, Role
from funding.models import PlanLine, SupportNorm
from projects import services
from projects.models import Difficulty, SiteVisit
from tests import factories as make

FRAGMENT = {"HX-Request": "true"}
EVERYBODY = dict.fromkeys(Role, 200)
WRITERS = {role: 200 if role in (Role.STAFF, Role.MANAGER) else 403 for role in Role}
PAYERS = {role: 200 if role is Role.ACCOUNTANT else 403 for role in Role}
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
    "funding:locality_list": ([], "", EVERYBODY),
    "funding:locality_new": ([], "", ADMINS),
    "funding:locality_edit": (["locality"], "", ADMINS),
    "funding:locality_delete": (["locality"], "", {**ADMINS, Role.ADMIN: 422}),
    "reports:dashboard": ([], "", EVERYBODY),
    "reports:plan_index": ([], "", EVERYBODY),
    "reports:plan_year": ([2019], "", EVERYBODY),
    "reports:report_index": ([], "?nam=2019", EVERYBODY),
    "reports:month_of_day": ([], "", REDIRECTS),
    "reports:monthly": (["2019-05"], "", EVERYBODY),
    # The workbook holds the whole province's plan.
    "reports:monthly_xlsx": (["2019-05"], "", {**EVERYBODY, Role.LOCAL: 403}),
    "projects:project_list_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:contract_list_xlsx": ([], "?nam=2019", EVERYBODY),
    "projects:beneficiary_list_xlsx": ([], "", EVERYBODY),
    "projects:payment_list_xlsx": ([], "", EVERYBODY),
    "projects:milestone_list_xlsx": ([], "", EVERYBODY),
    "reports:stage_xlsx": (["dang-thuc-hien"], "?nam=2019", EVERYBODY),
    "reports:deadlines_xlsx": ([], "?nam=2019", EVERYBODY),
    "reports:difficulties_xlsx": ([], "?nam=2019", EVERYBODY),
    "reports:places_xlsx": ([], "?nam=2019", EVERYBODY),
    "reports:figure_xlsx": (["approved_vnd"], "?nam=2019", EVERYBODY),
    "reports:stage": (["dang-thuc-hien"], "?nam=2019", EVERYBODY),
    "reports:deadlines": ([], "?nam=2019", EVERYBODY),
    "reports:difficulties": ([], "?nam=2019", EVERYBODY),
    "reports:places": ([], "?nam=2019", EVERYBODY),
    "reports:figure": (["approved_vnd"], "?nam=2019", EVERYBODY),
    "projects:project_list": ([], "?nam=2019", EVERYBODY),
    "projects:project_detail": (["project"], "", EVERYBODY),
    "projects:project_new": ([], "", WRITERS),
    "projects:project_edit": (["project"], "", WRITERS),
    "projects:contract_list": ([], "?nam=2019", EVERYBODY),
    "projects:contract_detail": (["contract"], "", EVERYBODY),
    "projects:beneficiary_list": ([], "", EVERYBODY),
    "projects:beneficiary_detail": (["beneficiary"], "", EVERYBODY),
    "read_back": ([], "", EVERYBODY),
    "places:locality_search": ([], "", EVERYBODY),
    "funding:agency_search": ([], "", EVERYBODY),
    "funding:decision_search": ([], "", EVERYBODY),
    "funding:agency_new": ([], "", WRITERS),
    "funding:decision_new": ([], "", WRITERS),
    "projects:beneficiary_search": ([], "", EVERYBODY),
    "projects:beneficiary_new": ([], "", WRITERS),
    "projects:beneficiary_edit": (["beneficiary"], "", WRITERS),
    "projects:contract_new": ([], "", WRITERS),
    "projects:line_contract_new": (["line"], "", WRITERS),
    "projects:line_search": ([], "", WRITERS),
    "projects:contract_proposal": ([], "", WRITERS),
    "projects:acceptance_new": (["line"], "", WRITERS),
    "projects:payment_new": (["line"], "", PAYERS),
    "projects:recovery_new": (["line"], "", PAYERS),
    "projects:settlement_new": (["line"], "", PAYERS),
    "projects:acceptance_edit": (["acceptance"], "", WRITERS),
    "projects:payment_edit": (["payment"], "", PAYERS),
    "projects:settlement_edit": (["settlement"], "", PAYERS),
    "projects:acceptance_withdraw": (["acceptance"], "", WRITERS),
    "projects:payment_withdraw": (["payment"], "", PAYERS),
    "projects:settlement_withdraw": (["settlement"], "", PAYERS),
    "projects:annex_new": (["contract"], "", WRITERS),
    "projects:contract_liquidate": (["contract"], "", WRITERS),
    "projects:contract_edit": (["contract"], "", WRITERS),
    "projects:contract_withdraw": (["contract"], "", WRITERS),
    "projects:annex_edit": (["annex"], "", WRITERS),
    "projects:annex_withdraw": (["annex"], "", WRITERS),
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
    "projects:payment_list": ([], "", EVERYBODY),
    "projects:milestone_list": ([], "", EVERYBODY),
}
"""The admin is for administrators by one rule of its own, tested with the log-in."""


def names(patterns, prefix=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                yield from names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}"


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
    return {
        "payment": payment.pk,
        "acceptance": acceptance.pk,
        "settlement": settlement.pk,
        "visit": visit.pk,
        "project": line.project_id,
        "contract": contract.pk,
        "annex": annex.pk,
        "beneficiary": line.beneficiary_id,
        "line": line.pk,
        "milestone": milestone.pk,
        "difficulty": difficulty.pk,
        "decision": make.make_decision().pk,
        "plan_line": PlanLine.objects.first().pk,
        **reference(locality),
    }


def reference(locality):
    """Ids of reference data and of a person, which belong to no place."""
    return {
        "user": make.make_user(Role.VIEWER).pk,
        "office": OfficeSettings.objects.get_or_create(valid_from=make.day("2019-01-01"))[0].pk,
        "source": make.source().pk,
        "agency": make.make_agency().pk,
        "activity": make.activity().pk,
        "norm": SupportNorm.objects.first().pk,
        "locality": locality.pk,
    }


def address(name, ids):
    arguments, query, _ = PAGES[name]
    return reverse(name, args=[ids.get(argument, argument) for argument in arguments]) + query


@pytest.fixture
def place(db):
    return make.make_locality()


@pytest.fixture
def own(place):
    return facts(place)


@pytest.fixture
def local(place):
    return make.make_user(Role.LOCAL, localities=[place])


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_no_address_is_missing_from_the_table():
    assert set(names(get_resolver().url_patterns)) - {"unknown"} == set(PAGES)


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
@pytest.mark.parametrize("role", Role)
def test_each_role_gets_what_the_table_says(role, headers, own, local):
    client = logged_in(local if role is Role.LOCAL else make.make_user(role))
    found = {name: client.get(address(name, own), headers=headers).status_code for name in PAGES}
    assert found == {name: expected[role] for name, (_, _, expected) in PAGES.items()}


def test_whoever_is_not_logged_in_is_sent_to_the_log_in(own, client):
    for name in sorted(PAGES.keys() - OPEN):
        path = address(name, own)
        page, fragment = client.get(path), client.get(path, headers=FRAGMENT)
        assert (page.status_code, page.headers.get("Location", "").split("?")[0]) == (302, "/dang-nhap/"), name
        assert (fragment.status_code, fragment.content) == (204, b""), name
        assert fragment["HX-Redirect"].startswith("/dang-nhap/?"), name


@pytest.mark.parametrize("name", sorted(OPEN))
def test_the_open_pages_answer_anybody(name, db, client):
    assert client.get(address(name, {})).status_code == 200


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith("_detail")])
def test_a_local_officer_does_not_find_a_strangers_page(name, headers, local):
    elsewhere = facts(make.make_locality())
    assert logged_in(local).get(address(name, elsewhere), headers=headers).status_code == 404


@pytest.mark.parametrize("parameter", ["de-an", "dong"])
def test_a_local_officer_does_not_find_a_strangers_figures(parameter, local, own):
    elsewhere = facts(make.make_locality())
    key = {"de-an": "project", "dong": "line"}[parameter]
    client = logged_in(local)
    figures = "/so-lieu/approved_vnd/?nam=2019"
    assert client.get(f"{figures}&{parameter}={own[key]}").status_code == 200
    assert client.get(f"{figures}&{parameter}={elsewhere[key]}").status_code == 404


@pytest.mark.parametrize("key", ["plan_assigned_vnd", "plan_requested_vnd", "unallocated_vnd"])
def test_a_local_officer_does_not_find_the_provinces_plan(key, local, own):
    assert logged_in(local).get(f"/so-lieu/{key}/?nam=2019").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/ke-hoach/2019/", "/ke-hoach/", "/bao-cao/thang/2019-05/", "/de-an/", "/co-so/"]
)
def test_a_local_officer_sees_neither_plan_nor_strangers(path, local, own):
    make.make_plan(code="KCDP", amount_vnd=777_123_000)
    stranger = make.make_beneficiary("HTX Ở Nơi Khác")
    make.make_approved_line(111_321_000, locality=make.make_locality(), beneficiary=stranger)
    text = logged_in(local).get(f"{path}?nam=2019" if path != "/ke-hoach/" else path, follow=True).content.decode()
    assert not [word for word in ("777,123", "111,321", "411,321", stranger.name) if word in text]


def test_somebody_who_left_is_logged_out(own):
    user = make.make_user(Role.MANAGER)
    client = logged_in(user)
    user.is_active = False
    user.save()
    assert client.get("/").status_code == 302
