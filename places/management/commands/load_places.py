"""Adds a province's units before and after 1/7/2025, with their succession; safe to run twice."""

from khuyencong.commands import OfficeCommand
from places.models import Level
from places.provinces import BookUnit, UnitBook, load_province

try:
    from vietnamadminunits.converter import converter_2025
    from vietnamadminunits.database import get_data
except ImportError:
    converter_2025 = None

MISSING = (
    "Lệnh này cần gói vietnamadminunits, chưa được cài trên máy này."
    " Cài bằng lệnh: .venv/bin/pip install -r requirements-places.txt"
)


class Command(OfficeCommand):
    help = "Thêm địa bàn của một tỉnh, trước và sau ngày 01/07/2025. Chạy lại không làm thay đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("province", metavar="PROVINCE", help="Tên tỉnh, thành phố, cũ hoặc mới.")

    def handle(self, *, province, **options):
        if converter_2025 is None:
            self.fail(MISSING)
        try:
            outcome = load_province(read_book(), province)
        except LookupError as error:
            self.fail(error.args[0])
        self.stderr.write(
            f"Đã thêm {outcome.units} địa bàn, {outcome.changes} thay đổi; điền {outcome.codes} mã đơn vị; "
            f"nhận {outcome.adopted} địa bàn đã nhập từ trước."
        )
        for doubt in outcome.doubts:
            self.stderr.write(f"Cần xem lại: {doubt}")

    def fail(self, sentence):
        """One Vietnamese line on standard error and exit 1; CommandError would put an English word before it."""
        self.stderr.write(sentence)
        raise SystemExit(1)


def read_book() -> UnitBook:
    """The package's two lists and its conversion, keyed "old/…" and "new/…", since both use the same keys."""
    old = _units(get_data(_columns("province", "district", "ward"), "admin_units_legacy"), "old")
    new = _units(get_data(_columns("province", "ward"), "admin_units"), "new")
    became = {
        f"old/{part}": [f"new/{province}"] for province, parts in converter_2025.DICT_PROVINCE.items() for part in parts
    }
    for province, wards in converter_2025.DICT_PROVINCE_WARD_NO_DIVIDED.items():
        for ward, parts in wards.items():
            became |= {_old_key(part): [f"new/{province}_{ward}"] for part in parts}
    for province, divided in converter_2025.DICT_PROVINCE_WARD_DIVIDED.items():
        for part, wards in divided.items():
            became[_old_key(part)] = [f"new/{province}_{ward['newWardKey']}" for ward in wards]
    return UnitBook(old, new, became)


def _columns(*levels) -> list[str]:
    return [column for level in levels for column in (level, f"{level}Key", f"{level}Code")]


def _old_key(part: str) -> str:
    # An island district has no communes; its key there ends in "_".
    return f"old/{part.rstrip('_')}"


def _units(rows: list[dict], side: str) -> list[BookUnit]:
    """A unit for every province, district and commune of the rows, each once and after its parent."""
    units = {}
    for row in rows:
        key = parent = None
        for level, column in [
            (Level.PROVINCE, "province"),
            (Level.DISTRICT, "district"),
            (Level.COMMUNE, "ward"),
        ]:
            if row.get(column):
                key = f"{parent}_{row[f'{column}Key']}" if parent else f"{side}/{row[f'{column}Key']}"
                units.setdefault(key, BookUnit(key, level, row[column], row[f"{column}Code"], parent))
                parent = key
    return list(units.values())
