"""Full lists behind the dashboard's cards: đề án of a stage, deadlines, difficulties, places; pages and files."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects import listing
from projects.list_files import answer_list
from projects.models import Project
from projects.pages.project import SOON_DAYS
from projects.views import project_table, project_table_xlsx
from reports.dashboard import deadline_lines, difficulty_ages, place_lines
from reports.dashboard_rows import read_deadlines, read_difficulties, read_places, read_words
from reports.figures import block_of
from reports.funnel import STAGE_NAMES, by_stage
from reports.list_sheets import deadline_sheet, difficulty_sheet, list_about, place_sheet, total_of
from reports.query import confined
from reports.rows import read_year

PER_PAGE = 50


@require_GET
@one_moment
def stage(request, stage):
    """Exactly the đề án that the dashboard's funnel counts at ``stage``."""
    found = _at_stage(request, stage)
    year, day = plan_year(request), as_of(request)
    note = format_html(
        'Năm {}, đến {}: <b data-count="{}">{} đề án</b>', year, format_day(day), len(found), format_vnd(len(found))
    )
    return project_table(request, Project.objects.filter(pk__in=found), title=STAGE_NAMES[stage], note=note)


@require_GET
@one_moment
def stage_xlsx(request, stage):
    found = Project.objects.filter(pk__in=_at_stage(request, stage))
    return project_table_xlsx(request, found, title=STAGE_NAMES[stage])


def _at_stage(request, stage):
    if stage not in STAGE_NAMES:
        raise Http404(stage)
    year, day, user = plan_year(request), as_of(request), confined(request.user)
    return by_stage(block_of(read_year(year, day, user=user)), read_words(year, day, user)).get(stage, [])


@dataclass(frozen=True)
class FullList:
    """All rows behind one card of the dashboard; ``sheet`` makes the file of them, ``total_vnd`` (đồng) ends them."""

    template: str
    title: str
    unit: str
    file: str
    sheet: object
    year: int
    day: date
    rows: list
    total_vnd: int | None = None


def _deadlines(request):
    year, day = plan_year(request), as_of(request)
    rows = deadline_lines(read_deadlines(year, day, confined(request.user)), day)
    title = f"Việc quá hạn và đến hạn trong {SOON_DAYS} ngày"
    return FullList("deadlines", title, "việc", "den-han", deadline_sheet, year, day, rows)


def _difficulties(request):
    year, day = plan_year(request), as_of(request)
    rows = difficulty_ages(read_difficulties(year, day, confined(request.user)), day)
    title = "Khó khăn, vướng mắc chưa giải quyết"
    return FullList("difficulties", title, "khó khăn", "kho-khan", difficulty_sheet, year, day, rows)


def _places(request):
    year, day = plan_year(request), as_of(request)
    rows = read_year(year, day, user=confined(request.user))
    found = place_lines(rows, read_places({line.locality for line in rows.lines if line.locality}))
    return FullList(
        "places", "Đề án theo địa bàn", "địa bàn", "dia-ban", place_sheet, year, day, found, total_of(found)
    )


@require_GET
@one_moment
def deadlines(request):
    return _page(request, _deadlines(request))


@require_GET
@one_moment
def deadlines_xlsx(request):
    return _file(_deadlines(request))


@require_GET
@one_moment
def difficulties(request):
    return _page(request, _difficulties(request))


@require_GET
@one_moment
def difficulties_xlsx(request):
    return _file(_difficulties(request))


@require_GET
@one_moment
def places(request):
    return _page(request, _places(request))


@require_GET
@one_moment
def places_xlsx(request):
    return _file(_places(request))


def _page(request, found):
    note = format_html(
        'Năm {}, đến {}: <b data-count="{}">{} {}</b>',
        found.year,
        format_day(found.day),
        len(found.rows),
        format_vnd(len(found.rows)),
        found.unit,
    )
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("trang"))
    context = {
        "title": found.title,
        "note": note,
        "page_obj": page,
        "list_template": f"reports/_{found.template}.html",
        "rows": page,
        "unit": found.unit,
        "total_vnd": found.total_vnd,
        "file_url": listing.file_url(request),
    }
    return render(request, "reports/attention.html", context)


def _file(found):
    name = f"{found.file}-{found.year}-{found.day:%Y-%m-%d}"
    return answer_list(
        found.sheet(found.rows, found.day, name, found.title, list_about(found.year, found.day)), found.day
    )
