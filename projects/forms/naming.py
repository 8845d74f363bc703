"""Naming the beneficiaries of a group, several at once: who, where, and what each takes of the group's money."""

from django import forms

from khuyencong.forms import PickerField
from khuyencong.money import VNDField, format_vnd
from places.models import Locality
from projects.forms.decisions import StepForm, line_words
from projects.forms.parts import PartForm, Rows, WithRows
from projects.models import Beneficiary


class NamedForm(PartForm):
    """One beneficiary. ``sources``: those it may take money of, and its own counterpart."""

    beneficiary = PickerField(
        Beneficiary.objects.all(),
        search="projects:beneficiary_search",
        create="projects:beneficiary_new",
        label="Cơ sở thụ hưởng",
        empty_label="",
        error_messages={"required": "Chưa chọn cơ sở. Gõ vài chữ của tên để tìm hoặc thêm mới."},
    )
    locality = PickerField(
        Locality.objects.with_parents(),
        search="places:locality_search",
        label="Địa bàn",
        required=False,
        empty_label="",
        help_text="Để trống thì lấy địa bàn của cơ sở.",
    )

    def __init__(self, data=None, *, sources, **kwargs):
        super().__init__(data, **kwargs)
        self.sources = sources
        for source in sources:
            self.fields[f"tien_{source.pk}"] = VNDField(label=source.name, required=False, min_value=0)

    @property
    def money_fields(self):
        return [self[f"tien_{source.pk}"] for source in self.sources]

    def amounts(self):
        """{source: VND}; 0 says something of the counterpart alone: that there is none."""
        typed = {source: self.cleaned_data.get(f"tien_{source.pk}") for source in self.sources}
        return {source: vnd for source, vnd in typed.items() if vnd is not None and (vnd or source.is_counterpart)}

    def details(self):
        """Further fields of the line it gets."""
        place = self.cleaned_data["locality"] or self.cleaned_data["beneficiary"].locality
        return {"locality": place} if place else {}


class NamedRows(Rows):
    title = "Cơ sở"


class NamingForm(WithRows, StepForm):
    """``lines``: the unnamed lines to choose from; ``free``: {line pk: {source: VND not given to anybody yet}}."""

    layout = (("line",), *StepForm.layout)

    line = forms.ModelChoiceField(
        queryset=None,
        label="Lấy kinh phí từ",
        empty_label="Chọn phần chưa có cơ sở",
        error_messages={"required": "Chưa chọn."},
    )
    leaves = forms.BooleanField(
        label="Đã gắn đủ cơ sở: phần kinh phí còn lại của nhóm không dùng nữa",
        required=False,
    )

    def __init__(self, data=None, *, lines, sources, free, **kwargs):
        super().__init__(data, **kwargs)
        self.free = free
        field = self.fields["line"]
        field.queryset, field.label_from_instance = lines, line_words
        if len(free) == 1:
            field.help_text = self.left_words(next(iter(free)))
        self.rows = NamedRows(NamedForm, "co-so", data=data, new=[{}], sources=sources)
        self.row_sets = [self.rows]

    def left_words(self, pk):
        left = [
            f"{source.name} {format_vnd(vnd)}" for source, vnd in self.free[pk].items() if not source.is_counterpart
        ]
        return f"Chưa gắn với cơ sở nào: {', '.join(left)} đồng." if left else ""

    @property
    def groups(self):
        """Without ``leaves``, which the page asks at the end."""
        return [group for group in super().groups if group[0].name != "leaves"]

    def clean(self):
        cleaned = super().clean()
        if not self.rows.standing:
            self.add_error(None, "Chưa chọn cơ sở nào. Gõ vài chữ của tên để tìm hoặc thêm mới.")
        elif self.rows.is_valid():
            self._check_rows()
        else:
            self.add_error(None, "Có cơ sở chưa ghi đủ; xem chữ đỏ ở từng cơ sở.")
        return cleaned

    def _check_rows(self):
        seen = set()
        for row in self.rows.standing:
            beneficiary = row.cleaned_data["beneficiary"]
            if beneficiary in seen:
                row.add_error("beneficiary", f"{beneficiary} đã chọn ở trên.")
            seen.add(beneficiary)
            if not any(vnd for source, vnd in row.amounts().items() if not source.is_counterpart):
                row.add_error(None, "Chưa ghi kinh phí hỗ trợ của cơ sở này.")
        if any(row.errors for row in self.rows.standing):
            self.add_error(None, "Có cơ sở chưa ghi đủ; xem chữ đỏ ở từng cơ sở.")
