"""What every form of entry keeps to, shown on that of an establishment: once, both versions, reasons, ways back."""

import re

import pytest
from django.test import Client

from accounts.models import Role, Submission
from projects.models import Beneficiary
from tests import factories as make

NEW = "/co-so/moi/"


@pytest.fixture
def clerk(db):
    return logged_in(Role.STAFF)


def logged_in(role):
    client = Client()
    client.force_login(make.make_user(role))
    return client


def hidden(client, path):
    """The hidden parts of a form as opened."""
    text = client.get(path).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("once", "opened")}


def typed(name="HTX Minh Họa", **fields):
    return {"name": name, "kind": Beneficiary.Kind.COOPERATIVE, **fields}


def test_the_same_form_sent_twice_makes_one_row_and_leads_to_the_same_page(clerk):
    form = hidden(clerk, NEW) | typed()
    first, second = clerk.post(NEW, form), clerk.post(NEW, form)
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert Beneficiary.objects.filter(name="HTX Minh Họa").count() == 1


def test_a_refused_form_can_be_sent_again(clerk):
    form = hidden(clerk, NEW)
    assert clerk.post(NEW, form | typed("")).status_code == 422
    assert clerk.post(NEW, form | typed()).status_code == 302


def test_a_token_of_somebody_else_makes_no_row_and_gives_nothing_away(clerk):
    other = logged_in(Role.STAFF)
    form = hidden(clerk, NEW) | typed()
    assert clerk.post(NEW, form).status_code == 302
    assert other.post(NEW, form).url == NEW
    assert Beneficiary.objects.filter(name="HTX Minh Họa").count() == 1


def test_a_look_at_the_effects_keeps_nothing(clerk):
    answer = clerk.post(NEW, hidden(clerk, NEW) | typed() | {"xem": "1"})
    assert answer.status_code == 200
    assert not Beneficiary.objects.filter(name="HTX Minh Họa").exists()
    assert not Submission.objects.exists()


def test_save_and_continue_opens_the_form_again(clerk):
    assert clerk.post(NEW, hidden(clerk, NEW) | typed() | {"tiep": "1"}).url == NEW


@pytest.mark.parametrize("back", ["https://noi-khac.example/", "//noi-khac.example/", "javascript:alert(1)", "\\\\x"])
def test_the_way_back_stays_on_this_site(back, clerk):
    assert clerk.post(NEW, hidden(clerk, NEW) | typed() | {"ve": back}).url.startswith("/co-so/")


def test_the_way_back_is_the_page_one_came_from(clerk):
    assert clerk.post(NEW, hidden(clerk, NEW) | typed() | {"ve": "/de-an/?nam=2019"}).url == "/de-an/?nam=2019"


def test_the_second_who_saves_is_shown_both_versions_field_by_field(clerk):
    row = make.make_beneficiary("HTX Cũ", phone="01")
    path, other = f"/co-so/{row.pk}/sua/", logged_in(Role.MANAGER)
    mine, theirs = hidden(clerk, path), hidden(other, path)
    assert other.post(path, theirs | typed("HTX Cũ", phone="02")).status_code == 302
    answer = clerk.post(path, mine | typed("HTX Cũ", phone="03", address="Thôn 1"))
    clashes = answer.context["form"].clashes
    assert answer.status_code == 422
    assert [(clash.label, clash.theirs.text, clash.mine.text) for clash in clashes] == [("Điện thoại", "02", "03")]
    row.refresh_from_db()
    assert (row.phone, row.address) == ("02", "")


@pytest.mark.parametrize(("choice", "kept"), [("mine", "03"), ("theirs", "02")])
def test_what_is_chosen_of_two_versions_is_saved(choice, kept, clerk):
    row = make.make_beneficiary("HTX Cũ", phone="01")
    path, other = f"/co-so/{row.pk}/sua/", logged_in(Role.MANAGER)
    mine, theirs = hidden(clerk, path), hidden(other, path)
    other.post(path, theirs | typed("HTX Cũ", phone="02"))
    seen = clerk.post(path, mine | typed("HTX Cũ", phone="03")).context["opened"]
    again = mine | {"opened": seen, "chon-phone": choice} | typed("HTX Cũ", phone="03", address="Thôn 1")
    assert clerk.post(path, again).status_code == 302
    row.refresh_from_db()
    assert (row.phone, row.address) == (kept, "Thôn 1")


def test_an_edit_of_another_field_alone_is_no_clash_but_a_choice(clerk):
    row = make.make_beneficiary("HTX Cũ", phone="01")
    path, other = f"/co-so/{row.pk}/sua/", logged_in(Role.MANAGER)
    mine, theirs = hidden(clerk, path), hidden(other, path)
    other.post(path, theirs | typed("HTX Cũ", phone="02"))
    (clash,) = clerk.post(path, mine | typed("HTX Cũ", phone="01", address="Thôn 1")).context["form"].clashes
    assert (clash.label, clash.is_untouched) == ("Điện thoại", True)


def test_a_new_name_with_its_day_keeps_the_old_one_for_the_days_before(clerk):
    row = make.make_beneficiary("HTX Tên Cũ")
    path = f"/co-so/{row.pk}/sua/"
    assert clerk.post(path, hidden(clerk, path) | typed("HTX Tên Mới", used_until="31/5/2019")).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.name_on(make.day("2019-05-31")), row.name_on(make.day("2019-06-01"))) == (
        "HTX Tên Mới",
        "HTX Tên Cũ",
        "HTX Tên Mới",
    )


def test_the_history_names_who_entered_it(clerk):
    clerk.post(NEW, hidden(clerk, NEW) | typed())
    assert Beneficiary.objects.get(name="HTX Minh Họa").history.get().history_user.role == Role.STAFF


@pytest.mark.parametrize("typed_id", ["²", "9" * 25, "-1", "abc"])
def test_an_id_that_can_be_none_is_an_error_at_its_field(typed_id, clerk):
    answer = clerk.post(NEW, hidden(clerk, NEW) | typed(locality=typed_id))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["locality"])


def test_a_long_way_back_is_kept_whole_and_a_second_submit_still_makes_no_row(clerk):
    back = "/de-an/?q=" + "a" * 600
    form = hidden(clerk, NEW) | typed() | {"ve": back}
    assert [clerk.post(NEW, form).url for _ in range(2)] == [back, back]
    assert all(len(row.answer) <= 500 for row in Submission.objects.all())


def test_the_plan_year_goes_along_to_the_page_after_saving(clerk):
    path = f"{NEW}?nam=2019"
    assert clerk.post(path, hidden(clerk, path) | typed()).url.endswith("?nam=2019")


def test_a_row_deleted_meanwhile_is_told_and_nothing_breaks(clerk):
    row = make.make_beneficiary("HTX Sẽ Xóa")
    path = f"/co-so/{row.pk}/sua/"
    form = hidden(clerk, path)
    row.delete()
    assert clerk.post(path, form | typed("HTX Sẽ Xóa")).status_code == 404
