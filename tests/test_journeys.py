"""Whole ways through the demonstration in a real browser: mouse, keyboard, paper, phone; and axe on every page.

The demonstration is entered once for the module: nothing here writes.
"""

import io
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_databases, teardown_databases
from openpyxl import load_workbook
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from projects.models import Project
from tests.every_page import DECEMBER, MAY, NO_PAGES, NOT_NOW, PAGES, address
from tests.keyboard import keyboard_faults
from tests.shots import names_of_pages

pytestmark = pytest.mark.browser

AXE = (Path(django_settings.BASE_DIR) / "node_modules/axe-core/axe.min.js").read_text()
PASSWORD = "mat-khau-de-thu"
QUICK = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}


@pytest.fixture(scope="module")
def site(django_test_environment, django_db_blocker, tmp_path_factory):
    """The address of a server that shows the demonstration.

    From a database of its own: pytest-django would empty its one after every test, and open the office's own where
    no test of the run is marked.
    """
    own = {"NAME": str(tmp_path_factory.mktemp("journeys") / "demo.sqlite3")}
    with (
        django_db_blocker.unblock(),
        override_settings(**QUICK),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setitem(connection.settings_dict, "TEST", connection.settings_dict["TEST"] | own)
        databases = setup_databases(verbosity=0, interactive=False)
        call_command("demo", password=PASSWORD, stdout=io.StringIO())
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        teardown_databases(databases, verbosity=0)


@pytest.fixture
def visit(site, context):
    """A function: ``visit(username, path)`` opens a page; what the browser complains of fails the test at its end."""
    heard = []

    def open_page(username, path="/"):
        if username:
            log_in(context, site, username)
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.heard = heard
        page.goto(site + path)
        return page

    yield open_page
    assert heard == []


def log_in(context, site, username):
    client = Client()
    client.force_login(get_user_model().objects.get(username=username), django_settings.AUTHENTICATION_BACKENDS[-1])
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


def focus(page):
    """What has the keyboard, for ``expect``."""
    return page.locator(":focus")


def tab_to(page, selector, *, at_most=80):
    """Press Tab until an element of ``selector`` has the keyboard."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{at_most} times Tab never reached {selector}")


# --- the manager's way through May 2019 ---


def test_a_manager_logs_in_and_follows_a_sum_to_its_list_to_a_project_and_back_to_today(visit):
    page = visit("", f"/?{MAY}")
    page.fill("input[name=username]", "lanhdao")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.get_by_role("heading", name="Tổng quan năm 2019")).to_be_visible()
    expect(page.locator(".asof")).to_contain_text("31/05/2019")

    figure = page.locator("main a.fig", has_text=re.compile(r"^2\.595$")).first
    promised = int(figure.get_attribute("data-vnd"))
    assert promised == 2_595_000_000
    figure.click()
    total = page.locator("main tfoot")
    expect(total).to_contain_text("2.595.000.000")
    expect(total.locator("[data-vnd]").or_(page.locator("main tfoot[data-vnd]")).first).to_have_attribute(
        "data-vnd", str(promised)
    )

    page.locator("table[data-rows] tbody a").first.click()
    page.wait_for_url(re.compile(r"/de-an/\d+/\?nam=2019&ngay=2019-05-31"))
    expect(page.locator("h1")).to_contain_text("minh họa")
    page.locator(".top").get_by_role("link", name="Về hôm nay").click()
    page.wait_for_url(lambda address: "ngay=" not in address)
    expect(page.locator(".asof summary")).to_contain_text("Hôm nay")


def test_the_workbook_of_the_month_has_the_totals_of_its_page(visit):
    page = visit("lanhdao", "/bao-cao/thang/2019-05/")
    row = page.locator("table.sheet tr.l-total").first.locator("td.n")
    on_page = [number(text) for text in row.all_inner_texts()]
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải Excel").click()
    assert waiting.value.suggested_filename == "bao-cao-khuyen-cong-2019-05.xlsx"
    # The browser's own name for the file has no ending, which openpyxl would ask for.
    sheet = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))["Tổng hợp"]
    (in_file,) = [cells for cells in sheet.iter_rows(values_only=True) if cells[1] == "Tổng cộng"]
    assert [float(value) for value in in_file[2:]] == on_page
    assert on_page[:7] == [21, 23, 3900, 9520, 3900, 1405, 3495]


def number(text):
    return float(text.replace(".", "").replace(",", "."))


def test_a_search_without_diacritics_by_the_keyboard_keeps_year_and_day(visit):
    page = visit("lanhdao", f"/?{MAY}")
    page.keyboard.press("/")
    expect(focus(page)).to_have_attribute("type", "search")
    page.keyboard.type("san xuat do go")
    page.keyboard.press("Enter")
    page.wait_for_url("**/de-an/?*q=san+xuat+do+go*")
    assert "nam=2019" in page.url and "ngay=2019-05-31" in page.url
    rows = page.locator("table[data-rows] tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("sản xuất đồ gỗ")


def test_a_list_filtered_and_sorted_keeps_year_and_day_in_its_address(visit):
    page = visit("lanhdao", f"/de-an/?{MAY}")
    rows = page.locator("table[data-rows] tbody tr")
    expect(rows).to_have_count(25)
    page.select_option("select[name=nguon]", "KCQG")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"nguon=KCQG"))
    assert "nam=2019" in page.url and "ngay=2019-05-31" in page.url

    page.select_option("select[name=nguon]", "KCDP")
    expect(rows).to_have_count(24)
    page.get_by_role("link", name="Kinh phí được duyệt").click()
    page.wait_for_url("**sap=duyet*")
    amounts = [number(text) for text in page.locator("tbody td[data-label='Được duyệt']").all_inner_texts()]
    assert amounts == sorted(amounts) and len(amounts) == 24
    assert all(part in page.url for part in ("nam=2019", "ngay=2019-05-31", "nguon=KCDP"))


def test_a_long_list_is_paged_and_each_page_keeps_its_filters(visit):
    page = visit("lanhdao", f"/tien-do/?{DECEMBER}")
    expect(page.locator(".pages")).to_contain_text("1–50 trong 69")
    page.get_by_role("link", name="Sau", exact=True).click()
    page.wait_for_url("**trang=2*")
    expect(page.locator(".pages")).to_contain_text("51–69 trong 69")
    assert "ngay=2019-12-31" in page.url


def test_another_day_chosen_in_the_frame_changes_the_page_alone(visit):
    page = visit("lanhdao", f"/?{MAY}")
    page.locator(".asof summary").click()
    page.get_by_role("link", name="Đến 31/12/2019").click()
    page.wait_for_url("**ngay=2019-12-31*")
    expect(page.locator(".asof summary")).to_contain_text("31/12/2019")
    expect(page.get_by_role("heading", name="Tổng quan năm 2019")).to_be_visible()

    page.locator(".asof summary").click()
    page.fill("#frame-day", "2019-02-28")
    page.locator("#frame-day").press("Enter")
    page.wait_for_url("**ngay=2019-02-28*")
    expect(page.locator(".asof summary")).to_contain_text("28/02/2019")


def test_a_day_that_is_none_is_refused_with_its_reason(visit):
    page = visit("lanhdao", "/?ngay=31-02")
    expect(page.get_by_role("alert")).to_contain_text("31-02")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 422
    # The browser reports the status itself; nothing else may be wrong.
    assert all("422" in text for text in page.heard)
    page.heard.clear()
    page.get_by_role("link", name="Về trang tổng quan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tổng quan")


def test_a_local_officer_sees_his_own_places_alone(visit, site):
    page = visit("diaphuong", f"/de-an/?{MAY}")
    rows = page.locator("table[data-rows] tbody tr")
    expect(rows).to_have_count(4)
    links = page.locator("table[data-rows] tbody a").evaluate_all("links => links.map(link => link.pathname)")
    rows.first.click()
    page.wait_for_url(f"**{links[0]}*")
    expect(page.locator("main")).to_contain_text("Trấn Yên")

    foreign = Project.objects.exclude(pk__in=[link.split("/")[2] for link in links]).first()
    answer = page.goto(f"{site}{foreign.get_absolute_url()}")
    assert answer.status == 404
    assert all("404" in text for text in page.heard)
    page.heard.clear()


# --- paper and keys ---


@pytest.mark.parametrize("path", [f"/?{MAY}", f"/de-an/?{MAY}", "/bao-cao/thang/2019-05/"])
def test_paper_shows_the_page_without_its_navigation(visit, path):
    page = visit("lanhdao", path)
    page.emulate_media(media="print")
    for hidden in (".top", ".side", ".skip", ".head .act"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".on-paper")).to_contain_text("Số liệu đến 31/05/2019")
    expect(page.locator("main table").first).to_be_visible()


def test_the_first_tab_leads_past_the_navigation_to_the_main_action(visit):
    page = visit("lanhdao", f"/?{MAY}")
    page.keyboard.press("Tab")
    expect(focus(page)).to_have_text("Đến nội dung chính")
    expect(focus(page)).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(focus(page)).to_have_attribute("id", "main")
    tab_to(page, "main a.btn-primary", at_most=5)
    expect(focus(page)).to_have_text("Báo cáo tháng 5")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bao-cao/thang/2019-05/*")


def test_arrows_walk_the_rows_and_enter_opens_one(visit):
    page = visit("lanhdao", f"/de-an/?{MAY}")
    links = page.locator("table[data-rows] tbody tr td:first-child a")
    second = links.nth(1).inner_text()
    tab_to(page, "table[data-rows] tbody a")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/de-an/\d+/"))
    expect(page.locator("h1")).to_have_text(second)


def test_escape_closes_a_menu_and_gives_the_keyboard_back(visit):
    page = visit("lanhdao", f"/?{MAY}")
    tab_to(page, ".asof summary", at_most=20)
    page.keyboard.press("Enter")
    expect(page.locator("#frame-day")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("#frame-day")).to_be_hidden()
    expect(page.locator(".asof summary")).to_be_focused()


def test_escape_closes_a_form_above_the_form_and_gives_the_keyboard_back(visit):
    page = visit("chuyenvien", "/quyet-dinh/moi/")
    agency = page.get_by_role("combobox", name="Cơ quan ban hành")
    agency.press_sequentially("Cơ quan chưa có")
    page.locator(".ts-dropdown .create").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.locator(":focus")).to_have_value("Cơ quan chưa có")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(agency).to_be_focused()


def test_the_drawer_of_a_phone_opens_the_other_pages(visit):
    page = visit("lanhdao", f"/?{MAY}")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".side")).not_to_be_in_viewport()
    page.get_by_role("link", name="Mở danh mục trang").click()
    expect(page.locator(".side")).to_be_in_viewport()
    page.locator(".side").get_by_role("link", name="Hợp đồng").click()
    page.wait_for_url("**/hop-dong/*")
    assert "ngay=2019-05-31" in page.url


@pytest.mark.parametrize("menu", [".ctx > .pick", ".asof", ".person"])
def test_an_open_menu_fits_a_phone(visit, menu):
    page = visit("lanhdao", f"/?{MAY}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(f"{menu} summary").click()
    box = page.locator("details[open] .menu").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate(SIDEWAYS) == []


# --- every page: axe, and the width of a phone ---


def test_no_page_is_left_out_of_what_axe_sees():
    others = NO_PAGES | NOT_NOW
    pages = {name for name in names_of_pages() - others if not name.endswith(("_xlsx", "_search"))}
    assert {name for name, *_ in PAGES.values() if not name.startswith("admin:")} == pages


@pytest.mark.parametrize("which", PAGES)
def test_a_page_is_accessible_by_keyboard_too_and_as_wide_as_its_screen(visit, which):
    *page, who = PAGES[which]
    page = visit(who, address(*page))
    # Not as a script tag: the policy would block it.
    page.evaluate(AXE)
    assert page.evaluate(FAULTS) == []
    assert keyboard_faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(SIDEWAYS) == []


FAULTS = """async () => {
  const found = await axe.run();
  return found.violations
    .filter(fault => ["serious", "critical"].includes(fault.impact))
    .map(fault => `${fault.id}: ${fault.nodes.map(node => node.html).slice(0, 3).join(" | ")}`);
}"""

# What reaches past the screen, or past the card that clips it, outside what scrolls of itself.
SIDEWAYS = """() => {
  const root = document.documentElement;
  const apart = ".scroll, .side, .skip, #working, svg, canvas, .visually-hidden, .data > thead, #changelist .results";
  const wide = [...document.querySelectorAll("body *")].filter(element => {
    if (element.closest(apart)) return false;
    const box = element.getBoundingClientRect();
    const card = element.parentElement.closest(".card");
    const edge = card ? card.getBoundingClientRect().right : root.clientWidth;
    return box.width > 1 && box.height > 1 && box.right > edge + 1;
  });
  const named = wide.slice(0, 3).map(element => element.outerHTML.slice(0, 120));
  return root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} px`, ...named] : named;
}"""
