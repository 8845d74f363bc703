"""What rows approve: support, the counterpart, and what a named beneficiary takes from a group not named yet."""

from dataclasses import dataclass, field
from datetime import date

from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects.books import check_approval, least_room, total, unpaid_rest
from projects.models import Project, ProjectDecision, Step
from projects.services.approvals import refuse_stopped
from projects.workbook.facts import LineFacts
from projects.workbook.papers import correct_paper, find_paper, matching_paper
from projects.workbook.session import Item, Session
from projects.workbook.standing import amount_of, approval_papers

Kind = ProjectDecision.Kind
WORK = ("contract_number", "signed_on", "contracted_vnd", "advanced_vnd", "paid_vnd", "accepted_on")


@dataclass(frozen=True)
class Naming:
    """A beneficiary named under a group line: the decision and the named line."""

    paper: ProjectDecision
    named: LineFacts


@dataclass(eq=False)
class Approvals:
    """The approvals of the rows of one đề án."""

    session: Session
    items: list[Item]
    papers: dict[Item, ProjectDecision] = field(default_factory=dict)
    groups: dict[LineFacts, list[Naming]] = field(default_factory=dict)
    at_work: set[LineFacts] = field(default_factory=set)

    def run(self):
        """Lines without beneficiary first, so that a group has its money before it is named; then by day."""
        self.at_work = {item.facts for item in self.items if any(item[key] for key in WORK)}
        in_order = sorted(self.items, key=lambda item: (item.beneficiary is not None, item.day, item.row.number))
        for item in in_order:
            if item.row.reads("decision_number", "support_vnd"):
                self._support(item)
        by_line = {}
        for item in in_order:
            by_line.setdefault(item.facts, []).append(item)
        for rows in by_line.values():
            self._counterpart(rows)
        for group, namings in self.groups.items():
            self._leave(group, namings)

    # --- support ---

    def _support(self, item):
        if not item.facts.of(Step.APPROVED, item.source):
            self._first_support(item)
            return
        amount_vnd, taken_vnd = amount_of(item.facts, Step.APPROVED, item.source), 0
        value = item["support_vnd"]
        if value is not None:
            taken_vnd = self._taken(item, [item.source])
        is_known = value is None or value in _shown_amounts(item.facts, [item.source]) | {amount_vnd}
        paper = matching_paper(item)
        if paper is None:
            first = approval_papers(item.facts, item.source)[:1]
            is_later = not is_known and amount_vnd is not None and first and item.day > first[0].on
            paper = correct_paper(item, self.session, first[0]) if first and not is_later else None
        if not is_known:
            self._change_support(item, value, amount_vnd, taken_vnd, paper)
        self.papers[item] = paper or matching_paper(item)

    def _first_support(self, item):
        session, facts = self.session, item.facts
        if not session.allows(item, "approved_on", refuse_stopped, facts.line, item.day, book=facts.book):
            return
        group = self._group_of(item)
        paper = find_paper(item, session, Kind.GROUP_APPROVED if group else Kind.APPROVED)
        self.papers[item] = paper
        session.write(item, "approved_on", Step.APPROVED, item.source, item["support_vnd"], decision=paper)
        if group:
            if session.changes.is_new(facts.line):
                facts.line.replaces = group.line
            self.groups.setdefault(group, []).append(Naming(paper, facts))
            self._take(item, group, item.source, item["support_vnd"] or 0, paper)

    def _change_support(self, item, value, amount_vnd, taken_vnd, paper):
        session, facts = self.session, item.facts
        if amount_vnd is None:
            entries = facts.of(Step.APPROVED, item.source)
            unknown = next(entry for entry in entries if entry.amount_vnd is None)
            difference = value - sum(entry.amount_vnd or 0 for entry in entries)
            session.fill_in(item, "support_vnd", unknown, difference)
            group = self._group_of(item)
            if group:
                self._take(item, group, item.source, difference, unknown.decision or paper)
            return
        difference = value - amount_vnd - taken_vnd
        group = self._group_of(item) if difference > 0 else None
        paper = paper or find_paper(item, session, Kind.GROUP_APPROVED if group else Kind.APPROVED)
        source = item.source
        about = {"source": source.pk, "source_name": source.name, "amount_vnd": difference, "on": paper.on}
        if not session.allows(item, "approved_on", refuse_stopped, facts.line, paper.on, book=facts.book):
            return
        if not session.allows(item, "support_vnd", _check_cut, facts.book, **about):
            return
        if difference < 0:
            session.cuts.append((item, paper.on))
        session.write(item, "support_vnd", Step.APPROVED, source, difference, decision=paper)
        if group and paper.kind == Kind.GROUP_APPROVED:
            self.groups.setdefault(group, []).append(Naming(paper, facts))
            self._take(item, group, source, difference, paper)

    # --- groups ---

    def _group_of(self, item) -> LineFacts | None:
        """The line of the đề án, year and source that is not named yet, from which the row's money comes.

        A line without beneficiary at which work is being done (a fair, a class) is no group to be named. A row that
        an export wrote shows money that was taken already.
        """
        line, project = item.facts.line, item.facts.project_facts.project
        is_written = item.row.mark is not None and self.session.changes.is_new(line)
        if item.beneficiary is None or project.kind == Project.Kind.TASK or is_written:
            return None
        groups = [
            facts
            for facts in item.facts.project_facts.lines
            if facts not in self.at_work and self._is_group_for(facts, item, project)
        ]
        with_money = (facts for facts in groups if unpaid_rest(facts.book, item.source.pk, Step.APPROVED, item.day))
        return next(with_money, groups[0] if groups else None)

    def _is_group_for(self, facts, item, project):
        line = facts.line
        if line.beneficiary or line.plan_year != item.facts.line.plan_year or line.left_on:
            return False
        is_other = line.activity and item.activity and line.activity != item.activity
        if project.kind != Project.Kind.GROUP and is_other:
            return False
        approved = [entry for entry in facts.of(Step.APPROVED, item.source) if entry.on <= item.day]
        is_bare = not (facts.contract_lines or facts.acceptances or not line.has_contract)
        return bool(approved) and is_bare and not facts.book.stop_in_force(item.day)

    def _take(self, item, group, source, amount_vnd, paper):
        """Move what the group line has left of the money, and of what it requested, to the item's line."""
        free = min(amount_vnd, unpaid_rest(group.book, source.pk, Step.APPROVED, paper.on))
        if free > 0:
            self._give(item, group, Step.APPROVED, source, free, paper)
        requested = group.book.movements(source.pk, Step.REQUESTED)
        asked = min(amount_vnd, least_room(requested, [], paper.on)[0]) if requested else 0
        if asked > 0:
            self.session.write(item, "approved_on", Step.REQUESTED, source, asked, decision=paper)
            self._give(item, group, Step.REQUESTED, source, asked, paper)

    def _give(self, item, group, step, source, amount_vnd, paper):
        self.session.write(item, "approved_on", step, source, -amount_vnd, facts=group, decision=paper)

    def _leave(self, group, namings):
        """The group line leaves when its money is used up or as many as expected are named."""
        last = max(namings, key=lambda naming: naming.paper.on)
        if not (self._is_used_up(group) or _are_all_named(group.project_facts)):
            return
        item = next(item for item in self.items if item.facts is last.named)
        for source in group.sources().values():
            left_over = total(group.book.movements(source.pk, Step.APPROVED))
            if source.is_counterpart and left_over:
                # The named lines promise their own counterpart; what the group line guessed ends with it.
                self._give(item, group, Step.APPROVED, source, left_over, last.paper)
            requested = total(group.book.movements(source.pk, Step.REQUESTED))
            if requested > 0:
                self._give(item, group, Step.REQUESTED, source, requested, last.paper)
                self.session.write(item, "approved_on", Step.REQUESTED, source, requested, decision=last.paper)
        self.session.changes.update(group.line, left_on=max(last.paper.on, group.line.joined_on))

    def _is_used_up(self, group):
        sources = [source for source in group.sources().values() if not source.is_counterpart]
        counted = [source for source in sources if source.is_counted] or sources
        if any(group.book.is_unknown(source.pk, Step.APPROVED) for source in counted):
            return False
        return sum(total(group.book.movements(source.pk, Step.APPROVED)) for source in counted) <= 0

    # --- counterpart ---

    def _counterpart(self, rows):
        """Total less the support of all sources is the beneficiary's own money; unknown beside an unknown support."""
        facts, session = rows[0].facts, self.session
        if not all(row.row.reads("total_vnd", "support_vnd") for row in rows):
            return
        said = [row for row in rows if row["total_vnd"] is not None]
        agreed = [session.agrees(facts.line, "total_vnd", row["total_vnd"], row.row, "total_vnd") for row in said]
        item = (said or rows)[0]
        stated = facts.line.stated_total_vnd
        total_vnd = item["total_vnd"] if said else stated
        if not all(agreed) or total_vnd is None or self.papers.get(item) is None:
            return
        sources = [source for source in facts.sources().values() if not source.is_counterpart]
        amounts = [amount_of(facts, Step.APPROVED, source) for source in sources]
        own = facts.of(Step.APPROVED, session.catalog.counterpart)
        if None in amounts:
            if not own and total_vnd != stated:
                session.changes.update(facts.line, stated_total_vnd=total_vnd)
            return
        if own and total_vnd in _shown_amounts(facts, facts.sources().values()) and not self._has_new(facts):
            return
        self._set_counterpart(item, total_vnd, sum(amounts) + self._taken(item, sources), own)

    def _taken(self, item, sources) -> int:
        """What named lines took from the item's line (VND), which its row still shows; 0 with a beneficiary.

        A row that an export wrote shows what was left then, so only what was taken since counts.
        """
        if item.beneficiary:
            return 0
        given = [entry for entry, is_naming in _namings(item.facts, sources) if is_naming]
        if item.row.mark is not None:
            given = [entry for entry in given if self.session.changes.is_new(entry)]
        return -sum(entry.amount_vnd for entry in given)

    def _has_new(self, facts):
        return any(self.session.changes.is_new(entry) for entry in facts.entries if entry.step == Step.APPROVED)

    def _set_counterpart(self, item, total_vnd, support_vnd, own):
        session, facts, source = self.session, item.facts, self.session.catalog.counterpart
        wanted = total_vnd - support_vnd
        if wanted < 0:
            message = (
                f"Tổng kinh phí {format_vnd(total_vnd)} đồng nhỏ hơn kinh phí hỗ trợ {format_vnd(support_vnd)} đồng."
            )
            session.findings.error(item.row, "total_vnd", f"{message} Hãy kiểm tra lại hai số này.")
            return
        if facts.line.stated_total_vnd is not None:
            session.changes.update(facts.line, stated_total_vnd=None)
        is_task = facts.project_facts.project.kind == Project.Kind.TASK
        have = sum(entry.amount_vnd or 0 for entry in own)
        unknown = next((entry for entry in own if entry.amount_vnd is None), None)
        if unknown:
            session.fill_in(item, "total_vnd", unknown, wanted - have)
            return
        difference = wanted - have - self._taken(item, [source])
        if (own and not difference) or (not own and is_task and not wanted):
            return
        paper = self.papers[item]
        session.write(item, "total_vnd", Step.APPROVED, source, difference, decision=paper)
        group = next((group for group, namings in self.groups.items() if facts in [n.named for n in namings]), None)
        if group and difference > 0:
            self._take(item, group, source, difference, paper)


