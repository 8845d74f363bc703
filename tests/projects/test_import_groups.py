"""Groups named later, in one file or over several: whose money moves, and when the unnamed line leaves."""

from datetime import date

import pytest

from projects.models import LedgerEntry, ProjectDecision, ProjectLine, Step
from tests.projects.workbooks import MILLION, import_rows, plan_row, row

pytestmark = pytest.mark.django_db


def group(support_vnd=900 * MILLION, **cells):
    return row("N-01", Loại_đề_án="nhóm", Kinh_phí_hỗ_trợ=support_vnd, **cells)


def named(name, support_vnd=300 * MILLION, day="05/04/2019", **cells):
    return group(support_vnd, Cơ_sở_thụ_hưởng=name, Ngày_phê_duyệt=day, **cells)


def approved(beneficiary, until=date.max, source="KCDP"):
    lines = ProjectLine.objects.filter(beneficiary__name=beneficiary) if beneficiary else unnamed_lines()
    entries = LedgerEntry.objects.filter(line__in=lines, step=Step.APPROVED, source__code=source, on__lte=until)
    return sum(amount or 0 for amount in entries.values_list("amount_vnd", flat=True))


def unnamed_lines():
    return ProjectLine.objects.filter(beneficiary=None)


def passes(tmp_path, rows, plan=()):
    result = import_rows(tmp_path, rows, plan)
    assert result.errors == []
    return result


def changes_nothing(tmp_path, rows):
    before = LedgerEntry.history.count(), ProjectLine.history.count()
    counts = passes(tmp_path, rows).counts
    assert not any(counts["created"].values()) and not any(counts["updated"].values())
    assert (LedgerEntry.history.count(), ProjectLine.history.count()) == before


def test_rows_that_name_take_their_money_from_the_unnamed_line(tmp_path):
    rows = [group(), named("HTX A"), named("HTX B", day="06/05/2019")]
    passes(tmp_path, rows, [plan_row(900 * MILLION)])
    assert approved(None) == 300 * MILLION and approved("HTX A") == approved("HTX B") == 300 * MILLION
    assert approved(None, date(2019, 4, 30)) == 600 * MILLION
    line = ProjectLine.objects.get(beneficiary__name="HTX A")
    assert line.replaces == unnamed_lines().get() and line.joined_on == date(2019, 4, 5)
    assert ProjectDecision.objects.filter(kind="group_approved").count() == 2
    changes_nothing(tmp_path, rows)


def test_the_unnamed_line_leaves_when_its_money_is_used_up(tmp_path):
    rows = [named("HTX A", 400 * MILLION), group(), named("HTX B", 500 * MILLION, "06/05/2019")]
    passes(tmp_path, rows, [plan_row(900 * MILLION)])
    assert unnamed_lines().get().left_on == date(2019, 5, 6)
    assert approved(None) == 0
    changes_nothing(tmp_path, rows)


def test_the_unnamed_line_leaves_when_as_many_as_expected_are_named(tmp_path):
    rows = [group(Số_cơ_sở_dự_kiến=2), named("HTX A", 200 * MILLION), named("HTX B", 200 * MILLION)]
    passes(tmp_path, rows)
    assert unnamed_lines().get().left_on == date(2019, 4, 5)
    assert approved(None) == 500 * MILLION
    changes_nothing(tmp_path, rows)


def test_what_the_group_guessed_of_the_counterpart_ends_with_it(tmp_path):
    rows = [
        group(Tổng_kinh_phí=3000 * MILLION),
        named("HTX A", 900 * MILLION, Tổng_kinh_phí=1500 * MILLION),
    ]
    passes(tmp_path, rows)
    assert approved(None, source="DOIUNG") == 0 and approved("HTX A", source="DOIUNG") == 600 * MILLION
    changes_nothing(tmp_path, rows)


