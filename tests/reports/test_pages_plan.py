"""The pages of the plan: a year by source and activity, its decisions, next year's requests, all years."""

import pytest

from accounts.models import Role
from funding.models import Activity
from reports.dashboard_rows import read_activity_names
from reports.plan import MONEY_COLUMNS, PLAN_COLUMNS, plan_lines
from reports.rows import read_year
from tests import factories as make

MILLION = make.MILLION


@pytest.fixture
def reader(client, db):
    client.force_login(make.make_user(Role.ACCOUNTANT))
    return client


@pytest.fixture
def year(db):
    machines = make.activity()
    make.make_plan(amount_vnd=900 * MILLION, activity=machines)
    make.make_plan(amount_vnd=100 * MILLION, is_for_tasks=True)
    make.make_plan(amount_vnd=-100 * MILLION, kind="adjusted", on="2019-06-01", activity=machines)
    make.make_plan(amount_vnd=50 * MILLION, kind="carried", on="2019-07-01")
    make.ask(make.make_signed_line(300 * MILLION), 320 * MILLION)
    make.make_approved_line(60 * MILLION, project=make.make_project("task"))


def lines_on(day):
    return plan_lines(read_year(2019, make.day(day)), read_activity_names(), with_plan=True)


def row(line):
    """The numbers of a line in triệu đồng, None where nothing is shown."""
    figures = [figure for _, figure in (*line.plan, *line.money)] + [line.left]
    return [figure and figure.vnd // MILLION for figure in figures]


def test_each_column_says_what_its_head_says(year):
    heads = [head for _, _, head in PLAN_COLUMNS] + [head for _, head in MONEY_COLUMNS] + ["Chưa phân bổ"]
    total = lines_on("2019-12-31")[-1]
    assert dict(zip(heads, row(total), strict=True)) == {
        "Văn bản đề nghị": 0,
        "Giao đầu năm": 1000,
        "Điều chỉnh tăng": 0,
        "Điều chỉnh giảm": -100,
        "Chuyển nguồn": 50,
        "Sau điều chỉnh": 950,
        "Đề án đề nghị": 320,
        "Kinh phí được duyệt": 360,
        "Đã ký hợp đồng": 300,
        "Chưa ký hợp đồng": 60,
        "Đã giải ngân": 0,
        "Chưa phân bổ": 590,
    }


def test_the_parts_of_a_source_add_up_to_it(year):
    lines = lines_on("2019-12-31")
    source = next(line for line in lines if line.level == "source")
    parts = [line for line in lines if line.level == "activity"]
    assert [line.name for line in parts] == [
        make.activity().name,
        "Chưa phân theo nội dung",
        "Hoạt động khuyến công khác",
    ]
    sums = [sum(number or 0 for number in column) for column in zip(*map(row, parts), strict=True)]
    # All but what is left, which the money that names no activity leaves open.
    assert sums[:-1] == row(source)[:-1]


def test_what_an_activity_has_left_is_told_only_where_no_plan_money_is_shared(year):
    left = {line.name: line.left and line.left.vnd // MILLION for line in lines_on("2019-06-30")}
    assert left[make.activity().name] == 500 and left["Hoạt động khuyến công khác"] == 40
    left = {line.name: line.left and line.left.vnd // MILLION for line in lines_on("2019-07-01")}
    assert left[make.activity().name] is None and left["Hoạt động khuyến công khác"] == 40


def test_a_decision_counts_from_its_day_on(year):
    assert row(lines_on("2019-05-31")[-1])[5] == 1000
    assert row(lines_on("2019-06-01")[-1])[5] == 900


def test_an_activity_that_no_plan_names_shows_no_plan(db):
    make.make_plan(amount_vnd=900 * MILLION)
    make.make_approved_line(300 * MILLION)
    line = next(line for line in lines_on("2019-12-31") if line.name == make.activity().name)
    assert row(line) == [None] * 6 + [0, 300, 0, 300, 0] + [None]


def test_the_decisions_of_the_year_stand_below_with_their_lines(reader, year):
    agency = make.make_agency("UBND tỉnh Thử")
    decision = make.make_decision("2019-08-01", number="99/QĐ-THỬ", agency=agency)
    make.make_plan(decision=decision, amount_vnd=7 * MILLION, projects_min=2, projects_max=3, batch="Đợt 2")
    text = reader.get("/ke-hoach/2019/?ngay=2019-12-31").content.decode()
    for words in ("99/QĐ-THỬ", "01/08/2019", "UBND tỉnh Thử", "đợt 2", "2–3"):
        assert words in text
    assert "99/QĐ-THỬ" not in reader.get("/ke-hoach/2019/?ngay=2019-07-31").content.decode()


def test_what_is_asked_for_the_next_year_stands_with_its_range(reader, year):
    make.make_plan(2020, amount_vnd=4000 * MILLION, kind="requested", on="2019-05-20", projects_min=20, projects_max=25)
    text = reader.get("/ke-hoach/2019/?ngay=2019-12-31").content.decode()
    assert "Đề nghị kế hoạch năm 2020" in text and "20–25" in text and 'data-vnd="4000000000"' in text


def test_a_year_without_plan_or_projects_says_so(reader):
    assert "chưa có số liệu của năm kế hoạch 2031" in reader.get("/ke-hoach/2031/").content.decode()


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_outside_the_plan_years_is_not_found(reader, year):
    assert reader.get(f"/ke-hoach/{year}/").status_code == 404


def test_all_plan_years_stand_on_one_page_the_newest_first(reader, year):
    make.make_plan(2021, amount_vnd=5 * MILLION, on="2019-12-30")
    text = reader.get("/ke-hoach/").content.decode()
    assert text.index("Năm 2021") < text.index("Năm 2019")
    assert 'href="/ke-hoach/2019/"' in text


def test_two_sources_times_every_activity_stay_within_a_pages_weight(reader, db):
    for code in ("KCQG", "KCDP"):
        make.make_plan(code=code, amount_vnd=90_000 * MILLION)
        for activity in Activity.objects.filter(is_leaf=True):
            line = make.make_line(activity=activity)
            make.approve(line, 123 * MILLION, code=code)
    assert len(reader.get("/ke-hoach/2019/?ngay=2019-12-31").content) < 100_000
