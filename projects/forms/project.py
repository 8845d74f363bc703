"""The form of a đề án: its head, its lines with equipment and money of several sources, and what it rests on."""

from functools import cached_property
from itertools import groupby

from django import forms

from accounts.models import Role, User
from funding.models import Activity, Agency, Decision, FundingSource
from khuyencong.dates import local_today
from khuyencong.forms import (
    DayField,
    EntryModelForm,
    PickerField,
    SharedSelect,
    WholeNumberField,
    entry_field,
    raw_of,
)
from khuyencong.money import VNDField, format_vnd
from places.models import Locality
from projects.codes import next_codes
from projects.forms.parts import PartForm, Rows, WithRows, is_filled
from projects.models import Beneficiary, Project, ProjectDecision
from projects.services import LineDraft, LineMended

Kind = ProjectDecision.Kind
USUAL = ("KCQG", "KCDP", FundingSource.COUNTERPART)
"""Codes of the sources that a line shows at once; the others open on demand."""


class EquipmentForm(PartForm):
    name = forms.CharField(
        label="Tên máy móc, thiết bị", max_length=2000, error_messages={"required": "Chưa nhập tên."}
    )
    quantity = WholeNumberField(label="Số lượng", required=False, min_value=1, widget=forms.TextInput)
    capacity = forms.CharField(label="Công suất", required=False, max_length=200)
    value_vnd = VNDField(label="Giá trị", required=False, min_value=1)
    is_new = forms.TypedChoiceField(
        label="Tình trạng máy",
        required=False,
        choices=[("", "Chưa rõ"), ("1", "Mới"), ("0", "Đã qua sử dụng")],
        coerce=lambda text: text == "1",
        empty_value=None,
    )

    FIELDS = ("name", "quantity", "capacity", "value_vnd", "is_new")

    def values(self):
        return {name: self.cleaned_data[name] for name in self.FIELDS}


def equipment_initial(item):
    initial = {name: getattr(item, name) for name in EquipmentForm.FIELDS}
    return {**initial, "is_new": "" if item.is_new is None else str(int(item.is_new))}


class Items(Rows):
    title = "máy"


