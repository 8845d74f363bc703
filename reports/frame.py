"""What the frame around every page shows: plan year, as-of day, which years there are."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.functional import SimpleLazyObject

from accounts.permissions import Action, can
from funding.models import PlanLine
from khuyencong.asof import as_of, plan_year
from khuyencong.dates import local_today
from projects.demo import is_demo_shown
from projects.models import ProjectLine
from projects.proposals import waiting_number

SECTIONS = {
    "project": "projects",
    "decision": "projects",
    "contract": "contracts",
    "signing": "contracts",
    "annex": "contracts",
    "line": "contracts",
    "beneficiary": "beneficiaries",
    "payable": "payments",
    "payment": "payments",
    "voucher": "payments",
    "instalment": "payments",
    "recovery": "payments",
    "settlement": "payments",
    "receipt": "payments",
    "return": "payments",
    "balance": "payments",
    "milestone": "milestones",
    "acceptance": "milestones",
    "difficulty": "milestones",
    "visit": "milestones",
    "plan": "plan",
    "programme": "plan",
    "target": "plan",
    "report": "reports",
    "monthly": "reports",
    "month": "reports",
    "exceptions": "reports",
    "dashboard": "dashboard",
    "figure": "dashboard",
    "stage": "dashboard",
    "deadlines": "dashboard",
    "difficulties": "dashboard",
    "places": "dashboard",
    "proposal": "proposals",
    "reference": "reference",
    "source": "reference",
    "agency": "reference",
    "activity": "reference",
    "norm": "reference",
    "locality": "reference",
    "user": "users",
    "office": "office",
}
"""First word of a URL name to the place of the navigation that it belongs to."""


@dataclass(frozen=True)
class Frame:
    year: int
    day: date
    is_today: bool
    years: list[int]
    """To choose from: those of ``years_in_use``, this one and the chosen ones."""
    years_in_use: list[int]
    """With a line or a plan row, newest first."""
    section: str
    is_demo: bool
    can_admin: bool
    can_enter: bool
    sees_all: bool
    can_propose: bool
    n_waiting: int
    """Proposals that wait for this person."""

    @property
    def other_years(self):
        """Where a page that has nothing of its year may lead."""
        return [year for year in self.years_in_use if year != self.year]


def frame(request):
    """Context processor; nothing for a visitor who is not logged in. Two queries, made where the frame is drawn."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"frame": SimpleLazyObject(partial(frame_of, request))}


def frame_of(request, *, year=None, day=None) -> Frame:
    """The frame of a page whose own address names the year or the day; else those of the query."""
    year, day = year or plan_year(request), day or as_of(request)
    in_use = _years_in_use()
    return Frame(
        year=year,
        day=day,
        is_today=day == local_today(),
        years=sorted({year, day.year, local_today().year, *in_use}, reverse=True),
        years_in_use=in_use,
        section=_section(request),
        is_demo=is_demo_shown(),
        can_admin=can(request.user, Action.MANAGE_REFERENCE),
        can_enter=can(request.user, Action.ENTER_FACTS),
        sees_all=can(request.user, Action.SEE_ALL),
        can_propose=can(request.user, Action.PROPOSE) or can(request.user, Action.ACCEPT_PROPOSALS),
        n_waiting=waiting_number(request.user),
    )


def _years_in_use():
    years = (
        ProjectLine.objects.order_by().values_list("plan_year").union(PlanLine.objects.order_by().values_list("year"))
    )
    return sorted((year for (year,) in years), reverse=True)


def _section(request):
    name = request.resolver_match.url_name if request.resolver_match else ""
    return SECTIONS.get((name or "").split("_")[0], "")
