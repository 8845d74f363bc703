"""The funnel of a plan year: asked, appraised, approved, signed, every figure hand-worked on two days."""

import pytest

from accounts.models import Role
from projects import services
from projects.demo import yen_bai_2019
from projects.demo.builder import Builder
from projects.models import ProjectDecision
from reports.asking import ASKED_MONEY, ASKED_PROJECTS
from reports.figures import block_of
from reports.links import figure_of
from reports.rows import read_year
from reports.selections import TITLES, select
from reports.year_funnel import funnel_lines, funnel_notes
from tests import factories as make
from tests.bulk import make_year
from tests.projects.pages import text_of

pytestmark = pytest.mark.django_db
Kind, Result = ProjectDecision.Kind, ProjectDecision.Result
M = make.MILLION


def asked_line(amount_vnd, *, code="KCQG", **fields):
    line = make.make_line(joined_on="2018-06-01", **fields)
    make.ask(line, amount_vnd, code=code)
    return line


@pytest.fixture
def year():
    """Six đề án asked for 1.350 triệu of KCQG: two approved, one of them signed, one failed, returned, refused each."""
    make.make_plan(amount_vnd=2000 * M)
    make.make_plan(code="KCDP", amount_vnd=2000 * M)
    signed, approved, failed, returned, refused, waiting = (
        asked_line(number * M) for number in (300, 250, 100, 200, 400, 100)
    )
    for line in (signed, approved, returned, refused):
        make.decide(line.project, Kind.APPRAISED_BASE, on="2018-07-01", result=Result.PASSED)
    make.decide(failed.project, Kind.APPRAISED_BASE, on="2018-07-01", result=Result.FAILED)
    make.decide(returned.project, Kind.RETURNED, on="2018-08-01")
    make.decide(refused.project, Kind.REJECTED, on="2018-09-01")
    # Approved for less than was asked.
    make.approve(signed, 280 * M)
    make.approve(approved, 250 * M)
    make.sign(signed, 280 * M)
    # Never asked for, and no đề án at all: neither is in the first two steps.
    make.make_approved_line(70 * M, code="KCDP")
    make.make_approved_line(60 * M, code="KCDP", project=make.make_project("task"))
    assert waiting.project.code


