"""What the Centre holds of the funder's money: received less paid (net of recoveries) less returned. VND."""

from django.db.models import Q, Sum

from projects.books import NET_PAID
from projects.models import BudgetReturn, LedgerEntry, Receipt
from projects.national import with_national


def balance_of(source, contract=None):
    """[(name, VND)] of the source, or of one national contract of it, over all days."""
    under = Q(source=source) & (Q(contract=contract) if contract else Q())
    received, returned = (
        model.objects.filter(under).aggregate(vnd=Sum("amount_vnd", default=0))["vnd"]
        for model in (Receipt, BudgetReturn)
    )
    entries = LedgerEntry.objects.of(*NET_PAID).filter(source=source)
    if contract:
        entries = with_national(entries).filter(national=contract.pk)
    sums = dict(entries.order_by().values_list("step").annotate(vnd=Sum("amount_vnd", default=0)))
    paid = sum(sums.get(step, 0) * sign for step, sign in NET_PAID.items())
    return [
        ("Đã nhận", received),
        ("Đã chi", paid),
        ("Đã nộp trả", returned),
        ("Còn giữ", received - paid - returned),
    ]
