"""Two open pages for whoever watches the server; they say only up or down."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@never_cache
@require_safe
def alive(request):
    return HttpResponse("up", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request):
    """Up where the database answers and no migration is left to apply."""
    try:
        is_up = _migrations() <= MigrationRecorder(connection).applied_migrations().keys()
    except Error:
        is_up = False
    return HttpResponse("up" if is_up else "down", content_type="text/plain", status=200 if is_up else 503)


@cache
def _migrations():
    """All there are, read once: a process keeps the code it began with, and anybody may ask as often as they like."""
    return frozenset(MigrationLoader(None).graph.nodes)
