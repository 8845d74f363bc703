"""What a paper does to đề án: one row an effect, found while typing; each asks only what its effect needs."""

from django import forms

from khuyencong.dates import local_today
from khuyencong.forms import PickerField, SharedSelect, WholeNumberField
from khuyencong.money import VNDField
from projects.forms.parts import PartForm, SharingRows
from projects.models import ProjectLine
from projects.services.whole_paper import APPROVES, Does, Effect

BY_AMOUNT = (Does.MORE, Does.LESS)
WITH_MONEY = (*APPROVES, *BY_AMOUNT)
WITH_WHY = (*BY_AMOUNT, Does.STOP, Does.STOP_LINE)


def line_title(line):
    """ "KCQG-2019-003 · HTX Chè Thử"; the name of the đề án where the line has no establishment."""
    return f"{line.project.code} · {line.name_on(local_today()) or line.project.name}"


class EffectRowForm(PartForm):
    """``lines``: QuerySet of those to choose from, ``sources``: every source, read once for all rows.

    ``now``: what the line has now, in words; set by whoever draws a row sent back.
    """

    now = ""

    line = PickerField(
        ProjectLine.objects.none(),
        search="projects:paper_line_search",
        label="Đề án",
        empty_label="",
        error_messages={"required": "Chưa chọn đề án."},
    )
    does = forms.ChoiceField(
        label="Việc",
        choices=[("", "Chọn việc"), *Does.choices],
        widget=SharedSelect(shared="viec"),
        error_messages={"required": "Chưa chọn việc."},
    )
    source = forms.TypedChoiceField(
        label="Nguồn", coerce=int, empty_value=None, required=False, widget=SharedSelect(shared="nguon")
    )
    amount_vnd = VNDField(label="Kinh phí", required=False, min_value=1)
    new_source = forms.TypedChoiceField(
        label="Sang nguồn", coerce=int, empty_value=None, required=False, widget=SharedSelect(shared="sang-nguon")
    )
    year = WholeNumberField(
        label="Sang năm",
        required=False,
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "năm sau"}),
    )
    why = forms.CharField(label="Lý do", required=False, max_length=2000)

    def __init__(self, data=None, *, lines, sources, **kwargs):
        super().__init__(data, **kwargs)
        self.sources = {source.pk: source for source in sources}
        self.fields["line"].queryset = lines
        self.fields["line"].label_from_instance = line_title
        self.fields["line"].widget.attrs["data-now"] = ""
        for name, none in (("source", "Nguồn đang có"), ("new_source", "Chọn nguồn")):
            self.fields[name].choices = [("", none), *((source.pk, source.name) for source in sources)]

    def clean(self):
        cleaned = super().clean()
        does, line = cleaned.get("does"), cleaned.get("line")
        if does in BY_AMOUNT and cleaned.get("amount_vnd") is None and "amount_vnd" not in self.errors:
            more = "tăng thêm" if does == Does.MORE else "giảm đi"
            self.add_error("amount_vnd", f"Chưa nhập số tiền {more}.")
        if does in WITH_WHY and not cleaned.get("why"):
            self.add_error("why", "Chưa ghi lý do.")
        if does == Does.SOURCE and not cleaned.get("new_source"):
            self.add_error("new_source", "Chưa chọn nguồn chuyển sang.")
        if does == Does.MOVE and line and cleaned.get("year") == line.plan_year:
            self.add_error("year", f"Đề án này đã thuộc kế hoạch năm {line.plan_year}.")
        return cleaned

    @property
    def effect(self):
        """What was typed, without what another effect would have asked."""
        typed = self.cleaned_data
        does = Does(typed["does"])
        has_source = does in WITH_MONEY or does == Does.SOURCE
        return Effect(
            does,
            typed["line"],
            source=self.sources.get(typed["source"]) if has_source else None,
            amount_vnd=typed["amount_vnd"] if does in WITH_MONEY else None,
            new_source=self.sources.get(typed["new_source"]) if does == Does.SOURCE else None,
            year=typed["year"] if does == Does.MOVE else None,
            why=typed["why"],
        )


class EffectRows(SharingRows):
    title = "Đề án"
    sharing = ("does", "source", "new_source")
