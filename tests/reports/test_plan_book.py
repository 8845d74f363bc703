"""The workbook of a plan year: the page's table, and what each đề án was given, raised and cut; all sums agree."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.models import Role
from projects import services
from projects.models import ProjectDecision
from reports.figures import block_of
from reports.plan_book import allotted_lines, given_lines, year_sheet
from reports.plan_book_rows import read_plan_book
from tests import factories as make
from tests.bulk import make_year

pytestmark = pytest.mark.django_db
Kind = ProjectDecision.Kind
M = make.MILLION
KEYS = ("first_vnd", "more_vnd", "less_vnd", "approved_vnd", "contracted_vnd", "unsigned_vnd")


@pytest.fixture
def year():
    """KCQG: one raised, one stopped with an advance paid, one moved to next year; KCDP: one in batch 2, one task."""
    batch = make.make_plan(amount_vnd=900 * M, batch="Đợt 1", activity=make.activity(), on="2019-02-01")
    make.make_plan(amount_vnd=-100 * M, kind="adjusted", on="2019-06-01", activity=make.activity())
    make.make_plan(amount_vnd=50 * M, kind="carried", on="2019-07-01", activity=make.activity())
    make.make_plan(code="KCDP", amount_vnd=500 * M)
    make.make_plan(2020, amount_vnd=900 * M, on="2019-06-01")
    raised, stopped, moved = (make.make_line(make.make_project(name=name)) for name in ("Tăng", "Ngừng", "Chuyển"))
    for line, vnd in ((raised, 200 * M), (stopped, 300 * M), (moved, 150 * M)):
        step = make.decide(line.project, on="2019-02-01", decision=batch.decision, number="")
        make.approve(line, vnd, decision=step)
    make.approve(
        raised, 40 * M, decision=make.decide(raised.project, Kind.ADJUSTED, on="2019-06-01", number="7/QĐ-THỬ")
    )
    make.sign(raised, 240 * M, on="2019-06-02")
    make.sign(stopped, 300 * M)
    make.advance(stopped, 100 * M)
    make.stop(stopped.project, on="2019-06-01")
    step = make.decide(moved.project, Kind.MOVED, on="2019-06-01")
    services.move_to_year(line=moved, year=2020, decision=step)
    make.make_approved_line(80 * M, code="KCDP")
    make.make_approved_line(60 * M, code="KCDP", project=make.make_project("task", name="Hội nghị"))


def lines_on(day):
    return allotted_lines(read_plan_book(2019, make.day(day)))


def amounts(line):
    return tuple((line.cells[key] or 0) // M for key in KEYS)


def test_each_de_an_tells_what_it_got_first_and_what_came_and_went(year):
    found = {line.label: amounts(line) for line in lines_on("2019-12-31") if line.level == "project"}
    assert found["Tăng"] == (200, 40, 0, 240, 240, 0)
    assert found["Ngừng"] == (300, 0, 200, 100, 100, 0)
    assert found["Chuyển"] == (150, 0, 150, 0, 0, 0)
    assert found["Hội nghị"] == (60, 0, 0, 60, 0, 60)


def test_the_days_before_a_change_stay_as_they_were(year):
    found = {line.label: amounts(line) for line in lines_on("2019-05-31") if line.level == "project"}
    assert found["Tăng"] == (200, 0, 0, 200, 0, 200)
    assert found["Ngừng"] == (300, 0, 0, 300, 300, 0)
    assert found["Chuyển"] == (150, 0, 0, 150, 0, 150)


def test_papers_days_and_batches_stand_beside(year):
    line = next(line for line in lines_on("2019-12-31") if line.label == "Tăng")
    assert line.cells["paper"].endswith("ngày 01/02/2019, đợt 1")
    assert line.cells["note"] == "điều chỉnh: 7/QĐ-THỬ ngày 01/06/2019"
    notes = {line.label: line.cells["note"] for line in lines_on("2019-12-31") if line.level == "project"}
    assert notes["Ngừng"].startswith("ngừng triển khai; điều chỉnh: ")
    assert notes["Chuyển"].startswith("đã chuyển đi; điều chỉnh: ")


@pytest.mark.parametrize("day", ["2019-02-15", "2019-05-31", "2019-12-31"])
def test_sums_are_those_of_the_page(year, day):
    found = read_plan_book(2019, make.day(day))
    lines = allotted_lines(found)
    page = {line.label: line.cells for line in year_sheet(found).tables[0].lines}
    for line in (line for line in lines if line.level in ("source", "total")):
        for key in ("approved_vnd", "contracted_vnd", "unsigned_vnd"):
            assert line.cells[key] == page[line.label][key], (line.label, key)
        first, more, less, approved, *_ = (line.cells[key] for key in KEYS)
        assert first + more - less == approved
    total = block_of(found.rows)
    given = given_lines(found)[-3:]
    assert [line.cells["approved_vnd"] for line in given] == [
        total.plan_assigned_vnd,
        total.vnd("approved_vnd"),
        page["Tổng cộng"]["left_vnd"],
    ]
    first, more, less = (given[0].cells[key] for key in KEYS[:3])
    assert first + more - less == total.plan_assigned_vnd


def test_an_amount_that_nobody_knows_is_left_empty_and_told(db):
    make.make_plan()
    make.approve(make.make_line(), None)
    line = next(line for line in lines_on("2019-12-31") if line.level == "project")
    assert line.cells["first_vnd"] is None and line.cells["approved_vnd"] is None
    assert line.cells["note"] == "chưa rõ số tiền"


def test_the_file_shows_the_figures_of_the_page(client, year):
    client.force_login(make.make_user(Role.VIEWER))
    page = client.get("/ke-hoach/2019/?ngay=2019-12-31")
    assert page.context["file_url"] == "/ke-hoach/2019.xlsx?ngay=2019-12-31"
    answer = client.get(page.context["file_url"])
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Kế hoạch năm", "Phân bổ theo đề án"]
    rows = {row[1]: list(row[2:14]) for row in book["Kế hoạch năm"].iter_rows(values_only=True) if row[1]}
    for line in (line for line in page.context["lines"] if line.level != "activity"):
        figures = [*(figure for _, figure in (*line.plan, *line.money)), line.left]
        assert rows[line.name] == [figure and figure.vnd // M for figure in figures]
    totals = [row for row in book["Phân bổ theo đề án"].iter_rows(values_only=True) if row[1] == "Tổng cộng"]
    assert list(totals[0][3:9]) == [790, 40, 350, 480, 340, 140]


def test_as_many_queries_for_300_de_an_as_for_3(client, year, query_count):
    client.force_login(make.make_user(Role.VIEWER))
    make_year(3)
    few = query_count(lambda: client.get("/ke-hoach/2019.xlsx"))
    make_year(297, first=3)
    assert query_count(lambda: client.get("/ke-hoach/2019.xlsx")) == few


def test_a_local_officer_gets_no_file_of_the_plan(client):
    client.force_login(make.make_user(Role.LOCAL))
    assert client.get("/ke-hoach/2019.xlsx").status_code == 403
    assert "Tải Excel" not in client.get("/ke-hoach/2019/").content.decode()
