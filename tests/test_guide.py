"""What docs/huong-dan.md and README.md tell people to do can be done: commands, columns, links, the picture."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from projects.workbook.columns import PLAN_COLUMNS, PROJECT_COLUMNS

ROOT = Path(settings.BASE_DIR)
GUIDE = (ROOT / "docs/huong-dan.md").read_text()
README = (ROOT / "README.md").read_text()


def told_commands():
    told = re.findall(r"manage\.py (\w+)([^`\n]*)", GUIDE + README)
    return sorted({(name, option) for name, rest in told for option in [*re.findall(r"--[a-z-]+", rest), ""]})


def headings_told(columns):
    """Those of ``columns`` that stand in the first cell of a row of the guide's tables."""
    cells = " ".join(re.findall(r"^\| ([^|]+) \|", GUIDE, re.MULTILINE))
    return [column.title for column in columns if column.title in cells]


@pytest.mark.parametrize(("name", "option"), told_commands())
def test_a_command_that_is_told_of_exists_with_its_options(name, option):
    assert name in get_commands()
    command = load_command_class(get_commands()[name], name)
    known = {text for action in command.create_parser("manage.py", name)._actions for text in action.option_strings}
    assert not option or option in known


@pytest.mark.parametrize("columns", [PLAN_COLUMNS, PROJECT_COLUMNS], ids=["plan", "projects"])
def test_every_column_of_the_workbook_is_explained(columns):
    assert headings_told(columns) == [column.title for column in columns]


def test_the_table_of_contents_leads_to_every_section():
    heads = re.findall(r"^## (.+)$", GUIDE, re.MULTILINE)
    anchors = [re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads]
    assert re.findall(r"^\d+\. \[[^\]]+\]\(#([^)]+)\)", GUIDE, re.MULTILINE) == anchors


def test_the_picture_is_there_and_light():
    assert "tong-quan.png" in GUIDE and "docs/tong-quan.png" in README
    assert (ROOT / "docs/tong-quan.png").stat().st_size < 200_000
