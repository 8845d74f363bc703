"""One form a thing the office fills in before money reaches a line."""

from datetime import timedelta

from django import forms

from accounts.reference_pages import ReferenceForm
from funding.models import (
    Activity,
    AdvanceRule,
    Agency,
    AgencyFormerName,
    ChangeRule,
    Decision,
    FundingSource,
    Programme,
    ProgrammeTarget,
    SupportNorm,
)
from khuyencong.dates import format_day
from khuyencong.forms import DayField, EntryModelForm, PickerField, WholeNumberField, entry_field
from khuyencong.money import VNDField
from khuyencong.rows import keep
from khuyencong.text import fold
from places.models import Locality, LocalitySuccession

ONE_DAY = timedelta(days=1)


class AgencyForm(EntryModelForm):
    class Meta:
        model = Agency
        fields = ["name", "level"]
        formfield_callback = entry_field
        error_messages = {"name": {"required": "Chưa nhập tên cơ quan."}}

    def clean_name(self):
        # The key that must be unique is no field here, so its own words would name a constraint.
        name = self.cleaned_data["name"]
        same = Agency.objects.filter(name_key=fold(name)).exclude(pk=self.instance.pk).first()
        if same:
            raise forms.ValidationError(f"Đã có cơ quan tên này: {same}.")
        return name


