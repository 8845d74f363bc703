"""The list of đề án of a plan year as of a day, and the same page over any đề án that another page chose."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from projects import listing
from projects.blocks import columns_of, step_sums
from projects.filters import ProjectFilter
from projects.ladder import read_standings
from projects.list_files import answer_list
from projects.list_sheets import project_sheet
from projects.models import Project, ProjectLine, Step

SORTS = {
    "ma": ["code"],
    "ten": ["sort_key"],
}
MONEY_SORTS = {"duyet": "approved", "ky": "contracted", "giai-ngan": "disbursed", "nghiem-thu": "accepted"}
PLACES_SHOWN = 2


@require_GET
@one_moment
@vary_on_headers("HX-Request")
def project_list(request):
    return answer_table(request, *_listed(request), title="Đề án")


@require_GET
@one_moment
def project_list_xlsx(request):
    """All rows of the list, with its filters and order."""
    return answer_list(project_sheet(_table(request, *_listed(request)), title="Đề án"), as_of(request))


def _listed(request):
    """(đề án of the plan year, the filters)."""
    filters = ProjectFilter(request, year=plan_year(request), day=as_of(request))
    return filters.block.projects().visible_to(request.user), filters


@vary_on_headers("HX-Request")
def project_table(request, projects, *, title, note=""):
    """The list page over ``projects`` alone, under ``title`` with ``note`` as a line of its own.

    Plan year, day, source, search, filters, order and page are read from the request, as in ``project_list``.
    """
    filters = ProjectFilter(request, year=plan_year(request), day=as_of(request))
    return answer_table(request, projects.visible_to(request.user), filters, title=title, note=note)


def project_table_xlsx(request, projects, *, title, about=()):
    """``project_table`` as a file; ``about``: lines of plain text under its title."""
    filters = ProjectFilter(request, year=plan_year(request), day=as_of(request))
    table = _table(request, projects.visible_to(request.user), filters)
    return answer_list(project_sheet(table, title=title, about=about), table.block.day)


def _table(request, projects, filters):
    return ProjectTable(filters, projects, listing.sort_asked(request, {**SORTS, **MONEY_SORTS}, "ma"))


def answer_table(request, projects, filters, *, title, note=""):
    table = _table(request, projects, filters)
    page = listing.page_of(request, table.ids)
    context = {
        "title": title,
        "note": note,
        "filter": filters,
        "sort": table.sort,
        "table": table,
        "page_obj": page,
        "rows": table.rows(list(page)),
    }
    return listing.answer(request, "project_list", "_project_table", context)


@dataclass(frozen=True)
class Row:
    """One đề án on the page on ``day``; money in đồng by the columns of ``COLUMNS``."""

    project: Project
    standing: object
    money: dict
    day: date

    @cached_property
    def lines(self):
        """The lines of the block that have not left, or those that left where no other is there."""
        lines = [line for line in self.standing.lines if line.is_listed]
        return [line for line in lines if not line.has_left] or lines

    @property
    def beneficiaries(self):
        """The one establishment by its name, several by their number; "" where none is named."""
        named = [line.name_on(self.day) for line in self.lines if line.beneficiary]
        return named[0] if len(named) == 1 else f"{len(named)} cơ sở" if named else ""

    @property
    def expected(self):
        """How many are still to be named, in words."""
        unnamed = sum(line.is_active and not line.beneficiary_id for line in self.lines)
        missing = self.standing.n_missing + (unnamed if self.project.kind == Project.Kind.GROUP else 0)
        return f"còn {missing} cơ sở chưa có tên" if missing and not self.project.is_task else ""

    @property
    def places(self):
        names = list(dict.fromkeys(line.locality.unit_name for line in self.lines if line.locality))
        rest = len(names) - PLACES_SHOWN
        return ", ".join(names[:PLACES_SHOWN]) + (f" và {rest} nơi khác" if rest > 0 else "")


class ProjectTable:
    """``ids`` of all that is listed, in order; sums and counts over all of them, rows a page at a time."""

    def __init__(self, filters, projects, sort):
        self.filters, self.block, self.sort = filters, filters.block, sort
        self._standings = None
        projects = filters.narrow(projects)
        if filters.asks_standing:
            self._standings = filters.keep_standing(projects)
            projects = Project.objects.filter(pk__in=list(self._standings))
        self.sums_by_project = step_sums(self.block.entries(), per="line__project")
        by_money = MONEY_SORTS.get(sort.removeprefix("-"))
        found = listing.ordered(projects.values_list("pk", flat=True), "ma" if by_money else sort, SORTS)
        self.ids = self._by_money(found, by_money) if by_money else list(found)
        self.n_unapproved = sum(Step.APPROVED not in self.sums_by_project.get(pk, ()) for pk in self.ids)

    def money(self, pk):
        return columns_of(self.sums_by_project.get(pk, {}))

    def _by_money(self, ids, column):
        """Ids by a column's sum; equal ones by code, unknown sums last."""
        sums = {pk: self.money(pk)[column] for pk in ids}
        known = [pk for pk, vnd in sums.items() if vnd is not None]
        known.sort(key=sums.get, reverse=self.sort.startswith("-"))
        return known + [pk for pk, vnd in sums.items() if vnd is None]

    @property
    def count(self):
        return len(self.ids)

    @cached_property
    def counts(self):
        return self.block.counts(self.ids)

    @cached_property
    def sums(self):
        return columns_of(*(self.sums_by_project[pk] for pk in self.ids if pk in self.sums_by_project))

    @property
    def n_others(self):
        """Listed, once approved, yet in no count: stopped, gone to another year, sent back or refused."""
        return self.count - self.n_unapproved - self.counts["projects"] - self.counts["activities"]

    @property
    def years_elsewhere(self):
        """Plan years in which the search finds something, where this year has nothing."""
        text = self.filters.value("q")
        if self.count or not text:
            return []
        day, user = self.block.day, self.block.user
        found = Project.objects.visible_to(user).search(text, day=day, user=user)
        lines = ProjectLine.objects.visible_to(user).filter(project__in=found.order_by(), joined_on__lte=day)
        years = lines.order_by().values_list("plan_year", flat=True).distinct()
        return sorted({year for year in years if year and year != self.block.year}, reverse=True)

    def rows(self, ids):
        """Rows of one page: three queries."""
        projects = Project.objects.filter(pk__in=ids).select_related("officer")
        related = ("beneficiary", "locality", "activity")
        listed = self.block.lines()
        day, former = self.block.day, ("beneficiary__former_names",)
        standings = read_standings(
            projects, day, block=self.block.funded(), listed=listed, related=related, prefetch=former
        )
        return [Row(standings[pk].project, standings[pk], self.money(pk), day) for pk in ids if pk in standings]
