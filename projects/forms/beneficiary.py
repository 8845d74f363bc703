"""The form of an establishment, with the names it had."""

from django import forms

from khuyencong.dates import format_day
from khuyencong.forms import DayField, EntryModelForm, PickerField, entry_field
from khuyencong.text import fold
from places.models import Locality
from projects.forms.laid_out import LaidOutForm
from projects.models import Beneficiary, BeneficiaryFormerName

Kind = Beneficiary.Kind
KIND_BY_OPENING = {
    "cong ty": Kind.COMPANY,
    "doanh nghiep tu nhan": Kind.PRIVATE,
    "dntn": Kind.PRIVATE,
    "hop tac xa": Kind.COOPERATIVE,
    "htx": Kind.COOPERATIVE,
    "to hop tac": Kind.GROUP,
    "ho kinh doanh": Kind.HOUSEHOLD,
    "hkd": Kind.HOUSEHOLD,
    "hiep hoi": Kind.ASSOCIATION,
}


def kind_of(name):
    """What an establishment's name begins with."""
    key = f"{fold(name)} "
    return next((kind for words, kind in KIND_BY_OPENING.items() if key.startswith(f"{words} ")), Kind.OTHER)


class BeneficiaryForm(LaidOutForm, EntryModelForm):
    """A new name with ``used_until`` keeps the old one as a former name; without a day it mends a slip.

    A new one is of the kind its name tells, unless another is chosen.
    """

    layout = (
        ("name",),
        ("used_until",),
        ("kind", "tax_code"),
        ("representative", "phone"),
        ("address",),
        ("locality", "trade"),
    )

    locality = PickerField(
        Locality.objects.all(), search="places:locality_search", label="Địa bàn", required=False, empty_label=""
    )
    used_until = DayField(
        label="Tên cũ dùng đến hết ngày",
        required=False,
        help_text="Ghi khi cơ sở đổi tên: báo cáo của những ngày trước giữ tên cũ. Để trống nếu chỉ sửa lỗi gõ.",
    )

    class Meta:
        model = Beneficiary
        fields = ["name", "kind", "tax_code", "representative", "phone", "address", "locality", "trade"]
        formfield_callback = entry_field
        error_messages = {"name": {"required": "Chưa nhập tên cơ sở."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["used_until"]
            self.fields["kind"].required = False
            self.fields["kind"].choices = [("", "Theo tên cơ sở"), *Kind.choices]
            self.initial["kind"] = ""

    def former_name(self):
        """The name that this form puts into the past, unsaved; None where it does not."""
        until = self.cleaned_data.get("used_until")
        if not until or self.initial.get("name") == self.cleaned_data.get("name"):
            return None
        return BeneficiaryFormerName(beneficiary=self.instance, name=self.initial["name"], used_until=until)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("kind") and "kind" not in self.errors:
            cleaned["kind"] = kind_of(cleaned.get("name", ""))
        if cleaned.get("used_until") and self.initial.get("name") == cleaned.get("name"):
            self.add_error("used_until", forms.ValidationError("Tên cơ sở chưa thay đổi. Hãy nhập tên mới ở ô tên."))
        return cleaned


class FormerNameForm(LaidOutForm, EntryModelForm):
    """A slip in a former name, or in the last day it was used."""

    layout = (("name",), ("used_until",))

    class Meta:
        model = BeneficiaryFormerName
        fields = ["name", "used_until"]
        formfield_callback = entry_field

    def clean(self):
        cleaned = super().clean()
        until = cleaned.get("used_until")
        others = self.instance.beneficiary.former_names.exclude(pk=self.instance.pk)
        same = others.filter(used_until=until).first() if until else None
        if same:
            told = f"Đã có tên “{same}” dùng đến hết ngày {format_day(until)}. Hãy sửa hoặc xóa tên đó trước."
            self.add_error("used_until", told)
        return cleaned
