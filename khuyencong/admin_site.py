"""The admin in the office's words, entered by the site's own log-in."""

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied


class OfficeAdminSite(AdminSite):
    site_header = "Quản trị khuyến công"
    site_title = "Quản trị khuyến công"
    index_title = "Danh mục và người dùng"
    enable_nav_sidebar = False

    def login(self, request, extra_context=None):
        """Whoever is logged in and still lands here has no business in the admin."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or request.get_full_path())
