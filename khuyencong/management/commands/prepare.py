"""What `make setup` and `make run` do to the database before serving."""

import io

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from khuyencong.demo_logins import NOBODY_LEFT, forget_logins, keep_logins, kept_logins, pairs_in


class Command(BaseCommand):
    help = "Cập nhật cơ sở dữ liệu; nạp dữ liệu minh họa nếu còn trống và được phép (DEMO)."

    def handle(self, *args, **options):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stderr.write("Đang cập nhật cơ sở dữ liệu …")
            call_command("migrate", interactive=False, verbosity=0)
        people = get_user_model().objects
        # A database that anybody can log in to is in use: not ours to fill.
        if settings.DEMO and not people.exists():
            self._fill()
        self._check_logins()
        if not people.filter(is_active=True).exists():
            self.stderr.write(NOBODY_LEFT)

    def _check_logins(self):
        """Keep the passwords that still open something: its person is there, active, and has not chosen another."""
        kept = kept_logins()
        users = get_user_model().objects.filter(username__in=dict(kept), is_active=True).in_bulk(field_name="username")
        good = [(name, password) for name, password in kept if name in users and users[name].check_password(password)]
        if kept and not good:
            forget_logins()
        elif good != kept:
            keep_logins(good)

    def _fill(self):
        """The demonstration, unless somebody took it out of this database: then ``demo`` prints nothing."""
        shown = io.StringIO()
        call_command("demo", unless_removed=True, stdout=shown, stderr=self.stderr)
        pairs = pairs_in(shown.getvalue())
        if pairs:
            keep_logins(pairs)
