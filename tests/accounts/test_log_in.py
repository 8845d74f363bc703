import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Role, User

pytestmark = pytest.mark.django_db

PASSWORD = "Quế-Văn-Yên-2019"


@pytest.fixture
def person():
    return User.objects.create_user("chuyenvien", password=PASSWORD, role=Role.STAFF)


@pytest.fixture
def newcomer():
    """Whose password another person chose."""
    return User.objects.create_user("chuyenvien", password=PASSWORD, role=Role.STAFF, must_change_password=True)


@pytest.fixture
def chief():
    return User.objects.create_user("quantri", password=PASSWORD, role=Role.ADMIN)


def log_in(client, password=PASSWORD, username="chuyenvien", **more):
    return client.post("/dang-nhap/", {"username": username, "password": password, **more})


def test_a_person_logs_in_and_out(client, person):
    assert log_in(client, next="/de-an/").headers["Location"] == "/de-an/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.post("/dang-xuat/").headers["Location"] == "/dang-nhap/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("next_page", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_log_in_leads_to_no_other_site(client, person, next_page):
    assert log_in(client, next=next_page).headers["Location"] == "/"


def test_a_wrong_password_and_a_deactivated_person_get_the_same_sentence(client, person):
    wrong = log_in(client, "sai").context["form"].errors
    person.is_active = False
    person.save()
    assert log_in(client).context["form"].errors == wrong
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in str(wrong)


def test_what_is_left_empty_is_asked_for(client):
    errors = log_in(client, "", username="").context["form"].errors
    assert errors == {"username": ["Chưa nhập tên đăng nhập."], "password": ["Chưa nhập mật khẩu."]}


def test_five_wrong_passwords_lock_that_name_for_a_while_and_nobody_else(client, person, chief):
    answers = [log_in(client, "sai") for _ in range(5)]
    assert answers[-1].status_code == 429
    assert "Tạm khóa đăng nhập" in answers[-1].content.decode()
    assert log_in(client).status_code == 429
    assert log_in(client, username="quantri").status_code == 302


def wrong(client, forwarded):
    return client.post(
        "/dang-nhap/", {"username": "chuyenvien", "password": "sai"}, headers={"X-Forwarded-For": forwarded}
    )


def test_behind_a_proxy_a_name_is_locked_at_one_address_alone(client, person, settings):
    settings.PROXIES = 1
    # What stands before the proxy's own entry was made up by the client.
    answers = [wrong(client, f"10.0.0.{made_up}, 203.0.113.5") for made_up in range(5)]
    assert answers[-1].status_code == 429
    assert wrong(client, "198.51.100.7").status_code == 200


@pytest.mark.parametrize("forwarded", ["203.0.113.5", "10.0.0.1, 203.0.113.5", ""])
def test_without_a_proxy_nobody_chooses_the_own_address(client, person, forwarded):
    answers = [wrong(client, f"{made_up}{forwarded}") for made_up in range(5)]
    assert answers[-1].status_code == 429


def change(client, **fields):
    new = "Chè-Suối-Giàng-2020"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new, **fields}
    return client.post("/doi-mat-khau/", data)


def test_a_changed_password_is_told_on_the_next_page_and_no_longer_asked_for(client, newcomer):
    client.force_login(newcomer)
    answer = change(client)
    assert answer.headers["Location"] == "/"
    assert "Đã đổi mật khẩu." in answer.wsgi_request._messages._queued_messages[0].message
    newcomer.refresh_from_db()
    assert newcomer.check_password("Chè-Suối-Giàng-2020")
    assert not newcomer.must_change_password


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old_password": "sai"}, "Mật khẩu đang dùng không đúng."),
        ({"new_password2": "khác"}, "Hai lần nhập mật khẩu mới không giống nhau."),
        ({"new_password1": PASSWORD, "new_password2": PASSWORD}, "Mật khẩu mới phải khác mật khẩu đang dùng."),
        ({"new_password1": "ngắn", "new_password2": "ngắn"}, "Mật khẩu phải có ít nhất 10 ký tự."),
        ({"new_password1": ""}, "Chưa nhập mật khẩu."),
    ],
)
def test_a_password_that_cannot_be_is_refused_in_vietnamese(client, newcomer, fields, sentence):
    client.force_login(newcomer)
    assert sentence in str(change(client, **fields).context["form"].errors)
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)
    assert newcomer.must_change_password


