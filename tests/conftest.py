"""What every test may use: quick settings, the read-only guard, a query counter, a logged-in browser."""

import os

# Playwright's synchronous API runs a loop of its own, and Django would refuse the database under it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

import gc
import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections, transaction
from django.db.backends.sqlite3.creation import DatabaseCreation
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect

from tests.browser import FLAGS, executable

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
# The same of a page: it is waited for as long as a busy machine takes to answer, and no longer than it needs.
expect.set_options(timeout=20_000)

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "CREATE", "ALTER", "DROP", "TRUNCATE")


@pytest.fixture(autouse=True, scope="session")
def quick_settings():
    """Real hashing takes longer than most tests; every new client of Django would list all static files first."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], WHITENOISE_AUTOREFRESH=True
    ):
        yield


def pytest_collection_finish():
    """Modules and thousands of collected tests stay: looking through them for garbage took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True, scope="session")
def migrated_before():
    """A new SQLite database starts as a copy of the one that tests.everything migrated, where it did."""
    source = os.environ.get("MIGRATED_SQLITE")
    create = DatabaseCreation._create_test_db

    def copy(self, *args, **kwargs):
        name = create(self, *args, **kwargs)
        with closing(sqlite3.connect(source)) as migrated, closing(sqlite3.connect(name)) as new:
            migrated.backup(new)
        return name

    with pytest.MonkeyPatch.context() as patch:
        if source:
            patch.setattr(DatabaseCreation, "_create_test_db", copy)
        yield


@contextmanager
def entered_once(blocker, enter):
    """For a fixture of a whole module: what ``enter()`` writes stands for all its tests, and is then rolled back.

    Each test's own writes are taken back before the next as ever; none of the module may be transactional.
    """
    with blocker.unblock(), transaction.atomic():
        yield enter()
        transaction.set_rollback(True)


@contextmanager
def refusing_writes():
    """Fails on the first statement that would change the database."""

    def guard(execute, sql, params, many, context):
        assert not sql.lstrip(" (").upper().startswith(WRITES), f"a read wrote: {sql[:200]}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guard):
        yield


@pytest.fixture
def no_writes():
    """A context manager: ``with no_writes(): …`` fails on any write inside it."""
    return refusing_writes


@pytest.fixture
def query_count():
    """A function: ``query_count(call)`` runs ``call()`` and answers how many queries it made."""

    def count(call):
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": executable(), "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": django_settings.TIME_ZONE,
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture
def page_as(browser, browser_context_args, live_server):
    """A function: ``page_as(user)`` opens a browser of its own in which ``user`` is logged in.

    Its addresses are relative to ``page.site``, the live server's address.
    """

    opened = []

    def open_page(user):
        client = Client()
        client.force_login(user)
        session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(**browser_context_args)
        opened.append(context)
        context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.site = live_server.url
        return page

    yield open_page
    for context in opened:
        context.close()
    connections.close_all()


def pytest_terminal_summary(terminalreporter):
    """Prints what a test recorded as ``says``; a worker of xdist has no terminal of its own."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, text in report.user_properties:
            if name == "says":
                terminalreporter.write_line(text)
