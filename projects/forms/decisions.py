"""The short forms of what is decided about a đề án: its paper, its day, and what it changes."""

from dataclasses import dataclass

from django import forms

from funding.models import Activity, Agency, Decision, FundingSource
from khuyencong.dates import format_day
from khuyencong.forms import DayField, PickerField, SeveralField, WholeNumberField
from khuyencong.money import VNDField
from places.models import Locality
from projects.forms.laid_out import LaidOutForm
from projects.forms.parts import is_filled
from projects.models import Beneficiary, Project, ProjectDecision

Change = ProjectDecision.Change


class StepForm(LaidOutForm):
    """The paper: a signed decision, whose day counts, or a paper with a number and day of its own."""

    last_days = ("on",)
    layout = (("decision",), ("number", "on"), ("authority",))
    needs_why = False

    decision = PickerField(
        Decision.objects.all(),
        search="funding:decision_search",
        create="funding:decision_new",
        label="Quyết định",
        required=False,
        empty_label="",
        help_text="Chọn quyết định đã ký, hoặc gõ số để thêm. Không có thì ghi số giấy tờ và ngày ở dưới.",
    )
    number = forms.CharField(label="Số giấy tờ", max_length=100, required=False)
    on = DayField(label="Ngày", required=False)
    authority = forms.ChoiceField(
        label="Cấp quyết định", choices=[("", "Chưa ghi"), *ProjectDecision.Authority.choices], required=False
    )
    why = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].required = self.needs_why
        self.fields["why"].error_messages["required"] = "Chưa ghi lý do."
        self.order_fields([name for name in self.fields if name != "why"] + ["why"])

    def clean(self):
        cleaned = super().clean()
        decision, on = cleaned.get("decision"), cleaned.get("on")
        if decision is None and on is None and "on" not in self.errors:
            self.add_error("on", "Chưa nhập ngày của giấy tờ, hoặc chưa chọn quyết định.")
        if decision and on and on != decision.decided_on and "on" in self.changed_data:
            signed = format_day(decision.decided_on)
            self.add_error("on", f"Khác ngày ký {signed} của quyết định {decision}. Hãy để trống hoặc sửa lại.")
        if decision:
            cleaned["on"] = decision.decided_on
        return cleaned

    def paper(self):
        """What ``services`` keep of the paper."""
        typed = self.cleaned_data
        decision = typed["decision"]
        return {
            "on": typed["on"],
            "decision": decision,
            "number": "" if decision else typed["number"],
            "authority": typed["authority"],
        }


class WhyForm(StepForm):
    """Where the reason is what matters: returned, refused, stopped."""

    needs_why = True


class AppraisalForm(StepForm):
    """A sheet (phiếu thẩm định) with its result and remarks; one that fails says why."""

    layout = (("result",), ("number", "on"), ("decision",), ("authority",))

    result = forms.ChoiceField(
        label="Kết quả thẩm định",
        choices=[("", "Chưa ghi"), *ProjectDecision.Result.choices],
        required=False,
        help_text="Không đạt thì đề án chưa được tính là đã thẩm định.",
    )
    number = forms.CharField(label="Số phiếu thẩm định", max_length=100, required=False)
    why = forms.CharField(
        label="Nhận xét, kiến nghị của phiếu",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].help_text = "Chỉ chọn khi kết quả ghi trong một quyết định; khi đó để trống số phiếu."

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("result") == ProjectDecision.Result.FAILED and not cleaned.get("why"):
            self.add_error("why", "Kết quả không đạt cần ghi nhận xét: chưa đạt ở điểm nào.")
        return cleaned


