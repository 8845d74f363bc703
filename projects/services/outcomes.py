"""What came of the work: acceptance, settlement, milestones."""

from django.db import transaction

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from projects.book_loading import load_book
from projects.books import check_acceptance, check_outcome
from projects.models import Acceptance, Milestone, MilestoneDue, Settlement, Step
from projects.services.core import guard_period, keep, lock_lines, lock_row, write


@transaction.atomic
def accept(*, line, accepted_on, amounts, result=Acceptance.Result.PASSED, by=None, reason="", **fields):
    """Hold the acceptance of a line: ``amounts`` is {source: support accepted in VND, None when not known}.

    A failed acceptance accepts nothing. Raises NotAllowed before the line's contract is signed.
    ``acceptance.warnings`` lists Vietnamese sentences where more is accepted than was signed.
    """
    guard_period(on=accepted_on, by=by, reason=reason)
    (line,) = lock_lines([line])
    book = load_book(line)
    check_acceptance(book, on=accepted_on)
    acceptance = keep(Acceptance(line=line, accepted_on=accepted_on, result=result, **fields), by=by, reason=reason)
    acceptance.warnings = []
    if result in Acceptance.PASSING:
        for source, amount_vnd in amounts.items():
            acceptance.warnings += _warnings(book, line, source, Step.ACCEPTED, amount_vnd, accepted_on)
            write(
                line=line,
                source=source,
                step=Step.ACCEPTED,
                amount_vnd=amount_vnd,
                acceptance=acceptance,
                by=by,
                reason=reason,
            )
    return acceptance


def _warnings(book, line, source, step, amount_vnd, on):
    warning = check_outcome(book, source=source.pk, source_name=source.name, step=step, amount_vnd=amount_vnd, on=on)
    return [f"{line}: {warning}"] if warning else []


@transaction.atomic
def settle(
    *, line, settled_on, amounts, requested=None, party=Settlement.Party.BENEFICIARY, by=None, reason="", **fields
):
    """Settle a line: ``amounts`` is {source: VND}; one settlement a source, or one when none is known.

    ``requested``: {source: VND} that the dossier asked for, as far as known.
    Each has ``warnings``, Vietnamese sentences where more is settled with the beneficiary than was signed.
    """
    guard_period(on=settled_on, by=by, reason=reason)
    (line,) = lock_lines([line])
    step = Step.SETTLED if party == Settlement.Party.BENEFICIARY else Step.FUNDER_SETTLED
    book = load_book(line)
    settlements = []
    for source, amount_vnd in (amounts or {None: None}).items():
        asked = (requested or {}).get(source)
        settlement = Settlement(
            line=line, source=source, party=party, settled_on=settled_on, requested_vnd=asked, **fields
        )
        settlements.append(keep(settlement, by=by, reason=reason))
        settlement.warnings = []
        if amount_vnd is not None and party == Settlement.Party.BENEFICIARY:
            settlement.warnings += _warnings(book, line, source, step, amount_vnd, settled_on)
        if amount_vnd is not None:
            write(
                line=line,
                source=source,
                step=step,
                amount_vnd=amount_vnd,
                settlement=settlement,
                by=by,
                reason=reason,
            )
    return settlements


@transaction.atomic
def set_milestone(*, project, name, due_on, set_on, line=None, responsible="", by=None, reason=""):
    """A new milestone with its first due day."""
    guard_period(on=set_on, by=by, reason=reason)
    milestone = keep(Milestone(project=project, line=line, name=name, responsible=responsible), by=by, reason=reason)
    keep(MilestoneDue(milestone=milestone, due_on=due_on, set_on=set_on), by=by, reason=reason)
    return milestone


@transaction.atomic
def postpone_milestone(*, milestone, due_on, set_on, reason, by=None):
    """A later (or earlier) due day from ``set_on`` on; the days before keep the one they had."""
    guard_period(on=set_on, by=by, reason=reason)
    return keep(MilestoneDue(milestone=milestone, due_on=due_on, set_on=set_on, reason=reason), by=by, reason=reason)


@transaction.atomic
def complete_milestone(*, milestone, done_on, by=None, reason=""):
    """Raises NotAllowed when it was done already, naming the day."""
    guard_period(on=done_on, by=by, reason=reason)
    milestone = lock_row(milestone)
    if milestone.done_on:
        raise NotAllowed(f"Mốc này đã hoàn thành ngày {format_day(milestone.done_on)}.")
    milestone.done_on = done_on
    return keep(milestone, by=by, reason=reason)
