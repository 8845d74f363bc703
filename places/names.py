"""How people write the name of a place: with or without its kind, short or spelt out, with any marks."""

import re
from dataclasses import dataclass

from khuyencong.text import fold, nfc, sort_key

# Folded words and short forms before a name: the kinds they may stand for, and the levels of those kinds.
_PREFIXES = {
    "thanh pho": (("thành phố",), ("DISTRICT", "PROVINCE")),
    "tp": (("thành phố",), ("DISTRICT", "PROVINCE")),
    "thi xa": (("thị xã",), ("DISTRICT",)),
    "tx": (("thị xã",), ("DISTRICT",)),
    "thi tran": (("thị trấn",), ("COMMUNE",)),
    "tt": (("thị trấn",), ("COMMUNE",)),
    "huyen": (("huyện",), ("DISTRICT",)),
    "h": (("huyện",), ("DISTRICT",)),
    "quan": (("quận",), ("DISTRICT",)),
    "q": (("quận",), ("DISTRICT",)),
    "dac khu": (("đặc khu",), ("COMMUNE",)),
    "phuong": (("phường",), ("COMMUNE",)),
    "p": (("phường",), ("COMMUNE",)),
    "xa": (("xã",), ("COMMUNE",)),
    "x": (("xã",), ("COMMUNE",)),
    "tinh": (("tỉnh",), ("PROVINCE",)),
    "t": (("tỉnh",), ("PROVINCE",)),
}
KINDS = sorted({kind for kinds, _ in _PREFIXES.values() for kind in kinds})
_PREFIX = re.compile(rf"({'|'.join(sorted(_PREFIXES, key=len, reverse=True))}) (.+)")


@dataclass(frozen=True)
class Reading:
    """A written name: ``key`` of all of it, ``bare_key`` without the word before it.

    ``kinds`` and ``levels`` are what that word may mean, empty where there is none. ``spelling`` and
    ``bare_spelling`` are the same two names with their diacritics (see ``spelling_of``).
    """

    key: str
    bare_key: str
    spelling: str
    bare_spelling: str
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


def place_key(name: str) -> str:
    """The folded name to search by; signs count as blanks and NT as nông trường."""
    key = " ".join(re.findall(r"[^\W_]+", fold(name)))
    return re.sub(r"^nt ", "nong truong ", key)


def spelling_of(name: str) -> str:
    """What two writings of one name share, diacritics included; case and the place of a tone mark aside."""
    return sort_key(re.sub(r"^nt ", "nông trường ", " ".join(_words(name)), flags=re.IGNORECASE))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", nfc(text))


def read_place(text: str) -> Reading:
    """What ``text`` ("TX. Nghĩa Lộ", "Y Can") may name.

    Both keys are needed: xã Xà Hồ begins with a word that folds to "xa", and is no xã called Hồ.
    """
    key, spelling = place_key(text), spelling_of(text)
    prefixed = _PREFIX.fullmatch(key)
    if not prefixed:
        return Reading(key, key, spelling, spelling)
    kinds, levels = _PREFIXES[prefixed[1]]
    bare = " ".join(_words(text)[len(prefixed[1].split()) :])
    return Reading(key, place_key(prefixed[2]), spelling, spelling_of(bare), kinds, levels)


def best_named(reading: Reading, units, is_wanted) -> list:
    """Those of ``units`` that are called so and wanted (``is_wanted(unit)``), in their order.

    ``units``: all that fold to either key, of any day. A name spelt exactly so, diacritics included, sets those
    aside that are only alike without them, even where it stands for none that is wanted: phường Vân Phú is never
    phường Văn Phú. Where no unit of that very kind exists, any of its level is meant.
    """
    named = [unit for unit in units if _is_called(unit, reading.key) or unit.level in reading.levels]
    spelt = [unit for unit in named if _is_spelt(unit, reading)]
    wanted = [unit for unit in spelt or named if is_wanted(unit)]
    exact = [unit for unit in wanted if _is_called(unit, reading.key) or unit.kind in reading.kinds]
    return exact or wanted


def _is_called(unit, key):
    return key in (unit.name_key, *unit.spelling_keys.strip(";").split(";"))


def _is_spelt(unit, reading):
    spellings = {spelling_of(name) for name in (unit.name, *unit.spellings.split(";"))}
    if _is_called(unit, reading.key) and reading.spelling in spellings:
        return True
    return reading.bare_spelling in spellings


def split_written(written: str) -> tuple[str, str]:
    """("xã", "Y Can") of "Xã Y Can"; no kind ("") where the text begins with none."""
    text = nfc(written)
    for kind in KINDS:
        if text.lower().startswith(f"{kind} "):
            return kind, text[len(kind) :].strip()
    return "", text
