"""Pictures of every page, from demonstration data made for them: python -m tests.shots (or make shots).

Pages are found as a user finds them, by links from the dashboard, one of each URL name; names without
arguments and those of the table every_page.py are opened too. A page longer than the window is drawn once
more, whole. Says which names no page leads to, and fails where a page answers with an error, scrolls
sideways, or makes the browser complain (the content security policy included).
"""

import importlib
import io
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from playwright.sync_api import sync_playwright

from tests.browser import FLAGS, executable

FOLDER = Path(__file__).resolve().parent.parent / "shots"
SIZES = {"1440": {"width": 1440, "height": 900}, "390": {"width": 390, "height": 844}}
# Tried in this order: what the first may not open, the next may.
PEOPLE = ["chuyenvien", "lanhdao", "ketoan", "quantri", "diaphuong", "nguoixem"]
STARTS = ["/", "/?nam=2019&ngay=2019-05-31", "/bao-cao/thang/2019-05/", "/quan-tri/"]
LINK = re.compile(r'href="([^"#]+)')
# Opening one logs out or downloads a file; neither is a page.
NO_PAGE = re.compile(r"/dang-xuat/|\.(xlsx|docx|pdf|txt)$|^/static/|^/tep/")
PAGES_AT_MOST = 400


def name_of(path):
    """The URL's name with its namespace; None for the admin's many and for what nothing answers."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    is_of_admin = found.app_names[:1] == ["admin"] and found.url_name != "index"
    return None if is_of_admin or found.url_name in (None, "unknown", "jsi18n") else found.view_name


def url_names(patterns, prefix=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{prefix}{pattern.name}"


def names_of_pages():
    others = {"unknown", "alive", "ready"}
    return {
        name for name in url_names(get_resolver().url_patterns) if not name.startswith("admin:") and name not in others
    }


def addresses_without_arguments():
    for name in sorted(names_of_pages()):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def opens_as(client, path):
    """The page's text for this user; None where it is no page that they may open."""
    answer = client.get(path)
    is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return answer.content.decode() if is_page and not answer.streaming else None


def find_pages():
    """{url name: (path, user)}, each the first found; the dashboard of 2019 under a name of its own.

    The user is "" for the log-in, which whoever is logged in does not see.
    """
    pages = {"accounts:login": (settings.LOGIN_URL, "")}
    for person in PEOPLE:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(get_user_model().objects.get(username=person), settings.AUTHENTICATION_BACKENDS[-1])
        waiting, seen = [*STARTS, *addresses_without_arguments()], set()
        while waiting and len(seen) < PAGES_AT_MOST:
            path = waiting.pop(0)
            name = name_of(path)
            if path in STARTS[1:2]:
                name = f"{name}-2019"
            if not name or name in seen or NO_PAGE.search(urlsplit(path).path):
                continue
            text = opens_as(client, path)
            if text is None:
                continue
            seen.add(name)
            pages.setdefault(name, (path, person))
            waiting += [urljoin(path, link.replace("&amp;", "&")) for link in LINK.findall(text)]
    return pages


def pages_of_the_table(found):
    """{url name: (path, user)} of pages that no first link leads to, from the table that the journeys open."""
    # It reads models, which are there only once Django is set up.
    table = importlib.import_module("tests.every_page")
    return {
        name: (table.address(name, arguments, query), who)
        for name, arguments, query, who in table.PAGES.values()
        if name not in found and not name.startswith("admin:")
    }


def draw(pages, site, password):
    """Writes a picture for each page and size; the complaints as lines."""
    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        for size, viewport in SIZES.items():
            for person in sorted({person for _, person in pages.values()}):
                context = browser.new_context(viewport=viewport, locale="vi-VN", timezone_id=settings.TIME_ZONE)
                page = context.new_page()
                log = listen(page)
                if person:
                    log_in(page, site, person, password)
                for name, (path, who) in sorted(pages.items()):
                    if who == person:
                        complaints += shoot(page, name, site + path, size, log)
                context.close()
        browser.close()
    return complaints


def listen(page):
    """A list that fills with what the browser complains of, addresses that failed included."""
    log = []
    page.on(
        "console", lambda m: m.type in ("error", "warning") and "Failed to load" not in m.text and log.append(m.text)
    )
    page.on("pageerror", lambda error: log.append(str(error)))
    page.on("response", lambda answer: answer.status >= 400 and log.append(f"{answer.status} {answer.url}"))
    return log


def log_in(page, site, person, password):
    page.goto(f"{site}{settings.LOGIN_URL}")
    page.fill("input[name=username]", person)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: settings.LOGIN_URL not in url)


def shoot(page, name, address, size, log):
    log.clear()
    page.goto(address, wait_until="networkidle")
    file = f"{name.replace(':', '-')}-{size}"
    page.screenshot(path=FOLDER / f"{file}.png")
    if page.evaluate("document.documentElement.scrollHeight > innerHeight"):
        page.screenshot(path=FOLDER / f"{file}-full.png", full_page=True)
    faults = [f"trình duyệt báo: {text}" for text in log]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        faults.append(f"rộng hơn màn hình {wide} px")
    return [f"{name} ({size}): {fault}" for fault in faults]


def serve(port, database):
    """The site as `make run` serves it, on ``port``; returns once it listens."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:khuyencong.serve", "khuyencong.wsgi"]
    server = subprocess.Popen(
        command, env={**os.environ, "PORT": str(port), "DATABASE_URL": database}, stdout=subprocess.PIPE, text=True
    )
    if not server.stdout.readline():
        sys.exit("Máy chủ không khởi động được.")
    return server


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/shots.sqlite3"
        os.environ |= {"DJANGO_SETTINGS_MODULE": "khuyencong.settings", "DATABASE_URL": database}
        django.setup()
        password = secrets.token_urlsafe(12)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("demo", password=password, stdout=io.StringIO())
        pages = find_pages()
        pages |= pages_of_the_table(pages)
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        port = free_port()
        server = serve(port, database)
        try:
            complaints = draw(pages, f"http://127.0.0.1:{port}", password)
        finally:
            server.terminate()
            server.wait()
    missing = sorted(names_of_pages() - pages.keys())
    print(f"Đã chụp {len(pages)} trang, mỗi trang {len(SIZES)} cỡ, vào {FOLDER.name}/.")
    if missing:
        print(f"Không chụp (tệp, thao tác, hoặc chưa có đường dẫn tới): {', '.join(missing)}")
    print("\n".join(complaints), end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
