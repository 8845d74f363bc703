"""The ledger of one line in memory, and what its rules say of a further entry. Pure: no query, no write.

Services load one book under a lock, the import loads many at once; both ask the same questions here.
Amounts are whole đồng. A room of None means that the limit is not known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.models import ProjectDecision, Step

Movement = tuple[date, int]
"""A change of a sum: its day and its signed amount."""

NET_PAID = {Step.ADVANCED: 1, Step.PAID: 1, Step.RECOVERED: -1}
PROMISES = (Step.APPROVED, Step.CONTRACTED)
"""What a stop ends as far as it was not paid."""

TURNED_AWAY = (ProjectDecision.Kind.RETURNED, ProjectDecision.Kind.REJECTED)


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
    payment_id: int | None = None
    correction_id: int | None = None


@dataclass(frozen=True)
class Turn:
    """A stop, refusal, return or resumption of the line or of its đề án."""

    on: date
    kind: str
    decision_id: int


@dataclass(frozen=True)
class Recovery:
    """Money that came back; after a stop its paper also lowers what is approved and contracted."""

    on: date
    payment_id: int
    amount_vnd: int


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

    def stop_before(self, day: date) -> Turn | None:
        """The stop in force on the day, if it began on an earlier one: money of its own day still counts before it."""
        stop = self.stop_in_force(day)
        return stop if stop and stop.on < day else None

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

    def net_paid(self, source: int) -> list[Movement]:
        return self.movements(source, *NET_PAID)

    def is_unknown(self, source: int, step: str) -> bool:
        """Something happened at this step whose amount nobody recorded."""
        return any(row.source == source and row.step == step and row.amount_vnd is None for row in self.rows)

    def has(self, source: int, step: str) -> bool:
        return any(row.source == source and row.step == step for row in self.rows)

    def limit_of_payments(self, source: int) -> str | None:
        """The step that payments must stay within: contracted, approved without contract; None while unknown."""
        steps = PROMISES[::-1] if self.has_contract else (Step.APPROVED,)
        return next((step for step in steps if not self.is_unknown(source, step)), None)

    def trial(self, row: BookRow) -> tuple["LineBook", list]:
        """A copy with ``row`` entered and stops settled anew, and what they would write (as ``settle_turns``)."""
        book = replace(self, rows=[*self.rows, row])
        return book, settle_turns(book)


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


def unpaid_rest(book: LineBook, source: int, step: str, since: date) -> int:
    """What may leave the line on ``since``: the step's money that is not paid then or on any later day."""
    return max(0, least_room(book.movements(source, step), book.net_paid(source), since)[0])


def unsigned_room(book: LineBook, source: int, since: date) -> tuple[int, date]:
    """The smallest approved − contracted from ``since`` on, also as it was when a stop of that day began.

    By the evening a stop has levelled both, and would hide what a late payment makes stand again.
    """
    approved, contracted = (book.movements(source, step) for step in PROMISES)
    rooms = [least_room(approved, contracted, since)]
    for turn in book.turns:
        if turn.kind == ProjectDecision.Kind.STOPPED and turn.on >= since:
            before = replace(book, rows=[row for row in book.rows if row.origin == Origin.PAPER or row.on < turn.on])
            limit, used = (total(before.movements(source, step), turn.on) for step in PROMISES)
            rooms.append((limit - used, turn.on))
    return min(rooms)


# --- stops, resumptions and what comes back ---


def settle_turns(book: LineBook) -> list[tuple[Turn | Recovery, int, str, int]]:
    """(turn or recovery, source, step, VND) that their papers must still write, in order; added to the book.

    A stop takes from approved and contracted what was not paid by its day; a recovery while stopped takes what
    came back; a resumption gives back what the stops before it took. Run again after a fact dated before any of
    these was entered late: each then writes the difference on its own day.
    """
    return [owed for source in book.sources() for step in PROMISES for owed in _settle_step(book, source, step)]


