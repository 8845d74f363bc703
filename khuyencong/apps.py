"""The site as an app (checks, commands) and the admin with a log-in that is the site's own."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks

from khuyencong.checks import check_database, check_reachable


class KhuyencongConfig(AppConfig):
    name = "khuyencong"
    verbose_name = "Khuyến công"

    def ready(self):
        checks.register(check_reachable, checks.Tags.security)
        checks.register(check_database, checks.Tags.database)


class OfficeAdminConfig(AdminConfig):
    default_site = "khuyencong.admin_site.OfficeAdminSite"
