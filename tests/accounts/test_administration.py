"""People, the office's own data and reference data as pages of the site."""

import re

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from accounts.models import OfficeSettings, Role, User
from funding.models import Activity, FundingSource, SupportNorm
from places.models import Locality
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "Quế-Văn-Yên-2019"


@pytest.fixture
def chief():
    client = Client()
    client.user = make.make_user(Role.ADMIN, username="quantri")
    client.force_login(client.user)
    return client


def person(**fields):
    return {"username": "nguoimoi", "full_name": "Người Mới", "email": "", "role": Role.STAFF, **fields}


# --- people ---


def test_a_new_person_gets_a_password_to_change_at_the_first_log_in(chief, client):
    answer = chief.post("/nguoi-dung/moi/", person())
    row = User.objects.get(username="nguoimoi")
    assert answer.url == f"/nguoi-dung/{row.pk}/mat-khau/"
    assert not row.has_usable_password()
    assert chief.post(answer.url, {"new_password1": PASSWORD, "new_password2": PASSWORD}).url == "/nguoi-dung/"
    assert client.post("/dang-nhap/", {"username": "nguoimoi", "password": PASSWORD}).status_code == 302
    assert client.get("/de-an/").url == "/doi-mat-khau/"


def test_a_weak_password_is_refused(chief):
    row = make.make_user(Role.STAFF)
    answer = chief.post(f"/nguoi-dung/{row.pk}/mat-khau/", {"new_password1": "12345", "new_password2": "12345"})
    assert answer.status_code == 422
    assert "Mật khẩu" in str(answer.context["form"].errors)


def test_the_page_of_anothers_password_begins_at_its_first_field_and_speaks_of_nobody(chief):
    text = chief.get(f"/nguoi-dung/{make.make_user().pk}/mat-khau/").content.decode()
    field = re.search(r'<input[^>]*name="new_password1"[^>]*>', text)[0]
    assert "autofocus" in field and text.count("autofocus") == 1
    assert "ít nhất 10 ký tự" in text and "của bạn" not in text


def test_the_own_password_is_changed_where_everybody_does(chief):
    assert chief.get(f"/nguoi-dung/{chief.user.pk}/mat-khau/").url == "/doi-mat-khau/"


def test_a_local_officer_needs_a_place_of_those_there_are(chief):
    assert chief.post("/nguoi-dung/moi/", person(role=Role.LOCAL)).status_code == 422
    places = [make.make_locality().pk, make.make_locality().pk]
    assert chief.post("/nguoi-dung/moi/", person(role=Role.LOCAL, localities=places)).status_code == 302
    assert set(User.objects.get(username="nguoimoi").localities.values_list("pk", flat=True)) == set(places)


def edit(chief, row, **fields):
    now = {"username": row.username, "full_name": row.full_name, "email": "", "role": row.role, "is_active": "on"}
    return chief.post(f"/nguoi-dung/{row.pk}/", {name: text for name, text in (now | fields).items() if text != "off"})


def test_nobody_raises_the_own_role(chief):
    make.make_user(Role.ADMIN)
    answer = edit(chief, chief.user, role=Role.MANAGER)
    assert answer.status_code == 422
    assert "Không ai tự đổi vai trò của mình" in answer.content.decode()


def test_the_last_administrator_stays(chief):
    answer = edit(chief, chief.user, is_active="off")
    assert answer.status_code == 422
    assert "quản trị cuối cùng" in answer.content.decode()
    chief.user.refresh_from_db()
    assert chief.user.is_active


def test_whoever_left_is_deactivated_and_logged_out(chief, client):
    row = make.make_user(Role.STAFF)
    client.force_login(row)
    assert edit(chief, row, is_active="off").status_code == 302
    assert client.get("/").status_code == 302
    assert "ngừng dùng" in chief.get("/nguoi-dung/").content.decode()


def test_a_name_in_use_is_refused_in_words(chief):
    make.make_user(Role.STAFF, username="nguoimoi")
    answer = chief.post("/nguoi-dung/moi/", person())
    assert answer.status_code == 422 and "đã" in str(answer.context["form"].errors)


