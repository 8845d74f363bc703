"""The queries behind reports: as of a day, nobody else's places, as many of them for many đề án as for one."""

from datetime import date

import pytest

from accounts.models import Role
from funding.models import PlanLine
from projects import services
from projects.models import Acceptance, Difficulty, Project
from reports.detail_rows import read_month
from reports.figures import block_of
from reports.monthly_book import month_report
from reports.rows import read_year
from tests import factories as f

pytestmark = pytest.mark.django_db

FIRST, DAY = date(2019, 5, 1), date(2019, 5, 31)


@pytest.fixture(autouse=True)
def plan():
    f.make_plan(amount_vnd=90_000 * f.MILLION)


def month(first=FIRST, last=DAY, year=2019, user=None):
    return read_month(year, first, last, user)


def a_full_line():
    line = f.make_signed_line(on="2019-03-20", locality=f.make_locality())
    f.approve(line, 500 * f.MILLION, code="DOIUNG")
    f.advance(line, 90 * f.MILLION, on="2019-05-08", voucher="CK-1")
    services.set_milestone(
        project=line.project, line=line, name="Lắp đặt", due_on=date(2019, 5, 20), set_on=date(2019, 3, 20)
    )
    Difficulty.objects.create(project=line.project, line=line, description="Thiếu vốn", raised_on=date(2019, 5, 2))
    return line


def test_queries_do_not_grow_with_the_number_of_projects(query_count):
    a_full_line()
    few = query_count(month)
    for _ in range(4):
        a_full_line()
    assert query_count(month) == few


def test_a_year_is_read_in_six_queries(query_count):
    a_full_line()
    assert query_count(lambda: read_year(2019, DAY)) == 6


def test_reading_and_reporting_write_nothing(no_writes):
    a_full_line()
    with no_writes():
        month_report(month())


def test_what_is_dated_after_the_day_is_not_read():
    line = f.make_signed_line(on="2019-06-03")
    f.accept(line, on="2019-06-20", minutes_number="02/BB")
    info = month().lines[line.pk]
    assert (info.contracts, info.accepted_on, info.minutes_number) == ((), None, "")


def test_a_contract_shows_the_end_in_force_on_the_day():
    line = f.make_approved_line()
    contract = f.sign(line, 100 * f.MILLION, ends_on=date(2019, 6, 30))
    f.annex(contract, line, None, on="2019-06-10", ends_on=date(2019, 9, 30))
    assert month().lines[line.pk].contracts[0].end_on == date(2019, 6, 30)
    assert month(last=date(2019, 6, 30)).lines[line.pk].contracts[0].end_on == date(2019, 9, 30)


def test_a_passed_acceptance_is_shown_rather_than_a_failed_one():
    line = f.make_signed_line()
    f.accept(line, 5, on="2019-05-02", minutes_number="01/BB")
    f.accept(line, on="2019-05-09", minutes_number="02/BB", result=Acceptance.Result.FAILED)
    info = month().lines[line.pk]
    assert (info.minutes_number, info.result) == ("01/BB", "Đạt")


def test_a_postponed_milestone_keeps_its_former_due_day_before():
    line = f.make_approved_line()
    made = services.set_milestone(
        project=line.project, name="Lắp đặt", due_on=date(2019, 5, 10), set_on=date(2019, 3, 20)
    )
    services.postpone_milestone(milestone=made, due_on=date(2019, 8, 1), set_on=date(2019, 6, 1), reason="Mưa lũ")
    assert [row.due_on for row in month().milestones] == [date(2019, 5, 10)]
    assert [row.due_on for row in month(last=date(2019, 6, 30)).milestones] == [date(2019, 8, 1)]


def test_a_beneficiary_is_called_as_on_the_day():
    line = f.make_approved_line()
    line.beneficiary.former_names.create(name="HTX Cũ", used_until=date(2019, 6, 30))
    assert month().names.lines[line.pk] == "HTX Cũ"
    assert month(last=date(2019, 7, 31)).names.lines[line.pk] == line.beneficiary.name


def test_facts_of_earlier_plan_years_in_the_span_are_read_apart():
    f.make_plan(2018, amount_vnd=500 * f.MILLION, on="2018-01-10")
    old = f.make_line(plan_year=2018, joined_on="2018-03-01")
    f.approve(old, 200 * f.MILLION, on="2018-03-01")
    f.sign(old, 200 * f.MILLION, on="2018-04-01")
    f.pay(old, 120 * f.MILLION, on="2019-05-08")
    found = month()
    assert [(row.year, row.total_vnd) for row in found.previous] == [(2018, 120 * f.MILLION)]
    assert [(row.year, row.amount_vnd) for row in found.payments] == [(2018, 120 * f.MILLION)]
    assert found.rows.lines == []


