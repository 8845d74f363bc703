"""Wrong input: every bad cell with its own message, in the promised shape, and nothing saved."""

import json
import re
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from accounts.models import Role, User
from projects.models import Contract, ContractAnnex, LedgerEntry, Project, ProjectLine
from tests.projects.workbooks import (
    import_rows,
    plan_row,
    read_rows,
    row,
    run_command,
    run_import,
    write_workbook,
)

pytestmark = pytest.mark.django_db

SIGNED = {"Số_hợp_đồng": "01/HĐ", "Ngày_ký_hợp_đồng": "15/03/2019"}


def line_row(code="KC-01", **cells):
    return row(code, **{"Cơ_sở_thụ_hưởng": "HTX A", "Kinh_phí_hỗ_trợ": 100, "Tổng_kinh_phí": 300, **cells})


def faults(tmp_path, *rows, plan=(), **options):
    """(row, column) of every error; nothing may have been saved."""
    result = import_rows(tmp_path, rows, plan, **options)
    assert not Project.objects.exists() and not Project.history.exists()
    for error in result.errors:
        assert set(error) == {"sheet", "row", "column", "value", "message"} and error["message"]
    return [(error["row"], error["column"]) for error in result.errors]


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Kinh phí hỗ trợ", "một trăm"),
        ("Kinh phí hỗ trợ", "1.5"),
        ("Kinh phí hỗ trợ", "100,5"),
        ("Kinh phí hỗ trợ", 100.25),
        ("Kinh phí hỗ trợ", -5),
        ("Kinh phí hỗ trợ", "(5)"),
        ("Kinh phí hỗ trợ", True),
        ("Kinh phí hỗ trợ", date(2019, 1, 1)),
        ("Kinh phí hỗ trợ", "#N/A"),
        ("Kinh phí hỗ trợ", 10**19),
        ("Ngày phê duyệt", "31/02/2019"),
        ("Ngày phê duyệt", "2019-03-01"),
        ("Ngày phê duyệt", 43525),
        ("Ngày phê duyệt", "01/03/19"),
        ("Ngày phê duyệt", datetime(3019, 3, 1)),
        ("Ngày phê duyệt", None),
        ("Mã đề án", None),
        ("Mã đề án", "X" * 101),
        ("Tên đề án", "   "),
        ("Năm kế hoạch", 1999),
        ("Năm kế hoạch", "hai nghìn"),
        ("Năm kế hoạch", 2019.5),
        ("Loại đề án", "lẻ loi"),
        ("Nguồn kinh phí", "Quỹ khác lạ"),
        ("Nguồn kinh phí", "DOIUNG"),
        ("Nội dung hoạt động", "Trồng rừng"),
        ("Nội dung hoạt động", "ND3"),
        ("Số cơ sở dự kiến", "ba"),
        ("Số cơ sở dự kiến", -1),
        ("Số hợp đồng", date(2019, 5, 1)),
        ("Mã số", "5" * 51),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_once_and_alone(tmp_path, heading, value):
    column = "Mã số thuế / số ĐKKD" if heading == "Mã số" else heading
    assert faults(tmp_path, line_row(**SIGNED) | {heading: value}) == [(2, column)]


def test_every_bad_cell_is_told(tmp_path):
    rows = [
        line_row(Kinh_phí_hỗ_trợ="x", Ngày_ký_hợp_đồng="y"),
        line_row("KC-02"),
        line_row("KC-03", Loại_đề_án="z", Ngày_phê_duyệt="31/02/2019"),
    ]
    assert faults(tmp_path, *rows) == [
        (2, "Kinh phí hỗ trợ"),
        (2, "Ngày ký hợp đồng"),
        (4, "Loại đề án"),
        (4, "Ngày phê duyệt"),
    ]


