"""Entering, mending and taking out money received from the funder and returned to the budget."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.entry import EntryView, Saved, last_change_of
from accounts.permissions import Action, can
from funding.models import FundingSource
from khuyencong.asof import plan_year
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.forms import keys_of
from khuyencong.money import format_vnd
from projects import services
from projects.forms.funder import FunderMoneyForm
from projects.funder_money import balance_of
from projects.mending import Mending
from projects.models import BudgetReturn, Contract, Receipt
from projects.national import sources_of
from projects.services.core import take_turn
from projects.services.funder import FIELDS
from projects.views.entry.withdrawal import Withdrawal


class FunderMoneyView(EntryView):
    action = Action.PAY
    form_class = FunderMoneyForm
    template_name = "projects/funder_money_form.html"
    model = None
    day_label = ""

    touched = ()
    """[(source, contract or None)] whose balance the panel shows."""

    def take_turn(self):
        take_turn()

    def form_arguments(self):
        return {"day_label": self.day_label}

    def values(self, form):
        return {name: form.cleaned_data[name] for name in FIELDS}

    def said(self, row):
        return f"{format_vnd(row.amount_vnd)} đồng ({row.source}), ngày {format_day(row.on)}"

    def page_of(self, row):
        return reverse("reports:balance", args=[row.on.year])

    def effects(self):
        """What was received, paid and returned over all, and what is left at hand, of each part it touches."""
        rows = []
        for source, contract in self.touched:
            name = f"Hợp đồng {contract}" if contract else source.name
            found = balance_of(source, contract)
            rows += [(f"{name} › {label}", format_vnd(vnd), "") for label, vnd in found]
        return rows

    def beyond_held(self, row):
        """Sentences, once ``row`` is written: a return of more than was at hand; its reason stays in its history."""
        if self.model is not BudgetReturn:
            return []
        parts = [(row.source, None), *([(row.source, row.contract)] if row.contract else [])]
        held = [(contract or source, dict(balance_of(source, contract))["Còn giữ"]) for source, contract in parts]
        return [
            f"{name}: nộp trả và chi nhiều hơn đã nhận {format_vnd(-vnd)} đồng. Hãy kiểm tra số tiền, hoặc ghi trước "
            "khoản đã nhận, đã thu hồi còn thiếu."
            for name, vnd in held
            if vnd < 0
        ]

    def look(self, form):
        if form.is_valid():
            typed = form.cleaned_data
            self.touch(typed.get("source"), typed.get("contract"))
        return super().look(form)

    def touch(self, source, contract):
        parts = [(source, None), *([(source, contract)] if contract else [])] if source else []
        self.touched = list(dict.fromkeys([*self.touched, *parts]))


class FunderMoneyNew(FunderMoneyView):
    """``?nguon=&hop-dong=&nam=``: source code, national contract (id) and plan year that the form begins with.

    A contract alone brings its source along.
    """

    can_continue = True

    def get_initial(self):
        asked = self.request.GET
        source = FundingSource.objects.counted().filter(code=asked.get("nguon", "")).first()
        national = Contract.objects.filter(kind=Contract.Kind.NATIONAL)
        contract = national.filter(pk__in=keys_of([asked.get("hop-dong", "")])).first()
        if contract and source is None:
            source = sources_of(contract).first()
        return {"source": source, "contract": contract, "year": plan_year(self.request)}


class ReceiptNew(FunderMoneyNew):
    model = Receipt
    title = "Nhận kinh phí"
    day_label = "Ngày nhận"

    def save(self, form):
        row = services.record_receipt(by=self.request.user, reason=form.cleaned_data["reason"], **self.values(form))
        return Saved(f"Đã ghi kinh phí nhận {self.said(row)}.", self.page_of(row), row=row)


class ReturnNew(FunderMoneyNew):
    model = BudgetReturn
    title = "Nộp trả ngân sách"
    day_label = "Ngày nộp"

    def save(self, form):
        row = services.record_return(by=self.request.user, reason=form.cleaned_data["reason"], **self.values(form))
        message = f"Đã ghi nộp trả ngân sách {self.said(row)}."
        return Saved(message, self.page_of(row), row=row, warnings=self.beyond_held(row))


class OneFunderMoney(FunderMoneyView):
    """Of one row that stands. In a closed period a manager mends it, giving the reason."""

    def find(self):
        self.row = get_object_or_404(self.model.objects.select_related("source", "contract"), pk=self.kwargs["pk"])
        self.touch(self.row.source, self.row.contract)

    @property
    def is_closed(self):
        return Mending(self.request.user).is_closed(self.row.on)

    @property
    def action(self):
        return Action.MEND_CLOSED if self.is_closed and can(self.request.user, Action.MEND_CLOSED) else Action.PAY

    def refuse(self):
        if self.is_closed and not can(self.request.user, Action.MEND_CLOSED):
            raise NotAllowed(
                f"Ngày {format_day(self.row.on)} thuộc kỳ đã chốt số liệu nên chỉ lãnh đạo sửa, xóa được.",
                way_out=self.page_of(self.row),
            )

    def lock(self):
        self.row = self.model.objects.select_for_update(no_key=True).get(pk=self.row.pk)

    def last_change(self):
        return last_change_of(self.row)


class FunderMoneyEdit(OneFunderMoney):
    withdraw_name = ""

    def get_initial(self):
        return {name: getattr(self.row, name) for name in FIELDS}

    def get_context(self, form):
        return {"withdraw_url": reverse(self.withdraw_name, args=[self.row.pk])}

    def save(self, form):
        row = services.change_funder_money(
            row=self.row, by=self.request.user, reason=form.cleaned_data["reason"], **self.values(form)
        )
        message = f"Đã sửa {row._meta.verbose_name}: {self.said(row)}."
        return Saved(message, self.page_of(row), row=row, warnings=self.beyond_held(row))


class ReceiptEdit(FunderMoneyEdit):
    model = Receipt
    title = "Sửa kinh phí nhận"
    day_label = ReceiptNew.day_label
    withdraw_name = "projects:receipt_withdraw"


class ReturnEdit(FunderMoneyEdit):
    model = BudgetReturn
    title = "Sửa nộp trả ngân sách"
    day_label = ReturnNew.day_label
    withdraw_name = "projects:return_withdraw"


class FunderMoneyWithdraw(Withdrawal, OneFunderMoney):
    template_name = "projects/funder_money_withdraw.html"

    @property
    def title(self):
        return f"Xóa {self.row._meta.verbose_name}"

    def form_arguments(self):
        return {}

    def save(self, form):
        message = f"Đã xóa {self.row._meta.verbose_name} {self.said(self.row)}."
        services.remove_funder_money(row=self.row, by=self.request.user, reason=form.cleaned_data["why"])
        return Saved(message, self.page_of(self.row))

    def get_context(self, form):
        row = self.row
        facts = [
            ("Chứng từ", row.voucher),
            ("Ngày", format_day(row.on)),
            ("Nguồn kinh phí", row.source),
            ("Kế hoạch năm", row.year),
            ("Hợp đồng với Cục", row.contract),
            ("Số tiền", f"{format_vnd(row.amount_vnd)} đồng"),
        ]
        return {"row": row, "facts": facts}


class ReceiptWithdraw(FunderMoneyWithdraw):
    model = Receipt


class ReturnWithdraw(FunderMoneyWithdraw):
    model = BudgetReturn
