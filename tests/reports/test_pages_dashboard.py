"""The dashboard: stages, deadlines, months, places, and what an empty year says."""

from datetime import date

import pytest

from accounts.models import Role
from projects.models import Acceptance, Difficulty, Milestone, MilestoneDue, Project, ProjectDecision
from projects.stages import Stage, funded_lines, with_stage
from reports.dashboard import chart_of, month_lines
from reports.dashboard_rows import read_deadlines, read_months, read_words
from reports.figures import block_of
from reports.funnel import NO_MONEY, by_stage
from reports.rows import read_year
from tests import factories as make
from tests.figure_links import Page

DAY = date(2019, 12, 31)


@pytest.fixture
def reader(client, db):
    client.force_login(make.make_user(Role.MANAGER))
    return client


@pytest.fixture
def plan(db):
    make.make_plan(amount_vnd=10_000 * make.MILLION)


def a_milestone(project, due_on, *, set_on="2019-03-01", line=None, **fields):
    milestone = Milestone.objects.create(project=project, line=line, name="Lắp đặt máy", **fields)
    MilestoneDue.objects.create(milestone=milestone, due_on=due_on, set_on=set_on)
    return milestone


def a_line_at_every_stage():
    """{stage: đề án} by 31/12/2019."""
    approved = make.make_approved_line()
    group = make.make_project(Project.Kind.GROUP, beneficiaries_expected=2)
    partly = make.make_signed_line(project=group)
    make.make_approved_line(project=group)
    running = make.make_signed_line()
    half = make.make_project(Project.Kind.GROUP, beneficiaries_expected=2)
    make.accept(make.make_signed_line(project=half), 300 * make.MILLION)
    make.make_signed_line(project=half)
    accepted, settled, stopped = make.make_signed_line(), make.make_signed_line(), make.make_signed_line()
    make.accept(accepted, 300 * make.MILLION)
    make.accept(settled, 300 * make.MILLION)
    make.pay(settled, 300 * make.MILLION)
    make.settle(settled, 300 * make.MILLION)
    make.stop(stopped.project)
    return {
        Stage.APPROVED: approved.project,
        Stage.PARTLY_SIGNED: partly.project,
        Stage.RUNNING: running.project,
        Stage.PARTLY_ACCEPTED: half,
        Stage.ACCEPTED: accepted.project,
        Stage.SETTLED: settled.project,
        Stage.STOPPED: stopped.project,
    }


def those_without_money():
    registered, appraised, returned, rejected, unpaid = (make.make_line(joined_on="2019-01-05") for _ in range(5))
    kinds = ProjectDecision.Kind
    for line in (registered, appraised, returned, rejected, unpaid):
        make.decide(line.project, kinds.REGISTERED, on="2019-01-05")
    make.decide(appraised.project, kinds.APPRAISED_BASE, on="2019-02-05")
    make.decide(returned.project, kinds.RETURNED, on="2019-02-05")
    make.decide(rejected.project, kinds.REJECTED, on="2019-02-05")
    make.decide(unpaid.project, kinds.APPROVED, on="2019-02-05")
    return {
        Stage.REGISTERED: registered.project,
        Stage.APPRAISED: appraised.project,
        Stage.RETURNED: returned.project,
        Stage.REJECTED: rejected.project,
        NO_MONEY: unpaid.project,
    }


def stages(day=DAY):
    rows = read_year(2019, day)
    return by_stage(block_of(rows), read_words(2019, day))


# --- stages -----------------------------------------------------------------------------------------


def test_each_project_stands_at_its_stage(plan):
    expected = a_line_at_every_stage() | those_without_money()
    assert stages() == {stage: [project.pk] for stage, project in expected.items()}


def test_the_funnel_counts_the_projects_that_the_figure_counts(plan):
    a_line_at_every_stage()
    those_without_money()
    beside = {Stage.STOPPED, Stage.REGISTERED, Stage.APPRAISED, Stage.RETURNED, Stage.REJECTED, NO_MONEY}
    on_the_ladder = [pk for stage, own in stages().items() if stage not in beside for pk in own]
    assert sorted(on_the_ladder) == sorted(block_of(read_year(2019, DAY)).project_ids("projects"))


