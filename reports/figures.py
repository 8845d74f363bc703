"""Which fact counts in which figure, written once, as arithmetic over rows: no query here.

A ``Block`` is a plan year on a day seen through some sources (one, or all counted ones for the total). Each figure is
a selection of rows and its count or sum; the list behind a figure is opened from the same selection.
"""

from dataclasses import dataclass
from functools import cached_property

from funding.models import FundingSource, PlanLine
from khuyencong.money import percent
from projects.books import NET_PAID
from projects.models import Project, Step
from reports.rows import LineRow, PlanRow, ProjectRow, YearRows

DISBURSED = NET_PAID

MONEY_STEPS = {
    "contracted_vnd": {Step.CONTRACTED: 1},
    "advanced_vnd": {Step.ADVANCED: 1},
    "paid_vnd": {Step.PAID: 1},
    "recovered_vnd": {Step.RECOVERED: 1},
    "disbursed_vnd": DISBURSED,
    "accepted_vnd": {Step.ACCEPTED: 1},
    "settled_vnd": {Step.SETTLED: 1},
}
"""Figures that sum ledger steps over every line of the block, each step with its sign."""


@dataclass(frozen=True)
class Narrowing:
    """What part of a year a block looks at; None does not narrow. ``activity``, ``locality`` 0 stand for unknown ones.

    ``within``: the places that ``locality`` stands for, a district with its communes; just itself where empty.
    """

    activity: int | None = None
    project: int | None = None
    line: int | None = None
    is_task: bool | None = None
    locality: int | None = None
    within: frozenset[int] = frozenset()

    def takes(self, line: LineRow) -> bool:
        return (
            (self.activity is None or (line.activity or 0) == self.activity)
            and (self.project is None or line.project == self.project)
            and (self.line is None or line.pk == self.line)
            and (self.is_task is None or line.is_task == self.is_task)
            and (self.locality is None or (line.locality or 0) in (self.within or {self.locality}))
        )


