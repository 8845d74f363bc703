"""What an import tells besides the JSON: a line for each warning, what it doubts, and how it ended."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from openpyxl import load_workbook

from khuyencong.dates import format_day, local_today
from projects.workbook.exporting import export_workbook
from tests.projects.workbooks import import_rows, plan_row, row, run_command, write_workbook

pytestmark = pytest.mark.django_db

SIGNED = {"Số_hợp_đồng": "01/HĐ", "Ngày_ký_hợp_đồng": "15/03/2019"}


def line_row(code="KC-01", **cells):
    return row(code, **{"Cơ_sở_thụ_hưởng": "HTX A", "Kinh_phí_hỗ_trợ": 100, "Tổng_kinh_phí": 300, **cells})


def told(tmp_path, rows, plan=(), **options):
    """(the JSON, the lines of standard error)."""
    path = write_workbook(tmp_path / "tep.xlsx", rows, plan)
    _, out, err = run_command("import_projects", str(path), **options)
    return json.loads(out), err.splitlines()


def warnings(tmp_path, *rows):
    result = import_rows(tmp_path, rows)
    assert result.errors == []
    return result.warnings


def test_warnings_stand_on_standard_error_with_a_closing_sentence(tmp_path):
    answer, lines = told(tmp_path, [line_row(Địa_bàn="xã Chưa Biết")], [plan_row(1000)])
    assert lines[:-1] == answer["warnings"] != []
    assert lines[-1] == "Đã nhập: 1 đề án, 1 dòng, 1 khoản kế hoạch mới."
    _, lines = told(tmp_path, [line_row(Địa_bàn="xã Chưa Biết")], [plan_row(1000)])
    assert lines[-1] == "Đã nhập: không có gì mới; không đổi: 1 đề án, 1 dòng, 1 khoản kế hoạch."


def test_a_dry_run_says_that_nothing_is_written(tmp_path):
    _, lines = told(tmp_path, [line_row()], dry_run=True)
    assert lines[-1].startswith("Kiểm tra xong, chưa ghi: 1 đề án, 1 dòng mới")


def test_what_is_corrected_is_counted(tmp_path):
    told(tmp_path, [line_row()])
    _, lines = told(tmp_path, [line_row(Kinh_phí_hỗ_trợ=90)])
    assert "sửa: 1 dòng" in lines[-1]


def test_a_file_without_the_column_of_support_is_told_loudly(tmp_path):
    cells = line_row()
    del cells["Kinh phí hỗ trợ"]
    assert any(
        warning.startswith(
            "Trang Đề án: Tệp không có cột Kinh phí hỗ trợ: kinh phí được duyệt của mọi dòng sẽ để trống"
        )
        for warning in warnings(tmp_path, cells)
    )
    assert not any("không có cột" in warning for warning in warnings(tmp_path, line_row()))


def test_a_day_column_without_its_amounts_is_told(tmp_path):
    found = warnings(tmp_path, line_row(**SIGNED, Ngày_nghiệm_thu="01/05/2019"))
    assert any("Tệp không có cột Kinh phí nghiệm thu" in warning for warning in found)


@pytest.mark.parametrize(
    "cells",
    [SIGNED, {**SIGNED, "Ngày_nghiệm_thu": "01/05/2019"}, {**SIGNED, "Đã_tạm_ứng": 5, "Ngày_tạm_ứng": "01/04/2019"}],
)
def test_work_on_a_line_whose_support_is_unknown_is_told_at_its_row(tmp_path, cells):
    found = warnings(tmp_path, line_row("KC-00"), line_row(**cells, Kinh_phí_hỗ_trợ=None))
    assert [warning for warning in found if "chưa biết kinh phí được duyệt" in warning] == [
        "Trang Đề án, dòng 3: Đã ký, chi hoặc nghiệm thu khi chưa biết kinh phí được duyệt. "
        "Hãy bổ sung Kinh phí hỗ trợ."
    ]


@pytest.mark.parametrize(
    "heading", ["Ngày phê duyệt", "Ngày ký hợp đồng", "Ngày tạm ứng", "Ngày nghiệm thu", "Ngày thanh lý", "Ngày ngừng"]
)
def test_a_day_to_come_is_told_at_its_cell(tmp_path, heading):
    today, days = local_today(), {"Ngày phê duyệt": "01/03/2019", "Ngày ký hợp đồng": "15/03/2019"}
    to_come = today + timedelta(days=30)
    cells = line_row(Số_hợp_đồng="01/HĐ") | days | {heading: to_come}
    if heading == "Ngày phê duyệt":
        cells |= {"Số hợp đồng": None, "Ngày ký hợp đồng": None}
    if heading == "Ngày tạm ứng":
        cells["Đã tạm ứng"] = 5
    found = [warning for warning in warnings(tmp_path, cells) if "ngày ở tương lai" in warning]
    assert found == [f"Trang Đề án, dòng 2: {heading} {format_day(to_come)} là ngày ở tương lai."]


def test_a_path_without_a_file_says_so(tmp_path):
    path = tmp_path / "khong-co.xlsx"
    answer = json.loads(run_command("import_projects", str(path))[1])
    assert answer["errors"][0]["message"] == f"Không có tệp “{path}”. Hãy kiểm tra lại đường dẫn."


def test_support_and_contract_lowered_together_raise_no_warning(tmp_path):
    import_rows(tmp_path, [line_row(**SIGNED, Kinh_phí_hợp_đồng=100)])
    lowered = line_row(**SIGNED, Kinh_phí_hợp_đồng=80, Kinh_phí_hỗ_trợ=80, Ngày_phê_duyệt="01/04/2019")
    assert not any("vượt" in warning for warning in warnings(tmp_path, lowered))


def test_a_contract_above_its_lowered_support_is_still_told_once(tmp_path):
    import_rows(tmp_path, [line_row(**SIGNED, Kinh_phí_hợp_đồng=100)])
    lowered = line_row(**SIGNED, Kinh_phí_hợp_đồng=100, Kinh_phí_hỗ_trợ=80)
    found = [warning for warning in warnings(tmp_path, lowered) if "vượt" in warning]
    assert len(found) == 1 and "số đã ký vượt kinh phí được duyệt" in found[0] and "20 đồng" in found[0]


def test_a_database_without_tables_is_told_in_json_too(tmp_path):
    path = write_workbook(tmp_path / "tep.xlsx", [line_row()])
    command = [sys.executable, "manage.py", "import_projects", str(path)]
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'trong.sqlite3'}"}
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | database, capture_output=True, text=True)
    (error,) = json.loads(done.stdout)["errors"]
    assert done.returncode == 1 and done.stderr.splitlines() == [error["message"]]
    assert "Không đọc được cơ sở dữ liệu" in error["message"]
    assert error | {"message": ""} == {"sheet": None, "row": None, "column": None, "value": None, "message": ""}


def test_a_cell_of_two_lines_is_told_on_one(tmp_path):
    path = write_workbook(
        tmp_path / "tep.xlsx", [line_row(Kinh_phí_hỗ_trợ="một\ntrăm"), line_row(Nguồn_kinh_phí="Q\n?")]
    )
    _, out, err = run_command("import_projects", str(path))
    errors = json.loads(out)["errors"]
    assert [error["value"] for error in errors] == ["một\ntrăm", "Q\n?"]
    assert len(err.splitlines()) == 2 and not any("\n" in error["message"] for error in errors)


@pytest.mark.parametrize("what", ["Đã_tạm_ứng", "Đã_thanh_toán"])
@pytest.mark.parametrize("signed", [SIGNED, {}])
def test_money_paid_before_signing_is_told_at_its_day(tmp_path, what, signed):
    day = what.replace("Đã", "Ngày")
    found = faults(tmp_path, line_row(**signed, **{what: 5, day: "10/03/2019"}))
    assert found == [(2, day.replace("_", " "))]
    unread = line_row(**signed, **{what: 5, day: "10/03/2019"}, Nội_dung_hoạt_động="?")
    assert not signed or (2, day.replace("_", " ")) in faults(tmp_path, unread)


def test_a_total_below_the_support_is_told_with_both_amounts(tmp_path):
    (error,) = import_rows(tmp_path, [line_row(Tổng_kinh_phí=50)]).errors
    assert "Tổng kinh phí 50 đồng nhỏ hơn kinh phí hỗ trợ 100 đồng" in error["message"]
    rows = [line_row(Tổng_kinh_phí=150), line_row(Nguồn_kinh_phí="KCQG", Tổng_kinh_phí=None)]
    (error,) = import_rows(tmp_path, rows).errors
    assert "Tổng kinh phí 150 đồng nhỏ hơn kinh phí hỗ trợ 200 đồng" in error["message"]


def test_an_export_of_a_year_without_rows_says_so(tmp_path):
    code, _, err = run_command("export_projects", str(tmp_path / "ra.xlsx"), year="2030")
    assert code == 0 and "Năm 2030 chưa có dòng nào" in err
    assert load_workbook(tmp_path / "ra.xlsx")["Đề án"].max_row == 1
    assert export_workbook(tmp_path / "ra.xlsx", 2030) == 0


def test_an_amount_with_a_fraction_tells_how_to_write_million(tmp_path):
    (error,) = import_rows(tmp_path, [line_row(Kinh_phí_hỗ_trợ=262.5)]).errors
    assert "có phần lẻ nhỏ hơn một đồng" in error["message"]
    assert "thêm “(triệu đồng)” vào tiêu đề cột" in error["message"]


# --- every fault in one round ---


def faults(tmp_path, *rows, plan=()):
    return [(error["row"], error["column"]) for error in import_rows(tmp_path, rows, plan).errors]


def test_an_unreadable_amount_hides_no_contract_number_that_stands_twice(tmp_path):
    rows = [line_row(**SIGNED, Kinh_phí_hỗ_trợ="x"), line_row("KC-02", **SIGNED, Cơ_sở_thụ_hưởng="HTX B")]
    assert faults(tmp_path, *rows) == [(2, "Kinh phí hỗ trợ"), (3, "Số hợp đồng")]


def test_an_unreadable_place_hides_no_row_beyond_the_plan(tmp_path):
    found = faults(tmp_path, line_row(Địa_bàn="Tân Thịnh"), plan=[plan_row(10)])
    assert sorted(found) == [(2, "Kinh phí hỗ trợ"), (2, "Địa bàn")]


@pytest.mark.parametrize("heading", ["Tên đề án", "Loại đề án"])
def test_a_name_or_kind_that_is_missing_hides_nothing_else(tmp_path, heading):
    cells = line_row(**SIGNED, Địa_bàn="Tân Thịnh", Ngày_nghiệm_thu="01/03/2019") | {heading: None}
    assert set(faults(tmp_path, cells)) == {(2, heading), (2, "Địa bàn"), (2, "Ngày nghiệm thu")}


@pytest.mark.parametrize("heading", ["Nội dung hoạt động", "Nguồn kinh phí", "Năm kế hoạch"])
def test_a_row_of_no_line_still_tells_its_place_and_its_days(tmp_path, heading):
    cells = line_row(
        **SIGNED, Địa_bàn="Tân Thịnh", Ngày_nghiệm_thu="01/03/2019", Ngày_thanh_lý="02/03/2019", Đã_tạm_ứng=5
    )
    assert set(faults(tmp_path, cells | {heading: "?"})) == {
        (2, heading),
        (2, "Địa bàn"),
        (2, "Ngày nghiệm thu"),
        (2, "Ngày thanh lý"),
        (2, "Ngày tạm ứng"),
    }


def test_a_row_without_day_of_approval_still_tells_its_other_days(tmp_path):
    cells = line_row(**SIGNED, Ngày_nghiệm_thu="01/03/2019", Ngày_phê_duyệt="31/02/2019")
    assert set(faults(tmp_path, cells)) == {(2, "Ngày phê duyệt"), (2, "Ngày nghiệm thu")}


def test_a_cell_that_cannot_be_read_makes_no_further_error(tmp_path):
    cells = line_row(**SIGNED, Ngày_nghiệm_thu="01/05/2019", Đã_tạm_ứng=5, Ngày_tạm_ứng="01/05/2019")
    for heading in cells.keys() - {"Số hợp đồng", "Cơ sở thụ hưởng"}:
        bad = "?" * 1001 if heading in ("Tên đề án", "Mã đề án") else "?"
        if heading in ("Ghi chú",):
            continue
        assert faults(tmp_path, cells | {heading: bad}) == [(2, heading)]
