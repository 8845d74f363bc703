"""How people write the name of a place: with or without its kind, short or spelt out, with any marks."""

import re
from dataclasses import dataclass

from khuyencong.text import fold, nfc

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

    ``kinds`` and ``levels`` are what that word may mean, empty where there is none.
    """

    key: str
    bare_key: str
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


def place_key(name: str) -> str:
    """The folded name to search by; signs count as blanks and NT as nông trường."""
    key = " ".join(re.findall(r"[^\W_]+", fold(name)))
    return re.sub(r"^nt ", "nong truong ", key)


def read_place(text: str) -> Reading:
    """What ``text`` ("TX. Nghĩa Lộ", "Y Can") may name.

    Both keys are needed: xã Xà Hồ begins with a word that folds to "xa", and is no xã called Hồ.
    """
    key = place_key(text)
    prefixed = _PREFIX.fullmatch(key)
    if not prefixed:
        return Reading(key, key)
    kinds, levels = _PREFIXES[prefixed[1]]
    return Reading(key, place_key(prefixed[2]), kinds, levels)


def split_written(written: str) -> tuple[str, str]:
    """("xã", "Y Can") of "Xã Y Can"; no kind ("") where the text begins with none."""
    text = nfc(written)
    for kind in KINDS:
        if text.lower().startswith(f"{kind} "):
            return kind, text[len(kind) :].strip()
    return "", text
