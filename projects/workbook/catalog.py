"""What the words of a cell name: sources, activities, places, agencies, decisions; all looked up in memory."""

from datetime import timedelta

from funding.models import Activity, Agency, AgencyFormerName, Decision, FundingSource
from khuyencong.dates import format_day
from khuyencong.text import fold, nfc
from places.models import Level, Locality, LocalitySuccession
from places.names import best_named, read_place
from places.services import new_place
from projects.workbook.columns import OTHER_TASKS, match_key
from projects.workbook.facts import chunks

UNKNOWN_ACTIVITY = "Chưa xác định"


class Catalog:
    """Lists that an import or export reads once. What a file names and nobody knew is made through ``changes``."""

    def __init__(self, changes=None):
        self.changes = changes
        self.sources = list(FundingSource.objects.all())
        self.counterpart = next(row for row in self.sources if row.is_counterpart)
        self._sources = {match_key(text): row for row in self.sources for text in (row.name, row.code)}
        self._activities = {}
        for row in Activity.objects.order_by("is_leaf", "-position"):
            # A leaf written last wins over a content of the same name.
            self._activities |= {match_key(row.name): row, match_key(row.code): row}
        self._agencies = None
        self._decisions = {}
        self._gazetteer = None
        self._moved: dict[tuple, Locality] = {}

    def source(self, text: str) -> FundingSource:
        found = self._sources.get(match_key(text))
        if found is None:
            listed = ", ".join(row.code for row in self.sources)
            raise ValueError(f"Không có nguồn kinh phí “{text}”. Hãy ghi mã hoặc tên một trong: {listed}.")
        return found

    def activity(self, text: str | None, *, is_leaf: bool) -> Activity | None:
        """None for an empty cell and "Chưa xác định". ValueError where no (leaf) activity is called so."""
        if text is None or match_key(text) == match_key(UNKNOWN_ACTIVITY):
            return None
        key = match_key(text)
        found = self._activities.get(key) or self._activities.get(key.removeprefix("hotro"))
        if found is None:
            raise ValueError(f"Không có nội dung hoạt động “{text}”. Hãy ghi mã hoặc tên như trong danh mục.")
        if is_leaf and not found.is_leaf:
            raise ValueError(f"“{text}” là nội dung cấp trên. Hãy ghi một hoạt động cụ thể trong nội dung này.")
        return found

    def plan_activity(self, text: str | None) -> tuple[Activity | None, bool]:
        """The activity of a plan row, and whether it is money for tasks."""
        if text is not None and match_key(text) == match_key(OTHER_TASKS):
            return None, True
        return self.activity(text, is_leaf=False), False

    # --- agencies ---

    def agency(self, text: str) -> Agency:
        if self._agencies is None:
            self._agencies = {
                fold(row.name): row.agency for row in AgencyFormerName.objects.select_related("agency")
            } | {row.name_key: row for row in Agency.objects.all()}
        key = fold(text)
        if key not in self._agencies:
            self._agencies[key] = self.changes.create(Agency(name=text))
            self.changes.findings.warn(f"Đơn vị “{text}” chưa có trong danh mục nên được thêm mới.")
        return self._agencies[key]

    # --- decisions ---

    def load_decisions(self, days):
        """Know the decisions signed on these days; of two with one number, the one whose agency is not known."""
        for some in chunks(sorted(days)):
            rows = Decision.objects.filter(decided_on__in=some).order_by("-agency", "-id")
            for row in sorted(rows, key=lambda row: row.agency_id is None):
                self._decisions[fold(row.number), row.decided_on] = row

    def decision(self, number: str | None, day) -> Decision:
        """The decision of the number and day, made where nobody knew it; its agency is then not known."""
        key = (fold(number or ""), day)
        if key not in self._decisions:
            self._decisions[key] = self.changes.create(Decision(number=number or "", decided_on=day))
        return self._decisions[key]

    # --- places ---

    @property
    def gazetteer(self) -> "Gazetteer":
        if self._gazetteer is None:
            self._gazetteer = Gazetteer()
        return self._gazetteer

    def place(self, text: str, day) -> Locality:
        """The one unit of the name on the day, made where there is none. ValueError that lists several.

        A huyện and its own thị trấn or xã of one name are no two places: the huyện is meant, with a warning.
        """
        found = self.gazetteer.matching(text, day)
        wider = _wider(found)
        if wider:
            self.changes.findings.warn(f"“{text}” được hiểu là {wider.unit_name}; nếu là đơn vị khác, hãy ghi rõ cấp.")
            return wider
        if len(found) > 1:
            listed = "; ".join(unit.long_name for unit in found)
            raise ValueError(f"Có {len(found)} địa bàn tên “{text}”: {listed}. Hãy ghi thêm cấp trên sau dấu phẩy.")
        return found[0] if found else self._moved_place(text, day) or self._new_place(text, day)

    def _moved_place(self, text, day) -> Locality | None:
        """The unit that ``text`` names under its old parent, where it only moved; with a warning."""
        key = (nfc(text).lower(), day)
        if key not in self._moved:
            ended = [unit for unit in self.gazetteer.matching(text, None) if unit.pk and _has_ended(unit, day)]
            alike = self.gazetteer.matching(text.partition(",")[0], day) if ended else []
            levels = {unit.level for unit in ended}
            heirs = [unit for unit in alike if unit.level in levels]
            moves = LocalitySuccession.objects.filter(old__in=ended, kind=LocalitySuccession.Kind.MOVE)
            is_heir = len(heirs) == 1 and moves.filter(new=heirs[0]).exists()
            self._moved[key] = heirs[0] if is_heir else None
        heir = self._moved[key]
        if heir:
            self.changes.findings.warn(
                f"Địa bàn “{text}” không còn vào ngày {format_day(day)} vì đã chuyển về đơn vị khác; "
                f"được hiểu là {heir.full_name}."
            )
        return heir

    def _new_place(self, text, day):
        others = [unit for unit in self.gazetteer.matching(text, None) if unit.pk]
        above = text.partition(",")[2].strip()
        parents = self.gazetteer.matching(above, day) if above else []
        if above and not parents:
            # Else the same words would not find it again.
            parents = [self._new_place(above, day)]
        place = new_place(text=nfc(text), day=day, parent=parents[0] if len(parents) == 1 else None)
        _keep_apart(place, others, day)
        self.changes.create(place)
        self.gazetteer.add(place)
        self.changes.findings.warn(_why_new(text, day, others))
        return place


