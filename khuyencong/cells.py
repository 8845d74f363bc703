"""One cell: text as text, numbers as numbers with a format, borders and fonts, and how high a wrapped text stands."""

import re
import unicodedata
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from khuyencong.money import MILLION, format_million, format_percent, format_vnd

FONT = "Times New Roman"
THIN = Side(style="thin", color="000000")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
GREY = PatternFill("solid", start_color="F2F2F2")
DAY_FORMAT = "dd/mm/yyyy"
# The Vietnamese tag lets an office suite that heeds it show dots and commas whatever its own language is.
LOCALE = "[$-42A]"
WHOLE = f"{LOCALE}#,##0"
FORMATS = {"day": DAY_FORMAT, "money": WHOLE, "count": WHOLE, "percent": f"{WHOLE}.00"}
LONGEST_TEXT = 32_767
_SURROGATES = re.compile("[\ud800-\udfff\ufffe\uffff]")


def font(size=11, **style) -> Font:
    return Font(name=FONT, size=size, **style)


def clean(text: str) -> str:
    """Without the characters that no workbook may hold, and no longer than a cell."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))[:LONGEST_TEXT]


def put_text(cell, text: str):
    """Text stays text, whatever a person typed: "=1+1" is no formula, "#N/A" no error."""
    text = clean(text)
    cell.value = text or None
    if text:
        cell.data_type = "s"
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def put(cell, value, kind: str):
    """``value`` of a column of ``kind`` into a cell dressed for it; a percent that is None shows "-"."""
    if value is None:
        cell.value = "-" if kind == "percent" else None
    elif isinstance(value, str):
        put_text(cell, value)
    elif kind == "money":
        put_million(cell, value)
    else:
        cell.value = value


def put_million(cell, amount_vnd: int):
    """The exact amount in triệu đồng, with as many decimals as it has."""
    cell.value = millions(amount_vnd)
    decimals = len(format_million(amount_vnd).partition(",")[2])
    if decimals:
        cell.number_format = f"{WHOLE}.{'0' * decimals}"


def millions(amount_vnd: int) -> int | Decimal:
    whole, rest = divmod(amount_vnd, MILLION)
    return Decimal(amount_vnd) / MILLION if rest else whole


def shown(value, kind: str) -> str:
    """What the cell shows on paper, so that its column is wide enough."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date | datetime):
        return "00/00/0000"
    if kind == "money":
        return format_million(value)
    return format_percent(value) if kind == "percent" else format_vnd(value)


ALIGNED = {
    "text": Alignment(horizontal="left", vertical="center", wrap_text=True),
    "short": Alignment(horizontal="center", vertical="center", wrap_text=True),
    "day": Alignment(horizontal="center", vertical="center"),
    "count": Alignment(horizontal="right", vertical="center"),
    "money": Alignment(horizontal="right", vertical="center"),
    "percent": Alignment(horizontal="right", vertical="center"),
}


@dataclass(frozen=True)
class Dress:
    """How a cell of a table looks."""

    kind: str
    size: float = 11
    bold: bool = False
    italic: bool = False
    filled: bool = False

    def put_on(self, cell, worn: dict):
        """``worn`` keeps a style once made: making one anew for each cell takes most of a report's time."""
        if self not in worn:
            cell.font = font(self.size, bold=self.bold, italic=self.italic)
            cell.border, cell.alignment = BOX, ALIGNED[self.kind]
            cell.number_format = FORMATS.get(self.kind, "General")
            if self.filled:
                cell.fill = GREY
            worn[self] = cell._style
        cell._style = copy(worn[self])


CENTRED = ALIGNED["short"]
LEFT = ALIGNED["text"]


# --- how much room a text takes ---------------------------------------------------------------------

# Widths of Times New Roman letters in em; a column's width counts digits of half an em at 11 points.
_WIDTHS = {
    **dict.fromkeys("ijlt|'`", 0.28),
    **dict.fromkeys(" .,;:!/\\fIr()-[]", 0.31),
    **dict.fromkeys("aceszJ", 0.43),
    **dict.fromkeys("mM%W@", 0.86),
    **dict.fromkeys("w–DGHNOQU", 0.72),
    **dict.fromkeys("ABCEFKLPRSTVXYZ", 0.65),
}
PADDING = 0.6


@lru_cache(maxsize=5000)
def text_width(text: str, *, bold: bool = False) -> float:
    """In em."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    width = sum(_WIDTHS.get(letter, 0.5) for letter in letters if not unicodedata.combining(letter))
    return width * 1.08 if bold else width


def lines_of(text: str, width: float, *, size: float = 11, bold: bool = False) -> int:
    """How many lines ``text`` takes, wrapped between words, in a column ``width`` characters wide."""
    room = max(width * 0.5 * 11 / size - PADDING, 1)
    return sum(_wrapped(part, room, bold) for part in text.split("\n"))


def _wrapped(text, room, bold) -> int:
    lines, used, blank = 1, 0.0, text_width(" ", bold=bold)
    for word in text.split():
        length = text_width(word, bold=bold)
        if used and used + blank + length > room:
            lines, used = lines + 1, 0.0
        used += (blank if used else 0) + length
        # A word longer than the column is broken.
        lines, used = lines + int(used // room), used % room
    return lines


def height(lines: int, size: float = 11) -> float:
    """Of a row of so many lines, in points."""
    return round(lines * size * 1.27 + 4, 1)
