"""Whole books before and after a correction: what it breaks, and nothing that was broken before. Pure.

Each rule tells by how much (VND, or a number of rows) it is broken on a day. A correction is measured against the same
day before it: an imported line whose sums never fitted can still be mended in everything else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects.books import NET_PAID, PROMISES, TURNED_AWAY, LineBook, Movement, Origin, total
from projects.models import ProjectDecision, Step

Kind = ProjectDecision.Kind
OUT = (Step.ADVANCED, Step.PAID)


@dataclass
class WholeBook:
    """A line's book and its days outside the ledger. ``settled_on``: with the beneficiary."""

    book: LineBook
    accepted_on: list[date] = field(default_factory=list)
    settled_on: list[date] = field(default_factory=list)
    left_on: date | None = None

    def days(self) -> set[date]:
        book = self.book
        days = {row.on for row in book.rows} | {turn.on for turn in book.turns}
        return days | {*book.signed_on, *self.accepted_on, *self.settled_on}

    def limit_name(self) -> str:
        return "số đã ký" if self.book.has_contract else "kinh phí được duyệt"


@dataclass(frozen=True)
class Fault:
    """``excess``: VND, or a number of rows; ``source``: id, None where the rule knows none."""

    key: str
    source: int | None
    on: date
    excess: int
    text: str

    def sentence(self, source_name: str, limit: str) -> str:
        return self.text.format(vnd=format_vnd(self.excess), source=source_name, day=format_day(self.on), limit=limit)


@dataclass(frozen=True)
class Rule:
    key: str
    text: str
    excess: Callable[[WholeBook, int | None, date], int]
    by_source: bool = True
    only_warns: bool = False


# --- sums: by how many đồng one is beyond another on a day ---


def _below_zero(*steps):
    def excess(whole, source, day):
        book = whole.book
        if any(book.is_unknown(source, step) for step in steps):
            return 0
        return max(0, -total(book.movements(source, *steps), day))

    return excess


def _signed_beyond_approved(whole, source, day):
    """Also as it was when a stop of the day began: by the evening the stop has levelled both."""
    book = whole.book
    if book.is_unknown(source, Step.APPROVED):
        return 0
    found = [_beyond(book, source, day)]
    if any(turn.kind == Kind.STOPPED and turn.on == day for turn in book.turns):
        before = [row for row in book.rows if row.origin is Origin.PAPER or row.on < day]
        found.append(_beyond(replace(book, rows=before), source, day))
    return max(0, *found)


def _beyond(book, source, day):
    approved, signed = (total(book.movements(source, step), day) for step in PROMISES)
    return signed - approved


def _paid_beyond_limit(whole, source, day):
    book = whole.book
    step = book.limit_of_payments(source)
    if step is None:
        return 0
    return max(0, total(book.net_paid(source), day) - total(book.movements(source, step), day))


def _paid_before_signing(whole, source, day):
    book = whole.book
    if not book.has_contract or any(on <= day for on in book.signed_on):
        return 0
    return max(0, total(book.net_paid(source), day))


def _done_beyond_limit(step):
    def excess(whole, source, day):
        book = whole.book
        limit = Step.CONTRACTED if book.has_contract else Step.APPROVED
        if book.is_unknown(source, limit):
            return 0
        return max(0, total(book.movements(source, step), day) - total(book.movements(source, limit), day))

    return excess


# --- order: how many rows stand on a day on which they may not ---


def _after_stop(*steps):
    def excess(whole, source, day):
        return len(_entered(whole, source, day, steps)) if whole.book.stop_before(day) else 0

    return excess


def _promised_after_leaving(whole, source, day):
    if whole.left_on is None or day <= whole.left_on:
        return 0
    return len([row for row in _entered(whole, source, day, PROMISES) if (row.amount_vnd or 0) > 0])


def _paid_after_leaving(whole, source, day):
    """What was paid until then stayed on the line; the rest went to the one that took over."""
    is_gone = whole.left_on is not None and day > whole.left_on
    return len(_entered(whole, source, day, OUT)) if is_gone else 0


