import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.text import fold, nfc, sort_key

VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệđĐ ỨƯẬ", max_size=40)


def test_nfc_composes_and_squeezes_blanks():
    decomposed = unicodedata.normalize("NFD", "Hợp tác xã")
    assert nfc(f"\u00a0 {decomposed}\u202f\u3000 Quế\u200b \n") == "Hợp tác xã Quế"


@pytest.mark.parametrize("written", ["hòa bình", "hoà bình", "HÒA  BÌNH", "Hoà\u00a0Bình", "hoa binh"])
def test_fold_makes_both_tone_placements_and_cases_equal(written):
    assert fold(written) == fold(unicodedata.normalize("NFD", written)) == "hoa binh"


def test_fold_reads_d_with_stroke_as_d():
    assert fold("Đông Cuông, ĐỀ ÁN") == "dong cuong, de an"


def test_names_sort_in_the_vietnamese_alphabet():
    names = ["Đông", "Ân", "Dung", "Ánh", "Em", "Ê Ban", "Ơn", "Ông", "Oanh", "Ưng", "Uyên"]
    assert sorted(names, key=sort_key) == [
        "Ánh",
        "Ân",
        "Dung",
        "Đông",
        "Em",
        "Ê Ban",
        "Oanh",
        "Ông",
        "Ơn",
        "Uyên",
        "Ưng",
    ]


def test_tones_sort_after_letters_in_dictionary_order():
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma", "man"], key=sort_key) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
        "man",
    ]


def test_a_shorter_word_sorts_before_a_longer_one():
    assert sorted(["Anh Bình", "An Phú", "An", "Anh"], key=sort_key) == ["An", "An Phú", "Anh", "Anh Bình"]


def test_tone_placement_does_not_change_the_order():
    assert sort_key("Khánh Hòa") == sort_key("Khánh Hoà")


@given(VIETNAMESE)
def test_a_sort_key_is_small_letters_and_digits_and_the_same_for_both_forms(text):
    key = sort_key(text)
    assert key.isascii() and key.isalnum() and key == key.lower()
    assert key == sort_key(unicodedata.normalize("NFD", text))
    assert len(key) <= 3 * len(text) + 2


@given(st.text(max_size=40))
def test_nfc_and_fold_change_nothing_the_second_time(text):
    assert nfc(nfc(text)) == nfc(text)
    assert fold(fold(text)) == fold(text)
