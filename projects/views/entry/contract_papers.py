"""What follows a contract: annexes, liquidation, slips mended in place, what was typed by mistake taken out."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.entry import last_change_of
from khuyencong.dates import format_day, local_today
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.contracts import VALUE_STEPS, entries_of
from projects.forms.contract_papers import AnnexEditForm, AnnexForm, ContractEditForm, LiquidationForm
from projects.models import Acceptance, Contract, ContractAnnex, ProjectLine
from projects.numbers import next_annex_number
from projects.rules import start_warnings
from projects.services import (
    amounts_of,
    correct_paper,
    keep_exceptions,
    liquidate_contract,
    sign_annex,
    withdraw_paper,
)
from projects.services.papers import entries_history
from projects.signing import rooms_of, with_words
from projects.stages import with_presence
from projects.views.entry.base import FactView
from projects.views.entry.contracts import projects_of, signing_effects
from projects.views.entry.lines import SavedOn
from projects.views.entry.withdrawal import Withdrawal


def sums_of(entries):
    """{(line, source): VND} of ledger entries, None where one of them is not known."""
    found = {}
    for entry in entries:
        key, so_far = (entry.line_id, entry.source_id), found.get((entry.line_id, entry.source_id), 0)
        found[key] = None if None in (so_far, entry.amount_vnd) else so_far + entry.amount_vnd
    return found


class ContractView(FactView):
    """One contract that the person may see; ``self.lines`` are the lines under it that he may see."""

    template_name = "projects/contract_paper_form.html"

    def find(self):
        self.take(get_object_or_404(self.visible(), pk=self.kwargs["pk"]))

    def visible(self):
        contracts = Contract.objects.visible_to(self.request.user).with_end(local_today())
        return contracts.select_related("beneficiary", "agency", "locality")

    def take(self, contract):
        self.contract, self.today = contract, local_today()
        lines = ProjectLine.objects.visible_to(self.request.user).filter(contract_lines__contract=contract)
        self.lines = list(with_words(lines.order_by("project__code", "pk")))

    def lock(self):
        # Anew, so that the form compares with what stands now, and a rival's liquidation is seen.
        self.take(self.visible().get(pk=Contract.objects.select_for_update(no_key=True).get(pk=self.contract.pk).pk))

    @property
    def url(self):
        return self.contract.get_absolute_url()

    @property
    def partner(self):
        return self.contract.beneficiary or self.contract.agency or ""

    def get_context(self, form):
        return {"contract": self.contract, "partner": self.partner, "leave": self.url}

    def rows(self, known):
        """[(line, source, VND)] for each source approved or signed of each line; ``known``: {(line, source): VND}."""
        rooms = rooms_of(self.lines, self.contract.kind)
        return [
            (line, room.source, known.get((line.pk, room.source.pk), 0))
            for line in self.lines
            for room in rooms[line.pk]
        ]

    def about(self, saved):
        return projects_of(self.lines)

    def keep_reason(self, saved, warnings, reason):
        for project, alone in self.about(saved):
            keep_exceptions(
                warnings=warnings, on=saved.on, reason=reason, by=self.request.user, line=alone, project=project
            )

    def effects(self):
        """The end in force, what the annexes change in all, then the money of each line and source."""
        contract = Contract.objects.with_end(self.today).filter(pk=self.contract.pk).first()
        end = format_day(contract.end_on) if contract and contract.end_on else "chưa ghi"
        changed = sum(
            entry.amount_vnd or 0
            for entry in entries_of(self.contract, self.today).of(*VALUE_STEPS).exclude(annex=None)
        )
        return [
            ("Hợp đồng này › Hết hạn", end if contract else "đã xóa", self.url),
            ("Hợp đồng này › Thay đổi qua các phụ lục", with_sign(changed), self.url),
            *signing_effects(self.lines, self.contract.kind, self.today),
        ]


def with_sign(vnd):
    return f"+{format_vnd(vnd)}" if vnd > 0 else format_vnd(vnd)


class AnnexNew(ContractView):
    form_class = AnnexForm

    @property
    def title(self):
        return f"Phụ lục hợp đồng {self.contract}"

    def refuse(self):
        if self.contract.liquidated_on:
            raise NotAllowed(
                f"Hợp đồng {self.contract} đã thanh lý ngày {format_day(self.contract.liquidated_on)} nên không ký "
                "phụ lục được nữa. Nếu ngày thanh lý ghi nhầm, hãy sửa hợp đồng trước.",
                way_out=reverse("projects:contract_edit", args=[self.contract.pk]),
            )

    def get_initial(self):
        return {
            "number": next_annex_number(self.contract),
            **({} if self.last_days() else {"signed_on": self.today}),
        }

    def form_arguments(self):
        signed = sums_of(entries_of(self.contract, self.today).of(*VALUE_STEPS))
        # A difference to what nobody recorded cannot be told: that is mended in the contract.
        sums = [row for row in self.rows(signed) if row[2] is not None]
        return {"contract": self.contract, "end_on": self.contract.end_on, "sums": sums}

    def save(self, form):
        typed = form.cleaned_data
        annex = sign_annex(
            contract=self.contract,
            signed_on=typed["signed_on"],
            ends_on=typed["ends_on"],
            number=typed["number"],
            changes=form.changes(),
            by=self.request.user,
            reason=typed["why"] or typed["reason"],
        )
        message = (
            f"Đã lưu phụ lục {annex.number or ''} ngày {format_day(annex.signed_on)} của hợp đồng {self.contract}."
        )
        return SavedOn(" ".join(message.split()), self.url, row=annex, warnings=annex.warnings, on=annex.signed_on)


class ContractLiquidate(ContractView):
    form_class = LiquidationForm

    @property
    def title(self):
        return f"Thanh lý hợp đồng {self.contract}"

    def refuse(self):
        if self.contract.liquidated_on:
            raise NotAllowed(
                f"Hợp đồng {self.contract} đã thanh lý ngày {format_day(self.contract.liquidated_on)}. "
                "Nếu ghi nhầm, hãy sửa ở trang sửa hợp đồng.",
                way_out=reverse("projects:contract_edit", args=[self.contract.pk]),
            )

    def get_initial(self):
        return {} if self.last_days() else {"liquidated_on": self.today}

    def save(self, form):
        on = form.cleaned_data["liquidated_on"]
        contract = liquidate_contract(
            contract=self.contract,
            on=on,
            number=form.cleaned_data["liquidation_number"],
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        message = f"Đã ghi thanh lý hợp đồng {contract} ngày {format_day(on)}."
        return SavedOn(message, self.url, row=contract, warnings=self.doubts(on), on=on)

    def doubts(self, on):
        """A contract is liquidated once its work is accepted, or ended by a stop."""
        if self.contract.kind == Contract.Kind.NATIONAL:
            return []
        lines = ProjectLine.objects.filter(pk__in=[line.pk for line in self.lines])
        accepted = Acceptance.objects.passed(on).values("line")
        waiting = with_words(with_presence(lines, on).filter(is_active=True).exclude(pk__in=accepted))
        return [
            f"Đến ngày {format_day(on)} {line} chưa có nghiệm thu đạt. Thường phải nghiệm thu rồi mới thanh lý."
            for line in waiting
        ]

    def effects(self):
        contract = Contract.objects.get(pk=self.contract.pk)
        day = contract.liquidated_on
        return [("Hợp đồng này › Thanh lý", format_day(day) if day else "chưa", self.url), *super().effects()]


class ContractEdit(ContractView):
    form_class = ContractEditForm

    @property
    def title(self):
        return f"Sửa hợp đồng {self.contract}"

    def last_change(self):
        return last_change_of(self.contract, entries_history(self.contract))

    def form_arguments(self):
        said_by_paper = {(line.pk, source.pk): vnd for (line, source, _), vnd in amounts_of(self.contract).items()}
        return {"instance": self.contract, "kind": self.contract.kind, "sums": self.rows(said_by_paper)}

    def get_context(self, form):
        withdraw = reverse("projects:contract_withdraw", args=[self.contract.pk])
        return {**super().get_context(form), "withdraw_url": withdraw}

    def save(self, form):
        head, stood = form.head(), (self.contract.starts_on, self.contract.signed_on)
        days = head["starts_on"], head["signed_on"]
        contract = correct_paper(
            paper=self.contract,
            fields=head,
            amounts={(line, source): vnd for line, source, _, vnd in form.typed_sums()},
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        message = f"Đã sửa hợp đồng {contract}."
        # Days that stood were asked about when they were typed.
        warnings = [*contract.warnings, *(start_warnings(*days) if days != stood else ())]
        return SavedOn(message, self.url, row=contract, warnings=warnings, on=contract.signed_on)


class ContractWithdraw(Withdrawal, ContractView):
    """Takes a contract typed by mistake out of the books."""

    template_name = ContractView.template_name

    @property
    def title(self):
        return f"Xóa hợp đồng {self.contract}"

    def get_context(self, form):
        return {**super().get_context(form), "is_withdrawal": True}

    def save(self, form):
        withdraw_paper(paper=self.contract, by=self.request.user, reason=form.cleaned_data["why"])
        return SavedOn(f"Đã xóa hợp đồng {self.contract}.", reverse("projects:contract_list"))


class AnnexView(ContractView):
    """One annex; ``self.contract`` is what it belongs to."""

    def find(self):
        annexes = ContractAnnex.objects.filter(contract__in=Contract.objects.visible_to(self.request.user).values("pk"))
        self.annex = get_object_or_404(annexes, pk=self.kwargs["pk"])
        self.take(self.visible().get(pk=self.annex.contract_id))

    def lock(self):
        self.annex = ContractAnnex.objects.select_for_update(no_key=True).get(pk=self.annex.pk)

    def get_context(self, form):
        return {**super().get_context(form), "annex": self.annex}


class AnnexEdit(AnnexView):
    form_class = AnnexEditForm

    @property
    def title(self):
        return f"Sửa {str(self.annex).lower() if not self.annex.number else f'phụ lục {self.annex.number}'}"

    def last_change(self):
        return last_change_of(self.annex, entries_history(self.annex))

    def get_initial(self):
        return AnnexEditForm.initial_of(self.annex)

    def form_arguments(self):
        said_by_paper = {(line.pk, source.pk): vnd for (line, source, _), vnd in amounts_of(self.annex).items()}
        return {"sums": self.rows(said_by_paper)}

    def get_context(self, form):
        withdraw = reverse("projects:annex_withdraw", args=[self.annex.pk])
        return {**super().get_context(form), "withdraw_url": withdraw}

    def save(self, form):
        annex = correct_paper(
            paper=self.annex,
            fields=form.values(),
            amounts={(line, source): vnd for line, source, _, vnd in form.typed_sums()},
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        message = f"Đã sửa phụ lục {annex.number} của hợp đồng {self.contract}."
        return SavedOn(" ".join(message.split()), self.url, row=annex, warnings=annex.warnings, on=annex.signed_on)


class AnnexWithdraw(Withdrawal, AnnexView):
    template_name = AnnexView.template_name

    @property
    def title(self):
        return f"Xóa phụ lục {self.annex.number}".strip()

    def get_context(self, form):
        return {**super().get_context(form), "is_withdrawal": True}

    def save(self, form):
        withdraw_paper(paper=self.annex, by=self.request.user, reason=form.cleaned_data["why"])
        return SavedOn(f"Đã xóa phụ lục {self.annex.number} của hợp đồng {self.contract}.", self.url)
