"""Signing contracts and annexes, and liquidating them."""

from django.db import transaction
from django.urls import reverse

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from khuyencong.text import fold
from projects.book_loading import load_books
from projects.books import BookRow, check_annex, check_signing
from projects.models import BudgetReturn, Contract, ContractAnnex, ContractLine, Receipt, Step
from projects.services.approvals import refuse_stopped
from projects.services.core import guard_period, keep, lock_lines, lock_row, settle_stops, write

LEDGER_STEP = {
    Contract.Kind.NATIONAL: Step.FUNDER_CONTRACTED,
    Contract.Kind.SUPPORT: Step.CONTRACTED,
    Contract.Kind.OTHER: Step.CONTRACTED,
}


@transaction.atomic
def sign_contract(*, kind, signed_on, shares, by=None, reason="", **fields):
    """Sign a contract over ``shares``: [(line, source, VND or None)], each line at least once.

    ``fields`` are further fields of ``Contract``. Raises NotAllowed, nothing saved, if a share exceeds what is
    approved for its line and source on any day from the signing on, the number is taken in that year, or a line
    has its support contract already.
    """
    guard_period(on=signed_on, by=by, reason=reason)
    lines = {line.pk: line for line in lock_lines([line for line, _, _ in shares])}
    books = load_books(lines.values())
    contract = Contract(kind=kind, signed_on=signed_on, **fields)
    refuse_wrong_contract(contract, lines.values(), shares)
    keep(contract, by=by, reason=reason)
    for line in lines.values():
        refuse_stopped(line, signed_on, book=books[line.pk])
        if kind == Contract.Kind.SUPPORT:
            refuse_second_contract(line, line.contracts.filter(kind=kind).first())
        keep(ContractLine(contract=contract, line=line, on=signed_on), by=by, reason=reason)
    for line, source, amount_vnd in shares:
        if kind != Contract.Kind.NATIONAL:
            book = books[line.pk]
            check_signing(book, source=source.pk, source_name=source.name, amount_vnd=amount_vnd, on=signed_on)
            # The next share of the same line and source finds this one already taken.
            book.rows.append(BookRow(source.pk, Step.CONTRACTED, signed_on, amount_vnd))
        write(
            line=lines[line.pk],
            source=source,
            step=LEDGER_STEP[kind],
            amount_vnd=amount_vnd,
            contract=contract,
            by=by,
            reason=reason,
        )
    settle_stops(lines.values(), by=by, reason=reason)
    return contract


def refuse_wrong_contract(contract, lines, shares=()):
    """Raise NotAllowed for what the contract's own row cannot tell."""
    contract.set_keys()
    _refuse_taken_number(contract)
    _refuse_moving_away(contract)
    if contract.ends_on and not contract.starts_on and contract.ends_on < contract.signed_on:
        raise NotAllowed(
            f"Ngày kết thúc {format_day(contract.ends_on)} không được trước ngày ký {format_day(contract.signed_on)}."
        )
    for line, source, amount_vnd in shares:
        if amount_vnd is not None and amount_vnd < 0:
            raise NotAllowed(f"Kinh phí ký cho {line} từ {source} không được âm.")
    for line in lines if contract.kind == Contract.Kind.SUPPORT else ():
        if line.beneficiary_id is None:
            raise NotAllowed(
                "Dòng này chưa có tên cơ sở thụ hưởng. Hãy ghi tên cơ sở trước, hoặc chọn loại hợp đồng khác.",
                way_out=line.get_absolute_url(),
            )
        if line.beneficiary_id != contract.beneficiary_id:
            raise NotAllowed(
                f"Hợp đồng hỗ trợ ký với {contract.beneficiary or 'cơ sở chưa ghi tên'} "
                f"nhưng dòng đề án ghi {line.beneficiary}. Hãy chọn đúng dòng của cơ sở."
            )


def _refuse_moving_away(contract):
    """Raise NotAllowed where money came or went under a national contract that would be none, or signed only later."""
    for model in (Receipt, BudgetReturn) if contract.pk else ():
        money = model.objects.filter(contract=contract).first()
        is_national = contract.kind == Contract.Kind.NATIONAL
        if money and (not is_national or money.on < contract.signed_on):
            what = f"{model._meta.verbose_name} ngày {format_day(money.on)} theo hợp đồng {contract}"
            fault = "ngày ký không được sau ngày đó" if is_national else "hợp đồng này phải là hợp đồng Cục – Trung tâm"
            raise NotAllowed(f"Đã ghi {what} nên {fault}. Hãy sửa khoản đó trước.")


