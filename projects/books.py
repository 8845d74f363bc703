"""The ledger of one line in memory, and what its rules say of a further entry. Pure: no query, no write.

Services load one book under a lock, the import loads many at once; both ask the same questions here.
Amounts are whole đồng. A room of None means that the limit is not known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.models import ProjectDecision, Step

Movement = tuple[date, int]
"""A change of a sum: its day and its signed amount."""

NET_PAID = {Step.ADVANCED: 1, Step.PAID: 1, Step.RECOVERED: -1}


class Origin(Enum):
    """Why an entry stands in the book, as far as a rule must tell them apart."""

    PAPER = "paper"
    STOP = "stop"
    RESUMPTION = "resumption"
    AFTER_STOP = "after_stop"  # what a recovery takes from approved and contracted once the line is stopped


@dataclass(frozen=True)
class BookRow:
    source: int
    step: str
    on: date
    amount_vnd: int | None
    origin: Origin = Origin.PAPER
    decision_id: int | None = None


@dataclass(frozen=True)
class Turn:
    """A stop, refusal, return or resumption of the line or of its đề án."""

    on: date
    kind: str
    decision_id: int


@dataclass
class LineBook:
    """What the rules must know of one line. ``signed_on``: days on which it came under a contract."""

    has_contract: bool = True
    rows: list[BookRow] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    signed_on: list[date] = field(default_factory=list)

    def stop_in_force(self, day: date) -> Turn | None:
        """The stop that holds on the day: the latest turn up to it, if that is a stop."""
        turns = [turn for turn in self.ordered_turns() if turn.on <= day]
        return turns[-1] if turns and turns[-1].kind == ProjectDecision.Kind.STOPPED else None

    def ordered_turns(self) -> list[Turn]:
        return sorted(self.turns, key=lambda turn: (turn.on, turn.decision_id))

    def sources(self) -> list[int]:
        return sorted({row.source for row in self.rows})

    def movements(self, source: int, *steps: str, origins: Iterable[Origin] = tuple(Origin)) -> list[Movement]:
        """Known amounts of the steps, recoveries negative among payments."""
        return [
            (row.on, row.amount_vnd * NET_PAID.get(row.step, 1))
            for row in self.rows
            if row.source == source and row.step in steps and row.origin in origins and row.amount_vnd is not None
        ]

    def net_paid(self, source: str) -> list[Movement]:
        return self.movements(source, *NET_PAID)

    def is_unknown(self, source: int, step: str) -> bool:
        """Something happened at this step whose amount nobody recorded."""
        return any(row.source == source and row.step == step and row.amount_vnd is None for row in self.rows)

    def has(self, source: int, step: str) -> bool:
        return any(row.source == source and row.step == step for row in self.rows)


def total(movements: Iterable[Movement], until: date | None = None) -> int:
    return sum(amount for on, amount in movements if until is None or on <= until)


def least_room(limit: list[Movement], used: list[Movement], since: date) -> tuple[int, date]:
    """The smallest limit − used on any day from ``since`` on, and the first day it is that small."""
    days = sorted({since, *(on for on, _ in [*limit, *used] if on > since)})
    return min((total(limit, day) - total(used, day), day) for day in days)


def plan_room(plan: list[Movement], approved: list[Movement], since: date) -> tuple[int, date] | None:
    """As ``least_room``, over the days on which a plan stands; None where none stands from ``since`` on."""
    if not plan:
        return None
    return least_room(plan, approved, max(since, min(on for on, _ in plan)))


def _written(book: LineBook, source: int, step: str, turn: Turn) -> int:
    """What the turn's paper has written so far at this step."""
    return sum(
        row.amount_vnd or 0
        for row in book.rows
        if row.source == source
        and row.step == step
        and row.origin in (Origin.STOP, Origin.RESUMPTION)
        and row.decision_id == turn.decision_id
    )


def _owed_by_stop(book: LineBook, source: int, step: str, stop: Turn) -> int:
    """−max(0, that sum − net paid) as of the day of the stop, its own entries aside."""
    standing = total(book.movements(source, step), stop.on) - _written(book, source, step, stop)
    return -max(0, standing - total(book.net_paid(source), stop.on))


def settle_turns(book: LineBook) -> list[tuple[Turn, int, str, int]]:
    """(turn, source, step, VND) that stops and resumptions must still write, in order; added to the book.

    A stop takes from approved and contracted what was not paid by its day; a resumption gives back what the stops
    before it took. Run again after a payment, recovery or approval dated before a stop was entered late.
    """
    owed = []
    for source in book.sources():
        for step in (Step.APPROVED, Step.CONTRACTED):
            taken = 0
            for turn in book.ordered_turns():
                if turn.kind == ProjectDecision.Kind.STOPPED:
                    target, origin = _owed_by_stop(book, source, step, turn), Origin.STOP
                    taken += target
                elif turn.kind == ProjectDecision.Kind.RESUMED:
                    target, origin, taken = -taken, Origin.RESUMPTION, 0
                else:
                    continue
                difference = target - _written(book, source, step, turn)
                if difference:
                    owed.append((turn, source, step, difference))
                    row = BookRow(source, step, turn.on, difference, origin, turn.decision_id)
                    book.rows.append(row)
    return owed