class LineForm(PartForm):
    """One line. ``sources``: all sources; ``activities``: choices by content; both read once for all lines."""

    beneficiary = PickerField(
        Beneficiary.objects.all(),
        search="projects:beneficiary_search",
        create="projects:beneficiary_new",
        label="Cơ sở thụ hưởng",
        required=False,
        empty_label="",
    )
    locality = PickerField(
        Locality.objects.with_parents(),
        search="places:locality_search",
        label="Địa bàn",
        required=False,
        empty_label="",
        help_text="Để trống thì lấy địa bàn của cơ sở.",
    )
    activity = forms.TypedChoiceField(
        label="Nội dung hoạt động", required=False, empty_value=None, widget=SharedSelect(shared="noi-dung")
    )
    plan_year = WholeNumberField(
        label="Năm kế hoạch",
        required=False,
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    has_contract = forms.BooleanField(label="Có ký hợp đồng", required=False, initial=True)
    is_priority = forms.BooleanField(label="Địa bàn, ngành nghề ưu tiên", required=False)
    is_technology_line = forms.BooleanField(label="Hỗ trợ cả dây chuyền công nghệ", required=False)
    base_cost_vnd = VNDField(
        label="Chi phí làm căn cứ tính hỗ trợ",
        required=False,
        min_value=1,
        help_text="Tiền thuê gian hàng, vé máy bay, lãi vay, khi mức hỗ trợ tính trên khoản đó.",
    )
    other_support = forms.CharField(
        label="Nguồn ngân sách khác cho cùng hạng mục",
        required=False,
        max_length=500,
        help_text="Để trống khi cơ sở cam kết không nguồn nào khác hỗ trợ cùng hạng mục.",
    )

    NORM_FIELDS = ("is_priority", "is_technology_line", "base_cost_vnd", "other_support")
    """What the norms and the conditions of support ask of a line."""

    FIELDS = ("beneficiary", "locality", "activity", "plan_year", "has_contract", *NORM_FIELDS)

    def __init__(self, data=None, *, sources, activities, row=None, initial=None, **kwargs):
        initial = dict(initial or {})
        items, new_items = initial.pop("items", ()), initial.pop("new_items", ())
        standing = initial.pop("standing", {})
        super().__init__(data, row=row, initial=initial, **kwargs)
        self.sources = sources
        self.fields["activity"].choices = activities.choices
        self.fields["activity"].coerce = activities.of_key
        for source in sources:
            # What a later decision changed stands beside the amount of the first, which alone is mended here.
            later = f"Nay là {format_vnd(standing[source.pk])}" if source.pk in standing else ""
            self.fields[money_name(source)] = VNDField(
                label=source.name,
                required=False,
                min_value=0,
                help_text=f"{later}, theo quyết định sau." if later else "",
            )
        for name in ("beneficiary", "locality"):
            at_hand = initial.get(name)
            self.fields[name].known = {at_hand.pk: at_hand} if at_hand else {}
        self.items = Items(EquipmentForm, f"{self.prefix}-may", data=data, rows=items, new=new_items, mark="__inner__")

    @property
    def parts(self):
        return [self.items]

    @property
    def usual_money(self):
        """The bound money fields shown at once."""
        return [self[money_name(source)] for source in self.sources if self._is_usual(source)]

    @property
    def other_money(self):
        return [self[money_name(source)] for source in self.sources if not self._is_usual(source)]

    @property
    def norm_fields(self):
        return [self[name] for name in self.NORM_FIELDS]

    @property
    def is_open_within(self):
        """Whether what opens on demand holds an error or an answer, and so must stand open."""
        within = [*self.other_money, self["plan_year"], *self.norm_fields]
        is_wrong = self.is_bound and any(field.errors for field in within)
        return is_wrong or any(is_filled(field) for field in self.norm_fields)

    def _is_usual(self, source):
        return source.code in USUAL or is_filled(self[money_name(source)])

    def amounts(self):
        """{source: VND} of what was typed; 0 says something of the counterpart alone: that there is none."""
        typed = {source: self.cleaned_data.get(money_name(source)) for source in self.sources}
        return {source: vnd for source, vnd in typed.items() if vnd is not None and (vnd or source.is_counterpart)}

    def supports(self):
        """The amounts of sources other than the counterpart (VND)."""
        return [vnd for source, vnd in self.amounts().items() if not source.is_counterpart]

    def values(self, year):
        """Fields of ``ProjectLine``; ``year`` where the line names none of its own."""
        cleaned = self.cleaned_data
        place = cleaned["locality"] or (cleaned["beneficiary"].locality if cleaned["beneficiary"] else None)
        return {
            "beneficiary": cleaned["beneficiary"],
            "locality": place,
            "activity": cleaned["activity"],
            "plan_year": cleaned["plan_year"] or year,
            "has_contract": cleaned["has_contract"],
            **{name: cleaned[name] for name in self.NORM_FIELDS},
        }

    def draft(self, year):
        return LineDraft(self.values(year), self.amounts(), [item.values() for item in self.items.standing])

    def mended(self):
        """What was typed for the line there is, with the amounts alone that changed."""
        changed = {
            source: self.cleaned_data[name] or 0
            for source in self.sources
            if (name := money_name(source)) and self.cleaned_data[name] != self.initial.get(name)
        }
        equipment = [(item.row, item.values()) for item in self.items.standing]
        return LineMended(self.row, self.values(self.row.plan_year), changed, equipment, self.items.dropped)


def money_name(source):
    return f"tien_{source.pk}"


class Lines(Rows):
    title = "Dòng"


class Activities:
    """Leaf activities to choose from: those of the plan year, and those that lines already name."""

    def __init__(self, year, *, kept=()):
        leaves = Activity.objects.filter(is_leaf=True).select_related("parent")
        in_force = leaves.exclude(valid_to__lt=f"{year}-01-01").exclude(valid_from__gt=f"{year}-12-31")
        rows = in_force | leaves.filter(pk__in=[pk for pk in kept if pk])
        self.rows = {row.pk: row for row in rows.order_by("position", "code")}

    @cached_property
    def choices(self):
        """By content."""
        groups = groupby(self.rows.values(), key=lambda leaf: leaf.parent.name if leaf.parent else "Khác")
        found = [(name, [(str(leaf.pk), leaf.name) for leaf in group]) for name, group in groups]
        return [("", "Chưa xác định"), *found]

    def of_key(self, key):
        """Raises ValueError for none of them, as a choice that may not be made does."""
        if int(key) not in self.rows:
            raise ValueError(key)
        return self.rows[int(key)]


class ProjectForm(WithRows, EntryModelForm):
    """``lines``: [(ProjectLine, initial)] there are; ``new_lines``: [initial] to begin with.

    ``asks_paper``: whether what it rests on is asked for, as it is once for each đề án.
    """

    last_days = ("registered_on",)
    planned_days = ("planned_start_on", "planned_end_on")
    basis = forms.ChoiceField(
        label="Căn cứ",
        choices=[("approved", "Đã có quyết định phê duyệt"), ("registered", "Mới đăng ký, chưa phê duyệt")],
        widget=forms.RadioSelect,
        initial="approved",
    )
    decision = PickerField(
        Decision.objects.all(),
        search="funding:decision_search",
        create="funding:decision_new",
        label="Quyết định phê duyệt",
        required=False,
        empty_label="",
        help_text="Ngày phê duyệt là ngày ký quyết định.",
    )
    authority = forms.ChoiceField(
        label="Cấp quyết định", required=False, choices=[("", ""), *ProjectDecision.Authority.choices]
    )
    registered_on = DayField(label="Ngày đăng ký", required=False)
    registered_number = forms.CharField(label="Số văn bản đăng ký", required=False, max_length=100)
    plan_year = WholeNumberField(
        label="Năm kế hoạch",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "Chưa nhập năm kế hoạch."},
    )
    executing_agency = PickerField(
        Agency.objects.all(),
        search="funding:agency_search",
        create="funding:agency_new",
        label="Đơn vị thực hiện",
        required=False,
        empty_label="",
    )

    PAPER = ("basis", "decision", "authority", "registered_on", "registered_number")

    class Meta:
        model = Project
        fields = [
            "code",
            "name",
            "kind",
            "executing_agency",
            "officer",
            "beneficiaries_expected",
            "planned_start_on",
            "planned_end_on",
            "norm_by",
            "norm_by_reason",
            "note",
        ]
        widgets = {
            "code": forms.TextInput(attrs={"list": "ma-con-trong", "autocomplete": "off"}),
            "name": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"norm_by": "Mức hỗ trợ chọn theo ngày", "norm_by_reason": "Lý do chọn ngày này"}
        help_texts = {"norm_by_reason": "Cần ghi khi chọn ngày khác ngày phê duyệt."}
        formfield_callback = entry_field
        error_messages = {
            "code": {"required": "Chưa nhập mã đề án."},
            "name": {"required": "Chưa nhập tên đề án."},
            "kind": {"required": "Chưa chọn loại đề án."},
        }

    def __init__(self, data=None, *, lines=(), new_lines=(), asks_paper=True, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["officer"].queryset = officers(self.instance.officer_id)
        self.fields["officer"].widget.attrs["data-find"] = ""
        self.fields["norm_by"].required = False
        if self.instance.pk:
            self.fields["plan_year"].required = False
        if not asks_paper:
            for name in self.PAPER:
                del self.fields[name]
        self.asks_paper = asks_paper
        self.sources = list(FundingSource.objects.all())
        year = self.initial.get("plan_year") or local_today().year
        self.lines = Lines(
            LineForm,
            "lines",
            data=data,
            rows=lines,
            new=new_lines,
            sources=self.sources,
            activities=Activities(year, kept=[line.activity_id for line, _ in lines]),
        )
        self.row_sets = [self.lines]
        if self.lines.forms:
            self.lines.forms[0].fields["activity"].widget.holds_all = True

    # --- what it shows ------------------------------------------------------------------------------

    @property
    def code_proposals(self):
        typed = self.cleaned_data.get("plan_year") if self.is_bound else None
        return next_codes(typed or self.initial.get("plan_year") or local_today().year)

    # --- what it accepts ----------------------------------------------------------------------------

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean(self):
        cleaned = super().clean()
        self._check_code(cleaned.get("code"))
        start, end = cleaned.get("planned_start_on"), cleaned.get("planned_end_on")
        if start and end and end < start:
            self.add_error("planned_end_on", f"Ngày kết thúc không được trước ngày bắt đầu {start:%d/%m/%Y}.")
        if self.asks_paper:
            self._check_paper(cleaned)
        self._check_norm_day(cleaned)
        if self.lines.lost:
            self.add_error(None, "Có dòng vừa bị người khác xóa. Hãy tải lại trang để xem đề án hiện nay.")
        elif any(line.items.lost for line in self.lines.standing):
            self.add_error(
                None,
                "Có máy móc, thiết bị vừa bị người khác xóa nên không còn ở trang này. Hãy xem lại, "
                "nếu vẫn cần thì thêm máy, rồi bấm Lưu lần nữa.",
            )
        elif not self.lines.standing:
            self.add_error(None, "Đề án cần ít nhất một dòng: nhập nội dung hoạt động, địa bàn hoặc số tiền.")
        elif self.lines.is_valid():
            self._check_lines(cleaned)
        return cleaned

    def clean_norm_by(self):
        return self.cleaned_data["norm_by"] or self.instance.norm_by

    @property
    def is_norm_day_open(self):
        """Whether the day that selects the norms is another than that of the approval, or holds an error."""
        is_usual = raw_of(self["norm_by"]) in ("", Project.NormBy.APPROVAL)
        return not is_usual or bool(self.is_bound and (self["norm_by"].errors or self["norm_by_reason"].errors))

    def _check_norm_day(self, cleaned):
        is_usual = cleaned.get("norm_by") == Project.NormBy.APPROVAL
        if not is_usual and "norm_by" not in self.errors and not cleaned.get("norm_by_reason"):
            self.add_error("norm_by_reason", "Chọn ngày khác ngày phê duyệt thì ghi lý do: văn bản hoặc ý kiến nào.")

    def _check_code(self, code):
        other = Project.objects.filter(code=code).exclude(pk=self.instance.pk).first()
        if other:
            free = ", ".join(self.code_proposals)
            self.add_error("code", f"Mã {code} đã dùng cho đề án “{other.name}”. Mã còn trống: {free}.")

    def _check_paper(self, cleaned):
        if cleaned.get("basis") == "registered":
            if not cleaned.get("registered_on") and "registered_on" not in self.errors:
                self.add_error("registered_on", "Chưa nhập ngày đăng ký.")
        elif not cleaned.get("decision") and "decision" not in self.errors:
            self.add_error("decision", "Chưa chọn quyết định phê duyệt. Gõ số quyết định để tìm hoặc thêm mới.")

    def _check_lines(self, cleaned):
        lines, kind = self.lines.standing, cleaned.get("kind")
        named = [line for line in lines if line.cleaned_data["beneficiary"]]
        if kind == Project.Kind.TASK:
            for line in named:
                line.add_error("beneficiary", "Hoạt động không có cơ sở thụ hưởng. Hãy đổi loại đề án hoặc bỏ cơ sở.")
        if kind == Project.Kind.GROUP and not named and not cleaned.get("beneficiaries_expected"):
            self.add_error("beneficiaries_expected", "Đề án nhóm chưa nêu tên cơ sở thì cần số cơ sở dự kiến.")
        if cleaned.get("basis") == "approved":
            for line in lines:
                if line.row is None and not any(line.supports()):
                    line.add_error(None, "Đã phê duyệt thì cần kinh phí hỗ trợ của ít nhất một nguồn.")

    def _year(self):
        """The plan year of new lines that name none."""
        return self.cleaned_data["plan_year"] or self.initial["plan_year"]

    # --- what it says -------------------------------------------------------------------------------

    def fields_of_project(self):
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def paper(self):
        """Arguments of ``record_step`` for what the đề án rests on."""
        cleaned = self.cleaned_data
        if cleaned["basis"] == "registered":
            return {"kind": Kind.REGISTERED, "on": cleaned["registered_on"], "number": cleaned["registered_number"]}
        decision = cleaned["decision"]
        return {
            "kind": Kind.APPROVED,
            "on": decision.decided_on,
            "decision": decision,
            "authority": cleaned["authority"],
        }

    def drafts(self):
        """The new lines."""
        return [line.draft(self._year()) for line in self.lines.standing if line.row is None]

    def mended(self):
        """The lines there are, as they should be."""
        return [line.mended() for line in self.lines.standing if line.row is not None]

    def years(self):
        """The plan years of its lines."""
        return sorted({line.values(self._year())["plan_year"] for line in self.lines.standing})

    def doubts(self):
        """Sentences about what is unusual, to be saved with a reason."""
        names = {line.cleaned_data["beneficiary"] for line in self.lines.standing} - {None}
        if self.cleaned_data["kind"] == Project.Kind.SINGLE and len(names) > 1:
            return [
                f"Đề án riêng lẻ thường có một cơ sở thụ hưởng, ở đây có {len(names)}. "
                "Nếu là đề án nhóm, hãy đổi loại đề án."
            ]
        return []


def officers(kept):
    """Who may be put in charge: active people of the Centre, and whoever already is."""
    people = User.objects.filter(is_active=True, role__in=[Role.STAFF, Role.MANAGER, Role.ACCOUNTANT])
    return (people | User.objects.filter(pk=kept)).distinct().order_by("full_name", "pk")


def activity_choices(year, *, kept=()):
    """Choices by content of the activities in force in ``year``, and of those that are ``kept`` (ids)."""
    return Activities(year, kept=kept).choices
