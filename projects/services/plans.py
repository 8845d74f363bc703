"""The plan of a year, whose cuts only code that sees the approvals can refuse."""

from django.db import transaction

from funding.models import PlanLine
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.book_loading import approved_movements, plan_movements
from projects.books import plan_room
from projects.services.core import guard_period, keep, lock_row, lock_sources, refuse_overcommitted
from projects.services.corrections import redate_decision


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
    line.warning = still_too_small(source, year, decision.decided_on) if kind in PlanLine.ASSIGNING else None
    return line


@transaction.atomic
def change_plan(*, plan_line, amount_vnd, by=None, reason="", **fields):
    """Correct the amount (VND) of a plan line and other ``fields`` in place; the same rule as ``record_plan``."""
    guard_period(on=plan_line.decision.decided_on, by=by, reason=reason, changing=True)
    source = lock_row(plan_line.source)
    plan_line = lock_row(plan_line)
    lowered = amount_vnd < plan_line.amount_vnd
    plan_line.amount_vnd = amount_vnd
    for name, value in fields.items():
        setattr(plan_line, name, value)
    keep(plan_line, by=by, reason=reason)
    if lowered and plan_line.kind in PlanLine.ASSIGNING:
        refuse_overcommitted(source=source, year=plan_line.year, since=plan_line.decision.decided_on)
    return plan_line


@transaction.atomic
def remove_plan(*, plan_line, by=None, reason=""):
    """Take out a plan line typed by mistake.

    Raises NotAllowed if it would leave less than is approved on any day, or no plan at all under what is approved.
    """
    guard_period(on=plan_line.decision.decided_on, by=by, reason=reason, changing=True)
    source, year = lock_row(plan_line.source), plan_line.year
    plan_line = lock_row(plan_line)
    plan_line._history_user, plan_line._change_reason = by, reason or None
    plan_line.delete()
    if plan_line.kind not in PlanLine.ASSIGNING:
        return
    refuse_overcommitted(source=source, year=year, since=plan_line.decision.decided_on)
    approved = approved_movements(source, year)
    if source.is_counted and approved and not plan_movements(source, year):
        raise NotAllowed(
            f"Đã phê duyệt {format_vnd(sum(vnd for _, vnd in approved))} đồng năm {year} của {source.name} "
            "nên không xóa dòng kế hoạch duy nhất được. Hãy sửa số tiền của dòng này."
        )


@transaction.atomic
def change_decision(*, decision, by=None, reason="", **fields):
    """Correct what a paper says of itself: number, day, agency, signer, subject.

    Its plan lines and what it decided for đề án follow its day. Raises NotAllowed if the plan would then fall below
    what is approved on any day, or the books of a đề án would break.
    """
    decision = lock_row(decision)
    before = decision.decided_on
    guard_period(on=before, by=by, reason=reason, changing=True)
    for name, value in fields.items():
        setattr(decision, name, value)
    moves = decision.decided_on != before
    if not moves:
        return keep(decision, by=by, reason=reason)
    guard_period(on=decision.decided_on, by=by, reason=reason, changing=True)
    redate_decision(decision=decision, by=by, reason=reason)
    touched = decision.plan_lines.assigned().order_by("source", "year").values_list("source", "year").distinct()
    locked = {source.pk: source for source in lock_sources({source for source, _ in touched})}
    for source, year in touched:
        refuse_overcommitted(source=locked[source], year=year, since=min(before, decision.decided_on))
    return decision


def still_too_small(source, year, since):
    """A warning where approvals entered before any plan exceed it: the decision is a fact and is kept."""
    found = plan_room(plan_movements(source, year), approved_movements(source, year), since)
    if source.is_counted and found and found[0] < 0:
        room, day = found
        return (
            f"Kinh phí đã phê duyệt năm {year} của {source.name} vượt kế hoạch {format_vnd(-room)} đồng "
            f"vào ngày {format_day(day)}."
        )
