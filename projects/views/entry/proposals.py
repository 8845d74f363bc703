"""Proposals: a local officer sends, corrects, withdraws; a manager accepts, returns, refuses."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.entry import Saved, last_change_of, results_of
from accounts.permissions import Action, can, require, who_can
from khuyencong.dates import local_today
from khuyencong.errors import NotAllowed
from khuyencong.forms import EntryForm
from khuyencong.money import format_million, format_vnd
from projects.codes import next_codes
from projects.forms.project import equipment_initial
from projects.forms.proposals import AcceptForm, OwnBeneficiaryForm, ProposalForm, TurnDownForm, reach_of
from projects.models import Beneficiary, Equipment, Project, ProjectDecision, ProjectLine
from projects.proposals import TONES, State, proposals_for, proposers, requested_sums, state_of
from projects.services import keep
from projects.services.proposals import (
    accept_proposal,
    change_proposal,
    propose,
    turn_down_proposal,
    withdraw_proposal,
)
from projects.views.entry.base import FactView

Kind = ProjectDecision.Kind
PROPOSALS_A_PAGE = 50


@require(Action.PROPOSE)
@require_GET
def proposal_place_search(request):
    """``?q=``: of the places one may propose for, those in force today."""
    rows = reach_of(request.user).valid_on(local_today()).search(request.GET.get("q", "")).order_by("sort_key", "pk")
    return JsonResponse(results_of(rows, text=lambda row: row.full_name))


@require_GET
def proposal_list(request):
    """``?tinh_trang=``: proposals that one may see, those that wait first."""
    wanted = request.GET.get("tinh_trang", "")
    rows = [(project, state_of(project)) for project in proposals_for(request.user)]
    counts = [(state, sum(found == state for _, found in rows)) for state in State]
    if wanted in State.values:
        rows = [row for row in rows if row[1] == wanted]
    rows.sort(key=lambda row: row[1] != State.WAITING)
    page = Paginator(rows, PROPOSALS_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "page_obj": page,
        "rows": listed(page.object_list),
        "counts": counts,
        "wanted": wanted,
        "may_propose": can(request.user, Action.PROPOSE),
        "may_accept": can(request.user, Action.ACCEPT_PROPOSALS),
        "who_accepts": ", ".join(who_can(Action.ACCEPT_PROPOSALS)),
    }
    return render(request, "projects/proposal_list.html", context)


def listed(rows):
    """Each proposal with what its row shows; three queries whatever their number."""
    ids = [project.pk for project, _ in rows]
    people = proposers(ids)
    lines = ProjectLine.objects.filter(project__in=ids, replaces=None)
    lines = lines.select_related("locality__parent", "beneficiary").prefetch_related("entries__source").order_by("-pk")
    first = {line.project_id: line for line in lines}
    return [
        {
            "project": project,
            "state": state,
            "tone": TONES[state],
            "by": people.get(project.pk),
            "line": first.get(project.pk),
            "asked": format_million(asked_vnd(first.get(project.pk))),
        }
        for project, state in rows
    ]


def asked_vnd(line):
    """Money of counted sources asked for (VND), read from the prefetched entries; None without a line."""
    if line is None:
        return None
    asked = [entry for entry in line.entries.all() if entry.step == "requested" and entry.source.is_counted]
    return sum(entry.amount_vnd or 0 for entry in asked)


def proposal_for(user, pk):
    return get_object_or_404(proposals_for(user), pk=pk)


def detail_url(project):
    return reverse("projects:proposal_detail", args=[project.pk])


@require_GET
def proposal_detail(request, pk):
    project = proposal_for(request.user, pk)
    lines = ProjectLine.objects.visible_to(request.user).filter(project=project)
    lines = lines.select_related("locality__parent", "beneficiary", "activity").prefetch_related("equipment", "entries")
    line = lines.order_by("pk").first()
    if line is None:
        raise Http404
    state, by = state_of(project), proposers([project.pk]).get(project.pk)
    steps = project.decisions.filter(line=None).order_by("-on", "-pk")
    context = {
        "project": project,
        "line": line,
        "state": state,
        "tone": TONES[state],
        "by": by,
        "facts": facts_of(project, line, by),
        "money": [(source.name, format_vnd(vnd)) for source, vnd in money_of_line(line)],
        "steps": steps,
        "is_own": by == request.user and can(request.user, Action.PROPOSE),
        "is_waiting": state == State.WAITING,
        "is_open": state in (State.WAITING, State.RETURNED),
        "may_accept": can(request.user, Action.ACCEPT_PROPOSALS),
        "who_accepts": ", ".join(who_can(Action.ACCEPT_PROPOSALS)),
    }
    return render(request, "projects/proposal_detail.html", context)


def facts_of(project, line, by):
    return [
        ("Mã", project.code),
        ("Năm kế hoạch", line.plan_year),
        ("Nội dung hoạt động", line.activity),
        ("Địa bàn", line.locality.full_name if line.locality else ""),
        ("Cơ sở thụ hưởng", line.beneficiary),
        ("Máy móc, thiết bị", "; ".join(item.name for item in line.equipment.all())),
        ("Sự cần thiết, ghi chú", project.note),
        ("Người đề xuất", by),
    ]


def money_of_line(line):
    sums = requested_sums(line)
    sources = {entry.source_id: entry.source for entry in line.entries.select_related("source").order_by("pk")}
    return [(sources[pk], vnd) for pk, vnd in sums.items()]


class ProposalView(FactView):
    """Of one proposal that stands; 404 where one may not see it."""

    def find(self):
        self.project = proposal_for(self.request.user, self.kwargs["project_pk"])

    def lock(self):
        Project.objects.select_for_update(no_key=True).get(pk=self.project.pk)
        self.find()

    def last_change(self):
        return last_change_of(self.project)

    def refuse_unless(self, *states):
        state = state_of(self.project)
        if state not in states:
            raise NotAllowed(
                f"Đề xuất {self.project}: {state.label.lower()}, nên không làm được việc này nữa.",
                way_out=detail_url(self.project),
            )

    def get_context(self, form):
        return {"project": self.project}


class ProposalPage(FactView):
    """What a new proposal and a changed one share."""

    action = Action.PROPOSE
    form_class = ProposalForm
    template_name = "projects/proposal_form.html"


class ProposalNew(ProposalPage):
    title = "Đề xuất đề án"

    def find(self):
        """Nothing is looked up."""

    def get_initial(self):
        return {"plan_year": local_today().year + 1}

    def form_arguments(self):
        return {"user": self.request.user}

    def get_context(self, form):
        return {"save_words": "Gửi đề xuất"}

    def save(self, form):
        project = propose(
            name=form.cleaned_data["name"],
            note=form.cleaned_data["note"],
            draft=form.draft(),
            on=local_today(),
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        return Saved(f"Đã gửi đề xuất {project}.", detail_url(project), row=project)


class OwnProposal(ProposalView):
    """Only whoever sent it changes it."""

    action = Action.PROPOSE

    def find(self):
        super().find()
        user = self.request.user
        if can(user, Action.PROPOSE) and proposers([self.project.pk]).get(self.project.pk) != user:
            raise PermissionDenied("Chỉ người đã gửi đề xuất này sửa, rút được.")

    def refuse(self):
        self.refuse_unless(State.WAITING, State.RETURNED)


class ProposalEdit(OwnProposal, ProposalPage):
    @property
    def title(self):
        return "Bổ sung và gửi lại đề xuất" if state_of(self.project) == State.RETURNED else "Sửa đề xuất"

    @property
    def line(self):
        return self.project.lines.order_by("pk").first()

    def get_initial(self):
        line = self.line
        amounts = {f"tien_{source}": vnd for source, vnd in requested_sums(line).items()}
        return {
            "name": self.project.name,
            "note": self.project.note,
            "plan_year": line.plan_year,
            "activity": line.activity_id,
            "locality": line.locality_id,
            "beneficiary": line.beneficiary_id,
            **amounts,
        }

    def form_arguments(self):
        items = Equipment.objects.filter(line=self.line)
        return {"user": self.request.user, "items": [(item, equipment_initial(item)) for item in items]}

    def save(self, form):
        self.refuse()
        is_again = state_of(self.project) == State.RETURNED
        project = change_proposal(
            project=self.project,
            name=form.cleaned_data["name"],
            note=form.cleaned_data["note"],
            draft=form.draft(),
            equipment=list(form.changed_items()),
            dropped=form.items.dropped,
            on=local_today(),
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        return Saved("Đã gửi lại đề xuất." if is_again else "Đã lưu đề xuất.", detail_url(project), row=project)

    def get_context(self, form):
        returned = self.project.decisions.filter(kind=Kind.RETURNED).order_by("-on", "-pk").first()
        is_returned = state_of(self.project) == State.RETURNED
        return {
            "project": self.project,
            "returned": returned if is_returned else None,
            "save_words": "Gửi lại" if is_returned else "Lưu",
        }


class ProposalWithdraw(OwnProposal):
    form_class = EntryForm
    template_name = "projects/proposal_answer.html"
    title = "Rút đề xuất"

    def save(self, form):
        said = str(self.project)
        withdraw_proposal(project=self.project, by=self.request.user, reason=form.cleaned_data["reason"])
        return Saved(f"Đã rút đề xuất {said}.", reverse("projects:proposal_list"))

    def get_context(self, form):
        return {
            "project": self.project,
            "save_words": "Rút đề xuất",
            "words": "Rút rồi thì đề xuất không còn trong danh sách, cả số tiền đề nghị.",
        }


class ProposalAnswer(ProposalView):
    action = Action.ACCEPT_PROPOSALS
    template_name = "projects/proposal_answer.html"

    def refuse(self):
        self.refuse_unless(State.WAITING)

    def get_initial(self):
        return {"on": local_today()}


class ProposalAccept(ProposalAnswer):
    form_class = AcceptForm
    title = "Tiếp nhận đề xuất"

    def get_initial(self):
        year = self.project.lines.order_by("pk").values_list("plan_year", flat=True).first()
        return {**super().get_initial(), "code": next_codes(year)[0]}

    def save(self, form):
        self.refuse()
        cleaned = form.cleaned_data
        accept_proposal(
            project=self.project,
            code=cleaned["code"],
            on=cleaned["on"],
            number=cleaned["number"],
            by=self.request.user,
            reason=cleaned["reason"],
        )
        return Saved(f"Đã tiếp nhận thành đề án {cleaned['code']}.", self.project.get_absolute_url())

    def get_context(self, form):
        return {
            "project": self.project,
            "save_words": "Tiếp nhận",
            "words": "Đề án được đăng ký với mã này; kinh phí đề nghị giữ nguyên, chưa phê duyệt.",
        }


class ProposalReturn(ProposalAnswer):
    form_class = TurnDownForm
    title = "Trả lại để bổ sung"
    kind = Kind.RETURNED
    words = "Người đề xuất thấy lý do, sửa rồi gửi lại."
    save_words = "Trả lại"
    done = "Đã trả lại đề xuất để bổ sung."

    def save(self, form):
        self.refuse()
        cleaned = form.cleaned_data
        turn_down_proposal(
            project=self.project, kind=self.kind, on=cleaned["on"], why=cleaned["why"], by=self.request.user
        )
        return Saved(self.done, reverse("projects:proposal_list"))

    def get_context(self, form):
        return {"project": self.project, "save_words": self.save_words, "words": self.words}


class ProposalReject(ProposalReturn):
    title = "Không tiếp nhận đề xuất"
    kind = Kind.REJECTED
    words = "Đề xuất dừng ở đây, không sửa và gửi lại được. Cần bổ sung thì chọn trả lại."
    save_words = "Không tiếp nhận"
    done = "Đã ghi không tiếp nhận đề xuất."


class ProposalBeneficiaryNew(FactView):
    """An establishment of one's own places, while proposing for it."""

    action = Action.PROPOSE
    form_class = OwnBeneficiaryForm
    title = "Thêm cơ sở thụ hưởng"

    def find(self):
        """Nothing is looked up."""

    def get_initial(self):
        return {"name": self.request.GET.get("ten", "")}

    def form_arguments(self):
        return {"user": self.request.user}

    def save(self, form):
        row = keep(form.fill(Beneficiary()), by=self.request.user, reason=form.cleaned_data["reason"])
        return Saved(f"Đã thêm cơ sở {row}.", row.get_absolute_url(), row=row)
