"""Repayable support of a line: its instalments agreed, put off, taken out."""

from django.shortcuts import get_object_or_404

from accounts.entry import Saved
from accounts.permissions import Action
from funding.models import FundingSource
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects import services
from projects.forms.instalments import InstalmentPutOffForm, InstalmentsForm
from projects.models import Instalment, ProjectLine
from projects.repayable import repayments
from projects.views.entry.lines import LineView
from projects.views.entry.withdrawal import Withdrawal


class RepayableView(LineView):
    """What the panel shows: what is planned, back and late of each source."""

    action = Action.PAY

    def effects(self):
        rows = []
        for found in repayments(Instalment.objects.filter(line=self.line), self.today):
            for name, vnd in (
                ("Phải hoàn trả", found.planned_vnd),
                ("Đã hoàn trả", found.paid_vnd),
                ("Quá hạn", found.late_vnd),
            ):
                rows.append((f"{found.source.name} › {name}", format_vnd(vnd), ""))
        return rows

    def get_context(self, form):
        return {**super().get_context(form), "goes_on": True}


class InstalmentNew(RepayableView):
    form_class = InstalmentsForm
    template_name = "projects/instalment_form.html"
    title = "Kế hoạch hoàn trả"

    @property
    def promised(self):
        return [each.source.pk for each in self.money if each.source.is_counted]

    def refuse(self):
        if not self.promised:
            raise NotAllowed(
                f"{self.line_name} chưa có kinh phí hỗ trợ nào được duyệt nên chưa có gì phải hoàn trả.",
                way_out=self.project.get_absolute_url(),
            )

    def get_initial(self):
        first = {"source": self.promised[0]}
        return first if self.last_days() else {**first, "set_on": self.today}

    def form_arguments(self):
        return {"sources": FundingSource.objects.filter(pk__in=self.promised)}

    def save(self, form):
        typed = form.cleaned_data
        rows = services.set_instalments(
            line=self.line,
            source=typed["source"],
            instalments=form.instalments(),
            set_on=typed["set_on"],
            by=self.request.user,
            reason=typed["reason"],
        )
        total = format_vnd(sum(row.amount_vnd for row in rows))
        message = f"Đã ghi {len(rows)} kỳ hoàn trả, {total} đồng, của {self.line_name}."
        return Saved(message, page_of(self.line), row=rows[0])


class OneInstalment(RepayableView):
    def find(self):
        lines = ProjectLine.objects.visible_to(self.request.user)
        rows = Instalment.objects.filter(line__in=lines).select_related(
            "line__project", "line__beneficiary", "line__activity", "line__locality__parent", "source"
        )
        self.row = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.take(self.row.line)

    def form_arguments(self):
        return {}


class InstalmentPutOff(OneInstalment):
    form_class = InstalmentPutOffForm

    @property
    def title(self):
        return f"Đổi kỳ hoàn trả hạn {format_day(self.row.due_on)}"

    def refuse(self):
        later = Instalment.objects.filter(replaces=self.row).first()
        if later:
            raise NotAllowed(
                f"Kỳ hạn {format_day(self.row.due_on)} đã đổi sang hạn {format_day(later.due_on)}.",
                way_out=page_of(self.line),
            )

    def get_initial(self):
        return {"set_on": self.today, "amount_vnd": self.row.amount_vnd}

    def save(self, form):
        typed = form.cleaned_data
        row = services.put_off_instalment(
            instalment=self.row,
            due_on=typed["due_on"],
            amount_vnd=typed["amount_vnd"],
            set_on=typed["set_on"],
            why=typed["why"],
            by=self.request.user,
            reason=typed["reason"],
        )
        day = format_day(row.due_on)
        return Saved(f"Đã đổi kỳ hoàn trả của {self.line_name}: hạn mới {day}.", page_of(self.line), row=row)


class InstalmentWithdraw(Withdrawal, OneInstalment):
    title = "Xóa kỳ hoàn trả"

    def save(self, form):
        services.remove_instalment(instalment=self.row, by=self.request.user, reason=form.cleaned_data["why"])
        return Saved(f"Đã xóa kỳ hoàn trả hạn {format_day(self.row.due_on)}.", page_of(self.line))

    def get_context(self, form):
        return {**super().get_context(form), "row": self.row, "row_word": "Kỳ hoàn trả"}


def page_of(line):
    return f"{line.project.get_absolute_url()}#hoan-tra"
