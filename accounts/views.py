"""Logging in, changing one's own password, and what an administrator does with other people's accounts."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.decorators.http import require_POST

from accounts.forms import FirstPasswordForm, LoginForm, OwnPasswordForm
from accounts.kinds import PERSON
from accounts.lockout import is_locked_out, unlock
from accounts.models import Role, User
from accounts.permissions import ALLOWED, Action, can, require, who_can
from accounts.reference_pages import ReferenceEdit, ReferenceList, ReferenceNew


class LoginView(views.LoginView):
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        answer = super().form_valid(form)
        # Not remembered: the cookie goes with the browser. Either way the session ends some hours after its last use.
        self.request.session.set_expiry(settings.SESSION_COOKIE_AGE if form.cleaned_data["remember"] else 0)
        return answer


class PasswordChangeView(views.PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = "/"

    def form_valid(self, form):
        messages.success(self.request, "Đã đổi mật khẩu.")
        return super().form_valid(form)


class UserList(ReferenceList):
    kind = PERSON
    template_name = "accounts/user_list.html"

    def get_context(self):
        return {
            "roles": [role.label for role in Role],
            "may": [(action.value, [action in ALLOWED[role] for role in Role]) for action in Action],
        }


class UserNew(ReferenceNew):
    kind = PERSON
    can_continue = False

    def save(self, form):
        saved = super().save(form)
        saved.url = f"{self.kind.url('edit', saved.row.pk)}mat-khau/"
        saved.message = f"Đã thêm {saved.row}. Hãy đặt mật khẩu đầu tiên."
        return saved


class UserEdit(ReferenceEdit):
    kind = PERSON

    def get_context(self, form):
        return {**super().get_context(form), "person": self.row, "is_locked_out": is_locked_out(self.row)}


class UserPassword(View):
    """A new password for somebody else; one's own asks for the old one."""

    def dispatch(self, request, pk):
        if not can(request.user, Action.MANAGE_USERS):
            raise PermissionDenied(f"Việc này dành cho: {', '.join(who_can(Action.MANAGE_USERS))}.")
        self.person = get_object_or_404(User, pk=pk)
        if self.person.pk == request.user.pk:
            return redirect("accounts:password_change")
        return super().dispatch(request, pk)

    def get(self, request, pk):
        return self.answer(FirstPasswordForm(self.person))

    def post(self, request, pk):
        form = FirstPasswordForm(self.person, request.POST)
        if not form.is_valid():
            return self.answer(form, status=422)
        form.save()
        unlock(self.person)
        messages.success(request, f"Đã đặt mật khẩu cho {self.person}; người này phải đổi khi đăng nhập.")
        return redirect("accounts:user_list")

    def answer(self, form, status=200):
        context = {"form": form, "person": self.person}
        return render(self.request, "accounts/password_form.html", context, status=status)


@require(Action.MANAGE_USERS)
@require_POST
def user_unlock(request, pk):
    """Lets a person who mistyped the password too often try again at once."""
    person = get_object_or_404(User, pk=pk)
    unlock(person)
    messages.success(request, f"Đã mở khóa đăng nhập cho {person}.")
    return redirect(PERSON.url("edit", person.pk))
