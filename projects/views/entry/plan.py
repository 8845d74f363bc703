"""Entering a year's plan: a decision with its rows, one row corrected or taken out, a decision's own words."""

from django.db.models import Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.entry import Saved, last_change_of
from funding.forms import DecisionForm
from funding.models import Decision, FundingSource, PlanLine
from khuyencong.asof import YEARS
from khuyencong.dates import format_day, local_today
from khuyencong.forms import EntryForm
from khuyencong.money import format_vnd
from projects.forms.plan import PlanDecisionForm, PlanLineForm, content_of
from projects.pages.room import room_effects, room_of
from projects.services import change_decision, change_plan, keep, record_plan, remove_plan
from projects.views.entry.base import FactView


def year_url(year):
    return reverse("reports:plan_year", args=[year])


def plan_effects(touched, day):
    """Rows of the panel for each (source, year): plan, approved, not allocated; what is asked for."""
    rows = []
    for year in sorted({year for _, year in touched}):
        sources = [source for source in FundingSource.objects.all() if (source, year) in touched]
        asked = PlanLine.objects.requested().filter(year=year, source__in=sources).order_by()
        sums = dict(asked.values_list("source").annotate(vnd=Sum("amount_vnd")))
        for room in room_of(sources, year, day):
            rows += room_effects([room])
            name = f"{room.source.name}, năm {year} › Đề nghị"
            rows.append((name, format_vnd(sums.get(room.source.pk, 0)), ""))
    return rows


class PlanDecisionNew(FactView):
    form_class = PlanDecisionForm
    template_name = "projects/plan_decision_form.html"
    title = "Nhập quyết định kế hoạch"
    typed_form = None

    def find(self):
        self.year = self.kwargs["year"]
        if self.year not in YEARS:
            raise Http404

    def form_arguments(self):
        return {"year": self.year}

    def look(self, form):
        self.typed_form = form
        return super().look(form)

    def save(self, form):
        by, reason = self.request.user, form.cleaned_data["reason"]
        decision = form.cleaned_data["decision"] or keep(form.new_decision(), by=by, reason=reason)
        warnings = []
        for row in form.rows.standing:
            line = record_plan(
                decision=decision,
                year=row.cleaned_data["year"],
                source=row.source_chosen,
                kind=row.cleaned_data["kind"],
                by=by,
                reason=reason,
                **row.values(),
            )
            warnings += [line.warning] if line.warning else []
        years = sorted({row.cleaned_data["year"] for row in form.rows.standing})
        n = len(form.rows.standing)
        return Saved(
            f"Đã nhập quyết định {decision} với {n} dòng kế hoạch.", year_url(years[0]), row=decision, warnings=warnings
        )

    def effects(self):
        form = self.typed_form
        touched = {(row.source_chosen, row.cleaned_data["year"]) for row in form.rows.standing}
        decided_on = form.cleaned_data["decision"].decided_on if form.cleaned_data["decision"] else None
        return plan_effects(touched, max(local_today(), decided_on or form.cleaned_data["decided_on"]))

    def get_context(self, form):
        return {"year": self.year, "year_url": year_url(self.year)}


class OnePlanLine(FactView):
    """Of one row that stands."""

    template_name = "projects/plan_line_form.html"

    def find(self):
        lines = PlanLine.objects.select_related("decision", "source", "activity")
        self.row = get_object_or_404(lines, pk=self.kwargs["pk"])

    def lock(self):
        self.row = PlanLine.objects.select_for_update(no_key=True).get(pk=self.row.pk)

    def last_change(self):
        return last_change_of(self.row)

    def effects(self):
        row = self.row
        return plan_effects({(row.source, row.year)}, max(local_today(), row.decision.decided_on))

    def get_context(self, form):
        row = self.row
        facts = [
            ("Quyết định", f"{row.decision} ngày {format_day(row.decision.decided_on)}"),
            ("Năm kế hoạch", row.year),
            ("Nguồn kinh phí", row.source),
            ("Loại", row.get_kind_display()),
            ("Kinh phí", f"{format_vnd(row.amount_vnd)} đồng"),
        ]
        return {"line": row, "facts": facts, "year_url": year_url(row.year), "year": row.year}


class PlanLineEdit(OnePlanLine):
    form_class = PlanLineForm
    title = "Sửa dòng kế hoạch"

    def form_arguments(self):
        return {"line": self.row}

    def get_initial(self):
        row = self.row
        return {**{name: getattr(row, name) for name in PlanLineForm.SAID}, "content": content_of(row)}

    def save(self, form):
        line = change_plan(
            plan_line=self.row, by=self.request.user, reason=form.cleaned_data["reason"], **form.values()
        )
        return Saved("Đã lưu dòng kế hoạch.", year_url(line.year), row=line)

    def get_context(self, form):
        return {
            **super().get_context(form),
            "remove_url": reverse("projects:plan_line_remove", args=[self.row.pk]),
        }


class PlanLineRemove(OnePlanLine):
    form_class = EntryForm
    title = "Xóa dòng kế hoạch nhập nhầm"

    def save(self, form):
        year = self.row.year
        remove_plan(plan_line=self.row, by=self.request.user, reason=form.cleaned_data["reason"])
        return Saved("Đã xóa dòng kế hoạch.", year_url(year))

    def get_context(self, form):
        return {**super().get_context(form), "is_removal": True, "save_words": "Xóa"}


class PlanDecisionEdit(FactView):
    """What a paper says of itself."""

    form_class = DecisionForm
    template_name = "projects/plan_line_form.html"

    def find(self):
        self.row = get_object_or_404(Decision.objects.select_related("agency"), pk=self.kwargs["pk"])

    @property
    def title(self):
        return f"Sửa quyết định {self.row}"

    def lock(self):
        self.row = Decision.objects.select_for_update(no_key=True).get(pk=self.row.pk)

    def form_arguments(self):
        return {"instance": self.row}

    def last_change(self):
        return last_change_of(self.row)

    @property
    def first_year(self):
        years = self.row.plan_lines.order_by("year").values_list("year", flat=True)
        return years[0] if years else self.row.decided_on.year

    def save(self, form):
        fields = {name: form.cleaned_data[name] for name in DecisionForm.Meta.fields}
        by, reason = self.request.user, form.cleaned_data["reason"]
        row = change_decision(decision=self.row, by=by, reason=reason, **fields)
        return Saved(f"Đã lưu quyết định {row}.", year_url(self.first_year), row=row)

    def effects(self):
        touched = {(line.source, line.year) for line in self.row.plan_lines.select_related("source")}
        return plan_effects(touched, local_today())

    def get_context(self, form):
        return {"year": self.first_year, "year_url": year_url(self.first_year)}
