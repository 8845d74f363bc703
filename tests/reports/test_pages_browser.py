"""The pages of figures in a real browser: policy, accessibility, width, and the tree that folds."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.models import Role
from projects.models import Project
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
FRAME = "?nam=2019&ngay=2019-10-31"
PAGES = {
    "dashboard": f"/{FRAME}",
    "plan": "/ke-hoach/2019/?ngay=2019-10-31",
    "plans": "/ke-hoach/",
    "months": f"/bao-cao/{FRAME}",
    "preview": "/bao-cao/thang/2019-10/",
    "entries": f"/so-lieu/approved_vnd/{FRAME}",
    "lines": f"/so-lieu/beneficiaries/{FRAME}",
    "unallocated": f"/so-lieu/unallocated_vnd/{FRAME}",
    "deadlines": f"/so-lieu/den-han/{FRAME}",
}


@pytest.fixture
def group():
    """A group đề án of two lines, one accepted, and seven single ones."""
    make.make_plan(amount_vnd=5000 * make.MILLION)
    project = make.make_project(Project.Kind.GROUP, beneficiaries_expected=2)
    first = make.make_signed_line(project=project)
    make.make_signed_line(project=project)
    make.advance(first, 100 * make.MILLION)
    make.accept(first, 300 * make.MILLION)
    for _ in range(7):
        make.make_signed_line(100 * make.MILLION, code="KCQG", activity=make.activity("HD12"))
    return project


@pytest.fixture
def screen(page_as, group):
    return page_as(make.make_user(Role.MANAGER))


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_breaks_no_policy_fits_a_phone_and_is_accessible(screen, path):
    complaints = []
    screen.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    screen.on("pageerror", lambda error: complaints.append(str(error)))
    screen.goto(f"{screen.site}{path}", wait_until="networkidle")
    # Not as a script tag: the policy would block it.
    screen.evaluate(AXE.read_text())
    violations = screen.evaluate("axe.run().then(found => found.violations.map(v => [v.id, v.nodes[0].html]))")
    screen.set_viewport_size({"width": 390, "height": 844})
    too_wide = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (complaints, violations, too_wide) == ([], [], 0)


def test_the_tree_opens_from_group_to_beneficiary(screen, group):
    screen.goto(f"{screen.site}{PAGES['preview']}", wait_until="networkidle")
    beneficiaries = screen.locator("tr.l-line")
    assert beneficiaries.count() == 9 and not any(row.is_visible() for row in beneficiaries.all())
    project = screen.locator("tr.l-project", has_text=group.name)
    assert project.is_visible(), "a short group stands open"
    long_group = screen.locator("tr.l-activity").nth(1)
    assert not screen.locator("tr.l-project").nth(1).is_visible(), "a long one waits"
    project.get_by_role("button", name="Mở ra").click()
    assert sum(row.is_visible() for row in beneficiaries.all()) == 2
    long_group.get_by_role("button", name="Mở ra").click()
    assert screen.locator("tr.l-project:visible").count() == 8
    screen.locator("tr.l-activity").nth(0).get_by_role("button", name="Thu gọn").click()
    assert not any(row.is_visible() for row in beneficiaries.all()), "a folded group hides what stood open in it"


def test_on_paper_the_whole_tree_stands_open(screen):
    screen.goto(f"{screen.site}{PAGES['preview']}", wait_until="networkidle")
    screen.emulate_media(media="print")
    assert all(row.is_visible() for row in screen.locator("tr.l-line").all())
    assert not screen.locator(".fold").first.is_visible()


def test_without_script_the_whole_tree_stands_open(browser, screen):
    context = browser.new_context(java_script_enabled=False, storage_state=screen.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{screen.site}{PAGES['preview']}")
    assert plain.locator("tr.l-line:visible").count() == 9
    context.close()


def test_the_numbers_of_the_chart_unfold_as_a_table(screen):
    screen.goto(f"{screen.site}{PAGES['dashboard']}", wait_until="networkidle")
    table = screen.locator("details table")
    assert not table.is_visible()
    screen.get_by_text("Xem số liệu của biểu đồ").click()
    assert table.locator("tbody tr").count() == 10 and table.is_visible()


def test_on_paper_the_numbers_of_the_chart_stand_open(screen):
    screen.goto(f"{screen.site}{PAGES['dashboard']}", wait_until="networkidle")
    table = screen.locator("details table")
    screen.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    screen.emulate_media(media="print")
    assert table.is_visible() and not screen.get_by_text("Xem số liệu của biểu đồ").is_visible()
    screen.emulate_media(media="screen")
    screen.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not table.is_visible()


def test_a_list_that_was_narrowed_in_place_is_downloaded_narrowed(screen):
    make.make_plan(code="KCDP", amount_vnd=1000 * make.MILLION)
    make.make_signed_line(100 * make.MILLION, code="KCDP")
    screen.goto(f"{screen.site}/de-an/{FRAME}", wait_until="networkidle")
    screen.get_by_label("Nguồn kinh phí").select_option("KCDP")
    screen.wait_for_url("**nguon=KCDP**")
    button = screen.get_by_role("link", name="Tải Excel")
    expect(button).to_have_attribute("href", re.compile("nguon=KCDP"))
    with screen.expect_download() as waiting:
        button.click()
    sheet = load_workbook(BytesIO(Path(waiting.value.path()).read_bytes())).worksheets[0]
    assert waiting.value.suggested_filename == "de-an-2019-2019-10-31.xlsx"
    assert any("Khuyến công địa phương" in str(row[0].value) for row in sheet.iter_rows())
    assert [row[5].value for row in sheet.iter_rows() if row[0].value == "Tổng cộng"] == [100]