def _first_signing(book: LineBook) -> date | None:
    return min(book.signed_on, default=None)


def check_signing(book: LineBook, *, source: int, source_name: str, amount_vnd: int | None, on: date) -> None:
    """Signing (or raising by annex) must fit the money approved for the line from this source, from ``on`` on."""
    if amount_vnd is None or amount_vnd <= 0:
        return
    if book.is_unknown(source, Step.APPROVED):
        return
    room, day = least_room(book.movements(source, Step.APPROVED), book.movements(source, Step.CONTRACTED), on)
    if amount_vnd > room:
        raise NotAllowed(
            f"Ký {format_vnd(amount_vnd)} đồng từ {source_name} vượt kinh phí được duyệt: "
            f"đến ngày {day:%d/%m/%Y} chỉ còn {format_vnd(max(room, 0))} đồng chưa ký. "
            "Hãy giảm số tiền hoặc nhập quyết định phê duyệt tăng trước."
        )


def check_payment(book: LineBook, *, source: int, source_name: str, amount_vnd: int, on: date) -> None:
    """Net payments must stay within what is signed (a line without contract: approved), from ``on`` on."""
    step = Step.CONTRACTED if book.has_contract else Step.APPROVED
    first = _first_signing(book)
    if book.has_contract and (first is None or first > on):
        raise NotAllowed(
            f"Ngày {on:%d/%m/%Y} chưa có hợp đồng nên chưa chi được {format_vnd(amount_vnd)} đồng. "
            "Hãy nhập hợp đồng trước, hoặc sửa ngày chi."
        )
    if book.is_unknown(source, step):
        return
    stop = book.stop_in_force(date.max)
    limit = book.movements(source, step)
    used = book.net_paid(source)
    if stop and on <= stop.on:
        # A payment made before the stop but entered later raises what the stop left, so only earlier days bind.
        limit = [m for m in book.movements(source, step, origins=[Origin.PAPER]) if m[0] <= stop.on]
        used = [m for m in used if m[0] <= stop.on]
    room, day = least_room(limit, used, on)
    if amount_vnd > room:
        what = "số đã ký" if book.has_contract else "kinh phí được duyệt"
        raise NotAllowed(
            f"Chi {format_vnd(amount_vnd)} đồng từ {source_name} vượt {what}: "
            f"đến ngày {day:%d/%m/%Y} chỉ còn {format_vnd(max(room, 0))} đồng chưa chi. "
            "Hãy giảm số tiền, hoặc nhập phụ lục tăng kinh phí trước."
        )


def check_recovery(book: LineBook, *, source: int, source_name: str, amount_vnd: int, on: date) -> None:
    """No more can be recovered than was paid and not yet recovered, from ``on`` on."""
    room, day = least_room(book.net_paid(source), [], on)
    if amount_vnd > room:
        raise NotAllowed(
            f"Thu hồi {format_vnd(amount_vnd)} đồng về {source_name} vượt số đã chi: "
            f"đến ngày {day:%d/%m/%Y} chỉ còn {format_vnd(max(room, 0))} đồng đã chi chưa thu hồi."
        )


def check_acceptance(book: LineBook, *, on: date) -> None:
    """A line that has a contract is accepted on or after the day it was signed."""
    first = _first_signing(book)
    if not book.has_contract or (first is not None and first <= on):
        return
    if first is None:
        raise NotAllowed("Chưa nghiệm thu được vì chưa có hợp đồng. Hãy nhập hợp đồng trước.")
    raise NotAllowed(
        f"Ngày nghiệm thu {on:%d/%m/%Y} trước ngày ký hợp đồng {first:%d/%m/%Y}. Hãy kiểm tra lại hai ngày này."
    )


def check_plan(
    plan: list[Movement], approved: list[Movement], *, source_name: str, year: int, amount_vnd: int, on: date
) -> str | None:
    """Approvals of a counted source must fit the year's plan on every day from ``on``; a warning where none stands."""
    if amount_vnd <= 0:
        return None
    found = plan_room(plan, approved, on)
    if found is None or on < min(day for day, _ in plan):
        warning = (
            f"Đến ngày {on:%d/%m/%Y} chưa có quyết định giao kế hoạch năm {year} của {source_name}; "
            "kinh phí phê duyệt chưa đối chiếu được với kế hoạch."
        )
        if found is None:
            return warning
    else:
        warning = None
    room, day = found
    if amount_vnd > room:
        raise NotAllowed(
            f"Phê duyệt {format_vnd(amount_vnd)} đồng từ {source_name} vượt kế hoạch năm {year}: "
            f"đến ngày {day:%d/%m/%Y} chỉ còn {format_vnd(max(room, 0))} đồng chưa phân bổ. "
            "Hãy giảm số tiền, hoặc nhập quyết định giao, điều chỉnh kế hoạch trước."
        )
    return warning
