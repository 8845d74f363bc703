import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from places.models import Level, Locality, LocalitySuccession
from places.reference import load_reference

pytestmark = pytest.mark.django_db

MAY_2019 = datetime.date(2019, 5, 31)
MAY_2020 = datetime.date(2020, 5, 31)
IN_2026 = datetime.date(2026, 6, 30)


def found(text, day):
    return [place.long_name for place in Locality.objects.matching(text, day).with_parents()]


def the(text, day=MAY_2019):
    return Locality.objects.matching(text, day).get()


def names(places):
    return {place.unit_name for place in places}


def test_nine_districts_are_valid_in_2019_in_vietnamese_order():
    districts = Locality.objects.valid_on(MAY_2019).filter(level=Level.DISTRICT)
    assert [(place.code, place.unit_name) for place in districts] == [
        ("135", "huyện Lục Yên"),
        ("137", "huyện Mù Cang Chải"),
        ("133", "thị xã Nghĩa Lộ"),
        ("139", "huyện Trạm Tấu"),
        ("138", "huyện Trấn Yên"),
        ("140", "huyện Văn Chấn"),
        ("136", "huyện Văn Yên"),
        ("132", "thành phố Yên Bái"),
        ("141", "huyện Yên Bình"),
    ]


def test_fifty_one_communes_and_no_district_are_valid_in_2026():
    valid = Locality.objects.valid_on(IN_2026)
    communes = valid.filter(level=Level.COMMUNE)
    assert [communes.filter(kind=kind).count() for kind in ("xã", "phường")] == [44, 7]
    assert not valid.filter(level=Level.DISTRICT).exists()
    assert [(place.unit_name, place.code) for place in valid.filter(level=Level.PROVINCE)] == [("tỉnh Lào Cai", "15")]


def test_the_last_day_of_the_districts_is_30_june_2025():
    districts = Locality.objects.filter(level=Level.DISTRICT)
    assert districts.valid_on(datetime.date(2025, 6, 30)).count() == 9
    assert districts.valid_on(datetime.date(2025, 7, 1)).count() == 0


def test_seven_communes_moved_from_van_chan_to_nghia_lo_in_2020():
    before, after = datetime.date(2020, 1, 31), datetime.date(2020, 2, 1)
    counts = [
        [the(district).children.valid_on(day).count() for day in (before, after)]
        for district in ("huyện Văn Chấn", "thị xã Nghĩa Lộ")
    ]
    assert counts == [[31, 24], [7, 14]]
    assert found("Phù Nham", before) == ["xã Phù Nham, huyện Văn Chấn, tỉnh Yên Bái"]
    assert found("Phù Nham", after) == ["xã Phù Nham, thị xã Nghĩa Lộ, tỉnh Yên Bái"]


def test_the_state_farm_town_became_xa_nghia_lo():
    town = the("thị trấn Nông trường Nghĩa Lộ")
    change = town.became.get()
    assert (change.new.unit_name, change.kind, change.on) == (
        "xã Nghĩa Lộ",
        LocalitySuccession.Kind.MOVE,
        datetime.date(2020, 2, 1),
    )
    assert change.legal_basis == "Nghị quyết 871/NQ-UBTVQH14 ngày 10/01/2020"
    assert found("xã Nghĩa Lộ", MAY_2019) == []


def test_son_thinh_became_a_town_in_its_district():
    assert found("Sơn Thịnh", MAY_2019) == ["xã Sơn Thịnh, huyện Văn Chấn, tỉnh Yên Bái"]
    assert found("Sơn Thịnh", MAY_2020) == ["thị trấn Sơn Thịnh, huyện Văn Chấn, tỉnh Yên Bái"]


def test_y_can_became_part_of_quy_mong():
    successors = the("xã Y Can, huyện Trấn Yên").became.all()
    assert [(change.new.long_name, change.kind) for change in successors] == [
        ("xã Quy Mông, tỉnh Lào Cai", LocalitySuccession.Kind.MERGE)
    ]


