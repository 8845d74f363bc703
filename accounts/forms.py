"""Logging in, changing one's password, and an administrator's form for a person."""

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    BaseUserCreationForm,
    PasswordChangeForm,
    SetPasswordForm,
    UserChangeForm,
)
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import OfficeSettings, Role, User
from accounts.reference_pages import ReferenceForm
from accounts.services import check_change, save_user
from khuyencong.errors import NotAllowed
from khuyencong.forms import SeveralField, entry_field, keys_of
from places.models import Locality


class LoginForm(AuthenticationForm):
    remember = forms.BooleanField(
        label="Giữ đăng nhập trên máy này",
        required=False,
        help_text="Chỉ chọn trên máy của riêng mình. Vẫn phải đăng nhập lại sau 8 giờ không dùng.",
    )

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


class FirstPasswordForm(SetPasswordForm):
    """A password that an administrator gives another person, to be changed at the first log-in."""

    error_messages = {"password_mismatch": "Hai lần nhập mật khẩu không giống nhau."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in {"new_password1": "Mật khẩu mới", "new_password2": "Nhập lại mật khẩu mới"}.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = "Chưa nhập mật khẩu."
        self.fields["new_password1"].widget.attrs["autofocus"] = True

    def save(self, commit=True):
        self.user.must_change_password = True
        return super().save(commit)


class PickManySelect(forms.SelectMultiple):
    """Holds what is chosen alone; the script asks ``data-picker`` for more while one types."""

    def optgroups(self, name, value, attrs=None):
        self.choices.field.picked = keys_of(value)
        return super().optgroups(name, value, attrs)


class PickedMany(forms.models.ModelChoiceIterator):
    def __iter__(self):
        for row in self.queryset.filter(pk__in=self.field.picked):
            yield self.choice(row)


class PlacesField(SeveralField):
    """Several places, found while typing."""

    widget = PickManySelect
    iterator = PickedMany
    picked = ()
    default_error_messages = {"invalid_pk_value": "Địa bàn không có trong danh mục. Hãy tìm và chọn lại."}

    def get_bound_field(self, form, field_name):
        self.widget.attrs["data-picker"] = reverse("places:locality_search")
        return super().get_bound_field(form, field_name)


class PersonForm(ReferenceForm):
    """Who a person is and what they may do; the password has a page of its own."""

    pairs = (("username", "full_name"), ("email", "role"))

    localities = PlacesField(
        Locality.objects.with_parents(),
        label="Địa bàn phụ trách",
        required=False,
        help_text="Cho cán bộ địa phương: chỉ thấy các địa bàn này và những đơn vị kế tiếp của chúng.",
    )

    class Meta:
        model = User
        fields = ["username", "full_name", "email", "role", "localities", "is_active"]
        formfield_callback = entry_field
        labels = {"is_active": "Đang dùng"}
        help_texts = {
            "username": "Chữ không dấu, số và các dấu @ . + - _",
            "is_active": "Bỏ chọn khi người này nghỉ, chuyển việc: không đăng nhập được nữa, việc đã ghi vẫn mang tên.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["is_active"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("role") == Role.LOCAL and not cleaned.get("localities"):
            self.add_error("localities", "Cán bộ địa phương phải có ít nhất một địa bàn phụ trách.")
        return cleaned

    def fill(self, row):
        for name in self.fields.keys() & {"username", "full_name", "email", "role", "is_active"}:
            setattr(row, name, self.cleaned_data[name])
        return row

    def keep_row(self, row, *, by, reason):
        row = self.fill(row)
        if row._state.adding:
            row.must_change_password = True
            row.set_unusable_password()
        try:
            row.full_clean()
        except ValidationError as error:
            raise NotAllowed(" ".join(error.messages)) from error
        row = save_user(user=row, by=by)
        row.localities.set(self.cleaned_data["localities"])
        return row


class OfficeForm(ReferenceForm):
    """The agency block, the place and the signers from a day on."""

    pairs = (
        ("short_code", "place_name"),
        ("director_title", "director_name"),
        ("accountant_title", "accountant_name"),
        ("department_head_title", "department_head_name"),
        ("preparer_title", "preparer_name"),
    )

    class Meta:
        model = OfficeSettings
        fields = [
            "valid_from",
            "parent_agency",
            "agency",
            "short_code",
            "place_name",
            "director_title",
            "director_name",
            "accountant_title",
            "accountant_name",
            "department_head_title",
            "department_head_name",
            "preparer_title",
            "preparer_name",
        ]
        formfield_callback = entry_field
