"""Every address × every role × GET and POST, as page and as fragment: the table of addresses.py, none may be missing.

What a POST of nothing answers follows from the table: a form says what is missing (422), a page for reading knows no
POST (405), and whoever may not see or do it gets the same as for a GET. ``POSTS`` holds what differs.
"""

from itertools import product
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from accounts.models import Role
from tests import factories as make
from tests.addresses import (
    FRAGMENT,
    HEADERS,
    IDS,
    IN_A_FRAGMENT,
    METHODS,
    OF_NO_PLACE,
    OPEN,
    PAGES,
    POSTS,
    address,
    client_of,
    facts,
    is_entry,
    logged_in,
    takes_posts,
    with_an_id,
)

THIRDS = 3


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


@pytest.fixture
def place(db):
    return make.make_locality()


@pytest.fixture
def local(place):
    return make.make_user(Role.LOCAL, localities=[place])


@pytest.fixture
def own(place, local):
    return facts(place, by=local)


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


def share_of(turn):
    """The addresses asked in this turn: all; where access was tried on another database already, every third."""
    names = list(PAGES)
    return names if connection.vendor == "sqlite" else names[turn % THIRDS :: THIRDS]


@pytest.mark.parametrize("as_what", HEADERS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", Role)
def test_each_role_gets_what_the_table_says(role, method, as_what, own, local):
    client = client_of(role, local)
    asked_now = share_of(list(Role).index(role))
    # Whoever logs out is nobody any more.
    in_order = sorted(asked_now, key=lambda name: name == "accounts:logout")
    found = {name: asked(client, name, own, method, as_what) for name in in_order}
    assert found == {name: expected_of(name, role, method, as_what) for name in asked_now}


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


@pytest.mark.parametrize("odd", ["9" * 20, "²"])
def test_a_key_in_the_query_that_no_row_can_have_never_breaks_a_page(odd, own):
    """As somebody might leave it who cuts an address in the middle."""
    query = urlencode(dict.fromkeys(["dong", "tu", "nguon", "hop-dong", "phan", "lines-0-line", "trang", "mo"], odd))
    client = logged_in(make.make_user(Role.STAFF))
    allowed = [name for name in share_of(len(odd)) if PAGES[name][2][Role.STAFF] == 200]
    found = {name: client.get(f"{address(name, own).split('?')[0]}?{query}").status_code for name in allowed}
    assert set(found.values()) <= {200, 302, 404, 422}, found


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
