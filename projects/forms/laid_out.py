"""What the short forms share: fields side by side, and one amount for each source of a line."""

from django import forms

from khuyencong.forms import EntryForm
from khuyencong.money import VNDField


class LaidOutForm(EntryForm):
    """``layout``: rows of field names; a name that the form has not is left out, one not named follows below."""

    layout = ()

    @property
    def groups(self):
        """Bound fields row by row."""
        shown = {field.name: field for field in self.typed_fields}
        rows = [[shown.pop(name) for name in names if name in shown] for names in self.rows_of_names()]
        return [row for row in rows if row] + [[field] for field in shown.values()]

    def rows_of_names(self):
        return self.layout


class AmountsForm(LaidOutForm):
    """One amount (VND) a source; ``proposals``: [(source, amount or None, help)]."""

    least_vnd = 1
    is_amount_required = True

    def __init__(self, *args, proposals, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposals = proposals
        for source, vnd, help_text in proposals:
            name = amount_name(source)
            label = f"Số tiền từ {source.name}" if len(proposals) > 1 else f"Số tiền ({source.name})"
            self.fields[name] = VNDField(label=label, required=False, min_value=self.least_vnd, help_text=help_text)
            if vnd is not None:
                self.initial.setdefault(name, vnd)

    def rows_of_names(self):
        amounts = tuple(amount_name(source) for source, _, _ in self.proposals)
        return [amounts if row == "amounts" else row for row in self.layout]

    def amounts(self):
        """{source: VND} of the amounts typed."""
        typed = {source: self.cleaned_data.get(amount_name(source)) for source, _, _ in self.proposals}
        return {source: vnd for source, vnd in typed.items() if vnd is not None}

    def clean(self):
        cleaned = super().clean()
        wrong = any(name.startswith("tien_") for name in self.errors)
        if self.is_amount_required and self.proposals and not wrong and not self.amounts():
            self.add_error(amount_name(self.proposals[0][0]), forms.ValidationError("Chưa nhập số tiền."))
        return cleaned


def amount_name(source):
    return f"tien_{source.pk}"


class WithdrawForm(LaidOutForm):
    """Why a paper is taken out."""

    why = forms.CharField(label="Lý do xóa", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
