"""Every figure counted again in plain Python, straight from the rows and the words of the specification.

Knows neither our QuerySet words nor the code of ``reports``: where the two differ, one of them has misread.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from funding.models import FundingSource, PlanLine
from projects.models import (
    Acceptance,
    Contract,
    ContractAnnex,
    ContractLine,
    LedgerEntry,
    Milestone,
    MilestoneDue,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
)

TURNING = {"stopped", "resumed", "rejected", "returned"}
FORWARD = {"registered", "appraised_base", "appraised_ministry", "approved", "group_approved"}


def rows_of(model, *columns):
    return [dict(zip(("pk", *columns), row, strict=True)) for row in model.objects.values_list("pk", *columns)]


def latest(rows, day_column):
    """The row of the latest day, of one day the one entered last; None without rows."""
    return max(rows, key=lambda row: (row[day_column], row["pk"]), default=None)


class Facts:
    """All rows as of ``day``; nothing dated later is looked at."""

    def __init__(self, day):
        self.day = day
        self.sources = rows_of(FundingSource, "code", "name", "level", "is_counted", "position")
        self.sources.sort(key=lambda row: (row["position"], row["code"]))
        self.projects = {row["pk"]: row for row in rows_of(Project, "kind", "beneficiaries_expected")}
        self.lines = rows_of(
            ProjectLine, "project_id", "plan_year", "beneficiary_id", "has_contract", "joined_on", "left_on"
        )
        self.plan = self._until(
            PlanLine, "decision__decided_on", "year", "source_id", "kind", "amount_vnd", "projects_min", "projects_max"
        )
        self.decisions = self._until(ProjectDecision, "on", "project_id", "line_id", "kind", "beneficiaries_expected")
        self.entries = defaultdict(list)
        paper = ("decision__kind", "payment_id")
        for row in self._until(LedgerEntry, "on", "line_id", "source_id", "step", "amount_vnd", *paper):
            self.entries[row["line_id"], row["source_id"]].append(row)
        under = self._until(ContractLine, "on", "line_id", "contract_id", "contract__kind")
        self.under = [row for row in under if row["contract__kind"] != "national"]
        self.contracts = {row["pk"]: row for row in rows_of(Contract, "ends_on")}
        self.annexes = self._until(ContractAnnex, "signed_on", "contract_id", "ends_on")
        self.passed = {
            row["line_id"]
            for row in self._until(Acceptance, "accepted_on", "line_id", "result")
            if row["result"] in ("passed", "conditional")
        }
        settled = self._until(Settlement, "settled_on", "line_id", "party")
        self.settled = {row["line_id"] for row in settled if row["party"] == "beneficiary"}
        self.dues = self._until(MilestoneDue, "set_on", "milestone_id", "due_on")
        self.milestones = rows_of(Milestone, "project_id", "line_id", "done_on")

    def _until(self, model, day_column, *columns):
        rows = rows_of(model, day_column, *columns)
        return [row for row in rows if row[day_column] is not None and row[day_column] <= self.day]

    # --- lines ---

    def has_joined(self, line):
        return line["joined_on"] <= self.day and not (line["left_on"] and line["left_on"] <= self.day)

    def turn(self, line):
        own = (None, line["pk"])
        turns = [
            row
            for row in self.decisions
            if row["project_id"] == line["project_id"] and row["line_id"] in own and row["kind"] in TURNING
        ]
        found = latest(turns, "on")
        return found and found["kind"]

    def is_stopped(self, line):
        return self.has_joined(line) and self.turn(line) == "stopped"

    def is_active(self, line):
        return self.has_joined(line) and self.turn(line) != "stopped"

    def contracts_of(self, line):
        return [row for row in self.under if row["line_id"] == line["pk"]]

    def has_support_contract(self, line):
        return any(row["contract__kind"] == "support" for row in self.contracts_of(line))

    def amounts(self, line, source, step):
        return [row["amount_vnd"] for row in self.entries[line["pk"], source["pk"]] if row["step"] == step]

    def total(self, line, source, step):
        return sum(amount or 0 for amount in self.amounts(line, source, step))

    def has_money(self, line, source):
        return self.total(line, source, "approved") > 0 or None in self.amounts(line, source, "approved")

    def had_money_before_a_stop(self, line, source):
        """Leaving aside what stops, resumptions and recoveries after a stop wrote."""
        before = [
            row["amount_vnd"]
            for row in self.entries[line["pk"], source["pk"]]
            if row["step"] == "approved"
            and row["decision__kind"] not in ("stopped", "resumed")
            and row["payment_id"] is None
        ]
        return None in before or sum(amount or 0 for amount in before) > 0

    # --- lateness ---

    def is_undone_and_due(self, milestone):
        due = latest([row for row in self.dues if row["milestone_id"] == milestone["pk"]], "set_on")
        done = milestone["done_on"] and milestone["done_on"] <= self.day
        return bool(due and due["due_on"] < self.day and not done)

    def end_of(self, contract_id):
        annexes = [row for row in self.annexes if row["contract_id"] == contract_id and row["ends_on"]]
        annex = latest(annexes, "signed_on")
        return annex["ends_on"] if annex else self.contracts[contract_id]["ends_on"]

    def is_overdue(self, line):
        own = [row for row in self.milestones if row["line_id"] == line["pk"]]
        if any(self.is_undone_and_due(row) for row in own):
            return True
        ends = [self.end_of(row["contract_id"]) for row in self.contracts_of(line)]
        return line["pk"] not in self.passed and any(end and end < self.day for end in ends)

    # --- đề án ---

    def all_lines(self, project):
        return [line for line in self.lines if line["project_id"] == project]

    def missing(self, project):
        said = [
            row for row in self.decisions if row["project_id"] == project and row["beneficiaries_expected"] is not None
        ]
        change = latest(said, "on")
        expected = (change or self.projects[project])["beneficiaries_expected"] or 0
        there = sum(self.is_stopped(line) or self.is_active(line) for line in self.all_lines(project))
        return max(expected - there, 0)

    def has_stopped(self, project):
        lines = self.all_lines(project)
        return any(map(self.is_stopped, lines)) and not any(map(self.is_active, lines))

    def is_refused(self, project):
        """Refused or sent back, with no later registration, appraisal, approval, stop or resumption."""
        steps = [
            row
            for row in self.decisions
            if row["project_id"] == project and row["line_id"] is None and row["kind"] in TURNING | FORWARD
        ]
        last = latest(steps, "on")
        return bool(last) and last["kind"] in ("rejected", "returned")


def known_sum(amounts):
    """0 over nothing, None where the amount of none is known."""
    known = [amount for amount in amounts if amount is not None]
    return None if amounts and not known else sum(known)


def share(part, whole):
    if part is None or not whole:
        return None
    return float((Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP))


class Block:
    """A plan year as one source, or several together, see it."""

    def __init__(self, facts, year, sources):
        self.facts, self.year, self.sources = facts, year, sources
        self.lines = [line for line in facts.lines if line["plan_year"] == year]
        self.tasks = {pk for pk, project in facts.projects.items() if project["kind"] == "task"}
        self.funded = [line for line in self.lines if any(facts.has_money(line, source) for source in sources)]
        self.costed = [
            line
            for line in self.lines
            if any(facts.has_money(line, x) or facts.had_money_before_a_stop(line, x) for x in sources)
        ]
        self.live = [x for x in self.funded if facts.is_active(x) and not facts.is_refused(x["project_id"])]
        of_projects = [line for line in self.live if line["project_id"] not in self.tasks]
        self.named = [line for line in of_projects if line["beneficiary_id"]]
        self.projects = defaultdict(list)
        for line in of_projects:
            self.projects[line["project_id"]].append(line)

    def amounts(self, steps, chosen=None, own=None):
        """Of every line and source of the block unless told, signed by ``steps``; None stays None."""
        return [
            None if amount is None else sign * amount
            for line in (self.lines if chosen is None else chosen)
            for source in (own or self.sources)
            for step, sign in steps.items()
            for amount in self.facts.amounts(line, source, step)
        ]

    def step(self, name):
        return known_sum(self.amounts({name: 1}))

    def approved_of(self, is_task):
        chosen = [line for line in self.lines if (line["project_id"] in self.tasks) is is_task]
        return known_sum(self.amounts({"approved": 1}, chosen))

    def planned(self, *kinds):
        own = {source["pk"] for source in self.sources}
        return sum(
            row["amount_vnd"]
            for row in self.facts.plan
            if row["year"] == self.year and row["source_id"] in own and row["kind"] in kinds
        )

    def how_many(self, test):
        return sum(bool(test(project, own)) for project, own in self.projects.items())

    def all_signed(self, project, own):
        by_contract = [line for line in own if line["has_contract"]]
        missing = self.facts.missing(project)
        return by_contract and not missing and all(map(self.facts.contracts_of, by_contract))

    def all_in(self, done):
        return lambda project, own: not self.facts.missing(project) and all(line["pk"] in done for line in own)

    def is_late(self, project, own):
        facts = self.facts
        whole = [row for row in facts.milestones if row["project_id"] == project and row["line_id"] is None]
        return any(map(facts.is_overdue, own)) or any(map(facts.is_undone_and_due, whole))

    def stopped(self):
        had = {
            line["project_id"]
            for line in self.lines
            if line["project_id"] not in self.tasks
            and any(self.facts.had_money_before_a_stop(line, source) for source in self.sources)
        }
        return sum(map(self.facts.has_stopped, had))

    def without_counterpart(self):
        own = [source for source in self.facts.sources if source["code"] == "DOIUNG"]
        said = {
            line["pk"] for line in self.costed if any(x is not None for x in self.amounts({"approved": 1}, [line], own))
        }
        return sum(line["project_id"] not in self.tasks and line["pk"] not in said for line in self.costed)


def money(block):
    disbursed = known_sum(block.amounts({"advanced": 1, "paid": 1, "recovered": -1}))
    assigned = block.planned("assigned", "adjusted", "carried")
    return {
        "plan_requested_vnd": block.planned("requested"),
        "plan_assigned_vnd": assigned,
        "support_vnd": block.approved_of(is_task=False),
        "activities_vnd": block.approved_of(is_task=True),
        "total_cost_vnd": known_sum(block.amounts({"approved": 1}, block.costed, block.facts.sources)),
        "contracted_vnd": block.step("contracted"),
        "advanced_vnd": block.step("advanced"),
        "disbursed_vnd": disbursed,
        "disbursed_percent": share(disbursed, block.step("approved")),
        "disbursed_of_plan_percent": share(disbursed, assigned),
        "accepted_vnd": block.step("accepted"),
        "settled_vnd": block.step("settled"),
    }


def counts(block):
    facts = block.facts
    return {
        "projects": len(block.projects),
        "group_projects": block.how_many(lambda project, own: facts.projects[project]["kind"] == "group"),
        "activities": len({line["project_id"] for line in block.live if line["project_id"] in block.tasks}),
        "beneficiaries": len(block.named),
        "establishments": len({line["beneficiary_id"] for line in block.named}),
        "total_cost_missing": block.without_counterpart(),
        "contracted_projects": block.how_many(block.all_signed),
        "contracted_beneficiaries": sum(map(facts.has_support_contract, block.named)),
        "accepted_projects": block.how_many(block.all_in(facts.passed)),
        "accepted_beneficiaries": sum(line["pk"] in facts.passed for line in block.named),
        "settled_projects": block.how_many(block.all_in(facts.settled)),
        "stopped_projects": block.stopped(),
        "late_projects": block.how_many(block.is_late),
    }


def figures_of(facts, year, sources):
    block = Block(facts, year, sources)
    return {**money(block), **counts(block)}


def next_plan(facts, year):
    sources = []
    for source in facts.sources:
        if source["is_counted"]:
            own = [
                row
                for row in facts.plan
                if row["year"] == year and row["source_id"] == source["pk"] and row["kind"] == "requested"
            ]
            ranges = {
                key: sum(row[key] for row in own if row[key] is not None)
                if any(row[key] is not None for row in own)
                else None
                for key in ("projects_min", "projects_max")
            }
            asked = sum(row["amount_vnd"] for row in own)
            sources.append({"code": source["code"], "requested_vnd": asked, **ranges})
    return {"year": year, "sources": sources, "requested_vnd": sum(source["requested_vnd"] for source in sources)}


def recount(year, day):
    """What the ``figures`` command prints for the year as of the day."""
    facts = Facts(day)

    def of(is_counted):
        return [
            {**{key: source[key] for key in ("code", "name", "level")}, **figures_of(facts, year, [source])}
            for source in facts.sources
            if source["is_counted"] is is_counted
        ]

    return {
        "year": year,
        "as_of": day.isoformat(),
        "sources": of(True),
        "other_sources": of(False),
        "total": figures_of(facts, year, [source for source in facts.sources if source["is_counted"]]),
        "next_plan": next_plan(facts, year + 1),
    }
