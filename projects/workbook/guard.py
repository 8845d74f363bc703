"""What must hold of the whole once all rows are in: plans over approvals, and the order of days that were mended."""

from collections import defaultdict
from dataclasses import replace

from django.db.models import Sum

from funding.models import PlanLine
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.books import (
    LineBook,
    check_acceptance,
    check_payment,
    check_plan,
    check_signing,
    least_room,
    plan_room,
)
from projects.models import LedgerEntry, ProjectLine, Step
from projects.workbook.contracts import redate_signing
from projects.workbook.facts import LineFacts, chunks, facts_of_codes
from projects.workbook.session import Session


class PlanGuard:
    """Approved ≤ assigned on every day, for the sources and years in which the file raises one or lowers the other.

    Rows are tried in their order, so that those are at fault that no longer fit, and no others. ``hidden``: sources
    and years whose plan could not be read.
    """

    def __init__(self, session: Session, plan_moves: dict, *, hidden: set[tuple], left_out: set[str]):
        self.session, self.plan_moves, self.left_out = session, plan_moves, left_out
        pairs = (session.approvals.keys() | plan_moves.keys()) - hidden
        self.pairs = sorted(pairs, key=lambda pair: (pair[1], pair[0].pk))

    def run(self):
        years = {year for _, year in self.pairs}
        self._plans, self._approved = defaultdict(list), defaultdict(list)
        plans = PlanLine.objects.assigned().filter(year__in=years)
        for source, year, on, amount_vnd in plans.values_list("source", "year", "decision__decided_on", "amount_vnd"):
            self._plans[source, year].append((on, amount_vnd))
        entries = LedgerEntry.objects.of(Step.APPROVED).counted().filter(line__plan_year__in=years).order_by()
        sums = entries.values("source", "line__plan_year", "on").annotate(sum_vnd=Sum("amount_vnd"))
        for row in sums.exclude(sum_vnd=None):
            self._approved[row["source"], row["line__plan_year"]].append((row["on"], row["sum_vnd"]))
        for source, year in self.pairs:
            self._check(source, year)

    def _check(self, source, year):
        plan = self._plans[source.pk, year]
        approved = self._approved[source.pk, year]
        raising = []
        for row, moves in self.session.approvals.get((source, year), {}).items():
            days = _by_day(moves)
            if row["code"] in self.left_out:
                continue
            if _ever_positive(days):
                raising.append((row, days))
            else:
                approved += days.items()
        self._try_plans(source, year, plan, approved)
        for row, days in sorted(raising, key=lambda pair: pair[0].number):
            self._try_approval(row, days, source, year, plan, approved)

    def _try_plans(self, source, year, plan, approved):
        moves = self.plan_moves.get((source, year), {})
        lowering = {row: each for row, each in moves.items() if any(amount < 0 for _, amount in each)}
        for row, each in moves.items():
            if row not in lowering:
                plan += each
        self._warn_small_plan(source, year, plan, approved, moves.keys() - lowering.keys())
        for row, each in lowering.items():
            fault = _fault_of_plan([*plan, *each], approved, min(on for on, _ in each), source, year)
            if fault:
                self.session.findings.error(row, "amount_vnd", fault)
            else:
                plan += each

    def _warn_small_plan(self, source, year, plan, approved, rows):
        """A first plan that covers less than is approved already is a fact and is kept."""
        found = plan_room(plan, approved, min(on for on, _ in plan)) if rows and plan else None
        if found and found[0] < 0:
            self.session.findings.warn(
                f"Kinh phí đã phê duyệt năm {year} của {source.name} vượt kế hoạch {format_vnd(-found[0])} đồng "
                f"vào ngày {format_day(found[1])}."
            )

    def _try_approval(self, row, days, source, year, plan, approved):
        rises = {on: amount for on, amount in days.items() if amount > 0}
        others = [(on, amount) for on, amount in days.items() if amount < 0]
        entered = [*approved, *others]
        for on, amount_vnd in sorted(rises.items()):
            about = {"source_name": source.name, "year": year, "amount_vnd": amount_vnd, "on": on}
            try:
                warning = check_plan(plan, entered, **about)
            except NotAllowed as refusal:
                self.session.findings.error(row, "support_vnd", refusal.message)
                return
            if warning:
                self.session.findings.warn(warning)
            entered.append((on, amount_vnd))
        approved[:] = entered


