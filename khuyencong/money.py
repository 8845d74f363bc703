"""Money is whole đồng (VND), an int everywhere; read, written and spelt out here and only here."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django import forms
from django.core.exceptions import ValidationError

from khuyencong.text import fold, nfc

MILLION = 1_000_000
# What a BigIntegerField holds on both databases.
MAX_VND = 2**63 - 1

# Written units by their folded word, in VND.
_UNITS = {
    "d": 1,
    "dong": 1,
    "vnd": 1,
    "nghin": 1_000,
    "ngan": 1_000,
    "tr": MILLION,
    "trieu": MILLION,
    "ty": 1_000_000_000,
    "ti": 1_000_000_000,
}
_AMOUNT = re.compile(r"(?P<number>[0-9.,]+) ?(?P<unit>[a-z]*)(?: ?(?:dong|d|vnd))?")
_NUMBER = re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<fraction>[0-9]+))?")


class FractionOfDong(ValueError):
    """An amount that is no whole number of đồng: often one meant in triệu đồng."""


def parse_vnd(value, *, unit_vnd: int = 1) -> int:
    """Whole đồng of what a person typed or a cell holds; a bare number counts ``unit_vnd`` đồng each.

    In text a dot is followed by exactly three digits and the comma is decimal: "900.000.000", "262,5",
    "1.779,97"; "(500)" and "-500" are negative; a unit written out ("900 triệu", "2,595 tỷ", "5 đồng") wins
    over ``unit_vnd``. Raises ValueError with a Vietnamese sentence, for a fraction of a đồng too.
    """
    amount = _read_text(value, unit_vnd) if isinstance(value, str) else _read_number(value) * unit_vnd
    if amount != amount.to_integral_value():
        raise FractionOfDong(f"“{value}” có phần lẻ nhỏ hơn một đồng. Số tiền phải là số đồng nguyên.")
    if abs(amount) > MAX_VND:
        raise ValueError(f"“{value}” lớn hơn số tiền mà hệ thống ghi được.")
    return int(amount)


def _read_number(value) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"“{value}” không phải là số tiền.")
    if isinstance(value, float) and not value.is_integer():
        # A spreadsheet keeps 15 digits; what a double shows beyond them is noise of its sums.
        value = f"{value:.15g}"
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"“{value}” không phải là số tiền.")
    return number


def _read_text(value: str, unit_vnd: int) -> Decimal:
    text = fold(nfc(value)).replace("\u2212", "-").replace("\u2013", "-")
    if not text:
        raise ValueError("Chưa nhập số tiền.")
    negative, body = _split_sign(text)
    amount = _AMOUNT.fullmatch(body)
    if not amount or amount["unit"] not in {"", *_UNITS}:
        raise ValueError(f"“{value}” không phải là số tiền. Ví dụ cách ghi đúng: 900.000.000 hoặc 900 triệu.")
    number = _NUMBER.fullmatch(amount["number"])
    if not number or number["whole"].startswith("0.") or number["whole"].startswith("00"):
        raise ValueError(
            f"“{value}” không đọc được thành số tiền. Dấu chấm ngăn từng nhóm ba chữ số,"
            " dấu phẩy ngăn phần thập phân, ví dụ 1.779,97."
        )
    unit = _UNITS.get(amount["unit"], unit_vnd)
    fraction = number["fraction"] or ""
    if unit == 1 and len(fraction) == 3:
        # "900,000" is nearly always nine hundred thousand in the English way, never 900 đồng.
        raise ValueError(f"“{value}” dùng dấu phẩy để ngăn hàng nghìn. Hàng nghìn được ngăn bằng dấu chấm.")
    magnitude = Decimal(f"{number['whole'].replace('.', '')}.{fraction or 0}") * unit
    return -magnitude if negative else magnitude


def _split_sign(text: str) -> tuple[bool, str]:
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text[0] in "+-":
        return text[0] == "-", text[1:].strip()
    return False, text


def format_vnd(amount_vnd: int | None) -> str:
    """ "2.595.000.000"; "" for None, which is an amount not known."""
    return "" if amount_vnd is None else f"{amount_vnd:,}".replace(",", ".")


def format_million(amount_vnd: int | None) -> str:
    """The exact amount in triệu đồng, without trailing zeros: "2.595", "262,5", "1.779,97"; "" for None."""
    if amount_vnd is None:
        return ""
    whole, rest = divmod(abs(amount_vnd), MILLION)
    sign = "-" if amount_vnd < 0 else ""
    fraction = f",{rest:06d}".rstrip("0") if rest else ""
    return f"{sign}{format_vnd(whole)}{fraction}"


def percent(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` in percent, two decimals, halves up; None where ``whole`` is 0."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def format_percent(value: Decimal | None) -> str:
    """ "70,00", without the sign %; "" for None."""
    if value is None:
        return ""
    rounded = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{rounded:,.2f}".translate(str.maketrans(",.", ".,"))


_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_BILLION = 1_000_000_000


def amount_in_words(amount_vnd: int) -> str:
    """ "hai tỷ năm trăm chín mươi lăm triệu đồng"; a negative amount begins with "âm"."""
    words = _read_whole(abs(amount_vnd), full=False) if amount_vnd else _DIGITS[0]
    return f"{'âm ' if amount_vnd < 0 else ''}{words} đồng"


def _read_whole(number: int, *, full: bool) -> str:
    """``number`` in words; ``full`` when larger units were read before it, so that its zeros are read too."""
    billions, rest = divmod(number, _BILLION)
    parts = []
    if billions:
        parts.append(f"{_read_whole(billions, full=full)} tỷ")
    for unit_vnd, unit in [(MILLION, " triệu"), (1_000, " nghìn"), (1, "")]:
        group = rest // unit_vnd % 1_000
        if group:
            parts.append(_read_group(group, full=full or bool(parts)) + unit)
    return " ".join(parts)


def _read_group(group: int, *, full: bool) -> str:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = []
    if hundreds or full:
        words.append(f"{_DIGITS[hundreds]} trăm")
    if tens == 1:
        words.append("mười")
    elif tens:
        words.append(f"{_DIGITS[tens]} mươi")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append(_read_ones(ones, tens))
    return " ".join(words)


def _read_ones(ones: int, tens: int) -> str:
    if ones == 5 and tens:
        return "lăm"
    if ones == 1 and tens > 1:
        return "mốt"
    return _DIGITS[ones]


LEAST_BARE_VND = 100_000
"""No support is smaller; a smaller number without its unit is nearly always meant in triệu đồng."""


def typed_vnd(text: str) -> int:
    """``parse_vnd`` of what a person typed; a small bare number ("95") is asked for its unit, by ValueError."""
    amount_vnd = parse_vnd(text)
    if 0 < abs(amount_vnd) < LEAST_BARE_VND and not any(char.isalpha() for char in text):
        number = text.strip()
        raise ValueError(f"“{number}” là {number} đồng hay triệu đồng? Hãy ghi “{number} triệu” hoặc “{number} đồng”.")
    return amount_vnd


class VNDField(forms.Field):
    """Money typed as an office writes it; cleaned to whole đồng (int), None where left empty."""

    widget = forms.TextInput
    default_error_messages = {
        "required": "Chưa nhập số tiền.",
        "min_value": "Số tiền không được nhỏ hơn %(limit)s đồng.",
        "max_value": "Số tiền không được lớn hơn %(limit)s đồng.",
    }

    def __init__(self, *, min_value: int | None = None, max_value: int | None = None, **kwargs):
        """``min_value`` and ``max_value`` in VND, both allowed amounts; None sets no limit."""
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "text", "autocomplete": "off", "data-money": "vnd"}

    def prepare_value(self, value):
        # What was typed comes back as typed; a stored amount comes with its dots.
        return format_vnd(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def to_python(self, value):
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return typed_vnd(value) if isinstance(value, str) else parse_vnd(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        for name, limit in [("min_value", self.min_value), ("max_value", self.max_value)]:
            beyond = limit is not None and (value < limit if name == "min_value" else value > limit)
            if beyond:
                message = self.error_messages[name]
                raise ValidationError(message, code=name, params={"limit": format_vnd(limit)})