@dataclass(frozen=True)
class Block:
    rows: YearRows
    sources: frozenset[int]
    narrowing: Narrowing = Narrowing()

    # --- which lines --------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[LineRow]:
        """Every line of the year with an entry of the sources, stopped and left ones too: what sums are taken over."""
        return [
            line
            for line in self.rows.lines
            if self.narrowing.takes(line) and any(source in self.sources for source, _ in line.money)
        ]

    @cached_property
    def active(self) -> list[LineRow]:
        """Active lines with money of the sources, of đề án neither refused nor sent back: what counts look at.

        A stopped đề án has no active line.
        """
        return [
            line
            for line in self.lines
            if line.is_active and not self._project(line).is_refused and line.has_money_of(self.sources)
        ]

    @cached_property
    def of_projects(self) -> list[LineRow]:
        return [line for line in self.active if not line.is_task]

    @cached_property
    def approved(self) -> list[LineRow]:
        """Lines with approved money of the sources, or that had some before a stop; their whole cost is the total cost.

        Not lines whose money moved away whole: a group line that was named, a source that was changed.
        """
        return [line for line in self.lines if line.has_money_of(self.sources) or line.had_money_of(self.sources)]

    def _project(self, line: LineRow) -> ProjectRow:
        return self.rows.projects[line.project]

    # --- which đề án --------------------------------------------------------------------------------

    @cached_property
    def by_project(self) -> dict[int, list[LineRow]]:
        """Active lines of each đề án that is in the block, tasks aside."""
        return _grouped(self.of_projects)

    def project_ids(self, key: str) -> list[int]:
        """The đề án that the figure ``key`` counts."""
        if key == "activities":
            return list(_grouped([line for line in self.active if line.is_task]))
        if key == "stopped_projects":
            return self._stopped()
        keep = {
            "projects": lambda project, lines: True,
            "group_projects": lambda project, lines: project.kind == Project.Kind.GROUP,
            "contracted_projects": _all_signed,
            "accepted_projects": _all_accepted,
            "settled_projects": _all_settled,
            "late_projects": _is_late,
        }[key]
        return [pk for pk, lines in self.by_project.items() if keep(self.rows.projects[pk], lines)]

    def _stopped(self) -> list[int]:
        had = _grouped(
            line
            for line in self.rows.lines
            if not line.is_task and self.narrowing.takes(line) and line.had_money_of(self.sources)
        )
        return [pk for pk in had if self.rows.projects[pk].is_stopped]

    def line_ids(self, key: str) -> list[int]:
        """The lines that the figure ``key`` counts (for ``establishments`` their beneficiaries are told apart)."""
        if key == "total_cost_missing":
            return [line.pk for line in self.approved if not line.is_task and not self._has_counterpart(line)]
        keep = {
            "beneficiaries": lambda line: True,
            "establishments": lambda line: True,
            "contracted_beneficiaries": lambda line: line.has_support_contract,
            "accepted_beneficiaries": lambda line: line.is_accepted,
        }[key]
        return [line.pk for line in self.of_projects if line.beneficiary and keep(line)]

    def _has_counterpart(self, line: LineRow) -> bool:
        own = self.counterpart
        return own is not None and line.of(own, Step.APPROVED).known > 0

    @cached_property
    def counterpart(self) -> int | None:
        return next((source.pk for source in self.rows.sources if source.code == FundingSource.COUNTERPART), None)

    # --- money --------------------------------------------------------------------------------------

    def vnd(self, key: str, *, in_span: bool = False) -> int | None:
        """A sum in đồng; 0 over no entry, None where entries exist and the amount of none is known."""
        if key == "total_cost_vnd":
            every = frozenset(source.pk for source in self.rows.sources)
            return sum_of_lines(self.approved, every, {Step.APPROVED: 1}, in_span)[1]
        if key in ("support_vnd", "activities_vnd", "approved_vnd"):
            wanted = {"support_vnd": [False], "activities_vnd": [True], "approved_vnd": [False, True]}[key]
            lines = [line for line in self.lines if line.is_task in wanted]
            return sum_of_lines(lines, self.sources, {Step.APPROVED: 1}, in_span)[1]
        return sum_of_lines(self.lines, self.sources, MONEY_STEPS[key], in_span)[1]

    # --- the plan -----------------------------------------------------------------------------------

    def plan_rows(self, *kinds: str, year: int | None = None) -> list[PlanRow]:
        year = year or self.rows.year
        return [row for row in self.rows.plan if row.year == year and row.source in self.sources and row.kind in kinds]

    @property
    def plan_assigned_vnd(self) -> int:
        return sum(row.amount_vnd for row in self.plan_rows(*PlanLine.ASSIGNING))

    @property
    def plan_requested_vnd(self) -> int:
        return sum(row.amount_vnd for row in self.plan_rows(PlanLine.Kind.REQUESTED))

    # --- all of it ----------------------------------------------------------------------------------

    def figures(self) -> dict:
        """Every figure of the block, by its key."""
        found = {"plan_requested_vnd": self.plan_requested_vnd, "plan_assigned_vnd": self.plan_assigned_vnd}
        for key in ("projects", "group_projects", "activities"):
            found[key] = len(self.project_ids(key))
        of_projects = self.line_ids("beneficiaries")
        found["beneficiaries"] = len(of_projects)
        found["establishments"] = len({line.beneficiary for line in self.of_projects if line.beneficiary})
        for key in ("support_vnd", "activities_vnd", "total_cost_vnd"):
            found[key] = self.vnd(key)
        found["total_cost_missing"] = len(self.line_ids("total_cost_missing"))
        found["contracted_projects"] = len(self.project_ids("contracted_projects"))
        found["contracted_beneficiaries"] = len(self.line_ids("contracted_beneficiaries"))
        for key in ("contracted_vnd", "advanced_vnd", "disbursed_vnd"):
            found[key] = self.vnd(key)
        found["disbursed_percent"] = self.percent_of("disbursed_vnd", self.vnd("approved_vnd"))
        found["disbursed_of_plan_percent"] = self.percent_of("disbursed_vnd", self.plan_assigned_vnd)
        found["accepted_projects"] = len(self.project_ids("accepted_projects"))
        found["accepted_beneficiaries"] = len(self.line_ids("accepted_beneficiaries"))
        found["accepted_vnd"] = self.vnd("accepted_vnd")
        found["settled_projects"] = len(self.project_ids("settled_projects"))
        found["settled_vnd"] = self.vnd("settled_vnd")
        for key in ("stopped_projects", "late_projects"):
            found[key] = len(self.project_ids(key))
        return found

    def percent_of(self, key: str, base_vnd: int | None):
        """Decimal to two places, halves up; None where the base is 0 or not known."""
        part = self.vnd(key)
        return None if part is None or not base_vnd else percent(part, base_vnd)


