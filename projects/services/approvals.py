"""Steps of a đề án on paper and the money they request, approve or adjust."""

from django.db import transaction
from django.db.models import Q

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from projects.book_loading import approved_movements, load_book, plan_movements
from projects.books import TURNED_AWAY, BookRow, check_approval, check_plan, least_room
from projects.models import ProjectDecision, Step
from projects.services.core import guard_period, keep, lock_lines, lock_source, settle_stops, write


@transaction.atomic
def record_step(*, project, kind, on, by=None, line=None, decision=None, number="", reason="", **details):
    """A dated step that moves no money by itself (registered, appraised, returned, extended …).

    Stops and resumptions move money: they have services of their own.
    ``details`` are further fields of ``ProjectDecision``. Raises NotAllowed when ``on`` is not the decision's day,
    or what is to be returned or refused is stopped then.
    """
    if decision and decision.decided_on != on:
        raise NotAllowed(
            f"Ngày {format_day(on)} khác ngày ký {format_day(decision.decided_on)} của quyết định {decision}."
        )
    if line and line.project_id != project.pk:
        raise NotAllowed(f"{line} không thuộc đề án {project.code}.")
    guard_period(on=on, by=by, reason=reason)
    if kind in TURNED_AWAY:
        # Of stop, refusal and return the latest decides: the stop would no longer hold, its money stay taken.
        for each in lock_lines([line] if line else project.lines.filter(Q(left_on=None) | Q(left_on__gt=on))):
            refuse_stopped(each, on)
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
    """Money asked for (VND, a signed difference; None when not known). Raises NotAllowed below 0 in all."""
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    if amount_vnd is not None and amount_vnd < 0:
        requested = load_book(line).movements(source.pk, Step.REQUESTED)
        if least_room(requested, [], decision.on)[0] + amount_vnd < 0:
            raise NotAllowed(f"Kinh phí đề nghị từ {source} không được âm. Hãy kiểm tra lại số tiền.")
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
    on any day from the decision's on, if the line is stopped or gone, or if its support would fall below 0.
    Returns the entry; ``entry.warning`` is a Vietnamese sentence where no plan stands yet or a cut leaves less than
    is signed or paid, else None. Once all money of the decision is entered, ``apply_norms`` copies what it was held
    against.
    """
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    book = load_book(line)
    # Lock the row that rival approvals read, or each sees room for itself.
    source = lock_source(source, book)
    refuse_stopped(line, decision.on, book=book)
    cut = check_approval(book, source=source.pk, source_name=source.name, amount_vnd=amount_vnd, on=decision.on)
    warning = check_year(source, line.plan_year, amount_vnd, decision.on, book=book)
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
    entry.warning = cut or warning
    return entry


def check_year(source, year, amount_vnd, on, *, book=None):
    """``check_plan`` of a counted source, locked by the caller; a warning or None.

    ``book``: the line's, whose later stop takes back what an approval dated before it gives.
    """
    if not source.is_counted or amount_vnd is None or amount_vnd <= 0:
        return None
    approved = approved_movements(source, year)
    if book:
        _, owed = book.trial(BookRow(source.pk, Step.APPROVED, on, amount_vnd))
        approved += [(event.on, vnd) for event, of, step, vnd in owed if of == source.pk and step == Step.APPROVED]
    return check_plan(
        plan_movements(source, year), approved, source_name=source.name, year=year, amount_vnd=amount_vnd, on=on
    )


def refuse_stopped(line, on, *, book=None):
    """Raise NotAllowed if the line is stopped or gone on the day: nothing new is promised to it then."""
    if line.left_on and line.left_on <= on:
        raise NotAllowed(f"{line} đã rời đề án từ ngày {format_day(line.left_on)}. Hãy ghi cho dòng thay thế.")
    stop = (book or load_book(line)).stop_in_force(on)
    if stop:
        raise NotAllowed(
            f"{line} đã ngừng từ ngày {format_day(stop.on)}. Hãy nhập quyết định tiếp tục triển khai trước."
        )
