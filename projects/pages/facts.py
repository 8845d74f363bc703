"""Every fact of one đề án up to a day, in a fixed number of queries, for its page to arrange."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from accounts.permissions import places_of
from projects.ladder import Standing, read_standings
from projects.models import (
    Acceptance,
    ContractAnnex,
    ContractLine,
    Difficulty,
    Equipment,
    Instalment,
    LedgerEntry,
    Milestone,
    MilestoneDue,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    SiteVisit,
)

LINE_FACTS = ("beneficiary", "locality__parent", "activity", "replaces")
PAPERS = (
    "source",
    "decision__decision",
    "contract",
    "annex__contract",
    "payment__contract",
    "acceptance",
    "settlement",
    "correction__by",
)


@dataclass(frozen=True)
class ProjectFacts:
    """``lines`` are those that had joined by the day, or all while none has; a local officer has only his own."""

    project: Project
    day: date
    standing: Standing
    is_confined: bool
    lines: list
    entries: list
    decisions: list
    contract_lines: list
    annexes: list
    acceptances: list
    settlements: list
    milestones: list
    difficulties: list
    visits: list

    @cached_property
    def by_line(self):
        """{line pk: its entries}"""
        grouped = defaultdict(list)
        for entry in self.entries:
            grouped[entry.line_id].append(entry)
        return grouped

    @cached_property
    def contracts(self):
        """The contracts of the lines by their day of signing, each with ``end_on``, the end in force on the day."""
        found = {row.contract_id: row.contract for row in self.contract_lines}
        for contract in found.values():
            ends = [annex.ends_on for annex in self.annexes if annex.contract_id == contract.pk and annex.ends_on]
            contract.end_on = ends[-1] if ends else contract.ends_on
        return sorted(found.values(), key=lambda contract: (contract.signed_on, contract.pk))

    @cached_property
    def settled(self):
        """{line pk: day of its latest settlement with the beneficiary}; those with the funder settle no line."""
        own = [row for row in self.settlements if row.party == Settlement.Party.BENEFICIARY]
        return {row.line_id: row.settled_on for row in sorted(own, key=lambda row: row.settled_on)}

    @cached_property
    def executing_agency(self):
        """By its name of the day, who carries it out: whom the latest step named, else the first one; "" for none."""
        changes = [step.executing_agency for step in self.decisions if step.executing_agency_id]
        agency = changes[-1] if changes else self.project.executing_agency
        return agency.name_on(self.day) if agency else ""

    @cached_property
    def extended_to(self):
        """Until when the đề án was last extended; None where it was not."""
        return next((step.ends_on for step in reversed(self.decisions) if step.ends_on), None)

    @cached_property
    def names(self):
        """{beneficiary pk: its name on the day}"""
        return {line.beneficiary_id: line.name_on(self.day) for line in self.lines if line.beneficiary_id}

    def partner_of(self, contract):
        """Whom the Centre signed with, by the name of the day; "" where it was not recorded."""
        partner = contract.beneficiary or contract.agency
        return partner.name_on(self.day) if partner else ""

    def name_of(self, line):
        """The line's beneficiary by its name on the day; "" for a line without one."""
        return self.names.get(line.beneficiary_id, "")


def read_facts(pk, day, user):
    """Sixteen queries, and those for former names; None where the user may not see a đề án ``pk``."""
    is_confined = places_of(user) is not None
    visible = ProjectLine.objects.visible_to(user) if is_confined else None
    projects = Project.objects.visible_to(user).filter(pk=pk).select_related("executing_agency", "officer")
    projects = projects.prefetch_related("executing_agency__former_names")
    # Few đề án are repayable: the others cost no query for that.
    projects = projects.annotate(is_repayable=Exists(Instalment.objects.filter(line__project=OuterRef("pk"))))
    standing = read_standings(
        projects, day, block=visible, listed=visible, related=LINE_FACTS, prefetch=("beneficiary__former_names",)
    ).get(pk)
    if standing is None:
        return None
    seen = [line for line in standing.lines if line.is_listed]
    lines = [line for line in seen if line.joined_on <= day] or [line for line in seen if not line.replaces_id]
    _give_equipment(lines)
    return ProjectFacts(
        project=standing.project,
        day=day,
        standing=standing,
        is_confined=is_confined,
        lines=lines,
        **_papers(lines, day),
        **_events(Q(project=pk) & (Q(line=None) | Q(line__in=lines)), day),
    )


def _papers(lines, day):
    """What was signed, accepted, settled and booked for these lines: by name, as ``ProjectFacts`` holds it."""
    of_lines = {"line__in": lines}
    contract_lines = list(
        ContractLine.objects.filter(on__lte=day, **of_lines)
        .select_related("contract__beneficiary", "contract__agency", "line")
        .prefetch_related("contract__beneficiary__former_names", "contract__agency__former_names")
        .order_by("on", "pk")
    )
    contracts = {row.contract_id for row in contract_lines}
    return {
        "entries": list(LedgerEntry.objects.until(day).filter(**of_lines).select_related(*PAPERS).order_by("on", "pk")),
        "contract_lines": contract_lines,
        "annexes": list(ContractAnnex.objects.filter(contract__in=contracts, signed_on__lte=day)),
        "acceptances": list(Acceptance.objects.filter(accepted_on__lte=day, **of_lines)),
        "settlements": list(Settlement.objects.filter(settled_on__lte=day, **of_lines).select_related("source")),
    }


def _events(own, day):
    """What happened to the đề án itself or to a line shown (``own``): by name, as ``ProjectFacts`` holds it."""
    decisions = ProjectDecision.objects.until(day).filter(own).select_related("decision__agency", "executing_agency")
    return {
        "decisions": list(
            decisions.prefetch_related("decision__agency__former_names", "executing_agency__former_names")
        ),
        "milestones": _milestones(own, day),
        "difficulties": list(Difficulty.objects.filter(own, raised_on__lte=day)),
        "visits": list(SiteVisit.objects.filter(own, visited_on__lte=day)),
    }


def _give_equipment(lines):
    grouped = defaultdict(list)
    for item in Equipment.objects.filter(line__in=lines):
        grouped[item.line_id].append(item)
    for line in lines:
        line.machines = grouped[line.pk]


def _milestones(own, day):
    """Known by the day, each with ``due_rows`` (its due days set by then, in order) and ``due_on`` in force."""
    found = {milestone.pk: milestone for milestone in Milestone.objects.filter(own)}
    rows = defaultdict(list)
    for due in MilestoneDue.objects.filter(milestone__in=list(found), set_on__lte=day).order_by("set_on", "pk"):
        rows[due.milestone_id].append(due)
    known = []
    for milestone in found.values():
        milestone.due_rows = rows[milestone.pk]
        milestone.due_on = milestone.due_rows[-1].due_on if milestone.due_rows else None
        milestone.is_done = milestone.done_on is not None and milestone.done_on <= day
        if milestone.due_rows or milestone.is_done:
            known.append(milestone)
    return sorted(known, key=lambda milestone: (milestone.due_on or milestone.done_on, milestone.pk))