def _settle_step(book, source, step):
    by_papers = book.movements(source, step, origins=[Origin.PAPER])
    moved, taken, owed = 0, 0, []
    for event in _events(book, source):
        excess = max(0, total(by_papers, event.on) + moved - _paid_by(book, source, event))
        if isinstance(event, Recovery):
            target = -min(event.amount_vnd, excess) if book.stop_before(event.on) else 0
        elif event.kind == ProjectDecision.Kind.STOPPED:
            target = -excess
            taken += target
        else:
            target, taken = -taken, 0
        moved += target
        difference = target - _written(book, source, step, event)
        if difference:
            owed.append((event, source, step, difference))
            book.rows.append(_owed_row(source, step, event, difference))
    return owed


def _events(book, source) -> list[Turn | Recovery]:
    """Stops, resumptions and recoveries by day; on one day the recoveries follow the turns."""
    kinds = (ProjectDecision.Kind.STOPPED, ProjectDecision.Kind.RESUMED)
    turns = [turn for turn in book.ordered_turns() if turn.kind in kinds]
    recoveries = [
        Recovery(row.on, row.payment_id, row.amount_vnd)
        for row in book.rows
        if row.source == source and row.step == Step.RECOVERED and row.payment_id is not None
    ]
    recoveries.sort(key=lambda recovery: (recovery.on, recovery.payment_id))
    return sorted([*turns, *recoveries], key=lambda event: event.on)


def _paid_by(book, source, event) -> int:
    """Net paid by the end of the event's day, without the recoveries that follow this one on the same day."""
    paid = total(book.net_paid(source), event.on)
    if isinstance(event, Turn):
        return paid
    return paid + sum(
        row.amount_vnd
        for row in book.rows
        if row.source == source
        and row.step == Step.RECOVERED
        and row.on == event.on
        and (row.payment_id or 0) > event.payment_id
    )


def _written(book, source, step, event) -> int:
    """What the event's paper has written so far at this step."""
    if isinstance(event, Turn):
        origins, paper, number = (Origin.STOP, Origin.RESUMPTION), "decision_id", event.decision_id
    else:
        origins, paper, number = (Origin.AFTER_STOP,), "payment_id", event.payment_id
    return sum(
        row.amount_vnd or 0
        for row in book.rows
        if row.source == source and row.step == step and row.origin in origins and getattr(row, paper) == number
    )


def _owed_row(source, step, event, amount_vnd) -> BookRow:
    if isinstance(event, Recovery):
        return BookRow(source, step, event.on, amount_vnd, Origin.AFTER_STOP, payment_id=event.payment_id)
    is_stop = event.kind == ProjectDecision.Kind.STOPPED
    origin = Origin.STOP if is_stop else Origin.RESUMPTION
    return BookRow(source, step, event.on, amount_vnd, origin, event.decision_id)


# --- what may be entered ---


def _first_signing(book: LineBook) -> date | None:
    return min(book.signed_on, default=None)


def check_approval(book: LineBook, *, source: int, source_name: str, amount_vnd: int | None, on: date) -> str | None:
    """Approved money never falls below 0. Returns a warning where a cut leaves less than is signed or paid."""
    if amount_vnd is None or amount_vnd >= 0 or book.is_unknown(source, Step.APPROVED):
        return None
    after, _ = book.trial(BookRow(source, Step.APPROVED, on, amount_vnd))
    approved = after.movements(source, Step.APPROVED)
    least, day = least_room(approved, [], on)
    if least < 0:
        raise NotAllowed(
            f"Kinh phí hỗ trợ từ {source_name} không được âm: giảm {format_vnd(-amount_vnd)} đồng nhưng "
            f"đến ngày {format_day(day)} chỉ còn {format_vnd(max(0, least - amount_vnd))} đồng được duyệt. "
            "Hãy kiểm tra lại số tiền."
        )
    return beyond_approved(after, source=source, source_name=source_name, on=on)


def beyond_approved(book: LineBook, *, source: int, source_name: str, on: date) -> str | None:
    """A warning where, from ``on`` on, more is paid or signed than is approved; None where it all fits."""
    unpaid = least_room(book.movements(source, Step.APPROVED), book.net_paid(source), on)
    for what, (room, _), way_out in (
        ("số đã chi", unpaid, "thu hồi phần chi vượt"),
        ("số đã ký", unsigned_room(book, source, on), "giảm số đã ký"),
    ):
        if room < 0:
            return (
                f"Sau quyết định này {what} vượt kinh phí được duyệt từ {source_name} {format_vnd(-room)} đồng; "
                f"cần {way_out}."
            )