def _entered(whole, source, day, steps):
    """Rows of the day that people entered; a counter-row may stand on any day."""
    return [
        row
        for row in whole.book.rows
        if row.source == source
        and row.step in steps
        and row.on == day
        and row.origin is Origin.PAPER
        and row.correction_id is None
        and row.amount_vnd != 0
    ]


def _done_before_signing(days_of):
    def excess(whole, source, day):
        book = whole.book
        if not book.has_contract or any(on <= day for on in book.signed_on):
            return 0
        return days_of(whole).count(day)

    return excess


def _turned_away_while_stopped(whole, source, day):
    """A return or refusal would end the stop, and its money stay taken."""
    turns = whole.book.ordered_turns()
    pairs = zip(turns, turns[1:], strict=False)
    return sum(
        later.on == day and earlier.kind == Kind.STOPPED and later.kind in TURNED_AWAY for earlier, later in pairs
    )


# What came in a wrong order is told before the sums it spoils.
RULES = (
    Rule(
        "accepted_unsigned",
        "nghiệm thu ngày {day} đứng trước khi có hợp đồng. Hãy sửa ngày nghiệm thu hoặc ngày ký hợp đồng trước",
        _done_before_signing(lambda whole: whole.accepted_on),
        by_source=False,
    ),
    Rule(
        "settled_unsigned",
        "quyết toán ngày {day} đứng trước khi có hợp đồng. Hãy sửa ngày quyết toán hoặc ngày ký hợp đồng trước",
        _done_before_signing(lambda whole: whole.settled_on),
        by_source=False,
    ),
    Rule(
        "turned_away",
        "quyết định không phê duyệt hoặc trả hồ sơ ngày {day} rơi vào lúc ngừng triển khai. "
        "Hãy sửa ngày của một trong hai quyết định",
        _turned_away_while_stopped,
        by_source=False,
    ),
    Rule(
        "paid_stopped",
        "ngày {day} còn khoản chi từ {source} trong lúc ngừng triển khai. "
        "Hãy sửa ngày chi hoặc ngày của quyết định ngừng, tiếp tục trước",
        _after_stop(*OUT),
    ),
    Rule(
        "promised_stopped",
        "ngày {day} còn phê duyệt hoặc ký kinh phí từ {source} trong lúc ngừng triển khai. "
        "Hãy sửa việc đó hoặc ngày của quyết định ngừng, tiếp tục trước",
        _after_stop(*PROMISES),
    ),
    Rule(
        "promised_left",
        "ngày {day} còn phê duyệt hoặc ký kinh phí từ {source} sau khi dòng này đã rời đề án. "
        "Hãy ghi cho dòng thay thế",
        _promised_after_leaving,
    ),
    Rule(
        "paid_left",
        "ngày {day} còn khoản chi từ {source} sau khi dòng này đã rời đề án. Hãy sửa ngày chi hoặc ngày rời trước",
        _paid_after_leaving,
    ),
    Rule(
        "paid_unsigned",
        "ngày {day} đã chi {vnd} đồng từ {source} khi chưa có hợp đồng. Hãy sửa lần chi hoặc ngày ký hợp đồng trước",
        _paid_before_signing,
    ),
    Rule(
        "requested",
        "kinh phí đề nghị từ {source} âm {vnd} đồng vào ngày {day}. Hãy sửa lần giảm đề nghị trước",
        _below_zero(Step.REQUESTED),
    ),
    Rule(
        "recovered",
        "số thu hồi về {source} vượt số đã chi {vnd} đồng vào ngày {day}. Hãy sửa lần thu hồi trước",
        _below_zero(*NET_PAID),
    ),
    Rule(
        "approved",
        "kinh phí được duyệt từ {source} âm {vnd} đồng vào ngày {day}. Hãy sửa quyết định giảm kinh phí trước",
        _below_zero(Step.APPROVED),
    ),
    Rule(
        "contracted",
        "số đã ký từ {source} âm {vnd} đồng vào ngày {day}. Hãy sửa phụ lục hoặc quyết định giảm số đã ký trước",
        _below_zero(Step.CONTRACTED),
    ),
    Rule(
        "signed",
        "số đã ký từ {source} vượt kinh phí được duyệt {vnd} đồng vào ngày {day}. "
        "Hãy sửa quyết định phê duyệt hoặc hợp đồng, phụ lục trước",
        _signed_beyond_approved,
    ),
    Rule(
        "paid",
        "số đã chi từ {source} vượt {limit} {vnd} đồng vào ngày {day}. Hãy sửa {limit} hoặc lần chi, thu hồi trước",
        _paid_beyond_limit,
    ),
    Rule(
        "accepted",
        "kinh phí nghiệm thu từ {source} vượt {limit} {vnd} đồng vào ngày {day}. Hãy kiểm tra lại số tiền",
        _done_beyond_limit(Step.ACCEPTED),
        only_warns=True,
    ),
    Rule(
        "settled",
        "kinh phí quyết toán từ {source} vượt {limit} {vnd} đồng vào ngày {day}. Hãy kiểm tra lại số tiền",
        _done_beyond_limit(Step.SETTLED),
        only_warns=True,
    ),
)

