"""The rows every installation starts with come after migrations, whichever of them ran."""

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from funding.models import SupportNorm
from places.models import LocalitySuccession

pytestmark = pytest.mark.django_db

ROWS = [("funding", SupportNorm), ("places", LocalitySuccession)]


def tell(**more):
    """What Django sends every app after ``migrate`` (with its plan) and after emptying the tables (without)."""
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", **more)


@pytest.mark.parametrize("more", [{"plan": []}, {}], ids=["migrated", "emptied"])
def test_what_is_missing_is_written_once_the_tables_are_whole(more):
    for _, model in ROWS:
        model.objects.all().delete()
    tell(**more)
    assert all(model.objects.exists() for _, model in ROWS)


@pytest.mark.parametrize(("label", "model"), ROWS)
def test_nothing_is_written_while_a_migration_of_the_app_is_left(label, model):
    model.objects.all().delete()
    MigrationRecorder(connection).record_unapplied(label, "0001_initial")
    tell(plan=[("a migration of another app", False)])
    assert not model.objects.exists()
