"""Everything entered against a rule that warns: the page for whoever leads, and its file."""

from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from khuyencong.htmx import wants_fragment
from projects import listing
from projects.list_files import answer_list
from reports.exceptions import SORTS, ExceptionFilter, ExceptionTable, exception_sheet


@require_GET
@one_moment
@vary_on_headers("HX-Request")
def exceptions(request):
    table = _table(request)
    page = listing.page_of(request, table.ids)
    is_fragment = wants_fragment(request)
    context = {
        "filter": table.filters,
        "sort": table.sort,
        "table": table,
        "page_obj": page,
        "rows": table.rows(list(page)),
        "file_url": listing.file_url(request),
        "is_fragment": is_fragment,
    }
    return render(request, f"reports/{'_exception_table' if is_fragment else 'exceptions'}.html", context)


@require_GET
@one_moment
def exceptions_xlsx(request):
    """All rows of the list, with its filters and order."""
    return answer_list(exception_sheet(_table(request)), as_of(request))


def _table(request):
    return ExceptionTable(
        ExceptionFilter(request),
        year=plan_year(request),
        day=as_of(request),
        user=request.user,
        sort=listing.sort_asked(request, SORTS, "-ngay"),
    )
