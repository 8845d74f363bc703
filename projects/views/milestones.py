"""Tiến độ: the milestones of a plan year by what is late, due soon, later and done; and contracts past their end."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Action, can
from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from projects import listing
from projects.blocks import YearBlock
from projects.contracts import overdue, with_progress
from projects.filters import MilestoneFilter
from projects.list_files import answer_list
from projects.list_sheets import milestone_sheet
from projects.models import Contract, ContractLine, Milestone, MilestoneDue, ProjectLine
from projects.names import beneficiary_name, with_partner
from projects.pages.project import SOON_DAYS, milestone_state, postponements
from projects.stages import with_presence

SORTS = {"han": ["due_on"], "moc": ["name"], "de-an": ["project__code", "due_on"], "tt": []}
CONTRACTS_SHOWN = 20


@require_GET
@one_moment
@vary_on_headers("HX-Request")
def milestone_list(request):
    table = _table(request)
    page = listing.page_of(request, table.ids)
    context = {
        "filter": table.filters,
        "sort": table.sort,
        "table": table,
        "page_obj": page,
        "rows": table.rows(list(page)),
        "may_enter": can(request.user, Action.ENTER_FACTS),
    }
    return listing.answer(request, "milestone_list", "_milestone_table", context)


@require_GET
@one_moment
def milestone_list_xlsx(request):
    """All rows of the list, with its filters and order."""
    return answer_list(milestone_sheet(_table(request)), as_of(request))


def _table(request):
    filters = MilestoneFilter(request)
    block = YearBlock(year=plan_year(request), day=as_of(request), user=request.user)
    return MilestoneTable(filters, block, listing.sort_asked(request, SORTS, "tt"))


def milestones_of(block):
    """Milestones known by the day of the year's lines and of their đề án, with ``due_on`` and ``state``.

    ``state`` is a value of ``MilestoneFilter.STATES``; stopped and left lines make nothing late (``stages``).
    """
    day, lines = block.day, block.lines()
    active = with_presence(lines, day).filter(is_active=True)
    whole = Q(line=None)
    of_year = (whole & Exists(lines.filter(project=OuterRef("project")))) | Exists(lines.filter(pk=OuterRef("line")))
    runs = (whole & Exists(active.filter(project=OuterRef("project")))) | Exists(active.filter(pk=OuterRef("line")))
    is_done = Q(done_on__lte=day)
    found = Milestone.objects.with_due(day).filter(of_year).filter(is_done | Q(due_on__isnull=False))
    return found.annotate(
        state=Case(
            When(is_done, then=Value("da-xong")),
            When(~Q(runs), then=Value("thoi")),
            When(due_on__lt=day, then=Value("qua-han")),
            When(due_on__lte=day + timedelta(days=SOON_DAYS), then=Value("sap-den")),
            default=Value("chua-den"),
            output_field=CharField(),
        )
    )


@dataclass(frozen=True)
class MilestoneRow:
    """``name`` is the line's beneficiary on the day, "" for none or for a milestone of the whole đề án."""

    milestone: Milestone
    name: str
    tone: str
    text: str
    when: str
    note: str
    postponed: str


class MilestoneTable:
    """``ids`` in order; ``counts`` over all but the state that is asked for."""

    def __init__(self, filters, block, sort):
        self.filters, self.block, self.sort = filters, block, sort
        found = filters.narrow(milestones_of(block))
        states = dict(listing.ordered(found, self._in_sql(sort), SORTS).values_list("pk", "state"))
        self._by_state = Counter(states.values())
        asked = filters.value("tinh_trang")
        self.ids = [pk for pk, state in states.items() if asked in (None, state)]
        if sort.removeprefix("-") == "tt":
            ranks = {state: rank for rank, (state, _) in enumerate(MilestoneFilter.STATES)}
            self.ids.sort(key=lambda pk: ranks[states[pk]], reverse=sort.startswith("-"))

    def _in_sql(self, sort):
        """What the database orders by: the state is ranked here, asked there it is a statement five times as long."""
        return "han" if sort.removeprefix("-") == "tt" else sort

    @property
    def count(self):
        return len(self.ids)

    @property
    def counts(self):
        """(words, number, whether it is the state asked for, query string that asks for it) of each state."""
        asked = self.filters.value("tinh_trang")
        return [
            (words, self._by_state[state], state == asked, self._query(state))
            for state, words in MilestoneFilter.STATES
        ]

    def _query(self, state):
        query = self.filters.request.GET.copy()
        for name in ("tinh_trang", "trang"):
            query.pop(name, None)
        query["tinh-trang"] = state
        return query.urlencode()

    def rows(self, ids):
        day = self.block.day
        found = Milestone.objects.filter(pk__in=ids).with_due(day).select_related("project")
        found = found.annotate(beneficiary_name=beneficiary_name("line__beneficiary", day))
        dues, rows = {}, []
        for due in MilestoneDue.objects.filter(milestone__in=ids, set_on__lte=day).order_by("set_on", "pk"):
            dues.setdefault(due.milestone_id, []).append(due)
        lines = with_presence(ProjectLine.objects.filter(project__milestones__in=ids), day).filter(is_active=True)
        active = dict(lines.order_by().values_list("pk", "project"))
        for milestone in listing.in_order(ids, found):
            milestone.due_rows = dues.get(milestone.pk, [])
            milestone.is_done = milestone.done_on is not None and milestone.done_on <= day
            runs = milestone.line_id in active if milestone.line_id else milestone.project_id in active.values()
            state = milestone_state(milestone, day, runs=runs)
            rows.append(MilestoneRow(milestone, milestone.beneficiary_name or "", *state, postponements(milestone)))
        return rows

    @cached_property
    def late_contracts(self):
        """Support and task contracts past their end whose line waits for acceptance: late by the same rule."""
        lines = self.block.lines().filter(pk=OuterRef("line"))
        under = ContractLine.objects.filter(Exists(lines), contract=OuterRef("pk"), on__lte=self.block.day)
        contracts = with_progress(Contract.objects.signed(self.block.day).filter(Exists(under)), self.block.day)
        # Ids first: what else is asked of each row costs minutes while PostgreSQL has no statistics of a new table.
        ids = list(overdue(contracts, self.block.day).order_by("end_on", "pk").values_list("pk", flat=True))
        late = with_partner(Contract.objects.filter(pk__in=ids).with_end(self.block.day), self.block.day)
        return listing.in_order(ids, late)

    @property
    def late_contract_rows(self):
        """[(contract, words, id of the line that waits)] of the first."""
        shown = self.late_contracts[:CONTRACTS_SHOWN]
        waiting = with_progress(Contract.objects.filter(pk__in=[contract.pk for contract in shown]), self.block.day)
        lines = dict(waiting.order_by().values_list("pk", "open_line"))
        return [(contract, self.late_words(contract), lines[contract.pk]) for contract in shown]

    def late_words(self, contract):
        return f"Quá hạn {(self.block.day - contract.end_on).days} ngày"
