"""A session ends some hours after its last use, and with the browser unless one asked to stay logged in."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Role, User
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "Quế-Văn-Yên-2019"


@pytest.fixture
def person():
    return User.objects.create_user("chuyenvien", password=PASSWORD, role=Role.STAFF)


def log_in(client, **more):
    return client.post("/dang-nhap/", {"username": "chuyenvien", "password": PASSWORD, **more})


def test_a_session_goes_with_the_browser(client, person):
    assert log_in(client).cookies["sessionid"]["max-age"] == ""


def test_whoever_asks_stays_logged_in_for_eight_hours(client, person):
    assert log_in(client, remember="on").cookies["sessionid"]["max-age"] == 8 * 3600


@pytest.mark.parametrize("more", [{}, {"remember": "on"}])
def test_on_the_server_it_ends_eight_hours_after_the_last_use(more, client, person):
    log_in(client, **more)
    left = Session.objects.get().expire_date - timezone.now()
    assert 7.9 * 3600 < left.total_seconds() <= 8 * 3600
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/de-an/").url.startswith("/dang-nhap/")


def test_using_it_moves_the_end_on_but_not_at_every_page(client, person, query_count):
    log_in(client)
    session = client.session
    session["last_use"] = int(time.time()) - 3600
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=7))
    client.get("/doi-mat-khau/")
    moved = Session.objects.get().expire_date
    assert moved - timezone.now() > timedelta(hours=7.9)
    client.get("/doi-mat-khau/")
    assert Session.objects.get().expire_date == moved


def test_a_page_read_soon_after_log_in_writes_nothing(client, no_writes):
    client.force_login(make.make_user(Role.STAFF))
    with no_writes():
        assert client.get("/danh-muc/").status_code == 200