def test_a_locked_name_is_told_and_unlocked(chief, client, settings):
    row = make.make_user(Role.STAFF, username="chuyenvien")
    row.set_password(PASSWORD)
    row.save()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post("/dang-nhap/", {"username": "chuyenvien", "password": "sai"})
    assert client.post("/dang-nhap/", {"username": "chuyenvien", "password": PASSWORD}).status_code == 429
    assert "Mở khóa đăng nhập" in chief.get(f"/nguoi-dung/{row.pk}/").content.decode()
    assert chief.post(f"/nguoi-dung/{row.pk}/mo-khoa/").status_code == 302
    assert client.post("/dang-nhap/", {"username": "chuyenvien", "password": PASSWORD}).status_code == 302


def test_a_lock_of_long_ago_is_no_lock(chief, settings):
    row = make.make_user(Role.STAFF)
    AccessAttempt.objects.create(username=row.username, failures_since_start=9)
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME * 2)
    assert "Mở khóa đăng nhập" not in chief.get(f"/nguoi-dung/{row.pk}/").content.decode()


def test_the_page_of_people_says_who_may_do_what(chief):
    text = chief.get("/nguoi-dung/").content.decode()
    assert "Ai được làm gì" in text and "Tiếp nhận đề xuất" in text


# --- the office ---


def test_the_office_signs_otherwise_from_a_day_on(chief):
    form = chief.get("/co-quan-lap-bao-cao/moi/").context["form"]
    row = {field.name: field.value() or "" for field in form.typed_fields}
    row |= {"valid_from": "1/7/2025", "place_name": "Lào Cai", "director_name": "Nguyễn Văn Minh Họa"}
    assert chief.post("/co-quan-lap-bao-cao/moi/", row).status_code == 302
    assert OfficeSettings.objects.in_force(make.day("2025-07-01")).place_name == "Lào Cai"
    assert OfficeSettings.objects.in_force(make.day("2025-06-30")).place_name == "Yên Bái"


def test_a_further_row_of_the_office_begins_as_the_last_one(chief):
    OfficeSettings.objects.create(valid_from=make.day("2025-07-01"), place_name="Lào Cai")
    form = chief.get("/co-quan-lap-bao-cao/moi/").context["form"]
    assert (form["place_name"].value(), form["valid_from"].value()) == ("Lào Cai", "")


# --- reference data ---