def test_a_later_file_names_as_one_file_would(tmp_path):
    passes(tmp_path, [group(Tổng_kinh_phí=2000 * MILLION)], [plan_row(900 * MILLION)])
    rows = [group(Tổng_kinh_phí=2000 * MILLION), named("HTX A", Tổng_kinh_phí=500 * MILLION)]
    passes(tmp_path, rows)
    assert (approved(None), approved(None, source="DOIUNG")) == (600 * MILLION, 900 * MILLION)
    changes_nothing(tmp_path, rows)
    passes(tmp_path, [named("HTX B", 600 * MILLION, "01/06/2019")])
    assert unnamed_lines().get().left_on == date(2019, 6, 1)
    changes_nothing(tmp_path, rows)


def test_a_changed_amount_of_the_group_is_measured_against_what_was_approved_for_it(tmp_path):
    passes(tmp_path, [group(), named("HTX A")])
    passes(tmp_path, [group(1000 * MILLION)])
    assert approved(None) == 700 * MILLION


def test_what_exceeds_the_group_is_new_money(tmp_path):
    result = import_rows(tmp_path, [group(), named("HTX A", 1000 * MILLION)], [plan_row(900 * MILLION)])
    assert [(error["row"], error["column"]) for error in result.errors] == [(3, "Kinh phí hỗ trợ")]


def test_an_unknown_support_takes_its_money_once_it_is_known(tmp_path):
    passes(tmp_path, [group(), named("HTX A", None)], [plan_row(900 * MILLION)])
    assert approved(None) == 900 * MILLION
    rows = [group(), named("HTX A", 250 * MILLION)]
    passes(tmp_path, rows)
    assert (approved(None), approved("HTX A")) == (650 * MILLION, 250 * MILLION)
    changes_nothing(tmp_path, rows)


def test_a_line_without_beneficiary_at_work_is_no_group(tmp_path):
    fair = group(100, Nội_dung_hoạt_động="HD13", Số_hợp_đồng="9", Ngày_ký_hợp_đồng="10/03/2019")
    passes(tmp_path, [fair, named("HTX A", 50)])
    assert approved(None) == 100


def test_another_year_or_source_is_no_group_of_the_row(tmp_path):
    passes(tmp_path, [group(), named("HTX A", 50, Nguồn_kinh_phí="KCQG"), named("HTX B", 50) | {"Năm kế hoạch": 2020}])
    assert approved(None) == 900 * MILLION


@pytest.mark.parametrize("day", ["01/03/2019", "05/04/2019", "01/06/2019"])
def test_a_new_amount_of_a_group_that_left_is_asked_for_at_the_named_lines(tmp_path, day):
    passes(tmp_path, [group(), named("HTX A", 900 * MILLION)], [plan_row(5000 * MILLION)])
    assert unnamed_lines().get().left_on == date(2019, 4, 5)
    (error,) = import_rows(tmp_path, [group(1000 * MILLION, Ngày_phê_duyệt=day)]).errors
    assert (error["row"], error["column"]) == (2, "Kinh phí hỗ trợ")
    assert "05/04/2019" in error["message"] and "dòng của từng cơ sở" in error["message"]
    changes_nothing(tmp_path, [group(), named("HTX A", 900 * MILLION)])
    changes_nothing(tmp_path, [group(None, Ngày_phê_duyệt=day)])


def test_the_same_amount_of_a_group_that_left_is_no_second_approval_on_a_later_day(tmp_path):
    passes(tmp_path, [group(Số_cơ_sở_dự_kiến=1), named("HTX A")])
    (error,) = import_rows(tmp_path, [group(Ngày_phê_duyệt="01/06/2019")]).errors
    assert (error["row"], error["column"]) == (2, "Kinh phí hỗ trợ")


@pytest.mark.parametrize("cells", [{"Nguồn_kinh_phí": "KCQG"}, {"Nội_dung_hoạt_động": "HD09"}])
def test_another_source_or_activity_after_a_group_left_is_a_line_of_its_own(tmp_path, cells):
    passes(tmp_path, [group(Nội_dung_hoạt_động="HD13"), named("HTX A", 900 * MILLION, Nội_dung_hoạt_động="HD13")])
    passes(tmp_path, [group(60, Ngày_phê_duyệt="01/06/2019", **cells)])
    assert approved(None) + approved(None, source="KCQG") == 60 and unnamed_lines().count() == 2
