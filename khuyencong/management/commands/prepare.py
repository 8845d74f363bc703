"""What `make setup` and `make run` do to the database before serving."""

import io

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from khuyencong.demo_logins import keep_logins, pairs_in


class Command(BaseCommand):
    help = "Cập nhật cơ sở dữ liệu; nạp dữ liệu minh hoạ nếu còn trống và được phép (DEMO)."

    def handle(self, *args, **options):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stderr.write("Đang cập nhật cơ sở dữ liệu …")
            call_command("migrate", interactive=False, verbosity=0)
        # A database that anybody can log in to is in use: not ours to fill.
        if settings.DEMO and not get_user_model().objects.exists():
            self.stderr.write("Đang nạp dữ liệu minh hoạ …")
            shown = io.StringIO()
            call_command("demo", stdout=shown)
            keep_logins(pairs_in(shown.getvalue()))
