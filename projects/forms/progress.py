"""The short forms that follow the work: milestones, difficulties, visits."""

from django import forms

from khuyencong.forms import DayField, EntryModelForm, entry_field
from projects.forms.laid_out import LaidOutForm
from projects.models import Difficulty, Milestone, ProjectLine, SiteVisit


class LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, line):
        name = str(line.beneficiary or (line.activity and line.activity.name) or line.project.name)
        return f"{name} (năm {line.plan_year})"


class OfProjectForm(LaidOutForm):
    """About the whole đề án, or one of ``lines``; a single line is not asked for."""

    line = LineChoice(ProjectLine.objects.none(), label="Cơ sở, nội dung", required=False, empty_label="Cả đề án")

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines
        if len(lines) < 2 and not self.initial.get("line"):
            del self.fields["line"]


class MilestoneForm(OfProjectForm):
    last_days = ("due_on",)
    planned_days = ("due_on",)
    layout = (("name",), ("due_on", "set_on"), ("responsible",), ("line",))

    name = forms.CharField(label="Tên mốc", max_length=500)
    due_on = DayField(label="Hạn hoàn thành")
    responsible = forms.CharField(label="Người thực hiện", max_length=200, required=False)
    set_on = DayField(label="Ngày đặt mốc", help_text="Báo cáo của những ngày trước ngày này chưa có mốc.")


class MilestoneDoneForm(LaidOutForm):
    last_days = ("done_on",)

    done_on = DayField(label="Hoàn thành ngày")


class MilestonePostponeForm(LaidOutForm):
    planned_days = ("due_on",)
    layout = (("due_on", "set_on"), ("why",))

    due_on = DayField(label="Hạn mới")
    set_on = DayField(label="Áp dụng từ ngày", help_text="Những ngày trước vẫn giữ hạn cũ.")
    why = forms.CharField(label="Lý do lùi hạn", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class DifficultyForm(OfProjectForm, EntryModelForm):
    planned_days = ("due_on",)
    layout = (("description",), ("raised_on", "cause"), ("line",), ("request",), ("due_on",))

    class Meta:
        model = Difficulty
        fields = ["line", "description", "cause", "raised_on", "request", "due_on"]
        formfield_callback = entry_field


class DifficultyEditForm(DifficultyForm):
    layout = (*DifficultyForm.layout[:-1], ("due_on", "closed_on"), ("outcome",))

    class Meta(DifficultyForm.Meta):
        fields = [*DifficultyForm.Meta.fields, "closed_on", "outcome"]


class DifficultyCloseForm(LaidOutForm):
    layout = (("closed_on",), ("outcome",))

    closed_on = DayField(label="Giải quyết xong ngày")
    outcome = forms.CharField(label="Kết quả xử lý", widget=forms.Textarea(attrs={"rows": 3}))


class VisitForm(OfProjectForm, EntryModelForm):
    layout = (("kind", "visited_on"), ("line",), ("people",), ("findings",))

    class Meta:
        model = SiteVisit
        fields = ["line", "kind", "visited_on", "people", "findings"]
        formfield_callback = entry_field


class MilestoneEditForm(OfProjectForm, EntryModelForm):
    """Mends slips: a due day that moved is a postponement. ``due_on`` is the one in force."""

    planned_days = ("due_on",)
    layout = (("name",), ("due_on", "done_on"), ("responsible",), ("line",))

    due_on = DayField(label="Hạn đang có", required=False, help_text="Chỉ sửa lỗi gõ; hạn dời về sau thì ghi Lùi hạn.")

    class Meta:
        model = Milestone
        fields = ["name", "responsible", "line", "done_on"]
        labels = {"name": "Tên mốc"}
        formfield_callback = entry_field
