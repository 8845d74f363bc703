"""The plan of a year, whose cuts only code that sees the approvals can refuse."""

from django.db import transaction

from funding.models import FundingSource, PlanLine
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.book_loading import approved_movements, plan_movements
from projects.books import plan_room
from projects.services.core import guard_period, keep


@transaction.atomic
def record_plan(*, decision, year, source, kind, amount_vnd, by=None, reason="", **fields):
    """Enter a plan line (VND, signed for adjustments).

    Raises NotAllowed if a cut would leave less than is approved on any day from the decision's on.
    """
    guard_period(on=decision.decided_on, by=by, reason=reason)
    source = FundingSource.objects.select_for_update(no_key=True).get(pk=source.pk)
    line = PlanLine(decision=decision, year=year, source=source, kind=kind, amount_vnd=amount_vnd, **fields)
    keep(line, by=by, reason=reason)
    if amount_vnd < 0:
        refuse_overcommitted(source=source, year=year, since=decision.decided_on)
    return line


@transaction.atomic
def change_plan(*, plan_line, amount_vnd, by=None, reason=""):
    """Correct the amount (VND) of a plan line in place; the same rule as ``record_plan``."""
    guard_period(on=plan_line.decision.decided_on, by=by, reason=reason, changing=True)
    source = FundingSource.objects.select_for_update(no_key=True).get(pk=plan_line.source_id)
    lowered = amount_vnd < plan_line.amount_vnd
    plan_line.amount_vnd = amount_vnd
    keep(plan_line, by=by, reason=reason)
    if lowered:
        refuse_overcommitted(source=source, year=plan_line.year, since=plan_line.decision.decided_on)
    return plan_line


def refuse_overcommitted(*, source, year, since):
    """Raise NotAllowed when a counted source has more approved than planned on any day from ``since`` on."""
    if not source.is_counted:
        return
    found = plan_room(plan_movements(source, year), approved_movements(source, year), since)
    if found and found[0] < 0:
        room, day = found
        raise NotAllowed(
            f"Kế hoạch năm {year} của {source.name} sẽ thấp hơn kinh phí đã phê duyệt {format_vnd(-room)} đồng "
            f"vào ngày {day:%d/%m/%Y}. Hãy giảm phê duyệt của các đề án trước."
        )
