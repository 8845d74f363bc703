"""Forms of proposals: what a place asks for, and what the Centre answers."""

from django import forms

from accounts.permissions import places_of
from funding.models import FundingSource
from khuyencong.dates import format_day, local_today
from khuyencong.forms import DayField, EntryForm, PickerField, WholeNumberField
from khuyencong.money import VNDField
from places.models import Locality
from projects.forms.beneficiary import BeneficiaryForm
from projects.forms.project import EquipmentForm, Items, activity_choices, money_name
from projects.models import Beneficiary, Project
from projects.services import LineDraft


def reach_of(user):
    """The places that a person may propose for."""
    places = places_of(user)
    return (Locality.objects.all() if places is None else places).with_parents()


class PlaceInForce:
    """Mixed into a form whose ``locality`` must be there today: what is proposed now happens in today's units."""

    def clean_locality(self):
        place, today = self.cleaned_data["locality"], local_today()
        if place is None or Locality.objects.valid_on(today).filter(pk=place.pk).exists():
            return place
        if place.valid_from and place.valid_from > today:
            raise forms.ValidationError(
                f"{place} chỉ có từ ngày {format_day(place.valid_from)}. Hãy chọn địa bàn khác."
            )
        heirs = Locality.objects.filter(pk=place.pk).heirs(today).with_parents().order_by("sort_key", "pk")
        now = ", ".join(heir.full_name for heir in heirs)
        advice = f"Nay là {now}; hãy chọn địa bàn đó." if now else "Hãy chọn địa bàn hiện có."
        raise forms.ValidationError(f"{place} không còn từ sau ngày {format_day(place.valid_to)}. {advice}")


class ProposalForm(PlaceInForce, EntryForm):
    """``items``: [(Equipment, initial)] there are."""

    name = forms.CharField(
        label="Tên đề án",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Chưa nhập tên đề án."},
    )
    plan_year = WholeNumberField(
        label="Năm kế hoạch",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "Chưa nhập năm kế hoạch."},
    )
    activity = forms.TypedChoiceField(label="Nội dung hoạt động", required=False, coerce=int, empty_value=None)
    locality = PickerField(
        Locality.objects.none(),
        search="projects:proposal_place_search",
        label="Địa bàn",
        required=True,
        empty_label="",
        help_text="Trong địa bàn được giao.",
    )
    beneficiary = PickerField(
        Beneficiary.objects.none(),
        search="projects:beneficiary_search",
        create="projects:proposal_beneficiary_new",
        label="Cơ sở thụ hưởng",
        required=False,
        empty_label="",
    )
    note = forms.CharField(
        label="Sự cần thiết, ghi chú", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data=None, *, user, items=(), **kwargs):
        super().__init__(data, **kwargs)
        self.fields["locality"].queryset = reach_of(user)
        self.fields["beneficiary"].queryset = Beneficiary.objects.visible_to(user)
        year = self.initial.get("plan_year") or local_today().year + 1
        self.fields["activity"].choices = activity_choices(year, kept=[self.initial.get("activity")])
        self.fields["activity"].widget.attrs["data-find"] = ""
        self.sources = list(FundingSource.objects.all())
        for source in self.sources:
            self.fields[money_name(source)] = VNDField(label=source.name, required=False, min_value=0)
        self.items = Items(EquipmentForm, "may", data=data, rows=items)

    @property
    def money(self):
        """Bound fields of the counted sources, then of the others."""
        return [self[money_name(source)] for source in self.sources]

    def shown(self):
        return {**super().shown(), **self.items.shown("Máy")}

    @property
    def part_errors(self):
        return self.items.errors(self.items.title) if self.is_bound else []

    def is_valid(self):
        is_valid = super().is_valid()
        return self.items.is_valid() and is_valid

    def clean(self):
        cleaned = super().clean()
        asked = [vnd for source, vnd in self.amounts().items() if source.is_counted]
        if not any(asked) and not any(name.startswith("tien_") for name in self.errors):
            counted = next(source for source in self.sources if source.is_counted)
            self.add_error(money_name(counted), "Chưa nhập kinh phí đề nghị của nguồn nào.")
        if self.items.forms and not self.items.is_valid():
            self.add_error(None, "Có máy móc, thiết bị chưa đúng; xem chữ đỏ ở từng dòng.")
        return cleaned

    def amounts(self):
        """{source: VND}; 0 says something of the counterpart alone: that there is none."""
        typed = {source: self.cleaned_data.get(money_name(source)) for source in self.sources}
        return {source: vnd for source, vnd in typed.items() if vnd is not None and (vnd or source.is_counterpart)}

    def draft(self):
        cleaned = self.cleaned_data
        fields = {
            "plan_year": cleaned["plan_year"],
            "activity_id": cleaned["activity"],
            "locality": cleaned["locality"],
            "beneficiary": cleaned["beneficiary"],
        }
        new = [item.values() for item in self.items.standing if item.row is None]
        return LineDraft(fields, self.amounts(), new)

    def changed_items(self):
        """Equipment there is, with what was typed; not saved."""
        for item in self.items.standing:
            if item.row is not None:
                for name, value in item.values().items():
                    setattr(item.row, name, value)
                yield item.row


class OwnBeneficiaryForm(PlaceInForce, BeneficiaryForm):
    """An establishment at one of the proposer's own places."""

    class Meta(BeneficiaryForm.Meta):
        pass

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["locality"].queryset = reach_of(user)
        self.fields["locality"].search = "projects:proposal_place_search"
        self.fields["locality"].required = True


class AcceptForm(EntryForm):
    code = forms.CharField(label="Mã đề án", max_length=100, error_messages={"required": "Chưa nhập mã đề án."})
    on = DayField(label="Ngày tiếp nhận")
    number = forms.CharField(label="Số văn bản", required=False, max_length=100)

    def clean_code(self):
        code = self.cleaned_data["code"]
        other = Project.objects.filter(code=code).first()
        if other:
            raise forms.ValidationError(f"Mã {code} đã dùng cho đề án “{other.name}”.")
        return code


class TurnDownForm(EntryForm):
    on = DayField(label="Ngày")
    why = forms.CharField(
        label="Lý do, điều cần bổ sung",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Chưa ghi lý do: người đề xuất cần biết để sửa."},
    )