def test_a_commune_that_went_on_alone_moved():
    assert the("Nậm Có").became.get().kind == LocalitySuccession.Kind.MOVE


def test_successors_are_followed_over_several_changes():
    reach = Locality.objects.filter(pk=the("Phù Nham").pk).reach()
    assert {place.full_name for place in reach.with_parents()} == {
        "xã Phù Nham, huyện Văn Chấn",
        "xã Phù Nham, thị xã Nghĩa Lộ",
        "phường Trung Tâm",
    }
    assert names(reach.valid_on(IN_2026)) == {"phường Trung Tâm"}


def test_a_district_reaches_its_communes_and_what_they_became():
    reach = Locality.objects.filter(pk=the("huyện Trấn Yên").pk).reach()
    assert "xã Y Can" in names(reach.valid_on(MAY_2019))
    assert names(reach.valid_on(IN_2026)) == {
        "phường Âu Lâu",
        "phường Nam Cường",
        "xã Hưng Khánh",
        "xã Lương Thịnh",
        "xã Quy Mông",
        "xã Trấn Yên",
        "xã Việt Hồng",
    }


def test_a_district_splits_into_the_communes_made_of_its_parts():
    parts = the("huyện Trấn Yên").became.filter(kind=LocalitySuccession.Kind.SPLIT)
    assert parts.count() == 7


def test_a_new_commune_reaches_nothing_before_it():
    quy_mong = Locality.objects.filter(pk=the("Quy Mông", IN_2026).pk)
    assert names(quy_mong.reach()) == {"xã Quy Mông"}


def test_reach_of_nothing_is_nothing():
    assert not Locality.objects.none().reach().exists()


@pytest.mark.parametrize(
    "written",
    [
        "Trấn Yên",
        "huyện Trấn Yên",
        "Huyện TRẤN YÊN",
        "tran yen",
        "H. Trấn Yên",
        " huyen  tran yen ",
        "Trấn Yên, Yên Bái",
    ],
)
def test_a_district_is_found_however_it_is_written(written):
    assert found(written, MAY_2019) == ["huyện Trấn Yên, tỉnh Yên Bái"]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("TX Nghĩa Lộ", "thị xã Nghĩa Lộ, tỉnh Yên Bái"),
        ("TP. Yên Bái", "thành phố Yên Bái, tỉnh Yên Bái"),
        ("tỉnh Yên Bái", "tỉnh Yên Bái"),
        ("Xà Hồ", "xã Xà Hồ, huyện Trạm Tấu, tỉnh Yên Bái"),
        ("xã Xà Hồ", "xã Xà Hồ, huyện Trạm Tấu, tỉnh Yên Bái"),
        ("TT NT Liên Sơn", "thị trấn Nông trường Liên Sơn, huyện Văn Chấn, tỉnh Yên Bái"),
        ("xã Hòa Cuông", "xã Hòa Cuông, huyện Trấn Yên, tỉnh Yên Bái"),
        ("Hoà Cuông", "xã Hòa Cuông, huyện Trấn Yên, tỉnh Yên Bái"),
        ("Hát Lìu", "xã Hát Lừu, huyện Trạm Tấu, tỉnh Yên Bái"),
        ("huyện Mù Căng Chải", "huyện Mù Cang Chải, tỉnh Yên Bái"),
        ("phường Y Can", "xã Y Can, huyện Trấn Yên, tỉnh Yên Bái"),
    ],
)
def test_a_place_is_found_by_short_forms_and_other_spellings(written, place):
    assert found(written, MAY_2019) == [place]


def test_namesakes_are_all_found_and_the_district_tells_them_apart():
    assert found("xã Tân Thịnh", MAY_2019) == [
        "xã Tân Thịnh, thành phố Yên Bái, tỉnh Yên Bái",
        "xã Tân Thịnh, huyện Văn Chấn, tỉnh Yên Bái",
    ]
    assert found("Tân Thịnh, huyện Văn Chấn", MAY_2019) == ["xã Tân Thịnh, huyện Văn Chấn, tỉnh Yên Bái"]
    assert found("xã Tân Thịnh, Văn Chấn, Yên Bái", MAY_2019) == ["xã Tân Thịnh, huyện Văn Chấn, tỉnh Yên Bái"]
    assert found("Tân Thịnh, huyện Trấn Yên", MAY_2019) == []


