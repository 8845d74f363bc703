"""Entering and correcting establishments, and finding them while typing."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.entry import Saved, last_change_of, results_of
from projects.forms.beneficiary import BeneficiaryForm
from projects.models import Beneficiary
from projects.services import keep
from projects.views.entry.base import FactView


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
