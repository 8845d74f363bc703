"""One voucher with several payments: a row a line, found while typing, with an amount for each of its sources."""

from django import forms

from khuyencong.forms import DayField, EntryForm, PickerField, key_of
from khuyencong.money import VNDField
from projects.forms.contracts import money_name
from projects.forms.parts import PartForm, Rows, WithRows, is_filled
from projects.forms.payments import STEPS_BY_WORD
from projects.models import ProjectLine
from projects.signing import title_of, with_words


class VoucherRowForm(PartForm):
    """One line paid. ``row_of``: {line pk: ``Payable``} of what the page proposes; ``sources``: those that are ours."""

    line = PickerField(
        ProjectLine.objects.none(),
        search="projects:voucher_line_search",
        label="Cơ sở hoặc nội dung",
        empty_label="",
        error_messages={"required": "Chưa chọn dòng được chi."},
    )
    step = forms.ChoiceField(
        label="Việc", choices=[(word, step.label) for word, step in STEPS_BY_WORD.items()], initial="tam-ung"
    )

    def __init__(self, data=None, *, lines, sources, row_of, day, **kwargs):
        super().__init__(data, **kwargs)
        self.sources, self.row_of = sources, row_of
        self.fields["line"].queryset = lines
        self.fields["line"].label_from_instance = lambda line: title_of(line, day)
        self.fields["line"].known = {pk: row.line for pk, row in row_of.items()}
        for source in sources:
            self.fields[money_name(source)] = VNDField(label=source.name, required=False, min_value=1)

    @property
    def payable(self):
        """What may be paid of the line chosen; None where none is, or nothing is known of it."""
        return self.row_of.get(key_of(self["line"].value()))

    @property
    def money_fields(self):
        """[(bound field, whether it is shown at once)]: that of a source opens when the chosen line has its money."""
        row = self.payable
        known = {money_name(share.source) for share in row.shares} if row else set()
        fields = [self[money_name(source)] for source in self.sources]
        return [(field, field.name in known or is_filled(field)) for field in fields]

    @property
    def about(self):
        return self.payable.reasons if self.payable else []

    def amounts(self):
        """{source: VND} typed."""
        typed = {source: self.cleaned_data.get(money_name(source)) for source in self.sources}
        return {source: vnd for source, vnd in typed.items() if vnd}

    def clean(self):
        cleaned = super().clean()
        wrong = any(name.startswith("tien_") for name in self.errors)
        if cleaned.get("line") and not wrong and not self.amounts():
            shown = next((field.name for field, is_shown in self.money_fields if is_shown), None)
            self.add_error(shown or money_name(self.sources[0]), "Chưa nhập số tiền.")
        return cleaned


class VoucherRows(Rows):
    title = "Dòng"


class VoucherForm(WithRows, EntryForm):
    """``chosen``: [initial] of the rows to begin with; ``arguments``: those of every row."""

    last_days = ("paid_on",)

    voucher = forms.CharField(label="Số chứng từ", max_length=100)
    paid_on = DayField(label="Ngày chi")

    def __init__(self, data=None, *, chosen, arguments, **kwargs):
        super().__init__(data, **kwargs)
        self.rows = VoucherRows(VoucherRowForm, "dong", data=data, new=chosen or [{}], **arguments)
        self.row_sets = [self.rows]

    def clean(self):
        cleaned = super().clean()
        if not self.rows.standing:
            self.add_error(None, "Chưa chọn dòng nào được chi. Gõ vài chữ của tên để tìm.")
        elif self.rows.is_valid():
            self._refuse_twice()
        return cleaned

    def _refuse_twice(self):
        seen = set()
        for form in self.rows.standing:
            paid = (form.cleaned_data["line"], form.cleaned_data["step"])
            if paid in seen:
                form.add_error("line", "Dòng này đã chọn ở trên. Hãy cộng vào một dòng.")
            seen.add(paid)

    def payments(self):
        """[(row's form, line, step, source, VND)] in the order typed."""
        return [
            (form, form.cleaned_data["line"], STEPS_BY_WORD[form.cleaned_data["step"]], source, vnd)
            for form in self.rows.standing
            for source, vnd in form.amounts().items()
        ]


def lines_to_pay(user):
    """Lines that a voucher may name."""
    return with_words(ProjectLine.objects.visible_to(user).filter(left_on=None))
