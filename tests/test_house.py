"""The frame around every page: log-in, refusals, health, headers, preparing the database."""

import stat

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from khuyencong import demo_logins
from khuyencong.errors import NotAllowed, Refused
from khuyencong.htmx import wants_fragment
from khuyencong.middleware import RefusalMiddleware

HTMX = {"HX-Request": "true"}
# Pages that look at days before or after the as-of day.
AROUND_THE_DAY = [
    "/",
    "/ke-hoach/",
    "/tien-do/",
    "/so-lieu/den-han/",
    "/so-lieu/kho-khan/",
    "/hop-dong/",
    "/bao-cao/",
    "/bao-cao/thang/",
]


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user("nguoi-thu", password="khong-dung-den")


@pytest.fixture
def logged_in(client, person):
    client.force_login(person)
    return client


def asked(path="/", **headers):
    request = RequestFactory().get(path, headers=headers)
    request.htmx = HtmxDetails(request)
    return request


# --- who is let in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/de-an/", "/khong-co-trang-nay/", "/khong-co", "/quan-tri/", "/quan-tri/x/"])
def test_a_stranger_is_sent_to_the_log_in_from_every_address(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/?next=")


def test_an_expired_session_sends_the_whole_page_to_the_log_in(client, db):
    answer = client.get("/de-an/", headers={**HTMX, "HX-Current-URL": "http://testserver/de-an/?nam=2019"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["HX-Redirect"] == "/dang-nhap/?next=/de-an/%3Fnam%3D2019"


def test_an_unknown_address_is_not_found(logged_in):
    assert logged_in.get("/khong-co-trang-nay/").status_code == 404


def test_a_forgotten_slash_is_added(logged_in):
    answer = logged_in.get("/suc-khoe?nam=2019")
    assert (answer.status_code, answer["Location"]) == (301, "/suc-khoe/?nam=2019")


@pytest.mark.parametrize("path", ["/quan-tri/", "/quan-tri/accounts/user/", "/quan-tri/login/", "/quan-tri/x/"])
def test_the_admin_tells_whoever_is_no_administrator(logged_in, path):
    assert logged_in.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/suc-khoe/", "/san-sang/"])
def test_a_watcher_is_answered_whatever_else_the_address_says(client, db, path):
    assert client.get(f"{path}?ngay=hom-qua&nam=x").content == b"up"


# --- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["ngay=2019-02-31", "ngay=hom-qua", "nam=hai-nghin", "nam=1"])
@pytest.mark.parametrize("path", ["/", "/de-an/", "/khong-co-trang-nay/"])
def test_a_day_or_year_that_cannot_be_read_is_refused_everywhere(logged_in, path, query):
    answer = logged_in.get(f"{path}?{query}")
    assert answer.status_code == 422
    assert query.partition("=")[2] in answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_far_from_every_plan_year_is_refused(logged_in, day):
    answer = logged_in.get(f"/?ngay={day}")
    assert answer.status_code == 422
    assert "Ngày số liệu phải từ 01/01/2000 đến 31/12/2100." in answer.content.decode()


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_are_answered(logged_in, day):
    answers = {path: logged_in.get(f"{path}?ngay={day}", follow=True).status_code for path in AROUND_THE_DAY}
    assert set(answers.values()) == {200}, answers


def test_a_rule_that_refuses_answers_with_its_reason(person):
    request = asked()
    request.user = person
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    answer = middleware.process_exception(request, NotAllowed("Vượt kế hoạch 5.000.000 đồng.", "/ke-hoach/2019/"))
    assert answer.status_code == 422
    assert "Vượt kế hoạch 5.000.000 đồng." in answer.content.decode()
    assert "/ke-hoach/2019/" in answer.content.decode()


def test_htmx_gets_the_reason_alone(person):
    request = asked(**HTMX)
    request.user = person
    answer = RefusalMiddleware(None).process_exception(request, NotAllowed("Chưa ký hợp đồng."))
    text = answer.content.decode()
    assert "Chưa ký hợp đồng." in text and "<html" not in text


def test_another_error_is_left_to_others():
    assert RefusalMiddleware(None).process_exception(asked(), ValueError()) is None


def test_a_refused_parameter_names_no_way_out():
    assert Refused("Ngày không hợp lệ.").way_out is None


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        ({}, False),
        (HTMX, True),
        ({**HTMX, "HX-Boosted": "true"}, False),
        ({**HTMX, "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_a_fragment_is_for_htmx_that_swaps_a_part(headers, fragment):
    assert wants_fragment(asked(**headers)) is fragment


# --- health ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/suc-khoe/", "/san-sang/"])
def test_the_two_open_pages_say_only_up(client, db, path):
    answer = client.get(path)
    assert (answer.status_code, answer.content) == (200, b"up")


def test_a_migration_left_to_apply_means_not_ready(client, db):
    MigrationRecorder(connection).record_unapplied("accounts", "0001_initial")
    answer = client.get("/san-sang/")
    assert (answer.status_code, answer.content) == (503, b"down")


def test_asking_again_costs_two_queries(client, db, query_count):
    client.get("/san-sang/")
    assert query_count(lambda: client.get("/san-sang/")) <= 2


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_does_not_answer_means_not_ready(client, db, fault):
    def broken(execute, sql, params, many, context):
        raise fault

    with connection.execute_wrapper(broken):
        answer = client.get("/san-sang/")
    assert (answer.status_code, answer.content) == (503, b"down")


# --- what a browser is told ------------------------------------------------------------------------


def test_no_inline_script_or_style_may_run(client, db):
    policy = client.get("/dang-nhap/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_no_other_site_may_frame_a_page(client, db):
    assert client.get("/dang-nhap/")["X-Frame-Options"] == "DENY"


# --- preparing -------------------------------------------------------------------------------------


def test_the_logins_are_kept_for_their_owner_and_their_database_alone(tmp_path, monkeypatch):
    file = tmp_path / "logins"
    file.write_text("open to all")
    monkeypatch.setattr(demo_logins, "LOGINS_FILE", file)
    demo_logins.keep_logins([("chuyenvien", "abc-123"), ("quantri", "x_y")])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert demo_logins.kept_logins() == [("chuyenvien", "abc-123"), ("quantri", "x_y")]
    monkeypatch.setattr(demo_logins, "database_name", lambda: "another")
    assert demo_logins.kept_logins() == []


def test_only_pairs_of_user_and_password_are_kept():
    assert demo_logins.pairs_in("Đã nạp: 21 đề án\nchuyenvien: a-b_c\n") == [("chuyenvien", "a-b_c")]


def test_a_database_that_is_in_use_gets_no_demonstration_data(person, settings, no_writes):
    settings.DEMO = True
    with no_writes():
        call_command("prepare")


def test_a_database_that_somebody_named_stays_empty_unless_asked(db, settings, no_writes):
    settings.DEMO = False
    with no_writes():
        call_command("prepare")


def test_the_guard_fails_on_a_write(person, no_writes):
    with pytest.raises(AssertionError, match="a read wrote"), no_writes():
        person.save()
