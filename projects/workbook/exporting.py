"""The same workbook filled: the plan lines and the lines of one plan year as they stand today."""

import json
from collections.abc import Iterator

from django.utils import timezone
from openpyxl import Workbook

from funding.models import PlanLine
from khuyencong.database import at_one_moment
from projects.models import Beneficiary, Project, Step
from projects.workbook.catalog import Catalog
from projects.workbook.columns import PLAN_COLUMNS, PLAN_SHEET, PROJECT_COLUMNS, PROJECT_SHEET
from projects.workbook.facts import facts_of_year
from projects.workbook.marks import mark_of
from projects.workbook.matching import know_places
from projects.workbook.paper import add_lists, add_sheet, cell_of, lists, save
from projects.workbook.plans import plan_values
from projects.workbook.reading import MARKS_SHEET
from projects.workbook.standing import standing

# A cell holds 32.767 characters.
MARK_PART = 30_000
LABELS = {
    (PLAN_SHEET, "kind"): dict(PlanLine.Kind.choices),
    (PROJECT_SHEET, "kind"): dict(Project.Kind.choices),
    (PROJECT_SHEET, "beneficiary_kind"): dict(Beneficiary.Kind.choices),
}


def export_workbook(path, year: int) -> int:
    """Write the workbook of the plan year; answers how many rows of đề án it holds."""
    book, plan_rows, project_rows = at_one_moment(_filled, year)
    marks = [mark_of(PLAN_SHEET, values) for values in plan_rows]
    marks += [mark_of(PROJECT_SHEET, values) for values in project_rows]
    _add_marks(book, marks)
    save(book, path)
    return len(project_rows)


def _filled(year):
    """The workbook without its marks, and the values of each of its rows by column."""
    plan_rows, project_rows = list(_plan_rows(year)), list(_project_rows(year))
    values = lists()
    book = Workbook(write_only=True)
    pages = {
        PLAN_SHEET: _fill(book, PLAN_SHEET, PLAN_COLUMNS, plan_rows),
        PROJECT_SHEET: _fill(book, PROJECT_SHEET, PROJECT_COLUMNS, project_rows),
    }
    add_lists(book, pages, values)
    return book, plan_rows, project_rows


def _plan_rows(year) -> Iterator[dict]:
    lines = PlanLine.objects.filter(year=year).select_related("decision", "source", "activity")
    for line in lines.order_by("source__position", "decision__decided_on", "id"):
        yield plan_values(line)


def _project_rows(year) -> Iterator[dict]:
    catalog = Catalog()
    projects = facts_of_year(year)
    know_places(projects, catalog)
    for project_facts in projects:
        for facts in sorted(project_facts.lines, key=lambda facts: (facts.line.joined_on, facts.line.pk)):
            if facts.line.left_on is None:
                for source in _shown_sources(facts):
                    yield standing(facts, source, catalog.gazetteer)


def _shown_sources(facts):
    """Sources of the line with approved money, those whose money all went to another source aside."""
    sources = [source for source in facts.sources().values() if not source.is_counterpart]
    for source in sorted(sources, key=lambda source: (source.position, source.code)):
        amounts = [entry.amount_vnd for entry in facts.of(Step.APPROVED, source)]
        if amounts and (None in amounts or sum(amounts) or not any(amounts)):
            yield source


def _fill(book, sheet, columns, rows):
    page = add_sheet(book, sheet)
    for values in rows:
        cells = []
        for column in columns:
            value = values.get(column.key)
            labels = LABELS.get((sheet, column.key))
            cells.append(cell_of(page, column, labels[value] if labels and value is not None else value))
        page.append(cells)
    return page


def _add_marks(book, marks):
    page = book.create_sheet(MARKS_SHEET)
    page.sheet_state = "hidden"
    page.append([timezone.localtime().strftime("%d/%m/%Y %H:%M:%S")])
    for mark in marks:
        text = json.dumps(mark, ensure_ascii=False)
        # JSON begins with "{", never a sign that makes a formula.
        page.append([text[at : at + MARK_PART] for at in range(0, len(text), MARK_PART)])
