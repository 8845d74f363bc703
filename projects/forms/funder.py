"""The form of money received from the funder, and of money returned to the budget."""

from django import forms

from funding.models import FundingSource
from khuyencong.dates import format_day
from khuyencong.forms import DayField, WholeNumberField
from khuyencong.money import VNDField
from projects.forms.laid_out import LaidOutForm
from projects.models import Contract


class NationalContractField(forms.ModelChoiceField):
    def label_from_instance(self, contract):
        return f"{contract}, ký {format_day(contract.signed_on)}"


class FunderMoneyForm(LaidOutForm):
    """``day_label``: what the day is of."""

    layout = (("on", "voucher"), ("source",), ("contract",), ("year", "amount_vnd"), ("note",))
    last_days = ("on",)

    source = forms.ModelChoiceField(FundingSource.objects.counted(), label="Nguồn kinh phí", empty_label="")
    year = WholeNumberField(
        label="Kế hoạch năm",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    contract = NationalContractField(
        Contract.objects.filter(kind=Contract.Kind.NATIONAL).order_by("-signed_on", "-pk"),
        label="Hợp đồng với Cục",
        required=False,
        empty_label="Không theo hợp đồng",
        widget=forms.Select(attrs={"data-find": ""}),
    )
    on = DayField(label="Ngày")
    amount_vnd = VNDField(label="Số tiền", min_value=1)
    voucher = forms.CharField(label="Số chứng từ", max_length=100, required=False)
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False)

    def __init__(self, *args, day_label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = day_label
