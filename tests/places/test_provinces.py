import datetime
import importlib.util

import pytest
from django.core.management import call_command

from places.models import Level, Locality, LocalitySuccession
from places.provinces import BookUnit, UnitBook, load_province
from places.services import add_place

pytestmark = pytest.mark.django_db

BEFORE, AFTER = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)


def tree(side, province, code, *, districts=None, communes=None):
    """The units of one province as the book lists them; keys are "side/name", names unique in the book."""
    units = [BookUnit(f"{side}/{province}", Level.PROVINCE, province, code)]
    for (district, district_code), parts in (districts or {}).items():
        key = f"{side}/{district}"
        units.append(BookUnit(key, Level.DISTRICT, district, district_code, units[0].key))
        units += [BookUnit(f"{key}/{name}", Level.COMMUNE, name, code, key) for name, code in parts]
    units += [BookUnit(f"{side}/{name}", Level.COMMUNE, name, code, units[0].key) for name, code in communes or []]
    return units


BOOK = UnitBook(
    old=[
        *tree(
            "old",
            "Tỉnh Yên Bái",
            "15",
            districts={("Huyện Trấn Yên", "138"): [("Xã Y Can", "04528"), ("Xã Quy Mông", "04531")]},
        ),
        *tree(
            "old",
            "Tỉnh Lào Cai",
            "10",
            districts={
                ("Huyện Bát Xát", "082"): [("Xã Y Tý", "02701"), ("Xã A Lù", "02704"), ("Xã Mường Hum", "02728")]
            },
        ),
        *tree("old", "Thành phố Hà Nội", "01", districts={("Quận Ba Đình", "001"): [("Phường Điện Biên", "00013")]}),
    ],
    new=[
        *tree(
            "new",
            "Tỉnh Lào Cai",
            "15",
            communes=[("Xã Quy Mông", "04531"), ("Xã Y Tý", "02701"), ("Xã Mường Hum", "02728")],
        ),
        *tree("new", "Thành phố Hà Nội", "01", communes=[("Phường Ba Đình", "00004")]),
    ],
    became={
        "old/Tỉnh Yên Bái": ["new/Tỉnh Lào Cai"],
        "old/Tỉnh Lào Cai": ["new/Tỉnh Lào Cai"],
        "old/Thành phố Hà Nội": ["new/Thành phố Hà Nội"],
        "old/Huyện Trấn Yên/Xã Y Can": ["new/Xã Quy Mông"],
        "old/Huyện Trấn Yên/Xã Quy Mông": ["new/Xã Quy Mông"],
        "old/Huyện Bát Xát/Xã Y Tý": ["new/Xã Y Tý"],
        "old/Huyện Bát Xát/Xã A Lù": ["new/Xã Y Tý", "new/Xã Mường Hum"],
        "old/Huyện Bát Xát/Xã Mường Hum": ["new/Xã Mường Hum"],
        "old/Quận Ba Đình/Phường Điện Biên": ["new/Phường Ba Đình"],
    },
)


def changes_of(name, day=BEFORE):
    old = Locality.objects.matching(name, day).get()
    return {(change.kind, change.new.unit_name) for change in old.became.all()}


def test_what_the_reference_data_holds_is_matched_and_only_its_codes_are_added():
    outcome = load_province(BOOK, "Yên Bái")
    assert (outcome.units, outcome.changes, outcome.codes, outcome.doubts) == (0, 0, 2, [])
    assert Locality.objects.matching("Y Can", BEFORE).get().code == "04528"


def test_a_new_province_comes_with_all_that_it_was_made_of():
    outcome = load_province(BOOK, "lao cai")
    assert Locality.objects.matching("xã A Lù, huyện Bát Xát, tỉnh Lào Cai", BEFORE).exists()
    assert Locality.objects.valid_on(AFTER).filter(level=Level.PROVINCE, name="Lào Cai").count() == 1
    # tỉnh Lào Cai (old), huyện Bát Xát, three old communes and two new ones.
    assert outcome.units == 7
    assert changes_of("tỉnh Lào Cai") == {("MERGE", "tỉnh Lào Cai")}
    assert changes_of("xã A Lù") == {("SPLIT", "xã Y Tý"), ("SPLIT", "xã Mường Hum")}
    assert changes_of("huyện Bát Xát") == {("SPLIT", "xã Y Tý"), ("SPLIT", "xã Mường Hum")}


def test_loading_a_province_twice_changes_nothing():
    load_province(BOOK, "Lào Cai")
    before = list(Locality.objects.values()), list(LocalitySuccession.objects.values())
    outcome = load_province(BOOK, "tỉnh Lào Cai")
    assert (outcome.units, outcome.changes, outcome.codes) == (0, 0, 0)
    assert (list(Locality.objects.values()), list(LocalitySuccession.objects.values())) == before


