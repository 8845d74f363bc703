"""Chi trả: advances, payments and recoveries of a plan year, with their sums by step."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, F, Sum, When
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Action, can
from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from projects import listing
from projects.blocks import YearBlock
from projects.books import NET_PAID
from projects.filters import PaymentFilter
from projects.list_files import answer_list
from projects.list_sheets import payment_sheet
from projects.mending import Mending
from projects.models import LedgerEntry, Step

SORTS = {"ngay": ["on"], "tien": ["signed_vnd"], "chung-tu": ["payment__voucher"]}


@require_GET
@one_moment
@vary_on_headers("HX-Request")
def payment_list(request):
    table = _table(request)
    page = listing.page_of(request, table.ids)
    context = {
        "filter": table.filters,
        "sort": table.sort,
        "table": table,
        "page_obj": page,
        "rows": table.rows(list(page)),
        "may_mend": can(request.user, Action.PAY) or can(request.user, Action.MEND_CLOSED),
    }
    return listing.answer(request, "payment_list", "_payment_table", context)


@require_GET
@one_moment
def payment_list_xlsx(request):
    """All rows of the list, with its filters and order."""
    return answer_list(payment_sheet(_table(request)), as_of(request))


def _table(request):
    filters = PaymentFilter(request)
    block = YearBlock(year=plan_year(request), day=as_of(request), user=request.user, source=filters.source)
    return PaymentTable(filters, block, listing.sort_asked(request, SORTS, "-ngay"))


@dataclass(frozen=True)
class PaymentRow:
    """``name`` is the beneficiary's on the day, "" for none; ``signed_vnd`` in đồng, a recovery negative.

    ``edit_url`` and ``adjust_url``: where the reader mends it, in place or by a counter-row; "" where not.
    """

    entry: LedgerEntry
    name: str
    signed_vnd: int
    edit_url: str
    adjust_url: str

    @property
    def voucher(self):
        if self.entry.correction_id:
            return "Điều chỉnh số liệu"
        return self.entry.payment.voucher if self.entry.payment else ""

    @property
    def contract(self):
        return self.entry.payment.contract if self.entry.payment else None


class PaymentTable:
    """``ids`` of the entries listed, in order; ``sums`` {"advanced", "paid", "recovered", "net"} over all in đồng."""

    def __init__(self, filters, block, sort):
        self.filters, self.block, self.sort = filters, block, sort
        signed = Case(
            When(step=Step.RECOVERED, then=-1 * F("amount_vnd")),
            default=F("amount_vnd"),
            output_field=BigIntegerField(),
        )
        entries = filters.narrow(block.entries().of(*NET_PAID)).annotate(signed_vnd=signed)
        self.ids = list(listing.ordered(entries, sort, SORTS).values_list("pk", flat=True))
        by_step = dict(entries.order_by().values_list("step").annotate(vnd=Sum("amount_vnd", default=0)))
        self.sums = {str(step): by_step.get(step, 0) for step in NET_PAID}
        self.sums["net"] = sum(sign * by_step.get(step, 0) for step, sign in NET_PAID.items())

    @property
    def count(self):
        return len(self.ids)

    def rows(self, ids):
        found = LedgerEntry.objects.filter(pk__in=ids).select_related(
            "source", "payment__contract", "line__project", "line__beneficiary"
        )
        found = found.prefetch_related("line__beneficiary__former_names")
        mending = Mending(self.block.user)
        return [
            PaymentRow(
                entry,
                entry.line.name_on(self.block.day),
                NET_PAID[Step(entry.step)] * entry.amount_vnd,
                edit_url=edit_url(entry) if entry.payment_id and mending.may_edit(Action.PAY, entry.on) else "",
                adjust_url=mending.adjust_url(entry),
            )
            for entry in listing.in_order(ids, found)
        ]


def edit_url(entry):
    return f"{reverse('projects:payment_edit', args=[entry.payment_id])}?dong={entry.line_id}"