def test_the_error_names_sheet_row_column_and_what_the_cell_says(tmp_path):
    (error,) = import_rows(tmp_path, [line_row(Kinh_phí_hỗ_trợ="một trăm")]).errors
    assert (error["sheet"], error["row"], error["column"], error["value"]) == (
        "Đề án",
        2,
        "Kinh phí hỗ trợ",
        "một trăm",
    )


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({**SIGNED, "Ngày_bắt_đầu": "01/05/2019", "Ngày_kết_thúc": "01/04/2019"}, "Ngày kết thúc"),
        ({"Ngày_bắt_đầu": "01/05/2019", "Ngày_kết_thúc": "01/04/2019"}, "Ngày kết thúc"),
        ({**SIGNED, "Ngày_kết_thúc": "01/01/2019"}, "Ngày kết thúc"),
        ({**SIGNED, "Ngày_thanh_lý": "01/03/2019"}, "Ngày thanh lý"),
        ({"Ngày_thanh_lý": "01/03/2019"}, "Ngày thanh lý"),
        ({**SIGNED, "Kinh_phí_hợp_đồng": 101}, "Kinh phí hợp đồng"),
        ({**SIGNED, "Ngày_ký_hợp_đồng": "15/02/2019"}, "Ngày ký hợp đồng"),
        ({"Số_hợp_đồng": "01/HĐ"}, "Ngày ký hợp đồng"),
        ({"Kinh_phí_hợp_đồng": 50}, "Ngày ký hợp đồng"),
        ({**SIGNED, "Đã_tạm_ứng": 50}, "Ngày tạm ứng"),
        ({**SIGNED, "Đã_thanh_toán": 50}, "Ngày thanh toán"),
        ({**SIGNED, "Ngày_thanh_toán": "01/05/2019"}, "Đã thanh toán"),
        ({**SIGNED, "Kinh_phí_nghiệm_thu": 50}, "Ngày nghiệm thu"),
        ({**SIGNED, "Kinh_phí_quyết_toán": 50}, "Ngày quyết toán"),
        ({**SIGNED, "Đã_thanh_toán": 101, "Ngày_thanh_toán": "01/05/2019"}, "Đã thanh toán"),
        ({**SIGNED, "Đã_tạm_ứng": 1, "Ngày_tạm_ứng": "01/03/2019"}, "Ngày tạm ứng"),
        ({"Đã_tạm_ứng": 1, "Ngày_tạm_ứng": "01/05/2019"}, "Ngày tạm ứng"),
        ({**SIGNED, "Ngày_nghiệm_thu": "14/03/2019"}, "Ngày nghiệm thu"),
        ({"Ngày_nghiệm_thu": "14/05/2019"}, "Ngày nghiệm thu"),
        ({"Tổng_kinh_phí": 99}, "Tổng kinh phí"),
        ({"Ngày_ngừng": "01/02/2019"}, "Ngày ngừng"),
        ({**SIGNED, "Ngày_ngừng": "10/03/2019"}, "Ngày ngừng"),
        ({"Lý_do_ngừng": "lũ"}, "Ngày ngừng"),
        ({"Cơ_sở_thụ_hưởng": None, "Mã_số": "52001"}, "Cơ sở thụ hưởng"),
    ],
)
def test_a_rule_refuses_at_its_cell(tmp_path, cells, column):
    assert faults(tmp_path, line_row(**cells)) == [(2, column)]


def test_one_key_twice_is_an_error_at_the_later_row(tmp_path):
    assert faults(tmp_path, line_row(), line_row()) == [(3, "Cơ sở thụ hưởng")]
    assert faults(tmp_path, row(), row()) == [(3, "Mã đề án")]
    assert faults(tmp_path, line_row(Mã_số="52001"), line_row(Cơ_sở_thụ_hưởng="htx a", Mã_số="52001")) != []


def test_a_second_support_contract_of_one_line_is_refused(tmp_path):
    signed = {"Cơ_sở_thụ_hưởng": "HTX A", "Kinh_phí_hỗ_trợ": 100, "Ngày_ký_hợp_đồng": "15/03/2019"}
    rows = [row(**signed, Số_hợp_đồng="01/HĐ"), row(**signed, Nguồn_kinh_phí="KCQG", Số_hợp_đồng="02/HĐ")]
    result = import_rows(tmp_path, rows)
    assert [error["column"] for error in result.errors] == ["Số hợp đồng"]
    assert "HTX A đã có hợp đồng 01/HĐ ngày 15/03/2019" in result.errors[0]["message"]
    assert not Contract.objects.exists()


