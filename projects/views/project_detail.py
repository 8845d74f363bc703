"""The page of one đề án as of a day."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.permissions import Action, can
from khuyencong.asof import as_of
from khuyencong.database import one_moment
from khuyencong.dates import local_today
from projects.mending import Mending
from projects.models import Instalment, Project
from projects.pages.actions import deeds_of
from projects.pages.exceptions import read_exceptions
from projects.pages.facts import read_facts
from projects.pages.history import project_history
from projects.pages.norms import norms_card
from projects.pages.project import line_rows, milestone_rows, money_card, rungs
from projects.pages.timeline import timeline, with_links
from projects.repayable import repayments


def project_for(user, pk):
    """The one way from a URL to a project; 404 where ``user`` may not see it."""
    return get_object_or_404(Project.objects.visible_to(user), pk=pk)


@require_GET
@one_moment
def project_detail(request, pk):
    """``lichsu=1`` opens the history, which costs as many queries again as the rest."""
    facts = read_facts(pk, as_of(request), request.user)
    if facts is None:
        raise Http404
    lines = line_rows(facts)
    deeds = deeds_of(facts, request.user, request.get_full_path())
    for row in lines:
        row.line.deeds = deeds.by_line.get(row.line.pk, ())
    # A page of the past is for reading: what is entered is entered today. One of a day to come shows what was
    # dated ahead, and is the only place where that can be mended.
    is_open = facts.day >= local_today()
    may = {action for action in Action if can(request.user, action)} if is_open else set()
    asks_history = request.GET.get("lichsu") == "1"
    agreed = Instalment.objects.filter(line__in=[line.pk for line in facts.lines])
    back = repayments(agreed, facts.day) if facts.project.is_repayable else []
    context = {
        "project": facts.project,
        "facts": facts,
        "rungs": rungs(facts),
        "money": money_card(facts),
        "lines": lines,
        "years": sorted({row.line.plan_year for row in lines}),
        "sources": list(dict.fromkeys(entry.source.name for entry in facts.entries if entry.source.is_counted)),
        "activities": list(dict.fromkeys(line.activity.name for line in facts.lines if line.activity_id)),
        "milestones": milestone_rows(facts),
        "norms": norms_card(facts),
        "repayments": [(found, found.line.name_on(facts.day) or facts.project.name) for found in back],
        "may_pay_back": Action.PAY in may,
        "exceptions": read_exceptions(facts),
        "events": with_links(timeline(facts), Mending(request.user) if is_open else None),
        "deeds": deeds,
        "may_enter": Action.ENTER_FACTS in may,
        "asks_history": asks_history,
        "may": may,
        "history": project_history(facts) if asks_history else None,
    }
    return render(request, "projects/project_detail.html", context)
