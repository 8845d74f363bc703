"""An export names every place so that the import finds that very place again, whatever its namesakes."""

import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from places.models import Level, Locality
from projects.models import ProjectLine
from projects.workbook.catalog import Gazetteer
from projects.workbook.exporting import export_workbook
from projects.workbook.importing import import_workbook
from tests.projects.workbooks import import_rows, read_rows, row, run_import

pytestmark = pytest.mark.django_db

IN_2026 = {"Năm kế hoạch": 2026, "Ngày phê duyệt": "20/02/2026"}


def line_row(code="KC-01", place=None, **cells):
    return row(code, Kinh_phí_hỗ_trợ=100, Địa_bàn=place, **cells)


def unit(name, kind="phường", level=Level.COMMUNE, parent=None, **about):
    place = Locality(name=name, kind=kind, level=level, parent=parent, **about)
    place.save()
    return place


def exported(tmp_path, year, name="ra.xlsx"):
    export_workbook(tmp_path / name, year)
    return tmp_path / name


def changes_nothing(path):
    result = import_workbook(path)
    assert result.errors == []
    assert not any(result.counts["created"].values()) and not any(result.counts["updated"].values()), result.counts


@pytest.fixture
def namesakes():
    """Two phường Vân Sơn, each in a province, both valid today."""
    provinces = [unit(name, "tỉnh", Level.PROVINCE) for name in ("Phú Thử", "Bắc Thử")]
    return [unit("Vân Sơn", parent=province) for province in provinces]


def test_a_place_that_needs_its_province_is_exported_and_imported_again(tmp_path, namesakes):
    rows = [line_row(place="phường Vân Sơn, tỉnh Phú Thử") | IN_2026]
    assert import_rows(tmp_path, rows).errors == []
    path = exported(tmp_path, 2026)
    assert read_rows(path)[0]["Địa bàn"] == "phường Vân Sơn, tỉnh Phú Thử"
    changes_nothing(path)
    changes_nothing(tmp_path / "tep.xlsx")


def test_a_name_that_is_the_only_one_stands_bare(tmp_path):
    import_rows(tmp_path, [line_row(place="xã Quy Mông, tỉnh Lào Cai") | IN_2026, line_row("KC-02", "Y Can")])
    assert read_rows(exported(tmp_path, 2026))[0]["Địa bàn"] == "xã Quy Mông"
    assert read_rows(exported(tmp_path, 2019))[0]["Địa bàn"] == "xã Y Can"


def test_a_district_and_its_town_are_told_apart_by_their_kind(tmp_path):
    import_rows(tmp_path, [line_row(place="huyện Yên Bình"), line_row("KC-02", "thị trấn Yên Bình")])
    path = exported(tmp_path, 2019)
    assert [each["Địa bàn"] for each in read_rows(path)] == ["huyện Yên Bình", "thị trấn Yên Bình"]
    changes_nothing(path)


def test_an_export_stays_good_when_a_namesake_is_added_later(tmp_path):
    place = unit("Vân Sơn", parent=unit("Phú Thử", "tỉnh", Level.PROVINCE))
    import_rows(tmp_path, [line_row(place="phường Vân Sơn") | IN_2026])
    path = exported(tmp_path, 2026)
    unit("Vân Sơn", parent=unit("Bắc Thử", "tỉnh", Level.PROVINCE))
    changes_nothing(path)
    changes_nothing(tmp_path / "tep.xlsx")
    assert ProjectLine.objects.get().locality == place


def test_an_edited_place_is_corrected_and_an_old_one_refused(tmp_path, namesakes):
    import_rows(tmp_path, [line_row(place="phường Vân Sơn, tỉnh Phú Thử") | IN_2026])
    path, old = exported(tmp_path, 2026), exported(tmp_path, 2026, "cu.xlsx")
    book = load_workbook(path)
    for cell in book["Đề án"][2]:
        if cell.value == "phường Vân Sơn, tỉnh Phú Thử":
            cell.value = unicodedata.normalize("NFD", "Vân Sơn, Bắc Thử")
    book.save(path)
    assert import_workbook(path).errors == []
    assert ProjectLine.objects.get().locality == namesakes[1]
    code, result = run_import(old)
    assert [error["column"] for error in result["errors"]] == ["Địa bàn"]
    assert "nay là “phường Vân Sơn, tỉnh Bắc Thử”" in result["errors"][0]["message"]
    changes_nothing(path)


