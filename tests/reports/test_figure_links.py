"""Every figure of dashboard, plan and preview opens a list whose count and sum equal it."""

from functools import partial
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import Role, User
from khuyencong.dates import local_today
from tests import factories as make
from tests.conftest import entered_once
from tests.figure_links import Page

PER_PAGE = 50
ALL_LISTS = "2019-05-31"
"""The day on which every list there is is opened; on the others one of each shape."""
THIRDS = 3
"""On the second database a page opens the shapes of one third: its SQL answers the same, whatever the day."""


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demonstration data, entered once for all tests of the module and rolled back after them."""
    with entered_once(django_db_blocker, partial(call_command, "demo", password="khong-dung-den", verbosity=0)):
        yield


@pytest.fixture
def reader(demo, client, db):
    client.force_login(User.objects.filter(role=Role.MANAGER).first())
    return client


def opened(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer.content.decode())


def shape_of(url):
    """The figure and what it is narrowed by, whatever the values: such lists are made the same way."""
    parts = urlsplit(url)
    return parts.path, frozenset(name for name, _ in parse_qsl(parts.query))


def faults_of(client: Client, page: Page, seen: dict, is_asked) -> list[str]:
    """What the lists behind the page's figures say otherwise; ``seen`` keeps the lists that were opened.

    ``is_asked(shape)`` says whether a list of this shape that was not opened before is opened now.
    """
    faults = [f"“{text}” promises nothing" for text in page.bare]
    for claim in page.claims:
        if claim.url not in seen:
            if not is_asked(shape_of(claim.url)):
                continue
            seen[claim.url] = opened(client, claim.url)
        faults += _compare(claim, seen[claim.url])
    return faults


def once_each(third=None):
    """Says yes to each shape once, or to those of one third only."""
    met = {}

    def is_asked(shape):
        if shape in met:
            return False
        met[shape] = len(met)
        return third is None or met[shape] % THIRDS == third

    return is_asked


def _compare(claim, behind: Page):
    if claim.count is not None and behind.counts != {claim.count}:
        yield f"{claim.url}: promises {claim.count} rows, the list says {behind.counts}"
    if claim.count is not None and claim.count <= PER_PAGE and len(behind.rows) != claim.count:
        yield f"{claim.url}: promises {claim.count} rows, {len(behind.rows)} are there"
    if claim.vnd is None:
        return
    if claim.vnd not in behind.sums:
        yield f"{claim.url}: promises {claim.vnd} đồng, the list says {behind.sums}"
    if claim.count is not None and claim.count <= PER_PAGE and behind.amounts != claim.vnd:
        yield f"{claim.url}: promises {claim.vnd} đồng, its rows add up to {behind.amounts}"


def check(client, addresses, least, record_property, every_list=False):
    seen, faults, claims = {}, [], 0
    for number, address in enumerate(addresses):
        if connection.vendor != "sqlite":
            is_asked = once_each(third=(number + len(addresses)) % THIRDS)
        else:
            is_asked = (lambda shape: True) if every_list else once_each()
        page = opened(client, address)
        claims += len(page.claims)
        faults += faults_of(client, page, seen, is_asked)
    record_property("says", f"{', '.join(addresses)}: {claims} figures, {len(seen)} lists opened")
    assert not faults
    assert claims >= least, "a page lost its figures"


@pytest.fixture
def hard_year(client, db):
    """What the demonstration data lacks: unknown amounts, two sources, a district's source, a stop with an advance."""
    make.make_plan(amount_vnd=2000 * make.MILLION)
    make.make_plan(code="KCDP", amount_vnd=1000 * make.MILLION)
    make.make_plan(code="KCDP", amount_vnd=-200 * make.MILLION, kind="adjusted", on="2019-02-01")
    line = make.make_signed_line(300 * make.MILLION)
    make.approve(line, 50 * make.MILLION, code="KCDP")
    make.advance(line, 100 * make.MILLION)
    make.approve(make.make_line(), None)
    stopped = make.make_signed_line(200 * make.MILLION)
    make.advance(stopped, 70 * make.MILLION)
    make.stop(stopped.project)
    make.recover(stopped, 20 * make.MILLION, on="2019-08-01")
    make.make_approved_line(80 * make.MILLION, code="DOIUNG")
    client.force_login(make.make_user(Role.VIEWER))
    return client


@pytest.mark.parametrize("day", ["2019-02-15", "2019-06-30", "2019-08-31"])
def test_figures_of_a_hard_year_open_what_they_count(hard_year, day, record_property):
    addresses = [f"/?nam=2019&ngay={day}", f"/ke-hoach/2019/?ngay={day}", f"/bao-cao/thang/{day[:7]}/"]
    check(hard_year, addresses, 60, record_property)


def pages_of(day):
    """Dashboard, plan, all plan years, the month's preview and the months of the year, as of the day."""
    if not day:
        today = local_today()
        return ["/", f"/ke-hoach/{today.year}/", "/ke-hoach/", f"/bao-cao/thang/{today:%Y-%m}/", "/bao-cao/"]
    frame = f"?nam=2019&ngay={day}"
    return [
        f"/{frame}",
        f"/ke-hoach/2019/?ngay={day}",
        f"/ke-hoach/?ngay={day}",
        f"/bao-cao/thang/{day[:7]}/",
        f"/bao-cao/{frame}",
    ]


@pytest.mark.parametrize("day", [ALL_LISTS, "2019-12-31", ""])
def test_every_figure_opens_exactly_what_it_counts(reader, day, record_property):
    check(reader, pages_of(day), 700, record_property, every_list=day == ALL_LISTS)


def test_every_figure_of_a_month_after_the_plan_year_opens_what_it_counts(reader, record_property):
    """Payments of the year before, in a block of their own."""
    check(reader, ["/bao-cao/thang/2020-01/", "/bao-cao/thang/2020-01/?nam=2019"], 20, record_property)


def test_every_figure_that_a_local_officer_sees_opens_what_it_counts(demo, client, db, record_property):
    client.force_login(User.objects.filter(role=Role.LOCAL).first())
    check(
        client,
        ["/?nam=2019&ngay=2019-09-30", "/ke-hoach/2019/?ngay=2019-09-30", "/"],
        40,
        record_property,
    )
