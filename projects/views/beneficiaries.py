"""Establishments: what each was given over the years, and every support of one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Sum
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Action, can
from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from projects import listing
from projects.books import NET_PAID
from projects.filters import BeneficiaryFilter
from projects.list_files import answer_list
from projects.list_sheets import beneficiary_sheet
from projects.models import Beneficiary, LedgerEntry, ProjectLine, Step
from projects.pages.beneficiary import support_rows

SORTS = {"ten": ["sort_key"], "ma": ["tax_code", "sort_key"]}
COUNTED_SORTS = {"luot": "count", "duyet": "approved_vnd", "nhan": "received_vnd"}


@require_GET
@one_moment
@vary_on_headers("HX-Request")
def beneficiary_list(request):
    table = _table(request)
    page = listing.page_of(request, table.ids)
    context = {
        "filter": table.filters,
        "sort": table.sort,
        "table": table,
        "page_obj": page,
        "rows": table.rows(list(page)),
    }
    return listing.answer(request, "beneficiary_list", "_beneficiary_table", context)


@require_GET
@one_moment
def beneficiary_list_xlsx(request):
    """All rows of the list, with its filters and order."""
    return answer_list(beneficiary_sheet(_table(request)), as_of(request))


def _table(request):
    sort = listing.sort_asked(request, {**SORTS, **COUNTED_SORTS}, "ten")
    return BeneficiaryTable(BeneficiaryFilter(request), request.user, as_of(request), plan_year(request), sort)


@dataclass
class Supports:
    """What one establishment was given up to the day: ``years`` of its supports, one a line that has not left."""

    years: list
    approved_vnd: int = 0
    received_vnd: int = 0

    @property
    def count(self):
        return len(self.years)

    @property
    def years_text(self):
        return ", ".join(str(year) for year in sorted(set(self.years)))


def read_supports(lines, day):
    """{beneficiary pk: Supports} over counted sources, in one grouped query."""
    entries = LedgerEntry.objects.of(Step.APPROVED, *NET_PAID).until(day).counted().filter(line__in=lines)
    rows = (
        entries.exclude(line__beneficiary=None)
        .order_by()
        .values_list("line__beneficiary", "line", "line__plan_year", "line__left_on", "step")
    )
    approved = {}
    found = defaultdict(lambda: Supports([]))
    for pk, line, year, left_on, step, vnd, n_unknown in rows.annotate(
        vnd=Sum("amount_vnd", default=0), unknown=Count("pk") - Count("amount_vnd")
    ):
        if step == Step.APPROVED:
            approved[line] = (pk, year)
            found[pk].approved_vnd += vnd
            if (vnd > 0 or n_unknown) and (left_on is None or left_on > day):
                found[pk].years.append(year)
        else:
            found[pk].received_vnd += NET_PAID[step] * vnd
    return found


@dataclass(frozen=True)
class BeneficiaryRow:
    """``name`` is that of the day; what it was called before and is called now stands beside it."""

    beneficiary: Beneficiary
    supports: Supports
    day: date

    @cached_property
    def name(self):
        return self.beneficiary.name_on(self.day)

    @property
    def former_names(self):
        return ", ".join(row.name for row in self.beneficiary.former_names.all() if row.used_until < self.day)

    @property
    def name_today(self):
        """Today's name where that of the day is another, else ""."""
        return "" if self.name == self.beneficiary.name else self.beneficiary.name


class BeneficiaryTable:
    """``ids`` of all that is listed, in order; sums over all of them."""

    def __init__(self, filters, user, day, year, sort):
        self.filters, self.day, self.year, self.sort = filters, day, year, sort
        lines = ProjectLine.objects.visible_to(user)
        self.supports = read_supports(lines, day)
        found = filters.narrow(Beneficiary.objects.filter(pk__in=Beneficiary.objects.visible_to(user).values("pk")))
        # One that every line joins later was not known on the day; one without any line was only entered so far.
        own = lines.filter(beneficiary=OuterRef("pk"))
        found = found.filter(Exists(own.filter(joined_on__lte=day)) | ~Exists(own))
        if filters.value("ho_tro"):
            found = found.filter(Exists(lines.filter(beneficiary=OuterRef("pk"), plan_year=year)))
        counted = COUNTED_SORTS.get(sort.removeprefix("-"))
        self.ids = list(listing.ordered(found, "ten" if counted else sort, SORTS).values_list("pk", flat=True))
        if filters.value("ho_tro"):
            self.ids = [pk for pk in self.ids if pk in self.supports and year in self.supports[pk].years]
        if counted:
            nothing = Supports([])
            self.ids.sort(key=lambda pk: getattr(self.supports.get(pk, nothing), counted), reverse=sort.startswith("-"))

    @property
    def count(self):
        return len(self.ids)

    @cached_property
    def totals(self):
        found = [self.supports[pk] for pk in self.ids if pk in self.supports]
        return {
            "supports": sum(each.count for each in found),
            "approved": sum(each.approved_vnd for each in found),
            "received": sum(each.received_vnd for each in found),
        }

    def rows(self, ids):
        found = Beneficiary.objects.filter(pk__in=ids).select_related("locality__parent")
        found = found.prefetch_related("former_names")
        nothing = Supports([])
        return [
            BeneficiaryRow(each, self.supports.get(each.pk, nothing), self.day) for each in listing.in_order(ids, found)
        ]


@require_GET
@one_moment
def beneficiary_detail(request, pk):
    visible = Beneficiary.objects.visible_to(request.user).values("pk")
    found = Beneficiary.objects.filter(pk__in=visible).select_related("locality__parent")
    beneficiary = get_object_or_404(found.prefetch_related("former_names"), pk=pk)
    day = as_of(request)
    rows = support_rows(beneficiary, day, request.user)
    context = {
        "beneficiary": beneficiary,
        "name": beneficiary.name_on(day),
        "day": day,
        "rows": rows,
        "n_supports": sum(row.counts for row in rows),
        "approved_vnd": sum(row.purse.approved_vnd or 0 for row in rows),
        "received_vnd": sum(row.purse.disbursed_vnd for row in rows),
        "may_enter": can(request.user, Action.ENTER_FACTS),
    }
    return render(request, "projects/beneficiary_detail.html", context)
