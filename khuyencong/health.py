"""Two open pages for whoever watches the server; they say only up or down."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
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
        executor = MigrationExecutor(connection)
        is_up = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        is_up = False
    return HttpResponse("up" if is_up else "down", content_type="text/plain", status=200 if is_up else 503)
