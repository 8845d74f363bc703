"""Former names of agencies and what became of places, kept by administrators; what they delete stays away."""

import pytest
from django.test import Client

from accounts.models import Role
from funding import reference as funding_reference
from funding.models import Activity, AgencyFormerName, SupportNorm
from places import reference as places_reference
from places.models import Locality, LocalitySuccession
from tests import factories as make

pytestmark = pytest.mark.django_db
NAMES, CHANGES = "/danh-muc/ten-cu-co-quan/", "/danh-muc/thay-doi-dia-ban/"


@pytest.fixture
def chief():
    client = Client()
    client.force_login(make.make_user(Role.ADMIN))
    return client


def errors(answer):
    assert answer.status_code == 422
    return " ".join(str(error) for errors in answer.context["form"].errors.values() for error in errors)


# --- former names ---


def test_a_former_name_is_added_from_the_page_of_its_agency_and_mended(chief):
    agency = make.make_agency("Cục Công Thương địa phương")
    page = f"/danh-muc/co-quan/{agency.pk}/"
    assert f"{NAMES}moi/?agency={agency.pk}" in chief.get(page).text
    assert chief.get(f"{NAMES}moi/?agency={agency.pk}").context["form"]["agency"].value() == str(agency.pk)
    typed = {"agency": agency.pk, "name": "Cục Công nghiệp địa phương", "used_until": "31/12/2017", "ve": page}
    assert chief.post(f"{NAMES}moi/", typed).url == page
    row = AgencyFormerName.objects.get()
    assert "Cục Công nghiệp địa phương" in chief.get(page).text
    assert chief.post(f"{NAMES}{row.pk}/", typed | {"used_until": "30/6/2018"}).status_code == 302
    assert agency.name_on(make.day("2018-06-30")) == "Cục Công nghiệp địa phương"
    assert row.history.first().history_user.role == Role.ADMIN
    assert chief.post(f"{NAMES}{row.pk}/xoa/").status_code == 302
    assert agency.name_on(make.day("2018-06-30")) == "Cục Công Thương địa phương"


def test_two_names_of_one_agency_do_not_end_on_one_day(chief):
    agency = make.make_agency()
    AgencyFormerName.objects.create(agency=agency, name="Tên trước", used_until=make.day("2017-12-31"))
    typed = {"agency": agency.pk, "name": "Tên khác", "used_until": "31/12/2017"}
    assert "Đã có tên “Tên trước”" in errors(chief.post(f"{NAMES}moi/", typed))


# --- what became of places ---


def test_a_merger_is_told_from_the_page_of_the_place(chief):
    old, new = make.make_locality("Cũ"), make.make_locality("Mới")
    page = f"/danh-muc/dia-ban/{old.pk}/"
    assert f"{CHANGES}moi/?old={old.pk}" in chief.get(page).text
    typed = {"old": old.pk, "new": new.pk, "kind": "MERGE", "on": "1/7/2025", "legal_basis": "Nghị quyết thử"}
    assert chief.post(f"{CHANGES}moi/", typed).status_code == 302
    assert "huyện Mới" in chief.get(page).text and "Lập từ huyện Cũ" in chief.get(f"/danh-muc/dia-ban/{new.pk}/").text
    assert new in Locality.objects.filter(pk=old.pk).reach()
    row = old.became.get()
    assert chief.post(f"{CHANGES}{row.pk}/", typed | {"kind": "RENAME"}).status_code == 302
    assert "huyện Cũ" in chief.get(f"{CHANGES}?q=moi").text
    assert chief.post(f"{CHANGES}{row.pk}/xoa/").status_code == 302
    assert not old.became.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"on": "2/7/2025"}, "Cũ đã hết từ sau ngày 30/06/2025"),
        ({"on": "1/6/2025"}, "Mới chỉ có từ ngày 01/07/2025"),
        ({"new": ""}, "Chưa chọn"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(more, said, chief):
    old = make.make_locality("Cũ", valid_to=make.day("2025-06-30"))
    new = make.make_locality("Mới", valid_from=make.day("2025-07-01"))
    typed = {"old": old.pk, "new": new.pk, "kind": "MERGE", "on": "1/7/2025"}
    assert said in errors(chief.post(f"{CHANGES}moi/", typed | more))


def test_a_place_becomes_another_not_itself(chief):
    old = make.make_locality()
    typed = {"old": old.pk, "new": old.pk, "kind": "MERGE", "on": "1/7/2025"}
    assert "phải khác đơn vị cũ" in errors(chief.post(f"{CHANGES}moi/", typed))


# --- what is deleted or led elsewhere stays so ---


def test_a_norm_and_an_activity_that_somebody_deleted_stay_away(chief):
    norm = SupportNorm.objects.get(code="N08c", valid_to=None)
    leaf = Activity.objects.get(code="HD24")
    assert chief.post(f"/danh-muc/muc-ho-tro/{norm.pk}/xoa/").status_code == 302
    assert chief.post(f"/quan-tri/funding/activity/{leaf.pk}/delete/", {"post": "yes"}).status_code == 302
    funding_reference.load_reference()
    assert not SupportNorm.objects.filter(code="N08c", valid_to=None).exists()
    assert not Activity.objects.filter(code="HD24").exists()


def test_a_norm_with_another_first_day_is_not_joined_by_the_one_it_was():
    norm = SupportNorm.objects.get(code="N08c", valid_to=None)
    norm.valid_from = make.day("2018-06-01")
    norm.save()
    funding_reference.load_reference()
    assert SupportNorm.objects.get(code="N08c", valid_to=None) == norm


def test_a_place_that_comes_with_the_software_is_not_deleted(chief):
    place = Locality.objects.get(name="Y Can", valid_to__isnull=False)
    assert "ghi ngày hết" in chief.get(f"/danh-muc/dia-ban/{place.pk}/xoa/").text
    assert chief.post(f"/quan-tri/places/locality/{place.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_change_led_elsewhere_stays_so_and_the_last_one_is_not_deleted(chief):
    (row,) = Locality.objects.get(name="Y Can", valid_to__isnull=False).became.all()
    refused = chief.post(f"{CHANGES}{row.pk}/xoa/")
    assert refused.status_code == 422 and "cần ít nhất một đơn vị kế tiếp" in refused.text
    row.new = Locality.objects.get(name="Trấn Yên", valid_to=None)
    row.save()
    split = LocalitySuccession.objects.filter(kind="SPLIT").last()
    assert chief.post(f"{CHANGES}{split.pk}/xoa/").status_code == 302
    count = LocalitySuccession.objects.count()
    places_reference.load_reference()
    assert LocalitySuccession.objects.count() == count
    assert row.old.became.get() == row
