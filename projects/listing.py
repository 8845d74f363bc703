"""What every list does: order by a heading, page by ids, answer with the page or its table alone."""

from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import render

from khuyencong.htmx import wants_fragment

ROWS_A_PAGE = 50


def sort_asked(request, sorts, default):
    """The order in force, as ``sap`` writes it ("-duyet"); ``default`` where none or an unknown one is asked."""
    asked = request.GET.get("sap", "")
    return asked if asked.removeprefix("-") in sorts else default


def ordered(rows, sort, sorts):
    """``rows`` by the fields of ``sort``; unknown values last either way, equal ones by age."""
    downwards = sort.startswith("-")
    fields = sorts[sort.removeprefix("-")]
    order = [F(name).desc(nulls_last=True) if downwards else F(name).asc(nulls_last=True) for name in fields]
    return rows.order_by(*order, "-pk" if downwards else "pk")


def page_of(request, ids):
    """The page asked for (``trang``) of an ordered list of ids; the last one where it is past the end."""
    return Paginator(ids, ROWS_A_PAGE).get_page(request.GET.get("trang"))


def in_order(ids, rows):
    """The rows (with ``pk``) in the order of ``ids``."""
    by_pk = {row.pk: row for row in rows}
    return [by_pk[pk] for pk in ids if pk in by_pk]


def answer(request, page, fragment, context):
    """The whole page, or for htmx the fragment that the page includes.

    The file's address stands in the page's head, so the fragment brings it anew (``is_fragment``).
    """
    is_fragment = wants_fragment(request)
    context |= {"file_url": file_url(request), "is_fragment": is_fragment}
    return render(request, f"projects/{fragment if is_fragment else page}.html", context)


def file_url(request):
    """The list that the request asks for, as a file: the sibling address with the same filters, order, year and day."""
    query = request.GET.copy()
    query.pop("trang", None)
    path = f"{request.path.rstrip('/')}.xlsx"
    return f"{path}?{query.urlencode()}" if query else path
