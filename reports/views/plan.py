"""Pages of the plan: all years, and one year by source and activity with its decisions."""

from io import BytesIO
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from khuyencong.asof import YEARS, as_of, plan_year
from khuyencong.database import at_one_moment, one_moment
from khuyencong.frame_tags import build_url
from khuyencong.sheets import answer_file
from reports.dashboard_rows import read_activity_names, read_plan_lines, read_plan_sums, read_year_sums
from reports.excel.month import write_report
from reports.frame import frame_of
from reports.links import day_param
from reports.plan import (
    MONEY_COLUMNS,
    NUMBERS,
    NUMBERS_WITHOUT_PLAN,
    PLAN_COLUMNS,
    YEAR_COLUMNS,
    plan_lines,
    request_lines,
    year_lines,
)
from reports.plan_book import plan_report
from reports.plan_book_rows import read_plan_book
from reports.programme import programme_lines
from reports.programme_rows import all_programmes, read_money_sums, running_programmes
from reports.query import confined
from reports.rows import read_year
from reports.year_funnel import funnel_lines, funnel_notes


@require_GET
@one_moment
def plan_index(request):
    """All plan years; with ``?nam=``, as the year picker asks, that year's own page."""
    day = as_of(request)
    if request.GET.get("nam"):
        return redirect(build_url("reports:plan_year", plan_year(request), ngay=day_param(day)))
    user = confined(request.user)
    context = {
        "lines": _read_years(day, user),
        "with_plan": user is None,
        "heads": [head for _, head, _ in YEAR_COLUMNS],
        "programmes": _read_programmes(day) if user is None else [],
    }
    return render(request, "reports/plan_index.html", context)


def _read_years(day, user):
    return year_lines(day, read_year_sums(day, user), read_plan_sums(day) if user is None else None)


def _read_programmes(day):
    programmes = all_programmes()
    return programme_lines(programmes, read_money_sums(programmes, day), day)


@require_GET
@one_moment
def plan_year_page(request, year):
    if year not in YEARS:
        raise Http404
    day = as_of(request)
    context = _read_year(year, day, confined(request.user))
    context |= {
        "frame": frame_of(request, year=year),
        "year_action": reverse("reports:plan_index"),
        "file_url": build_url("reports:plan_year_xlsx", year, ngay=day_param(day)),
    }
    return render(request, "reports/plan_year.html", context)


@require_GET
def plan_year_xlsx(request, year):
    """The page's table and its allotment to each đề án; it holds the whole province's plan."""
    if confined(request.user):
        raise PermissionDenied("Kế hoạch gồm số liệu của cả tỉnh nên không dành cho cán bộ địa phương.")
    if year not in YEARS:
        raise Http404
    target = BytesIO()
    write_report(plan_report(at_one_moment(read_plan_book, year, as_of(request))), target)
    return answer_file(target.getvalue(), f"ke-hoach-khuyen-cong-{year}")


def _read_year(year, day, user):
    rows = read_year(year, day, user=user)
    with_plan = user is None
    lines = read_plan_lines(year, day) if with_plan else []
    programmes = running_programmes(year) if with_plan else []
    requests = request_lines(rows) if with_plan else []
    return {
        "year": year,
        "day": day,
        "with_plan": with_plan,
        "is_empty": not (rows.lines or lines or requests),
        "lines": plan_lines(rows, read_activity_names(), with_plan=with_plan),
        "heads": [head for _, _, head in PLAN_COLUMNS] if with_plan else [],
        "numbers": NUMBERS if with_plan else NUMBERS_WITHOUT_PLAN,
        "money_heads": [head for _, head in MONEY_COLUMNS],
        "decisions": [(decision, list(own)) for decision, own in groupby(lines, key=lambda line: line.decision)],
        "requests": requests,
        "funnel": funnel_lines(rows, with_plan=with_plan),
        "funnel_notes": funnel_notes(rows),
        "programmes": programme_lines(programmes, read_money_sums(programmes, day), day),
    }