class Gazetteer:
    """All units in memory; ``matching`` as of ``Locality.objects``, without a query per name."""

    def __init__(self):
        self._by_key: dict[str, list[Locality]] = {}
        self._found: dict[tuple, list[Locality]] = {}
        self.units = {unit.pk: unit for unit in Locality.objects.order_by("sort_key", "pk")}
        for unit in self.units.values():
            unit.parent = self.units.get(unit.parent_id)
            self.add(unit)

    def add(self, unit: Locality):
        self._found.clear()
        for key in {unit.name_key, *unit.spelling_keys.strip(";").split(";")} - {""}:
            self._by_key.setdefault(key, []).append(unit)

    def matching(self, text: str, day) -> list[Locality]:
        """Units valid on ``day`` (None: on any) that ``text`` names; what follows a comma narrows."""
        key = (nfc(text).lower(), day)
        if key not in self._found:
            name, *above = [part for part in text.split(",") if part.strip()] or [""]
            found = self._named(name, day)
            for part in above:
                parents = {id(unit) for unit in self._named(part, None)}
                found = [unit for unit in found if _is_under(unit, parents)]
            self._found[key] = found
        return self._found[key]

    def shortest(self, unit: Locality, day) -> str:
        """The shortest name that ``matching`` reads as this unit alone; the longest where no name is read so."""
        texts = _texts(unit)
        return next((text for text in texts if self.matching(text, day) == [unit]), texts[-1])

    def names(self, text: str, unit: Locality, day) -> bool:
        """Whether ``text`` may be this unit: one of those it names on the day, or called so where it names none."""
        found = self.matching(text, day)
        return unit in found or (not found and nfc(text).lower() in [nfc(name).lower() for name in _texts(unit)])

    def _named(self, name, day):
        reading = read_place(name)
        called = {id(unit): unit for key in (reading.key, reading.bare_key) for unit in self._by_key.get(key, [])}
        return best_named(reading, called.values(), lambda unit: day is None or _is_valid(unit, day))


def _has_ended(unit, day) -> bool:
    return unit.valid_to is not None and unit.valid_to < day


def _keep_apart(place, others, day):
    """Leave the days of units of the very same parent, kind and name to them: no day may have two."""
    same = [
        unit for unit in others if unit.parent is place.parent and (unit.kind, unit.name) == (place.kind, place.name)
    ]
    ends = [unit.valid_to for unit in same if _has_ended(unit, day)]
    starts = [unit.valid_from for unit in same if unit.valid_from and unit.valid_from > day]
    if ends:
        place.valid_from = max(ends) + timedelta(days=1)
    if starts:
        place.valid_to = min(starts) - timedelta(days=1)


def _why_new(text, day, others) -> str:
    """Why a place was made: nobody knew it, or what is called so (``others``) ended before or began after the day."""
    ended = [unit for unit in others if _has_ended(unit, day)]
    if ended:
        unit, then = max(ended, key=lambda unit: unit.valid_to), "nay"
        told = f"đến hết {format_day(unit.valid_to)}, không còn vào ngày"
        heirs = Locality.objects.filter(came_from__old=unit)
    elif others:
        unit, then = min(others, key=lambda unit: unit.valid_from), "khi đó"
        told = f"từ {format_day(unit.valid_from)}, chưa có vào ngày"
        heirs = Locality.objects.filter(became__new=unit)
    else:
        return f"Địa bàn “{text}” chưa có trong danh mục nên được thêm mới."
    # One example is enough; of several the one that kept the name.
    found = sorted(heirs.valid_on(day).distinct(), key=lambda heir: (heir.name_key != unit.name_key, heir.sort_key))
    example = f" (ví dụ {found[0].unit_name})" if found else ""
    return (
        f"Địa bàn “{text}” có trong danh mục {told} {format_day(day)}; đã thêm một đơn vị mới. "
        f"Nếu {then} thuộc đơn vị khác{example}, hãy sửa tên."
    )


def _wider(units) -> Locality | None:
    """Of several units of one name the one that all others lie in, provinces aside; None where there is none."""
    below = [unit for unit in units if unit.level != Level.PROVINCE]
    if len(units) < 2 or not below:
        return None
    return next((unit for unit in below if all(other is unit or other.parent is unit for other in below)), None)


def _texts(unit) -> list[str]:
    """ "xã Y Can", "xã Y Can, huyện Trấn Yên", …: with ever more of the units above."""
    texts = [unit.unit_name]
    while unit.parent:
        unit = unit.parent
        texts.append(f"{texts[-1]}, {unit.unit_name}")
    return texts


def _is_valid(unit, day):
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or unit.valid_to >= day)


def _is_under(unit, parents):
    parent = unit.parent
    return parent is not None and (id(parent) in parents or (parent.parent and id(parent.parent) in parents))
