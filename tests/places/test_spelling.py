"""Which of several like names is meant: the one spelt exactly so, and only where there is none any alike."""

import datetime
import unicodedata

import pytest

from places.models import Level, Locality
from projects.workbook.catalog import Gazetteer

pytestmark = pytest.mark.django_db

MAY_2019 = datetime.date(2019, 5, 31)
IN_2026 = datetime.date(2026, 6, 30)


def commune(name, kind="phường", **about):
    place = Locality(name=name, kind=kind, level=Level.COMMUNE, **about)
    place.save()
    return place


def both(text, day=IN_2026):
    """What the database and the import's own list find, which must be the same."""
    found = [place.unit_name for place in Locality.objects.matching(text, day)]
    assert [place.unit_name for place in Gazetteer().matching(text, day)] == found
    return found


@pytest.fixture
def like_names():
    commune("Vân Sơn")
    commune("Văn Sơn")


@pytest.mark.parametrize("written", ["phường Vân Sơn", "P. VÂN SƠN", "vân sơn", "Phường Vân Sơn "])
def test_an_exact_spelling_wins_over_one_that_is_alike_without_marks(like_names, written):
    assert both(written) == ["phường Vân Sơn"]
    assert both(unicodedata.normalize("NFD", written)) == ["phường Vân Sơn"]


@pytest.mark.parametrize("written", ["van son", "phuong Van Son", "Vàn Sơn"])
def test_without_an_exact_spelling_all_alike_are_found(like_names, written):
    assert both(written) == ["phường Văn Sơn", "phường Vân Sơn"]


def test_the_place_of_a_tone_mark_is_no_other_spelling():
    commune("Hoà Sơn")
    assert both("phường Hòa Sơn") == ["phường Hoà Sơn"]


def test_a_name_that_is_there_on_other_days_alone_is_not_another_of_this_day():
    commune("Vân Sơn", valid_to=MAY_2019)
    commune("Văn Sơn")
    assert both("phường Vân Sơn") == []
    assert both("phường Van Son") == ["phường Văn Sơn"]


def test_other_spellings_that_are_noted_count_as_exact():
    commune("Hát Lừa", spellings="Hát Liu; Hat Lia")
    commune("Hát Lỉu")
    assert both("Hát Liu") == ["phường Hát Lừa"]


def test_units_above_are_told_by_their_spelling_too():
    for province in ("Vân Sơn", "Văn Sơn"):
        above = Locality(name=province, kind="tỉnh", level=Level.PROVINCE)
        above.save()
        commune("Thử", parent=above)
    assert len(both("Thử")) == 2
    assert [place.long_name for place in Locality.objects.matching("Thử, tỉnh Vân Sơn", IN_2026)] == [
        "phường Thử, tỉnh Vân Sơn"
    ]
    assert both("Thử, tỉnh Vân Sơn") == ["phường Thử"]
