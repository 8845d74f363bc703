"""What every service does: lock, save with author and reason, write entries with their paper."""

from accounts.permissions import Action, can
from funding.models import FundingSource, Period
from khuyencong.dates import format_day
from khuyencong.errors import NeedsReason, NotAllowed
from khuyencong.money import format_vnd
from khuyencong.rows import keep
from projects.book_loading import approved_movements, load_books, plan_movements
from projects.books import Recovery, plan_room, settle_turns
from projects.models import PAPERS, LedgerEntry, Payment, ProjectDecision, ProjectLine, Step


def guard_period(*, on, by, reason="", changing=False):
    """Raise NotAllowed for a fact dated in a closed period: adding needs a reason, changing a manager's reason."""
    period = Period.objects.closed_over(on).first() if on else None
    if period is None:
        return
    may_mend = by is not None and can(by, Action.MEND_CLOSED)
    fault = closed_period_fault(period, on=on, reason=reason, changing=changing, may_mend=may_mend)
    if fault:
        raise NotAllowed(fault) if reason.strip() else NeedsReason(fault)


def closed_period_fault(period, *, on, reason, changing, may_mend) -> str | None:
    """Why a fact of the day may not be added to (or changed in) the closed period; None where it may."""
    if not reason.strip():
        return (
            f"Ngày {format_day(on)} thuộc kỳ {period} đã chốt số liệu. Hãy ghi lý do, hoặc dùng ngày của kỳ chưa chốt."
        )
    if changing and not may_mend:
        return f"Kỳ {period} đã chốt số liệu nên chỉ lãnh đạo sửa, xóa được. Hãy ghi dòng điều chỉnh mang ngày hôm nay."
    return None


def lock_row(row):
    """The row, freshly read and locked: what a rival saved a moment ago is seen and not overwritten."""
    return type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)


def lock_lines(lines):
    """The lines, freshly read and locked in a fixed order, so that two rivals never wait for each other."""
    ids = [line.pk for line in lines]
    return list(ProjectLine.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def lock_sources(sources):
    """The sources (ids), locked in a fixed order after the lines: rival approvals against one plan wait here."""
    return list(FundingSource.objects.select_for_update(no_key=True).filter(pk__in=sources).order_by("pk"))


def lock_source(source, book):
    """The source, locked with all others of the line's book: settling its stops may come to write for each of them."""
    return next(row for row in lock_sources({source.pk, *book.sources()}) if row.pk == source.pk)


def take_turn():
    """Wait for whoever writes facts already: every source, locked before the first line or paper.

    Papers, lines and sources hang together in more ways than one order of locks can follow. An office has a handful of
    people at the keyboard, and a save takes a moment: one after the other costs nothing and never ends in a deadlock.
    """
    list(FundingSource.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def write(*, line, source, step, amount_vnd, by=None, reason="", **paper):
    """One entry resting on ``paper`` (decision=, contract=, … exactly one); its day is the paper's."""
    ((name, row),) = paper.items()
    if name == "decision" and row.project_id != line.project_id:
        raise NotAllowed(f"Quyết định {row.paper_number} thuộc đề án khác nên không ghi được cho {line}.")
    entry = LedgerEntry(
        line=line, source=source, step=step, amount_vnd=amount_vnd, on=getattr(row, PAPERS[name]), **paper
    )
    return keep(entry, by=by, reason=reason)


def settle_stops(lines, *, by=None, reason=""):
    """Let stops, recoveries and resumptions of the lines write what is right after a fact dated before them.

    Raises NotAllowed where what they give back to approved money no longer fits the plan.
    """
    books = load_books(lines)
    raised = []
    for line in lines:
        for event, source, step, amount_vnd in settle_turns(books[line.pk]):
            guard_period(on=event.on, by=by, reason=reason)
            entry = LedgerEntry(
                line=line, source_id=source, step=step, amount_vnd=amount_vnd, on=event.on, **_paper_of(event)
            )
            keep(entry, by=by, reason=reason)
            if step == Step.APPROVED and amount_vnd > 0:
                raised.append((source, line.plan_year, event.on))
    locked = {source.pk: source for source in lock_sources({source for source, _, _ in raised})}
    for source, year, since in raised:
        refuse_overcommitted(source=locked[source], year=year, since=since)


def _paper_of(event):
    if isinstance(event, Recovery):
        return {"payment": Payment.objects.get(pk=event.payment_id)}
    return {"decision": ProjectDecision.objects.get(pk=event.decision_id)}


def refuse_overcommitted(*, source, year, since):
    """Raise NotAllowed when a counted source has more approved than planned on any day from ``since`` on."""
    if not source.is_counted:
        return
    found = plan_room(plan_movements(source, year), approved_movements(source, year), since)
    if found and found[0] < 0:
        room, day = found
        raise NotAllowed(
            f"Kinh phí đã phê duyệt năm {year} của {source.name} sẽ vượt kế hoạch {format_vnd(-room)} đồng "
            f"vào ngày {format_day(day)}. Hãy giảm phê duyệt của các đề án hoặc nhập quyết định tăng kế hoạch trước."
        )
