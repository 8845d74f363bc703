"""Contracts: the list of a plan year, and one of them with its annexes, lines and payments."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Action, can, who_can
from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from khuyencong.frame_tags import build_url
from projects import listing
from projects.blocks import YearBlock, known_sum
from projects.books import NET_PAID
from projects.contracts import VALUE_STEPS, step_sums_by_contract, with_progress
from projects.filters import ContractFilter
from projects.list_files import answer_list
from projects.list_sheets import contract_sheet
from projects.models import Contract, ContractLine, Step
from projects.names import with_partner
from projects.pages.contract import LIQUIDATED, contract_page, contract_state
from projects.pages.contract_actions import contract_deeds
from projects.waiting import SIGNING, waiting_for

SORTS = {
    "so": ["year", "number_key"],
    "ky": ["signed_on"],
    "het": ["end_on"],
    "ben": ["beneficiary__sort_key", "agency__name_key"],
}


@require_GET
@one_moment
@vary_on_headers("HX-Request")
def contract_list(request):
    table = _table(request)
    page = listing.page_of(request, table.ids)
    context = {
        "filter": table.filters,
        "sort": table.sort,
        "table": table,
        "page_obj": page,
        "rows": table.rows(list(page)),
        "may_enter": can(request.user, Action.ENTER_FACTS),
        "who_enters": ", ".join(who_can(Action.ENTER_FACTS)),
        "waiting_count": len(waiting_for(SIGNING, table.block)),
    }
    return listing.answer(request, "contract_list", "_contract_table", context)


@require_GET
@one_moment
def contract_list_xlsx(request):
    """All rows of the list, with its filters and order."""
    return answer_list(contract_sheet(_table(request)), as_of(request))


def _table(request):
    filters = ContractFilter(request)
    block = YearBlock(year=plan_year(request), day=as_of(request), user=request.user, source=filters.source)
    return ContractTable(filters, block, listing.sort_asked(request, SORTS, "ky"))


@dataclass(frozen=True)
class ContractRow:
    """Money in đồng; ``lines`` those of the plan year under it."""

    contract: Contract
    lines: list
    value_vnd: int | None
    disbursed_vnd: int
    accepted_vnd: int | None
    state: tuple

    @property
    def waits_for_acceptance(self):
        """Whether its end is near or past and a line under it is not accepted yet."""
        return self.contract.kind != Contract.Kind.NATIONAL and self.state[0] in ("late", "due")

    @property
    def liquidated_on(self):
        """The day of liquidation where that is the state."""
        return self.contract.liquidated_on if self.state[1] == LIQUIDATED else None

    @property
    def projects(self):
        return list({line.project_id: line.project for line in self.lines}.values())


class ContractTable:
    """Contracts with a line of the plan year; without a kind asked, those with beneficiaries and providers."""

    def __init__(self, filters, block, sort):
        self.filters, self.block, self.sort = filters, block, sort
        lines = block.lines().filter(pk=OuterRef("line"))
        under = ContractLine.objects.filter(Exists(lines), contract=OuterRef("pk"), on__lte=block.day)
        contracts = Contract.objects.signed(block.day).filter(Exists(under))
        self.found = filters.narrow(contracts, block.day)
        self.sums = step_sums_by_contract(block.entries(), block.day)
        self.ids = list(listing.ordered(self.found, sort, SORTS).values_list("pk", flat=True))
        if block.source is not None:
            self.ids = [pk for pk in self.ids if pk in self.sums]

    @property
    def count(self):
        return len(self.ids)

    @cached_property
    def totals(self):
        values = [self.value(pk) for pk in self.ids]
        accepted = [self.step(pk, Step.ACCEPTED) for pk in self.ids]
        return {
            "value": sum(vnd for vnd in values if vnd is not None),
            "disbursed": sum(self.disbursed(pk) for pk in self.ids),
            "accepted": sum(vnd for vnd in accepted if vnd is not None),
        }

    def step(self, pk, *steps):
        """Sum of the steps; 0 without an entry, None where no amount is known."""
        own = self.sums.get(pk, {})
        return known_sum((1, own[step]) for step in steps if step in own)

    def value(self, pk):
        return self.step(pk, *VALUE_STEPS)

    def disbursed(self, pk):
        return sum(sign * self.step(pk, step) for step, sign in NET_PAID.items())

    def rows(self, ids):
        contracts = with_progress(Contract.objects.filter(pk__in=ids), self.block.day)
        contracts = with_partner(contracts, self.block.day).select_related("beneficiary__locality")
        under = {}
        joins = ContractLine.objects.filter(contract__in=ids, on__lte=self.block.day, line__in=self.block.lines())
        for row in joins.select_related("line__project").order_by("line__project__code", "pk"):
            under.setdefault(row.contract_id, []).append(row.line)
        return [
            ContractRow(
                contract=contract,
                lines=under.get(contract.pk, []),
                value_vnd=self.value(contract.pk),
                disbursed_vnd=self.disbursed(contract.pk),
                accepted_vnd=self.step(contract.pk, Step.ACCEPTED),
                state=contract_state(contract, self.block.day),
            )
            for contract in listing.in_order(ids, contracts)
        ]


@require_GET
@one_moment
def contract_detail(request, pk):
    day = as_of(request)
    visible = Contract.objects.visible_to(request.user)
    contract = get_object_or_404(Contract, pk=pk, pk__in=visible.values("pk"))
    if contract.signed_on > day:
        # Signed later than the day of the figures: its page begins with its signing.
        return redirect(build_url("projects:contract_detail", pk, nam=request.GET.get("nam"), ngay=contract.signed_on))
    page = contract_page(contract.pk, day, request.user)
    page["deeds"] = contract_deeds(page, request.user, request.get_full_path())
    return render(request, "projects/contract_detail.html", page)
