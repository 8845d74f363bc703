from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.money import (
    MAX_VND,
    MILLION,
    VNDField,
    amount_in_words,
    format_million,
    format_percent,
    format_vnd,
    parse_vnd,
    percent,
    typed_vnd,
)

AMOUNTS = st.integers(-MAX_VND, MAX_VND)


@pytest.mark.parametrize(
    ("typed", "amount_vnd"),
    [
        ("900.000.000", 900_000_000),
        ("900000000", 900_000_000),
        (" 900.000.000 đ", 900_000_000),
        ("900.000.000 đồng", 900_000_000),
        ("900000000,00", 900_000_000),
        ("-500", -500),
        ("\u2212500", -500),
        ("(500)", -500),
        ("(1.500.000 đồng)", -1_500_000),
        ("0", 0),
        ("900 triệu", 900_000_000),
        ("900 triệu đồng", 900_000_000),
        ("262,5tr", 262_500_000),
        ("262,5 Triệu", 262_500_000),
        ("2,595 tỷ", 2_595_000_000),
        ("2,595 tỉ đồng", 2_595_000_000),
        ("1.779,97 triệu", 1_779_970_000),
        ("900 nghìn", 900_000),
        ("900 ngàn", 900_000),
        (900_000_000, 900_000_000),
        (900_000_000.0, 900_000_000),
        (Decimal("12.00"), 12),
    ],
)
def test_an_amount_is_read_as_an_office_writes_it(typed, amount_vnd):
    assert parse_vnd(typed) == amount_vnd