WARNS_AFTER_A_CUT = {"signed", "paid"}
"""A decision or annex that cuts below what was signed or paid is a fact: the rest is to be mended or recovered."""


def new_faults(before: WholeBook, after: WholeBook) -> list[tuple[Rule, Fault]]:
    """The worst day of each rule and source that is broken after and was less so, or not, before."""
    days = sorted(before.days() | after.days())
    sources = sorted({*before.book.sources(), *after.book.sources()})
    found = []
    for rule in RULES:
        for source in sources if rule.by_source else [None]:
            broken = [
                (excess, day)
                for day in days
                if (excess := rule.excess(after, source, day)) > 0 and excess > rule.excess(before, source, day)
            ]
            if broken:
                excess, day = max(broken, key=lambda pair: (pair[0], -pair[1].toordinal()))
                found.append((rule, Fault(rule.key, source, day, excess, rule.text)))
    return found


@dataclass(frozen=True)
class YearBook:
    """Plan and approvals of one counted source in one year, by day."""

    plan: list[Movement]
    approved: list[Movement]

    def excess(self, day: date) -> int:
        """By how much more is approved than planned; 0 where no plan stands yet."""
        if not any(on <= day for on, _ in self.plan):
            return 0
        return max(0, total(self.approved, day) - total(self.plan, day))

    def days(self) -> set[date]:
        return {on for on, _ in [*self.plan, *self.approved]}


def newly_overcommitted(before: YearBook, after: YearBook) -> tuple[int, date] | None:
    """(VND, day) of the worst day on which approvals exceed the plan by more than they did before; else None."""
    days = before.days() | after.days()
    broken = [(after.excess(day), day) for day in days if after.excess(day) > before.excess(day)]
    return max(broken, key=lambda pair: (pair[0], -pair[1].toordinal()), default=None)


@dataclass(frozen=True)
class TurnOfLines:
    """A stop or resumption and its lines: it must find at least one of them the other way round."""

    decision_id: int
    kind: str
    on: date
    lines: tuple[int, ...]


def idle_turns(turns: list[TurnOfLines], books: dict[int, LineBook]) -> dict[int, TurnOfLines]:
    """By decision id: stops of what is stopped already, resumptions of what is not."""
    return {turn.decision_id: turn for turn in turns if turn.lines and _is_idle(turn, books)}


def _is_idle(turn, books):
    states = [_is_stopped_before(books[line], turn) for line in turn.lines]
    return all(states) if turn.kind == Kind.STOPPED else not any(states)


def _is_stopped_before(book, turn):
    earlier = [each for each in book.ordered_turns() if (each.on, each.decision_id) < (turn.on, turn.decision_id)]
    return bool(earlier) and earlier[-1].kind == Kind.STOPPED