def refuse_second_contract(line, signed):
    """Raise NotAllowed for another support contract of the line beside ``signed``, the one it has, if any."""
    if signed:
        raise NotAllowed(
            f"{line} đã có hợp đồng {signed} ngày {format_day(signed.signed_on)}. "
            "Muốn đổi số tiền hoặc thời hạn, hãy nhập phụ lục của hợp đồng đó.",
            way_out=signed.get_absolute_url() if signed.pk else None,
        )


def _refuse_taken_number(contract):
    taken = (
        Contract.objects.filter(kind=contract.kind, year=contract.year, number_key=contract.number_key)
        .exclude(number_key="")
        .exclude(pk=contract.pk)
        .select_related("beneficiary")
        .first()
    )
    if taken:
        partner = f", ký với {taken.beneficiary}" if taken.beneficiary else ""
        raise NotAllowed(f"Số hợp đồng {contract.number} đã có trong năm {contract.year}{partner}.")


@transaction.atomic
def sign_annex(*, contract, signed_on, changes=(), ends_on=None, number="", by=None, reason=""):
    """Change the end or the amounts of a contract: ``changes`` are [(line, source, signed difference in VND)].

    Raises NotAllowed if a rise exceeds what is approved or the contract has an annex of that number. Returns the
    annex; ``annex.warnings`` lists Vietnamese sentences where an amount falls below what was paid, with the rest to
    be recovered.
    """
    guard_period(on=signed_on, by=by, reason=reason)
    lines = {line.pk: line for line in lock_lines([line for line, _, _ in changes])}
    books = load_books(lines.values())
    annex = ContractAnnex(contract=contract, signed_on=signed_on, ends_on=ends_on, number=number, reason=reason)
    refuse_wrong_annex(annex)
    keep(annex, by=by, reason=reason)
    annex.warnings = []
    for line, source, amount_vnd in changes:
        if not contract.contract_lines.filter(line=line).exists():
            raise NotAllowed(f"{line} không thuộc hợp đồng {contract}.")
        if contract.kind != Contract.Kind.NATIONAL:
            annex.warnings += _change_of(books[line.pk], line, source, amount_vnd, signed_on)
        write(
            line=lines[line.pk],
            source=source,
            step=LEDGER_STEP[contract.kind],
            amount_vnd=amount_vnd,
            annex=annex,
            by=by,
            reason=reason,
        )
    settle_stops(lines.values(), by=by, reason=reason)
    return annex


def refuse_wrong_annex(annex):
    """Raise NotAllowed for what the annex's own row cannot tell."""
    refuse_early_annex(annex.contract, annex.signed_on)
    if annex.ends_on and annex.ends_on < annex.contract.start_on:
        day = format_day(annex.contract.start_on)
        raise NotAllowed(
            f"Ngày kết thúc mới {format_day(annex.ends_on)} không được trước ngày bắt đầu {day}.", field="ends_on"
        )
    others = annex.contract.annexes.exclude(pk=annex.pk)
    same = next((each for each in others if annex.number and fold(each.number) == fold(annex.number)), None)
    if same:
        raise NotAllowed(
            f"Hợp đồng này đã có phụ lục số {same.number}, ký ngày {format_day(same.signed_on)}. "
            "Hãy nhập số khác, hoặc sửa phụ lục đó.",
            way_out=reverse("projects:annex_edit", args=[same.pk]),
            field="number",
        )


def refuse_early_annex(contract, signed_on):
    if signed_on < contract.signed_on:
        raise NotAllowed(
            f"Ngày ký phụ lục {format_day(signed_on)} trước ngày ký hợp đồng {format_day(contract.signed_on)}.",
            field="signed_on",
        )


def _change_of(book, line, source, amount_vnd, on):
    """Check one change and enter it in the book; the warnings it gives rise to."""
    rest = check_annex(book, source=source.pk, source_name=source.name, amount_vnd=amount_vnd, on=on)
    book.rows.append(BookRow(source.pk, Step.CONTRACTED, on, amount_vnd))
    if not rest:
        return []
    return [f"{line}: đã chi vượt hợp đồng sau phụ lục, phải thu hồi {format_vnd(rest)} đồng từ {source.name}."]


@transaction.atomic
def liquidate_contract(*, contract, on, number="", by=None, reason=""):
    """Thanh lý: a dated event of the contract. Raises NotAllowed before its signing."""
    contract = lock_row(contract)
    guard_period(on=on, by=by, reason=reason)
    if contract.liquidated_on:
        guard_period(on=contract.liquidated_on, by=by, reason=reason, changing=True)
    contract.liquidated_on, contract.liquidation_number = on, number
    return keep(contract, by=by, reason=reason)
