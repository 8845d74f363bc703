"""The frame in a real browser: the strict content security policy, the log-in, and what axe finds."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def complaints(page):
    """Whatever the browser writes to its console as an error, policy violations included."""
    heard = []
    page.on("console", lambda message: message.type == "error" and heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def test_the_log_in_page_breaks_no_policy(page, live_server, complaints):
    page.goto(f"{live_server.url}/dang-nhap/", wait_until="networkidle")
    assert complaints == []


def test_the_log_in_page_is_accessible(page, live_server):
    page.goto(f"{live_server.url}/dang-nhap/", wait_until="networkidle")
    # Not as a script tag: the policy would block it.
    page.evaluate(AXE.read_text())
    assert page.evaluate("axe.run().then(found => found.violations.map(v => v.id))") == []


def test_a_name_and_its_password_open_the_page_that_was_asked_for(page, live_server):
    get_user_model().objects.create_user("nguoi-thu", password="mat-khau-de-thu")
    page.goto(f"{live_server.url}/doi-mat-khau/")
    page.fill("input[name=username]", "nguoi-thu")
    page.fill("input[name=password]", "mat-khau-de-thu")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/doi-mat-khau/")
    assert page.locator("input[type=password]").count() >= 2


def test_the_policy_stops_an_inline_script(page, live_server, complaints):
    page.goto(f"{live_server.url}/dang-nhap/", wait_until="networkidle")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    assert any("Content Security Policy" in text for text in complaints)
