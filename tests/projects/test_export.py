"""The workbook filled: what stands in it, and that importing it again changes nothing."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from funding.models import FundingSource
from projects.models import Equipment, LedgerEntry, Project, ProjectDecision, ProjectLine
from projects.services import change_plan, move_to_year, pay, replace_beneficiary
from projects.workbook.exporting import export_workbook
from projects.workbook.importing import import_workbook
from tests.projects.workbooks import (
    MILLION,
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


def exported(tmp_path, year=2019, name="ra.xlsx"):
    export_workbook(tmp_path / name, year)
    return tmp_path / name


def histories():
    models = [model for app in ("funding", "projects") for model in apps.get_app_config(app).get_models()]
    return {model.__name__: model.history.count() for model in models if hasattr(model, "history")}


def changes_nothing(path):
    before = histories()
    result = import_workbook(path)
    assert result.errors == []
    assert not any(result.counts["created"].values()) and not any(result.counts["updated"].values()), result.counts
    assert histories() == before


# --- what stands in it ---


def test_data_stand_right_under_the_headings_as_numbers_days_and_text(tmp_path):
    import_rows(tmp_path, [line_row(**SIGNED, Mã_số="0520012345")], [plan_row(1000)])
    book = load_workbook(exported(tmp_path))
    assert book.sheetnames[:2] == ["Kế hoạch", "Đề án"]
    sheet = book["Đề án"]
    cells = {cell.value.rstrip("*"): sheet.cell(2, cell.column) for cell in sheet[1]}
    assert (cells["Kinh phí hỗ trợ"].value, cells["Kinh phí hỗ trợ"].number_format) == (100, "#,##0")
    assert cells["Ngày ký hợp đồng"].value == datetime(2019, 3, 15)
    assert cells["Mã số thuế / số ĐKKD"].value == "0520012345"
    assert cells["Mã đề án"].font.name == "Times New Roman" and sheet.freeze_panes == "C2"
    assert book["_danh_dau"].sheet_state == "hidden"


def test_the_template_holds_every_heading_with_its_star_notes_and_lists(tmp_path):
    code, out, err = run_command("import_template", str(tmp_path / "mau.xlsx"))
    assert (code, out) == (0, "") and err
    book = load_workbook(tmp_path / "mau.xlsx")
    headings = [cell.value for cell in book["Đề án"][1]]
    assert headings[0] == "Mã đề án*" and len(headings) == 37 and headings[-1] == "Ghi chú"
    assert [cell.value for cell in book["Kế hoạch"][1]][-2:] == ["Kinh phí*", "Ghi chú"]
    assert any(cell.comment for cell in book["Đề án"][1])
    assert len(book["Đề án"].data_validations.dataValidation) == 4
    assert book["Đề án"].max_row == 1 and "Hướng dẫn" in book.sheetnames
    assert run_import(tmp_path / "mau.xlsx")[0] == 0


@pytest.mark.parametrize(
    "command", [["import_template", "/khong/co/tep.xlsx"], ["export_projects", "/khong/co/tep.xlsx", "--year", "2019"]]
)
def test_a_file_that_cannot_be_written_is_told(command):
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        run_command(*command)


def test_a_stopped_line_shows_what_was_approved_before_its_stop(tmp_path):
    import_rows(tmp_path, [line_row(**SIGNED, Đã_tạm_ứng=30, Ngày_tạm_ứng="20/04/2019", Ngày_ngừng="01/07/2019")])
    (shown,) = read_rows(exported(tmp_path))
    assert (shown["Kinh phí hỗ trợ"], shown["Kinh phí hợp đồng"], shown["Tổng kinh phí"]) == (100, 100, 300)
    changes_nothing(tmp_path / "ra.xlsx")


def test_only_the_year_and_what_is_approved_and_has_not_left_is_shown(tmp_path):
    import_rows(tmp_path, [line_row(), line_row("KC-02"), line_row("KC-03") | {"Năm kế hoạch": 2020}])
    ProjectLine.objects.filter(project__code="KC-02").update(left_on=date(2019, 5, 1))
    ProjectLine.objects.create(project=Project.objects.first(), plan_year=2019, joined_on=date(2019, 1, 1))
    assert [shown["Mã đề án"] for shown in read_rows(exported(tmp_path))] == ["KC-01"]
    assert [shown["Mã đề án"] for shown in read_rows(exported(tmp_path, 2020))] == ["KC-03"]


def test_several_machines_share_a_cell(tmp_path):
    import_rows(tmp_path, [line_row()])
    for name in ("Máy cưa", "Máy bào"):
        Equipment.objects.create(line=ProjectLine.objects.get(), name=name)
    assert read_rows(exported(tmp_path))[0]["Máy móc, thiết bị"] == "Máy cưa; Máy bào"
    changes_nothing(tmp_path / "ra.xlsx")


def test_an_empty_year_is_exported_and_imported(tmp_path):
    changes_nothing(exported(tmp_path, 2031))


def test_lines_alike_in_every_key_stay_apart(tmp_path):
    import_rows(tmp_path, [row(Kinh_phí_hỗ_trợ=5, Địa_bàn="Y Can")])
    first = ProjectLine.objects.get()
    twin = ProjectLine.objects.create(project=first.project, plan_year=2019, joined_on=first.joined_on)
    paper = ProjectDecision.objects.get()
    source = FundingSource.objects.get(code="KCDP")
    LedgerEntry.objects.create(line=twin, source=source, step="approved", on=paper.on, amount_vnd=7, decision=paper)
    changes_nothing(exported(tmp_path))


def test_what_services_wrote_comes_back_unchanged(tmp_path):
    rows = [line_row(**SIGNED), line_row("KC-02", Cơ_sở_thụ_hưởng="HTX B"), line_row("KC-03", Cơ_sở_thụ_hưởng="HTX C")]
    import_rows(tmp_path, rows, [plan_row(1000), plan_row(1000, Năm=2020)])
    lines = {line.project.code: line for line in ProjectLine.objects.all()}
    source = FundingSource.objects.get(code="KCDP")
    pay(line=lines["KC-01"], source=source, amount_vnd=40, paid_on=date(2019, 4, 1))
    for line, kind, change in (
        (lines["KC-01"], "moved", lambda line, paper: move_to_year(line=line, year=2020, decision=paper)),
        (
            lines["KC-02"],
            "adjusted",
            lambda line, paper: replace_beneficiary(line=line, beneficiary=lines["KC-01"].beneficiary, decision=paper),
        ),
    ):
        paper = ProjectDecision.objects.create(project=line.project, kind=kind, on=date(2019, 6, 1))
        change(line, paper)
    for year in (2019, 2020):
        changes_nothing(exported(tmp_path, year))
    # The list as it was before the changes says nothing new either.
    changes_nothing(write_workbook(tmp_path / "cu.xlsx", rows[:2]))


# --- an old export ---


def test_an_export_older_than_the_data_is_refused_with_both_values(tmp_path):
    import_rows(tmp_path, [line_row(**SIGNED)])
    path = exported(tmp_path)
    pay(
        line=ProjectLine.objects.get(),
        source=FundingSource.objects.get(code="KCDP"),
        amount_vnd=40,
        paid_on=date(2019, 4, 1),
    )
    Project.objects.update(name="Tên khác")
    code, result = run_import(path)
    assert code == 1
    found = {error["column"]: error["message"] for error in result["errors"]}
    assert set(found) == {"Tên đề án", "Đã thanh toán", "Ngày thanh toán"}
    assert "“Đề án KC-01”" in found["Tên đề án"] and "“Tên khác”" in found["Tên đề án"]


def test_an_edited_export_is_imported_and_again(tmp_path):
    group = row("N-01", Loại_đề_án="nhóm", Kinh_phí_hỗ_trợ=900 * MILLION, Tổng_kinh_phí=2000 * MILLION)
    import_rows(tmp_path, [line_row(), group], [plan_row(900 * MILLION + 200)])
    path = exported(tmp_path)
    book = load_workbook(path)
    sheet = book["Đề án"]
    at = {cell.value.rstrip("*"): cell.column for cell in sheet[1]}
    sheet.cell(2, at["Số hợp đồng"], "01/HĐ")
    sheet.cell(2, at["Ngày ký hợp đồng"], datetime(2019, 3, 20))
    for column in (1, 2, 3, 4, 6):
        sheet.cell(4, column, sheet.cell(3, column).value)
    sheet.cell(4, at["Ngày phê duyệt"], "05/04/2019")
    sheet.cell(4, at["Cơ sở thụ hưởng"], "HTX B")
    sheet.cell(4, at["Kinh phí hỗ trợ"], 300 * MILLION)
    sheet.cell(4, at["Tổng kinh phí"], 500 * MILLION)
    book.save(path)
    code, result = run_import(path)
    assert code == 0, result
    assert (result["created"]["lines"], result["created"]["contracts"]) == (1, 1)
    shown = {each.get("Cơ sở thụ hưởng"): each for each in read_rows(exported(tmp_path, name="sau.xlsx"))}
    assert (shown[None]["Kinh phí hỗ trợ"], shown[None]["Tổng kinh phí"]) == (600 * MILLION, 1500 * MILLION)
    changes_nothing(path)


def test_an_old_plan_amount_is_refused(tmp_path):
    import_rows(tmp_path, [], [plan_row(1000)])
    path = exported(tmp_path)
    change_plan(plan_line=FundingSource.objects.get(code="KCDP").plan_lines.get(), amount_vnd=1200)
    code, result = run_import(path)
    assert [error["column"] for error in result["errors"]] == ["Kinh phí"]


def test_an_export_fills_an_empty_database(tmp_path):
    rows = [
        row("N-01", Loại_đề_án="nhóm", Kinh_phí_hỗ_trợ=900, Tổng_kinh_phí=2000, Số_cơ_sở_dự_kiến=3),
        row("N-01", Loại_đề_án="nhóm", Kinh_phí_hỗ_trợ=300, Ngày_phê_duyệt="05/04/2019", Cơ_sở_thụ_hưởng="A")
        | {"Số cơ sở dự kiến": 3},
        line_row(**SIGNED, Đã_tạm_ứng=30, Ngày_tạm_ứng="20/04/2019", Ngày_ngừng="01/07/2019"),
    ]
    with transaction.atomic():
        import_rows(tmp_path, rows, [plan_row(1000)])
        before = read_rows(exported(tmp_path))
        transaction.set_rollback(True)
    assert not Project.objects.exists()
    assert import_workbook(tmp_path / "ra.xlsx").errors == []
    assert read_rows(exported(tmp_path, name="lai.xlsx")) == before


# --- properties ---

DAYS = st.integers(0, 60).map(lambda days: date(2019, 2, 1) + timedelta(days=days))
AMOUNTS = st.none() | st.integers(0, 900) | st.just(0)


@st.composite
def line_rows(draw, number):
    """One or two rows of one line, their days in the order of a life."""
    code = f"KC-{number:02d}"
    kind = draw(st.sampled_from(["riêng lẻ", "nhóm", "điểm", "hoạt động"]))
    name = draw(st.sampled_from([None, "HTX Hòa Bình", "Công ty A & B", "hộ Lý A"]))
    day = draw(DAYS)
    cells = {"Loại đề án": kind, "Cơ sở thụ hưởng": name, "Ngày phê duyệt": day}
    cells["Số quyết định"] = draw(st.sampled_from([None, "12/QĐ", "13/QĐ"]))
    cells["Địa bàn"] = draw(st.sampled_from([None, "Y Can", "xã Y Can, huyện Trấn Yên", "xã Chưa Biết"]))
    cells["Máy móc, thiết bị"] = draw(st.sampled_from([None, "Máy cưa", "Máy cưa; máy bào;"]))
    cells["Ghi chú"] = draw(st.sampled_from([None, "@ghi chú", "dòng\nhai"]))
    sources = draw(st.sampled_from([["KCDP"], ["KCQG"], ["KCDP", "KCQG"], ["KHAC"]]))
    rows = [row(code) | cells | {"Nguồn kinh phí": source} | draw(money(number, day, name)) for source in sources]
    total = draw(st.none() | st.integers(2000, 4000))
    stop = draw(st.none() | st.just(date(2019, 12, 1)))
    return [each | {"Tổng kinh phí": total, "Ngày ngừng": stop} for each in rows]


@st.composite
def money(draw, number, day, name):
    """What one source of a line approves, signs, pays, accepts and settles."""
    support = draw(AMOUNTS)
    cells = {"Kinh phí hỗ trợ": support}
    if draw(st.booleans()):
        return cells
    signed_on = day + timedelta(days=10)
    if name:
        cells |= {"Số hợp đồng": f"{number}/HĐ", "Ngày ký hợp đồng": signed_on}
        cells["Kinh phí hợp đồng"] = draw(st.none() | st.integers(0, support)) if support else None
        cells["Ngày kết thúc"] = draw(st.none() | st.just(signed_on + timedelta(days=90)))
    limit = support if cells.get("Kinh phí hợp đồng") is None else cells["Kinh phí hợp đồng"]
    advance = draw(st.integers(0, limit or 0))
    paid = draw(st.integers(0, (limit or 0) - advance))
    for heading, amount, days in (("tạm ứng", advance, 20), ("thanh toán", paid, 30)):
        if amount:
            cells |= {f"Đã {heading}": amount, f"Ngày {heading}": day + timedelta(days=days)}
    if draw(st.booleans()):
        cells |= {"Ngày nghiệm thu": day + timedelta(days=40), "Kinh phí nghiệm thu": draw(AMOUNTS)}
    if draw(st.booleans()):
        cells |= {"Ngày quyết toán": day + timedelta(days=50), "Kinh phí quyết toán": draw(AMOUNTS)}
    return cells


@st.composite
def group_rows(draw, number):
    """A group with its unnamed row, and some of those it names."""
    code, day = f"N-{number:02d}", draw(DAYS)
    common = {"Loại đề án": "nhóm", "Số cơ sở dự kiến": draw(st.none() | st.integers(1, 3))}
    support = draw(st.none() | st.integers(100, 900))
    total = draw(st.none() | st.integers(1000, 2000))
    rows = [row(code) | common | {"Ngày phê duyệt": day, "Kinh phí hỗ trợ": support, "Tổng kinh phí": total}]
    for name in draw(st.lists(st.sampled_from(["HTX Hòa Bình", "hộ Lý A", "HTX C"]), unique=True)):
        cells = {"Cơ sở thụ hưởng": name, "Kinh phí hỗ trợ": draw(AMOUNTS)}
        cells |= {"Tổng kinh phí": draw(st.none() | st.integers(1000, 1500))}
        cells |= {"Ngày phê duyệt": day + timedelta(days=draw(st.integers(-5, 40)))}
        rows.append(row(code) | common | cells)
    return draw(st.permutations(rows))


@st.composite
def workbooks(draw):
    rows = []
    for number in range(draw(st.integers(1, 4))):
        rows += draw(st.one_of(line_rows(number), group_rows(number)))
    plan = [plan_row(10_000), plan_row(10_000, Nguồn_kinh_phí="KCQG")]
    return rows, draw(st.sampled_from([[], plan]))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(workbooks())
def test_importing_an_export_or_the_same_file_again_changes_nothing(workbook):
    rows, plan = workbook
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        path = write_workbook(Path(folder) / "tep.xlsx", rows, plan)
        first = import_workbook(path)
        if not first.errors:
            before = read_rows(exported(Path(folder)))
            changes_nothing(Path(folder) / "ra.xlsx")
            changes_nothing(path)
            assert read_rows(exported(Path(folder), name="lai.xlsx")) == before
        transaction.set_rollback(True)


# --- queries ---


def test_queries_of_import_and_export_grow_by_chunks_and_not_by_rows(tmp_path):
    def queries(count):
        """(reads, writes) of an import of ``count`` rows, each of another đề án, place, day and contract."""
        rows = [
            line_row(
                f"KC-{count}-{number}",
                Cơ_sở_thụ_hưởng=f"HTX {count} {number}",
                Số_hợp_đồng=f"{number}/{count}",
                Ngày_ký_hợp_đồng=date(2019, 3, 15) + timedelta(days=number % 50),
                Ngày_phê_duyệt=date(2019, 3, 1) + timedelta(days=number % 14),
                Địa_bàn=["Y Can", "xã Âu Lâu", "Hưng Khánh"][number % 3],
                Đã_tạm_ứng=10,
                Ngày_tạm_ứng="20/05/2019",
                Ngày_nghiệm_thu="20/06/2019",
                Ngày_ngừng="01/07/2019" if number % 2 else None,
            )
            for number in range(count)
        ]
        path = write_workbook(tmp_path / f"{count}.xlsx", rows)
        with CaptureQueriesContext(connection) as captured:
            assert import_workbook(path).errors == []
        reads = sum(query["sql"].startswith("SELECT") for query in captured)
        return reads, len(captured) - reads

    (few_reads, _), (reads, writes) = queries(3), queries(300)
    assert reads <= few_reads
    # SQLite takes at most 999 values in one statement.
    assert writes < 300 * 7 * 2 / 10
    assert queries(300)[1] < 10
    with CaptureQueriesContext(connection) as captured:
        exported(tmp_path)
    assert len(captured) < 30