def check_signing(book: LineBook, *, source: int, source_name: str, amount_vnd: int | None, on: date) -> None:
    """Signing (or raising by annex) must fit the money approved for the line from this source, from ``on`` on."""
    if amount_vnd is None or amount_vnd <= 0 or book.is_unknown(source, Step.APPROVED):
        return
    check_signing_day(book, source=source, source_name=source_name, on=on)
    after, _ = book.trial(BookRow(source, Step.CONTRACTED, on, amount_vnd))
    room, day = unsigned_room(after, source, on)
    if room < 0:
        raise NotAllowed(
            f"Ký {format_vnd(amount_vnd)} đồng từ {source_name} vượt kinh phí được duyệt: "
            f"đến ngày {format_day(day)} chỉ còn {format_vnd(max(amount_vnd + room, 0))} đồng chưa ký. "
            "Hãy giảm số tiền hoặc nhập quyết định phê duyệt tăng trước."
        )


def check_signing_day(book: LineBook, *, source: int, source_name: str, on: date) -> None:
    """Nothing is signed of a source before anything was approved of it."""
    approved_on = min((day for day, _ in book.movements(source, Step.APPROVED)), default=None)
    if approved_on and on < approved_on:
        raise NotAllowed(
            f"Ngày ký {format_day(on)} trước ngày {format_day(approved_on)}, ngày phê duyệt kinh phí từ {source_name}. "
            "Hãy sửa ngày ký, hoặc ngày của quyết định phê duyệt.",
            field="signed_on",
        )


def check_annex(book: LineBook, *, source: int, source_name: str, amount_vnd: int | None, on: date) -> int:
    """As ``check_signing`` for a rise; a cut leaves nothing below 0. Returns what is then to be recovered (VND)."""
    stop = book.stop_in_force(on)
    if stop:
        raise NotAllowed(
            f"Đã ngừng từ ngày {format_day(stop.on)} nên phụ lục ngày {format_day(on)} không đổi được số tiền. "
            "Hãy nhập quyết định tiếp tục triển khai trước, hoặc sửa ngày ký."
        )
    check_signing(book, source=source, source_name=source_name, amount_vnd=amount_vnd, on=on)
    if amount_vnd is None or amount_vnd >= 0 or book.is_unknown(source, Step.CONTRACTED):
        return 0
    after, _ = book.trial(BookRow(source, Step.CONTRACTED, on, amount_vnd))
    contracted = after.movements(source, Step.CONTRACTED)
    least, day = least_room(contracted, [], on)
    if least < 0:
        raise NotAllowed(
            f"Phụ lục giảm {format_vnd(-amount_vnd)} đồng từ {source_name} nhưng đến ngày {format_day(day)} "
            f"chỉ có {format_vnd(max(0, least - amount_vnd))} đồng đã ký. Hãy kiểm tra lại số tiền giảm."
        )
    return max(0, -least_room(contracted, after.net_paid(source), on)[0])


def check_payment(book: LineBook, *, source: int, source_name: str, amount_vnd: int, on: date) -> None:
    """Net payments must stay within what is signed (a line without contract: approved), from ``on`` on.

    A payment dated up to the day of a stop is measured as if the stop were taken after it, for so it is.
    """
    first = _first_signing(book)
    if book.has_contract and (first is None or first > on):
        raise NotAllowed(
            f"Ngày {format_day(on)} chưa có hợp đồng nên chưa chi được {format_vnd(amount_vnd)} đồng. "
            "Hãy nhập hợp đồng trước, hoặc sửa ngày chi."
        )
    stop = book.stop_before(on)
    if stop:
        raise NotAllowed(
            f"Đã ngừng từ ngày {format_day(stop.on)} nên ngày {format_day(on)} không chi được "
            f"{format_vnd(amount_vnd)} đồng. Hãy nhập quyết định tiếp tục triển khai trước, hoặc sửa ngày chi."
        )
    step = book.limit_of_payments(source)
    if step is None:
        return
    after, _ = book.trial(BookRow(source, Step.PAID, on, amount_vnd))
    room, day = least_room(after.movements(source, step), after.net_paid(source), on)
    if room < 0:
        what = "số đã ký" if step == Step.CONTRACTED else "kinh phí được duyệt"
        raise NotAllowed(
            f"Chi {format_vnd(amount_vnd)} đồng từ {source_name} vượt {what}: "
            f"đến ngày {format_day(day)} chỉ còn {format_vnd(max(amount_vnd + room, 0))} đồng chưa chi. "
            "Hãy giảm số tiền, hoặc nhập phụ lục tăng kinh phí trước."
        )


