"""Repayable support: the instalments agreed, and another term for one of them."""

from django import forms

from khuyencong.forms import DayField, EntryForm
from khuyencong.money import VNDField
from projects.forms.laid_out import LaidOutForm
from projects.forms.parts import PartForm, Rows, WithRows


class InstalmentRowForm(PartForm):
    due_on = DayField(label="Hạn hoàn trả", error_messages={"required": "Chưa nhập hạn hoàn trả."})
    amount_vnd = VNDField(label="Số tiền", min_value=1)


class InstalmentRows(Rows):
    title = "Kỳ"


class InstalmentsForm(WithRows, EntryForm):
    """``sources``: those promised to the line, of which something may have to come back."""

    last_days = ("set_on",)

    source = forms.ModelChoiceField(queryset=None, label="Nguồn kinh phí", empty_label=None)
    set_on = DayField(label="Ngày thỏa thuận")

    def __init__(self, data=None, *, sources, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["source"].queryset = sources
        self.rows = InstalmentRows(InstalmentRowForm, "ky", data=data, new=[{}])
        self.row_sets = [self.rows]

    @property
    def groups(self):
        return [[self["source"], self["set_on"]]]

    def clean(self):
        cleaned = super().clean()
        if not self.rows.standing:
            self.add_error(None, "Chưa nhập kỳ nào: mỗi kỳ một hạn và một số tiền.")
        return cleaned

    def instalments(self):
        """[(due_on, VND)]"""
        return [(row.cleaned_data["due_on"], row.cleaned_data["amount_vnd"]) for row in self.rows.standing]


class InstalmentPutOffForm(LaidOutForm):
    layout = (("due_on", "amount_vnd"), ("set_on",), ("why",))
    planned_days = ("due_on",)

    due_on = DayField(label="Hạn mới")
    amount_vnd = VNDField(label="Số tiền", min_value=1)
    set_on = DayField(label="Ngày thỏa thuận")
    why = forms.CharField(label="Lý do đổi hạn", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)