def test_a_province_that_did_not_change_is_one_row():
    load_province(BOOK, "TP Hà Nội")
    city = Locality.objects.get(name="Hà Nội")
    assert (city.valid_from, city.valid_to) == (None, None)
    assert {place.unit_name for place in city.children.valid_on(AFTER)} == {"phường Ba Đình"}
    assert {place.unit_name for place in city.children.valid_on(BEFORE)} == {"quận Ba Đình"}
    assert changes_of("phường Điện Biên") == {("RENAME", "phường Ba Đình")}


def test_a_name_of_no_province_is_refused():
    with pytest.raises(LookupError, match="Không có tỉnh, thành phố nào tên là “Trấn Yên”"):
        load_province(BOOK, "Trấn Yên")


def test_two_rows_that_may_be_meant_are_listed_and_left_alone():
    y_can = Locality.objects.matching("Y Can", BEFORE).get()
    Locality.objects.filter(pk=y_can.pk).update(name="Y Càn")
    Locality.objects.create(name="Ý Can", kind="xã", level="COMMUNE", parent=y_can.parent, valid_to=BEFORE)
    outcome = load_province(BOOK, "Yên Bái")
    assert len(outcome.doubts) == 1
    assert "Xã Y Can (mã 04528) có thể là nhiều đơn vị" in outcome.doubts[0]
    assert not Locality.objects.filter(code="04528").exists()


def test_another_code_than_the_list_has_is_told_and_kept():
    Locality.objects.filter(name="Y Can").update(code="11111")
    outcome = load_province(BOOK, "Yên Bái")
    assert outcome.doubts == ["xã Y Can, huyện Trấn Yên, tỉnh Yên Bái đang có mã 11111, trong danh sách là 04528."]
    assert Locality.objects.get(name="Y Can").code == "11111"


def test_the_command_says_what_is_missing_where_its_package_is_not_installed(capsys):
    assert importlib.util.find_spec("vietnamadminunits") is None, "the package is no part of the test set-up"
    with pytest.raises(SystemExit) as end:
        call_command("load_places", "Yên Bái")
    told = capsys.readouterr()
    assert end.value.code == 1
    assert told.out == ""
    assert told.err.startswith("Lệnh này cần gói vietnamadminunits")


# --- what an import made before ---


def test_a_place_that_an_import_made_is_adopted_with_what_hangs_on_it():
    made = add_place(text="xã Y Tý", day=AFTER)
    outcome = load_province(BOOK, "Lào Cai")
    (place,) = Locality.objects.matching("xã Y Tý", AFTER)
    assert (place.pk, place.code, place.long_name) == (made.pk, "02701", "xã Y Tý, tỉnh Lào Cai")
    assert outcome.units == 6 and outcome.adopted == 1
    assert changes_of("xã A Lù") == {("SPLIT", "xã Y Tý"), ("SPLIT", "xã Mường Hum")}
    assert load_province(BOOK, "Lào Cai").units == 0


def test_an_old_commune_that_an_import_put_right_under_the_province_comes_under_its_district():
    load = add_place(text="xã A Lù", day=BEFORE)
    load_province(BOOK, "Lào Cai")
    assert Locality.objects.get(pk=load.pk).long_name == "xã A Lù, huyện Bát Xát, tỉnh Lào Cai"


@pytest.mark.parametrize("written", ["xã Ý Ty", "phường Y Tý"])
def test_another_spelling_or_kind_is_another_place(written):
    made = add_place(text=written, day=AFTER)
    assert load_province(BOOK, "Lào Cai").units == 7
    assert Locality.objects.get(pk=made.pk).code == ""


def test_a_name_without_marks_is_adopted_and_spelt_out():
    made = add_place(text="xã Y Ty", day=AFTER)
    load_province(BOOK, "Lào Cai")
    assert Locality.objects.get(pk=made.pk).unit_name == "xã Y Tý"


def test_of_two_rows_that_fit_none_is_guessed():
    for _ in range(2):
        add_place(text="xã Y Tý", day=AFTER)
    outcome = load_province(BOOK, "Lào Cai")
    assert (outcome.adopted, outcome.units) == (0, 7)
    assert outcome.doubts == ["Xã Y Tý (mã 02701) được thêm mới; “xã Y Tý” đã nhập từ trước có thể là đơn vị này."]


def test_a_row_that_fits_two_units_of_the_book_is_left_alone():
    made = add_place(text="xã A Lù", day=BEFORE)
    namesake = [
        BookUnit("old/Sa Pa", Level.DISTRICT, "Huyện Sa Pa", "088", "old/Tỉnh Lào Cai"),
        BookUnit("old/Sa Pa/Xã A Lù", Level.COMMUNE, "Xã A Lù", "03000", "old/Sa Pa"),
    ]
    outcome = load_province(UnitBook(old=[*BOOK.old, *namesake], new=BOOK.new, became=BOOK.became), "Lào Cai")
    assert outcome.adopted == 0 and len(outcome.doubts) == 2
    assert Locality.objects.get(pk=made.pk).code == ""