def test_a_place_that_is_not_of_the_day_comes_back_too(tmp_path):
    import_rows(tmp_path, [line_row(place="xã Y Can")])
    ProjectLine.objects.update(locality=Locality.objects.get(name="Quy Mông", valid_to=None))
    changes_nothing(exported(tmp_path, 2019))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_the_text_written_for_a_place_is_read_as_that_place(data):
    gazetteer = Gazetteer()
    units = list(gazetteer.units.values())
    place = data.draw(st.sampled_from(units))
    day = data.draw(st.sampled_from([date(2019, 5, 31), date(2022, 1, 1), date(2026, 2, 20)]))
    text = gazetteer.shortest(place, day)
    found = gazetteer.matching(unicodedata.normalize("NFD", text), day)
    if (place.valid_from or day) <= day <= (place.valid_to or day):
        assert found == [place] and gazetteer.names(text, place, day)


# --- a name of other days ---


def warned(report):
    return [warning for warning in report.warnings if "Địa bàn" in warning]


def test_a_name_that_is_no_longer_valid_is_made_and_its_successor_named(tmp_path):
    report = import_rows(tmp_path, [line_row(place="thị xã Nghĩa Lộ") | IN_2026])
    assert warned(report) == [
        "Địa bàn “thị xã Nghĩa Lộ” có trong danh mục đến hết 30/06/2025, không còn vào ngày 20/02/2026; "
        "đã thêm một đơn vị mới. Nếu nay thuộc đơn vị khác (ví dụ phường Nghĩa Lộ), hãy sửa tên."
    ]
    assert ProjectLine.objects.get().locality.valid_from == date(2025, 7, 1)


def test_a_name_that_is_not_valid_yet_names_what_it_was_made_of(tmp_path):
    unit("Vân Sơn", valid_from=date(2025, 7, 1))
    (warning,) = warned(import_rows(tmp_path, [line_row(place="phường Vân Sơn")]))
    assert warning == (
        "Địa bàn “phường Vân Sơn” có trong danh mục từ 01/07/2025, chưa có vào ngày 01/03/2019; "
        "đã thêm một đơn vị mới. Nếu khi đó thuộc đơn vị khác, hãy sửa tên."
    )


def test_a_name_that_nobody_knows_is_only_said_to_be_new(tmp_path):
    report = import_rows(tmp_path, [line_row(place="xã Chưa Biết")])
    assert warned(report) == ["Địa bàn “xã Chưa Biết” chưa có trong danh mục nên được thêm mới."]


# --- units that moved or ended ---


def test_a_unit_that_moved_is_taken_where_a_list_still_writes_its_old_district(tmp_path):
    cells = {"Ngày phê duyệt": "01/03/2020", "Địa bàn": "xã Sơn A, huyện Văn Chấn"}
    result = import_rows(tmp_path, [row() | cells, row("KC-02") | cells])
    assert result.errors == [] and result.counts["created"]["localities"] == 0
    told = [warning for warning in result.warnings if "Sơn A" in warning]
    assert len(told) == 1 and "được hiểu là xã Sơn A, thị xã Nghĩa Lộ" in told[0]
    assert {line.locality.full_name for line in ProjectLine.objects.all()} == {"xã Sơn A, thị xã Nghĩa Lộ"}
    changes_nothing(tmp_path / "tep.xlsx")


def test_a_unit_that_ended_is_made_anew_beside_the_old_one(tmp_path):
    province = unit("Phú Thử", "tỉnh", Level.PROVINCE)
    old = unit("Vân Sơn", parent=province, valid_to=date(2019, 12, 31))
    later = unit("Vân Sơn", parent=province, valid_from=date(2022, 1, 1))
    cells = {"Ngày phê duyệt": "01/03/2020", "Địa bàn": "phường Vân Sơn, tỉnh Phú Thử"}
    result = import_rows(tmp_path, [row() | cells])
    assert result.errors == []
    assert any("đến hết 31/12/2019" in warning and "đã thêm một đơn vị mới" in warning for warning in result.warnings)
    made = ProjectLine.objects.get().locality
    assert made not in (old, later)
    assert (made.valid_from, made.valid_to) == (date(2020, 1, 1), date(2021, 12, 31))
    changes_nothing(tmp_path / "tep.xlsx")
