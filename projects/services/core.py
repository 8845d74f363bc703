"""What every service does: lock, save with author and reason, write entries with their paper."""

from django.core.exceptions import ValidationError

from accounts.permissions import Action, can
from funding.models import Period
from khuyencong.errors import NotAllowed
from projects.book_loading import load_books
from projects.books import settle_turns
from projects.models import PAPERS, LedgerEntry, ProjectDecision, ProjectLine


def keep(row, *, by=None, reason=""):
    """Validate and save ``row`` with its author in the history. Raises NotAllowed with the field's own words."""
    row._history_user = by
    row._change_reason = reason or None
    try:
        row.full_clean()
    except ValidationError as error:
        raise NotAllowed(" ".join(error.messages)) from error
    row.save()
    return row


def guard_period(*, on, by, reason="", changing=False):
    """Raise NotAllowed for a fact dated in a closed period: adding needs a reason, changing a manager's reason."""
    period = Period.objects.closed_over(on).first() if on else None
    if period is None:
        return
    if not reason.strip():
        raise NotAllowed(
            f"Ngày {on:%d/%m/%Y} thuộc kỳ {period} đã chốt số liệu. Hãy ghi lý do, hoặc dùng ngày của kỳ chưa chốt."
        )
    if changing and (by is None or not can(by, Action.MEND_CLOSED)):
        raise NotAllowed(
            f"Kỳ {period} đã chốt số liệu nên chỉ lãnh đạo sửa, xóa được. Hãy ghi dòng điều chỉnh mang ngày hôm nay."
        )


def lock_lines(lines):
    """The lines, freshly read and locked in a fixed order, so that two rivals never wait for each other."""
    ids = [line.pk for line in lines]
    return list(ProjectLine.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def write(*, line, source, step, amount_vnd, by=None, reason="", **paper):
    """One entry resting on ``paper`` (decision=, contract=, … exactly one); its day is the paper's."""
    ((name, row),) = paper.items()
    entry = LedgerEntry(
        line=line, source=source, step=step, amount_vnd=amount_vnd, on=getattr(row, PAPERS[name]), **paper
    )
    return keep(entry, by=by, reason=reason)


def settle_stops(lines, *, by=None, reason=""):
    """Let stops and resumptions of the lines take or give back what is right after a fact dated before them."""
    books = load_books(lines)
    for line in lines:
        for turn, source, step, amount_vnd in settle_turns(books[line.pk]):
            paper = ProjectDecision.objects.get(pk=turn.decision_id)
            entry = LedgerEntry(
                line=line, source_id=source, step=step, amount_vnd=amount_vnd, on=paper.on, decision=paper
            )
            keep(entry, by=by, reason=reason)
