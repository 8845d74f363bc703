"""The places of the Yên Bái Centre and of its successor: nine districts in 2019, 51 communes since 2025.

Rows are known again by ``Locality.reference``; what is there is never written over, so an administrator's edits
stay. Old communes are those that were still there on 30/06/2025: what merged earlier is not in the sources.
"""

import csv
import datetime
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction

from places.models import Level, Locality, LocalitySuccession

Kind = LocalitySuccession.Kind

MOVED_IN_2020 = datetime.date(2020, 2, 1)
TWO_LEVELS_SINCE = datetime.date(2025, 7, 1)
ONE_DAY = datetime.timedelta(days=1)

NQ_871 = "Nghị quyết 871/NQ-UBTVQH14 ngày 10/01/2020"
NQ_1673 = "Nghị quyết 1673/NQ-UBTVQH15 ngày 16/06/2025"
NQ_202 = "Nghị quyết 202/2025/QH15"

OLD_PROVINCE, NEW_PROVINCE = "yen-bai", "lao-cai-2025"
# Code, kind and name of the nine districts, by the short form that the table of communes uses.
DISTRICTS = {
    "TPYB": ("132", "thành phố", "Yên Bái"),
    "TXNL": ("133", "thị xã", "Nghĩa Lộ"),
    "LY": ("135", "huyện", "Lục Yên"),
    "VY": ("136", "huyện", "Văn Yên"),
    "MCC": ("137", "huyện", "Mù Cang Chải"),
    "TY": ("138", "huyện", "Trấn Yên"),
    "TT": ("139", "huyện", "Trạm Tấu"),
    "VC": ("140", "huyện", "Văn Chấn"),
    "YB": ("141", "huyện", "Yên Bình"),
}
SPELLINGS = {
    "Mù Cang Chải": "Mù Căng Chải",
    "Hát Lừu": "Hát Lìu",
    "Tà Xi Láng": "Tà Si Láng",
    "Dế Xu Phình": "Dế Su Phình",
}
# Communes that came to be on 01/02/2020: (district since, name since) -> district, kind and name before.
BEFORE_2020 = {
    ("TXNL", "Phù Nham"): ("VC", "xã", "Phù Nham"),
    ("TXNL", "Sơn A"): ("VC", "xã", "Sơn A"),
    ("TXNL", "Hạnh Sơn"): ("VC", "xã", "Hạnh Sơn"),
    ("TXNL", "Phúc Sơn"): ("VC", "xã", "Phúc Sơn"),
    ("TXNL", "Thanh Lương"): ("VC", "xã", "Thanh Lương"),
    ("TXNL", "Thạch Lương"): ("VC", "xã", "Thạch Lương"),
    ("TXNL", "Nghĩa Lộ"): ("VC", "thị trấn", "Nông trường Nghĩa Lộ"),
    ("VC", "Sơn Thịnh"): ("VC", "xã", "Sơn Thịnh"),
}


@dataclass(frozen=True)
class Unit:
    """One row of Locality to be; ``parent`` is a reference, None for a province."""

    reference: str
    level: Level
    kind: str
    name: str
    parent: str | None = None
    code: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None


@dataclass(frozen=True)
class Change:
    """One row of LocalitySuccession to be; ``old`` and ``new`` are references."""

    old: str
    new: str
    kind: Kind
    on: datetime.date
    legal_basis: str


def load_reference():
    """Add what is missing of the reference places; two queries where nothing is."""
    units, changes = reference_places()
    with transaction.atomic():
        ids, added = _add_units(units)
        _add_changes(changes, ids, added)


def reference_places() -> tuple[list[Unit], list[Change]]:
    """All units, each after its parent, and what became of them."""
    communes, changes = _communes()
    until_2025 = TWO_LEVELS_SINCE - ONE_DAY
    provinces = [
        Unit(OLD_PROVINCE, Level.PROVINCE, "tỉnh", "Yên Bái", code="15", valid_to=until_2025),
        Unit(NEW_PROVINCE, Level.PROVINCE, "tỉnh", "Lào Cai", code="15", valid_from=TWO_LEVELS_SINCE),
    ]
    districts = [
        Unit(_district(short), Level.DISTRICT, kind, name, OLD_PROVINCE, code, valid_to=until_2025)
        for short, (code, kind, name) in DISTRICTS.items()
    ]
    merger = Change(OLD_PROVINCE, NEW_PROVINCE, Kind.MERGE, TWO_LEVELS_SINCE, NQ_202)
    return [*provinces, *districts, *communes], [merger, *changes]


