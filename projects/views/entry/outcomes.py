"""Acceptance and settlement of a line."""

from accounts.permissions import Action
from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects import services
from projects.forms.outcomes import AcceptanceForm, SettlementForm
from projects.models import Acceptance, Settlement, Step
from projects.rules import outcome_warnings
from projects.views.entry.lines import LineView, SavedOn, said


class AcceptanceNew(LineView):
    form_class = AcceptanceForm
    title = "Nghiệm thu"
    can_continue = True
    waits_for = "nghiem-thu"

    def refuse(self):
        self.refuse_left("nghiệm thu")
        self.refuse_unsigned("nghiệm thu")

    def form_arguments(self):
        return {"proposals": [(each.source, each.to_accept_vnd, _promised(each)) for each in self.money]}

    def get_initial(self):
        return {} if self.last_days() else {"accepted_on": self.today}

    def save(self, form):
        typed = form.cleaned_data
        on, amounts = typed["accepted_on"], form.accepted()
        passes = typed["result"] in Acceptance.PASSING
        warnings = outcome_warnings(self.line, amounts, step=Step.ACCEPTED, on=on) if passes else []
        acceptance = services.accept(
            line=self.line,
            accepted_on=on,
            result=typed["result"],
            amounts=amounts,
            by=self.request.user,
            reason=typed["reason"],
            **form.details(),
        )
        day = format_day(acceptance.accepted_on)
        message = f"Đã ghi nghiệm thu ngày {day} của {self.line_name}: {acceptance.get_result_display().lower()}."
        return SavedOn(message, self.line.get_absolute_url(), row=acceptance, warnings=warnings, on=on)

    def effects_of(self, money):
        return [self.row_of(money, "đã nghiệm thu", money.accepted_vnd, "accepted_vnd")]


def _promised(money):
    word = "Đã ký" if money.has_contract and money.contracted_vnd is not None else "Được duyệt"
    vnd = said(money.promised_vnd)
    return f"{word} {vnd}. Để trống nếu chưa rõ, ghi 0 nếu không nghiệm thu."


class SettlementNew(LineView):
    """``?voi=cap-kinh-phi``: with the funder."""

    action = Action.SETTLE
    form_class = SettlementForm
    title = "Quyết toán"
    can_continue = True
    waits_for = "quyet-toan"

    def refuse(self):
        self.refuse_unsigned("quyết toán")

    @property
    def asks_funder(self):
        return self.request.GET.get("voi") == "cap-kinh-phi"

    def form_arguments(self):
        funder = self.asks_funder
        return {
            "proposals": [(each.source, each.to_settle_vnd(with_funder=funder), _accepted(each)) for each in self.money]
        }

    def get_initial(self):
        party = Settlement.Party.FUNDER if self.asks_funder else Settlement.Party.BENEFICIARY
        return {"party": party, **({} if self.last_days() else {"settled_on": self.today})}

    def save(self, form):
        typed = form.cleaned_data
        warnings = self.warnings(form)
        settlements = services.settle(
            line=self.line,
            settled_on=typed["settled_on"],
            party=typed["party"],
            amounts=form.amounts(),
            requested=form.requested(),
            by=self.request.user,
            reason=typed["reason"],
            **form.details(),
        )
        total = format_vnd(sum(form.amounts().values()))
        party = settlements[0].get_party_display().lower()
        message = f"Đã ghi quyết toán {party}: {self.line_name}, {total} đồng."
        page = self.line.get_absolute_url()
        return SavedOn(message, page, row=settlements[0], warnings=warnings, on=typed["settled_on"])

    def warnings(self, form):
        """More than was signed, or nothing accepted yet: told before the settlement is written."""
        on, found = form.cleaned_data["settled_on"], []
        if form.cleaned_data["party"] == Settlement.Party.BENEFICIARY:
            found = outcome_warnings(self.line, form.amounts(), step=Step.SETTLED, on=on)
        if not Acceptance.objects.passed(on).filter(line=self.line).exists():
            found.append(
                f"Đến ngày {format_day(on)} {self.line_name} chưa có nghiệm thu đạt. "
                "Thường phải nghiệm thu rồi mới quyết toán."
            )
        return found

    def effects_of(self, money):
        return [
            self.row_of(money, "đã nghiệm thu", money.accepted_vnd, "accepted_vnd"),
            self.row_of(money, "đã giải ngân", money.paid_vnd, "disbursed_vnd"),
            self.row_of(money, "đã quyết toán với cơ sở", money.settled_vnd, "settled_vnd"),
            self.row_of(money, "đã quyết toán với cơ quan cấp", money.funder_settled_vnd),
        ]


def _accepted(money):
    return f"Đã nghiệm thu {said(money.accepted_vnd)}, đã chi {said(money.paid_vnd)}."
