"""What a clerk types: days in the ways an office writes them, and what is read back under the field."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from khuyencong.dates import format_day, local_today, parse_day
from khuyencong.forms import DayField
from tests import factories as make

FIFTH_OF_JUNE = date(2019, 6, 5)


@pytest.mark.parametrize(
    "typed",
    [
        "5/6/2019",
        "05/06/2019",
        "5/6/19",
        "05062019",
        "050619",
        "5-6-2019",
        "5.6.2019",
        "5 6 2019",
        "2019-06-05",
        " 5/6/19 ",
    ],
)
def test_a_day_is_read_however_an_office_writes_it(typed):
    assert parse_day(typed) == FIFTH_OF_JUNE


def test_a_day_without_its_year_is_of_this_year():
    assert parse_day("5/6") == date(local_today().year, 6, 5)
    assert parse_day("5/6", year=2019) == FIFTH_OF_JUNE


@pytest.mark.parametrize("typed", ["31/02/2019", "29/02/2019", "32/01/2019", "5/13/2019", "31042019"])
def test_a_day_that_no_calendar_has_is_told_as_such(typed):
    with pytest.raises(ValueError, match="không có trong lịch"):
        parse_day(typed)


@pytest.mark.parametrize("typed", ["", "hôm qua", "5", "5062019", "5/6/019", "2019/06/05", "5/6/20199", "٥/٦/٢٠١٩"])
def test_what_is_no_day_is_refused_with_examples(typed):
    with pytest.raises(ValueError, match="05/06/2019"):
        parse_day(typed)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_back_from_each_way_of_writing_it(day):
    ways = [format_day(day), f"{day.day}/{day.month}/{day.year}", f"{day:%d%m%Y}", f"{day:%d%m%y}", day.isoformat()]
    assert {parse_day(way) for way in ways} == {day}


def test_a_typed_day_comes_back_as_typed_and_a_stored_one_with_its_slashes():
    field = DayField()
    assert (field.prepare_value("31/2"), field.prepare_value(FIFTH_OF_JUNE)) == ("31/2", "05/06/2019")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tien=2,595 tỷ", "= 2.595.000.000 đồng (hai tỷ năm trăm chín mươi lăm triệu đồng)"),
        ("tien=262,5tr", "= 262.500.000 đồng (hai trăm sáu mươi hai triệu năm trăm nghìn đồng)"),
        ("ngay_go=05062019", "= thứ Tư, 05/06/2019"),
        ("tien=", ""),
    ],
)
def test_what_is_typed_is_read_back_in_full(query, words, client, db):
    client.force_login(make.make_user(Role.STAFF))
    assert client.get(f"/doc-lai/?{query}").content.decode() == words


def test_what_cannot_be_read_says_why_and_is_no_markup(client, db):
    client.force_login(make.make_user(Role.STAFF))
    text = client.get("/doc-lai/?tien=<b>9</b>").content.decode()
    assert "không phải là số tiền" in text and "<b>" not in text


@pytest.mark.parametrize(
    ("typed", "year", "day"),
    [
        ("5/6", 2027, date(2026, 6, 5)),
        ("24/11", 2026, date(2026, 11, 24)),
        ("25/11", 2026, date(2025, 11, 25)),
        ("25/11", 2019, date(2019, 11, 25)),
        ("25/11/2026", 2026, date(2026, 11, 25)),
    ],
)
def test_a_year_left_out_never_leads_beyond_the_latest_day(typed, year, day):
    assert parse_day(typed, year=year, latest=date(2026, 11, 24)) == day


def test_a_day_of_something_done_that_is_to_come_is_told_where_it_is_read_back(client, db):
    client.force_login(make.make_user(Role.STAFF))
    assert client.get("/doc-lai/?ngay_go=5/6/2099&da_xong=1").content.decode() == "= thứ Sáu, 05/06/2099, sau hôm nay"
    assert client.get("/doc-lai/?ngay_go=5/6/2099").content.decode() == "= thứ Sáu, 05/06/2099"


def test_a_day_without_its_year_is_read_back_in_the_year_of_the_form(client, db):
    client.force_login(make.make_user(Role.STAFF))
    assert client.get("/doc-lai/?ngay_go=20/8&nam_go=2019").content.decode() == "= thứ Ba, 20/08/2019"
