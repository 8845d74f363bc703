"""Rows to lines: which row speaks of which line of which đề án, and which lines are new."""

from collections import defaultdict

from projects.models import Project, ProjectLine
from projects.workbook.columns import PROJECT_COLUMNS, shown
from projects.workbook.facts import LineFacts, ProjectFacts, facts_of_codes
from projects.workbook.parties import Parties
from projects.workbook.session import Item, Session
from projects.workbook.standing import approval_papers, standing

# A row in which one of these cannot be read belongs to no line; the name and kind of a đề án tell of no line.
KEY_CELLS = [column.key for column in PROJECT_COLUMNS if column.is_required and column.key not in ("name", "kind")]
KEY_CELLS += ["activity", "beneficiary", "tax_code"]
TELLING = ("place", "equipment", "support_vnd", "contract_number", "approved_on", "note")


def read_items(rows, session: Session) -> list[Item]:
    """The rows whose words name something known; the others have their error."""
    items = []
    for row in rows:
        source = _look_up(row, "source", session, session.catalog.source)
        activity = _look_up(row, "activity", session, lambda text: session.catalog.activity(text, is_leaf=True))
        if source and source.is_counterpart:
            session.findings.error(
                row, "source", "Vốn đối ứng không ghi thành dòng riêng. Hãy ghi vào cột Tổng kinh phí của dòng hỗ trợ."
            )
            row.unreadable.add("source")
        _check_beneficiary_cells(row, session)
        if row.reads(*KEY_CELLS):
            items.append(Item(row, source, activity))
    return items


def _look_up(row, key, session, find):
    if row[key] is None or key in row.unreadable:
        return None
    try:
        return find(row[key])
    except ValueError as error:
        row.unreadable.add(key)
        session.findings.error(row, key, str(error))


def _check_beneficiary_cells(row, session):
    if row["beneficiary"] is None and row["tax_code"] is not None and row.reads("beneficiary"):
        row.unreadable.add("beneficiary")
        session.findings.error(row, "beneficiary", "Có mã số nhưng chưa ghi tên cơ sở thụ hưởng.")


def match(items: list[Item], session: Session):
    """Give every item its beneficiary, its đề án and its line, made where nobody knew them."""
    named = [item for item in items if item["beneficiary"]]
    Parties(named, session.changes, session.findings).resolve(named)
    items[:] = [item for item in items if item.row.reads("beneficiary", "tax_code")]
    codes = {item["code"] for item in items}
    session.projects = facts_of_codes(codes)
    know_places(session.projects.values(), session.catalog)
    for item in items:
        if item["code"] not in session.projects:
            session.projects[item["code"]] = ProjectFacts(session.changes.create(Project(code=item["code"])))
    groups = defaultdict(list)
    for item in items:
        groups[item["code"], item["plan_year"], id(item.beneficiary)].append(item)
    for (code, year, _), group in groups.items():
        _Assignment(session, session.projects[code], year, group).run()
    items[:] = [item for item in items if item.facts]


def know_places(projects, catalog):
    """Give the lines their units from memory, so that their names ask no more."""
    for project_facts in projects:
        for facts in project_facts.lines:
            if facts.line.locality_id:
                facts.line.locality = catalog.gazetteer.units[facts.line.locality_id]


def _is_other(first, second) -> bool:
    """Whether two activities are known and differ."""
    return bool(first and second and first != second)


class _Assignment:
    """Rows of one đề án, year and beneficiary (or of none) on their lines."""

    def __init__(self, session, project_facts, year, items):
        self.session, self.project_facts, self.year, self.items = session, project_facts, year, items
        self.beneficiary = items[0].beneficiary
        same = [
            facts
            for facts in project_facts.lines
            if facts.line.plan_year == year and facts.line.beneficiary == self.beneficiary
        ]
        self.active = [facts for facts in same if facts.line.left_on is None]
        self.left = [facts for facts in same if facts.line.left_on is not None]
        sources = [item.source.pk for item in items]
        # The activity tells lines apart only where the rest of the key does not.
        self.by_activity = len(set(sources)) < len(sources) or len(self.active) > 1
        self.used: dict[tuple, Item] = {}
        self.new: dict = {}

    def run(self):
        for item in self.items:
            self._put(item, self._best(item, self.active))
        for item in self.items:
            if item.facts is None:
                self._put(item, self._left_line(item))
        for item in self.items:
            if item.facts is None:
                self._put_on_line(item)

    def _put(self, item, facts):
        if facts is None:
            return
        item.facts, item.has_left = facts, facts.line.left_on is not None
        facts.line.beneficiary = item.beneficiary
        self.used[id(facts), item.source.pk] = item

    def _suits(self, facts, item):
        own = facts.line.activity
        if not self.by_activity:
            return True
        return own == item.activity or (own is None and not self._is_claimed(facts)) or item.activity is None

    def _is_claimed(self, facts):
        return any(used is facts for used in (item.facts for item in self.items))

    def _best(self, item, lines):
        """The line that shows this source already; of several the one most like the row."""
        options = [
            facts
            for facts in lines
            if item.source.pk in facts.sources()
            and (id(facts), item.source.pk) not in self.used
            and self._suits(facts, item)
        ]
        if len(options) < 2:
            return options[0] if options else None
        return max(options, key=lambda facts: self._likeness(facts, item))

    def _likeness(self, facts, item):
        now = standing(facts, item.source, self.session.catalog.gazetteer)
        alike = sum(shown(now.get(key)) == shown(item[key]) for key in TELLING)
        return (facts.line.activity == item.activity, alike)

    def _left_line(self, item):
        """A line that left, as the row knew it before; a row of a later approval is a new line."""
        options = [
            facts
            for facts in self.left
            if item.day < facts.line.left_on
            or any(paper.on == item.day for paper in approval_papers(facts, item.source))
        ]
        return self._best(item, options) or self._named_group(item)

    def _named_group(self, item):
        """The unnamed line whose beneficiaries are named by now: its row goes on meaning it, whatever its day."""
        if item.beneficiary or self.active:
            return None
        groups = [facts for facts in self.left if facts.line.pk in self.project_facts.named_from()]
        return self._best(item, [facts for facts in groups if not _is_other(facts.line.activity, item.activity)])

    def _put_on_line(self, item):
        """A source that is new to a line, or a new line."""
        source = item.source.pk
        key = item.activity if self.by_activity else None
        siblings = [other.facts for other in self.items if other.facts and not other.has_left]
        for facts in [*siblings, *self.active]:
            if self._suits(facts, item) and (not self.by_activity or facts.line.activity == item.activity):
                taken = self.used.get((id(facts), source))
                if taken:
                    return self._refuse_twin(item, taken)
                if source not in facts.sources():
                    return self._put(item, facts)
        if key not in self.new:
            self.new[key] = self._new_line(item)
        return self._put(item, self.new[key])

    def _refuse_twin(self, item, first):
        key = "beneficiary" if item.beneficiary else "code"
        self.session.findings.error(
            item.row,
            key,
            f"Trùng với dòng {first.row.number}: cùng đề án, năm kế hoạch, cơ sở thụ hưởng, nguồn kinh phí"
            f"{' và nội dung hoạt động' if self.by_activity else ''}. Hãy gộp hai dòng hoặc sửa một dòng.",
        )

    def _new_line(self, item):
        line = ProjectLine(
            project=self.project_facts.project,
            plan_year=self.year,
            activity=item.activity,
            beneficiary=self.beneficiary,
            joined_on=item.day,
        )
        self.session.changes.create(line)
        return LineFacts(line, self.project_facts)
