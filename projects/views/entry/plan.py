"""Entering a whole paper: its rows of the plan and its effects on đề án; a row corrected; the paper's own words."""

from django.db.models import Sum
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.entry import FOUND_AT_MOST, Saved, last_change_of, results_of
from accounts.permissions import Action, require
from funding.forms import DecisionForm
from funding.models import Decision, FundingSource, PlanLine
from khuyencong.asof import YEARS, plan_year
from khuyencong.dates import format_day, local_today
from khuyencong.errors import NotAllowed
from khuyencong.forms import keys_of
from khuyencong.money import format_vnd
from projects import services
from projects.forms.effects import line_title
from projects.forms.plan import PlanDecisionForm, PlanLineForm, content_of
from projects.models import ProjectLine
from projects.pages.paper import GIVING, given_back, now_words, touched_by
from projects.pages.room import room_effects, room_of
from projects.services import change_decision, change_plan, remove_plan
from projects.services.exceptions import keep_exceptions
from projects.signing import found_lines, with_words
from projects.views.entry.base import FactView
from projects.views.entry.lines import SavedOn
from projects.views.entry.withdrawal import Withdrawal


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


@require(Action.ENTER_FACTS)
@require_GET
def paper_line_search(request):
    """``?q=``: lines of đề án of any year that a paper may be about, each with what it has now."""
    lines = ProjectLine.objects.visible_to(request.user).filter(left_on=None)
    found = list(with_words(found_lines(lines, request.GET.get("q", ""), plan_year(request)))[:FOUND_AT_MOST])
    now = now_words(found)
    answer = results_of(found, text=line_title, sub=lambda line: _about(line, now[line.pk]))
    for result in answer["results"]:
        result["now"] = sentence_of_now(now[result["id"]])
    return JsonResponse(answer)


def _about(line, now):
    """The grey second line: of which year, what it has, the name of the đề án."""
    parts = [f"năm {line.plan_year}", now, line.project.name if line.beneficiary else ""]
    return " · ".join(part for part in parts if part)


def sentence_of_now(words):
    return f"Hiện nay: {words}." if words else "Hiện nay chưa có số tiền nào."


class PlanDecisionNew(FactView):
    """One paper with all it decides: rows of the plan, and what becomes of đề án."""

    form_class = PlanDecisionForm
    template_name = "projects/plan_decision_form.html"
    title = "Nhập quyết định"
    typed_form, paper, touched = None, None, None
    is_look = False

    def find(self):
        self.year = self.kwargs["year"]
        if self.year not in YEARS:
            raise Http404

    def form_arguments(self):
        return {"year": self.year, "user": self.request.user}

    def look(self, form):
        self.typed_form, self.is_look = form, True
        return super().look(form)

    def save(self, form):
        by, reason = self.request.user, form.cleaned_data["reason"]
        plan, effects = form.parts()
        try:
            self.paper = services.enter_paper(
                decision=form.cleaned_data["decision"] or form.new_decision(),
                plan=plan,
                effects=effects,
                authority=form.cleaned_data["authority"],
                by=by,
                reason=reason,
            )
        except services.PartRefused as refusal:
            self.tell_at({**plan, **effects}[refusal.part], refusal)
        decision = self.paper.decision
        counts = [f"{len(plan)} dòng kế hoạch"] if plan else []
        counts += [f"{len(effects)} việc của đề án"] if effects else []
        years = sorted({row.year for row in plan} or {self.year})
        return SavedOn(
            f"Đã nhập quyết định {decision} với {' và '.join(counts)}.",
            year_url(years[0]),
            row=decision,
            warnings=self.paper.warnings,
            on=decision.decided_on,
        )

    def tell_at(self, row, refusal):
        """The panel tells why itself; a form sent back tells it at the row."""
        if self.is_look:
            raise refusal
        row.add_error(None, refusal.message)
        told = "Cả quyết định chưa được lưu vì có dòng bị từ chối; xem chữ đỏ ở dòng đó."
        raise NotAllowed(told, way_out=refusal.way_out) from refusal

    def keep_reason(self, saved, warnings, reason):
        for line, told in self.paper.warned:
            keep_exceptions(warnings=told, on=saved.on, reason=reason, by=self.request.user, line=line)

    def effects(self):
        form = self.typed_form
        chosen = form.cleaned_data["decision"]
        day = max(local_today(), chosen.decided_on if chosen else form.cleaned_data["decided_on"])
        plan, effects = form.parts()
        if self.touched is None:
            self.touched = touched_by(effects)
        rows = plan_effects({(row.source, row.year) for row in plan} | self.touched, day)
        if any(effect.does in GIVING for effect in effects):
            rows = self.with_given_back(rows, given_back(self.paper.decision if self.paper else chosen))
        return rows

    def with_given_back(self, rows, sums):
        """Under each source and year also what stops, cuts and moves give back to its plan."""
        for source, year in self.touched:
            head = f"{source.name}, năm {year} › "
            last = max((at for at, row in enumerate(rows) if row[0].startswith(head)), default=None)
            if last is not None:
                told = format_vnd(sums.get((source.pk, year), 0))
                rows.insert(last + 1, (f"{head}Trả lại do ngừng, giảm, chuyển", told, ""))
        return rows

    def get_context(self, form):
        picked = [(row, row["line"].value()) for row in form.effects.forms if form.is_bound]
        lines = form.effects.blank.fields["line"].queryset.filter(pk__in=keys_of(key for _, key in picked if key))
        now = {str(pk): words for pk, words in now_words(list(lines)).items()} if picked else {}
        for row, key in picked:
            row.now = sentence_of_now(now[key]) if key in now else ""
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
        url = year_url(row.year)
        return {"line": row, "facts": facts, "year_url": url, "year": row.year, "leave": url}


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


class PlanLineRemove(Withdrawal, OnePlanLine):
    template_name = OnePlanLine.template_name
    title = "Xóa dòng kế hoạch nhập nhầm"

    def save(self, form):
        year = self.row.year
        remove_plan(plan_line=self.row, by=self.request.user, reason=form.cleaned_data["why"])
        return Saved("Đã xóa dòng kế hoạch.", year_url(year))

    def get_context(self, form):
        return {**super().get_context(form), "is_removal": True}


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
        url = year_url(self.first_year)
        return {"year": self.first_year, "year_url": url, "leave": url}
