"""Chi trả: what the accountant may pay now on each line and why, and what is held up by which missing condition."""

from functools import cached_property

from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Action, can, who_can
from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from projects import listing
from projects.blocks import YearBlock
from projects.filters import PayableFilter
from projects.list_files import answer_list
from projects.list_sheets import payable_sheet
from projects.models import Instalment, ProjectLine
from projects.payable import GROUPS, Lacks, payables
from projects.repayable import repayments

SORTS = {"can": [], "tien": [], "vuong": [], "de-an": []}
OF_PAYMENTS = {"buoc", "tu", "den"}
"""What only the list of payments, once at this address, is asked for."""


@require_GET
@one_moment
@vary_on_headers("HX-Request")
def payable_list(request):
    if OF_PAYMENTS & request.GET.keys():
        return redirect(f"{reverse('projects:payment_list')}?{request.GET.urlencode()}")
    table = _table(request)
    page = listing.page_of(request, table.ids)
    mends = {action: can(request.user, action) for action in (Action.PAY, Action.ENTER_FACTS)}
    context = {
        "filter": table.filters,
        "sort": table.sort,
        "table": table,
        "page_obj": page,
        "rows": [(row, name, _holds(row, mends)) for row, name in table.rows(list(page))],
        "late": table.late,
        "late_vnd": sum(found.late_vnd for found, _ in table.late),
        "may_pay": mends[Action.PAY],
        "may_enter": mends[Action.ENTER_FACTS],
        "who_pays": " hoặc ".join(who_can(Action.PAY)).lower(),
        "who_enters": ", ".join(who_can(Action.ENTER_FACTS)).lower(),
    }
    return listing.answer(request, "payable_list", "_payable_table", context)


@require_GET
@one_moment
def payable_list_xlsx(request):
    """All rows of the list, with its filters and order."""
    return answer_list(payable_sheet(_table(request)), as_of(request))


def _holds(row, mends):
    """[(hold, address where this person mends it, or "" where another does)]"""
    return [(hold, hold.url if mends[hold.action] else "") for hold in row.holds]


def _table(request):
    filters = PayableFilter(request, GROUPS)
    block = YearBlock(year=plan_year(request), day=as_of(request), user=request.user, source=filters.source)
    return PayableTable(filters, block, listing.sort_asked(request, SORTS, "can"))


class PayableTable:
    """``ids`` of the lines, in order; ``sums`` over all that is filtered, in đồng."""

    def __init__(self, filters, block, sort="can"):
        self.filters, self.block, self.sort = filters, block, sort
        lines = filters.narrow(block.lines().select_related("project"), block.day)
        asked = filters.value("nhom")
        found = [row for row in payables(block, lines) if asked in (None, row.group)]
        self.payable = {row.line.pk: row for row in _sorted(found, sort)}
        self.ids = list(self.payable)

    @property
    def count(self):
        return len(self.ids)

    @cached_property
    def sums(self):
        rows = self.payable.values()
        return {
            "promised": sum(row.promised_vnd for row in rows),
            "paid": sum(row.paid_vnd for row in rows),
            "now": sum(row.now_vnd for row in rows),
            "held": sum(row.held_vnd for row in rows),
            "no_cash": sum(hold.vnd for row in rows for hold in row.holds if hold.lacks == Lacks.CASH),
        }

    @cached_property
    def late(self):
        """[(Repayment with instalments overdue, name of its line)] of every plan year, the oldest first."""
        lines = self.filters.narrow(ProjectLine.objects.visible_to(self.block.user), self.block.day)
        agreed = Instalment.objects.filter(line__in=lines.order_by().values("pk"))
        if self.block.source is not None:
            agreed = agreed.filter(source=self.block.source)
        found = [each for each in repayments(agreed, self.block.day) if each.late_vnd]
        found.sort(key=lambda each: (each.late_since, each.line.pk))
        return [(each, each.line.name_on(self.block.day) or each.line.project.name) for each in found]

    def rows(self, ids):
        """[(what may be paid, name of the line on the day)] of the page."""
        lines = ProjectLine.objects.filter(pk__in=ids).select_related("project", "beneficiary", "activity")
        lines = lines.prefetch_related("beneficiary__former_names")
        return [(self.payable[line.pk], _name(line, self.block.day)) for line in listing.in_order(ids, lines)]


def _name(line, day):
    return line.name_on(day) or (line.activity and line.activity.name) or line.project.name


def _sorted(rows, sort):
    keys = {
        "tien": lambda row: row.now_vnd,
        "vuong": lambda row: row.held_vnd,
        "de-an": lambda row: row.line.project.code,
    }
    key = keys.get(sort.removeprefix("-"))
    if key:
        return sorted(rows, key=key, reverse=sort.startswith("-"))
    return rows[::-1] if sort.startswith("-") else rows
