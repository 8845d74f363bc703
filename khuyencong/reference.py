"""When the rows that every installation starts with are written: after migrations, once their tables are whole."""

from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate


def load_after_migrate(app, load):
    """Call ``load`` whenever the tables were made or emptied, but not half-way: the signal also follows
    ``migrate`` of another app, or one that goes back."""

    def load_once_whole(using, plan=None, **kwargs):
        # Emptying the tables, as tests do, sends no plan.
        if plan is None or is_migrated(app.label, using):
            load()

    post_migrate.connect(load_once_whole, sender=app, weak=False, dispatch_uid=f"{app.label} reference")


def is_migrated(label, using):
    """Whether every migration of the app ``label`` is applied."""
    loader = MigrationLoader(connections[using])
    return all(key in loader.applied_migrations for key in loader.graph.nodes if key[0] == label)
