"""The form of an establishment: its kind told by its name, and the way to its correction."""

import pytest

from accounts.models import Role
from projects.models import Beneficiary
from tests.factories import make_beneficiary, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_role(client):
    """A function: logs ``role`` in and answers the client."""

    def log_in(role):
        client.force_login(make_user(role))
        return client

    return log_in


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Công ty TNHH một thành viên Mường Lò", "company"),
        ("HTX Chè Suối Giàng", "cooperative"),
        ("Hợp tác xã Quế Văn Yên", "cooperative"),
        ("Hộ kinh doanh Nguyễn Văn A", "household"),
        ("Cơ sở mộc Trấn Yên", "other"),
        ("HTXX", "other"),
    ],
)
def test_a_new_establishment_is_of_the_kind_its_name_tells(as_role, name, kind):
    as_role(Role.STAFF).post("/co-so/moi/", {"name": name, "kind": ""})
    assert Beneficiary.objects.get(name=name).kind == kind


def test_a_kind_that_is_chosen_stays(as_role):
    as_role(Role.STAFF).post("/co-so/moi/", {"name": "Công ty Mường Lò", "kind": "other"})
    assert Beneficiary.objects.get().kind == "other"


def test_the_page_leads_whoever_may_enter_to_its_correction(as_role):
    page = make_beneficiary().get_absolute_url()
    link = f'href="{page}sua/?ve={page}"'
    assert link in as_role(Role.STAFF).get(page).content.decode()
    assert link not in as_role(Role.VIEWER).get(page).content.decode()


@pytest.fixture
def former():
    """A former name, typed wrong."""
    return make_beneficiary("HTX Suối Giàng").former_names.create(name="HTX Suố Giang", used_until="2018-06-30")


def test_a_slip_in_a_former_name_and_its_day_is_mended_in_place(as_role, former):
    client, page = as_role(Role.STAFF), f"/ten-cu/{former.pk}/sua/"
    assert f'href="{page}?ve=' in client.get(former.beneficiary.get_absolute_url()).content.decode()
    assert client.post(page, {"name": "HTX Suối Giang", "used_until": "31/12/2018"}).status_code == 302
    former.refresh_from_db()
    assert (former.name, former.name_key, former.used_until.isoformat()) == (
        "HTX Suối Giang",
        "htx suoi giang",
        "2018-12-31",
    )


def test_two_former_names_do_not_end_on_one_day(as_role, former):
    other = former.beneficiary.former_names.create(name="Tổ chè", used_until="2016-12-31")
    answer = as_role(Role.STAFF).post(f"/ten-cu/{other.pk}/sua/", {"name": "Tổ chè", "used_until": "30/6/2018"})
    assert answer.status_code == 422
    assert "Đã có tên “HTX Suố Giang”" in answer.content.decode()


def test_a_former_name_is_taken_out_with_its_reason(as_role, former):
    client, page = as_role(Role.STAFF), f"/ten-cu/{former.pk}/xoa/"
    assert "mang tên “HTX Suối Giàng”" in client.get(page).content.decode()
    assert client.post(page, {"why": ""}).status_code == 422
    assert client.post(page, {"why": "Ghi nhầm cơ sở"}).status_code == 302
    assert not former.beneficiary.former_names.exists()
    assert former.history.first().history_change_reason == "Ghi nhầm cơ sở"
