"""The sheet of the plan against approvals: what a bad row of it hides, and what a plan of nought says."""

import pytest

from tests.projects.workbooks import import_rows, plan_row, row

pytestmark = pytest.mark.django_db


def line_row(support_vnd=200, **cells):
    return row(Cơ_sở_thụ_hưởng="HTX A", Kinh_phí_hỗ_trợ=support_vnd, **cells)


def faults(tmp_path, rows, plan):
    return [(error["sheet"], error["row"], error["column"]) for error in import_rows(tmp_path, rows, plan).errors]


BEYOND = ("Đề án", 2, "Kinh phí hỗ trợ")


@pytest.mark.parametrize(
    "cells",
    [
        {"Nguồn kinh phí": "KCQG", "Kinh phí": "x"},
        {"Năm": 2020, "Kinh phí": "x"},
        {"Năm": 2020, "Ngày": "31/02/2020"},
        {"Năm": 2020, "Loại": "cho"},
        {"Năm": 2020, "Kinh phí": -5},
        {"Năm": 2020, "Nội dung hoạt động": "Trồng rừng"},
        {"Loại": "đề nghị", "Kinh phí": "x"},
        {"Loại": "đề nghị", "Số đề án từ": "ba"},
        {"Đợt": "2", "Kinh phí": 10, "Số đề án đến": "ba"},
        {"Đợt": "2", "Kinh phí": 10, "Số đề án từ": 3, "Số đề án đến": 2},
        {"Đợt": "2" * 51, "Kinh phí": 10},
    ],
)
def test_a_bad_plan_row_hides_no_row_beyond_a_plan_that_is_read(tmp_path, cells):
    found = faults(tmp_path, [line_row()], [plan_row(100), plan_row(7) | cells])
    assert len(found) == 2 and BEYOND in found


@pytest.mark.parametrize(
    "cells",
    [
        {"Kinh phí": "x"},
        {"Ngày": "31/02/2019"},
        {"Loại": "cho"},
        {"Số quyết định": "2" * 101},
        {"Nội dung hoạt động": "Trồng rừng"},
        {"Năm": "x"},
        {"Nguồn kinh phí": "Quỹ khác lạ"},
    ],
)
def test_a_plan_that_cannot_be_read_refuses_nothing(tmp_path, cells):
    found = faults(tmp_path, [line_row()], [plan_row(100), plan_row(7) | {"Đợt": "2"} | cells])
    assert [where[0] for where in found] == ["Kế hoạch"]


def test_a_batch_that_cannot_be_read_is_no_twin_and_its_money_counts(tmp_path):
    plan = [plan_row(100), plan_row(100, Đợt="2" * 51)]
    assert faults(tmp_path, [line_row()], plan) == [("Kế hoạch", 3, "Đợt")]


def test_a_plan_of_nought_stands(tmp_path):
    assert faults(tmp_path, [line_row()], [plan_row(0)]) == [BEYOND]
    assert import_rows(tmp_path, [], [plan_row(0)]).errors == []
    assert faults(tmp_path, [line_row()], []) == [BEYOND]


def test_an_adjustment_of_no_plan_is_told_to_leave_it_below_nought(tmp_path):
    (error,) = import_rows(tmp_path, [], [plan_row(-500, Loại="điều chỉnh")]).errors
    assert (error["row"], error["column"]) == (2, "Kinh phí")
    assert "phê duyệt" not in error["message"] and "âm 500 đồng vào ngày 10/01/2019" in error["message"]