def test_whoever_must_change_the_password_sees_no_other_page(client, newcomer):
    assert log_in(client, next="/de-an/").headers["Location"] == "/de-an/"
    for address in ("/", "/de-an/", "/quan-tri/", "/bao-cao/thang/2019-05.xlsx"):
        assert client.get(address).headers["Location"] == "/doi-mat-khau/", address
    assert "do người khác đặt" in client.get("/doi-mat-khau/").content.decode()
    part = client.get("/de-an/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/doi-mat-khau/"
    assert client.get("/suc-khoe/").status_code == 200
    change(client)
    assert client.get("/de-an/").status_code == 200


def test_whoever_must_change_the_password_may_log_out_instead(client, newcomer):
    client.force_login(newcomer)
    assert client.post("/dang-xuat/").headers["Location"] == "/dang-nhap/"


@pytest.mark.parametrize("password", ["ngắn", "12345678901", "chuyenvien1", "password12"])
def test_password_faults_are_told_in_vietnamese(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, User(username="chuyenvien"))
    assert all("ật khẩu" in message for message in refusal.value.messages)


def test_an_administrator_keeps_people(client, chief):
    client.force_login(chief)
    data = {"username": "moi", "password1": PASSWORD, "password2": PASSWORD, "role": "STAFF", "full_name": "Lò Thị Mơ"}
    answer = client.post("/quan-tri/accounts/user/add/", {**data, "usable_password": "true"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert User.objects.get(username="moi").get_full_name() == "Lò Thị Mơ"


def reset(client, person, **fields):
    data = {"password1": "Chè-Suối-Giàng-2020", "password2": "Chè-Suối-Giàng-2020", "usable_password": "true"}
    return client.post(f"/quan-tri/accounts/user/{person.pk}/password/", {**data, **fields})


def test_a_password_that_an_administrator_set_anew_is_changed_at_the_next_log_in(client, chief, person):
    client.force_login(chief)
    assert reset(client, person, password2="khác").status_code == 200
    person.refresh_from_db()
    assert not person.must_change_password
    assert reset(client, person).status_code == 302
    person.refresh_from_db()
    assert person.check_password("Chè-Suối-Giàng-2020")
    assert person.must_change_password


def test_administrators_change_their_own_password_where_everybody_does(client, chief):
    client.force_login(chief)
    assert reset(client, chief).headers["Location"] == "/doi-mat-khau/"
    chief.refresh_from_db()
    assert chief.check_password(PASSWORD)


def edit(client, person, **fields):
    data = {"username": person.username, "role": person.role, "full_name": "", "email": "", "is_active": "on"}
    data = {key: value for key, value in {**data, **fields}.items() if value is not None}
    return client.post(f"/quan-tri/accounts/user/{person.pk}/change/", data)


def test_a_local_officer_needs_a_place(client, chief, person):
    client.force_login(chief)
    errors = edit(client, person, role="LOCAL").context["adminform"].form.errors
    assert errors == {"localities": ["Cán bộ địa phương phải có ít nhất một địa bàn phụ trách."]}


def test_the_admin_refuses_to_raise_the_own_role_or_to_lose_the_last_administrator(client, chief):
    client.force_login(chief)
    errors = str(edit(client, chief, role="MANAGER").context["adminform"].form.errors)
    assert "Không ai tự đổi vai trò của mình" in errors
    errors = str(edit(client, chief, is_active=None).context["adminform"].form.errors)
    assert "quản trị cuối cùng còn hoạt động" in errors


def test_people_are_not_deleted(client, chief, person):
    client.force_login(chief)
    assert client.post(f"/quan-tri/accounts/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize(
    "path", ["", "accounts/user/", "accounts/officesettings/", "places/locality/", "places/locality/add/"]
)
def test_the_admin_is_for_administrators_alone(client, chief, person, path):
    address = f"/quan-tri/{path}"
    assert client.get(address, follow=True).request["PATH_INFO"] == "/dang-nhap/"
    client.force_login(person)
    assert client.get(address, follow=True).status_code == 403
    client.force_login(chief)
    assert client.get(address).status_code == 200


def test_a_place_is_found_in_the_admin_without_diacritics(client, chief):
    client.force_login(chief)
    page = client.get("/quan-tri/places/locality/?q=tran+yen").content.decode()
    assert "huyện Trấn Yên" in page
    assert "huyện Văn Chấn" not in page.split('id="result_list"')[1]