@pytest.mark.parametrize(
    ("held", "amount_vnd"),
    [
        ("262,5", 262_500_000),
        ("1.779,97", 1_779_970_000),
        ("2.595", 2_595_000_000),
        (262.5, 262_500_000),
        (1779.97, 1_779_970_000),
        # A spreadsheet's sum: 0,1 + 0,2.
        (0.1 + 0.2, 300_000),
        ("(0,5)", -500_000),
        # A unit written out wins over the column's.
        ("900.000.000 đồng", 900_000_000),
        ("1,5 tỷ", 1_500_000_000),
    ],
)
def test_a_bare_number_counts_in_the_unit_of_its_column(held, amount_vnd):
    assert parse_vnd(held, unit_vnd=MILLION) == amount_vnd


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("chín trăm triệu", "không phải là số tiền"),
        ("12.5", "Dấu chấm ngăn từng nhóm ba chữ số"),
        ("1.2345", "Dấu chấm ngăn từng nhóm ba chữ số"),
        ("1234.567", "Dấu chấm ngăn từng nhóm ba chữ số"),
        ("0.500", "Dấu chấm ngăn từng nhóm ba chữ số"),
        ("1,2,3", "dấu phẩy ngăn phần thập phân"),
        ("900,000", "Hàng nghìn được ngăn bằng dấu chấm"),
        ("0,5", "phần lẻ nhỏ hơn một đồng"),
        ("1,0000005 triệu", "phần lẻ nhỏ hơn một đồng"),
        (12.5, "phần lẻ nhỏ hơn một đồng"),
        ("", "Chưa nhập số tiền"),
        ("   ", "Chưa nhập số tiền"),
        ("5 cái", "không phải là số tiền"),
        ("(-500)", "không phải là số tiền"),
        ("=1+1", "không phải là số tiền"),
        ("٥٠٠", "không phải là số tiền"),
        (True, "không phải là số tiền"),
        (None, "không phải là số tiền"),
        (float("nan"), "không phải là số tiền"),
        (float("inf"), "không phải là số tiền"),
        ("9.223.372.036.854.775.808", "lớn hơn số tiền mà hệ thống ghi được"),
    ],
)
def test_what_is_no_amount_is_refused_in_vietnamese(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_vnd(typed)


@given(AMOUNTS)
def test_what_is_printed_is_read_back(amount_vnd):
    assert parse_vnd(format_vnd(amount_vnd)) == amount_vnd
    assert parse_vnd(format_million(amount_vnd), unit_vnd=MILLION) == amount_vnd


@pytest.mark.parametrize(
    ("amount_vnd", "dong", "million"),
    [
        (2_595_000_000, "2.595.000.000", "2.595"),
        (262_500_000, "262.500.000", "262,5"),
        (1_779_970_000, "1.779.970.000", "1.779,97"),
        (1, "1", "0,000001"),
        (0, "0", "0"),
        (-500_000, "-500.000", "-0,5"),
        (None, "", ""),
    ],
)
def test_an_amount_is_printed_in_dong_and_exactly_in_million(amount_vnd, dong, million):
    assert format_vnd(amount_vnd) == dong
    assert format_million(amount_vnd) == million


@pytest.mark.parametrize(
    ("amount_vnd", "words"),
    [
        (0, "không"),
        (1, "một"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (25, "hai mươi lăm"),
        (105, "một trăm linh năm"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_025, "một nghìn không trăm hai mươi lăm"),
        (1_000_000, "một triệu"),
        (5_025_110, "năm triệu không trăm hai mươi lăm nghìn một trăm mười"),
        (262_500_000, "hai trăm sáu mươi hai triệu năm trăm nghìn"),
        (900_000_000, "chín trăm triệu"),
        (1_000_000_005, "một tỷ không trăm linh năm"),
        (2_595_000_000, "hai tỷ năm trăm chín mươi lăm triệu"),
        (1_005_000_000_000, "một nghìn không trăm linh năm tỷ"),
        (-500, "âm năm trăm"),
    ],
)
def test_an_amount_is_spelt_out(amount_vnd, words):
    assert amount_in_words(amount_vnd) == f"{words} đồng"


@given(st.integers(0, 10**15))
def test_different_amounts_have_different_words_without_a_double_blank(amount_vnd):
    words = amount_in_words(amount_vnd)
    assert words != amount_in_words(amount_vnd + 1)
    assert "  " not in words and words == words.strip()


def test_a_percent_is_rounded_half_up_and_unknown_without_a_base():
    assert percent(2_100, 3_000) == Decimal("70.00")
    assert percent(1, 800) == Decimal("0.13")
    assert percent(0, 5) == 0
    assert percent(5, 0) is None


def test_a_percent_is_printed_with_two_decimals():
    assert format_percent(Decimal("70.00")) == "70,00"
    assert format_percent(Decimal("1234.5")) == "1.234,50"
    assert format_percent(None) == ""


class AmountForm(forms.Form):
    amount = VNDField(min_value=1, max_value=1_000_000_000)
    more = VNDField(required=False)


def test_a_money_field_gives_whole_dong_and_none_when_left_empty():
    form = AmountForm({"amount": "115 triệu", "more": " "})
    assert form.is_valid()
    assert form.cleaned_data == {"amount": 115_000_000, "more": None}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Chưa nhập số tiền."),
        ("0", "Số tiền không được nhỏ hơn 1 đồng."),
        ("-5 đồng", "Số tiền không được nhỏ hơn 1 đồng."),
        ("2 tỷ", "Số tiền không được lớn hơn 1.000.000.000 đồng."),
        ("abc", "“abc” không phải là số tiền. Ví dụ cách ghi đúng: 900.000.000 hoặc 900 triệu."),
    ],
)
def test_a_money_field_says_in_vietnamese_what_is_wrong(typed, sentence):
    assert AmountForm({"amount": typed}).errors["amount"] == [sentence]


def test_a_money_field_shows_a_stored_amount_with_dots_and_typed_text_as_typed():
    assert 'value="262.500.000"' in str(AmountForm(initial={"amount": 262_500_000})["amount"])
    assert 'value="262,5tr"' in str(AmountForm({"amount": "262,5tr"})["amount"])


def test_an_amount_typed_in_another_way_is_no_change():
    assert not AmountForm({"amount": "262,5 triệu"}, initial={"amount": 262_500_000}).has_changed()
    assert AmountForm({"amount": "262,6 triệu"}, initial={"amount": 262_500_000}).has_changed()


@pytest.mark.parametrize("typed", ["95", "1.500", "-95", "(95)"])
def test_a_small_number_without_its_unit_is_asked_for_it(typed):
    with pytest.raises(ValueError, match="triệu đồng"):
        typed_vnd(typed)


@pytest.mark.parametrize(
    ("typed", "vnd"), [("95 triệu", 95_000_000), ("95 đồng", 95), ("0", 0), ("95.000.000", 95_000_000)]
)
def test_a_number_with_its_unit_or_its_digits_is_taken_as_it_is(typed, vnd):
    assert typed_vnd(typed) == vnd
