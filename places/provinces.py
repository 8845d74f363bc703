"""Adding a whole province: its units before and after 1/7/2025 and what became of which, from a book of units."""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction

from khuyencong.text import fold
from places.models import Level, Locality, LocalitySuccession
from places.names import place_key, read_place, spelling_of, split_written

# The districts ended and the communes were made anew between these two days.
LAST_DAY, FIRST_DAY = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)
ON_PROVINCES = "Nghị quyết 202/2025/QH15"
ON_COMMUNES = "Quyết định 19/2025/QĐ-TTg"

Kind = LocalitySuccession.Kind


@dataclass(frozen=True)
class BookUnit:
    """A unit of the book: ``key`` and ``parent`` its own and its parent's key, ``written`` "Xã Y Can"."""

    key: str
    level: Level
    written: str
    code: str
    parent: str | None = None


@dataclass(frozen=True)
class UnitBook:
    """All units of 30/06/2025 (``old``) and of 01/07/2025 (``new``), each after its parent.

    ``became``: the key of an old province, a commune (or a district without communes) -> keys of new units.
    """

    old: list[BookUnit]
    new: list[BookUnit]
    became: dict[str, list[str]]


@dataclass
class Outcome:
    """What a load did; ``doubts`` are Vietnamese sentences about what it left for a person to decide."""

    units: int = 0
    changes: int = 0
    codes: int = 0
    adopted: int = 0
    doubts: list[str] = field(default_factory=list)


@transaction.atomic
def load_province(book: UnitBook, name: str) -> Outcome:
    """Add what is missing of the province called ``name``, after 1/7/2025 or before.

    A new province comes with all that it was made of; an old one with the communes made of its own alone.
    Raises LookupError with a Vietnamese sentence where ``name`` is no province or several.
    """
    old_provinces, new_province = choose_province(book, name)
    old_units = _under(book.old, old_provinces)
    new_keys = {key for unit in old_units for key in book.became.get(unit.key, [])} | {new_province}
    new_units = [unit for unit in book.new if unit.key in new_keys]
    outcome = Outcome()
    unchanged = {key for key in old_provinces if _goes_on(book, key)}
    old_rows = _Shelf(LAST_DAY, outcome).file_all(old_units, endless=unchanged)
    new_rows = _Shelf(FIRST_DAY, outcome).file_all(new_units, endless={new_province} if unchanged else set())
    _file_changes(book, old_units, old_rows, new_rows, outcome)
    return outcome


def choose_province(book: UnitBook, name: str) -> tuple[set[str], str]:
    """The keys of the old provinces to load and of the new one that they belong to."""
    new = [unit for unit in book.new if unit.level == Level.PROVINCE and _is_called(unit, name)]
    old = [unit for unit in book.old if unit.level == Level.PROVINCE and _is_called(unit, name)]
    if len(new) > 1 or (not new and len(old) > 1):
        names = ", ".join(unit.written for unit in new or old)
        raise LookupError(f"“{name}” có thể là: {names}. Đề nghị ghi đủ cả chữ tỉnh hoặc thành phố.")
    if new:
        parts = {key for key, became in book.became.items() if became == [new[0].key]}
        provinces = {unit.key for unit in book.old if unit.level == Level.PROVINCE}
        return parts & provinces, new[0].key
    if old:
        return {old[0].key}, book.became[old[0].key][0]
    raise LookupError(f"Không có tỉnh, thành phố nào tên là “{name}”, trước cũng như sau ngày 01/07/2025.")


def _is_called(unit: BookUnit, name: str) -> bool:
    kind, own = split_written(unit.written)
    reading = read_place(name)
    return place_key(own) in (reading.key, reading.bare_key) and (not reading.kinds or kind in reading.kinds)


def _under(units: list[BookUnit], provinces: set[str]) -> list[BookUnit]:
    """``provinces`` and all units under them, each after its parent."""
    keys, found = set(provinces), []
    for unit in units:
        if unit.key in keys or unit.parent in keys:
            keys.add(unit.key)
            found.append(unit)
    return found


def _goes_on(book: UnitBook, province: str) -> bool:
    """Whether the province did not change on 1/7/2025, so that one row says both."""
    new = book.became[province]
    old = [key for key, became in book.became.items() if became == new]
    names = {unit.key: unit.written for unit in [*book.old, *book.new]}
    return old == [province] and names[province] == names[new[0]]