def test_a_difficulty_is_read_while_open_or_closed_in_the_span():
    line = f.make_approved_line()

    def raised(on, closed_on=None):
        days = {"raised_on": date.fromisoformat(on), "closed_on": closed_on}
        Difficulty.objects.create(project=line.project, description=on, outcome="Xong", **days)

    raised("2019-04-01", date(2019, 4, 20))
    raised("2019-04-02", date(2019, 5, 20))
    raised("2019-04-03", date(2019, 6, 20))
    raised("2019-06-01")
    found = month().difficulties
    assert [(row.description, row.outcome) for row in found] == [("2019-04-02", "Xong"), ("2019-04-03", "")]


def test_a_local_officer_reads_his_own_places_alone():
    here, there = a_full_line(), a_full_line()
    officer = f.make_user(Role.LOCAL, localities=[here.locality])
    found = month(user=officer)
    assert set(found.lines) == {here.pk} and set(found.rows.projects) == {here.project_id}
    assert {row.line for row in found.payments} == {row.line for row in found.milestones} == {here.pk}
    assert there.pk in month().lines


def test_a_stage_is_that_of_the_lines_of_the_source():
    project = f.make_project(Project.Kind.GROUP)
    for amount, is_signed in ((100, True), (100, False)):
        line = f.make_line(project)
        f.approve(line, amount * f.MILLION)
        if is_signed:
            f.sign(line, amount * f.MILLION)
    assert month().stages["KCQG"][project.pk] == "Ký hợp đồng 1/2"
    assert month().stages["KCDP"] == {}


def test_the_plan_is_read_up_to_the_day_with_its_paper():
    f.make_plan(amount_vnd=70 * f.MILLION, on="2019-06-01", kind=PlanLine.Kind.ADJUSTED)
    assert [row.kind for row in read_year(2019, DAY).plan] == ["assigned"]
    assert read_year(2019, DAY).plan[0].number.endswith("/QĐ-THỬ")


# --- since the last closed period ---


def test_no_closing_while_no_period_is_closed():
    assert month().closing is None


def test_a_late_payment_is_named_with_its_author_and_reason():
    line = f.make_signed_line()
    f.close_period()
    accountant = f.make_user(Role.ACCOUNTANT, full_name="Lê Thị B")
    f.advance(line, 30 * f.MILLION, on="2019-05-20", by=accountant, reason="Chứng từ đến muộn")
    f.advance(line, 10 * f.MILLION, on="2019-06-20")
    closing = month(last=date(2019, 6, 30)).closing
    assert [(row.deed, row.who, row.reason) for row in closing.changes] == [
        ("Nhập mới", "Lê Thị B", "Chứng từ đến muộn")
    ]
    assert "30.000.000 đồng" in closing.changes[0].now and closing.changes[0].was == ""


def test_a_local_officer_reads_changes_of_his_own_places_alone():
    here, there = a_full_line(), a_full_line()
    f.close_period()
    for line in (here, there):
        f.advance(line, 10 * f.MILLION, on="2019-05-21", reason="Chứng từ đến muộn")
    officer = f.make_user(Role.LOCAL, localities=[here.locality])
    changes = month(last=date(2019, 6, 30), user=officer).closing.changes
    assert {row.project for row in changes} == {here.project_id}


def test_a_corrected_day_shows_what_it_was():
    f.close_period()
    line = f.make_approved_line()
    made = services.set_milestone(project=line.project, name="Lắp", due_on=DAY, set_on=date(2019, 4, 1))
    services.complete_milestone(milestone=made, done_on=date(2019, 5, 6), by=None, reason="Ghi bổ sung")
    closing = month(last=date(2019, 6, 30)).closing
    mended = [row for row in closing.changes if row.deed == "Sửa"]
    assert [(row.was, row.now) for row in mended] == [("chưa có ngày", "06/05/2019")]


def test_a_fact_entered_before_the_closing_is_no_change():
    line = f.make_signed_line()
    f.advance(line, 30 * f.MILLION, on="2019-05-20")
    history = line.entries.get(step="advanced").history
    history.update(history_date="2019-05-21T08:00:00+07:00")
    f.close_period()
    assert month(last=date(2019, 6, 30)).closing.changes == []


def test_a_stopped_line_still_tells_that_its_counterpart_was_never_recorded():
    line = f.make_approved_line(100 * f.MILLION)
    f.stop(line.project, line=line, on="2019-05-10")
    block = block_of(read_year(2019, DAY), "KCQG")
    assert block.vnd("support_vnd") == 0 and len(block.line_ids("total_cost_missing")) == 1


def test_a_line_whose_source_was_changed_costs_the_old_source_nothing():
    line = f.make_approved_line(100 * f.MILLION)
    f.make_plan(amount_vnd=900 * f.MILLION, code="KCDP")
    paper = f.decide(line.project, on="2019-05-10")
    services.change_source(line=line, old=f.source("KCQG"), new=f.source("KCDP"), decision=paper)
    rows = read_year(2019, DAY)
    assert (block_of(rows, "KCQG").vnd("total_cost_vnd"), block_of(rows, "KCDP").vnd("total_cost_vnd")) == (
        0,
        100 * f.MILLION,
    )
