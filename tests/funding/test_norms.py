"""The reference rows: which norm is in force on which day, and what nobody has confirmed."""

from datetime import date

import pytest

from funding.models import Activity, FundingSource, Level, SupportNorm
from funding.reference import load_reference
from tests.factories import MILLION

pytestmark = pytest.mark.django_db
LAST_OF_2014, FIRST_OF_2018 = date(2018, 5, 10), date(2018, 5, 11)


def norm(code, on):
    return SupportNorm.objects.in_force(on).get(code=code)


@pytest.mark.parametrize(
    ("code", "until_2018", "from_2018"),
    [
        ("N02a", 500, 1000),  # mô hình trình diễn
        ("N04", 200, 300),  # máy móc tiên tiến
        ("N08a", 100, 200),  # bình chọn cấp khu vực
        ("N08b", 200, 400),  # bình chọn cấp quốc gia
        ("N18", 3000, 6000),  # hạ tầng cụm công nghiệp
    ],
)
def test_the_ceiling_changes_overnight_on_11_may_2018(code, until_2018, from_2018):
    assert norm(code, LAST_OF_2014).ceiling_vnd == until_2018 * MILLION
    assert norm(code, FIRST_OF_2018).ceiling_vnd == from_2018 * MILLION


def test_no_day_has_two_norms_of_one_code():
    for on in (date(2014, 4, 8), LAST_OF_2014, FIRST_OF_2018, date(2026, 1, 1)):
        codes = list(SupportNorm.objects.in_force(on).values_list("code", "level"))
        assert len(codes) == len(set(codes)) > 0


def test_the_norms_of_2014_begin_on_8_april():
    assert not SupportNorm.objects.in_force(date(2014, 4, 7)).exists()
    assert norm("N04", date(2014, 4, 8)).legal_basis.startswith("Thông tư liên tịch 26/2014")


def test_every_norm_of_2014_was_read_in_its_text():
    rows = SupportNorm.objects.in_force(LAST_OF_2014)
    assert rows.count() == 26
    assert all(row.is_verified for row in rows)


def test_of_2018_only_what_was_read_is_verified():
    rows = SupportNorm.objects.in_force(FIRST_OF_2018)
    verified = {row.code for row in rows if row.is_verified}
    assert verified == {"N02a", "N04", "N04L", "N06", "N07", "N08a", "N08b", "N18"}


def test_a_percentage_nobody_found_stands_empty():
    assert norm("N04L", FIRST_OF_2018).percent_max is None
    assert norm("N02a", FIRST_OF_2018).percent_max == 30
    assert norm("N04", FIRST_OF_2018).percent_max == 50


def test_the_norms_seeded_bind_national_money_alone():
    assert set(SupportNorm.objects.values_list("level", flat=True)) == {Level.NATIONAL}


def test_the_sources_are_there_and_say_what_is_counted():
    assert list(FundingSource.objects.values_list("code", "is_counted")) == [
        ("KCQG", True),
        ("KCDP", True),
        ("KCH", True),
        ("DOIUNG", False),
        ("KHAC", False),
    ]


def test_the_activities_are_nine_contents_over_their_leaves():
    assert Activity.objects.filter(is_leaf=False).count() == 9
    machines = Activity.objects.get(code="HD10")
    assert machines.parent.code == "ND3"
    assert Activity.objects.get(code="HD24").parent is None


def test_loading_again_adds_nothing_and_overwrites_no_edit():
    counts = [model.objects.count() for model in (FundingSource, Activity, SupportNorm)]
    FundingSource.objects.filter(code="KCH").update(name="Khuyến công huyện, thị xã")
    load_reference()
    assert [model.objects.count() for model in (FundingSource, Activity, SupportNorm)] == counts
    assert FundingSource.objects.get(code="KCH").name == "Khuyến công huyện, thị xã"


def test_a_row_taken_away_by_hand_comes_back():
    SupportNorm.objects.filter(code="N04", valid_to=None).delete()
    load_reference()
    assert norm("N04", FIRST_OF_2018).ceiling_vnd == 300 * MILLION
