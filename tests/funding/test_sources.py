"""Sources in the admin: what the figures count by stays as it is."""

import pytest
from django.urls import reverse

from accounts.models import Role
from funding.models import FundingSource
from funding.reference import SOURCES, load_reference
from tests.factories import make_user, source

pytestmark = pytest.mark.django_db
CODES = [code for code, *_ in SOURCES]


@pytest.fixture
def administrator(client):
    client.force_login(make_user(Role.ADMIN))
    return client


def page(name, *args):
    return reverse(f"admin:funding_fundingsource_{name}", args=args)


def test_the_code_of_a_saved_source_and_whether_it_counts_stay(administrator):
    row = source(FundingSource.COUNTERPART)
    fields = {"code": "KHAC2", "name": "Vốn của cơ sở", "level": row.level, "is_counted": "on", "position": 45}
    assert administrator.post(page("change", row.pk), fields).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.is_counted, row.name, row.position) == ("DOIUNG", False, "Vốn của cơ sở", 45)
    load_reference()
    assert FundingSource.objects.count() == len(SOURCES)


def test_a_new_source_is_given_its_code(administrator):
    fields = {"code": "XHH", "name": "Vốn xã hội hóa", "level": "other", "position": 60}
    assert administrator.post(page("add"), fields).status_code == 302
    assert not source("XHH").is_counted
    assert administrator.post(page("delete", source("XHH").pk), {"post": "yes"}).status_code == 302
    assert not FundingSource.objects.filter(code="XHH").exists()


def test_a_source_every_installation_starts_with_is_not_deleted(administrator):
    for code in CODES:
        assert administrator.post(page("delete", source(code).pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [source("KCH").pk], "post": "yes"}
    administrator.post(page("changelist"), chosen)
    assert sorted(FundingSource.objects.values_list("code", flat=True)) == sorted(CODES)
