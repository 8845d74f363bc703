"""The plan of a year, whose cuts only code that sees the approvals can refuse."""

from django.db import transaction

from funding.models import PlanLine
from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects.book_loading import approved_movements, plan_movements
from projects.books import plan_room
from projects.services.core import guard_period, keep, lock_row, refuse_overcommitted


@transaction.atomic
def record_plan(*, decision, year, source, kind, amount_vnd, by=None, reason="", **fields):
    """Enter a plan line (VND, signed for adjustments).

    Raises NotAllowed if a cut would leave less than is approved on any day from the decision's on. Returns the
    line; ``line.warning`` is a Vietnamese sentence where a first plan covers less than is approved, else None.
    """
    guard_period(on=decision.decided_on, by=by, reason=reason)
    source = lock_row(source)
    line = PlanLine(decision=decision, year=year, source=source, kind=kind, amount_vnd=amount_vnd, **fields)
    keep(line, by=by, reason=reason)
    if amount_vnd < 0 and kind in PlanLine.ASSIGNING:
        refuse_overcommitted(source=source, year=year, since=decision.decided_on)
    line.warning = _still_too_small(source, year, decision.decided_on) if kind in PlanLine.ASSIGNING else None
    return line


@transaction.atomic
def change_plan(*, plan_line, amount_vnd, by=None, reason=""):
    """Correct the amount (VND) of a plan line in place; the same rule as ``record_plan``."""
    guard_period(on=plan_line.decision.decided_on, by=by, reason=reason, changing=True)
    source = lock_row(plan_line.source)
    plan_line = lock_row(plan_line)
    lowered = amount_vnd < plan_line.amount_vnd
    plan_line.amount_vnd = amount_vnd
    keep(plan_line, by=by, reason=reason)
    if lowered and plan_line.kind in PlanLine.ASSIGNING:
        refuse_overcommitted(source=source, year=plan_line.year, since=plan_line.decision.decided_on)
    return plan_line


def _still_too_small(source, year, since):
    """A warning where approvals entered before any plan exceed it: the decision is a fact and is kept."""
    found = plan_room(plan_movements(source, year), approved_movements(source, year), since)
    if source.is_counted and found and found[0] < 0:
        room, day = found
        return (
            f"Kinh phí đã phê duyệt năm {year} của {source.name} vượt kế hoạch {format_vnd(-room)} đồng "
            f"vào ngày {format_day(day)}."
        )