def _communes() -> tuple[list[Unit], list[Change]]:
    """The communes of 2025, those they were made of, and those these were before 2020."""
    units, changes = [], []
    path = Path(__file__).with_name("data") / "communes_2025.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            new = Unit(
                f"{NEW_PROVINCE}/{row['code']}",
                Level.COMMUNE,
                row["kind"],
                row["name"],
                NEW_PROVINCE,
                row["code"],
                TWO_LEVELS_SINCE,
            )
            units.append(new)
            olds = list(_made_from(row["made_from"]))
            # What went on alone only came under the province.
            kind = Kind.MERGE if len(olds) > 1 else Kind.MOVE
            for old in olds:
                units.append(old)
                changes.append(Change(old.reference, new.reference, kind, TWO_LEVELS_SINCE, NQ_1673))
                units_before, changes_before = _before_2020(old)
                units += units_before
                changes += changes_before
    parent_of = {unit.reference: unit.parent for unit in units}
    made_of_districts = {(parent_of[change.old], change.new) for change in changes if change.on == TWO_LEVELS_SINCE}
    changes += [
        Change(district, commune, Kind.SPLIT, TWO_LEVELS_SINCE, NQ_1673)
        for district, commune in sorted(made_of_districts)
    ]
    return units, changes


def _made_from(text: str):
    """The old communes of "TPYB: P. Hợp Minh, Giới Phiên; TY: Minh Quân", as they were on 30/06/2025."""
    for part in text.split("; "):
        short, names = part.split(": ")
        for written in names.split(", "):
            kind, name = _read_short(written)
            reference = f"{_district(short)}/{kind}-{name}"
            until = TWO_LEVELS_SINCE - ONE_DAY
            since = MOVED_IN_2020 if (short, name) in BEFORE_2020 else None
            yield Unit(reference, Level.COMMUNE, kind, name, _district(short), "", since, until)


def _read_short(written: str) -> tuple[str, str]:
    """("phường", "Hợp Minh") for "P. Hợp Minh"; no sign before the name means xã."""
    for sign, kind, before in [
        ("P. ", "phường", ""),
        ("TT NT ", "thị trấn", "Nông trường "),
        ("TT ", "thị trấn", ""),
    ]:
        if written.startswith(sign):
            return kind, before + written.removeprefix(sign)
    return "xã", written


def _before_2020(unit: Unit) -> tuple[list[Unit], list[Change]]:
    """What ``unit`` was before 01/02/2020, and the change; two empty lists for most."""
    short = next(short for short in DISTRICTS if _district(short) == unit.parent)
    if (short, unit.name) not in BEFORE_2020:
        return [], []
    old_short, kind, name = BEFORE_2020[short, unit.name]
    old = replace(
        unit,
        reference=f"{_district(old_short)}/{kind}-{name}/2019",
        kind=kind,
        name=name,
        parent=_district(old_short),
        valid_from=None,
        valid_to=MOVED_IN_2020 - ONE_DAY,
    )
    change = Kind.RENAME if old_short == short else Kind.MOVE
    return [old], [Change(old.reference, unit.reference, change, MOVED_IN_2020, NQ_871)]


def _district(short: str) -> str:
    return f"{OLD_PROVINCE}/{DISTRICTS[short][0]}"


def _add_units(units: list[Unit]) -> tuple[dict[str, int], set[str]]:
    """The id of every reference row, after adding those that are missing, a level at a time; which were added."""
    ids = dict(Locality.objects.exclude(reference="").values_list("reference", "pk"))
    before = set(ids)
    for level in [Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]:
        missing = [unit for unit in units if unit.level == level and unit.reference not in ids]
        rows = [_row(unit, ids) for unit in missing]
        ids |= {row.reference: row.pk for row in Locality.objects.bulk_create(rows)}
    return ids, ids.keys() - before


def _row(unit: Unit, ids: dict[str, int]) -> Locality:
    row = Locality(
        reference=unit.reference,
        level=unit.level,
        kind=unit.kind,
        name=unit.name,
        parent_id=ids[unit.parent] if unit.parent else None,
        code=unit.code,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        spellings=SPELLINGS.get(unit.name, ""),
    )
    row.fill_keys()
    return row


def _add_changes(changes: list[Change], ids: dict[str, int], added: set[str]) -> None:
    """Those of units just ``added``, and of units of which nothing is told for that day.

    Of any other unit an administrator may have said otherwise: led it elsewhere, or taken one of several away.
    """
    rows = list(LocalitySuccession.objects.values_list("old", "new", "on"))
    there, told = {(old, new) for old, new, _ in rows}, {(old, on) for old, _, on in rows}
    missing = [
        change
        for change in changes
        if (ids[change.old], ids[change.new]) not in there
        and (added & {change.old, change.new} or (ids[change.old], change.on) not in told)
    ]
    LocalitySuccession.objects.bulk_create(
        LocalitySuccession(
            old_id=ids[change.old],
            new_id=ids[change.new],
            kind=change.kind,
            on=change.on,
            legal_basis=change.legal_basis,
        )
        for change in missing
    )