def test_the_kind_tells_a_district_from_the_town_of_its_name():
    assert len(found("Mù Cang Chải", MAY_2019)) == 2
    assert found("thị trấn Mù Cang Chải", MAY_2019) == ["thị trấn Mù Cang Chải, huyện Mù Cang Chải, tỉnh Yên Bái"]


def test_an_old_district_name_is_a_commune_in_2026():
    assert found("Trấn Yên", IN_2026) == ["xã Trấn Yên, tỉnh Lào Cai"]
    assert found("huyện Trấn Yên", IN_2026) == []


@pytest.mark.parametrize("text", ["", " ", ",", "huyện", "Atlantis", "…"])
def test_what_names_no_place_finds_none(text):
    assert found(text, MAY_2019) == []


def test_names_are_told_short_and_in_full():
    y_can = the("Y Can")
    assert (str(y_can), y_can.unit_name) == ("xã Y Can, huyện Trấn Yên", "xã Y Can")
    assert str(the("huyện Trấn Yên")) == "huyện Trấn Yên"
    assert str(the("Quy Mông", IN_2026)) == "xã Quy Mông"


def test_loading_again_changes_nothing_and_costs_two_queries(query_count):
    before = list(Locality.objects.values()), list(LocalitySuccession.objects.values())
    assert query_count(load_reference) <= 4
    assert (list(Locality.objects.values()), list(LocalitySuccession.objects.values())) == before


def test_loading_again_keeps_what_an_administrator_edited_and_adds_what_is_missing():
    y_can = the("Y Can")
    y_can.name, y_can.code = "Y Can (cũ)", "99999"
    y_can.save()
    Locality.objects.filter(name="Chế Tạo", valid_to=None).delete()
    load_reference()
    y_can.refresh_from_db()
    assert (y_can.name, y_can.code) == ("Y Can (cũ)", "99999")
    assert found("Chế Tạo", IN_2026) == ["xã Chế Tạo, tỉnh Lào Cai"]
    assert the("Chế Tạo").became.count() == 1


def test_a_saved_place_is_found_by_its_new_name():
    y_can = the("Y Can")
    y_can.name = "Ý  Càn"
    y_can.save(update_fields=["name"])
    assert found("ý càn", MAY_2019) == ["xã Ý Càn, huyện Trấn Yên, tỉnh Yên Bái"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"valid_from": MAY_2020, "valid_to": MAY_2019}, "Ngày cuối không được trước ngày đầu."),
        ({"level": Level.PROVINCE, "kind": "tỉnh"}, "Đơn vị cấp trên phải ở cấp cao hơn."),
        ({"level": "NGÕ"}, None),
        ({"code": "138", "level": Level.DISTRICT}, "Mã này đã có cho một đơn vị cùng cấp."),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_form_and_database(wrong, sentence):
    place = Locality(**{"name": "Thử", "kind": "xã", "level": "COMMUNE", "parent": the("Trấn Yên"), **wrong})
    with pytest.raises(ValidationError) as refusal:
        place.full_clean()
    assert sentence is None or sentence in str(refusal.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        place.save()


def test_a_code_may_come_back_for_another_place_on_a_later_day():
    Locality.objects.filter(name="Pá Hu").update(code="04606")
    assert {place.unit_name for place in Locality.objects.filter(code="04606")} == {"xã Pá Hu", "xã Trạm Tấu"}


def test_a_district_is_under_no_commune():
    with pytest.raises(ValidationError, match="cấp cao hơn"):
        Locality(name="Thử", kind="huyện", level=Level.DISTRICT, parent=the("Y Can")).full_clean()


def test_nothing_succeeds_itself():
    y_can = the("Y Can")
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalitySuccession.objects.create(old=y_can, new=y_can, kind="MERGE", on=MAY_2019)
