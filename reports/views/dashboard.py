"""The first page: where a plan year stands on a day, what is late, and lists one click away."""

from dataclasses import dataclass
from datetime import date

from django.shortcuts import render
from django.views.decorators.http import require_GET

from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from khuyencong.frame_tags import build_url
from reports.dashboard import (
    PLACES_SHOWN,
    activity_lines,
    chart_of,
    deadline_lines,
    difficulty_ages,
    month_lines,
    place_lines,
    source_lines,
)
from reports.dashboard_rows import (
    read_activity_names,
    read_deadlines,
    read_difficulties,
    read_months,
    read_places,
    read_words,
)
from reports.figures import block_of
from reports.funnel import APART, LADDER, by_stage
from reports.links import day_param, figure_of, month_url
from reports.query import confined
from reports.rows import read_year

DEADLINES_SHOWN = 8
DIFFICULTIES_SHOWN = 5


@dataclass(frozen=True)
class StageLink:
    name: str
    count: int
    url: str
    is_fullest: bool = False


@require_GET
@one_moment
def dashboard(request):
    day, year = as_of(request), plan_year(request)
    return render(request, "reports/dashboard.html", _read(year, day, confined(request.user)))


def _read(year, day, user):
    """Everything the page shows, as its context."""
    rows = read_year(year, day, user=user)
    with_plan = user is None
    report_month = day if day.year <= year else date(year, 12, 1)
    context = {"year": year, "day": day, "report_month": report_month, "report_url": month_url(report_month, year=year)}
    deadlines = read_deadlines(year, day, user)
    difficulties = list(read_difficulties(year, day, user))
    if not rows.lines and not (with_plan and any(row.year == year for row in rows.plan)):
        return context | {"is_empty": True}
    whole = block_of(rows)
    places = place_lines(rows, read_places({line.locality for line in rows.lines if line.locality}))
    months = month_lines(rows, read_months(year, day, user), with_plan=with_plan)
    return (
        context
        | _stages(rows, by_stage(whole, read_words(year, day, user)))
        | {
            "total": {key: figure_of(whole, key) for key in ("projects", "activities", "late_projects")},
            "sources": source_lines(rows, with_plan=with_plan),
            "with_plan": with_plan,
            "deadlines": deadline_lines(deadlines[:DEADLINES_SHOWN], day),
            "deadlines_count": len(deadlines),
            "overdue_count": sum(each.days_left(day) < 0 for each in deadlines),
            "difficulties": difficulty_ages(difficulties[:DIFFICULTIES_SHOWN], day),
            "difficulties_count": len(difficulties),
            "months": months,
            "chart": chart_of(months, rows),
            "places": places[:PLACES_SHOWN],
            "places_count": len(places),
            "activities": activity_lines(rows, read_activity_names()),
        }
    )


def _stages(rows, found):
    fullest = max((len(found.get(stage, [])) for stage, _ in LADDER), default=0)

    def link(stage, name):
        number = len(found.get(stage, []))
        url = build_url("reports:stage", stage, nam=rows.year, ngay=day_param(rows.day))
        return StageLink(name, number, url, is_fullest=0 < number == fullest)

    apart = [link(stage, name) for stage, name in APART if found.get(stage)]
    return {"ladder": [link(stage, name) for stage, name in LADDER], "apart": apart}
