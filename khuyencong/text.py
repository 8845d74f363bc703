"""Vietnamese text: one form on the way in, a key to search by, a key to sort by."""

import re
import unicodedata

# Marks that make another letter of the alphabet (ă â ê ô ơ ư), in alphabetical order after the plain letter.
_LETTER_MARKS = {
    "a": {"\u0306": 1, "\u0302": 2},
    "e": {"\u0302": 1},
    "o": {"\u0302": 1, "\u031b": 2},
    "u": {"\u031b": 1},
}
# Tones in the order of Vietnamese dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def nfc(text: str) -> str:
    """``text`` composed (NFC), odd and repeated blanks as one space, trimmed; line breaks count as blanks."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def fold(text: str) -> str:
    """The search key of ``text``: lower case, without diacritics, đ as d, single blanks.

    "hòa" and "hoà", composed or not, give the same key.
    """
    decomposed = unicodedata.normalize("NFD", _INVISIBLE.sub("", text).lower().replace("đ", "d"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.split())


def sort_key(text: str) -> str:
    """An ASCII string that sorts as ``text`` does in Vietnamese: letters first, then the tones of its words.

    Two characters a letter, so at most about three times as long as ``text``. Only digits and small letters
    stand in it: every collation of both databases orders those alike.
    """
    words, letters, tone = [], [], 0
    for char in unicodedata.normalize("NFD", _INVISIBLE.sub("", text).lower()) + " ":
        if char in _TONES:
            tone = _TONES[char]
        elif unicodedata.combining(char):
            _mark_last(letters, char)
        elif char.isalnum():
            letters.append(_letter_code(char))
        elif letters:
            words.append(("".join(letters), str(tone)))
            letters, tone = [], 0
    # "00" ends the letters, "01" parts two words: both sort before any digit ("10" …) and letter ("a0" …).
    tones = "".join(tone for _, tone in words).rstrip("0")
    return "01".join(codes for codes, _ in words) + "00" + tones


def _mark_last(letters: list[str], mark: str) -> None:
    """Turn the last letter's code into that of the letter which ``mark`` makes of it: a0 into a1 (ă)."""
    if letters:
        base = letters[-1][0]
        letters[-1] = base + str(_LETTER_MARKS.get(base, {}).get(mark, 0))


def _letter_code(char: str) -> str:
    if char == "đ":
        return "d1"
    if "a" <= char <= "z":
        return f"{char}0"
    if "0" <= char <= "9":
        return f"1{char}"
    return "z9"
