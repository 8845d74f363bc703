import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import OfficeSettings, Role, User
from accounts.permissions import ALLOWED, Action, can, places_of, require, who_can
from accounts.services import save_user
from khuyencong.errors import NotAllowed
from places.models import Locality

pytestmark = pytest.mark.django_db

# design.md 2, a line a role: what it may do beside seeing.
TABLE = {
    Role.STAFF: "SEE_ALL ENTER_FACTS PROPOSE",
    Role.MANAGER: "SEE_ALL ENTER_FACTS PROPOSE ACCEPT_PROPOSALS MEND_CLOSED CLOSE_PERIOD",
    Role.ACCOUNTANT: "SEE_ALL PAY SETTLE",
    Role.LOCAL: "PROPOSE",
    Role.VIEWER: "SEE_ALL",
    Role.ADMIN: "SEE_ALL MANAGE_USERS MANAGE_REFERENCE",
}


def make(username, role=Role.STAFF, **fields):
    return User.objects.create_user(username, password="Quế-Văn-Yên-2019", role=role, **fields)


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says_and_nothing_else(role):
    person = User(username="x", role=role)
    assert {action.name for action in Action if can(person, action)} == set(TABLE[role].split())


def test_every_role_has_a_line_in_the_table():
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize("action", Action)
def test_a_deactivated_person_may_do_nothing(action):
    assert not any(can(User(username="x", role=role, is_active=False), action) for role in Role)


def test_a_view_that_requires_an_action_answers_whoever_may_and_refuses_others():
    @require(Action.PAY)
    def pay(request):
        return HttpResponse("đã ghi")

    request = RequestFactory().get("/")
    request.user = make("ketoan", Role.ACCOUNTANT)
    assert pay(request).status_code == 200
    request.user = make("lanhdao", Role.MANAGER)
    with pytest.raises(PermissionDenied, match="Việc này dành cho: Kế toán."):
        pay(request)


def test_who_can_names_the_roles_in_words():
    assert who_can(Action.ENTER_FACTS) == ["Chuyên viên", "Lãnh đạo"]


def test_a_local_officer_is_confined_to_own_places_and_their_successors():
    officer = make("diaphuong", Role.LOCAL)
    officer.localities.add(Locality.objects.get(name="Trấn Yên", level="DISTRICT"))
    names = {place.full_name for place in places_of(officer).with_parents()}
    assert {"huyện Trấn Yên", "xã Y Can, huyện Trấn Yên", "xã Quy Mông"} <= names
    assert "huyện Văn Yên" not in names
    assert places_of(make("nguoixem", Role.VIEWER)) is None


def test_a_local_officer_without_places_sees_none():
    assert not places_of(make("diaphuong", Role.LOCAL)).exists()


def test_only_an_administrator_is_let_into_the_admin():
    for role in Role:
        person = User(username="x", role=role)
        expected = role == Role.ADMIN
        assert (person.is_staff, person.is_superuser, person.has_perm("funding.add_decision")) == (expected,) * 3
        assert person.has_module_perms("funding") is expected


def test_createsuperuser_makes_an_administrator():
    chief = User.objects.create_superuser("chu", "chu@example.vn", "Quế-Văn-Yên-2019")
    assert chief.role == Role.ADMIN
    assert chief.check_password("Quế-Văn-Yên-2019")


def test_a_person_is_called_by_full_name_else_by_log_in_name():
    assert str(User(username="ketoan", full_name="Đỗ Thị Ánh")) == "Đỗ Thị Ánh"
    assert User(username="ketoan").get_full_name() == "ketoan"


def test_the_database_knows_the_roles():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", role="BOSS")


def test_nobody_changes_the_own_role():
    first, _ = make("quantri", Role.ADMIN), make("quantri2", Role.ADMIN)
    first.role = Role.MANAGER
    with pytest.raises(NotAllowed, match="Không ai tự đổi vai trò của mình"):
        save_user(user=first, by=first)
    first.refresh_from_db()
    assert first.role == Role.ADMIN


def test_another_administrator_may_change_a_role():
    first, second = make("quantri", Role.ADMIN), make("quantri2", Role.ADMIN)
    first.role = Role.STAFF
    save_user(user=first, by=second)
    first.refresh_from_db()
    assert first.role == Role.STAFF


def deactivate(person, by=None):
    person.is_active = False
    save_user(user=person, by=by)


def test_the_last_active_administrator_stays():
    chief = make("quantri", Role.ADMIN)
    make("cu", Role.ADMIN, is_active=False)
    with pytest.raises(NotAllowed, match="quản trị cuối cùng còn hoạt động"):
        deactivate(chief)
    chief.refresh_from_db()
    assert chief.is_active


def test_one_of_two_administrators_may_be_deactivated():
    chief, other = make("quantri", Role.ADMIN), make("quantri2", Role.ADMIN)
    deactivate(other, by=chief)
    assert list(User.objects.administrators()) == [chief]


def test_office_settings_are_those_of_the_day():
    OfficeSettings.objects.create(valid_from=datetime.date(2019, 1, 1), director_name="Nguyễn Văn A")
    OfficeSettings.objects.create(valid_from=datetime.date(2025, 7, 1), place_name="Lào Cai")
    in_force = OfficeSettings.objects.in_force
    assert in_force(datetime.date(2025, 6, 30)).director_name == "Nguyễn Văn A"
    assert in_force(datetime.date(2025, 7, 1)).place_name == "Lào Cai"


def test_before_any_office_settings_the_report_has_its_head_and_no_names():
    settings = OfficeSettings.objects.in_force(datetime.date(2019, 5, 31))
    assert (settings.parent_agency, settings.short_code) == ("SỞ CÔNG THƯƠNG TỈNH YÊN BÁI", "TTKC")
    assert settings.director_name == settings.accountant_name == settings.preparer_name == ""
    assert not OfficeSettings.objects.exists()