@pytest.mark.parametrize("day", ["2019-03-01", "2019-03-15", "2019-07-01", "2019-10-15", "2019-12-31"])
def test_the_database_puts_each_project_at_the_same_stage(plan, day):
    a_line_at_every_stage()
    day = make.day(day)
    by_database = with_stage(Project.objects.all(), day, lines=funded_lines(2019, day))
    assert {pk: stage for stage, own in stages(day).items() for pk in own} == dict(
        by_database.values_list("pk", "stage")
    )


def test_a_project_that_moved_into_another_year_is_in_no_stage_of_this_one(plan):
    line = make.make_approved_line()
    line.left_on = make.day("2019-06-01")
    line.save()
    assert stages() == {}


# --- what is due ------------------------------------------------------------------------------------


def due(day="2019-08-15"):
    return [(each.due_on.isoformat(), each.days_left(make.day(day))) for each in read_deadlines(2019, make.day(day))]


def test_what_is_late_and_what_is_due_in_30_days_stand_in_order(plan):
    line = make.make_signed_line()
    for due_on in ("2019-09-14", "2019-08-10", "2019-09-15", "2019-08-15"):
        a_milestone(line.project, due_on)
    assert due() == [("2019-08-10", -5), ("2019-08-15", 0), ("2019-09-14", 30)]


def test_what_was_done_or_put_off_by_the_day_is_not_due(plan):
    line = make.make_signed_line()
    a_milestone(line.project, "2019-08-10", done_on="2019-08-15")
    put_off = a_milestone(line.project, "2019-08-10")
    MilestoneDue.objects.create(milestone=put_off, due_on="2019-12-01", set_on="2019-08-15")
    assert due() == []
    assert due("2019-08-14") == [("2019-08-10", -4), ("2019-08-10", -4)]


def test_a_contract_is_due_at_its_end_until_its_line_is_accepted(plan):
    line = make.make_approved_line()
    make.sign(line, 300 * make.MILLION, ends_on=make.day("2019-08-20"))
    make.accept(line, None, on="2019-09-01", result=Acceptance.Result.FAILED)
    make.accept(line, 300 * make.MILLION, on="2019-10-15")
    assert due() == [("2019-08-20", 5)]
    assert due("2019-10-14") == [("2019-08-20", -55)]
    assert due("2019-10-15") == []


def test_the_card_says_how_many_are_late(reader, plan):
    line = make.make_signed_line()
    for due_on in ("2019-09-14", "2019-08-10", "2019-08-12"):
        a_milestone(line.project, due_on)
    assert "3 việc, 2 quá hạn</a>" in reader.get("/?nam=2019&ngay=2019-08-15").content.decode()


def test_nothing_of_a_stopped_project_is_due(plan):
    line = make.make_signed_line()
    a_milestone(line.project, "2019-08-10")
    make.stop(line.project, on="2019-08-15")
    assert due() == []


# --- months and places ------------------------------------------------------------------------------


def test_the_chart_shows_the_numbers_of_its_table(plan):
    line = make.make_signed_line()
    make.advance(line, 100 * make.MILLION, on="2019-04-15")
    make.pay(line, 50 * make.MILLION, on="2020-02-01")
    rows = read_year(2019, date(2020, 3, 1))
    lines = month_lines(rows, read_months(2019, rows.day), with_plan=True)
    chart = chart_of(lines, rows)
    assert chart["labels"][-1] == "sau"
    paid = next(series for series in chart["series"] if series["name"] == "Đã giải ngân")
    million = make.MILLION
    assert paid["values"] == [0, 0, 0, *[100 * million] * 9, 150 * million]
    assert [figure.vnd for line in lines for name, figure in line.figures if name == "Đã giải ngân"] == paid["values"]


def test_lines_of_months_to_come_stay_empty_while_the_plan_goes_on(plan):
    rows = read_year(2019, date(2019, 10, 15))
    chart = chart_of(month_lines(rows, read_months(2019, rows.day), with_plan=True), rows)
    ahead = {series["name"]: series["values"][10:] for series in chart["series"]}
    assert ahead["Kế hoạch"] == [10_000 * make.MILLION] * 2
    assert ahead["Đã ký hợp đồng"] == [None, None]
    assert chart["mark"] == {"at": 9, "text": "15/10"}


