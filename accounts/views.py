"""Logging in and changing one's own password."""

from django.contrib import messages
from django.contrib.auth import views

from accounts.forms import LoginForm, OwnPasswordForm


class LoginView(views.LoginView):
    authentication_form = LoginForm
    redirect_authenticated_user = True


class PasswordChangeView(views.PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = "/"

    def form_valid(self, form):
        messages.success(self.request, "Đã đổi mật khẩu.")
        return super().form_valid(form)
