import datetime

import pytest

from places.models import Level, Locality
from places.services import add_place

pytestmark = pytest.mark.django_db

MAY_2019 = datetime.date(2019, 5, 31)
IN_2026 = datetime.date(2026, 6, 30)


def test_a_place_that_nobody_knew_is_found_by_its_name_from_then_on():
    place = add_place(text="xã Đào Thịnh, huyện Trấn Yên", day=MAY_2019)
    assert place.long_name == "xã Đào Thịnh, huyện Trấn Yên, tỉnh Yên Bái"
    assert Locality.objects.matching("dao thinh", MAY_2019).get() == place
    assert not Locality.objects.matching("Đào Thịnh", IN_2026).exists()


def test_a_district_is_told_by_the_word_before_its_name():
    place = add_place(text="Huyện  Bát Xát", day=MAY_2019)
    assert (place.level, place.kind, place.name, place.parent) == (Level.DISTRICT, "huyện", "Bát Xát", None)


def test_a_bare_name_is_a_commune_of_unknown_kind():
    place = add_place(text="Bát Xát", day=IN_2026)
    assert (place.level, str(place), place.valid_to) == (Level.COMMUNE, "Bát Xát", None)


def test_a_unit_above_that_may_be_several_is_not_guessed():
    assert add_place(text="xã Mới, Tân Thịnh", day=MAY_2019).parent is None


def test_a_text_without_a_name_adds_nothing():
    with pytest.raises(ValueError, match="không có tên địa bàn"):
        add_place(text=" , huyện Trấn Yên", day=MAY_2019)
