"""Mending a slip in an acceptance, a payment or a settlement, on the same form that wrote it."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.entry import last_change_of
from accounts.permissions import Action, can
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.forms import key_of
from projects.forms.outcomes import AcceptanceForm, SettlementForm, requested_name
from projects.forms.payments import STEPS_BY_WORD, PaymentForm, RecoveryForm
from projects.mending import Mending, adjust_url
from projects.models import Acceptance, Contract, Payment, ProjectLine, Settlement, Step
from projects.rules import payment_warnings
from projects.services.corrections import correct_paper
from projects.services.papers import amounts_of, entries_history, typed_entries
from projects.services.withdrawals import withdraw_paper
from projects.views.entry.lines import LineView, SavedOn, said
from projects.views.entry.withdrawal import Withdrawal


class LinePaperView(LineView):
    """``self.row`` is the paper, ``self.line`` the line whose part of it is shown."""

    model = None
    day_name = ""
    can_continue = False
    writes = Action.ENTER_FACTS
    """What one must be allowed to enter such a paper."""

    def find(self):
        self.row = get_object_or_404(self.visible(), pk=self.kwargs["pk"])
        self.take(self.line_of_row())

    def visible(self):
        return self.model.objects.filter(line__in=self.visible_lines())

    def visible_lines(self):
        lines = ProjectLine.objects.visible_to(self.request.user)
        return lines.select_related("project", "beneficiary", "activity", "locality__parent")

    def line_of_row(self):
        return self.visible_lines().get(pk=self.row.line_id)

    @property
    def is_closed(self):
        return Mending(self.request.user).is_closed(getattr(self.row, self.day_name))

    @property
    def action(self):
        """Who writes it mends it; in a closed period who mends those, and ``refuse`` tells the others what to do."""
        may_mend = can(self.request.user, Action.MEND_CLOSED)
        return Action.MEND_CLOSED if may_mend and self.is_closed else self.writes

    def refuse(self):
        """A slip may be mended wherever its line stands by now."""
        entry = typed_entries(self.row).filter(line=self.line).select_related("source").first()
        if entry and self.is_closed and not can(self.request.user, Action.MEND_CLOSED):
            raise NotAllowed(
                f"Ngày {format_day(entry.on)} thuộc kỳ đã chốt số liệu nên chỉ lãnh đạo sửa, xóa được. "
                "Hãy ghi bút toán điều chỉnh mang ngày hôm nay.",
                way_out=adjust_url(entry),
            )

    def last_change(self):
        return last_change_of(self.row, entries_history(self.row))

    def lock(self):
        self.row = self.model.objects.select_for_update(no_key=True).get(pk=self.row.pk)

    def paid(self):
        """{source: VND, None not known} that the paper says of this line."""
        return {source: vnd for (line, source, _), vnd in amounts_of(self.row).items() if line.pk == self.line.pk}


class PaperEdit(LinePaperView):
    fields = ()
    """Names of the form's fields that are fields of the paper."""
    withdraw_name = ""

    def get_context(self, form):
        return {**super().get_context(form), "withdraw_url": reverse(self.withdraw_name, args=[self.row.pk])}

    def get_initial(self):
        return {name: getattr(self.row, name) for name in self.fields}

    def form_arguments(self):
        return {"proposals": self.proposals()}

    def proposals(self):
        """The paper's own amounts, then the other sources of the line."""
        own = self.paid()
        others = [each.source for each in self.money if each.source not in own]
        return [(source, vnd, "") for source, vnd in own.items()] + [(source, None, "") for source in others]

    def amounts(self, form):
        """{(line, source): VND}: 0 takes an entry away, what was not there and is left empty stays away."""
        found = {**self.emptied(self.paid()), **form.amounts()}
        return {(self.line, source): vnd for source, vnd in found.items()}

    def emptied(self, own):
        """What an amount left empty means where the paper has one."""
        return dict.fromkeys(own, 0)

    def values(self, form):
        return {name: form.cleaned_data[name] for name in self.fields}

    def doubts(self, amounts, form):
        """What the rules that warn say of ``amounts`` {(line, source): VND} as raised; asked before they are."""
        return []

    def save(self, form):
        amounts = self.amounts(form)
        doubts = self.doubts(amounts, form)
        row = correct_paper(
            paper=self.row,
            fields=self.values(form),
            amounts=amounts,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        on = getattr(row, self.day_name)
        message = f"Đã sửa {row._meta.verbose_name} của {self.line_name}."
        return SavedOn(message, self.line.get_absolute_url(), row=row, warnings=[*doubts, *row.warnings], on=on)


class AcceptanceEdit(PaperEdit):
    model = Acceptance
    form_class = AcceptanceForm
    withdraw_name = "projects:acceptance_withdraw"
    title = "Sửa nghiệm thu"
    day_name = "accepted_on"
    fields = ("accepted_on", "minutes_number", "result", "jobs", "revenue_vnd", "note")

    def emptied(self, own):
        return dict.fromkeys(own)

    def amounts(self, form):
        # A failed acceptance accepts nothing: its entries go by themselves.
        return super().amounts(form) if form.cleaned_data["result"] in Acceptance.PASSING else {}

    def effects_of(self, money):
        return [self.row_of(money, "đã nghiệm thu", money.accepted_vnd, "accepted_vnd")]


class SettlementEdit(PaperEdit):
    writes = Action.SETTLE
    model = Settlement
    form_class = SettlementForm
    withdraw_name = "projects:settlement_withdraw"
    title = "Sửa quyết toán"
    day_name = "settled_on"
    fields = ("settled_on", "number", "submitted_on", "note")

    def get_initial(self):
        asked = {requested_name(source): self.row.requested_vnd for source in self.paid()}
        return {**super().get_initial(), **asked, "party": self.row.party}

    def values(self, form):
        (asked,) = form.requested().values() or [None]
        return {**super().values(form), "requested_vnd": asked}

    def make_form(self, data=None):
        form = super().make_form(data)
        form.fields["party"].disabled = True
        return form

    def proposals(self):
        """Each source is settled by a row of its own."""
        return [(source, vnd, "") for source, vnd in self.paid().items()]

    def effects_of(self, money):
        return [
            self.row_of(money, "đã quyết toán với cơ sở", money.settled_vnd, "settled_vnd"),
            self.row_of(money, "đã quyết toán với cơ quan cấp", money.funder_settled_vnd),
        ]


class PaymentEdit(PaperEdit):
    """Of an advance, a payment or a recovery; the contract it went by makes it another paper."""

    writes = Action.PAY
    model = Payment
    withdraw_name = "projects:payment_withdraw"
    day_name = "paid_on"
    fields = ("paid_on", "voucher")

    def visible(self):
        return Payment.objects.filter(entries__line__in=self.visible_lines().values("pk")).distinct()

    def line_of_row(self):
        lines = typed_entries(self.row).values("line")
        asked = key_of(self.request.GET.get("dong", ""))
        found = self.visible_lines().filter(pk__in=lines)
        return get_object_or_404(found, pk=asked) if asked else found.order_by("pk")[0]

    @property
    def step(self):
        return Step(typed_entries(self.row).first().step)

    def doubts(self, amounts, form):
        on, before = form.cleaned_data["paid_on"], self.paid()
        # Of a day before its own the payment is not yet in the books: all of it counts as new there.
        stands = {source: vnd or 0 for source, vnd in before.items()} if on >= self.row.paid_on else {}
        return [
            warning
            for (_, source, step), vnd in amounts.items()
            if (vnd or 0) > stands.get(source, 0)
            for warning in payment_warnings(self.line, source, vnd - stands.get(source, 0), step, on)
        ]

    @property
    def is_recovery(self):
        return self.step == Step.RECOVERED

    @property
    def form_class(self):
        return RecoveryForm if self.is_recovery else PaymentForm

    @property
    def title(self):
        return f"Sửa {self.step.label.lower()}"

    def get_initial(self):
        words = {step: word for word, step in STEPS_BY_WORD.items()}
        return {**super().get_initial(), "step": words.get(self.step)}

    def form_arguments(self):
        return {"proposals": self.proposals(), "contracts": Contract.objects.none()}

    def values(self, form):
        step = {} if self.is_recovery else {"step": STEPS_BY_WORD[form.cleaned_data["step"]]}
        return {**super().values(form), **step}

    def amounts(self, form):
        step = self.step if self.is_recovery else STEPS_BY_WORD[form.cleaned_data["step"]]
        return {(line, source, step): vnd for (line, source), vnd in super().amounts(form).items()}

    def effects_of(self, money):
        return [
            self.row_of(money, "đã giải ngân", money.paid_vnd, "disbursed_vnd"),
            self.row_of(money, "còn được chi", money.left_vnd),
        ]


class PaperWithdraw(Withdrawal, LinePaperView):
    """Takes the paper and its entries out of the books, with a reason; the history keeps it."""

    @property
    def title(self):
        return f"Xóa {self.row._meta.verbose_name}"

    def save(self, form):
        name = self.row._meta.verbose_name
        withdraw_paper(paper=self.row, by=self.request.user, reason=form.cleaned_data["why"])
        return SavedOn(f"Đã xóa {name} của {self.line_name}.", self.line.get_absolute_url())

    def get_context(self, form):
        amounts = [(source, said(vnd)) for source, vnd in self.paid().items()]
        day = getattr(self.row, self.day_name)
        return {**super().get_context(form), "row": self.row, "day": day, "amounts": amounts, "stop": None}


class AcceptanceWithdraw(PaperWithdraw):
    model = Acceptance
    day_name = "accepted_on"
    effects_of = AcceptanceEdit.effects_of


class SettlementWithdraw(PaperWithdraw):
    writes = Action.SETTLE
    model = Settlement
    day_name = "settled_on"
    effects_of = SettlementEdit.effects_of


class PaymentWithdraw(PaperWithdraw):
    writes = Action.PAY
    model = Payment
    day_name = "paid_on"
    visible = PaymentEdit.visible
    line_of_row = PaymentEdit.line_of_row
    effects_of = PaymentEdit.effects_of