class ExtensionForm(StepForm):
    """``milestones``: those not done yet (with ``due_on``); the ones ticked go on until the new end.

    ``end_on``: when the đề án is to end now, None where nobody said.
    """

    layout = (("ends_on",), ("postponed",), *StepForm.layout)
    planned_days = ("ends_on",)

    ends_on = DayField(label="Gia hạn đến ngày", error_messages={"required": "Chưa nhập ngày gia hạn đến."})
    postponed = SeveralField(
        queryset=None,
        label="Lùi hạn các mốc này đến ngày gia hạn",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, milestones, end_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].help_text = f"Hiện nay đến ngày {format_day(end_on)}." if end_on else ""
        self.fields["postponed"].queryset = milestones
        self.fields["postponed"].label_from_instance = milestone_words
        if not milestones:
            del self.fields["postponed"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("ends_on") and cleaned.get("on") and cleaned["ends_on"] < cleaned["on"]:
            self.add_error("ends_on", "Ngày gia hạn không được trước ngày của giấy tờ.")
        return cleaned


def milestone_words(milestone):
    due = f", hạn {format_day(milestone.due_on)}" if milestone.due_on else ""
    return f"{milestone}{due}"


@dataclass(frozen=True)
class Proposal:
    """One amount to be typed: ``vnd`` is proposed, None for nothing; ``told``: what stands now, in words."""

    line: object
    source: object
    vnd: int | None
    told: str = ""
    is_usual: bool = True

    @property
    def name(self):
        return f"tien_{self.line.pk}_{self.source.pk}"


@dataclass(frozen=True)
class LineGroup:
    """The amounts of one line on the page: ``heading`` where there are several lines, ``others`` open on demand."""

    heading: str
    fields: list
    others: list


class MoneyStepForm(StepForm):
    """An amount (VND) a line and source."""

    money_help = ""

    def __init__(self, *args, proposals, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposals = proposals
        for each in proposals:
            self.fields[each.name] = VNDField(label=each.source.name, required=False, min_value=0, help_text=each.told)
            if each.vnd is not None:
                self.initial.setdefault(each.name, each.vnd)

    @property
    def groups(self):
        """The fields of the paper; the amounts follow line by line."""
        money = {each.name for each in self.proposals}
        return [group for group in super().groups if group[0].name not in money]

    @property
    def line_groups(self):
        lines = dict.fromkeys(each.line for each in self.proposals)
        return [
            LineGroup(
                line_words(line) if len(lines) > 1 else "",
                [self[each.name] for each in self.proposals if each.line == line and self.is_shown(each)],
                [self[each.name] for each in self.proposals if each.line == line and not self.is_shown(each)],
            )
            for line in lines
        ]

    def is_shown(self, proposal):
        return proposal.is_usual or is_filled(self[proposal.name])

    def amounts(self):
        """[(line, source, VND)] of what was typed."""
        found = [(each.line, each.source, self.cleaned_data.get(each.name)) for each in self.proposals]
        return [(line, source, vnd) for line, source, vnd in found if vnd is not None]


class RegistrationForm(MoneyStepForm):
    money_help = "Kinh phí đề nghị, nếu văn bản đăng ký có ghi."


class ApprovalForm(MoneyStepForm):
    """``is_group``: only then there is a plan of carrying it out to be approved too."""

    money_help = "Kinh phí duyệt thêm lần này của từng dòng."
    layout = (("kind",), *StepForm.layout)

    kind = forms.ChoiceField(
        label="Việc",
        choices=[(kind.value, kind.label) for kind in ProjectDecision.APPROVALS],
        initial=ProjectDecision.Kind.APPROVED,
    )

    def __init__(self, *args, is_group, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_group:
            del self.fields["kind"]

    def clean(self):
        cleaned = super().clean()
        cleaned.setdefault("kind", ProjectDecision.Kind.APPROVED)
        is_plan = cleaned["kind"] == ProjectDecision.Kind.GROUP_APPROVED
        if not self.errors and not is_plan and not any(vnd for _, _, vnd in self.amounts()):
            raise forms.ValidationError("Chưa nhập kinh phí được duyệt của dòng nào.")
        return cleaned


class AdjustmentForm(MoneyStepForm):
    """New sums; what a field shows and is not changed stays as it is. Without money: what else changed, in words."""

    needs_why = True
    money_help = "Ghi số mới sau điều chỉnh; phần mềm tự tính chênh lệch."
    layout = (
        ("change",),
        ("changed_from", "changed_to"),
        *StepForm.layout,
        ("beneficiaries_expected", "executing_agency"),
    )
    IN_WORDS = (Change.RENAMED, Change.PARTNER, Change.TIME, Change.OTHER)
    """Changes that this form holds in words only."""

    change = forms.ChoiceField(
        label="Thay đổi",
        choices=[
            ("", "Theo số tiền: tăng hoặc giảm kinh phí"),
            *((each.value, each.label) for each in (Change.MORE_MONEY, Change.LESS_MONEY, *IN_WORDS)),
        ],
        required=False,
    )
    changed_from = forms.CharField(label="Trước thay đổi", required=False, max_length=500)
    changed_to = forms.CharField(label="Sau thay đổi", required=False, max_length=500)

    beneficiaries_expected = WholeNumberField(label="Số cơ sở dự kiến mới", required=False, min_value=1)
    executing_agency = PickerField(
        Agency.objects.all(),
        search="funding:agency_search",
        create="funding:agency_new",
        label="Đơn vị thực hiện mới",
        required=False,
        empty_label="",
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("change") in self.IN_WORDS[:-1] and not cleaned.get("changed_to"):
            self.add_error("changed_to", "Chưa ghi nội dung sau thay đổi.")
        return cleaned

    @property
    def change_said(self):
        """What was chosen, else whether the counted money of all lines rises or falls."""
        if self.cleaned_data["change"]:
            return self.cleaned_data["change"]
        rise = sum(vnd for _, source, vnd in self.changes() if source.is_counted)
        return Change.MORE_MONEY if rise > 0 else (Change.LESS_MONEY if rise < 0 else Change.OTHER)

    def changes(self):
        """[(line, source, signed difference in VND)]."""
        stands = {(each.line, each.source): each.vnd or 0 for each in self.proposals}
        changes = [(line, source, vnd - stands[line, source]) for line, source, vnd in self.amounts()]
        return [(line, source, vnd) for line, source, vnd in changes if vnd]


class LineStepForm(StepForm):
    """About one line; ``lines``: QuerySet of those to choose from, ``whole``: what choosing none means."""

    layout = (("line",), ("decision",), ("number", "on"), ("authority",))

    line = forms.ModelChoiceField(queryset=None, label="Dòng đề án", error_messages={"required": "Chưa chọn dòng."})

    def __init__(self, *args, lines, whole="", **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        field.queryset, field.required = lines, not whole
        field.empty_label = whole or "Chọn dòng"
        field.label_from_instance = line_words
        # The only one is shown, and not asked for.
        field.disabled = not whole and len(lines) == 1


class StopForm(LineStepForm):
    needs_why = True


class SourceForm(LineStepForm):
    layout = (("line",), ("old", "new"), *StepForm.layout)

    old = forms.ModelChoiceField(FundingSource.objects.all(), label="Từ nguồn", empty_label="Chọn nguồn")
    new = forms.ModelChoiceField(FundingSource.objects.all(), label="Sang nguồn", empty_label="Chọn nguồn")


class ContentForm(LineStepForm):
    """Another activity, another place, or both; what is left empty stays."""

    layout = (("line",), ("activity", "locality"), *StepForm.layout)
    needs_why = True

    activity = forms.ModelChoiceField(
        Activity.objects.filter(is_leaf=True),
        label="Nội dung mới",
        required=False,
        empty_label="Giữ nguyên",
        widget=forms.Select(attrs={"data-find": ""}),
    )
    locality = PickerField(
        Locality.objects.all(),
        search="places:locality_search",
        label="Địa bàn mới",
        required=False,
        empty_label="",
        help_text="Để trống thì giữ nguyên.",
    )


class BeneficiaryStepForm(LineStepForm):
    layout = (("line",), ("beneficiary", "locality"), *StepForm.layout)

    beneficiary = PickerField(
        Beneficiary.objects.all(),
        search="projects:beneficiary_search",
        create="projects:beneficiary_new",
        label="Cơ sở thụ hưởng",
        empty_label="",
        error_messages={"required": "Chưa chọn cơ sở."},
    )
    locality = PickerField(
        Locality.objects.all(),
        search="places:locality_search",
        label="Địa bàn",
        required=False,
        empty_label="",
        help_text="Để trống thì lấy địa bàn của cơ sở.",
    )

    def details(self):
        place = self.cleaned_data["locality"] or self.cleaned_data["beneficiary"].locality
        return {"locality": place} if place else {}


class MoveForm(StepForm):
    layout = (("lines",), ("year",), *StepForm.layout)

    lines = SeveralField(
        queryset=None,
        label="Dòng chuyển đi",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chưa chọn dòng nào."},
    )
    year = WholeNumberField(label="Sang kế hoạch năm", min_value=2000, max_value=2100)

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines
        self.fields["lines"].label_from_instance = line_words


def line_words(line):
    """A line among those of its đề án: whom, or what, and its plan year."""
    if line.beneficiary:
        name = line.beneficiary
    elif line.project.kind == Project.Kind.GROUP or not line.activity:
        name = "Phần chưa chọn cơ sở"
    else:
        name = line.activity
    return f"{name} · năm {line.plan_year}"
