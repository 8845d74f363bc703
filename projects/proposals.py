"""What was proposed from the places: where each proposal stands, whose it is, how many wait for an answer."""

from django.db import models
from django.db.models import Exists, OuterRef, Subquery, Sum
from django.urls import reverse

from accounts.permissions import Action, can, who_can
from khuyencong.errors import NotAllowed
from projects.codes import PROPOSED_HEAD
from projects.models import Project, ProjectDecision, Step

Kind = ProjectDecision.Kind


class State(models.TextChoices):
    WAITING = "cho", "Chờ tiếp nhận"
    RETURNED = "tra", "Chờ bổ sung"
    REJECTED = "tu-choi", "Không tiếp nhận"
    ACCEPTED = "nhan", "Đã tiếp nhận"


STATES = {Kind.PROPOSED: State.WAITING, Kind.RETURNED: State.RETURNED, Kind.REJECTED: State.REJECTED}
TONES = {State.WAITING: "due", State.RETURNED: "run", State.REJECTED: "late", State.ACCEPTED: "done"}


def with_state(projects):
    """Annotate ``last_kind`` and ``proposed_on``; only đề án that began as a proposal."""
    proposed = _steps().filter(kind=Kind.PROPOSED)
    return projects.filter(Exists(proposed)).annotate(
        last_kind=_last_kind(), proposed_on=Subquery(proposed.values("on")[:1])
    )


def _steps():
    """Of the đề án of an outer query, the last first."""
    return ProjectDecision.objects.filter(project=OuterRef("pk"), line=None).order_by("-on", "-pk")


def _last_kind():
    return Subquery(_steps().values("kind")[:1])


def state_of(project) -> State:
    """Of one from ``with_state``. Once accepted, what is decided later is the đề án's own story."""
    if not project.code.startswith(PROPOSED_HEAD):
        return State.ACCEPTED
    return STATES.get(project.last_kind, State.ACCEPTED)


def proposals_for(user):
    """Proposals that ``user`` may see, the one sent last first."""
    return with_state(Project.objects.visible_to(user)).order_by("-proposed_on", "-pk")


def proposers(projects) -> dict:
    """{project id: the person who proposed it}, from the history of its first proposal. One query."""
    records = ProjectDecision.history.filter(kind=Kind.PROPOSED, history_type="+", project_id__in=list(projects))
    found = {}
    for record in records.select_related("history_user").order_by("history_date", "history_id"):
        found.setdefault(record.project_id, record.history_user)
    return found


def is_own(project, user) -> bool:
    return proposers([project.pk]).get(project.pk) == user


def refuse_open(project):
    """Raise NotAllowed while a proposal has not been accepted: the answer has pages, and people, of its own."""
    if project.code.startswith(PROPOSED_HEAD) and project.decisions.filter(kind=Kind.PROPOSED).exists():
        raise NotAllowed(
            f"{project.code} là đề xuất của địa phương, chưa được tiếp nhận nên chưa làm được việc này. "
            f"Tiếp nhận hoặc trả lại ở trang của đề xuất; việc này dành cho: "
            f"{', '.join(who_can(Action.ACCEPT_PROPOSALS))}.",
            way_out=reverse("projects:proposal_detail", args=[project.pk]),
        )


def requested_sums(line) -> dict:
    """{source id: VND asked for}."""
    entries = line.entries.filter(step=Step.REQUESTED).order_by()
    return {source: vnd or 0 for source, vnd in entries.values_list("source").annotate(vnd=Sum("amount_vnd"))}


def waiting_number(user) -> int:
    """How many wait for this person: for who accepts those sent, for who proposes their own that were returned."""
    if can(user, Action.ACCEPT_PROPOSALS):
        return _in_state(Project.objects.all(), Kind.PROPOSED).count()
    if can(user, Action.PROPOSE):
        own = ProjectDecision.history.filter(kind=Kind.PROPOSED, history_type="+", history_user=user)
        return _in_state(Project.objects.filter(pk__in=own.values("project_id")), Kind.RETURNED).count()
    return 0


def _in_state(projects, kind):
    # Counted on every page, so no more is asked than that.
    return projects.filter(code__startswith=PROPOSED_HEAD).alias(last_kind=_last_kind()).filter(last_kind=kind)
