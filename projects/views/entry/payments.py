"""Money out to a beneficiary or provider, and back."""

from accounts.permissions import Action
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects import services
from projects.forms.payments import STEPS_BY_WORD, PaymentForm, RecoveryForm
from projects.models import Instalment, ProjectLine
from projects.pages.room import room_effects, room_of
from projects.payable import Lacks, payables_of
from projects.repayable import repayments
from projects.rules import payment_warnings
from projects.views.entry.lines import LineView, SavedOn, said

LEFT = ("assigned_vnd", "approved_vnd", "signed_vnd", "unsigned_vnd", "paid_vnd", "unpaid_vnd")
"""What is left of a source where money is paid: each step with its rest."""
WAITS = (Lacks.START, Lacks.CONDITION, Lacks.PASS)
"""What is told beside the amount proposed, as it explains why that is less than what is left."""


class LineMoneyView(LineView):
    """``?so=``: the voucher to go on with."""

    action = Action.PAY

    def get_initial(self):
        contract = self.contracts().first()
        known = {"contract": contract.pk if contract else None, "voucher": self.request.GET.get("so", "")}
        return {**known, **({} if self.last_days() else {"paid_on": self.today})}

    def effects_of(self, money):
        return [
            self.row_of(money, "đã giải ngân", money.paid_vnd, "disbursed_vnd"),
            self.row_of(money, "còn được chi", money.left_vnd),
        ]

    def effects(self):
        """The line's money, then what is left of its sources in the plan year."""
        sources = [money.source for money in self.money]
        rooms = room_of(sources, self.line.plan_year, self.today)
        return [*super().effects(), *room_effects(rooms, *LEFT)]


class PaymentNew(LineMoneyView):
    """``?loai=tam-ung|thanh-toan``; without it an advance until something was accepted."""

    form_class = PaymentForm
    can_continue = True
    waits_for = "chi"

    @property
    def word(self):
        asked = self.request.GET.get("loai")
        if asked in STEPS_BY_WORD:
            return asked
        return self.payable.step if self.payable else "thanh-toan"

    def find(self):
        super().find()
        lines = ProjectLine.objects.filter(pk=self.line.pk)
        self.payable = payables_of(lines, self.request.user, self.today).get(self.line.pk)

    @property
    def title(self):
        return {"tam-ung": "Tạm ứng", "thanh-toan": "Thanh toán"}[self.word]

    def refuse(self):
        self.refuse_unsigned("chi")
        money = self.money
        if not money:
            raise NotAllowed(
                f"Chưa chi được cho {self.line_name} vì chưa có kinh phí được duyệt. "
                "Hãy nhập quyết định phê duyệt trước.",
                way_out=self.project.get_absolute_url(),
            )
        # A payment of before the stop may still be entered, and raises what the stop left.
        if not self.stop and all(each.left_vnd is not None and each.left_vnd <= 0 for each in money):
            paid = format_vnd(sum(each.paid_vnd for each in money))
            raise NotAllowed(
                f"Đã chi hết cho {self.line_name}: {paid} đồng, không còn khoản nào chờ chi. "
                "Muốn chi thêm, hãy nhập phụ lục tăng kinh phí trước.",
                way_out=self.line.get_absolute_url(),
            )

    def carried(self):
        return {"loai": self.request.GET.get("loai"), "so": self.request.POST.get("voucher")}

    def form_arguments(self):
        """What the accountant's page lets be paid of each source, and why no more."""
        shares = {share.source: share for share in self.payable.shares} if self.payable else {}
        rows = [self.proposal(money, shares.get(money.source)) for money in self.money]
        return {"proposals": rows, "contracts": self.contracts()}

    def proposal(self, money, share):
        words = [f"Còn được chi {said(money.left_vnd)}; đã chi {said(money.paid_vnd)}."]
        if share is None:
            return money.source, None, words[0]
        words += [f"{share.why}."] if share.why else []
        words += [f"{hold.text}." for hold in self.payable.holds if hold.lacks in WAITS]
        return money.source, share.now_vnd or None, " ".join(words)

    def get_initial(self):
        return {**super().get_initial(), "step": self.word}

    def save(self, form):
        typed = form.cleaned_data
        step, amounts = STEPS_BY_WORD[typed["step"]], form.amounts()
        warnings = [
            warning
            for source, vnd in amounts.items()
            for warning in payment_warnings(self.line, source, vnd, step, typed["paid_on"])
        ]
        rows = [
            services.pay(
                line=self.line,
                source=source,
                amount_vnd=vnd,
                step=step,
                paid_on=typed["paid_on"],
                contract=typed.get("contract"),
                voucher=typed["voucher"],
                by=self.request.user,
                reason=typed["reason"],
            )
            for source, vnd in amounts.items()
        ]
        total, day = format_vnd(sum(amounts.values())), format_day(typed["paid_on"])
        message = f"Đã ghi {step.label.lower()} {total} đồng cho {self.line_name}, ngày {day}."
        return SavedOn(message, self.line.get_absolute_url(), row=rows[0], warnings=warnings, on=typed["paid_on"])


class RecoveryNew(LineMoneyView):
    form_class = RecoveryForm
    title = "Thu hồi"

    def get_context(self, form):
        return {**super().get_context(form), "goes_on": True}

    def refuse(self):
        if all(each.paid_vnd <= 0 for each in self.money):
            raise NotAllowed(
                f"Chưa có khoản nào đã chi cho {self.line_name} mà chưa thu hồi.", way_out=self.line.get_absolute_url()
            )

    def form_arguments(self):
        paid = [each for each in self.money if each.paid_vnd > 0]
        plans = repayments(Instalment.objects.filter(line=self.line), self.today)
        agreed = {plan.source.pk: plan for plan in plans if plan.next_due}
        rows = [_to_recover(each, agreed.get(each.source.pk)) for each in paid]
        return {"proposals": rows, "contracts": self.contracts()}

    def save(self, form):
        typed = form.cleaned_data
        rows = [
            services.recover(
                line=self.line,
                source=source,
                amount_vnd=vnd,
                on=typed["paid_on"],
                contract=typed.get("contract"),
                voucher=typed["voucher"],
                by=self.request.user,
                reason=typed["reason"],
            )
            for source, vnd in form.amounts().items()
        ]
        total = format_vnd(sum(form.amounts().values()))
        message = f"Đã ghi thu hồi {total} đồng của {self.line_name}, ngày {format_day(typed['paid_on'])}."
        return SavedOn(message, self.line.get_absolute_url(), row=rows[0])


def _to_recover(money, plan):
    """(source, what is proposed in đồng, in words); ``plan``: its instalments with something still due, or None."""
    if plan and not money.to_recover_vnd:
        words = f"Đã chi {said(money.paid_vnd)}. {plan.words} Quá hạn {said(plan.late_vnd)}."
        return money.source, plan.late_vnd or plan.next_due.left_vnd, words
    words = f"Đã chi {said(money.paid_vnd)}; phải thu hồi {said(money.to_recover_vnd)}."
    return money.source, money.to_recover_vnd or None, words