def _grouped(lines) -> dict[int, list[LineRow]]:
    found = {}
    for line in lines:
        found.setdefault(line.project, []).append(line)
    return found


def _all_signed(project: ProjectRow, lines: list[LineRow]) -> bool:
    by_contract = [line for line in lines if line.has_contract]
    return project.n_missing == 0 and bool(by_contract) and all(line.is_signed for line in by_contract)


def _all_accepted(project: ProjectRow, lines: list[LineRow]) -> bool:
    return project.n_missing == 0 and all(line.is_accepted for line in lines)


def _all_settled(project: ProjectRow, lines: list[LineRow]) -> bool:
    return project.n_missing == 0 and all(line.is_settled for line in lines)


def _is_late(project: ProjectRow, lines: list[LineRow]) -> bool:
    return project.has_overdue_milestone or any(line.is_overdue for line in lines)


def sum_of_lines(lines, sources, steps, in_span) -> tuple[int, int | None]:
    """(how many entries, their signed sum in đồng) over lines, sources and steps; None as in ``counted_sum``."""
    return counted_sum(
        (steps[step], money.span_entries, money.span_known, money.in_span_vnd)
        if in_span
        else (steps[step], money.entries, money.known, money.total_vnd)
        for line in lines
        for (source, step), money in line.money.items()
        if source in sources and step in steps
    )


def sum_of_steps(sums, steps) -> tuple[int, int | None]:
    """The same over rows that queries grouped: each has ``step``, ``entries``, ``known`` and ``total_vnd``."""
    return counted_sum((steps[row.step], row.entries, row.known, row.total_vnd) for row in sums if row.step in steps)


def counted_sum(found) -> tuple[int, int | None]:
    """(how many, sum in đồng) of (sign, entries, entries with a known amount, their sum): 0 over no entry, None
    where entries exist and the amount of none is known."""
    entries = known = total = 0
    for sign, n, n_known, vnd in found:
        entries += n
        known += n_known
        total += sign * vnd
    return entries, None if entries and not known else total


def block_of(rows: YearRows, code: str | None = None, **narrowing) -> Block:
    """The block of one source by code, or of all counted sources for None."""
    if code is None:
        return Block(rows, rows.counted, Narrowing(**narrowing))
    return Block(rows, frozenset(s.pk for s in rows.sources if s.code == code), Narrowing(**narrowing))


def year_figures(rows: YearRows) -> dict:
    """The whole answer of the ``figures`` command, percents as floats."""
    blocks = [(source, block_of(rows, source.code)) for source in rows.sources]
    return {
        "year": rows.year,
        "as_of": rows.day.isoformat(),
        "sources": [_source_figures(source, block) for source, block in blocks if source.is_counted],
        "other_sources": [_source_figures(source, block) for source, block in blocks if not source.is_counted],
        "total": _plain(block_of(rows).figures()),
        "next_plan": next_plan(rows),
    }


def _source_figures(source, block):
    head = {"code": source.code, "name": source.name, "level": source.level}
    return {**head, **_plain(block.figures())}


def _plain(figures):
    return {
        key: float(value) if key.endswith("_percent") and value is not None else value for key, value in figures.items()
    }


def next_plan(rows: YearRows) -> dict:
    """What is requested for the year after, by counted source; ranges add up, None where none was given."""
    year = rows.year + 1
    sources = []
    for source in rows.sources:
        if not source.is_counted:
            continue
        asked = block_of(rows, source.code).plan_rows(PlanLine.Kind.REQUESTED, year=year)
        sources.append(
            {
                "code": source.code,
                "requested_vnd": sum(row.amount_vnd for row in asked),
                "projects_min": range_sum(row.projects_min for row in asked),
                "projects_max": range_sum(row.projects_max for row in asked),
            }
        )
    return {"year": year, "sources": sources, "requested_vnd": sum(source["requested_vnd"] for source in sources)}


def range_sum(numbers) -> int | None:
    """Their sum, None where none is given."""
    given = [number for number in numbers if number is not None]
    return sum(given) if given else None