def test_a_source_keeps_its_code_and_what_counts(chief):
    row = FundingSource.objects.get(code="KCH")
    path = f"/danh-muc/nguon/{row.pk}/"
    answer = chief.post(path, {"name": "Khuyến công huyện", "level": row.level, "position": 3, "code": "X"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.name, row.code, row.is_counted) == ("Khuyến công huyện", "KCH", True)
    assert "thành “Khuyến công huyện”" in chief.get(path).content.decode()


def test_a_renamed_agency_keeps_its_name_for_the_days_before(chief):
    row = make.make_agency("Sở Công Thương Yên Bái")
    path = f"/danh-muc/co-quan/{row.pk}/"
    typed = {"name": "Sở Công Thương Lào Cai", "level": "province", "used_until": "30/6/2025"}
    assert chief.post(path, typed).status_code == 302
    row.refresh_from_db()
    assert row.name_on(make.day("2025-06-30")) == "Sở Công Thương Yên Bái"
    assert "Sở Công Thương Yên Bái" in chief.get(path).content.decode()
    assert "Lào Cai" in chief.get("/danh-muc/co-quan/?q=cong+thuong+yen+bai").content.decode()


def test_two_agencies_of_one_name_are_refused(chief):
    make.make_agency("Cục Công Thương")
    assert chief.post("/danh-muc/co-quan/moi/", {"name": "cục công thương", "level": "national"}).status_code == 422


def test_an_administrator_adds_an_activity(chief):
    content = Activity.objects.get(code="ND1")
    row = {"code": "HD99", "name": "Hoạt động thử", "parent": content.pk, "is_leaf": "on", "position": 5}
    assert chief.post("/danh-muc/noi-dung/moi/", row).status_code == 302
    assert Activity.objects.get(code="HD99").parent == content


def norm(**fields):
    row = {"code": "T01", "level": "province", "name": "Mức thử", "multiplier": "none", "legal_basis": "Nghị quyết thử"}
    return row | {"valid_from": "1/1/2020", "ceiling_vnd": "200 triệu"} | fields


def test_a_norm_may_not_overlap_another_of_its_code_and_level(chief):
    assert chief.post("/danh-muc/muc-ho-tro/moi/", norm()).status_code == 302
    refused = chief.post("/danh-muc/muc-ho-tro/moi/", norm(valid_from="1/1/2023"))
    assert refused.status_code == 422
    assert "đã có một dòng áp dụng từ 01/01/2020 đến nay" in refused.content.decode()
    old = SupportNorm.objects.get(code="T01")
    assert chief.post(f"/danh-muc/muc-ho-tro/{old.pk}/", norm(valid_to="31/12/2022")).status_code == 302
    assert chief.post("/danh-muc/muc-ho-tro/moi/", norm(valid_from="1/1/2023")).status_code == 302
    assert chief.post("/danh-muc/muc-ho-tro/moi/", norm(level="national")).status_code == 302


def test_norms_of_the_law_do_not_overlap():
    for row in SupportNorm.objects.all():
        row.clean()


def test_a_place_tells_what_became_of_it(chief):
    place = Locality.objects.get(name="Y Can", level="COMMUNE", valid_to__isnull=False)
    assert "xã Quy Mông" in chief.get(f"/danh-muc/dia-ban/{place.pk}/").content.decode()
    assert "xã Y Can" in chief.get("/danh-muc/dia-ban/?q=y can").content.decode()


@pytest.mark.parametrize("what", ["agency", "locality", "activity", "norm"])
def test_only_what_nothing_hangs_on_is_deleted(what, chief):
    place, agency = make.make_locality(), make.make_agency()
    make.make_decision(agency=agency)
    make.make_line(locality=place)
    free = {
        "agency": make.make_agency(),
        "locality": make.make_locality(),
        "activity": Activity.objects.create(code="HD98", name="Thử"),
        "norm": SupportNorm.objects.first(),
    }[what]
    used = {"agency": agency, "locality": place, "activity": make.activity()}.get(what)
    folder = {"agency": "co-quan", "locality": "dia-ban", "activity": "noi-dung", "norm": "muc-ho-tro"}[what]
    assert chief.post(f"/danh-muc/{folder}/{free.pk}/xoa/", {}).status_code == 302
    assert not type(free).objects.filter(pk=free.pk).exists()
    if used:
        refused = chief.post(f"/danh-muc/{folder}/{used.pk}/xoa/", {})
        assert refused.status_code == 422
        assert {"agency": "1 quyết định", "locality": "1 dòng đề án"}.get(what, "") in refused.content.decode()


def test_the_sources_that_come_with_the_software_stay(chief):
    answer = chief.get(f"/danh-muc/nguon/{make.source().pk}/xoa/")
    assert answer.status_code == 422 and "nguồn có sẵn" in answer.content.decode()


def test_whoever_may_not_change_reads_alone(client):
    client.force_login(make.make_user(Role.STAFF))
    text = client.get("/danh-muc/muc-ho-tro/").content.decode()
    assert "Chỉ xem" in text and "Thêm</a>" not in text


def test_a_list_asks_as_many_questions_for_many_rows_as_for_one(chief, query_count):
    chief.get("/danh-muc/co-quan/")
    make.make_agency()
    one = query_count(lambda: chief.get("/danh-muc/co-quan/"))
    for _ in range(5):
        make.make_agency()
    assert query_count(lambda: chief.get("/danh-muc/co-quan/")) == one


def test_a_percentage_that_no_norm_can_have_is_refused_in_words(chief):
    norm = {"code": "T01", "level": "national", "name": "Mức thử", "legal_basis": "Văn bản thử"}
    more = {"multiplier": "none", "percent_max": "-1", "valid_from": "1/1/2019"}
    answer = chief.post("/danh-muc/muc-ho-tro/moi/", norm | more)
    assert answer.status_code == 422
    assert "không quá 100 %." in answer.text


@pytest.mark.parametrize("typed_id", ["²", "9" * 25])
def test_a_place_that_can_be_none_is_an_error_at_its_field(typed_id, chief):
    answer = chief.post("/nguoi-dung/moi/", person(role=Role.LOCAL, localities=[typed_id]))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["localities"])
