from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.shortcuts import redirect

from accounts.admin_rules import ReferenceAdmin
from accounts.forms import NewPasswordForm, PersonAddForm, PersonChangeForm
from accounts.models import OfficeSettings, User
from accounts.permissions import Action
from accounts.services import save_user

# The role says all; groups would be a second table of who may do what.
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(ReferenceAdmin, UserAdmin):
    manage = Action.MANAGE_USERS
    form = PersonChangeForm
    add_form = PersonAddForm
    change_password_form = NewPasswordForm
    list_display = ["username", "full_name", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "full_name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    autocomplete_fields = ["localities"]
    fieldsets = [
        (None, {"fields": ["username", "password", "must_change_password"]}),
        ("Người dùng", {"fields": ["full_name", "email", "role", "localities", "is_active"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2", "must_change_password"]}),
        ("Người dùng", {"fields": ["full_name", "email", "role", "localities"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        # Facts name people: they are deactivated.
        return False

    def get_changeform_initial_data(self, request):
        # Whoever gets a password from another person changes it at the first log-in.
        return {"must_change_password": True, **super().get_changeform_initial_data(request)}

    def get_form(self, request, obj=None, **kwargs):
        return type("PersonForm", (super().get_form(request, obj, **kwargs),), {"by": request.user})

    def user_change_password(self, request, id, form_url=""):
        if id == str(request.user.pk):
            # One's own is chosen by oneself, and asks for the old one.
            return redirect("accounts:password_change")
        return super().user_change_password(request, id, form_url)

    def save_model(self, request, obj, form, change):
        save_user(user=obj, by=request.user)


@admin.register(OfficeSettings)
class OfficeSettingsAdmin(ReferenceAdmin):
    list_display = ["valid_from", "agency", "short_code", "place_name", "director_name"]
    fieldsets = [
        (None, {"fields": ["valid_from"]}),
        ("Đầu văn bản", {"fields": ["parent_agency", "agency", "short_code", "place_name"]}),
        (
            "Người ký",
            {
                "fields": [
                    ("director_title", "director_name"),
                    ("accountant_title", "accountant_name"),
                    ("department_head_title", "department_head_name"),
                    ("preparer_title", "preparer_name"),
                ]
            },
        ),
    ]