class _Shelf:
    """The localities valid on one day, to find a unit of the book in or to add it to."""

    def __init__(self, day: datetime.date, outcome: Outcome):
        self.day = day
        self.outcome = outcome
        self.places = defaultdict(list)
        # Rows that nobody told us more of than a file named: by level, kind and folded name.
        self.bare = defaultdict(list)
        for row in Locality.objects.valid_on(day):
            self.places[row.level, row.parent_id, row.kind].append(row)
            if not row.code and not row.reference:
                self.bare[row.level, row.kind, row.name_key].append(row)

    def file_all(self, units: list[BookUnit], *, endless: set[str]) -> dict[str, Locality]:
        """The row of every unit by its key; units in doubt, and those under them, are left out.

        ``endless``: keys of units that were there before and after.
        """
        rows = {}
        namesakes = Counter((unit.level, *_bare_name(unit)) for unit in units)
        self.alone = {unit.key for unit in units if namesakes[unit.level, *_bare_name(unit)] == 1}
        for unit in units:
            if unit.parent is None:
                parent = None
            elif unit.parent in rows:
                parent = rows[unit.parent]
            else:
                continue
            row = self._file(unit, parent, unit.key in endless)
            if row:
                rows[unit.key] = row
        return rows

    def _file(self, unit: BookUnit, parent: Locality | None, is_endless: bool) -> Locality | None:
        kind, name = split_written(unit.written)
        place = self.places[unit.level, parent.pk if parent else None, kind]
        found = _same_named(place, name, unit.code)
        if len(found) > 1:
            several = "; ".join(f"{row.long_name} (mã {row.code or 'chưa có'})" for row in found)
            self.outcome.doubts.append(f"{unit.written} (mã {unit.code}) có thể là nhiều đơn vị: {several}.")
            return None
        if found:
            self._fill_code(found[0], unit)
            return found[0]
        row = self._adopt(unit, parent)
        if row is None:
            row = Locality(level=unit.level)
            self.outcome.units += 1
        row.kind, row.name, row.code, row.parent = kind, name, unit.code, parent
        row.valid_from = FIRST_DAY if self.day >= FIRST_DAY and not is_endless else None
        row.valid_to = LAST_DAY if self.day <= LAST_DAY and not is_endless else None
        row.save()
        place.append(row)
        return row

    def _adopt(self, unit: BookUnit, parent: Locality | None) -> Locality | None:
        """The one row that an import made for this unit, under nothing yet or under a unit further above."""
        _, name = split_written(unit.written)
        above = {None} | ({parent.pk, parent.parent_id} if parent else set())
        fitting = [
            row
            for row in self.bare[unit.level, *_bare_name(unit)]
            if not row.code and row.parent_id in above and _may_be_spelt(row.name, name)
        ]
        if len(fitting) == 1 and unit.key in self.alone:
            self.outcome.adopted += 1
            return fitting[0]
        if fitting:
            self.outcome.doubts.append(
                f"{unit.written} (mã {unit.code}) được thêm mới; “{fitting[0].long_name}” đã nhập từ trước "
                "có thể là đơn vị này."
            )
        return None

    def _fill_code(self, row: Locality, unit: BookUnit) -> None:
        if not row.code:
            row.code = unit.code
            row.save(update_fields=["code"])
            self.outcome.codes += 1
        elif row.code != unit.code:
            self.outcome.doubts.append(f"{row.long_name} đang có mã {row.code}, trong danh sách là {unit.code}.")


def _bare_name(unit: BookUnit) -> tuple[str, str]:
    kind, name = split_written(unit.written)
    return kind, place_key(name)


def _may_be_spelt(written: str, name: str) -> bool:
    """One spelling, or one typed without any diacritics."""
    return spelling_of(written) == spelling_of(name) or written.lower() == fold(written)


def _same_named(place: list[Locality], name: str, code: str) -> list[Locality]:
    """Rows of this very name, else those that only marks or another spelling set apart and no code does."""
    exact = [row for row in place if row.name == name]
    key = place_key(name)
    return exact or [
        row
        for row in place
        if key in (row.name_key, *row.spelling_keys.strip(";").split(";")) and row.code in ("", code)
    ]


def _file_changes(book, old_units, old_rows, new_rows, outcome: Outcome) -> None:
    """Link the old rows to what became of them; districts to every commune made of a part of theirs."""
    made_of = defaultdict(int)
    for keys in book.became.values():
        for key in keys:
            made_of[key] += 1
    wanted = {}
    for unit in old_units:
        for key in book.became.get(unit.key, []):
            if unit.key in old_rows and key in new_rows:
                old, new = old_rows[unit.key], new_rows[key]
                wanted[old.pk, new.pk] = _kind(book, unit, old, new, made_of[key])
                if unit.level == Level.COMMUNE and unit.parent in old_rows:
                    wanted.setdefault((old_rows[unit.parent].pk, new.pk), Kind.SPLIT)
    there = set(LocalitySuccession.objects.values_list("old", "new"))
    provinces = {row.pk for row in old_rows.values() if row.level == Level.PROVINCE}
    missing = [
        LocalitySuccession(
            old_id=old,
            new_id=new,
            kind=kind,
            on=FIRST_DAY,
            legal_basis=ON_PROVINCES if old in provinces else ON_COMMUNES,
        )
        for (old, new), kind in wanted.items()
        if old != new and (old, new) not in there
    ]
    outcome.changes = len(LocalitySuccession.objects.bulk_create(missing))


def _kind(book: UnitBook, unit: BookUnit, old: Locality, new: Locality, parts: int) -> Kind:
    """How ``old`` became ``new``, which was made of ``parts`` old units."""
    if len(book.became[unit.key]) > 1:
        return Kind.SPLIT
    if parts > 1:
        return Kind.MERGE
    return Kind.MOVE if (old.kind, old.name) == (new.kind, new.name) else Kind.RENAME
