"""The month's preview: the tree of the monthly report with a list behind every figure. No query here."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from khuyencong.frame_tags import build_url
from khuyencong.money import format_million, format_percent
from reports.checks import Check
from reports.detail_rows import Names, PreviousRow
from reports.figures import Block
from reports.links import Figure, day_param, figure_of
from reports.monthly import OTHER_TASKS, SPAN_STEPS, Span, SummaryLine, columns_for, previous_years, tree
from reports.rows import YearRows
from reports.table import Column

ROWS_UNFOLDED = 60
PROJECTS_A_PAGE = 15
"""A tree of more rows shows one group's đề án, so many at a time: each has a dozen links, and a page has its size."""

GROUPS = ("activity", "tasks")
PLAN_CELLS = frozenset({"plan_assigned_vnd", "disbursed_of_plan_percent"})


@dataclass(frozen=True)
class Row:
    """``key`` names what stands under the row, ``parent`` the row it stands under ("" for none).

    ``count`` is the figure of a row of tasks that its words hold. ``folding``: which đề án of a folded tree stand
    under the row; None where all do.
    """

    level: str
    mark: str
    label: str
    note: str
    cells: list[Figure | None]
    key: str = ""
    parent: str = ""
    count: Figure | None = None
    folding: "Folding | None" = None


@dataclass(frozen=True)
class Folding:
    """``total`` đề án of a group; page ``page`` of them is shown, None while the group is closed."""

    total: int
    page: int | None

    @property
    def first(self):
        return (self.page - 1) * PROJECTS_A_PAGE + 1

    @property
    def last(self):
        return min(self.page * PROJECTS_A_PAGE, self.total)

    @property
    def previous(self):
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self):
        return self.page + 1 if self.last < self.total else None

    def shows(self, number):
        return self.page is not None and self.first <= number <= self.last


@dataclass(frozen=True)
class Head:
    """One cell of the two rows of heads; ``columns`` wide where it stands over several."""

    text: str
    columns: int = 1


def heads_of(columns: tuple[Column, ...]) -> tuple[list[Head], list[str], list[str]]:
    """(upper heads, lower heads, column numbers)."""
    upper, lower = [], []
    for group, members in groupby(columns, key=lambda column: column.group):
        own = list(members)
        if group:
            upper.append(Head(group, len(own)))
            lower += [column.head for column in own]
        else:
            upper += [Head(column.head) for column in own]
    numbers = ["(1)", "(2)", *(f"({number}){column.number}" for number, column in enumerate(columns, 3))]
    return upper, lower, numbers


def preview_rows(
    rows: YearRows, names: Names, *, with_plan: bool, opened: str = "", page: int = 1
) -> tuple[list[Row], bool]:
    """(every row top down, whether groups are folded); a folded tree shows a page of đề án of the group ``opened``.

    Without ``with_plan`` the plan's cells stay empty: the plan is the whole province's.
    """
    branches = list(tree(rows, names))
    columns = columns_for(Span(rows.since, rows.day))
    hidden = frozenset() if with_plan else PLAN_CELLS

    lines = {}
    for each in rows.lines:
        lines.setdefault(each.project, []).append(each)

    def row(line, block, **more):
        if line.level == "project":
            # The tree leaves out lines whose money all moved on; the list behind a figure shows these entries too.
            block = replace(block, rows=replace(rows, lines=lines[block.narrowing.project]))
        cells = [None if column.key in hidden else _cell(line, block, column, rows.since) for column in columns]
        return _row(line, block, cells, **more)

    if len(branches) <= ROWS_UNFOLDED:
        return [row(line, block, group=group) for group, line, block in _grouped(branches)], False
    found = []
    for _, each in groupby(_grouped(branches), key=lambda branch: branch[0]):
        found += _folded(list(each), row, opened, page)
    return found, True


def _grouped(branches):
    """(group, line, block): the key of the group that a line opens or stands in, "" outside of any."""
    group = ""
    for line, block in branches:
        if line.level in GROUPS:
            group = f"{line.narrowing['source']}-{line.narrowing.get('activity', 'hd')}"
        elif line.level in ("source", "total"):
            group = ""
        yield group, line, block


def _folded(branches, row, opened, page):
    """The rows of one group: its head, and the page of đề án that is open; all rows outside of any group."""
    group = branches[0][0]
    if not group:
        return [row(line, block, group=group) for _, line, block in branches]
    total = sum(line.level == "project" for _, line, _ in branches)
    last = -(-total // PROJECTS_A_PAGE)
    folding = Folding(total, min(max(page, 1), last) if group == opened and total else None)
    found, number = [], 0
    for _, line, block in branches:
        number += line.level == "project"
        if line.level in GROUPS:
            found.append(row(line, block, group=group, folding=folding if total else None))
        elif folding.shows(number):
            found.append(row(line, block, group=group))
    return found


def _row(line: SummaryLine, block: Block, cells, *, group, folding=None) -> Row:
    tasks = figure_of(block, "activities") if line.level == "tasks" else None
    project = f"{group}-{line.narrowing.get('project')}"
    key, parent = {"project": (project, group), "line": ("", project)}.get(line.level, (group, ""))
    return Row(
        level=line.level,
        mark=line.mark,
        label=OTHER_TASKS if tasks else line.label,
        note=line.note,
        cells=cells,
        key=key,
        parent=parent,
        count=tasks if tasks and tasks.count else None,
        folding=folding,
    )


def _cell(line: SummaryLine, block: Block, column: Column, since: date) -> Figure | None:
    """The figure of one cell; a percent opens the money it is a part of."""
    value = line.cells[column.key]
    if value is None:
        return None
    if column.kind == "percent":
        part = figure_of(block, "disbursed_vnd")
        return Figure(format_percent(value), part.url, part.count, part.vnd)
    return figure_of(block, column.figure, since=since if column.in_span else None)


# --- earlier plan years -----------------------------------------------------------------------------


def previous_rows(rows: YearRows, previous: list[PreviousRow]) -> list[Row]:
    """What was signed, disbursed and accepted in the span under earlier plan years; [] for nothing."""
    columns = columns_for(Span(rows.since, rows.day))
    return [
        Row("previous", line.mark, line.label, "", [_previous_cell(rows, previous, line, column) for column in columns])
        for line in previous_years(rows.sources, previous)
    ]


def _previous_cell(rows, previous, line: SummaryLine, column: Column) -> Figure | None:
    value = line.cells[column.key]
    if value is None:
        return None
    pks = {source.pk for source in rows.sources if source.code == line.narrowing.get("source", source.code)}
    counted = pks & rows.counted
    year = line.narrowing.get("year")
    own = [
        row
        for row in previous
        if row.source in counted and row.step in SPAN_STEPS[column.key] and (year is None or row.year == year)
    ]
    params = {"nam": year or rows.year, "ngay": day_param(rows.day), "nguon": line.narrowing.get("source")}
    url = build_url("reports:figure", column.figure, **params, tu=rows.since, truoc=None if year else 1)
    return Figure(format_million(value), url, sum(row.entries for row in own), value)


# --- checks -----------------------------------------------------------------------------------------


def check_table(checks: list[Check]) -> tuple[list[str], list[tuple[str, list[Check | None]]]]:
    """(where the checks are, for each figure its check at each of these places); None where one has none."""
    places = list(dict.fromkeys(check.where for check in checks))
    found = {}
    for check in checks:
        found.setdefault(check.what, {})[check.where] = check
    return places, [(what, [by_place.get(place) for place in places]) for what, by_place in found.items()]
