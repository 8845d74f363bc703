"""Repayable support: the instalments agreed, one put off, one taken out. What comes back is a recovery."""

from django.db import transaction

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.book_loading import load_book
from projects.books import total
from projects.models import Instalment, Step
from projects.repayable import standing
from projects.services.core import guard_period, keep, lock_lines, lock_row
from projects.services.removing import erase


@transaction.atomic
def set_instalments(*, line, source, instalments, set_on, by=None, reason=""):
    """``instalments`` [(due_on, VND above 0)] of a counted source, agreed on ``set_on``, beside those there are.

    Raises NotAllowed, nothing saved, where one falls due before it is agreed, or all are more than is promised.
    """
    guard_period(on=set_on, by=by, reason=reason)
    (line,) = lock_lines([line])
    rows = [
        keep(
            _checked(Instalment(line=line, source=source, due_on=due_on, amount_vnd=vnd, set_on=set_on)),
            by=by,
            reason=reason,
        )
        for due_on, vnd in sorted(instalments)
    ]
    _refuse_beyond_promised(line, source, set_on)
    return rows


@transaction.atomic
def put_off_instalment(*, instalment, due_on, set_on, why, amount_vnd=None, by=None, reason=""):
    """Another term (and amount, where given) from ``set_on`` on; the days before keep the one they had."""
    guard_period(on=set_on, by=by, reason=reason)
    (line,) = lock_lines([instalment.line])
    old = lock_row(instalment)
    if Instalment.objects.filter(replaces=old).exists():
        raise NotAllowed(f"Kỳ hạn {format_day(old.due_on)} đã được đổi rồi. Hãy đổi kỳ đang áp dụng.")
    if set_on < old.set_on:
        raise NotAllowed(f"Ngày thỏa thuận đổi hạn phải từ {format_day(old.set_on)}, ngày thỏa thuận kỳ này.")
    row = Instalment(
        line=line,
        source=old.source,
        due_on=due_on,
        amount_vnd=amount_vnd or old.amount_vnd,
        set_on=set_on,
        replaces=old,
        reason=why,
    )
    keep(_checked(row), by=by, reason=reason)
    _refuse_beyond_promised(line, old.source, set_on)
    return row


@transaction.atomic
def remove_instalment(*, instalment, by, reason=""):
    """Take out one entered by mistake; the one that it put off stands again."""
    row = lock_row(instalment)
    (line,) = lock_lines([row.line])
    guard_period(on=row.set_on, by=by, reason=reason, changing=True)
    erase(row, by=by, reason=reason)
    _refuse_beyond_promised(line, row.source, row.set_on)


def _checked(row):
    if not row.source.is_counted:
        raise NotAllowed(f"{row.source} không tính vào kinh phí khuyến công nên không có kế hoạch hoàn trả.")
    if row.amount_vnd <= 0:
        raise NotAllowed("Số tiền của mỗi kỳ phải lớn hơn 0.")
    if row.due_on < row.set_on:
        raise NotAllowed(
            f"Hạn hoàn trả {format_day(row.due_on)} trước ngày thỏa thuận {format_day(row.set_on)}. "
            "Hãy kiểm tra lại hai ngày này."
        )
    return row


def _refuse_beyond_promised(line, source, on):
    """All that is to come back is, from ``on`` on, no more than what is signed (without contract: approved)."""
    book = load_book(line)
    step = book.limit_of_payments(source.pk)
    if step is None:
        return
    promised = total(book.movements(source.pk, step))
    agreed = Instalment.objects.filter(line=line, source=source)
    days = {on, *agreed.filter(set_on__gt=on).values_list("set_on", flat=True)}
    planned = max(sum(row.amount_vnd for row in standing(agreed, day)) for day in days)
    if planned > promised:
        what = "số đã ký" if step == Step.CONTRACTED else "kinh phí được duyệt"
        raise NotAllowed(
            f"Các kỳ hoàn trả cộng lại {format_vnd(planned)} đồng, vượt {what} {format_vnd(promised)} đồng từ "
            f"{source.name}. Hãy giảm số tiền các kỳ."
        )
