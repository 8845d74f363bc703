"""What every step of an import shares: the lists, the collected writes, the findings, and who said what first."""

from dataclasses import dataclass, field
from datetime import date

from funding.models import Activity, FundingSource
from khuyencong.errors import NotAllowed
from khuyencong.text import nfc
from projects.models import PAPERS, Beneficiary, LedgerEntry, Step
from projects.workbook.catalog import Catalog
from projects.workbook.changes import Changes
from projects.workbook.columns import shown
from projects.workbook.facts import LineFacts, ProjectFacts
from projects.workbook.findings import Findings, Row


@dataclass(eq=False)
class Item:
    """A row of the sheet of đề án with what its words name, and the line it belongs to.

    ``now`` is what the line shows of this source before the import. ``has_left``: its line left, so it says nothing.
    """

    row: Row
    source: FundingSource
    activity: Activity | None
    beneficiary: Beneficiary | None = None
    facts: LineFacts | None = None
    now: dict = field(default_factory=dict)
    has_left: bool = False

    def __getitem__(self, key):
        return self.row[key]

    @property
    def day(self) -> date:
        return self.row["approved_on"]


@dataclass(eq=False)
class Session:
    catalog: Catalog
    changes: Changes
    findings: Findings
    exported_at: str = ""
    projects: dict[str, ProjectFacts] = field(default_factory=dict)
    # (source, year) -> rows in file order -> movements of approved money that the row brings about.
    approvals: dict = field(default_factory=dict)
    # Rows that moved a day in place, with the cell and the line: the rules of order are asked again for it.
    moved: list = field(default_factory=list)
    # Contracts whose day of signing was mended: the day before, the new one, the row that says so.
    resigned: dict = field(default_factory=dict)
    # Cuts of approved money, by row and day: judged once contracts are in, which may be cut by the same row.
    cuts: list = field(default_factory=list)
    touched: set = field(default_factory=set)
    # Lines to which the file approves counted money: the last row and day that do, and the sources.
    raised: dict[LineFacts, tuple] = field(default_factory=dict)
    # Counted money that decisions approve to lines, each held against its norm: (line, id()) -> (decision, sources).
    granted: dict[tuple, tuple] = field(default_factory=dict)
    _said: dict = field(default_factory=dict)

    def agrees(self, thing, name, value, row, key, *, only_warns=False) -> bool:
        """Whether no earlier row of the file said something else of this field; else the later cell is at fault."""
        first_value, first = self._said.setdefault((id(thing), name), (value, row))
        if first_value == value:
            return True
        message = f"Khác với dòng {first.number} ({first.texts.get(key) or shown(first_value)})."
        if only_warns:
            self.findings.warn(
                f"{first.headings[key]} “{row.texts[key]}”: {message} Lấy theo dòng {first.number}.", row
            )
        else:
            self.findings.error(row, key, f"{message} Hãy ghi giống nhau.")
        return False

    def correct(self, thing, name, value, row, key, *, on=None, only_warns=False) -> bool:
        """Set a field from a cell: an empty one says nothing, a changed one corrects in place. True if it changed.

        ``on``: the day of the fact, where a closed period guards it.
        """
        if value is None or not self.agrees(thing, name, value, row, key, only_warns=only_warns):
            return False
        if is_same(getattr(thing, name), value):
            return False
        if on and not self.changes.is_new(thing) and not self.changes.guard(row, key, on, changing=True):
            return False
        self.changes.update(thing, **{name: value})
        return True

    def write(self, item: Item, key, step, source, amount_vnd, *, facts=None, **paper) -> LedgerEntry | None:
        """An entry of the item's line (or of ``facts``) resting on the one ``paper``; None in a period that refuses."""
        ((name, document),) = paper.items()
        on = getattr(document, PAPERS[name])
        if not self.changes.guard(item.row, key, on):
            return None
        facts = facts or item.facts
        entry = LedgerEntry(line=facts.line, source=source, step=step, amount_vnd=amount_vnd, on=on, **paper)
        self.changes.create(entry)
        facts.add(entry)
        self.touch(facts)
        if step == Step.APPROVED and amount_vnd:
            self.raise_approved(item, facts, source, on, amount_vnd)
            self.note_raise(item, facts, entry, amount_vnd)
        return entry

    def fill_in(self, item: Item, key, entry: LedgerEntry, amount_vnd: int):
        """The amount of an entry whose amount nobody knew."""
        if self.changes.guard(item.row, key, entry.on, changing=True):
            self.changes.update(entry, amount_vnd=amount_vnd)
            item.facts.rebuild()
            self.touch(item.facts)
            if entry.step == Step.APPROVED:
                self.raise_approved(item, item.facts, entry.source, entry.on, amount_vnd)
                self.note_raise(item, item.facts, entry, amount_vnd)

    def raise_approved(self, item: Item, facts: LineFacts, source, on, amount_vnd):
        if source.is_counted:
            rows = self.approvals.setdefault((source, facts.line.plan_year), {})
            rows.setdefault(item.row, []).append((on, amount_vnd))

    def note_raise(self, item: Item, facts: LineFacts, entry: LedgerEntry, amount_vnd):
        source, on = entry.source, entry.on
        if source.is_counted and amount_vnd > 0:
            _, day, sources = self.raised.get(facts, (item, on, ()))
            self.raised[facts] = (item, max(day, on), (*(each for each in sources if each != source), source))
            if entry.decision:
                # By its id(): a decision that is not saved yet cannot be a key.
                self.granted.setdefault((facts, id(entry.decision)), (entry.decision, []))[1].append(source)

    def touch(self, facts: LineFacts):
        """Something of the line is written: it counts as updated."""
        self.touched.add(facts)
        if not self.changes.is_new(facts.line):
            self.changes.update(facts.line)

    def allows(self, item: Item, key, check, *args, **named) -> bool:
        """Whether a rule of ``projects.books`` lets it pass; else its reason stands at the cell."""
        try:
            warning = check(*args, **named)
        except NotAllowed as refusal:
            self.findings.error(item.row, key, refusal.message)
            return False
        if isinstance(warning, str):
            self.findings.warn(warning, item.row)
        return True


def is_same(stored, value) -> bool:
    """Whether a cell says what is stored already; blanks and composition of text do not matter."""
    if isinstance(stored, str) and isinstance(value, str):
        return nfc(stored) == nfc(value)
    return stored == value
