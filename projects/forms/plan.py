"""Forms of the plan: a decision with its rows, one row corrected, what a decision says of itself."""

from django import forms

from funding.forms import DecisionForm
from funding.models import Authority, Decision, FundingSource, PlanLine
from khuyencong.forms import DayField, EntryForm, PickerField, SharedSelect, WholeNumberField
from khuyencong.money import VNDField
from projects.forms.effects import EffectRowForm, EffectRows
from projects.forms.parts import PartForm, SharingRows, WithRows
from projects.forms.project import activity_choices
from projects.models import ProjectLine
from projects.services.whole_paper import PlanRow
from projects.signing import with_words

OTHER = "khac"
"""Chosen as content: money for "hoạt động khác", under no activity."""
NEVER_NEGATIVE = (PlanLine.Kind.ASSIGNED, PlanLine.Kind.ESTIMATED, PlanLine.Kind.PROVISIONAL)


def content_choices(year, *, kept=()):
    (_, _), *activities = activity_choices(year, kept=kept)
    return [("", "Chung, không nêu nội dung"), (OTHER, "Hoạt động khác"), *activities]


def content_of(line):
    """What the choice of content holds for a stored row."""
    return OTHER if line.is_for_tasks else (line.activity_id or "")


class PlanFields(forms.Form):
    """What a row of the plan says, but for its year, source and kind."""

    batch = forms.CharField(label="Đợt", required=False, max_length=50)
    content = forms.ChoiceField(label="Nội dung", required=False, widget=SharedSelect(shared="noi-dung"))
    amount_vnd = VNDField(label="Kinh phí")
    projects_min = WholeNumberField(label="Số đề án từ", required=False, widget=forms.TextInput)
    projects_max = WholeNumberField(label="Số đề án đến", required=False, widget=forms.TextInput)
    note = forms.CharField(label="Ghi chú", required=False, max_length=500)

    SAID = ("batch", "amount_vnd", "projects_min", "projects_max", "note")

    def give_choices(self, choices, *, all_of_them):
        """``all_of_them``: in the one row of a page that draws every choice; the others are filled from it."""
        self.fields["content"].choices = choices
        self.fields["content"].widget.holds_all = all_of_them

    def check(self, kind):
        cleaned = self.cleaned_data
        amount_vnd = cleaned.get("amount_vnd")
        if amount_vnd is not None and amount_vnd < 0 and kind in NEVER_NEGATIVE:
            label = PlanLine.Kind(kind).label.lower()
            self.add_error("amount_vnd", f"Kinh phí {label} không được âm. Giảm kế hoạch thì chọn loại điều chỉnh.")
        least, most = cleaned.get("projects_min"), cleaned.get("projects_max")
        if least is not None and most is not None and most < least and (amount_vnd or 0) >= 0:
            self.add_error("projects_max", "Số đề án đến không được nhỏ hơn số đề án từ.")

    def values(self):
        content = self.cleaned_data["content"]
        return {
            **{name: self.cleaned_data[name] for name in self.SAID},
            "activity_id": int(content) if content.isdigit() else None,
            "is_for_tasks": content == OTHER,
        }


