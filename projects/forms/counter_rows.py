"""The short form of a counter-row: what is added to one step of one source, or taken from it."""

from django import forms

from funding.models import FundingSource
from khuyencong.money import VNDField
from projects.forms.laid_out import LaidOutForm


class CorrectionForm(LaidOutForm):
    """``steps``: those the person may mend; ``sources``: QuerySet of those of the line."""

    layout = (("step",), ("source",), ("amount_vnd",), ("why",))

    step = forms.ChoiceField(label="Bước")
    source = forms.ModelChoiceField(FundingSource.objects.none(), label="Nguồn kinh phí", empty_label=None)
    amount_vnd = VNDField(
        label="Số điều chỉnh",
        help_text="Số đúng trừ số đã ghi: ghi thừa 10 triệu thì nhập -10 triệu, ghi thiếu thì nhập 10 triệu.",
    )
    why = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(self, *args, steps, sources, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.value, step.label) for step in steps]
        self.fields["source"].queryset = sources

    def clean_amount_vnd(self):
        amount_vnd = self.cleaned_data["amount_vnd"]
        if amount_vnd == 0:
            raise forms.ValidationError("Số điều chỉnh phải khác 0.")
        return amount_vnd
