"""What follows a contract: annexes, its liquidation, and slips mended in it and in its annexes."""

from django import forms

from khuyencong.dates import format_day
from khuyencong.forms import DayField, EntryForm
from khuyencong.money import VNDField, format_vnd
from projects.forms.contracts import NO_AMOUNT, ContractForm


class SumsForm:
    """One amount (VND) for each line and source. ``sums``: [(line, source, VND or None where not known)]."""

    least_vnd = 0

    def add_sums(self, sums, label, help_text):
        self.sums = sums
        is_alone = len({line.pk for line, _, _ in sums}) < 2
        for line, source, vnd in sums:
            of_line = "" if is_alone else f" của {line}"
            self.fields[sum_name(line, source)] = VNDField(
                label=f"{label}{of_line}, {source.name}",
                required=False,
                min_value=self.least_vnd,
                help_text=help_text(vnd),
            )
            self.initial.setdefault(sum_name(line, source), vnd)

    @property
    def sum_groups(self):
        """Bound fields of the amounts, those of one line in a row."""
        lines = list(dict.fromkeys(line for line, _, _ in self.sums))
        return [[self[sum_name(line, source)] for each, source, _ in self.sums if each == line] for line in lines]

    def typed_sums(self):
        """[(line, source, VND before, VND typed)] of the fields that say another sum than before; empty ones do not."""
        rows = [(*row, self.cleaned_data.get(sum_name(row[0], row[1]))) for row in self.sums]
        return [(line, source, before, vnd) for line, source, before, vnd in rows if vnd not in (None, before)]


def sum_name(line, source):
    return f"tong_{line.pk}_{source.pk}"


class AnnexForm(SumsForm, EntryForm):
    """An annex: each amount is typed as the new total; ``sums`` hold what is signed now, None where not known."""

    last_days = ("signed_on",)
    planned_days = ("ends_on",)

    number = forms.CharField(label="Số phụ lục", required=False, max_length=100)
    signed_on = DayField(label="Ngày ký phụ lục")
    ends_on = DayField(label="Ngày kết thúc mới", required=False)
    why = forms.CharField(
        label="Lý do ký phụ lục", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=1000
    )

    def __init__(self, *args, contract, end_on, sums, **kwargs):
        super().__init__(*args, **kwargs)
        self.contract = contract
        self.fields["ends_on"].help_text = f"Hiện nay {format_day(end_on)}. Để trống nếu giữ nguyên." if end_on else ""
        self.add_sums(sums, "Giá trị mới", lambda vnd: f"Hiện nay {format_vnd(vnd)} đồng.")

    @property
    def groups(self):
        sums = self.sum_groups if len(self.sums) > 1 else []
        alone = [] if sums else sum(self.sum_groups, [])
        return [[self["number"], self["signed_on"]], [self["ends_on"], *alone], *sums, [self["why"]]]

    def shown(self):
        """Only what others may have changed meanwhile: the sums that the difference is taken from."""
        mine = {self[sum_name(line, source)].html_name for line, source, _ in self.sums}
        return {name: shown for name, shown in super().shown().items() if name in mine}

    def clean(self):
        cleaned = super().clean()
        signed_on = cleaned.get("signed_on")
        if signed_on and signed_on < self.contract.signed_on:
            day = format_day(self.contract.signed_on)
            self.add_error("signed_on", f"Ngày ký phụ lục không được trước ngày ký hợp đồng {day}.")
        if not self.errors and not cleaned.get("ends_on") and not self.typed_sums():
            self.add_error(None, "Phụ lục chưa đổi gì. Hãy nhập ngày kết thúc mới hoặc giá trị mới.")
        return cleaned

    def changes(self):
        """[(line, source, signed difference in VND)]."""
        return [(line, source, vnd - (before or 0)) for line, source, before, vnd in self.typed_sums()]


class AnnexEditForm(SumsForm, EntryForm):
    """A slip in an annex; amounts are its differences, lowered ones negative."""

    least_vnd = None
    planned_days = ("ends_on",)

    number = forms.CharField(label="Số phụ lục", required=False, max_length=100)
    signed_on = DayField(label="Ngày ký phụ lục")
    ends_on = DayField(label="Ngày kết thúc mới", required=False)
    why = forms.CharField(
        label="Lý do ký phụ lục", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=1000
    )

    FIELDS = ("number", "signed_on", "ends_on")

    def __init__(self, *args, sums, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_sums(sums, "Thay đổi", lambda vnd: "Số tăng thêm; số giảm ghi dấu trừ, ví dụ -5.000.000.")

    groups = AnnexForm.groups

    def values(self):
        return {**{name: self.cleaned_data[name] for name in self.FIELDS}, "reason": self.cleaned_data["why"]}

    @staticmethod
    def initial_of(annex):
        return {**{name: getattr(annex, name) for name in AnnexEditForm.FIELDS}, "why": annex.reason}


class LiquidationForm(EntryForm):
    last_days = ("liquidated_on",)

    liquidated_on = DayField(label="Ngày thanh lý")
    liquidation_number = forms.CharField(label="Số biên bản thanh lý", required=False, max_length=100)

    @property
    def groups(self):
        return [[self["liquidated_on"], self["liquidation_number"]]]


class ContractEditForm(SumsForm, ContractForm):
    """A slip in a contract: its own fields, and the amounts it said when it was signed."""

    class Meta(ContractForm.Meta):
        fields = [*ContractForm.Meta.fields, "liquidated_on", "liquidation_number"]

    def __init__(self, *args, sums, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.liquidated_on:
            del self.fields["liquidated_on"], self.fields["liquidation_number"]
        self.add_sums(sums, "Số tiền khi ký", lambda vnd: "Chưa rõ số tiền." if vnd is None else "")

    @property
    def groups(self):
        liquidated = [self[name] for name in ("liquidated_on", "liquidation_number") if name in self.fields]
        return [*super().groups, *self.sum_groups, *([liquidated] if liquidated else []), [self["note"]]]

    def clean(self):
        cleaned = super().clean()
        for line, source, before in self.sums:
            name = sum_name(line, source)
            if before is not None and cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, NO_AMOUNT)
        return cleaned
