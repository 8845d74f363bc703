"""Forms of entry sent twice, led back by an address nobody can read, and warned of by several lines at once."""

import json
import re

import pytest
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import Role
from projects.models import Contract, Payment
from tests import factories as make

MILLION = make.MILLION


@pytest.fixture
def clients(db):
    """A function: a client logged in as the role."""

    def log_in(role):
        client = Client()
        client.force_login(make.make_user(role))
        return client

    return log_in


@pytest.fixture
def signed(db):
    make.make_plan()
    return make.make_signed_line(300 * MILLION)


def twice(client, path, **typed):
    """Both answers to one form, opened once."""
    once = re.search(r'name="once" value="(\w+)"', client.get(path).content.decode())[1]
    return [client.post(path, {"once": once, **typed}) for _ in range(2)]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("projects:beneficiary_new", {"name": "HTX Chè " + "Ấ" * 200, "kind": "cooperative"}),
        ("funding:agency_new", {"name": "Cục Thử", "level": "national"}),
        ("funding:decision_new", {"number": "7/QĐ", "decided_on": "1/3/2019", "subject": "Giao kế hoạch"}),
    ],
)
def test_a_form_above_another_sent_twice_makes_one_row_and_names_it_both_times(name, typed, clients):
    client, path, rows = (
        clients(Role.STAFF),
        reverse(name),
        resolve(reverse(name)).func.view_class.form_class._meta.model,
    )
    before = rows.objects.count()
    once = re.search(r'name="once" value="(\w+)"', client.get(path).content.decode())[1]
    answers = [client.post(path, {"once": once, **typed}, headers={"HX-Request": "true"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    first, second = (json.loads(answer["HX-Trigger"])["entry-made"] for answer in answers)
    assert (first == second, second["id"]) == (True, rows.objects.latest("pk").pk)
    assert rows.objects.count() == before + 1


def test_a_form_above_another_sent_again_as_a_page_leads_to_a_page(clients):
    client, path = clients(Role.STAFF), reverse("funding:agency_new")
    typed = {"once": "a1b2", "name": "Cục Thử", "level": "national"}
    assert client.post(path, typed, headers={"HX-Request": "true"}).status_code == 204
    assert client.post(path, typed).url == path


def test_a_payment_deleted_twice_leads_to_the_same_page(clients, signed):
    payment = make.advance(signed, 100 * MILLION)
    path = reverse("projects:payment_withdraw", args=[payment.pk])
    first, second = twice(clients(Role.ACCOUNTANT), path, why="Nhập hai lần")
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert not Payment.objects.exists()


def test_a_contract_deleted_twice_leads_to_the_same_page(clients, signed):
    path = reverse("projects:contract_withdraw", args=[signed.contracts.get().pk])
    first, second = twice(clients(Role.STAFF), path, why="Nhập hai lần")
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert not Contract.objects.exists()


def test_a_row_of_reference_deleted_twice_leads_to_the_list(clients):
    path = reverse("funding:agency_delete", args=[make.make_agency().pk])
    first, second = twice(clients(Role.ADMIN), path)
    assert (second.status_code, second.url) == (302, first.url)


def test_what_somebody_else_deleted_is_not_found(clients, signed):
    payment = make.advance(signed, 100 * MILLION)
    path = reverse("projects:payment_withdraw", args=[payment.pk])
    first, second = clients(Role.ACCOUNTANT), clients(Role.ACCOUNTANT)
    once = re.search(r'name="once" value="(\w+)"', first.get(path).content.decode())[1]
    assert first.post(path, {"once": once, "why": "Nhập hai lần"}).status_code == 302
    assert second.post(path, {"once": once, "why": "Nhập hai lần"}).status_code == 404


@pytest.mark.parametrize("query", ["nam=abcd", "nam=1", "ngay=khong", "nam=2019&ngay=0001-01-01"])
def test_a_way_back_whose_year_or_day_is_none_leads_to_the_page_without_them(query, clients, signed):
    client = clients(Role.ACCOUNTANT)
    typed = {"step": "tam-ung", "paid_on": "15/4/2019", f"tien_{make.source().pk}": "100tr"}
    path = reverse("projects:payment_new", args=[signed.pk])
    answer = client.post(path, {**typed, "ve": f"/chi-tra/?{query}"})
    assert (answer.status_code, answer.url, client.get(answer.url).status_code) == (302, "/chi-tra/", 200)


@pytest.mark.parametrize("query", ["nguon=KHONGCO", "nam=abcd&nguon=KHONGCO", "dia-ban=99999999999999999999", "nhom=x"])
def test_the_next_line_is_found_whatever_the_way_back_asks(query, clients, signed):
    second = make.make_signed_line(200 * MILLION)
    client = clients(Role.ACCOUNTANT)
    back = f"{reverse('projects:payment_waiting')}?{query}"
    typed = {"step": "tam-ung", "paid_on": "15/4/2019", f"tien_{make.source().pk}": "100tr", "tiep": "1", "ve": back}
    answer = client.post(reverse("projects:payment_new", args=[signed.pk]), typed)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("projects:payment_new", args=[second.pk]))
    assert client.get(answer.url).status_code == 200


def test_a_plan_not_assigned_yet_is_told_once_for_all_lines(clients):
    client, source, own = clients(Role.STAFF), make.source().pk, make.source("DOIUNG").pk
    form = {"code": "KCQG-2019-001", "name": "Đề án nhóm", "kind": "group", "plan_year": "2019", "basis": "approved"}
    form |= {"decision": make.make_decision().pk, "lines-TOTAL_FORMS": "2"}
    for number in range(2):
        form |= {
            f"lines-moi{number}-beneficiary": make.make_beneficiary().pk,
            f"lines-moi{number}-has_contract": "on",
            f"lines-moi{number}-tien_{source}": "100tr",
            f"lines-moi{number}-tien_{own}": "200tr",
            f"lines-moi{number}-may-TOTAL_FORMS": "0",
        }
    saved, looked_at = client.post("/de-an/moi/", form), client.post("/de-an/moi/", {**form, "xem": "1"})
    assert not saved.context["form"].errors, saved.context["form"].part_errors
    for warnings in (saved.context["form"].warnings, looked_at.context["warnings"]):
        assert sum("chưa có quyết định giao kế hoạch" in str(warning) for warning in warnings) == 1
