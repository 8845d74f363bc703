"""As many queries for 300 đề án as for 3, on every page; and no page heavier than a slow line bears."""

from functools import partial

import pytest

from accounts.models import Role
from projects.models import Beneficiary, Contract, Project
from tests import factories as make
from tests.bulk import make_year

FEW, MANY = 3, 297
HEAVIEST = 100_000
FRAME = "?nam=2019&ngay=2019-10-15"

ADDRESSES = {
    "dashboard": "/{frame}",
    "plan": "/ke-hoach/2019/?ngay=2019-10-15",
    "plans": "/ke-hoach/",
    "months": "/bao-cao/{frame}",
    "preview": "/bao-cao/thang/2019-10/",
    "preview of a group": "/bao-cao/thang/2019-10/?mo=KCQG-{activity}",
    "projects": "/de-an/{frame}",
    "a project": "/de-an/{project}/{frame}",
    "contracts": "/hop-dong/{frame}",
    "a contract": "/hop-dong/{contract}/{frame}",
    "beneficiaries": "/co-so/{frame}",
    "a beneficiary": "/co-so/{beneficiary}/{frame}",
    "what may be paid": "/chi-tra/{frame}",
    "payments": "/chi-tra/da-chi/{frame}",
    "milestones": "/tien-do/{frame}",
    "to be paid": "/chi-tra/cho-chi/{frame}",
    "to be recovered": "/chi-tra/phai-thu-hoi/{frame}",
    "to be settled": "/chi-tra/cho-quyet-toan/{frame}",
    "to be accepted": "/tien-do/cho-nghiem-thu/{frame}",
    "đề án behind a figure": "/so-lieu/projects/{frame}",
    "late đề án": "/so-lieu/late_projects/{frame}",
    "lines behind a figure": "/so-lieu/beneficiaries/{frame}",
    "establishments": "/so-lieu/establishments/{frame}",
    "entries behind a figure": "/so-lieu/approved_vnd/{frame}",
    "paid entries": "/so-lieu/disbursed_vnd/{frame}",
    "plan lines behind a figure": "/so-lieu/plan_assigned_vnd/{frame}",
    "what is unallocated": "/so-lieu/unallocated_vnd/{frame}",
    "a stage": "/so-lieu/tinh-trang/dang-thuc-hien/{frame}",
    "deadlines": "/so-lieu/den-han/{frame}",
    "difficulties": "/so-lieu/kho-khan/{frame}",
    "places": "/so-lieu/dia-ban/{frame}",
    "exceptions": "/so-lieu/ngoai-le/{frame}",
    "reconciliation": "/doi-chieu/2019/?ngay=2019-10-15",
    "behind the reconciliation": "/so-lieu/doi-chieu/chi/{frame}",
}
"""By what they show; the workbook is no page, and follows below."""


def addresses():
    """``ADDRESSES`` filled with the first of each kind that is there."""
    ids = {
        "project": Project.objects.first().pk,
        "contract": Contract.objects.first().pk,
        "beneficiary": Beneficiary.objects.first().pk,
        "activity": make.activity().pk,
        "frame": FRAME,
    }
    return {what: address.format(**ids) for what, address in ADDRESSES.items()}


@pytest.fixture
def open_all(client, db, query_count):
    """Opens every page: {what: (queries, bytes)}."""
    client.force_login(make.make_user(Role.MANAGER))

    def opened():
        return {what: weigh(what, address) for what, address in addresses().items()}

    def weigh(what, address):
        answers = []
        queries = query_count(lambda: answers.append(client.get(address)))
        assert answers[0].status_code == 200, what
        return queries, len(answers[0].content)

    return opened


def test_queries_and_weight_do_not_grow_with_the_number_of_projects(open_all):
    make_year(FEW)
    few = open_all()
    make_year(MANY, first=FEW)
    many = open_all()
    more = {what: (few[what][0], many[what][0]) for what in ADDRESSES if many[what][0] > few[what][0]}
    assert not more, "queries for 3 and for 300 đề án"
    heavy = {what: size for what, (_, size) in many.items() if size > HEAVIEST}
    assert not heavy


def test_the_dashboard_takes_at_most_20_queries(open_all):
    make_year(FEW)
    assert open_all()["dashboard"][0] <= 20


FILES = [
    "/bao-cao/thang/2019-10.xlsx",
    "/de-an.xlsx{frame}",
    "/hop-dong.xlsx{frame}",
    "/co-so.xlsx{frame}",
    "/chi-tra.xlsx{frame}",
    "/chi-tra/da-chi.xlsx{frame}",
    "/tien-do.xlsx{frame}",
    "/chi-tra/cho-chi.xlsx{frame}",
    "/tien-do/cho-nghiem-thu.xlsx{frame}",
    "/so-lieu/late_projects.xlsx{frame}",
    "/so-lieu/beneficiaries.xlsx{frame}",
    "/so-lieu/establishments.xlsx{frame}",
    "/so-lieu/disbursed_vnd.xlsx{frame}",
    "/so-lieu/plan_assigned_vnd.xlsx{frame}",
    "/so-lieu/tinh-trang/dang-thuc-hien.xlsx{frame}",
    "/so-lieu/den-han.xlsx{frame}",
    "/so-lieu/kho-khan.xlsx{frame}",
    "/so-lieu/dia-ban.xlsx{frame}",
]


def test_a_file_takes_as_many_queries_for_300_projects_as_for_3(client, db, query_count):
    client.force_login(make.make_user(Role.MANAGER))

    def counted():
        return {path: query_count(partial(client.get, path.format(frame=FRAME))) for path in FILES}

    make_year(FEW)
    few = counted()
    make_year(MANY, first=FEW)
    many = counted()
    assert not {path: (few[path], many[path]) for path in FILES if many[path] > few[path]}
