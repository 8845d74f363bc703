"""How much of a support may be advanced before acceptance, by the rules of the day: pure over ``AdvanceRule`` rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from funding.models import AdvanceRule, Level
from funding.norms import is_in_force
from khuyencong.forms import said_within

Needs = AdvanceRule.Needs


@dataclass(frozen=True)
class Terms:
    """What holds for one activity and level of money on a day.

    ``rule`` None: no confirmed row says anything, so nothing is held against one. ``unconfirmed``: a row in force that
    nobody confirmed, said and not applied. ``is_borrowed``: the national row, shown to money of another level that has
    none of its own. ``beside``: a confirmed row for all activities that the applied one keeps within.
    """

    rule: AdvanceRule | None = None
    unconfirmed: AdvanceRule | None = None
    beside: AdvanceRule | None = None
    is_borrowed: bool = False

    def allowed_vnd(self, support_vnd: int | None) -> int | None:
        """The part of the support (VND, rounded down) that may be paid before acceptance; None: no limit is known."""
        if self.rule is None or support_vnd is None:
            return None
        return max(0, support_vnd) * self.rule.percent // 100

    @property
    def basis(self) -> str:
        if self.rule is None:
            return ""
        note = self.rule.note.rstrip(".")
        basis = f"{self.rule.legal_basis} ({said_within(note)})" if note else self.rule.legal_basis
        if self.beside:
            basis = f"{self.beside.legal_basis}; {basis}"
        return f"{basis}; kinh phí địa phương theo quy chế của tỉnh" if self.is_borrowed else basis

    @property
    def condition(self) -> str:
        """What must be there before the advance, in words; "" where nothing may be advanced or no rule is applied."""
        if self.rule is None or self.rule.needs == Needs.ACCEPTED:
            return ""
        words = said_within(self.rule.get_needs_display())
        return f"{words} trên {self.rule.work_percent} % tổng vốn đầu tư" if self.rule.needs == Needs.WORK else words

    @property
    def doubt(self) -> str:
        """That a row stands there which is not applied, or that there is none; "" where one is applied."""
        if self.rule:
            return ""
        if self.unconfirmed:
            return f"mức tạm ứng {self.unconfirmed.percent} % chưa xác minh nên không áp dụng"
        return "chưa có quy định về mức tạm ứng"


def terms_of(rules: Iterable[AdvanceRule], *, activity: int | None, level: str, on: date) -> Terms:
    """The terms of a line with ``activity`` (id) for money of ``level`` on the day ``on``. Pure."""
    held = [rule for rule in rules if is_in_force(rule, on) and rule.activity_id in (None, activity)]
    own = [rule for rule in held if rule.level == level]
    is_borrowed = not own and level != Level.NATIONAL
    found = [rule for rule in held if rule.level == Level.NATIONAL] if is_borrowed else own
    # A row of the activity itself goes before the one for all others.
    found = sorted(found, key=lambda rule: rule.activity_id is None)
    confirmed = [rule for rule in found if rule.is_verified]
    if not confirmed:
        return Terms(unconfirmed=None if is_borrowed or not found else found[0])
    beside = next((rule for rule in confirmed[1:] if rule.percent >= confirmed[0].percent), None)
    return Terms(confirmed[0], beside=beside, is_borrowed=is_borrowed)
