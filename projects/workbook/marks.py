"""The row marks of an export: what each row showed then, so that a file older than the data is noticed."""

from collections import defaultdict

from khuyencong.text import fold, nfc
from projects.workbook.columns import PLAN_COLUMNS, PROJECT_COLUMNS, PROJECT_SHEET, shown
from projects.workbook.findings import Row
from projects.workbook.session import Item, Session

SHEET_KEY = "sheet"
# What an empty cell is read as, and so shows later though nobody else changed it.
DERIVED = {"contracted_vnd": "support_vnd"}


def mark_of(sheet: str, values: dict) -> dict[str, str]:
    """What is kept of an exported row: the texts of its filled cells."""
    return {SHEET_KEY: sheet} | {key: nfc(shown(value)) for key, value in values.items() if value is not None}


class Marks:
    """The marks of a file, handed out to its rows by their keys."""

    def __init__(self, marks, sheet, key_names):
        self._key_names = key_names
        self._by_key = defaultdict(list)
        for mark in marks:
            if mark.get(SHEET_KEY) == sheet:
                self._by_key[self._key(mark)].append(mark)

    def _key(self, texts):
        return tuple(fold(texts.get(name) or "") for name in self._key_names)

    def take(self, texts: dict[str, str]) -> dict | None:
        """The mark of the row of these texts, of several the one of the same activity; each only once."""
        marks = self._by_key.get(self._key(texts))
        if not marks:
            return None
        same = [mark for mark in marks if mark.get("activity", "") == texts.get("activity", "")]
        mark = (same or marks)[0]
        marks.remove(mark)
        return mark


def texts_of(item: Item) -> dict[str, str]:
    """The row's cells as an export would write them."""
    values = {column.key: item[column.key] for column in PROJECT_COLUMNS}
    values |= {"source": item.source.code, "activity": item.activity.name if item.activity else None}
    return {key: nfc(shown(value)) for key, value in values.items()}


def give_marks(items: list[Item], marks: list[dict]):
    known = Marks(marks, PROJECT_SHEET, ("code", "plan_year", "beneficiary", "source"))
    for item in items:
        item.row.mark = known.take(texts_of(item))


def refuse_stale(item: Item, session: Session, amounts_before):
    """Errors at the cells of a marked row whose data changed since the export.

    ``amounts_before(item, key)``: sums that the line's own file still shows after a group was named from it.
    """
    mark, written = item.row.mark, texts_of(item)
    if item.has_left:
        if item.beneficiary or any(written[key] != mark.get(key, "") for key in written):
            _refuse(item.row, "code", session, "đang thực hiện", "đã rời đề án")
        return
    for column in PROJECT_COLUMNS:
        key = column.key
        then, now, cell = mark.get(key, ""), nfc(shown(item.now.get(key))), written[key]
        if then == now or cell == now or key not in item.row.headings:
            continue
        if not cell and key in DERIVED and now == nfc(shown(item.now.get(DERIVED[key]))):
            continue
        if key == "place" and _is_place(item, session, then, cell):
            continue
        if column.is_amount and item[key] in amounts_before(item, key):
            continue
        _refuse(item.row, key, session, then, now)


def _is_place(item, session, *texts):
    """Whether one of the texts names the line's place, however that is written by now."""
    place, gazetteer = item.facts.line.locality, session.catalog.gazetteer
    return place is not None and any(text and gazetteer.names(text, place, item.day) for text in texts)


def refuse_stale_plan(row: Row, session: Session, mark, now: dict, written: dict):
    for column in PLAN_COLUMNS:
        then, today = mark.get(column.key, ""), nfc(shown(now.get(column.key)))
        if then != today and nfc(shown(written.get(column.key))) != today:
            _refuse(row, column.key, session, then, today)


def _refuse(row, key, session, then, now):
    session.findings.error(
        row,
        key,
        f"Dữ liệu đã thay đổi sau khi xuất tệp lúc {session.exported_at}: lúc xuất là “{then or 'trống'}”, "
        f"nay là “{now or 'trống'}”. Hãy xuất tệp mới rồi sửa lại.",
    )
