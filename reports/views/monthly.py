"""The month's report: its preview with a list behind every figure, and the workbook to download."""

from datetime import date
from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from khuyencong.asof import as_of, plan_year
from khuyencong.database import at_one_moment, one_moment
from khuyencong.dates import local_today, month_span
from khuyencong.frame_tags import build_url
from khuyencong.sheets import answer_file
from reports.checks import NAMES, entries_off_their_paper, reconcile
from reports.dashboard_rows import read_months
from reports.detail_rows import read_month, read_names, read_previous
from reports.excel.month import write_month
from reports.frame import frame_of
from reports.month_list import MONTH_HEADS, month_rows
from reports.monthly import PREVIOUS, Span, columns_for
from reports.monthly_book import month_report
from reports.preview import check_table, heads_of, preview_rows, previous_rows
from reports.query import confined
from reports.rows import read_year

PLAN_CHECKS = {NAMES[key] for key in NAMES if key.startswith("plan_")}


@require_GET
@one_moment
def report_index(request):
    """The months of the plan year, each with what happened in it."""
    year, day = plan_year(request), as_of(request)
    lines = month_rows(year, day, read_months(year, day, confined(request.user)))
    context = {
        "year": year,
        "lines": lines,
        "heads": MONTH_HEADS,
        "may_download": confined(request.user) is None,
        "latest": next((line for line in reversed(lines) if line.month and line.figures), None),
    }
    return render(request, "reports/report_index.html", context)


@require_GET
def month_of_day(request):
    """From a day to the report of its month: where the day picker of a month's page leads."""
    day = as_of(request)
    _, last = month_span(f"{day:%Y-%m}")
    return redirect(build_url("reports:monthly", day, ngay=day if request.GET.get("ngay") and day != last else None))


def _span(request, month: date) -> Span:
    """The month, up to ``?ngay=`` where that day is in it."""
    first, last = month_span(f"{month:%Y-%m}")
    day = as_of(request)
    return Span(first, day if request.GET.get("ngay") and first <= day <= last else last)


def _year(request, month: date) -> int:
    return plan_year(request) if request.GET.get("nam") else month.year


@require_GET
@one_moment
def monthly(request, month):
    span, year = _span(request, month), _year(request, month)
    page = request.GET.get("trang", "")
    opened = request.GET.get("mo", ""), int(page) if page.isascii() and page.isdigit() else 1
    context = _read(year, span, confined(request.user), *opened)
    context |= {
        "month": month,
        "span": span,
        "year": year,
        "frame": frame_of(request, year=year, day=span.last),
        "year_action": reverse("reports:report_index"),
        "day_action": reverse("reports:month_of_day"),
        "index_url": build_url("reports:report_index", nam=year),
        "download_url": _download_url(request, month, span, year),
        "is_running": span.last >= local_today(),
    }
    return render(request, "reports/monthly.html", context)


def _read(year, span, user, opened, page):
    rows = read_year(year, span.last, since=span.first, user=user)
    with_plan = user is None
    upper, lower, numbers = heads_of(columns_for(span))
    lines, is_folded = preview_rows(rows, read_names(rows), with_plan=with_plan, opened=opened, page=page)
    checks = [check for check in reconcile(rows, user) if with_plan or check.what not in PLAN_CHECKS]
    places, check_rows = check_table(checks)
    off_paper = list(entries_off_their_paper(year, span.last)) if with_plan else []
    return {
        "upper": upper,
        "lower": lower,
        "numbers": numbers,
        "lines": lines,
        "is_folded": is_folded,
        "previous_title": PREVIOUS,
        "previous": previous_rows(rows, read_previous(year, span.first, span.last, user)),
        "checks": checks,
        "check_places": places,
        "check_rows": check_rows,
        "agreeing": sum(check.agrees for check in checks),
        "off_paper": off_paper,
        "may_download": with_plan,
    }


def _download_url(request, month, span, year):
    _, last = month_span(f"{month:%Y-%m}")
    params = {"nam": None if year == month.year else year, "ngay": None if span.last == last else span.last}
    return build_url("reports:monthly_xlsx", month, **params)


@require_GET
def monthly_xlsx(request, month):
    """The workbook of the same day as the preview; it holds the whole province's plan."""
    if confined(request.user):
        raise PermissionDenied("Báo cáo tháng gồm số liệu của cả tỉnh nên không dành cho cán bộ địa phương.")
    span, year = _span(request, month), _year(request, month)
    target = BytesIO()
    write_month(month_report(at_one_moment(read_month, year, span.first, span.last)), target)
    name = f"bao-cao-khuyen-cong-{month:%Y-%m}"
    if year != month.year:
        name += f"-ke-hoach-{year}"
    return answer_file(target.getvalue(), name)
