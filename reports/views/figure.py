"""The list behind a figure: /so-lieu/<key>/ and its file, of exactly what the figure counts."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from khuyencong.database import one_moment
from khuyencong.errors import Refused
from khuyencong.money import format_vnd
from projects import listing
from projects.list_files import answer_list
from projects.models import Beneficiary, LedgerEntry, Step
from projects.views import project_table, project_table_xlsx
from reports.figures import Block
from reports.links import UNALLOCATED, figure_of, unallocated_of
from reports.list_sheets import entry_sheet, establishment_sheet, line_sheet, plan_sheet, unallocated_sheet
from reports.papers import entry_rows, line_items, with_names, with_papers
from reports.query import FigureQuery, confined, read_query
from reports.rows import read_money, read_year
from reports.selections import DIFFERENCES, ENTRY_KEYS, PLAN_KEYS, TITLES, Selection, select, select_before

PER_PAGE = 50
UNITS = {"projects": "đề án", "lines": "dòng", "entries": "dòng", "plan_lines": "dòng"}


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: ``selection`` None where it is what is unallocated; ``block`` None before the year."""

    query: FigureQuery
    selection: Selection | None
    block: Block | None


@require_GET
@one_moment
def figure(request, key):
    chosen = _choose(request, key)
    if chosen.selection is None:
        return render(request, "reports/figure_unallocated.html", _unallocated(request, chosen))
    return _list(request, chosen)


@require_GET
@one_moment
def figure_xlsx(request, key):
    """All rows of the list as a file."""
    chosen = _choose(request, key)
    query, selection = chosen.query, chosen.selection
    file, about = f"{key.replace('_', '-')}-{query.year}-{query.day:%Y-%m-%d}", (query.sentence,)
    if selection is None:
        parts = _unallocated(request, chosen)
        return answer_list(
            unallocated_sheet(parts["plan"], parts["approved"], parts["left_vnd"], file, about), query.day
        )
    if selection.kind == "projects":
        return project_table_xlsx(request, selection.rows, title=selection.title, about=about)
    rows, fill = FILLERS[selection.kind](query, selection)
    return answer_list(SHEETS[_template(selection)](fill(rows), selection, file, about), query.day)


def _choose(request, key) -> Chosen:
    """Raises Http404 and Refused as ``read_query`` does."""
    if key not in TITLES and key != UNALLOCATED:
        raise Http404(key)
    query = read_query(request)
    if key in PLAN_KEYS or key == UNALLOCATED:
        _refuse_plan(request, query)
    if query.before:
        if key not in ENTRY_KEYS or not query.since:
            raise Refused("Danh sách của các năm kế hoạch trước cần một số tiền và ngày đầu kỳ.")
        return Chosen(query, select_before(query, key, user=confined(request.user)), None)
    read = read_money if key in ENTRY_KEYS else read_year
    rows = read(query.year, query.day, since=query.since, user=confined(request.user))
    block = query.block(rows)
    selection = None if key == UNALLOCATED else select(block, key, since=query.since, signs=query.signs)
    return Chosen(query, selection, block)


def _refuse_plan(request, query):
    if confined(request.user):
        # The plan is the whole province's; a local officer's places have none of their own.
        raise Http404
    if query.narrowing.keys() & {"project", "line", "locality"}:
        raise Refused("Kế hoạch được giao theo nguồn và nội dung hoạt động, không chia theo đề án hay địa bàn.")


def _list(request, chosen):
    query, selection, block = chosen.query, chosen.selection, chosen.block
    unit = "cơ sở" if selection.key == "establishments" else UNITS[selection.kind]
    if selection.key == "activities":
        unit = "hoạt động"
    note = _note(query, selection, unit)
    if selection.kind == "projects":
        return project_table(request, selection.rows, title=selection.title, note=note)
    page, fill = FILLERS[selection.kind](query, selection)
    page_obj = Paginator(page, PER_PAGE).get_page(request.GET.get("trang"))
    context = {"title": selection.title, "note": note, "selection": selection, "page_obj": page_obj, "unit": unit}
    several_sources = query.source is None or selection.key == "total_cost_vnd"
    several_steps = selection.key in {"disbursed_vnd", *DIFFERENCES}
    context |= {"rows": fill(page_obj), "several_sources": several_sources, "several_steps": several_steps}
    context["columns_before"] = 3 + several_sources + several_steps
    if block and selection.key == "disbursed_vnd" and not query.since:
        context["base"] = figure_of(block, "approved_vnd")
        context["percent"] = block.percent_of("disbursed_vnd", block.vnd("approved_vnd"))
    context["list_template"] = f"reports/_figure_{_template(selection)}.html"
    context["file_url"] = listing.file_url(request)
    return render(request, "reports/figure.html", context)


def _template(selection):
    """What the rows of the list are: of other columns than those of their kind for establishments."""
    return "establishments" if selection.key == "establishments" else selection.kind


def _note(query, selection, unit):
    """The sentence under the title, with the count and the sum that the figure showed."""
    found = format_html('<b data-count="{}">{} {}</b>', selection.count, format_vnd(selection.count), unit)
    if selection.vnd is not None:
        sum_vnd = format_html('<b data-vnd="{}">{} đồng</b>', selection.vnd, format_vnd(selection.vnd))
        found = format_html("{}, {}", sum_vnd, found)
    return format_html("{}: {}", query.sentence, found)


def _entries(query, selection):
    return with_papers(selection.rows), lambda page: entry_rows(page, query.day)


def _lines(query, selection):
    if selection.key == "establishments":
        people = Beneficiary.objects.filter(lines__in=selection.rows.values("pk"))
        people = people.annotate(times=Count("lines", filter=Q(lines__in=selection.rows.values("pk")), distinct=True))
        return people.order_by("sort_key", "pk").prefetch_related("former_names"), lambda page: [
            (person, person.name_on(query.day)) for person in page
        ]
    approved = LedgerEntry.objects.of(Step.APPROVED).until(query.day)
    approved = approved.filter(source__code=query.source) if query.source else approved.counted()
    rows = with_names(selection.rows).annotate(approved_vnd=approved.total_vnd(per="line"))
    return rows.order_by("project__code", "pk"), lambda page: line_items(page, query.day)


def _plan_lines(query, selection):
    rows = selection.rows.select_related("decision__agency", "source", "activity")
    rows = rows.prefetch_related("decision__agency__former_names")
    return rows.order_by("source__position", "decision__decided_on", "pk"), list


def _unallocated(request, chosen):
    """Plan less approved: no list of its own, so both lists and the difference."""
    block = chosen.block
    return {
        "query": chosen.query,
        "file_url": listing.file_url(request),
        "plan": figure_of(block, "plan_assigned_vnd"),
        "approved": figure_of(block, "approved_vnd"),
        "left_vnd": unallocated_of(block).vnd,
    }


FILLERS = {"entries": _entries, "lines": _lines, "plan_lines": _plan_lines}
"""(rows in order, what prints a page of them) by the kind of a selection."""
SHEETS = {
    "entries": entry_sheet,
    "lines": line_sheet,
    "plan_lines": plan_sheet,
    "establishments": establishment_sheet,
}
