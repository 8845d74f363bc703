"""Money between the funder and the Centre: received, and returned to the budget."""

from django.db import transaction

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.models import BudgetReturn, Contract, Receipt
from projects.national import sources_of
from projects.services.core import guard_period, keep, lock_row, lock_sources
from projects.services.removing import erase

FIELDS = ("source", "year", "contract", "on", "amount_vnd", "voucher", "note")


@transaction.atomic
def record_receipt(*, by=None, reason="", **fields):
    """Money (VND, above 0) of a counted ``source`` and plan ``year`` received ``on`` a day; a row of ``FIELDS``.

    Raises NotAllowed, nothing saved, where the contract is no national one of that source, or is signed later.
    """
    return _record(Receipt(**fields), by=by, reason=reason)


@transaction.atomic
def record_return(*, by=None, reason="", **fields):
    """As ``record_receipt``, of money returned to the budget.

    Refused too where, on any day from its own on, more of the source and year would be returned than received, over
    all or under the contract.
    """
    return _record(BudgetReturn(**fields), by=by, reason=reason)


def _record(row, *, by, reason):
    guard_period(on=row.on, by=by, reason=reason)
    # Rivals that receive or return of the same source wait here, or each sees room for itself.
    lock_sources([row.source_id])
    _refuse_wrong_row(row)
    keep(row, by=by, reason=reason)
    _refuse_beyond_received({_part(row)})
    return row


@transaction.atomic
def change_funder_money(*, row, by, reason="", **fields):
    """Mend a receipt or a return; ``fields`` are those of ``FIELDS`` that change. Refused as a new one would be."""
    row = lock_row(row)
    guard_period(on=row.on, by=by, reason=reason, changing=True)
    before = _part(row)
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    guard_period(on=row.on, by=by, reason=reason, changing=True)
    lock_sources({before[0], row.source_id})
    _refuse_wrong_row(row)
    keep(row, by=by, reason=reason)
    _refuse_beyond_received({before, _part(row)})
    return row


@transaction.atomic
def remove_funder_money(*, row, by, reason=""):
    """Take out a receipt or a return entered by mistake. Refused while more would stand returned than received."""
    row = lock_row(row)
    guard_period(on=row.on, by=by, reason=reason, changing=True)
    lock_sources([row.source_id])
    part = _part(row)
    erase(row, by=by, reason=reason)
    _refuse_beyond_received({part})


def _part(row):
    return row.source_id, row.year, row.contract_id


def _refuse_wrong_row(row):
    if not row.source.is_counted:
        raise NotAllowed(f"{row.source} không tính vào kinh phí khuyến công nên không ghi nhận, nộp trả ở đây.")
    contract = row.contract
    if contract is None:
        return
    if contract.kind != Contract.Kind.NATIONAL:
        raise NotAllowed(
            f"Hợp đồng {contract} ký với cơ sở hoặc đơn vị thực hiện, không phải hợp đồng Cục – Trung tâm. "
            "Hãy chọn đúng hợp đồng, hoặc để trống."
        )
    sources = list(sources_of(contract))
    if row.source not in sources:
        names = ", ".join(source.name for source in sources)
        raise NotAllowed(f"Hợp đồng {contract} là của nguồn {names}, không phải {row.source}. Hãy chọn đúng nguồn.")
    if row.on < contract.signed_on:
        raise NotAllowed(
            f"Ngày {format_day(row.on)} trước ngày ký hợp đồng {contract} ({format_day(contract.signed_on)}). "
            "Hãy kiểm tra lại ngày."
        )


def _refuse_beyond_received(parts):
    """Raise NotAllowed where, on any day, more was returned than received of a source and year, or under a contract."""
    for source, year, contract in parts:
        _refuse_short({"source": source, "year": year})
        if contract:
            _refuse_short({"source": source, "contract": contract})


def _refuse_short(of):
    received = Receipt.objects.filter(**of)
    returned = BudgetReturn.objects.filter(**of).select_related("source", "contract")
    # What comes in on a day may go back on it.
    moves = [(row.on, 0, row.amount_vnd) for row in received] + [(row.on, 1, -row.amount_vnd) for row in returned]
    left = came = 0
    for on, _, amount_vnd in sorted(moves):
        left, came = left + amount_vnd, came + max(amount_vnd, 0)
        if left < 0:
            row = returned[0]
            what = f"hợp đồng {row.contract}" if "contract" in of else f"{row.source} năm {row.year}"
            raise NotAllowed(
                f"Đến ngày {format_day(on)}, số nộp trả của {what} sẽ là {format_vnd(came - left)} đồng, "
                f"vượt số đã nhận ({format_vnd(came)} đồng) {format_vnd(-left)} đồng. Hãy kiểm tra số tiền, ngày "
                "và năm kế hoạch, hoặc ghi khoản kinh phí đã nhận trước."
            )
