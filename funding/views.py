"""Agencies and signed papers: found while typing, added without leaving the form that needs them."""

from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.entry import EntryView, Saved, results_of
from accounts.permissions import Action, can, require
from funding.forms import AgencyForm, DecisionForm
from funding.kinds import KINDS
from funding.models import Agency, Decision
from khuyencong.dates import format_day
from khuyencong.rows import keep
from khuyencong.text import fold, nfc


@require_GET
def reference_index(request):
    """The tables of reference data with how many rows each has."""
    shown = [(kind, folder) for kind, folder in KINDS if kind.is_open or can(request.user, kind.action)]
    counted = [(kind, kind.model._default_manager.count()) for kind, _ in shown]
    context = {"kinds": counted, "may_change": can(request.user, Action.MANAGE_REFERENCE)}
    return render(request, "funding/reference_index.html", context)


@require_GET
def agency_search(request):
    """``?q=``: agencies by name or former name, without diacritics."""
    agencies = Agency.objects.all()
    for word in fold(request.GET.get("q", "")).split():
        agencies = agencies.filter(name_key__contains=word)
    return JsonResponse(results_of(agencies))


@require(Action.ENTER_FACTS)
@require_GET
def decision_search(request):
    """``?q=``: papers by number, agency or what they are about; the latest first."""
    decisions = Decision.objects.select_related("agency").order_by("-decided_on", "-pk")
    for word in nfc(request.GET.get("q", "")).split():
        # Numbers hold "QĐ", which SQLite cannot fold.
        said = Q(number__icontains=word) | Q(number__contains=word.upper()) | Q(subject__icontains=word)
        decisions = decisions.filter(said | Q(agency__name_key__contains=fold(word)))
    return JsonResponse(results_of(decisions, text=decision_words, sub=decision_about))


def decision_words(decision):
    return f"{decision} · {format_day(decision.decided_on)}"


def decision_about(decision):
    return " · ".join(filter(None, [str(decision.agency or ""), decision.subject]))


class AgencyNew(EntryView):
    action = Action.ENTER_FACTS
    form_class = AgencyForm
    title = "Thêm cơ quan, đơn vị"

    def get_initial(self):
        return {"name": self.request.GET.get("ten", "")}

    def save(self, form):
        row = keep(form.fill(Agency()), by=self.request.user)
        return Saved(f"Đã thêm {row}.", "/", row=row)


class DecisionNew(EntryView):
    """A paper on its own; its effects are entered from the đề án, or on the page of the year's plan."""

    action = Action.ENTER_FACTS
    form_class = DecisionForm
    title = "Thêm quyết định"

    def get_initial(self):
        return {"number": self.request.GET.get("ten", "")}

    def save(self, form):
        twins = Decision.objects.filter(number__iexact=form.cleaned_data["number"]).exclude(number="")
        warnings = [
            f"Số {twin} đã có, ký ngày {format_day(twin.decided_on)}. Hãy tìm và chọn lại." for twin in twins[:3]
        ]
        row = keep(form.fill(Decision()), by=self.request.user)
        return Saved(f"Đã thêm quyết định {row}.", "/", row=row, warnings=warnings)