def test_communes_count_for_their_district(reader, plan):
    district = make.make_locality("Trấn Thử")
    for name in ("Y Thử", "Quy Thử"):
        commune = make.make_locality(name, level="COMMUNE", kind="xã", parent=district)
        make.make_approved_line(100 * make.MILLION, locality=commune)
    text = reader.get("/?nam=2019&ngay=2019-12-31").content.decode()
    assert "huyện Trấn Thử" in text and "Y Thử" not in text
    behind = reader.get(f"/so-lieu/support_vnd/?nam=2019&ngay=2019-12-31&hoat-dong=0&dia-ban={district.pk}")
    assert 'data-vnd="200000000"' in behind.content.decode()


# --- the page ---------------------------------------------------------------------------------------


def test_a_year_without_facts_says_what_to_do(reader, plan):
    text = reader.get("/?nam=2031").content.decode()
    assert "chưa có số liệu của năm kế hoạch 2031" in text
    assert "?nam=2019" in text, "a year with figures is one click away"


def test_a_day_before_the_first_fact_leads_to_today(reader, plan):
    text = reader.get("/?nam=2019&ngay=2018-01-01").content.decode()
    assert "Đến 01/01/2018 chưa có số liệu" in text and "Xem số liệu hôm nay" in text


def test_the_main_action_is_the_report_of_the_month_looked_at(reader, plan):
    text = reader.get("/?nam=2019&ngay=2019-09-15").content.decode()
    assert 'href="/bao-cao/thang/2019-09/"' in text and "Báo cáo tháng 9" in text
    assert 'href="/bao-cao/thang/2019-12/"' in reader.get("/?nam=2019").content.decode()


def test_what_is_left_stands_at_each_step(reader):
    make.make_plan(amount_vnd=1000 * make.MILLION)
    line = make.make_approved_line(300 * make.MILLION)
    make.sign(line, 250 * make.MILLION)
    make.advance(line, 100 * make.MILLION)
    claims = Page(reader.get("/?nam=2019&ngay=2019-12-31").content.decode()).claims
    left = {
        key: {claim.vnd for claim in claims if f"/so-lieu/{key}/" in claim.url and "nguon=KCQG" in claim.url}
        for key in ("unallocated_vnd", "unsigned_vnd", "unpaid_vnd")
    }
    million = make.MILLION
    assert left == {"unallocated_vnd": {700 * million}, "unsigned_vnd": {50 * million}, "unpaid_vnd": {200 * million}}


def test_open_difficulties_show_their_age(reader, plan):
    line = make.make_approved_line()
    fields = {"project": line.project, "description": "Máy giao chậm", "raised_on": "2019-09-01"}
    Difficulty.objects.create(**fields)
    Difficulty.objects.create(**fields | {"description": "Đã xong"}, closed_on="2019-09-10")
    text = reader.get("/?nam=2019&ngay=2019-09-30").content.decode()
    assert "29 ngày" in text and "Máy giao chậm" in text and "Đã xong" not in text


def test_a_source_outside_the_totals_stands_below_them_and_adds_nothing(reader, plan):
    line = make.make_approved_line(300 * make.MILLION)
    make.approve(line, 500 * make.MILLION, code="DOIUNG")
    text = reader.get("/?nam=2019&ngay=2019-12-31").content.decode()
    table = text[text.index("Nguồn kinh phí") : text.index("Đề án theo tình trạng")]
    assert table.index("Tổng cộng") < table.index("Vốn đối ứng (ngoài tổng)")
    total = table[table.index("Tổng cộng") : table.index("Vốn đối ứng")]
    assert 'data-vnd="300000000"' in total and "800000000" not in total


def test_a_source_outside_the_totals_that_is_only_asked_for_is_not_listed(reader, plan):
    make.ask(make.make_line(), 500 * make.MILLION, code="DOIUNG")
    text = reader.get("/?nam=2019&ngay=2019-12-31").content.decode()
    assert "Tổng cộng" in text and "Vốn đối ứng" not in text


def test_reading_writes_nothing(reader, plan, no_writes):
    make.make_signed_line()
    reader.get("/")
    with no_writes():
        for path in ("/?nam=2019", "/ke-hoach/2019/", "/bao-cao/thang/2019-05/", "/bao-cao/thang/2019-05.xlsx"):
            assert reader.get(path).status_code == 200
