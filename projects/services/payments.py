"""Money out to beneficiaries and providers, and back again."""

from django.db import transaction

from projects.book_loading import load_book
from projects.books import check_payment, check_recovery
from projects.models import Correction, LedgerEntry, Payment, Step
from projects.services.core import guard_period, keep, lock_lines, settle_stops, write


@transaction.atomic
def pay(*, line, source, amount_vnd, paid_on, step=Step.PAID, contract=None, voucher="", by=None, reason=""):
    """Pay ``amount_vnd`` (``step`` ADVANCED or PAID) while what is signed still covers it, net of recoveries.

    A line without contract is measured against what is approved. Raises NotAllowed, nothing saved, otherwise.
    """
    guard_period(on=paid_on, by=by, reason=reason)
    (line,) = lock_lines([line])
    book = load_book(line)
    check_payment(book, source=source.pk, source_name=source.name, amount_vnd=amount_vnd, on=paid_on)
    payment = keep(Payment(contract=contract, paid_on=paid_on, voucher=voucher), by=by, reason=reason)
    write(line=line, source=source, step=step, amount_vnd=amount_vnd, payment=payment, by=by, reason=reason)
    settle_stops([line], by=by, reason=reason)
    return payment


@transaction.atomic
def recover(*, line, source, amount_vnd, on, contract=None, voucher="", by=None, reason=""):
    """Take money back. After a stop it lowers approved, contracted and paid; on an active line paid alone."""
    guard_period(on=on, by=by, reason=reason)
    (line,) = lock_lines([line])
    book = load_book(line)
    check_recovery(book, source=source.pk, source_name=source.name, amount_vnd=amount_vnd, on=on)
    payment = keep(Payment(contract=contract, paid_on=on, voucher=voucher), by=by, reason=reason)
    write(
        line=line,
        source=source,
        step=Step.RECOVERED,
        amount_vnd=amount_vnd,
        payment=payment,
        by=by,
        reason=reason,
    )
    stopped = book.stop_in_force(on)
    if stopped and stopped.on < on:
        for step in (Step.APPROVED, Step.CONTRACTED):
            if step == Step.APPROVED or book.has(source.pk, Step.CONTRACTED):
                write(
                    line=line,
                    source=source,
                    step=step,
                    amount_vnd=-amount_vnd,
                    payment=payment,
                    by=by,
                    reason=reason,
                )
    settle_stops([line], by=by, reason=reason)
    return payment


@transaction.atomic
def correct(*, line, source, step, amount_vnd, on, reason, by):
    """A counter-row (signed VND) that mends a slip of a closed period, dated ``on``, with its reason and author."""
    guard_period(on=on, by=by, reason=reason)
    lock_lines([line])
    correction = keep(Correction(on=on, reason=reason, by=by), by=by, reason=reason)
    entry = LedgerEntry(line=line, source=source, step=step, amount_vnd=amount_vnd, on=on, correction=correction)
    return keep(entry, by=by, reason=reason)
