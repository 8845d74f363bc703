"""The tree of the monthly report on facts entered through the services: each cell is a figure of the same day."""

from datetime import date

import pytest

from projects.models import Project
from reports.detail_rows import read_names
from reports.figures import block_of, year_figures
from reports.monthly import summary
from reports.rows import read_year
from tests import factories as f

pytestmark = pytest.mark.django_db


def tree(day="2019-05-31", since="2019-05-01", year=2019):
    rows = read_year(year, date.fromisoformat(day), since=date.fromisoformat(since))
    return rows, summary(rows, read_names(rows))


def test_a_source_goes_to_activities_then_project_then_lines_then_tasks():
    f.make_plan(amount_vnd=1000 * f.MILLION)
    group = f.make_project(Project.Kind.GROUP)
    for amount in (300, 200):
        line = f.make_line(group)
        f.approve(line, amount * f.MILLION)
        f.sign(line, amount * f.MILLION, on="2019-05-02")
    task = f.make_line(f.make_project(Project.Kind.TASK))
    f.approve(task, 50 * f.MILLION)
    rows, lines = tree()
    national = lines[: [line.level for line in lines].index("source", 1)]
    assert [(line.level, line.mark) for line in national] == [
        ("source", "A"),
        ("activity", "I"),
        ("project", "1"),
        ("line", "-"),
        ("line", "-"),
        ("tasks", "II"),
        ("project", "1"),
    ]
    assert national[0].cells["contracted_in_span_vnd"] == 500 * f.MILLION
    total = lines[-1]
    figures = year_figures(rows)["total"]
    assert total.level == "total"
    assert total.cells["approved_vnd"] == figures["support_vnd"] + figures["activities_vnd"]
    for line in lines:
        narrowing = dict(line.narrowing)
        block = block_of(rows, narrowing.pop("source", None), **narrowing)
        assert line.cells["contracted_vnd"] == block.vnd("contracted_vnd")
