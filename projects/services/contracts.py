"""Signing contracts and annexes, and liquidating them."""

from django.db import transaction

from khuyencong.errors import NotAllowed
from projects.book_loading import load_books
from projects.books import check_signing, total
from projects.models import Contract, ContractAnnex, ContractLine, Step
from projects.services.approvals import refuse_stopped
from projects.services.core import guard_period, keep, lock_lines, settle_stops, write

LEDGER_STEP = {
    Contract.Kind.NATIONAL: Step.FUNDER_CONTRACTED,
    Contract.Kind.SUPPORT: Step.CONTRACTED,
    Contract.Kind.OTHER: Step.CONTRACTED,
}


@transaction.atomic
def sign_contract(*, kind, signed_on, shares, by=None, reason="", **fields):
    """Sign a contract over ``shares``: [(line, source, VND or None)], each line at least once.

    ``fields`` are further fields of ``Contract``. Raises NotAllowed, nothing saved, if a share exceeds what is
    approved for its line and source on any day from the signing on, or the number is taken in that year.
    """
    guard_period(on=signed_on, by=by, reason=reason)
    lines = {line.pk: line for line in lock_lines([line for line, _, _ in shares])}
    contract = Contract(kind=kind, signed_on=signed_on, **fields)
    contract.set_keys()
    _refuse_taken_number(contract)
    keep(contract, by=by, reason=reason)
    for line in lines.values():
        refuse_stopped(line, signed_on)
        keep(ContractLine(contract=contract, line=line, on=signed_on), by=by, reason=reason)
    books = load_books(lines.values())
    for line, source, amount_vnd in shares:
        if kind != Contract.Kind.NATIONAL:
            check_signing(
                books[line.pk], source=source.pk, source_name=source.name, amount_vnd=amount_vnd, on=signed_on
            )
        write(
            line=lines[line.pk],
            source=source,
            step=LEDGER_STEP[kind],
            amount_vnd=amount_vnd,
            contract=contract,
            by=by,
            reason=reason,
        )
    return contract


def _refuse_taken_number(contract):
    taken = (
        Contract.objects.filter(kind=contract.kind, year=contract.year, number_key=contract.number_key)
        .exclude(number_key="")
        .select_related("beneficiary")
        .first()
    )
    if taken:
        partner = f", ký với {taken.beneficiary}" if taken.beneficiary else ""
        raise NotAllowed(f"Số hợp đồng {contract.number} đã có trong năm {contract.year}{partner}.")


@transaction.atomic
def sign_annex(*, contract, signed_on, changes=(), ends_on=None, number="", by=None, reason=""):
    """Change the end or the amounts of a contract: ``changes`` are [(line, source, signed difference in VND)].

    Raises NotAllowed if a rise exceeds what is approved. Returns the annex; ``annex.warnings`` lists Vietnamese
    sentences where an amount falls below what was paid, with the rest to be recovered.
    """
    guard_period(on=signed_on, by=by, reason=reason)
    if signed_on < contract.signed_on:
        raise NotAllowed(f"Ngày ký phụ lục {signed_on:%d/%m/%Y} trước ngày ký hợp đồng {contract.signed_on:%d/%m/%Y}.")
    if ends_on and contract.starts_on and ends_on < contract.starts_on:
        raise NotAllowed("Ngày kết thúc không được trước ngày bắt đầu.")
    lines = lock_lines([line for line, _, _ in changes])
    books = load_books(lines)
    annex = ContractAnnex(contract=contract, signed_on=signed_on, ends_on=ends_on, number=number, reason=reason)
    keep(annex, by=by, reason=reason)
    annex.warnings = []
    for line, source, amount_vnd in changes:
        book = books[line.pk]
        check_signing(book, source=source.pk, source_name=source.name, amount_vnd=amount_vnd, on=signed_on)
        after = total(book.movements(source.pk, Step.CONTRACTED)) + amount_vnd
        if after < 0:
            raise NotAllowed(f"Phụ lục làm số đã ký của {line} xuống dưới 0. Hãy kiểm tra lại số tiền giảm.")
        to_recover = total(book.net_paid(source.pk)) - after
        if to_recover > 0:
            annex.warnings.append(f"{line}: đã chi vượt hợp đồng sau phụ lục, phải thu hồi {to_recover:,} đồng.")
        step = LEDGER_STEP[contract.kind]
        write(line=line, source=source, step=step, amount_vnd=amount_vnd, annex=annex, by=by, reason=reason)
    settle_stops(lines, by=by, reason=reason)
    return annex


@transaction.atomic
def liquidate_contract(*, contract, on, number="", by=None, reason=""):
    """Thanh lý: a dated event of the contract. Raises NotAllowed before its signing."""
    guard_period(on=on, by=by, reason=reason)
    contract.liquidated_on, contract.liquidation_number = on, number
    contract.version += 1
    return keep(contract, by=by, reason=reason)