class AgencyReferenceForm(AgencyForm, ReferenceForm):
    """A new name with ``used_until`` keeps the old one for the days before; without a day it mends a slip."""

    used_until = DayField(
        label="Tên cũ dùng đến hết ngày",
        required=False,
        help_text="Ghi khi cơ quan đổi tên: báo cáo của những ngày trước giữ tên cũ. Để trống nếu chỉ sửa lỗi gõ.",
    )

    class Meta(AgencyForm.Meta):
        pass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["used_until"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("used_until") and self.initial.get("name") == cleaned.get("name"):
            self.add_error("used_until", "Tên cơ quan chưa thay đổi. Hãy nhập tên mới ở ô tên.")
        return cleaned

    def keep_row(self, row, *, by, reason):
        old, until = row.name, self.cleaned_data.get("used_until")
        row = super().keep_row(row, by=by, reason=reason)
        if until:
            keep(AgencyFormerName(agency=row, name=old, used_until=until), by=by, reason=reason)
        return row


class FundingSourceForm(ReferenceForm):
    """Figures, import and the reference data find a source by its code; what counts would change past figures."""

    FIXED = ("code", "is_counted")
    pairs = (("code", "level"), ("is_counted", "position"))

    class Meta:
        model = FundingSource
        fields = ["code", "name", "level", "is_counted", "position"]
        formfield_callback = entry_field

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            for name in self.FIXED:
                del self.fields[name]


class ActivityForm(ReferenceForm):
    pairs = (("code", "position"), ("valid_from", "valid_to"))

    class Meta:
        model = Activity
        fields = [
            "code",
            "name",
            "parent",
            "is_leaf",
            "measures",
            "legal_basis",
            "valid_from",
            "valid_to",
            "position",
        ]
        formfield_callback = entry_field

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Activity.objects.filter(is_leaf=False).exclude(pk=self.instance.pk)
        self.fields["parent"].empty_label = "Không thuộc nội dung nào"


class SupportNormForm(ReferenceForm):
    pairs = (
        ("code", "level"),
        ("percent_max", "percent_base"),
        ("ceiling_vnd", "ceiling_unit"),
        ("multiplier", "multiplier_max"),
        ("valid_from", "valid_to"),
    )

    class Meta:
        model = SupportNorm
        fields = [
            "code",
            "level",
            "name",
            "activity",
            "percent_max",
            "percent_base",
            "ceiling_vnd",
            "ceiling_unit",
            "multiplier",
            "multiplier_max",
            "legal_basis",
            "valid_from",
            "valid_to",
            "is_verified",
            "note",
        ]
        formfield_callback = entry_field

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activity"].empty_label = "Mọi nội dung"
        self.fields["activity"].widget.attrs["data-find"] = ""


class ChangeRuleForm(ReferenceForm):
    pairs = (("change", "level"), ("authority", "is_group"), ("valid_from", "valid_to"))

    is_group = forms.NullBooleanField(
        label="Áp dụng cho",
        required=False,
        widget=forms.Select(choices=[("", "Mọi loại đề án"), ("True", "Chỉ đề án nhóm")]),
    )

    class Meta:
        model = ChangeRule
        fields = [
            "change",
            "level",
            "authority",
            "is_group",
            "legal_basis",
            "valid_from",
            "valid_to",
            "is_verified",
        ]
        formfield_callback = entry_field


class AdvanceRuleForm(ReferenceForm):
    pairs = (("activity", "level"), ("percent", "needs", "work_percent"), ("valid_from", "valid_to"))

    percent = WholeNumberField(
        label="Được chi trước nghiệm thu (%)",
        min_value=0,
        max_value=100,
        help_text="Phần của số đã ký. 0: chỉ chi sau nghiệm thu.",
    )
    work_percent = WholeNumberField(
        label="Khối lượng phải vượt (%)",
        required=False,
        min_value=1,
        max_value=100,
        help_text="Chỉ ghi khi điều kiện là báo cáo khối lượng.",
    )

    class Meta:
        model = AdvanceRule
        fields = [
            "activity",
            "level",
            "percent",
            "needs",
            "work_percent",
            "legal_basis",
            "valid_from",
            "valid_to",
            "is_verified",
            "note",
        ]
        formfield_callback = entry_field

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = Activity.objects.filter(is_leaf=True)
        self.fields["activity"].empty_label = "Các nội dung không có dòng riêng"
        self.fields["activity"].widget.attrs["data-find"] = ""


class LocalityForm(ReferenceForm):
    pairs = (("kind", "name"), ("level", "code"), ("valid_from", "valid_to"))

    parent = PickerField(
        Locality.objects.all(), search="places:locality_search", label="Trực thuộc", required=False, empty_label=""
    )

    class Meta:
        model = Locality
        fields = ["kind", "name", "level", "code", "parent", "valid_from", "valid_to", "spellings"]
        formfield_callback = entry_field


class FormerNameForm(ReferenceForm):
    pairs = (("agency", "used_until"),)

    agency = PickerField(
        Agency.objects.all(), search="funding:agency_search", label="Cơ quan (tên nay)", empty_label=""
    )

    class Meta:
        model = AgencyFormerName
        fields = ["agency", "used_until", "name"]
        formfield_callback = entry_field

    def clean(self):
        cleaned = super().clean()
        agency, until = cleaned.get("agency"), cleaned.get("used_until")
        if agency and until:
            same = agency.former_names.filter(used_until=until).exclude(pk=self.instance.pk).first()
            if same:
                told = f"Đã có tên “{same}” của cơ quan này dùng đến hết ngày {format_day(until)}. Hãy sửa tên đó."
                self.add_error("used_until", told)
        return cleaned


class ProgrammeForm(ReferenceForm):
    pairs = (("starts_year", "ends_year"),)

    class Meta:
        model = Programme
        fields = ["name", "starts_year", "ends_year", "legal_basis", "note"]
        formfield_callback = entry_field


class ProgrammeTargetForm(ReferenceForm):
    pairs = (("source", "activity"),)

    amount = VNDField(
        label="Mục tiêu cả chương trình",
        min_value=1,
        help_text="Kinh phí: số đồng, hoặc “25 tỷ”, “900 triệu”. Chỉ tiêu khác: số lượng.",
    )

    class Meta:
        model = ProgrammeTarget
        fields = ["programme", "measure", "amount", "source", "activity", "note"]
        formfield_callback = entry_field

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = FundingSource.objects.counted()
        self.fields["source"].empty_label = "Tổng các nguồn khuyến công"
        self.fields["activity"].queryset = Activity.objects.filter(is_leaf=True)
        self.fields["activity"].empty_label = "Mọi nội dung"


class SuccessionForm(ReferenceForm):
    pairs = (("old", "new"), ("kind", "on"))
    planned_days = ("on",)

    old = PickerField(
        Locality.objects.with_parents(), search="places:locality_search", label="Đơn vị cũ", empty_label=""
    )
    new = PickerField(
        Locality.objects.with_parents(), search="places:locality_search", label="Đơn vị mới", empty_label=""
    )

    class Meta:
        model = LocalitySuccession
        fields = ["old", "new", "kind", "on", "legal_basis"]
        formfield_callback = entry_field

    def clean(self):
        """``new`` begins where ``old`` ends."""
        cleaned = super().clean()
        old, new, on = (cleaned.get(name) for name in ("old", "new", "on"))
        if on and old and old.valid_to and on > old.valid_to + ONE_DAY:
            self.add_error("on", f"{old} đã hết từ sau ngày {format_day(old.valid_to)}. Hãy ghi ngày kế tiếp ngày đó.")
        if on and new and new.valid_from and on < new.valid_from:
            self.add_error("on", f"{new} chỉ có từ ngày {format_day(new.valid_from)}.")
        return cleaned


class DecisionForm(EntryModelForm):
    """A signed paper: known by number, day and agency."""

    last_days = ("decided_on",)

    agency = PickerField(
        Agency.objects.all(),
        search="funding:agency_search",
        create="funding:agency_new",
        label="Cơ quan ban hành",
        required=False,
        empty_label="",
    )

    class Meta:
        model = Decision
        fields = ["number", "decided_on", "agency", "signer", "subject"]
        formfield_callback = entry_field