def check_recovery(book: LineBook, *, source: int, source_name: str, amount_vnd: int, on: date) -> None:
    """No more can be recovered than was paid and not yet recovered, from ``on`` on."""
    room, day = least_room(book.net_paid(source), [], on)
    if amount_vnd > room:
        raise NotAllowed(
            f"Thu hồi {format_vnd(amount_vnd)} đồng về {source_name} vượt số đã chi: "
            f"đến ngày {format_day(day)} chỉ còn {format_vnd(max(room, 0))} đồng đã chi chưa thu hồi."
        )
    latest = max((row.payment_id or 0 for row in book.rows), default=0)
    after, _ = book.trial(BookRow(source, Step.RECOVERED, on, amount_vnd, payment_id=latest + 1))
    for step in PROMISES:
        least, day = least_room(after.movements(source, step), [], on)
        if least < 0 and not after.is_unknown(source, step):
            raise NotAllowed(
                f"Thu hồi {format_vnd(amount_vnd)} đồng trong lúc ngừng làm bước {Step(step).label.lower()} âm "
                f"{format_vnd(-least)} đồng vào ngày {format_day(day)}, vì sau đó đã ghi giảm. Hãy sửa việc đó trước."
            )


def check_acceptance(book: LineBook, *, on: date) -> None:
    """A line that has a contract is accepted on or after the day it was signed."""
    first = _first_signing(book)
    if not book.has_contract or (first is not None and first <= on):
        return
    if first is None:
        raise NotAllowed("Chưa nghiệm thu được vì chưa có hợp đồng. Hãy nhập hợp đồng trước.")
    raise NotAllowed(
        f"Ngày nghiệm thu {format_day(on)} trước ngày ký hợp đồng {format_day(first)}. Hãy kiểm tra lại hai ngày này."
    )


def check_outcome(
    book: LineBook, *, source: int, source_name: str, step: str, amount_vnd: int | None, on: date
) -> str | None:
    """A warning where more is accepted or settled than was signed (without contract: approved) by the day."""
    limit = Step.CONTRACTED if book.has_contract else Step.APPROVED
    if amount_vnd is None or amount_vnd <= 0 or book.is_unknown(source, limit):
        return None
    excess = total(book.movements(source, step)) + amount_vnd - total(book.movements(source, limit), on)
    if excess <= 0:
        return None
    done, what = Step(step).label.lower(), "số đã ký" if book.has_contract else "kinh phí được duyệt"
    return (
        f"Kinh phí {done} từ {source_name} vượt {what} {format_vnd(excess)} đồng vào ngày {format_day(on)}. "
        "Hãy kiểm tra lại số tiền."
    )


def check_stop(book: LineBook, *, name: str, on: date) -> None:
    """Nothing may have been approved, signed or paid after the day of a stop, up to the next turn.

    A return or refusal may not be that turn: it would end the stop, and its money stay taken.
    """
    following = next((turn for turn in book.ordered_turns() if turn.on > on), None)
    if following and following.kind in TURNED_AWAY:
        kind = ProjectDecision.Kind(following.kind).label.lower()
        raise NotAllowed(
            f"{name} không ngừng từ ngày {format_day(on)} được vì sau đó có quyết định “{kind}” "
            f"ngày {format_day(following.on)}. Hãy sửa ngày ngừng."
        )
    until = min((turn.on for turn in book.turns if turn.on > on), default=date.max)
    steps = (*PROMISES, Step.ADVANCED, Step.PAID)
    later = [
        row
        for row in book.rows
        if row.origin == Origin.PAPER and row.step in steps and on < row.on <= until and row.amount_vnd != 0
    ]
    if later:
        first = min(later, key=lambda row: row.on)
        raise NotAllowed(
            f"{name} không ngừng từ ngày {format_day(on)} được vì sau đó còn {Step(first.step).label.lower()} "
            f"ngày {format_day(first.on)}. Hãy sửa ngày ngừng, hoặc sửa việc ghi sau đó trước."
        )


