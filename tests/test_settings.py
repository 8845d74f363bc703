"""Settings come from the environment, each by its type, and a bad deployment is refused."""

import datetime
import os
import subprocess
import sys

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.utils import formats

from khuyencong import env
from khuyencong.checks import check_database, check_reachable


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("true", True), ("True", True), ("0", False), ("false", False), ("", True)]
)
def test_a_boolean_is_read_by_its_word(monkeypatch, text, value):
    monkeypatch.setenv("FLAG", text)
    assert env.boolean("FLAG", True) is value


@pytest.mark.parametrize("text", ["flase", "yes", "2", "on"])
def test_a_boolean_that_is_none_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("FLAG", text)
    with pytest.raises(ImproperlyConfigured, match="FLAG"):
        env.boolean("FLAG", False)


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgers://a@b/c", "db.sqlite3", "postgres://a@b/", "postgres"])
def test_a_database_address_that_cannot_be_read_stops_the_start(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database("DATABASE_URL", "unused")


@pytest.mark.parametrize("text", ["-1", "một", "1.5", "²"])
def test_a_number_of_proxies_that_is_none_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("PROXIES", text)
    with pytest.raises(ImproperlyConfigured, match="PROXIES"):
        env.count("PROXIES", 0)


def test_an_sqlite_address_names_its_file(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////tmp/khuyen-cong.sqlite3")
    config = env.database("DATABASE_URL", "unused")
    assert (config["ENGINE"], config["NAME"]) == ("django.db.backends.sqlite3", "/tmp/khuyen-cong.sqlite3")


def test_a_postgresql_address_on_a_socket_is_read_whole(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres:@/postgres?host=/tmp/folder")
    config = env.database("DATABASE_URL", "unused")
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["NAME"], config["HOST"] or config["OPTIONS"].get("host")) == ("postgres", "/tmp/folder")


def test_no_database_address_means_the_default_file(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    assert env.database("DATABASE_URL", "here.sqlite3")["NAME"] == "here.sqlite3"


def test_a_value_that_begins_with_a_dollar_is_itself(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "$HOME")
    assert env.text("SECRET_KEY") == "$HOME"


def test_a_way_of_mail_that_is_not_known_stops_the_start(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "carrier-pigeon://x")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        env.email("EMAIL_URL", "consolemail://")


def test_a_name_that_other_machines_reach_needs_its_own_key_and_no_debugging(settings):
    settings.ALLOWED_HOSTS = ["khuyencong.example"]
    settings.SECRET_KEY, settings.DEBUG = settings.LOCAL_SECRET_KEY, True
    assert [fault.id for fault in check_reachable(None)] == ["khuyencong.E001", "khuyencong.E002"]


def test_this_machine_alone_needs_no_key(settings):
    settings.ALLOWED_HOSTS = settings.LOCAL_HOSTS
    settings.SECRET_KEY = settings.LOCAL_SECRET_KEY
    assert check_reachable(None) == []


def test_a_lax_sqlite_is_refused(monkeypatch):
    lax = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}, "ATOMIC_REQUESTS": True}
    monkeypatch.setitem(settings.DATABASES, "default", lax)
    assert [fault.id for fault in check_database(None)] == ["khuyencong.E003", "khuyencong.E004"]


def test_the_settings_in_force_pass_their_checks():
    assert check_database(None) == [] and check_reachable(None) == []


def manage(*arguments, **variables):
    """``manage.py`` in a process of its own, where ``variables`` stand in the environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        # Set by conftest for Playwright, and refused in a deployment.
        env={**os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE": "", **variables},
        capture_output=True,
        text=True,
    )


def test_a_production_environment_passes_every_deployment_check():
    answer = manage(
        *("check", "--deploy", "--fail-level", "WARNING"),
        HTTPS="1",
        DEBUG="0",
        ALLOWED_HOSTS="khuyencong.example",
        DATABASE_URL="postgres://khuyencong@127.0.0.1/khuyencong",
        SECRET_KEY="".join(map(chr, range(40, 100))),
        STATIC_ROOT="/tmp/khuyencong-static",
    )
    assert answer.returncode == 0, answer.stderr


def test_a_host_without_a_key_does_not_start():
    answer = manage("check", ALLOWED_HOSTS="khuyencong.example", SECRET_KEY="")
    assert answer.returncode == 1 and "SECRET_KEY" in answer.stderr


def test_make_run_leaves_the_port_to_the_environment_and_the_env_file():
    """gunicorn's configuration imports the settings, which read .env, before it asks for PORT."""
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    assert "PORT ?=" not in makefile and "PORT=$" not in makefile
    answer = subprocess.run(
        [sys.executable, "-c", "from khuyencong import serve; print(serve.bind)"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PORT": "8123", "DJANGO_SETTINGS_MODULE": "khuyencong.settings"},
        capture_output=True,
        text=True,
    )
    assert answer.stdout.strip() == "127.0.0.1:8123", answer.stderr


# --- formats ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["03/04/2025", "3/4/2025", "03-04-2025", "03.04.2025", "03042025", "2025-04-03"])
def test_a_day_is_read_day_first(text):
    assert forms.DateField().clean(text) == datetime.date(2025, 4, 3)


def test_a_day_is_printed_day_first():
    assert Template("{{ day }}").render(Context({"day": datetime.date(2025, 4, 3)})) == "03/04/2025"


def test_a_year_and_an_id_stay_as_they_are():
    assert Template("{{ year }} {{ id }}").render(Context({"year": 2019, "id": 12345})) == "2019 12345"


def test_digits_are_grouped_in_threes_when_asked():
    assert formats.number_format(1234567.5, use_l10n=True, force_grouping=True) == "1.234.567,5"


@pytest.mark.parametrize(("name", "value"), [("DATABASE_URL", "foo"), ("DEBUG", "abc"), ("EMAIL_URL", "bưu-tá://")])
def test_a_setting_that_cannot_be_read_is_told_in_one_line(name, value):
    run = subprocess.run(
        [sys.executable, "manage.py", "check"], env={**os.environ, name: value}, capture_output=True, text=True
    )
    assert run.returncode == 1 and name in run.stderr and len(run.stderr.splitlines()) == 1
