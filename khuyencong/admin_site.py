"""The admin in the office's words, entered by the site's own log-in."""

from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied


class OfficeAdminSite(AdminSite):
    site_header = "Quản trị khuyến công"
    site_title = "Quản trị khuyến công"
    index_title = "Danh mục và người dùng"
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable=False):
        """Django would send whoever may not come in to another log-in; here they are told."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request, extra_context=None):
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or request.get_full_path())
