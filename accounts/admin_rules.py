"""What the admin offers: administrators keep people and reference data there, facts are for reading alone.

Who gets in at all is ``User.is_staff``, and what an administrator may do is said here, for every app's admin.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from simple_history.admin import SimpleHistoryAdmin

from accounts.permissions import Action, can
from khuyencong.text import fold


class ReferenceAdmin(admin.ModelAdmin):
    """Reference data: administrators add, change and delete (what facts hang on is protected)."""

    manage = Action.MANAGE_REFERENCE

    def has_module_permission(self, request):
        return can(request.user, self.manage)

    def has_view_permission(self, request, obj=None):
        return can(request.user, self.manage)

    def has_add_permission(self, request):
        return can(request.user, self.manage)

    def has_change_permission(self, request, obj=None):
        return can(request.user, self.manage)

    def has_delete_permission(self, request, obj=None):
        return can(request.user, self.manage)


class SearchFolded:
    """For an admin whose search goes over stored folded keys: what is typed is folded too."""

    search_help_text = "Tìm không cần dấu."

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))


class ReadOnlyAdmin(ReferenceAdmin):
    """Facts, shown for support: what changes them are services, with their rules and their log."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class FactAdmin(ReadOnlyAdmin, SimpleHistoryAdmin):
    """Facts with their history, which is for reading too."""

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        # The package asks for no permission here, and would write an old version over the present one.
        if request.method != "GET":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    def revert_disabled(self, request, obj=None):
        return True