def _fault_of_plan(plan, approved, since, source, year) -> str | None:
    """Why a plan may not become so from ``since`` on; None where it may."""
    least, day = least_room(plan, [], since)
    if least < 0:
        return (
            f"Kế hoạch năm {year} của {source.name} sẽ âm {format_vnd(-least)} đồng vào ngày {format_day(day)}. "
            "Hãy kiểm tra lại số tiền, hoặc nhập quyết định giao trước."
        )
    room, day = plan_room(plan, approved, since)
    if room < 0:
        return (
            f"Kế hoạch năm {year} của {source.name} sẽ thấp hơn kinh phí đã phê duyệt {format_vnd(-room)} đồng "
            f"vào ngày {format_day(day)}. Hãy giảm phê duyệt của các đề án trước."
        )
    return None


def _by_day(moves):
    days = defaultdict(int)
    for on, amount_vnd in moves:
        days[on] += amount_vnd
    return {on: amount_vnd for on, amount_vnd in days.items() if amount_vnd}


def _ever_positive(days):
    running = 0
    for on in sorted(days):
        running += days[on]
        if running > 0:
            return True
    return False


def check_moved(session: Session):
    """Where a day was mended in place, ask the rules of order again, for the line's whole book."""
    for item, key, facts in session.moved:
        if not any(error["row"] == item.row.number for error in session.findings.errors):
            session.allows(item, key, check_order, facts)
    for contract, (_, day, item) in session.resigned.items():
        is_told = item["liquidated_on"] or not item.row.reads("liquidated_on")
        if contract.liquidated_on and contract.liquidated_on < day and not is_told:
            signed, liquidated = format_day(day), format_day(contract.liquidated_on)
            message = f"Ngày ký hợp đồng {signed} sau ngày thanh lý {liquidated}. Hãy kiểm tra lại hai ngày này."
            session.findings.error(item.row, "signed_on", message)


def check_order(facts: LineFacts):
    """Enter what was signed and paid anew, by its days. Raises NotAllowed at the first entry that no longer fits.

    What stops and recoveries took is left out: every trial derives it again. Cuts, recoveries and counter-rows stand
    from the start, or a later cut of both approved and signed money would seem to come too late; but a cut of approved
    money alone may leave less than was signed or paid before it, with a warning, and refuses nothing of that.
    """
    rises, given = [], []
    for entry, row in facts.paper_rows():
        signs_or_pays = row.step in (Step.CONTRACTED, Step.ADVANCED, Step.PAID)
        is_rise = signs_or_pays and (row.amount_vnd or 0) > 0 and entry.correction_id is None
        (rises if is_rise else given).append((entry, row))
    book = facts.book
    replayed = LineBook(book.has_contract, [row for _, row in given], list(book.turns), list(book.signed_on))
    for entry, row in sorted(rises, key=lambda rise: (rise[1].step != Step.CONTRACTED, rise[1].on)):
        check = check_signing if row.step == Step.CONTRACTED else check_payment
        check(
            _before_cuts(replayed, row.on),
            source=row.source,
            source_name=entry.source.name,
            amount_vnd=row.amount_vnd,
            on=row.on,
        )
        replayed.rows.append(row)
    for acceptance in facts.acceptances:
        check_acceptance(replayed, on=acceptance.accepted_on)


def _before_cuts(book: LineBook, day) -> LineBook:
    """The book without later decisions that lower what is approved."""
    rows = [row for row in book.rows if not (row.step == Step.APPROVED and row.on > day and (row.amount_vnd or 0) < 0)]
    return replace(book, rows=rows)


def redate_elsewhere(session: Session):
    """A mended day of signing reaches lines of other đề án under the same contract, and must fit their order too."""
    resigned = {contract.pk: each for contract, each in session.resigned.items() if contract.pk}
    codes = set()
    for some in chunks(resigned):
        under = ProjectLine.objects.filter(contract_lines__contract__in=some)
        codes |= set(under.values_list("project__code", flat=True))
    for project_facts in facts_of_codes(codes - session.projects.keys()).values():
        for facts in project_facts.lines:
            for contract in [row for row in facts.contracts() if row.pk in resigned]:
                before, day, item = resigned[contract.pk]
                if redate_signing(facts, contract, before, day, session):
                    session.allows(item, "signed_on", _check_order_elsewhere, facts)


def _check_order_elsewhere(facts):
    try:
        check_order(facts)
    except NotAllowed as refusal:
        code = facts.project_facts.project.code
        raise NotAllowed(f"Hợp đồng này còn gồm đề án {code}. {refusal.message}") from refusal
