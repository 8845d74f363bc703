"""The short forms of acceptance and settlement."""

from django import forms

from khuyencong.forms import DayField, WholeNumberField
from khuyencong.money import VNDField
from projects.forms.laid_out import AmountsForm, amount_name
from projects.models import Acceptance, Settlement


class AcceptanceForm(AmountsForm):
    """An amount left empty is not known; 0 accepts nothing of that source."""

    least_vnd = 0
    is_amount_required = False
    last_days = ("accepted_on",)
    layout = (("accepted_on", "minutes_number"), ("result",), "amounts", ("jobs", "revenue_vnd"), ("note",))

    accepted_on = DayField(label="Ngày nghiệm thu")
    minutes_number = forms.CharField(label="Số biên bản", max_length=100, required=False)
    result = forms.ChoiceField(label="Kết luận", choices=Acceptance.Result)
    jobs = WholeNumberField(label="Lao động tăng thêm (người)", min_value=0, required=False)
    revenue_vnd = VNDField(label="Doanh thu một năm", min_value=0, required=False)
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def details(self):
        """What ``services.accept`` keeps of the acceptance itself."""
        return {name: self.cleaned_data[name] for name in ("minutes_number", "jobs", "revenue_vnd", "note")}

    def accepted(self):
        """{source: VND, None where not known}; a source of which nothing is accepted is left out."""
        found = {source: self.amounts().get(source) for source, _, _ in self.proposals}
        return {source: vnd for source, vnd in found.items() if vnd != 0}


class SettlementForm(AmountsForm):
    """For each source what was settled, and what the dossier had asked for."""

    last_days = ("settled_on",)
    layout = (("party",), ("settled_on", "number"), ("submitted_on",), "amounts", ("note",))

    party = forms.ChoiceField(label="Quyết toán", choices=Settlement.Party)
    settled_on = DayField(label="Ngày quyết toán")
    number = forms.CharField(label="Số văn bản", max_length=100, required=False)
    submitted_on = DayField(label="Ngày nộp hồ sơ", required=False)
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for source, _, _ in self.proposals:
            label = f"Đề nghị từ {source.name}" if len(self.proposals) > 1 else f"Đề nghị ({source.name})"
            self.fields[requested_name(source)] = VNDField(
                label=label, required=False, min_value=1, help_text="Theo hồ sơ; để trống nếu chưa rõ."
            )

    def rows_of_names(self):
        pairs = [(requested_name(source), amount_name(source)) for source, _, _ in self.proposals]
        return [row for names in self.layout for row in (pairs if names == "amounts" else [names])]

    def requested(self):
        """{source: VND, None where not known} that the dossier asked for."""
        return {source: self.cleaned_data[requested_name(source)] for source, _, _ in self.proposals}

    def details(self):
        return {name: self.cleaned_data[name] for name in ("number", "submitted_on", "note")}


def requested_name(source):
    return f"de_nghi_{source.pk}"
