"""Money out to a beneficiary or provider, and back."""

from accounts.permissions import Action
from funding.advances import terms_of
from funding.models import AdvanceRule
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects import services
from projects.forms.payments import STEPS_BY_WORD, PaymentForm, RecoveryForm
from projects.models import Instalment, Step
from projects.pages.room import room_effects, room_of
from projects.repayable import repayments
from projects.rules import payment_warnings
from projects.views.entry.lines import LineView, SavedOn, said

LEFT = ("assigned_vnd", "approved_vnd", "signed_vnd", "unsigned_vnd", "paid_vnd", "unpaid_vnd")
"""What is left of a source where money is paid: each step with its rest."""


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
        is_accepted = any(row.step == Step.ACCEPTED for row in self.book.rows)
        return "thanh-toan" if is_accepted or not self.book.has_contract else "tam-ung"

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
        self.rules = list(AdvanceRule.objects.all())
        rows = [(each.source, self.proposed(each), self.left_words(each)) for each in self.money]
        return {"proposals": rows, "contracts": self.contracts()}

    def proposed(self, money):
        """What is left; of an advance, as far as it may be paid before acceptance."""
        if self.stop:
            return None
        left, early = money.to_pay_vnd, self.early_room(money)
        return min(left, early) if left and early and early > 0 else left

    def early_room(self, money):
        """What may still be paid before acceptance (VND); None where that is no question."""
        if self.word != "tam-ung" or money.has_acceptance or not self.book.has_contract:
            return None
        terms = terms_of(self.rules, activity=self.line.activity_id, level=money.source.level, on=self.today)
        allowed_vnd = terms.allowed_vnd(money.promised_vnd)
        return None if allowed_vnd is None else allowed_vnd - money.paid_vnd - money.repaid_vnd

    def left_words(self, money):
        words = f"Còn được chi {said(money.left_vnd)}; đã chi {said(money.paid_vnd)}."
        early = self.early_room(money)
        return words if early is None else f"{words} Trước nghiệm thu còn được chi {said(max(0, early))}."

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
