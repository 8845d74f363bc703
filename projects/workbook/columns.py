"""The headings of the two sheets, and how the cells under each are read."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from funding.models import PlanLine
from khuyencong.dates import format_day
from khuyencong.money import FractionOfDong, format_vnd, parse_vnd
from khuyencong.text import fold, nfc
from projects.models import Beneficiary, Project

PLAN_SHEET = "Kế hoạch"
PROJECT_SHEET = "Đề án"
OTHER_TASKS = "Hoạt động khác"

FIRST_YEAR, LAST_YEAR = 2000, 2100
MILLION = 1_000_000
UNITS = {"dong": 1, "trieudong": MILLION}
_UNIT = re.compile(r"\((dong|trieudong)\)$")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def match_key(text) -> str:
    """What headings and values of lists are matched by: no case, blanks, diacritics; no dots at the end."""
    return fold(str(text)).replace(" ", "").rstrip(".…")


def heading_key(text) -> tuple[str, int | None]:
    """The key of a heading without its star and unit, and the unit in VND, None where it names none."""
    key = match_key(text)
    unit_vnd = None
    # The star may stand before or after the unit.
    for _ in range(2):
        key = key.rstrip("*")
        unit = _UNIT.search(key)
        if unit:
            key, unit_vnd = key[: unit.start()], UNITS[unit[1]]
    return key, unit_vnd


def shown(value) -> str:
    """A cell's value as text, for messages and for the marks of an export."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else value
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def read_text(value, column, unit_vnd):
    """A number becomes its digits (a tax code, a contract number); a day or a truth value is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"“{shown(value)}” không phải là chữ. Hãy định dạng ô là văn bản rồi gõ lại.")
    text = shown(value)
    text = "\n".join(nfc(line) for line in text.splitlines()).strip() if column.is_long else nfc(text)
    if column.max_length and len(text) > column.max_length:
        raise ValueError(f"Dài {len(text)} ký tự, nhiều nhất là {column.max_length}. Hãy rút gọn.")
    return text or None


def read_amount(value, column, unit_vnd):
    if isinstance(value, datetime | date):
        raise ValueError(f"“{shown(value)}” là ngày, không phải số tiền. Hãy định dạng ô là số rồi gõ lại.")
    try:
        amount_vnd = parse_vnd(value, unit_vnd=unit_vnd or 1)
    except FractionOfDong as error:
        if unit_vnd == MILLION:
            raise
        raise ValueError(
            f"{error} Nếu cột này ghi theo triệu đồng, hãy thêm “(triệu đồng)” vào tiêu đề cột."
        ) from error
    if amount_vnd < 0 and not column.is_signed:
        raise ValueError(f"Số tiền không được âm: {format_vnd(amount_vnd)} đồng.")
    return amount_vnd


def read_day(value, column, unit_vnd):
    wrong = ValueError(f"“{shown(value)}” không phải là một ngày. Hãy ghi theo dạng ngày/tháng/năm, ví dụ 31/05/2019.")
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    else:
        written = _DAY.fullmatch(nfc(value)) if isinstance(value, str) else None
        if not written:
            raise wrong
        try:
            day = date(int(written[3]), int(written[2]), int(written[1]))
        except ValueError:
            raise wrong from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"Ngày {format_day(day)} nằm ngoài các năm {FIRST_YEAR}–{LAST_YEAR}. Hãy kiểm tra lại năm.")
    return day


def _whole_number(value) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        text = nfc(value)
        negative = text.startswith("(") and text.endswith(")")
        text = f"-{text[1:-1].strip()}" if negative else text
        return int(text) if re.fullmatch(r"[-+]?[0-9]{1,6}", text) else None


def read_year(value, column, unit_vnd):
    year = _whole_number(value)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            f"“{shown(value)}” không phải là một năm. Hãy ghi bốn chữ số, từ {FIRST_YEAR} đến {LAST_YEAR}."
        )
    return year


def read_count(value, column, unit_vnd):
    number = _whole_number(value)
    if number is None or abs(number) > 32767:
        raise ValueError(f"“{shown(value)}” không phải là một số đếm. Hãy ghi một số nguyên, ví dụ 3.")
    if number < 0 and not column.is_signed:
        raise ValueError(f"Số đếm không được âm: {number}.")
    return number


def read_choice(value, column, unit_vnd):
    """One of the column's listed values; where others may stand there, their text."""
    found = column.choices.get(match_key(shown(value)))
    if found is None and not column.is_open:
        listed = ", ".join(column.listed)
        raise ValueError(f"“{shown(value)}” không có trong danh sách. Hãy chọn một trong: {listed}.")
    return found or nfc(shown(value))


@dataclass(frozen=True)
class Column:
    """A heading. ``max_length`` None: as long as it is. ``is_open``: other texts than ``choices`` pass the reader."""

    key: str
    heading: str
    read: object = read_text
    is_required: bool = False
    is_signed: bool = False
    is_long: bool = False
    is_open: bool = False
    max_length: int | None = None
    choices: dict | None = None
    listed: tuple[str, ...] = ()
    other_headings: tuple[str, ...] = ()
    width: int = 16
    note: str = ""

    @property
    def title(self) -> str:
        return f"{self.heading}*" if self.is_required else self.heading

    @property
    def is_amount(self) -> bool:
        return self.read is read_amount

    @property
    def is_day(self) -> bool:
        return self.read is read_day

    @property
    def is_number(self) -> bool:
        return self.read in (read_amount, read_year, read_count)


