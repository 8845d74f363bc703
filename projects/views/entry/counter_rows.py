"""A slip in a closed period, mended by a counter-row dated today."""

from accounts.permissions import Action
from funding.models import FundingSource
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects import services
from projects.book_loading import load_book
from projects.books import PROMISES, total
from projects.forms.counter_rows import CorrectionForm
from projects.mending import Mending, adjustable_steps, writing_action
from projects.models import Step
from projects.rules import approval_warnings, outcome_warnings, payment_warnings
from projects.services.approvals import refuse_stopped
from projects.views.entry.lines import LineView, SavedOn, said


class CorrectionNew(LineView):
    """``?buoc=&nguon=``: step and source code of the entry to be mended."""

    form_class = CorrectionForm
    title = "Ghi bút toán điều chỉnh"

    @property
    def steps(self):
        return adjustable_steps(self.request.user)

    @property
    def action(self):
        """Whoever writes any step may mend it; the form offers no other."""
        return writing_action(self.steps[0]) if self.steps and not self.mends_all else Action.MEND_CLOSED

    @property
    def mends_all(self):
        return len(self.steps) == len(Step)

    def refuse(self):
        if not self.book.sources():
            raise NotAllowed(
                f"{self.line_name} chưa có số tiền nào để điều chỉnh.", way_out=self.line.get_absolute_url()
            )

    def get_initial(self):
        asked = self.request.GET
        source = FundingSource.objects.filter(code=asked.get("nguon", "")).first()
        return {"step": asked.get("buoc"), "source": source.pk if source else None}

    def form_arguments(self):
        return {"steps": self.steps, "sources": FundingSource.objects.filter(pk__in=self.book.sources())}

    def get_context(self, form):
        return {**super().get_context(form), "goes_on": True, "counter_day": self.today}

    def save(self, form):
        typed = form.cleaned_data
        step = Step(typed["step"])
        self.refuse_open(typed["source"], step)
        rise_vnd = typed["amount_vnd"] if typed["amount_vnd"] > 0 else 0
        if rise_vnd and step in PROMISES:
            refuse_stopped(self.line, self.today)
        warnings = self.doubts(typed["source"], step, rise_vnd) if rise_vnd else []
        entry = services.correct(
            line=self.line,
            source=typed["source"],
            step=step,
            amount_vnd=typed["amount_vnd"],
            on=self.today,
            reason=typed["why"],
            by=self.request.user,
        )
        sign = "+" if entry.amount_vnd > 0 else ""
        message = (
            f"Đã ghi bút toán điều chỉnh {step.label.lower()} {sign}{format_vnd(entry.amount_vnd)} đồng "
            f"({typed['source'].name}) của {self.line_name}, ngày {format_day(self.today)}."
        )
        return SavedOn(message, self.line.get_absolute_url(), row=entry, warnings=warnings, on=self.today)

    def refuse_open(self, source, step):
        """Raise NotAllowed where nothing of the step was handed in yet: there the paper itself is mended."""
        mending = Mending(self.request.user)
        days = self.line.entries.filter(source=source, step=step).values_list("on", flat=True)
        if not any(mending.is_closed(day) for day in days):
            raise NotAllowed(
                f"{self.line_name} không có bút toán {step.label.lower()} từ {source.name} thuộc kỳ đã chốt. "
                "Kỳ chưa chốt thì sửa ngay giấy tờ ghi nhầm, từ trang của đề án.",
                way_out=self.line.get_absolute_url(),
            )

    def doubts(self, source, step, rise_vnd):
        """What the rules that warn say of the rise, as they would of a paper of the day."""
        if step == Step.APPROVED:
            return approval_warnings(self.line, {source: rise_vnd}, self.today)
        if step in (Step.ACCEPTED, Step.SETTLED):
            return outcome_warnings(self.line, {source: rise_vnd}, step=step, on=self.today)
        return payment_warnings(self.line, source, rise_vnd, step, self.today)

    def effects(self):
        """The sum of every step of every source of the line, where there is one."""
        book = load_book(self.line)
        rows = []
        for source in self.sources:
            for step in Step:
                movements = book.movements(source.pk, step)
                if movements or book.is_unknown(source.pk, step):
                    vnd = None if book.is_unknown(source.pk, step) else total(movements)
                    rows.append((f"Dòng này, {source.name} › {step.label}", said(vnd), ""))
        return rows
