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
