"""A programme of several years: its targets with the figures of each year that they are measured by."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.permissions import Action, can
from khuyencong.asof import as_of
from khuyencong.database import one_moment
from reports.frame import frame_of
from reports.programme import target_lines
from reports.programme_rows import read_programme_years, with_targets
from reports.query import confined


@require_GET
@one_moment
def programme(request, pk):
    if confined(request.user):
        raise PermissionDenied("Chương trình gồm số liệu của cả tỉnh nên không dành cho cán bộ địa phương.")
    found = get_object_or_404(with_targets(), pk=pk)
    day = as_of(request)
    context = {
        "programme": found,
        "day": day,
        "lines": target_lines(found, read_programme_years(found, day)),
        "may_enter": can(request.user, Action.ENTER_FACTS),
        "frame": frame_of(request),
        "year_action": reverse("reports:plan_index"),
    }
    return render(request, "reports/programme.html", context)
