"""Every address × every role × GET and POST, as page and as fragment: one table, and none may be missing.

What a POST of nothing answers follows from the table: a form says what is missing (422), a page for reading knows no
POST (405), and whoever may not see or do it gets the same as for a GET. ``POSTS`` holds what differs.
"""

from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve, reverse

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


def expected_of(name, role, method="get", as_what="page"):
    expected = PAGES[name][2][role]
    if method == "post" and not takes_posts(name):
        return 405
    if method == "get" or expected in (403, 404):
        return expected
    status = POSTS.get(name, 422)
    return IN_A_FRAGMENT.get(status, status) if as_what == "fragment" and is_entry(name) else status


def asked(client, name, ids, method="get", as_what="page"):
    """The status; what a POST wrote is taken back."""
    with transaction.atomic():
        status = getattr(client, method)(address(name, ids), headers=HEADERS[as_what]).status_code
        transaction.set_rollback(True)
    # A page for reading refuses a POST; which of its two refusals comes first does not matter.
    return 405 if (method, status) == ("post", 403) and not takes_posts(name) else status


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


@pytest.fixture
def place(db):
    return make.make_locality()


@pytest.fixture
def local(place):
    return make.make_user(Role.LOCAL, localities=[place])


@pytest.fixture
def own(place, local):
    return facts(place, by=local)


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def client_of(role, local):
    return logged_in(local if role is Role.LOCAL else make.make_user(role))


def with_an_id(kinds):
    """Names of addresses that have an argument among ``kinds``."""
    return [name for name, (arguments, _, _) in PAGES.items() if kinds & {str(each) for each in arguments}]


def test_no_address_is_missing_from_the_table(record_property):
    assert set(names(get_resolver().url_patterns)) - {"unknown"} == set(PAGES)
    n = len(PAGES) * len(Role) * len(METHODS)
    strange = len(with_an_id(IDS - OF_NO_PLACE)) * len(METHODS)
    record_property(
        "says",
        f"Quyền: {len(PAGES)} địa chỉ × {len(Role)} vai trò × {len(METHODS)} cách gọi = {n} bộ ba, "
        f"mỗi bộ cả trang và mảnh; {strange} cách gọi với số của người khác.",
    )


def test_the_table_knows_every_id(own):
    assert set(own) == IDS


@pytest.mark.parametrize("as_what", HEADERS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", Role)
def test_each_role_gets_what_the_table_says(role, method, as_what, own, local):
    client = client_of(role, local)
    # Whoever logs out is nobody any more.
    names_in_order = sorted(PAGES, key=lambda name: name == "accounts:logout")
    found = {name: asked(client, name, own, method, as_what) for name in names_in_order}
    assert found == {name: expected_of(name, role, method, as_what) for name in PAGES}


def test_whoever_is_not_logged_in_is_sent_to_the_log_in(own, client):
    for name, method in product(sorted(PAGES.keys() - OPEN), METHODS):
        path, ask = address(name, own), getattr(client, method)
        page, fragment = ask(path), ask(path, headers=FRAGMENT)
        assert (page.status_code, page.headers.get("Location", "").split("?")[0]) == (302, "/dang-nhap/"), name
        assert (fragment.status_code, fragment.content) == (204, b""), name
        assert fragment["HX-Redirect"].startswith("/dang-nhap/?"), name


@pytest.mark.parametrize("name", sorted(OPEN))
def test_the_open_pages_answer_anybody(name, db, client):
    assert client.get(address(name, {})).status_code == 200


@pytest.mark.parametrize("as_what", HEADERS)
@pytest.mark.parametrize("method", METHODS)
def test_a_local_officer_does_not_find_what_belongs_to_strangers(method, as_what, local):
    elsewhere, client = facts(make.make_locality()), logged_in(local)
    bound = with_an_id(IDS - OF_NO_PLACE)
    expected = {name: 404 if method == "get" or is_entry(name) else 405 for name in bound}
    assert {name: asked(client, name, elsewhere, method, as_what) for name in bound} == expected


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", Role)
def test_an_id_that_nothing_has_is_not_found(role, method, own, local):
    client, nothing = client_of(role, local), dict.fromkeys(IDS, 10**9)
    found = {name: asked(client, name, nothing, method) for name in with_an_id(IDS)}
    assert not {name: status for name, status in found.items() if status not in (403, 404, 405)}


def test_no_post_is_taken_without_its_token(own, local):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.make_user(Role.MANAGER))
    answers = {name: asked(client, name, own, "post") for name in PAGES.keys() - OPEN}
    assert set(answers.values()) <= {403, 404, 405}, answers


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
