"""The admin: reference data for administrators to edit, facts for them to read."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Role
from funding.models import Agency, FundingSource, SupportNorm
from projects.models import LedgerEntry, Project
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(make.make_user(Role.ADMIN))
    return client


@pytest.fixture
def life():
    make.make_plan(code="KCDP")
    line = make.make_signed_line(100, code="KCDP")
    make.advance(line, 70, code="KCDP")
    make.accept(line, 100, code="KCDP")
    return line


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_page_of_the_admin_opens_and_obeys_the_content_policy(administrator, life):
    for model in admin.site._registry:
        if model._meta.app_label not in ("funding", "projects"):
            continue
        row = model.objects.first()
        pages = [address(model, "changelist"), address(model, "changelist") + "?q=may"]
        if row:
            pages += [address(model, "change", row.pk), address(model, "history", row.pk)]
        for page in pages:
            answer = administrator.get(page)
            text = answer.content.decode()
            assert answer.status_code == 200, page
            assert 'style="' not in text and "onclick" not in text, page


def test_facts_are_only_read(administrator, life):
    entry = LedgerEntry.objects.first()
    for model, row in ((LedgerEntry, entry), (Project, life.project)):
        assert administrator.get(address(model, "add")).status_code == 403
        assert administrator.post(address(model, "change", row.pk), {"on": "2019-01-01"}).status_code == 403
        assert administrator.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        record = row.history.first()
        assert administrator.post(address(model, "simple_history", row.pk, record.pk), {}).status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_else_comes_in(client, role):
    client.force_login(make.make_user(role))
    assert client.get(address(FundingSource, "changelist")).status_code == 403


def test_an_administrator_edits_a_norm_with_money_as_an_office_writes_it(administrator):
    norm = SupportNorm.objects.exclude(ceiling_vnd=None).first()
    page = administrator.get(address(SupportNorm, "change", norm.pk))
    sent = {key: value for key, value in page.context["adminform"].form.initial.items() if value is not None}
    sent |= {"ceiling_vnd": "350 triệu", "valid_from": norm.valid_from.isoformat()}
    answer = administrator.post(address(SupportNorm, "change", norm.pk), sent)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    norm.refresh_from_db()
    assert norm.ceiling_vnd == 350 * make.MILLION
    assert norm.history.count() >= 1


def test_two_agencies_of_one_name_are_refused_with_a_sentence(administrator):
    make.make_agency("Sở Công Thương Thử")
    rows = {"former_names-TOTAL_FORMS": 0, "former_names-INITIAL_FORMS": 0}
    answer = administrator.post(address(Agency, "add"), {"name": "sở công thương thử", "level": "province", **rows})
    assert "Đã có cơ quan tên này" in answer.content.decode()


def test_facts_are_found_without_diacritics(administrator):
    make.make_project(name="Hỗ trợ máy sấy chè")
    found = administrator.get(address(Project, "changelist") + "?q=may say che")
    assert "Hỗ trợ máy sấy chè" in found.content.decode()
