"""Entering and correcting establishments and the names they had, and finding them while typing."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.entry import Saved, last_change_of, results_of
from projects.forms.beneficiary import BeneficiaryForm, FormerNameForm
from projects.models import Beneficiary, BeneficiaryFormerName
from projects.services import keep
from projects.services.removing import erase
from projects.views.entry.base import FactView
from projects.views.entry.withdrawal import Withdrawal


@require_GET
def beneficiary_search(request):
    """``?q=``: establishments by name, former name, tax code, representative or phone."""
    rows = Beneficiary.objects.visible_to(request.user).search(request.GET.get("q", "")).select_related("locality")
    return JsonResponse(results_of(rows, sub=lambda row: " · ".join(filter(None, [place_of(row), row.tax_code]))))


def place_of(row):
    return row.locality.full_name if row.locality else ""


class BeneficiaryPage(FactView):
    form_class = BeneficiaryForm
    template_name = "projects/beneficiary_form.html"
    row = None

    def get_context(self, form):
        leave = self.row.get_absolute_url() if self.row else reverse("projects:beneficiary_list")
        return {"beneficiary": self.row, "leave": leave}


class BeneficiaryNew(BeneficiaryPage):
    title = "Thêm cơ sở thụ hưởng"
    can_continue = True

    def get_initial(self):
        return {"name": self.request.GET.get("ten", "")}

    def save(self, form):
        row = keep(form.fill(Beneficiary()), by=self.request.user, reason=form.cleaned_data["reason"])
        return Saved(f"Đã thêm cơ sở {row}.", row.get_absolute_url(), row=row)


class BeneficiaryEdit(BeneficiaryPage):
    def find(self):
        self.row = get_object_or_404(Beneficiary.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    @property
    def title(self):
        return f"Sửa {self.row}"

    def lock(self):
        self.row = Beneficiary.objects.select_for_update(no_key=True).get(pk=self.row.pk)

    def form_arguments(self):
        return {"instance": self.row}

    def last_change(self):
        return last_change_of(self.row)

    def save(self, form):
        former = form.former_name()
        row = keep(form.fill(self.row), by=self.request.user, reason=form.cleaned_data["reason"])
        if former:
            keep(former, by=self.request.user)
        return Saved(f"Đã lưu cơ sở {row}.", row.get_absolute_url(), row=row)


class OneFormerName(FactView):
    """Of a name that an establishment had: until its last day figures and papers carry it."""

    template_name = "projects/beneficiary_name_form.html"

    def find(self):
        establishments = Beneficiary.objects.visible_to(self.request.user)
        rows = BeneficiaryFormerName.objects.filter(beneficiary__in=establishments).select_related("beneficiary")
        self.row = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.owner = self.row.beneficiary

    def lock(self):
        self.row = BeneficiaryFormerName.objects.select_for_update(no_key=True).get(pk=self.row.pk)

    def last_change(self):
        return last_change_of(self.row)

    def get_context(self, form):
        return {"beneficiary": self.owner, "leave": self.owner.get_absolute_url()}


class FormerNameEdit(OneFormerName):
    form_class = FormerNameForm
    title = "Sửa tên cũ của cơ sở"

    def form_arguments(self):
        return {"instance": self.row}

    def save(self, form):
        row = keep(form.fill(self.row), by=self.request.user, reason=form.cleaned_data["reason"])
        return Saved(f"Đã lưu tên cũ “{row}”.", self.owner.get_absolute_url(), row=row)

    def get_context(self, form):
        withdraw_url = reverse("projects:beneficiary_name_withdraw", args=[self.row.pk])
        return {**super().get_context(form), "withdraw_url": withdraw_url}


class FormerNameWithdraw(Withdrawal, OneFormerName):
    template_name = OneFormerName.template_name
    title = "Xóa tên cũ của cơ sở"

    def save(self, form):
        name = self.row.name
        erase(self.row, by=self.request.user, reason=form.cleaned_data["why"])
        return Saved(f"Đã xóa tên cũ “{name}”.", self.owner.get_absolute_url())

    def get_context(self, form):
        later = self.owner.former_names.filter(used_until__gt=self.row.used_until).first()
        return {**super().get_context(form), "former": self.row, "instead": later or self.owner}
