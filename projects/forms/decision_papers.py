"""A slip mended in what was decided about a đề án: its paper, its day, what it changed, its amounts."""

from django import forms

from funding.models import Agency
from khuyencong.dates import format_day
from khuyencong.forms import DayField, PickerField, WholeNumberField
from khuyencong.money import VNDField
from projects.forms.decisions import LineGroup, line_words
from projects.forms.laid_out import LaidOutForm
from projects.models import ProjectDecision, Step

Kind = ProjectDecision.Kind
FAMILIES = (ProjectDecision.APPRAISALS, ProjectDecision.APPROVALS)
"""Kinds that are easily taken for each other: which it is may be mended."""


class StepEditForm(LaidOutForm):
    """``step``: the row. ``sums``: [(line, source, ledger step, VND or None)], None: not known, or not said by it.

    What a signed decision says of itself, its number and day, is mended on the page of that decision.
    """

    planned_days = ("ends_on",)
    money_help = "Số mà giấy tờ này ghi; số giảm ghi dấu trừ."
    layout = (
        ("kind", "result"),
        ("number", "on"),
        ("change", "authority"),
        ("ends_on",),
        ("beneficiaries_expected", "executing_agency"),
    )
    FIELDS = (
        "kind",
        "result",
        "number",
        "on",
        "change",
        "authority",
        "ends_on",
        "beneficiaries_expected",
        "executing_agency",
    )

    kind = forms.ChoiceField(label="Việc")
    result = forms.ChoiceField(
        label="Kết quả thẩm định", choices=[("", "Chưa ghi"), *ProjectDecision.Result.choices], required=False
    )
    number = forms.CharField(label="Số giấy tờ", max_length=100, required=False)
    on = DayField(label="Ngày")
    authority = forms.ChoiceField(
        label="Cấp quyết định", choices=[("", "Chưa ghi"), *ProjectDecision.Authority.choices], required=False
    )
    change = forms.ChoiceField(
        label="Thay đổi", choices=[("", "Chưa ghi"), *ProjectDecision.Change.choices], required=False
    )
    ends_on = DayField(label="Gia hạn đến ngày", error_messages={"required": "Chưa nhập ngày gia hạn đến."})
    beneficiaries_expected = WholeNumberField(label="Số cơ sở dự kiến mới", required=False, min_value=1)
    executing_agency = PickerField(
        Agency.objects.all(),
        search="funding:agency_search",
        create="funding:agency_new",
        label="Đơn vị thực hiện mới",
        required=False,
        empty_label="",
    )
    why = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000)

    def __init__(self, *args, step, sums, **kwargs):
        super().__init__(*args, **kwargs)
        self.step, self.sums = step, sums
        family = next((kinds for kinds in FAMILIES if step.kind in kinds), ())
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in family]
        for name in self.needless(family):
            del self.fields[name]
        alone = len({of for _, _, of, _ in sums}) < 2
        for line, source, of, vnd in sums:
            field = VNDField(label=source.name if alone else f"{Step(of).label}, {source.name}", required=False)
            self.fields[sum_name(line, source, of)] = field
            self.initial.setdefault(sum_name(line, source, of), vnd)
        self.order_fields([name for name in self.fields if name != "why"] + ["why"])

    def needless(self, family):
        """Fields that such a step has not."""
        step = self.step
        if not family:
            yield "kind"
        if step.kind not in ProjectDecision.APPRAISALS:
            yield "result"
        if step.decision_id:
            yield from ("number", "on")
        if step.kind not in (*ProjectDecision.APPROVALS, Kind.ADJUSTED, Kind.EXTENDED):
            yield "change"
        if step.kind != Kind.EXTENDED:
            yield "ends_on"
        if step.kind not in (*ProjectDecision.APPROVALS, Kind.ADJUSTED):
            yield from ("beneficiaries_expected", "executing_agency")

    @property
    def groups(self):
        """The fields of the step; the amounts follow line by line."""
        money = {sum_name(line, source, of) for line, source, of, _ in self.sums}
        return [group for group in super().groups if group[0].name not in money]

    @property
    def line_groups(self):
        lines = dict.fromkeys(line for line, *_ in self.sums)
        return [
            LineGroup(
                line_words(line),
                [self[sum_name(each, source, of)] for each, source, of, _ in self.sums if each == line],
                [],
            )
            for line in lines
        ]

    def clean(self):
        cleaned = super().clean()
        on = cleaned.get("on") or self.step.on
        if cleaned.get("ends_on") and cleaned["ends_on"] < on:
            self.add_error("ends_on", f"Ngày gia hạn không được trước ngày {format_day(on)} của giấy tờ.")
        return cleaned

    def values(self):
        """Fields of the step as typed."""
        found = {name: self.cleaned_data[name] for name in self.FIELDS if name in self.fields}
        return {**found, "reason": self.cleaned_data["why"]}

    def amounts(self):
        """{(line, source, ledger step): VND} of the sums that were changed; emptied ones are taken away."""
        typed = {
            (line, source, of): (vnd, self.cleaned_data[sum_name(line, source, of)])
            for line, source, of, vnd in self.sums
        }
        return {key: after or 0 for key, (before, after) in typed.items() if before != after}

    @staticmethod
    def initial_of(step):
        return {**{name: getattr(step, name) for name in StepEditForm.FIELDS}, "why": step.reason}


def sum_name(line, source, step):
    return f"so_{line.pk}_{source.pk}_{step}"