def test_a_contract_number_of_another_beneficiary_is_refused(tmp_path):
    result = import_rows(tmp_path, [line_row(**SIGNED), line_row("KC-02", **SIGNED) | {"Cơ sở thụ hưởng": "HTX B"}])
    (error,) = result.errors
    assert (error["row"], error["column"]) == (3, "Số hợp đồng")
    assert "Số hợp đồng 01/HĐ đã có trong năm 2019, ký với HTX A" in error["message"]
    passing = [line_row(**SIGNED), line_row("KC-02", **SIGNED) | {"Cơ sở thụ hưởng": "HTX B"}]
    passing[1]["Ngày ký hợp đồng"] = "15/03/2020"
    assert import_rows(tmp_path, passing).errors == []


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Tên đề án", ("A", "B")),
        ("Loại đề án", ("nhóm", "điểm")),
        ("Số cơ sở dự kiến", (3, 4)),
        ("Đơn vị thực hiện", ("Trung tâm A", "Trung tâm B")),
    ],
)
def test_rows_of_one_project_that_contradict_each_other(tmp_path, heading, values):
    rows = [line_row() | {heading: values[0]}, line_row(Cơ_sở_thụ_hưởng="HTX B") | {heading: values[1]}]
    assert faults(tmp_path, *rows) == [(3, heading)]


@pytest.mark.parametrize("heading", ["Nội dung hoạt động", "Địa bàn", "Máy móc, thiết bị", "Ghi chú", "Tổng kinh phí"])
def test_rows_of_one_line_that_contradict_each_other(tmp_path, heading):
    values = {"Nội dung hoạt động": ("HD09", "HD10"), "Địa bàn": ("Y Can", "Âu Lâu"), "Tổng kinh phí": (500, 600)}
    one, other = values.get(heading, ("a", "b"))
    rows = [line_row() | {heading: one}, line_row(Nguồn_kinh_phí="KCQG") | {heading: other}]
    assert faults(tmp_path, *rows) == [(3, heading)]


def test_several_places_of_one_name_are_listed(tmp_path):
    (error,) = import_rows(tmp_path, [line_row(Địa_bàn="Tân Thịnh")]).errors
    assert error["column"] == "Địa bàn"
    assert "thành phố Yên Bái" in error["message"] and "huyện Văn Chấn" in error["message"]


def test_a_district_and_its_own_town_of_one_name_are_no_two_places(tmp_path):
    report = import_rows(tmp_path, [line_row(Địa_bàn="Yên Bình")])
    assert ProjectLine.objects.get().locality.unit_name == "huyện Yên Bình"
    assert any("“Yên Bình” được hiểu là huyện Yên Bình" in warning for warning in report.warnings)


# --- the plan ---


def test_rows_that_no_longer_fit_the_plan_are_told_and_no_others(tmp_path):
    rows = [
        line_row("A", Kinh_phí_hỗ_trợ=500, Tổng_kinh_phí=None),
        line_row("B", Kinh_phí_hỗ_trợ=600, Tổng_kinh_phí=None),
        line_row("C", Kinh_phí_hỗ_trợ=400, Tổng_kinh_phí=None),
        line_row("D", Kinh_phí_hỗ_trợ=200, Tổng_kinh_phí=None),
    ]
    assert faults(tmp_path, *rows, plan=[plan_row(1000)]) == [(3, "Kinh phí hỗ trợ"), (5, "Kinh phí hỗ trợ")]


def test_a_plan_that_is_cut_later_binds_today(tmp_path):
    plan = [plan_row(1000), plan_row(-300, Loại="điều chỉnh", Ngày="01/06/2019", Số_quyết_định="9")]
    assert faults(tmp_path, line_row(Kinh_phí_hỗ_trợ=800, Tổng_kinh_phí=None), plan=plan) == [(2, "Kinh phí hỗ trợ")]
    raised = [plan_row(500), plan_row(300, Loại="điều chỉnh", Ngày="01/06/2019", Số_quyết_định="9")]
    assert faults(tmp_path, line_row(Kinh_phí_hỗ_trợ=800, Tổng_kinh_phí=None), plan=raised) == [(2, "Kinh phí hỗ trợ")]


