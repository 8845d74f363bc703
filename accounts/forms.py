"""Logging in, changing one's password, and an administrator's form for a person."""

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    BaseUserCreationForm,
    PasswordChangeForm,
    UserChangeForm,
)

from accounts.models import Role, User
from accounts.services import check_change
from khuyencong.errors import NotAllowed


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Mật khẩu phân biệt chữ hoa và chữ thường.",
        "inactive": "Tài khoản này đã ngừng dùng. Đề nghị liên hệ quản trị của Trung tâm.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Chưa nhập tên đăng nhập."
        self.fields["password"].error_messages["required"] = "Chưa nhập mật khẩu."


class OwnPasswordForm(PasswordChangeForm):
    error_messages = {
        "password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau.",
        "password_incorrect": "Mật khẩu đang dùng không đúng.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {
            "old_password": "Mật khẩu đang dùng",
            "new_password1": "Mật khẩu mới",
            "new_password2": "Nhập lại mật khẩu mới",
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = "Chưa nhập mật khẩu."

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new_password1") and cleaned.get("new_password1") == cleaned.get("old_password"):
            self.add_error("new_password1", "Mật khẩu mới phải khác mật khẩu đang dùng.")
        return cleaned

    def save(self, commit=True):
        # Whoever chose a password need not be asked again.
        self.user.must_change_password = False
        return super().save(commit)


class NewPasswordForm(AdminPasswordChangeForm):
    """An administrator's, for another person, who is to change what was chosen for them."""

    def save(self, commit=True):
        self.user.must_change_password = True
        return super().save(commit)


class PersonRules(forms.ModelForm):
    """What must hold of a person beyond one row; ``by``, who saves, is set by the admin."""

    by = None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("role") == Role.LOCAL and not cleaned.get("localities"):
            self.add_error("localities", "Cán bộ địa phương phải có ít nhất một địa bàn phụ trách.")
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        try:
            check_change(user=self.instance, by=self.by)
        except NotAllowed as refusal:
            self.add_error(None, refusal.message)


class PersonAddForm(PersonRules, BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "full_name", "email", "role", "localities", "must_change_password"]


class PersonChangeForm(PersonRules, UserChangeForm):
    class Meta:
        model = User
        fields = [
            "username",
            "password",
            "full_name",
            "email",
            "role",
            "localities",
            "is_active",
            "must_change_password",
        ]
