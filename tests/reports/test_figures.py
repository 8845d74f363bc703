"""Figures as arithmetic over rows: which line counts where. No database."""

from decimal import Decimal

from projects.models import Project
from reports.figures import block_of, next_plan, year_figures
from tests.reports.pure import KCDP, KCQG, MILLION, UNKNOWN, line, plan, project, year_rows

GROUP, TASK = Project.Kind.GROUP, Project.Kind.TASK


def national(rows):
    return block_of(rows, "KCQG").figures()


def total(rows):
    return block_of(rows).figures()


def test_no_rows_are_noughts_and_no_percent():
    found = total(year_rows())
    assert {value for key, value in found.items() if not key.endswith("_percent")} == {0}
    assert found["disbursed_percent"] is None and found["disbursed_of_plan_percent"] is None


def test_every_counted_source_is_listed_even_without_rows():
    found = year_figures(year_rows())
    assert [block["code"] for block in found["sources"]] == ["KCQG", "KCDP", "KCH"]
    assert [block["code"] for block in found["other_sources"]] == ["DOIUNG"]
    assert set(found["total"]) == set(found["sources"][0]) - {"code", "name", "level"}


def test_a_group_is_one_project_with_as_many_beneficiaries_as_lines():
    lines = [line(n, project=1, approved=300) for n in (1, 2, 3)]
    found = national(year_rows(lines, projects=[project(1, kind=GROUP)]))
    assert (found["projects"], found["group_projects"], found["beneficiaries"]) == (1, 1, 3)


def test_one_beneficiary_supported_twice_is_one_establishment():
    lines = [line(1, approved=100, beneficiary=7), line(2, approved=100, beneficiary=7)]
    found = national(year_rows(lines))
    assert (found["beneficiaries"], found["establishments"]) == (2, 1)


def test_a_task_is_an_activity_and_no_project():
    found = national(year_rows([line(1, kind=TASK, approved=405)]))
    assert (found["projects"], found["activities"], found["beneficiaries"]) == (0, 1, 0)
    assert (found["support_vnd"], found["activities_vnd"]) == (0, 405 * MILLION)


def test_a_task_needs_no_counterpart_but_a_project_without_one_is_missing():
    rows = year_rows([line(1, kind=TASK, approved=5), line(2, approved=5), line(3, approved=5, own=9)])
    assert national(rows)["total_cost_missing"] == 1


def test_the_counterpart_is_in_the_total_cost_alone():
    found = national(year_rows([line(1, approved=300, own=820)]))
    assert (found["support_vnd"], found["total_cost_vnd"]) == (300 * MILLION, 1120 * MILLION)


def test_a_project_of_two_sources_counts_in_each_and_once_in_total():
    one = line(1, approved=100, own=50)
    both = [one, line(2, project=1, source=KCDP, approved=60, beneficiary=1)]
    rows = year_rows(both)
    assert [block_of(rows, code).figures()["projects"] for code in ("KCQG", "KCDP")] == [1, 1]
    assert total(rows)["projects"] == 1


def test_a_project_is_signed_when_as_many_as_expected_are():
    lines = [line(1, project=1, approved=10, is_signed=True, has_support_contract=True)]
    short = year_rows(lines, projects=[project(1, n_missing=2)])
    assert (national(short)["contracted_projects"], national(short)["contracted_beneficiaries"]) == (0, 1)
    assert national(year_rows(lines))["contracted_projects"] == 1


def test_lines_without_contract_by_nature_do_not_hold_back_the_signing_but_make_none():
    by_list = line(1, project=1, approved=10, has_contract=False)
    assert national(year_rows([by_list]))["contracted_projects"] == 0
    both = [by_list, line(2, project=1, approved=10, is_signed=True)]
    assert national(year_rows(both))["contracted_projects"] == 1


def test_accepted_and_settled_need_every_line():
    lines = [line(1, project=1, approved=10, is_accepted=True, is_settled=True), line(2, project=1, approved=10)]
    found = national(year_rows(lines))
    assert (found["accepted_projects"], found["accepted_beneficiaries"], found["settled_projects"]) == (0, 1, 0)


def test_a_stopped_project_counts_as_stopped_alone_but_its_money_stays_in_the_sums():
    rows = year_rows([line(1, approved=40, paid=40, is_active=False)], projects=[project(1, is_stopped=True)])
    found = national(rows)
    assert (found["projects"], found["stopped_projects"], found["late_projects"]) == (0, 1, 0)
    assert (found["support_vnd"], found["disbursed_vnd"]) == (40 * MILLION, 40 * MILLION)


def test_a_refused_project_counts_nowhere():
    rows = year_rows([line(1, approved=40)], projects=[project(1, is_refused=True)])
    assert (total(rows)["projects"], total(rows)["beneficiaries"], total(rows)["stopped_projects"]) == (0, 0, 0)


def test_disbursed_is_advances_and_payments_less_recoveries():
    found = national(year_rows([line(1, approved=100, advanced=60, paid=30, recovered=20)]))
    assert (found["advanced_vnd"], found["disbursed_vnd"]) == (60 * MILLION, 70 * MILLION)
    assert found["disbursed_percent"] == Decimal("70.00")


def test_percents_are_rounded_half_up():
    found = national(year_rows([line(1, approved=800, paid=1)], [plan(1600)]))
    assert (found["disbursed_percent"], found["disbursed_of_plan_percent"]) == (Decimal("0.13"), Decimal("0.06"))


def test_an_amount_that_is_not_known_is_null_only_while_none_is():
    unknown = line(1, approved=10, contracted=UNKNOWN)
    assert national(year_rows([unknown]))["contracted_vnd"] is None
    assert national(year_rows([unknown, line(2, approved=10, contracted=8)]))["contracted_vnd"] == 8 * MILLION


def test_a_line_approved_with_an_amount_not_known_is_in():
    assert national(year_rows([line(1, requested=5)]))["projects"] == 0
    found = national(year_rows([LINE_OF_UNKNOWN]))
    assert (found["projects"], found["support_vnd"]) == (1, None)


LINE_OF_UNKNOWN = line(1)
LINE_OF_UNKNOWN.money[KCQG, "approved"] = UNKNOWN


def test_the_plan_adds_what_was_assigned_adjusted_and_carried_over():
    plans = [plan(900), plan(-50, kind="adjusted"), plan(20, kind="carried"), plan(7, kind="provisional")]
    found = national(year_rows(plans=[*plans, plan(1000, kind="requested")]))
    assert (found["plan_assigned_vnd"], found["plan_requested_vnd"]) == (870 * MILLION, 1000 * MILLION)


def test_the_next_plan_adds_up_ranges_and_leaves_them_open_where_none_was_given():
    asked = [
        plan(1000, kind="requested", year=2020, span=(3, 3)),
        plan(2600, source=KCDP, kind="requested", year=2020, span=(20, 25)),
        plan(400, source=KCDP, kind="requested", year=2020, is_for_tasks=True),
    ]
    found = next_plan(year_rows(plans=asked))
    assert found["requested_vnd"] == 4000 * MILLION
    assert [(s["projects_min"], s["projects_max"]) for s in found["sources"]] == [(3, 3), (20, 25), (None, None)]