def test_a_provisional_plan_gives_nothing_and_an_uncounted_source_is_not_guarded(tmp_path):
    plan = [plan_row(1000, Loại="tạm giao"), plan_row(10)]
    assert faults(tmp_path, line_row(), plan=plan) == [(2, "Kinh phí hỗ trợ")]
    assert import_rows(tmp_path, [line_row(Nguồn_kinh_phí="KHAC")], plan).errors == []


def test_a_cut_below_what_is_approved_is_refused_at_the_plan(tmp_path):
    assert import_rows(tmp_path, [line_row()], [plan_row(100)]).errors == []
    (error,) = import_rows(tmp_path, [], [plan_row(-1, Loại="điều chỉnh", Số_quyết_định="9")]).errors
    assert (error["sheet"], error["row"], error["column"]) == ("Kế hoạch", 2, "Kinh phí")
    (error,) = import_rows(tmp_path, [], [plan_row(99)]).errors
    assert error["column"] == "Kinh phí"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Kinh phí": -5}, "Kinh phí"),
        ({"Kinh phí": None}, "Kinh phí"),
        ({"Loại": "cho"}, "Loại"),
        ({"Số đề án từ": 5, "Số đề án đến": 3}, "Số đề án đến"),
        ({"Số đề án từ": -5}, "Số đề án từ"),
        ({"Nguồn kinh phí": "?"}, "Nguồn kinh phí"),
        ({"Nội dung hoạt động": "?"}, "Nội dung hoạt động"),
        ({"Năm": 19}, "Năm"),
        ({"Ngày": "32/01/2019"}, "Ngày"),
    ],
)
def test_a_plan_row_is_refused_at_its_cell(tmp_path, cells, column):
    assert faults(tmp_path, line_row(), plan=[plan_row(1000) | cells]) == [(2, column)]


def test_one_plan_key_twice_is_an_error(tmp_path):
    assert faults(tmp_path, plan=[plan_row(10), plan_row(20)]) == [(3, "Năm")]
    assert import_rows(tmp_path, [], [plan_row(10), plan_row(20, Đợt="2")]).errors == []


# --- files ---


def shape(result):
    assert all(set(error) == {"sheet", "row", "column", "value", "message"} for error in result["errors"])
    return [(error["sheet"], error["row"], error["column"]) for error in result["errors"]]


@pytest.mark.parametrize("content", [b"", b"khong phai tep Excel", b"PK\x03\x04 hong"])
def test_a_file_that_is_no_workbook(tmp_path, content):
    path = tmp_path / "tep.xlsx"
    path.write_bytes(content)
    code, result = run_import(path)
    assert code == 1 and shape(result) == [(None, None, None)]


def test_a_file_that_is_not_there(tmp_path):
    code, out, err = run_command("import_projects", str(tmp_path / "khong-co.xlsx"))
    assert code == 1 and json.loads(out)["errors"] and len(err.splitlines()) == 1


def test_a_workbook_without_the_sheet(tmp_path):
    book = Workbook()
    book.active.title = "Kế hoạch"
    book.save(tmp_path / "tep.xlsx")
    assert shape(run_import(tmp_path / "tep.xlsx")[1]) == [("Đề án", None, None)]


def test_a_sheet_without_headings(tmp_path):
    book = Workbook()
    book.active.title = "Đề án"
    book.save(tmp_path / "tep.xlsx")
    assert shape(run_import(tmp_path / "tep.xlsx")[1]) == [("Đề án", None, None)]


def test_headings_that_are_missing_or_twice(tmp_path):
    path = write_workbook(tmp_path / "tep.xlsx", [{"Mã đề án": "A", "mã  ĐỀ ÁN *": "B", "Tên đề án": "C"}])
    columns = [column for _, _, column in shape(run_import(path)[1])]
    assert columns == ["Mã đề án", "Năm kế hoạch", "Loại đề án", "Nguồn kinh phí", "Ngày phê duyệt"]


def test_a_formula_is_read_by_its_cached_value_and_without_one_refused(tmp_path):
    path = write_workbook(tmp_path / "tep.xlsx", [line_row(Kinh_phí_hỗ_trợ="=50+50")])
    assert shape(run_import(path)[1]) == [("Đề án", 2, "Kinh phí hỗ trợ")]
    reckon_formula(path)
    code, result = run_import(path)
    assert code == 0 and LedgerEntry.objects.filter(amount_vnd=100).exists()


