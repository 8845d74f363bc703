"""The money of one line by source, as its short forms propose and show it: pure, over a ``LineBook``. VND."""

from dataclasses import dataclass
from datetime import date

from projects.books import LineBook, total
from projects.models import Step


@dataclass(frozen=True)
class SourceMoney:
    """Sums of one source on a line, in đồng; None where something happened whose amount nobody recorded."""

    source: object
    approved_vnd: int | None
    contracted_vnd: int | None
    paid_vnd: int
    accepted_vnd: int | None
    settled_vnd: int
    funder_settled_vnd: int
    has_contract: bool
    is_stopped: bool
    has_acceptance: bool
    repaid_vnd: int = 0
    """What came back of repayable support: it lowers what is paid, and is not to be paid out again."""

    @property
    def promised_vnd(self):
        """What payments stay within: signed, or approved where there is no contract or its amount is unknown."""
        if self.has_contract and self.contracted_vnd is not None:
            return self.contracted_vnd
        return self.approved_vnd

    @property
    def left_vnd(self):
        """What may still be paid; None while the limit is unknown."""
        return None if self.promised_vnd is None else self.promised_vnd - self.paid_vnd - self.repaid_vnd

    @property
    def found_vnd(self):
        """What was settled with the beneficiary, else accepted; None where neither says an amount."""
        if self.settled_vnd:
            return self.settled_vnd
        return self.accepted_vnd if self.has_acceptance else None

    @property
    def to_pay_vnd(self):
        """What a payment proposes; None where nothing is left or known."""
        left = self.left_vnd
        if left is not None and self.found_vnd:
            left = min(left, self.found_vnd - self.paid_vnd - self.repaid_vnd)
        return left if left and left > 0 else None

    @property
    def to_recover_vnd(self):
        """What was paid beyond what stands: settled, else accepted, else signed; nothing once the line is stopped."""
        stands = 0 if self.is_stopped else self.promised_vnd
        if self.found_vnd is not None:
            stands = self.found_vnd if self.is_stopped or stands is None else min(stands, self.found_vnd)
        return None if stands is None else max(0, self.paid_vnd - stands)

    @property
    def to_accept_vnd(self):
        """What an acceptance proposes: what is promised and not accepted yet; None while unknown."""
        if self.promised_vnd is None or (self.has_acceptance and self.accepted_vnd is None):
            return None
        return max(0, self.promised_vnd - (self.accepted_vnd or 0))

    def to_settle_vnd(self, *, with_funder):
        """What a settlement proposes: accepted and not settled yet; None where nothing is left or known."""
        settled = self.funder_settled_vnd if with_funder else self.settled_vnd
        left = (self.accepted_vnd or 0) - settled
        return left if left > 0 else None


def money_of(book: LineBook, sources, day: date, repaid=None) -> list[SourceMoney]:
    """One for each of ``sources`` (rows) that the line's book names, counterpart aside: it is not ours to pay.

    ``repaid``: {source id: VND that came back of repayable support}.
    """
    in_book = set(book.sources())
    is_stopped = book.stop_in_force(day) is not None
    return [
        _money(book, source, is_stopped, (repaid or {}).get(source.pk, 0))
        for source in sources
        if source.pk in in_book and not source.is_counterpart
    ]


def _money(book, source, is_stopped, repaid_vnd):
    def known(step):
        return None if book.is_unknown(source.pk, step) else total(book.movements(source.pk, step))

    return SourceMoney(
        source=source,
        approved_vnd=known(Step.APPROVED),
        contracted_vnd=known(Step.CONTRACTED),
        paid_vnd=total(book.net_paid(source.pk)),
        accepted_vnd=known(Step.ACCEPTED),
        settled_vnd=total(book.movements(source.pk, Step.SETTLED)),
        funder_settled_vnd=total(book.movements(source.pk, Step.FUNDER_SETTLED)),
        has_contract=book.has_contract,
        is_stopped=is_stopped,
        has_acceptance=book.has(source.pk, Step.ACCEPTED),
        repaid_vnd=repaid_vnd,
    )
