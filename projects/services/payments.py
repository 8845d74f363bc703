"""Money out to beneficiaries and providers, and back again."""

from django.db import transaction

from khuyencong.errors import NotAllowed
from projects.book_loading import load_book
from projects.books import check_correction, check_payment, check_recovery
from projects.models import Correction, LedgerEntry, Payment, Step
from projects.services.approvals import check_year
from projects.services.core import guard_period, keep, lock_lines, lock_source, settle_stops, write


@transaction.atomic
def pay(*, line, source, amount_vnd, paid_on, step=Step.PAID, contract=None, voucher="", by=None, reason=""):
    """Pay ``amount_vnd`` (``step`` ADVANCED or PAID) while what is signed still covers it, net of recoveries.

    A line without contract is measured against what is approved. A payment dated before a stop raises what the stop
    left. Raises NotAllowed, nothing saved, otherwise.
    """
    guard_period(on=paid_on, by=by, reason=reason)
    _refuse_no_amount(amount_vnd)
    _refuse_other_contract(contract, line)
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
    _refuse_no_amount(amount_vnd)
    _refuse_other_contract(contract, line)
    (line,) = lock_lines([line])
    check_recovery(load_book(line), source=source.pk, source_name=source.name, amount_vnd=amount_vnd, on=on)
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
    settle_stops([line], by=by, reason=reason)
    return payment


def _refuse_no_amount(amount_vnd):
    if amount_vnd is None or amount_vnd <= 0:
        raise NotAllowed("Số tiền phải lớn hơn 0.")


def _refuse_other_contract(contract, line):
    if contract and not contract.contract_lines.filter(line=line).exists():
        raise NotAllowed(f"{line} không thuộc hợp đồng {contract}.")


@transaction.atomic
def correct(*, line, source, step, amount_vnd, on, reason, by):
    """A counter-row (signed VND) that mends a slip of a closed period, dated ``on``, with its reason and author.

    It obeys the rules of its step: approved within the plan, signed within approved, paid within signed, none below 0.
    """
    guard_period(on=on, by=by, reason=reason)
    (line,) = lock_lines([line])
    book = load_book(line)
    check_correction(book, source=source.pk, source_name=source.name, step=step, amount_vnd=amount_vnd, on=on)
    if step == Step.APPROVED:
        check_year(lock_source(source, book), line.plan_year, amount_vnd, on)
    correction = keep(Correction(on=on, reason=reason, by=by), by=by, reason=reason)
    entry = LedgerEntry(line=line, source=source, step=step, amount_vnd=amount_vnd, on=on, correction=correction)
    keep(entry, by=by, reason=reason)
    settle_stops([line], by=by, reason=reason)
    return entry
