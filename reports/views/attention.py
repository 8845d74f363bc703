"""Full lists behind the dashboard's cards: đề án of a stage, deadlines, difficulties, places."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects.models import Project
from projects.pages.project import SOON_DAYS
from projects.views import project_table
from reports.dashboard import deadline_lines, place_lines
from reports.dashboard_rows import read_deadlines, read_difficulties, read_places, read_words
from reports.figures import block_of
from reports.funnel import STAGE_NAMES, by_stage
from reports.query import confined
from reports.rows import read_year

PER_PAGE = 50


@require_GET
@one_moment
def stage(request, stage):
    """Exactly the đề án that the dashboard's funnel counts at ``stage``."""
    if stage not in STAGE_NAMES:
        raise Http404(stage)
    year, day = plan_year(request), as_of(request)
    found = _staged(year, day, confined(request.user)).get(stage, [])
    note = format_html(
        'Năm {}, đến {}: <b data-count="{}">{} đề án</b>', year, format_day(day), len(found), format_vnd(len(found))
    )
    return project_table(request, Project.objects.filter(pk__in=found), title=STAGE_NAMES[stage], note=note)


def _staged(year, day, user):
    return by_stage(block_of(read_year(year, day, user=user)), read_words(year, day, user))


@require_GET
@one_moment
def deadlines(request):
    year, day = plan_year(request), as_of(request)
    found = read_deadlines(year, day, confined(request.user))
    return _list(
        request, "deadlines", deadline_lines(found, day), f"Việc quá hạn và đến hạn trong {SOON_DAYS} ngày", "việc"
    )


@require_GET
@one_moment
def difficulties(request):
    year, day = plan_year(request), as_of(request)
    found = read_difficulties(year, day, confined(request.user))
    rows = [(each, (day - each.raised_on).days) for each in found]
    return _list(request, "difficulties", rows, "Khó khăn, vướng mắc chưa giải quyết", "khó khăn")


@require_GET
@one_moment
def places(request):
    year, day = plan_year(request), as_of(request)
    rows = _places(year, day, confined(request.user))
    return _list(request, "places", rows, "Đề án theo địa bàn", "địa bàn")


def _places(year, day, user):
    rows = read_year(year, day, user=user)
    return place_lines(rows, read_places({line.locality for line in rows.lines if line.locality}))


def _list(request, name, rows, title, unit):
    note = format_html(
        'Năm {}, đến {}: <b data-count="{}">{} {}</b>',
        plan_year(request),
        format_day(as_of(request)),
        len(rows),
        format_vnd(len(rows)),
        unit,
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    context = {"title": title, "note": note, "page_obj": page, "list_template": f"reports/_{name}.html", "rows": page}
    return render(request, "reports/attention.html", context)