def test_a_formula_that_gives_an_empty_text_is_unknown(tmp_path):
    path = write_workbook(tmp_path / "tep.xlsx", [line_row(Kinh_phí_hỗ_trợ="=50+50")])
    rewrite(path, rb"<c ([^>]*)><f>50\+50</f><v ?/?>(</v>)?", rb'<c \1 t="str"><f>50+50</f><v></v>')
    assert run_import(path)[0] == 0
    assert LedgerEntry.objects.get(step="approved", source__code="KCDP").amount_vnd is None


def reckon_formula(path):
    """What Excel does on saving: the result beside the formula, which openpyxl cannot write."""
    rewrite(path, rb"(<f>50\+50</f>)<v ?/?>(</v>)?", rb"\1<v>100</v>")


def rewrite(path, pattern, text):
    with ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, re.sub(pattern, text, content))


def test_an_unknown_user_is_told(tmp_path):
    path = write_workbook(tmp_path / "tep.xlsx", [row()])
    code, result = run_import(path, user="khong-co")
    assert code == 1 and "khong-co" in result["errors"][0]["message"]
    assert not Project.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.STAFF, Role.MANAGER}))
def test_a_person_who_may_not_enter_facts_imports_nothing(tmp_path, role):
    User.objects.create_user("nguoi", role=role)
    code, result = run_import(tmp_path / "khong-co.xlsx", user="nguoi")
    (error,) = result["errors"]
    assert code == 1 and "“nguoi”" in error["message"] and "chuyên viên" in error["message"].lower()
    assert (error["sheet"], error["row"], error["column"], error["value"]) == (None, None, None, "nguoi")


def test_a_member_of_staff_imports(tmp_path):
    User.objects.create_user("nguoi", role=Role.STAFF)
    assert run_import(write_workbook(tmp_path / "tep.xlsx", [row()]), user="nguoi")[0] == 0
    assert Project.history.get().history_user.username == "nguoi"


def test_json_stands_alone_on_standard_output(tmp_path):
    path = write_workbook(tmp_path / "tep.xlsx", [line_row(Kinh_phí_hỗ_trợ="x")])
    code, out, err = run_command("import_projects", str(path))
    assert code == 1 and "Kinh phí hỗ trợ" in out
    assert json.loads(out)["errors"][0]["row"] == 2
    assert err.splitlines() == [line for line in err.splitlines() if line.startswith("Đề án, dòng 2, Kinh phí hỗ trợ:")]


def test_an_export_with_formula_like_text_stays_text(tmp_path):
    name = "=1+1 @công ty"
    assert import_rows(tmp_path, [line_row(Tên_đề_án="-dấu trừ") | {"Địa chỉ": "+84"}]).errors == []
    Project.objects.update(name=name)
    run_command("export_projects", str(tmp_path / "ra.xlsx"), year=2019)
    cell = load_workbook(tmp_path / "ra.xlsx")["Đề án"]["B2"]
    assert (cell.value, cell.data_type) == (name, "s")
    assert read_rows(tmp_path / "ra.xlsx")[0]["Địa chỉ"] == "+84"
    assert run_import(tmp_path / "ra.xlsx")[0] == 0


def test_what_the_database_refuses_is_told_without_its_own_words(tmp_path, caplog):
    cells = line_row(**SIGNED, Ngày_kết_thúc="01/06/2019")
    assert import_rows(tmp_path, [cells]).errors == []
    late = {"signed_on": date(2019, 5, 20), "ends_on": date(2019, 12, 1)}
    ContractAnnex.objects.create(contract=Contract.objects.get(), number="PL1", **late)
    moved = cells | {"Ngày kết thúc": None, "Ngày bắt đầu": "01/07/2019"}
    (error,) = import_rows(tmp_path, [moved]).errors
    assert "chưa ghi gì" in error["message"]
    assert "contract" not in error["message"].lower() and "constraint" not in error["message"].lower()
    assert "contract_dates_in_order" in caplog.text
    assert Contract.objects.get().starts_on is None
