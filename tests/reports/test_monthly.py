"""The monthly report as arithmetic over rows made by hand. No database."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from projects.models import Project, Step
from reports.change_rows import ChangeRow, Closing
from reports.checks import Check
from reports.detail_rows import ContractRow, DifficultyRow, FunderRow, LineInfo, MilestoneRow, PaymentRow, PreviousRow
from reports.figures import block_of, year_figures
from reports.monthly import COLUMNS, Span, letter, previous_years, roman, span_of_month, summary
from reports.monthly_book import check_sheet, month_report, sheet_checks
from reports.monthly_progress import difficulty_lines, next_plan_lines, progress_lines
from tests.reports.pure import (
    DAY,
    FIRST,
    KCDP,
    KCQG,
    MILLION,
    NAMES,
    SOURCES,
    line,
    month_rows,
    paid,
    plan,
    project,
    year_rows,
)

GROUP, TASK = Project.Kind.GROUP, Project.Kind.TASK
MONTH = Span(FIRST, DAY)


def sheet(month, name):
    return next(sheet for sheet in month_report(month).sheets if sheet.name == name)


def lines_of(month, name):
    return sheet(month, name).tables[0].lines


def total_of(month, name):
    return lines_of(month, name)[-1]


# --- the span ---


def test_a_month_is_called_by_its_name_and_another_span_by_its_days():
    assert span_of_month("2019-05").title == "tháng 5 năm 2019"
    span = Span(date(2019, 1, 1), date(2019, 5, 31))
    assert (span.title, span.word) == ("từ ngày 01/01/2019 đến ngày 31/05/2019", "Trong kỳ")


@pytest.mark.parametrize(("number", "text"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (49, "XLIX")])
def test_activities_are_numbered_in_roman(number, text):
    assert roman(number) == text


def test_sources_are_lettered():
    assert [letter(n) for n in (0, 1, 25, 26)] == ["A", "B", "Z", "AA"]


# --- Tổng hợp ---


def test_a_source_goes_to_activities_in_their_order_and_the_unknown_one_last():
    lines = [line(1, approved=1, activity=None), line(2, approved=1, activity=9), line(3, approved=1, activity=10)]
    found = [row.label for row in summary(year_rows(lines), NAMES) if row.level == "activity"]
    assert found == ["Ứng dụng máy móc", "Mô hình trình diễn", "Chưa xác định nội dung"]


def test_tasks_stand_in_one_group_after_the_activities_and_are_no_project():
    lines = [line(1, approved=5), line(2, kind=TASK, approved=3), line(3, kind=TASK, approved=2)]
    tasks = next(row for row in summary(year_rows(lines), NAMES) if row.level == "tasks")
    assert (tasks.mark, tasks.label) == ("II", "Hoạt động khuyến công khác (02 hoạt động)")
    assert tasks.cells["approved_vnd"] == 5 * MILLION
    assert tasks.cells["projects"] is None and tasks.cells["beneficiaries"] is None


def test_the_plan_stands_on_an_activity_only_where_a_plan_line_names_it():
    lines = [line(1, approved=5, activity=10), line(2, approved=5, activity=9), line(3, kind=TASK, approved=1)]
    plans = [plan(100), plan(30, activity=10), plan(20, is_for_tasks=True)]
    found = {row.label: row.cells["plan_assigned_vnd"] for row in summary(year_rows(lines, plans), NAMES)}
    assert found["Khuyến công quốc gia"] == 150 * MILLION
    assert (found["Ứng dụng máy móc"], found["Mô hình trình diễn"]) == (30 * MILLION, None)
    assert found["Hoạt động khuyến công khác (01 hoạt động)"] == 20 * MILLION


def test_in_the_month_is_what_is_dated_in_the_span():
    rows = year_rows([line(1, approved=100, contracted=paid(100, 40), paid=paid(70, 15), accepted=paid(90))])
    cells = summary(rows, NAMES)[0].cells
    assert (cells["contracted_in_span_vnd"], cells["contracted_vnd"]) == (40 * MILLION, 100 * MILLION)
    assert (cells["disbursed_in_span_vnd"], cells["disbursed_vnd"]) == (15 * MILLION, 70 * MILLION)
    assert (cells["accepted_in_span_vnd"], cells["accepted_vnd"]) == (0, 90 * MILLION)


def test_percents_are_of_what_was_approved_and_of_the_plan():
    cells = summary(year_rows([line(1, approved=300, paid=200)], [plan(900)]), NAMES)[0].cells
    assert cells["disbursed_percent"] == Decimal("66.67")
    assert cells["disbursed_of_plan_percent"] == Decimal("22.22")


def test_a_source_beside_the_two_stands_only_where_it_holds_something():
    assert [row.mark for row in summary(year_rows(), NAMES)] == ["A", "B", ""]
    district = summary(year_rows([line(1, source=3, approved=5)]), NAMES)
    assert [row.label for row in district if row.level == "source"][-1] == "Khuyến công cấp huyện"


def test_a_line_whose_money_all_moved_on_is_left_out():
    gone = line(1, project=1, approved=0, is_active=False, has_left=True, contracted=paid(0))
    rows = year_rows([gone, line(2, project=1, approved=10)])
    assert [row.narrowing.get("line") for row in summary(rows, NAMES) if row.level == "line"] == []
    assert sum(row.level == "project" for row in summary(rows, NAMES)) == 1


def test_a_stopped_project_stays_with_a_word():
    rows = year_rows([line(1, approved=40, is_active=False, is_stopped=True)], projects=[project(1, is_stopped=True)])
    found = next(row for row in summary(rows, NAMES) if row.level == "project")
    assert (found.note, found.cells["projects"]) == ("ngừng triển khai", 0)


def test_every_cell_is_the_figure_of_its_narrowing():
    lines = [
        line(1, project=1, approved=100, own=50, contracted=paid(80, 30), paid=paid(20, 20)),
        line(2, project=1, approved=60, accepted=paid(60, 60), activity=9),
        line(3, kind=TASK, source=KCDP, approved=5, contracted=5),
    ]
    rows = year_rows(lines, [plan(500), plan(50, source=KCDP)], projects=[project(1, kind=GROUP)])
    for row in summary(rows, NAMES):
        narrowing = dict(row.narrowing)
        block = block_of(rows, narrowing.pop("source", None), **narrowing)
        for column in COLUMNS:
            if column.kind == "money" and column.key != "plan_assigned_vnd":
                assert row.cells[column.key] == block.vnd(column.figure, in_span=column.in_span)
            elif column.kind == "count" and row.cells[column.key] is not None:
                assert row.cells[column.key] == block.figures()[column.figure]


def test_the_total_and_the_sources_are_the_figures_of_the_day():
    lines = [line(1, approved=100, own=50, paid=paid(20, 20)), line(2, source=KCDP, approved=60, contracted=60)]
    rows = year_rows(lines, [plan(500), plan(50, source=KCDP)])
    figures = year_figures(rows)
    found = summary(rows, NAMES)
    blocks = {block["name"]: block for block in figures["sources"]} | {"Tổng cộng": figures["total"]}
    for row in found:
        if row.level in ("source", "total"):
            block = blocks[row.label]
            assert row.cells["approved_vnd"] == block["support_vnd"] + block["activities_vnd"]
            for key in ("projects", "beneficiaries", "plan_assigned_vnd", "total_cost_vnd", "contracted_vnd"):
                assert row.cells[key] == block[key]
            assert row.cells["disbursed_percent"] == pytest.approx(block["disbursed_percent"])


# --- earlier plan years ---


def test_what_earlier_plan_years_did_in_the_span_stands_apart_by_source():
    rows = [
        PreviousRow(2018, KCQG, Step.PAID, 2, 2, 30 * MILLION),
        PreviousRow(2018, KCQG, Step.RECOVERED, 1, 1, 10 * MILLION),
        PreviousRow(2018, KCDP, Step.ACCEPTED, 1, 1, 5 * MILLION),
        PreviousRow(2018, KCDP, Step.APPROVED, 1, 1, 99 * MILLION),
    ]
    found = previous_years(SOURCES, rows)
    assert [row.label for row in found] == [
        "Khuyến công quốc gia, kế hoạch năm 2018",
        "Khuyến công địa phương, kế hoạch năm 2018",
        "Cộng",
    ]
    assert found[0].cells["disbursed_in_span_vnd"] == 20 * MILLION
    assert found[2].cells["accepted_in_span_vnd"] == 5 * MILLION
    assert found[2].cells["approved_vnd"] is None


def test_without_facts_of_earlier_years_there_is_no_row():
    assert previous_years(SOURCES, [PreviousRow(2018, KCQG, Step.REQUESTED, 1, 1, 5)]) == []


# --- Chi tiết đề án ---


def test_a_project_of_one_line_stands_in_one_row_with_its_papers():
    info = LineInfo(
        locality="huyện Trấn Yên",
        contracts=(ContractRow("08/HĐ-KC", date(2019, 3, 15), date(2019, 9, 30), False),),
        accepted_on=date(2019, 5, 20),
        minutes_number="02/BB",
        result="Đạt",
        paid_on={KCQG: date(2019, 5, 25)},
    )
    month = month_rows([line(1, approved=100, own=40)], infos={1: info})
    rows = lines_of(month, "Chi tiết đề án")
    assert [row.level for row in rows][:3] == ["source", "activity", "project"]
    cells = rows[2].cells
    assert (cells["beneficiary"], cells["locality"]) == ("Cơ sở 1", "huyện Trấn Yên")
    assert (cells["contract_number"], cells["contract_end"]) == ("08/HĐ-KC", date(2019, 9, 30))
    assert (cells["paid_on"], cells["minutes_number"], cells["result"]) == (date(2019, 5, 25), "02/BB", "Đạt")
    assert (cells["others_vnd"], cells["stage"]) == (40 * MILLION, "Đã phê duyệt")


def test_a_group_shows_its_lines_below_it():
    lines = [line(1, project=1, approved=10), line(2, project=1, approved=10)]
    month = month_rows(lines, projects=[project(1, kind=GROUP, name="Ứng dụng máy")])
    rows = [row for row in lines_of(month, "Chi tiết đề án") if row.level in ("project", "line")]
    assert [(row.mark, row.level) for row in rows] == [("1", "project"), ("-", "line"), ("-", "line")]
    assert rows[0].label == "Ứng dụng máy (nhóm)"


def test_milestones_count_what_is_done_and_name_what_comes_next():
    milestones = [
        MilestoneRow(1, 1, "Mua máy", "", date(2019, 4, 30), date(2019, 4, 25)),
        MilestoneRow(1, 1, "Lắp đặt", "", date(2019, 5, 20), None),
        MilestoneRow(1, None, "Nghiệm thu", "", date(2019, 9, 30), None),
    ]
    month = month_rows([line(1, approved=100)], milestones=milestones)
    cells = lines_of(month, "Chi tiết đề án")[2].cells
    assert (cells["milestones"], cells["next_milestone"]) == ("1/3", "Lắp đặt, hạn 20/05/2019, chậm 11 ngày")


# --- every sheet that has a total ---


def a_month():
    lines = [
        line(1, project=1, approved=100, own=50, contracted=paid(80, 30), advanced=paid(20, 20)),
        line(2, project=1, approved=60, accepted=paid(60, 60), is_accepted=True),
        line(3, kind=TASK, source=KCDP, approved=5, contracted=5, paid=paid(4, 4)),
    ]
    plans = [plan(500), plan(50, source=KCDP), plan(70, kind="requested", year=2020, span=(3, 4))]
    return month_rows(lines, plans, projects=[project(1, kind=GROUP)])


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Tổng hợp", ["projects", "beneficiaries", "plan_assigned_vnd", "total_cost_vnd", "contracted_vnd"]),
        ("Chi tiết đề án", ["projects", "beneficiaries", "total_cost_vnd", "contracted_vnd", "settled_vnd"]),
        ("Giải ngân", ["contracted_vnd", "advanced_vnd", "disbursed_vnd"]),
    ],
)
def test_the_total_of_a_sheet_is_the_figure(name, keys):
    month = a_month()
    figures = year_figures(month.rows)["total"]
    cells = total_of(month, name).cells
    assert {key: cells[key] for key in keys} == {key: figures[key] for key in keys}
    assert cells["approved_vnd"] == figures["support_vnd"] + figures["activities_vnd"]


def test_the_total_of_next_years_plan_is_the_figure():
    month = a_month()
    found = next_plan_lines(month)
    assert found[-1].cells["requested_vnd"] == year_figures(month.rows)["next_plan"]["requested_vnd"]
    assert (found[-1].cells["projects_min"], found[-1].cells["projects_max"]) == (3, 4)


def test_every_total_of_a_sheet_is_its_rows():
    checks = sheet_checks(list(month_report(a_month()).sheets[:-1]))
    assert checks and all(check.agrees for check in checks)


# --- Tiến độ ---


def test_late_project_are_those_of_the_figure_and_tasks_stand_apart():
    lines = [line(1, approved=10, is_overdue=True), line(2, approved=10), line(3, kind=TASK, approved=1)]
    due, early = date(2019, 5, 10), date(2019, 12, 1)
    month = month_rows(
        lines,
        milestones=[
            MilestoneRow(1, 1, "Lắp đặt", "Bà A", due, None),
            MilestoneRow(2, 2, "Lắp đặt", "", early, None),
            MilestoneRow(3, 3, "Phát sóng", "", due, None),
        ],
    )
    groups = [row for row in progress_lines(month) if row.level == "source"]
    assert [row.label for row in groups] == [
        "Chậm tiến độ",
        "Chưa đến hạn",
        "Hoạt động khuyến công khác: chậm tiến độ",
    ]
    assert groups[0].cells["projects"] == year_figures(month.rows)["total"]["late_projects"] == 1


def test_a_contract_past_its_end_is_late_until_acceptance():
    ended = LineInfo(contracts=(ContractRow("01/HĐ", date(2019, 3, 1), date(2019, 5, 1), False),))
    late = progress_lines(month_rows([line(1, approved=10, is_overdue=True)], infos={1: ended}))
    assert (late[1].label, late[1].cells["days_late"]) == ("Thực hiện xong hợp đồng 01/HĐ", 30)
    assert progress_lines(month_rows([line(1, approved=10, is_accepted=True)], infos={1: ended})) == []


def test_what_is_due_today_is_not_late():
    month = month_rows([line(1, approved=10)], milestones=[MilestoneRow(1, 1, "Lắp đặt", "", DAY, None)])
    assert progress_lines(month)[0].label == "Chưa đến hạn"


def test_what_was_done_before_the_span_is_counted_only():
    done = MilestoneRow(1, 1, "Mua máy", "", date(2019, 4, 30), date(2019, 4, 25))
    found = progress_lines(month_rows([line(1, approved=10)], milestones=[done]))
    assert [(row.label, row.cells["milestones"]) for row in found] == [("Đã hoàn thành trước kỳ", 1), ("Tổng cộng", 1)]


# --- Giải ngân ---


def payment(year, amount, *, of=1, step=Step.PAID):
    return PaymentRow(year, "ĐA-1", "Đề án 1", "Cơ sở 1", of, KCQG, step, date(2019, 5, 8), "CK-1", amount * MILLION)


def test_payments_of_the_span_stand_below_their_line():
    month = month_rows([line(1, approved=100, paid=paid(30, 30))], payments=[payment(2019, 20), payment(2019, 10)])
    rows = lines_of(month, "Giải ngân")
    entries = [row for row in rows if row.level == "entry"]
    assert [row.cells["paid_in_span_vnd"] for row in entries] == [20 * MILLION, 10 * MILLION]
    assert rows[-1].cells["paid_in_span_vnd"] == 30 * MILLION


def test_payments_of_earlier_plan_years_stand_in_a_block_of_their_own():
    month = month_rows([], payments=[payment(2018, 20, of=99), payment(2018, 5, of=99, step=Step.RECOVERED)])
    earlier = sheet(month, "Giải ngân").tables[1].lines
    assert [row.level for row in earlier] == ["source", "project", "project", "total"]
    assert (earlier[-1].cells["paid_in_span_vnd"], earlier[-1].cells["recovered_in_span_vnd"]) == (
        20 * MILLION,
        5 * MILLION,
    )


def funder(amount, on, *, source=KCQG, is_return=False, contract=""):
    return FunderRow(source, is_return, on, "BC-1", contract, amount * MILLION)


def test_money_of_the_funder_stands_in_a_block_of_its_own_and_in_no_other_sum():
    money = [
        funder(630, date(2019, 4, 10), contract="05/HĐ-CTĐP"),
        funder(270, date(2019, 5, 10), contract="05/HĐ-CTĐP"),
        funder(80, date(2019, 5, 20), source=KCDP),
        funder(5, date(2019, 5, 25), source=KCDP, is_return=True),
    ]
    month = month_rows([line(1, approved=100)], funder=money)
    rows = sheet(month, "Giải ngân").tables[2].lines
    keys = ("received_in_span_vnd", "returned_in_span_vnd", "received_vnd", "returned_vnd")
    assert [(row.level, row.label, [row.cells.get(key, 0) // MILLION for key in keys]) for row in rows] == [
        ("source", "Khuyến công quốc gia", [270, 0, 900, 0]),
        ("entry", "Nhận kinh phí, hợp đồng 05/HĐ-CTĐP", [270, 0, 0, 0]),
        ("source", "Khuyến công địa phương", [80, 5, 80, 5]),
        ("entry", "Nhận kinh phí", [80, 0, 0, 0]),
        ("entry", "Nộp trả ngân sách", [0, 5, 0, 0]),
        ("total", "Cộng", [350, 5, 980, 5]),
    ]
    assert lines_of(month, "Giải ngân") == lines_of(month_rows([line(1, approved=100)]), "Giải ngân")


# --- Khó khăn, vướng mắc ---


def test_open_difficulties_come_first_with_their_age():
    still = DifficultyRow("Đề án 1", "", "Thiếu vốn", "Khác", "", date(2019, 5, 1), None, "", None)
    closed = DifficultyRow("Đề án 2", "", "Mưa", "Khác", "", date(2019, 4, 1), None, "Xong", date(2019, 5, 11))
    found = difficulty_lines([closed, still], DAY)
    assert [row.level for row in found] == ["source", "project", "source", "project"]
    assert (found[1].label, found[1].cells["age"], found[3].cells["age"]) == ("Thiếu vốn", 30, 40)


# --- Đối chiếu số liệu ---


def test_each_check_says_whether_it_agrees():
    table = check_sheet([Check("KCQG", "Kế hoạch", 5, 5), Check("KCQG", "Số đề án", 2, 1, False)], None).tables[0]
    assert [row.cells["result"] for row in table.lines] == ["khớp", "lệch", "lệch"]
    assert (table.lines[1].cells["difference"], table.lines[2].label) == (1, "1/2 số tổng khớp")


def test_without_a_closed_period_the_sheet_says_so():
    table = check_sheet([], None).tables[1]
    assert (table.lines, table.empty) == ([], "Chưa có kỳ nào được chốt.")


def test_what_changed_after_the_closing_is_listed_with_its_author():
    moment = datetime(2019, 6, 5, 9, 30)
    change = ChangeRow(moment, "Nguyễn A", "Sửa", "Bút toán: ĐA-1", "Thanh toán 5", "Thanh toán 6", "Ghi nhầm")
    closing = Closing(FIRST, DAY, datetime(2019, 6, 3, 8), "Lãnh đạo", [change])
    table = check_sheet([], closing).tables[1]
    assert "01/05/2019 – 31/05/2019" in table.caption
    assert table.lines[0].label == "Sửa, 09:30 ngày 05/06/2019"
    assert (table.lines[0].cells["who"], table.lines[0].cells["reason"]) == ("Nguyễn A", "Ghi nhầm")


def test_a_report_of_nothing_says_why_each_sheet_is_empty():
    sheets = month_report(month_rows()).sheets
    assert [sheet.name for sheet in sheets] == [
        "Tổng hợp",
        "Chi tiết đề án",
        "Tiến độ",
        "Giải ngân",
        "Khó khăn, vướng mắc",
        "Kế hoạch năm sau",
        "Đối chiếu số liệu",
    ]
    for each in sheets:
        for table in each.tables:
            assert table.lines or table.empty.endswith(".")
