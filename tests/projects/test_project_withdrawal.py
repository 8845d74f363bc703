"""A đề án typed by mistake is taken out on a page; one that something was done for stays."""

import pytest
from django.urls import reverse

from accounts.models import Role
from projects.models import Project
from tests.factories import MILLION, make_approved_line, make_signed_line, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    client.force_login(make_user(Role.STAFF))
    return client


def address(line):
    return reverse("projects:project_withdraw", args=[line.project_id])


def test_the_form_of_a_de_an_leads_to_taking_it_out(clerk):
    line = make_approved_line(100 * MILLION)
    assert address(line) in clerk.get(reverse("projects:project_edit", args=[line.project_id])).text


def test_a_de_an_typed_by_mistake_goes_with_its_reason(clerk):
    line = make_approved_line(100 * MILLION)
    answer = clerk.post(address(line), {"why": "Nhập hai lần"})
    assert (answer.status_code, answer.url) == (302, reverse("projects:project_list"))
    assert not Project.objects.filter(pk=line.project_id).exists()
    gone = Project.history.filter(id=line.project_id).latest()
    assert (gone.history_type, gone.history_change_reason) == ("-", "Nhập hai lần")


def test_one_under_contract_stays_and_the_page_says_what_hangs_on_it(clerk):
    line = make_signed_line(100 * MILLION)
    answer = clerk.post(address(line), {"why": "Nhập hai lần"})
    assert answer.status_code == 422
    assert "Không xóa được đề án" in answer.text and "hợp đồng" in answer.text
    assert Project.objects.filter(pk=line.project_id).exists()
