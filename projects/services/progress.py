"""Following the work: difficulties raised and closed, visits, slips of a milestone."""

from django.db import transaction

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from projects.services.core import guard_period, keep, lock_row


@transaction.atomic
def record_difficulty(*, difficulty, by=None, reason="", was_days=()):
    """Keep a difficulty, new or mended; ``was_days``: the days it had before. A closed period asks for a reason."""
    _guard([difficulty.raised_on, difficulty.closed_on], was_days, by=by, reason=reason)
    return keep(difficulty, by=by, reason=reason)


@transaction.atomic
def close_difficulty(*, difficulty, closed_on, outcome, by=None, reason=""):
    """Raises NotAllowed when it was closed already, naming the day."""
    guard_period(on=closed_on, by=by, reason=reason)
    difficulty = lock_row(difficulty)
    if difficulty.closed_on:
        raise NotAllowed(f"Việc này đã giải quyết xong ngày {format_day(difficulty.closed_on)}.")
    difficulty.closed_on, difficulty.outcome = closed_on, outcome
    return keep(difficulty, by=by, reason=reason)


@transaction.atomic
def record_visit(*, visit, was_on=None, by=None, reason=""):
    """Keep a visit, new or mended; ``was_on``: the day it had before. A closed period asks for a reason."""
    _guard([visit.visited_on], [was_on], by=by, reason=reason)
    return keep(visit, by=by, reason=reason)


@transaction.atomic
def mend_milestone(*, milestone, due_on=None, was_done_on=None, by=None, reason=""):
    """Mend a slip in a milestone; ``due_on`` mends the due day in force, None leaves it. ``was_done_on``: as stored."""
    _guard([milestone.done_on], [was_done_on], by=by, reason=reason)
    due = milestone.dues.order_by("-set_on", "-pk").first()
    if due and due_on and due.due_on != due_on:
        guard_period(on=due.set_on, by=by, reason=reason, changing=True)
        due.due_on = due_on
        keep(due, by=by, reason=reason)
    return keep(milestone, by=by, reason=reason)


def _guard(days, was_days, *, by, reason):
    """Changing what a closed period holds is its manager's; adding to it asks for a reason."""
    for day in was_days:
        guard_period(on=day, by=by, reason=reason, changing=True)
    for day in set(days) - set(was_days):
        guard_period(on=day, by=by, reason=reason)
