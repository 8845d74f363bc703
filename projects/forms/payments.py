"""The short forms of money out to a beneficiary, and back."""

from django import forms

from khuyencong.forms import DayField
from projects.forms.laid_out import AmountsForm
from projects.models import Contract, Step

STEPS_BY_WORD = {"tam-ung": Step.ADVANCED, "thanh-toan": Step.PAID}


class MoneyForm(AmountsForm):
    """``contracts``: those of the line, the last one proposed."""

    last_days = ("paid_on",)

    contract = forms.ModelChoiceField(
        Contract.objects.none(), label="Hợp đồng", required=False, empty_label="Không theo hợp đồng"
    )
    voucher = forms.CharField(label="Số chứng từ", max_length=100, required=False)

    def __init__(self, *args, contracts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contract"].queryset = contracts
        if not contracts:
            del self.fields["contract"]


class PaymentForm(MoneyForm):
    layout = (("step",), ("paid_on", "voucher"), "amounts", ("contract",))

    step = forms.ChoiceField(label="Việc", choices=[(word, step.label) for word, step in STEPS_BY_WORD.items()])
    paid_on = DayField(label="Ngày chi")


class RecoveryForm(MoneyForm):
    layout = (("paid_on", "voucher"), "amounts", ("contract",))

    paid_on = DayField(label="Ngày thu hồi")
