"""Forms of the plan: a decision with its rows, one row corrected, what a decision says of itself."""

from django import forms

from funding.forms import DecisionForm
from funding.models import Decision, FundingSource, PlanLine
from khuyencong.forms import DayField, EntryForm, PickerField, WholeNumberField
from khuyencong.money import VNDField
from projects.forms.parts import PartForm, Rows
from projects.forms.project import activity_choices

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
    content = forms.ChoiceField(label="Nội dung", required=False)
    amount_vnd = VNDField(label="Kinh phí")
    projects_min = WholeNumberField(label="Số đề án từ", required=False, widget=forms.TextInput)
    projects_max = WholeNumberField(label="Số đề án đến", required=False, widget=forms.TextInput)
    note = forms.CharField(label="Ghi chú", required=False, max_length=500)

    SAID = ("batch", "amount_vnd", "projects_min", "projects_max", "note")

    def give_choices(self, choices):
        self.fields["content"].choices = choices
        self.fields["content"].widget.attrs["data-find"] = ""

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
    source = forms.TypedChoiceField(label="Nguồn", coerce=int, error_messages={"required": "Chưa chọn nguồn."})
    kind = forms.ChoiceField(label="Loại", choices=PlanLine.Kind.choices)

    field_order = ["year", "source", "kind", "batch", "content", "amount_vnd", "projects_min", "projects_max", "note"]

    def __init__(self, data=None, *, year, sources, contents, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["year"].initial, self.fields["kind"].initial = year, PlanLine.Kind.ASSIGNED
        self.fields["source"].choices = [("", ""), *((source.pk, source.name) for source in sources)]
        self.sources = {source.pk: source for source in sources}
        self.give_choices(contents)

    def clean(self):
        cleaned = super().clean()
        self.check(cleaned.get("kind"))
        return cleaned

    @property
    def source_chosen(self):
        return self.sources[self.cleaned_data["source"]]


class PlanRows(Rows):
    title = "Dòng"


class PlanDecisionForm(EntryForm):
    """A paper that is there or a new one, and the rows of the plan it brings."""

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

    def __init__(self, data=None, *, year, **kwargs):
        super().__init__(data, **kwargs)
        self.rows = PlanRows(
            PlanRowForm,
            "dong",
            data=data,
            new=[{}],
            year=year,
            sources=list(FundingSource.objects.counted()),
            contents=content_choices(year),
        )

    def shown(self):
        return {**super().shown(), **self.rows.shown()}

    @property
    def part_errors(self):
        return self.rows.errors(self.rows.title) if self.is_bound else []

    def is_valid(self):
        is_valid = super().is_valid()
        return self.rows.is_valid() and is_valid

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("decision") and not cleaned.get("decided_on") and "decided_on" not in self.errors:
            self.add_error("decided_on", "Chưa nhập ngày ký. Nếu quyết định đã nhập rồi thì chọn ở ô dưới.")
        if not self.rows.standing:
            self.add_error(None, "Cần ít nhất một dòng kế hoạch: năm, nguồn, loại, kinh phí.")
        elif not self.rows.is_valid():
            self.add_error(None, "Có dòng kế hoạch chưa đúng; xem chữ đỏ ở từng dòng.")
        return cleaned

    def new_decision(self):
        return Decision(**{name: self.cleaned_data[name] for name in self.NEW})


class PlanLineForm(PlanFields, EntryForm):
    """One stored row. Its year, source and kind stay: another of those is another row."""

    field_order = ["batch", "content", "amount_vnd", "projects_min", "projects_max", "note"]

    def __init__(self, *args, line, **kwargs):
        super().__init__(*args, **kwargs)
        self.line = line
        self.give_choices(content_choices(line.year, kept=[line.activity_id]))

    def clean(self):
        cleaned = super().clean()
        self.check(self.line.kind)
        return cleaned