def steps(day, name="Khuyến công quốc gia"):
    rows = read_year(2019, make.day(day))
    line = next(line for line in funnel_lines(rows, with_plan=True) if line.name == name)
    return {step.head: step.number and (step.number.count, step.money.vnd // M) for step in line.steps}


def test_each_step_counts_what_was_recorded_by_the_day(year):
    assert steps("2018-08-15") == {
        "Đề án đề nghị": (6, 1350),
        "Đã thẩm định": (4, 1150),
        "Đã phê duyệt": None,
        "Đã ký hợp đồng": None,
        "Trả lại hồ sơ": (1, 200),
    }
    assert steps("2019-12-31") == {
        "Đề án đề nghị": (6, 1350),
        "Đã thẩm định": (4, 1150),
        "Đã phê duyệt": (2, 530),
        "Đã ký hợp đồng": (1, 280),
        "Trả lại hồ sơ": (1, 200),
        "Không duyệt": (1, 400),
    }


def test_the_total_is_its_sources_and_tells_what_the_steps_leave_out(year):
    total = steps("2019-12-31", "Tổng cộng")
    assert (total["Đề án đề nghị"], total["Đã phê duyệt"]) == ((6, 1350), (3, 600))
    notes = {words: figure.count for words, figure in funnel_notes(read_year(2019, make.day("2019-12-31")))}
    assert notes == {
        "Đề án được duyệt, chưa ghi kinh phí đề nghị": 1,
        "Đề án được duyệt, chưa ghi kết quả thẩm định": 1,
    }


def test_what_the_approved_ones_asked_for_stays_beside_what_they_got(year):
    rows = read_year(2019, make.day("2019-12-31"))
    line = next(line for line in funnel_lines(rows, with_plan=True) if line.name == "Khuyến công quốc gia")
    approved = next(step for step in line.steps if step.head == "Đã phê duyệt")
    assert (approved.money.vnd, approved.asked.vnd) == (530 * M, 550 * M)


def test_a_registered_de_an_without_an_amount_is_told_beside(db):
    make.decide(make.make_line(joined_on="2018-06-01").project, Kind.REGISTERED, on="2018-06-01")
    rows = read_year(2019, make.day("2019-01-01"))
    assert [(words, figure.count) for words, figure in funnel_notes(rows)] == [
        ("Đề án đăng ký, chưa ghi kinh phí đề nghị", 1)
    ]


def test_naming_a_group_keeps_what_it_asked_for(db):
    make.make_plan(amount_vnd=900 * M)
    group = make.make_project("group", beneficiaries_expected=2)
    line = make.make_line(group, beneficiary=None, joined_on="2018-06-01")
    make.ask(line, 600 * M)
    make.approve(line, 600 * M)
    paper = make.decide(group, Kind.GROUP_APPROVED, on="2019-03-10")
    services.name_beneficiary(
        line=line, beneficiary=make.make_beneficiary(), amounts={make.source("KCQG"): 300 * M}, decision=paper
    )
    assert steps("2019-12-31")["Đề án đề nghị"] == (1, 600)


@pytest.mark.parametrize("day", ["2018-08-15", "2019-12-31"])
@pytest.mark.parametrize("key", [*ASKED_PROJECTS, *ASKED_MONEY])
def test_every_new_figure_opens_what_it_counts(year, key, day):
    block = block_of(read_year(2019, make.day(day)), "KCQG", is_task=False)
    figure, selection = figure_of(block, key), select(block, key)
    assert (figure.count, figure.vnd) == (selection.count, selection.vnd)
    assert selection.rows.count() == selection.count and selection.title == TITLES[key]


def test_a_local_officer_sees_no_paper_of_the_plan_and_only_his_own_de_an(client, year):
    place = make.make_locality()
    asked_line(30 * M, locality=place)
    make.make_plan(2019, amount_vnd=5000 * M, kind="requested", on="2018-06-20")
    client.force_login(make.make_user(Role.LOCAL, localities=[place]))
    text = client.get("/ke-hoach/2019/?ngay=2019-12-31").content.decode()
    assert "Văn bản đề nghị" not in text and "plan_requested" not in text
    assert 'data-vnd="30000000"' in text and 'data-vnd="1350000000"' not in text


def test_the_next_years_plan_of_the_account_stands_as_it_was_told(client, db):
    """1.000 for 3 đề án and 3.000 for 20–25 and other activities are 4.000; the plan papers alone ask for them."""
    staff = make.make_user()
    builder = Builder(staff=staff, accountant=staff, reporter="", place_day=make.day("2019-05-31"))
    for paper in yen_bai_2019.PAPERS:
        builder.paper(paper)
    for row in yen_bai_2019.PLAN:
        builder.plan(row)
    client.force_login(make.make_user(Role.VIEWER))
    answer = client.get("/ke-hoach/2020/?ngay=2019-05-31")
    asked = {line.name: line.papers for line in answer.context["funnel"]}
    assert {name: _asked(request) for name, request in asked.items()} == {
        "Khuyến công quốc gia": (1000, 3, 3),
        "Khuyến công địa phương": (3000, 20, 25),
        "Tổng cộng": (4000, 23, 28),
    }
    told = [(line.name, *(figure.vnd // M for _, figure in line.plan)) for line in answer.context["lines"]]
    machines, others = make.activity().name, "Hoạt động khuyến công khác"
    assert told == [
        ("Khuyến công quốc gia", 1000, 0, 0, 0, 0, 0),
        (machines, 1000, 0, 0, 0, 0, 0),
        ("Khuyến công địa phương", 3000, 0, 0, 0, 0, 0),
        (machines, 2600, 0, 0, 0, 0, 0),
        (others, 400, 0, 0, 0, 0, 0),
        ("Tổng cộng", 4000, 0, 0, 0, 0, 0),
    ]
    text = text_of(answer)
    for words in ("1.000 3 đề án", "3.000 20–25 đề án", "4.000 23–28 đề án", "MH-15/TTr-TTKC"):
        assert words in text
    before = client.get("/ke-hoach/2019/?ngay=2019-05-31")
    assert [_asked(request) for request in before.context["requests"]] == [
        _asked(request) for request in asked.values()
    ]
    assert client.get("/ke-hoach/2020/?ngay=2019-05-26").context["funnel"] == []


def _asked(request):
    return request.requested.vnd // M, request.projects_min, request.projects_max


def test_as_many_queries_for_300_de_an_as_for_3(client, year, query_count):
    client.force_login(make.make_user(Role.VIEWER))
    address = "/ke-hoach/2019/?ngay=2019-12-31"
    client.get(address)
    make_year(3)
    few = query_count(lambda: client.get(address))
    make_year(297, first=3)
    assert query_count(lambda: client.get(address)) == few