def tell_left_group(item: Item, session: Session):
    """An error where the row of a group line that left gives it new money: that is for the lines named from it."""
    line, value = item.facts.line, item["support_vnd"]
    if value is None or item.beneficiary or line.pk not in item.facts.project_facts.named_from():
        return
    is_later = item.day >= line.left_on and matching_paper(item) is None
    if is_later or value not in _shown_amounts(item.facts, [item.source]):
        session.findings.error(
            item.row,
            "support_vnd",
            f"Dòng nhóm này hết từ ngày {format_day(line.left_on)} vì kinh phí đã chuyển cho các cơ sở có tên. "
            "Hãy ghi phần thay đổi ở dòng của từng cơ sở, hoặc thêm dòng cho cơ sở mới.",
        )


def _check_cut(book, **about):
    """Refuses as ``check_approval`` does; its warning waits for what the rows sign (see ``Session.cuts``)."""
    check_approval(book, **about)


def _are_all_named(project_facts):
    expected = project_facts.latest_change("beneficiaries_expected").beneficiaries_expected
    named = [
        facts
        for facts in project_facts.lines
        if facts.line.beneficiary and not facts.line.left_on and not facts.book.stop_in_force(date.max)
    ]
    return bool(expected) and len(named) >= expected


def _namings(facts, sources) -> list[list]:
    """Runs of the line's approvals on paper: [entry, whether it gave money to a line that was named], in order."""
    entries = [entry for source in sources for entry in facts.of(Step.APPROVED, source)]
    entries.sort(key=lambda entry: (entry.on, entry.pk or 10**15))
    named = [
        each for each in facts.project_facts.lines if each.line.replaces_id and each.line.replaces_id == facts.line.pk
    ]
    papers = {id(entry.decision) for each in named for entry in each.entries if entry.decision_id}
    return [
        [entry, (entry.amount_vnd or 0) < 0 and _is_naming(entry.decision, papers)]
        for entry in entries
        if entry.amount_vnd is not None
    ]


def _is_naming(decision, papers):
    return decision is not None and (decision.kind == Kind.GROUP_APPROVED or id(decision) in papers)


def _shown_amounts(facts, sources) -> set[int]:
    """The sums that a file may show of the line: before each naming, and now.

    The list that the office keeps goes on showing what was approved for the group; that is no change.
    """
    if facts.line.beneficiary:
        sums = [amount_of(facts, Step.APPROVED, source) for source in sources]
        return set() if None in sums else {sum(sums)}
    running, shown = 0, set()
    for entry, is_naming in _namings(facts, list(sources)):
        if is_naming:
            shown.add(running)
        running += entry.amount_vnd
    return shown | {running}


def amounts_before(item: Item, key) -> set[int]:
    """Sums that a row of a group may still show after beneficiaries were named from it; empty for other cells."""
    if item.beneficiary or key not in ("support_vnd", "total_vnd"):
        return set()
    sources = [item.source] if key == "support_vnd" else item.facts.sources().values()
    return _shown_amounts(item.facts, sources)