def check_correction(book: LineBook, *, source: int, source_name: str, step: str, amount_vnd: int, on: date) -> None:
    """A counter-row leaves no sum below 0, no more signed than approved, no more paid than signed."""
    after, _ = book.trial(BookRow(source, step, on, amount_vnd))
    paid = step in NET_PAID
    mended = after.net_paid(source) if paid else after.movements(source, step)
    limit_step = after.limit_of_payments(source) if paid else None
    if step == Step.CONTRACTED and not after.is_unknown(source, Step.APPROVED):
        limit_step = Step.APPROVED
    is_rise = amount_vnd * NET_PAID.get(step, 1) > 0
    limit = after.movements(source, limit_step) if limit_step else []
    room, day = least_room(limit, mended, on) if is_rise and limit_step else least_room(mended, [], on)
    if room < 0:
        raise NotAllowed(
            f"Điều chỉnh {format_vnd(amount_vnd)} đồng của bước {Step(step).label.lower()} từ {source_name} "
            f"vượt {format_vnd(-room)} đồng vào ngày {format_day(day)}. Hãy kiểm tra lại số tiền."
        )
    if step in PROMISES and not is_rise and not after.is_unknown(source, step):
        _refuse_cut_below_followers(after, source, source_name, step, amount_vnd, on)


def _refuse_cut_below_followers(after, source, source_name, step, amount_vnd, on):
    """Raise NotAllowed if less stays approved than is signed, or less of either than is paid, from ``on`` on."""
    followers = [("số đã chi", after.net_paid(source))]
    if step == Step.APPROVED and after.has_contract:
        followers.insert(0, ("số đã ký", after.movements(source, Step.CONTRACTED)))
    for what, follower in followers:
        room, day = least_room(after.movements(source, step), follower, on)
        if room < 0:
            raise NotAllowed(
                f"Điều chỉnh {format_vnd(amount_vnd)} đồng của bước {Step(step).label.lower()} từ {source_name} để lại "
                f"số nhỏ hơn {what} {format_vnd(-room)} đồng vào ngày {format_day(day)}. Hãy điều chỉnh {what} trước."
            )


def no_plan_yet(plan: list[Movement], *, source_name: str, year: int, on: date) -> str | None:
    """A warning where no plan of the source and year stands on the day; None where one does."""
    if plan and on >= min(day for day, _ in plan):
        return None
    return (
        f"Đến ngày {format_day(on)} chưa có quyết định giao kế hoạch năm {year} của {source_name}; "
        "kinh phí phê duyệt chưa đối chiếu được với kế hoạch."
    )


def check_plan(
    plan: list[Movement], approved: list[Movement], *, source_name: str, year: int, amount_vnd: int, on: date
) -> str | None:
    """Approvals of a counted source must fit the year's plan on every day from ``on``; a warning where none stands."""
    if amount_vnd <= 0:
        return None
    warning = no_plan_yet(plan, source_name=source_name, year=year, on=on)
    found = plan_room(plan, approved, on)
    if found and amount_vnd > found[0]:
        room, day = found
        raise NotAllowed(
            f"Phê duyệt {format_vnd(amount_vnd)} đồng từ {source_name} vượt kế hoạch năm {year}: "
            f"đến ngày {format_day(day)} chỉ còn {format_vnd(max(room, 0))} đồng chưa phân bổ. "
            "Hãy giảm số tiền, hoặc nhập quyết định giao, điều chỉnh kế hoạch trước."
        )
    return warning