class PlanRowForm(PlanFields, PartForm):
    """One row of a decision. ``sources`` and ``contents`` are read once for all rows."""

    year = WholeNumberField(
        label="Năm",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "Chưa nhập năm."},
    )
    source = forms.TypedChoiceField(
        label="Nguồn",
        coerce=int,
        widget=SharedSelect(shared="nguon-giao"),
        error_messages={"required": "Chưa chọn nguồn."},
    )
    kind = forms.ChoiceField(label="Loại", choices=PlanLine.Kind.choices, widget=SharedSelect(shared="loai"))

    field_order = ["year", "source", "kind", "batch", "content", "amount_vnd", "projects_min", "projects_max", "note"]

    def __init__(self, data=None, *, year, sources, contents, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["year"].initial, self.fields["kind"].initial = year, PlanLine.Kind.ASSIGNED
        self.fields["source"].choices = [("", ""), *((source.pk, source.name) for source in sources)]
        self.sources = {source.pk: source for source in sources}
        self.give_choices(contents, all_of_them=False)

    def clean(self):
        cleaned = super().clean()
        self.check(cleaned.get("kind"))
        return cleaned

    @property
    def plan_row(self):
        typed = self.cleaned_data
        values = self.values()
        return PlanRow(
            typed["year"], self.sources[typed["source"]], typed["kind"], values.pop("amount_vnd"), fields=values
        )


class PlanRows(SharingRows):
    title = "Dòng"
    sharing = ("kind", "source", "content")


class PlanDecisionForm(WithRows, EntryForm):
    """A paper that is there or a new one, the rows of the plan it brings, and what it does to đề án.

    ``user``: who enters it, and chooses among the lines he may see.
    """

    last_days = ("decided_on",)
    NEW = ("number", "decided_on", "agency", "signer", "subject")

    decision = PickerField(
        Decision.objects.all(),
        search="funding:decision_search",
        label="Hoặc chọn quyết định đã nhập",
        required=False,
        empty_label="",
        help_text="Khi đã chọn thì các ô trên để trống.",
    )
    number = DecisionForm.base_fields["number"]
    decided_on = DayField(label="Ngày ký", required=False)
    agency = DecisionForm.base_fields["agency"]
    signer = DecisionForm.base_fields["signer"]
    subject = DecisionForm.base_fields["subject"]
    authority = forms.ChoiceField(
        label="Cấp quyết định",
        choices=[("", "Chưa ghi"), *Authority.choices],
        required=False,
        help_text="Để đối chiếu với thẩm quyền của từng thay đổi.",
    )

    def __init__(self, data=None, *, year, user, **kwargs):
        super().__init__(data, **kwargs)
        sources = list(FundingSource.objects.all())
        counted = [source for source in sources if source.is_counted]
        self.rows = PlanRows(
            PlanRowForm, "dong", data=data, new=[{}], year=year, sources=counted, contents=content_choices(year)
        )
        lines = with_words(ProjectLine.objects.visible_to(user).filter(left_on=None))
        self.effects = EffectRows(EffectRowForm, "viec", data=data, new=[{}], lines=lines, sources=sources)
        self.row_sets = [self.rows, self.effects]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("decision") and not cleaned.get("decided_on") and "decided_on" not in self.errors:
            self.add_error("decided_on", "Chưa nhập ngày ký. Nếu quyết định đã nhập rồi thì chọn ở ô dưới.")
        if not self.rows.standing and not self.effects.standing:
            self.add_error(None, "Cần ít nhất một dòng kế hoạch (năm, nguồn, loại, kinh phí) hoặc một đề án.")
        elif not self.rows.is_valid() or not self.effects.is_valid():
            self.add_error(None, "Có dòng chưa đúng; xem chữ đỏ ở từng dòng.")
        return cleaned

    def parts(self):
        """({plan row: its form}, {effect: its form}) of what was typed."""
        plan = {form.plan_row: form for form in self.rows.standing}
        return plan, {form.effect: form for form in self.effects.standing}

    def new_decision(self):
        return Decision(**{name: self.cleaned_data[name] for name in self.NEW})


class PlanLineForm(PlanFields, EntryForm):
    """One stored row. Its year, source and kind stay: another of those is another row."""

    field_order = ["batch", "content", "amount_vnd", "projects_min", "projects_max", "note"]

    def __init__(self, *args, line, **kwargs):
        super().__init__(*args, **kwargs)
        self.line = line
        self.give_choices(content_choices(line.year, kept=[line.activity_id]), all_of_them=True)

    def clean(self):
        cleaned = super().clean()
        self.check(self.line.kind)
        return cleaned
