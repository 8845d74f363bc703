"""Steps of a đề án on paper and the money they request, approve or adjust."""

from django.db import transaction

from funding.models import FundingSource
from khuyencong.errors import NotAllowed
from projects.book_loading import approved_movements, load_book, plan_movements
from projects.books import check_plan
from projects.models import ProjectDecision, Step
from projects.services.core import guard_period, keep, lock_lines, settle_stops, write


@transaction.atomic
def record_step(*, project, kind, on, by=None, line=None, decision=None, number="", reason="", **details):
    """A dated step that moves no money by itself (registered, appraised, returned, extended …).

    ``details`` are further fields of ``ProjectDecision``. Raises NotAllowed when ``on`` is not the decision's day.
    """
    if decision and decision.decided_on != on:
        raise NotAllowed(f"Ngày {on:%d/%m/%Y} khác ngày ký {decision.decided_on:%d/%m/%Y} của quyết định {decision}.")
    guard_period(on=on, by=by, reason=reason)
    step = ProjectDecision(
        project=project,
        line=line,
        kind=kind,
        on=on,
        decision=decision,
        number=number,
        reason=reason,
        **details,
    )
    return keep(step, by=by, reason=reason)


@transaction.atomic
def request_support(*, line, source, amount_vnd, decision, by=None, reason=""):
    """Money asked for (VND, a signed difference; None when not known)."""
    guard_period(on=decision.on, by=by, reason=reason)
    return write(
        line=line,
        source=source,
        step=Step.REQUESTED,
        amount_vnd=amount_vnd,
        decision=decision,
        by=by,
        reason=reason,
    )


@transaction.atomic
def approve_support(*, line, source, amount_vnd, decision, by=None, reason=""):
    """Approve ``amount_vnd`` of ``source`` for ``line`` (a signed difference; None when not known).

    Raises NotAllowed, nothing saved, if a counted source's approvals of the plan year would exceed its plan (VND)
    on any day from the decision's on, or if the line is stopped.
    Returns the entry; ``entry.warning`` holds a Vietnamese sentence where no plan stands yet, else None.
    """
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    # Lock the row that rival approvals read, or each sees room for itself.
    source = FundingSource.objects.select_for_update(no_key=True).get(pk=source.pk)
    refuse_stopped(line, decision.on)
    warning = None
    if source.is_counted:
        warning = check_plan(
            plan_movements(source, line.plan_year),
            approved_movements(source, line.plan_year),
            source_name=source.name,
            year=line.plan_year,
            amount_vnd=amount_vnd or 0,
            on=decision.on,
        )
    entry = write(
        line=line,
        source=source,
        step=Step.APPROVED,
        amount_vnd=amount_vnd,
        decision=decision,
        by=by,
        reason=reason,
    )
    settle_stops([line], by=by, reason=reason)
    entry.warning = warning
    return entry


def refuse_stopped(line, on):
    """Raise NotAllowed if the line is stopped on the day: nothing new is promised to it before a resumption."""
    stop = load_book(line).stop_in_force(on)
    if stop:
        raise NotAllowed(f"{line} đã ngừng từ ngày {stop.on:%d/%m/%Y}. Hãy nhập quyết định tiếp tục triển khai trước.")