def _list(enum, **others):
    """Choices by match key of the labels of ``enum``, and the labels as listed; ``others`` are further spellings."""
    choices = {match_key(member.label): member.value for member in enum} | others
    return {"choices": choices, "listed": tuple(member.label for member in enum), "read": read_choice}


PLAN_COLUMNS = [
    Column("year", "Năm", read_year, is_required=True, width=8, note="Năm kế hoạch, bốn chữ số."),
    Column("source", "Nguồn kinh phí", is_required=True, note="Mã hoặc tên nguồn, ví dụ KCQG."),
    Column("kind", "Loại", is_required=True, width=14, **_list(PlanLine.Kind)),
    Column("number", "Số quyết định", max_length=100, width=20),
    Column("on", "Ngày", read_day, is_required=True, width=12, note="Ngày ký, dạng ngày/tháng/năm."),
    Column("batch", "Đợt", max_length=50, width=10),
    Column("activity", "Nội dung hoạt động", width=40, note=f"Mã, tên, hoặc “{OTHER_TASKS}”."),
    Column("projects_min", "Số đề án từ", read_count, is_signed=True, width=10),
    Column("projects_max", "Số đề án đến", read_count, is_signed=True, width=10),
    Column(
        "amount_vnd",
        "Kinh phí",
        read_amount,
        is_required=True,
        is_signed=True,
        width=18,
        note="Đồng. Điều chỉnh ghi phần chênh lệch, giảm thì ghi số âm.",
    ),
    Column("note", "Ghi chú", is_long=True, width=30),
]

PROJECT_COLUMNS = [
    Column("code", "Mã đề án", is_required=True, max_length=100, width=14, note="Các dòng cùng mã là một đề án."),
    Column("name", "Tên đề án", is_required=True, max_length=1000, width=40),
    Column("plan_year", "Năm kế hoạch", read_year, is_required=True, width=10),
    Column("kind", "Loại đề án", is_required=True, width=12, **_list(Project.Kind, donle=Project.Kind.SINGLE.value)),
    Column("activity", "Nội dung hoạt động", width=40, note="Mã hoặc tên. Để trống nếu chưa xác định."),
    Column("source", "Nguồn kinh phí", is_required=True, note="Mã hoặc tên nguồn. Mỗi nguồn một dòng."),
    Column("place", "Địa bàn", max_length=500, width=26, note="Ví dụ: xã Y Can, huyện Trấn Yên."),
    Column("agency", "Đơn vị thực hiện", max_length=500, width=30),
    Column("decision_number", "Số quyết định", max_length=100, width=20),
    Column("approved_on", "Ngày phê duyệt", read_day, is_required=True, width=12),
    Column("beneficiary", "Cơ sở thụ hưởng", max_length=1000, width=34),
    Column("beneficiary_kind", "Loại hình", is_open=True, width=14, **_list(Beneficiary.Kind)),
    Column(
        "tax_code",
        "Mã số thuế / số ĐKKD",
        max_length=50,
        other_headings=("Mã số", "Mã số thuế", "Số ĐKKD"),
        width=16,
    ),
    Column("representative", "Người đại diện", max_length=500, width=22),
    Column("address", "Địa chỉ", max_length=1000, width=30),
    Column("equipment", "Máy móc, thiết bị", is_long=True, width=34),
    Column("total_vnd", "Tổng kinh phí", read_amount, width=18, note="Cả vốn đối ứng. Để trống nếu chưa biết."),
    Column("support_vnd", "Kinh phí hỗ trợ", read_amount, width=18, note="Của nguồn ở dòng này."),
    Column("expected", "Số cơ sở dự kiến", read_count, width=10),
    Column("contract_number", "Số hợp đồng", max_length=100, width=18),
    Column("signed_on", "Ngày ký hợp đồng", read_day, width=12),
    Column("contracted_vnd", "Kinh phí hợp đồng", read_amount, width=18, note="Để trống: bằng Kinh phí hỗ trợ."),
    Column("starts_on", "Ngày bắt đầu", read_day, width=12, note="Để trống: từ ngày ký. Chưa có hợp đồng thì dự kiến."),
    Column("ends_on", "Ngày kết thúc", read_day, width=12, note="Của hợp đồng; chưa có hợp đồng thì dự kiến."),
    Column("advanced_vnd", "Đã tạm ứng", read_amount, width=18, note="Tổng số đã tạm ứng."),
    Column("advanced_on", "Ngày tạm ứng", read_day, width=12, note="Ngày của lần gần nhất."),
    Column("paid_vnd", "Đã thanh toán", read_amount, width=18, note="Tổng số đã thanh toán, không kể tạm ứng."),
    Column("paid_on", "Ngày thanh toán", read_day, width=12, note="Ngày của lần gần nhất."),
    Column("accepted_on", "Ngày nghiệm thu", read_day, width=12),
    Column("accepted_vnd", "Kinh phí nghiệm thu", read_amount, width=18, note="Kinh phí hỗ trợ được nghiệm thu."),
    Column("settled_on", "Ngày quyết toán", read_day, width=12),
    Column("settled_vnd", "Kinh phí quyết toán", read_amount, width=18),
    Column("liquidated_on", "Ngày thanh lý", read_day, width=12),
    Column("stopped_on", "Ngày ngừng", read_day, width=12),
    Column("stop_number", "Số quyết định ngừng", max_length=100, width=18),
    Column("stop_reason", "Lý do ngừng", is_long=True, width=30),
    Column("note", "Ghi chú", is_long=True, width=30),
]

SHEETS = {PLAN_SHEET: PLAN_COLUMNS, PROJECT_SHEET: PROJECT_COLUMNS}
