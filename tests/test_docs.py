"""What the documents name exists: tests in docs/legal.md, identifiers in docs/glossary.md."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts import permissions
from funding import models as funding
from khuyencong import errors
from places import models as places
from projects import books, models, rules, stages
from projects.models import progress

ROOT = Path(settings.BASE_DIR)
HOMES = (funding, models, progress, books, rules, stages, errors, permissions, places)


def proofs():
    return sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", (ROOT / "docs/legal.md").read_text())))


def identifiers():
    """The second column of each table of the glossary."""
    rows = re.findall(r"^\|[^|]+\| `([\w.]+)` \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    return sorted(set(rows))


def find(home, path):
    for name in path.split("."):
        home = getattr(home, name, None)
    return home


def test_the_documents_name_something():
    assert len(proofs()) > 15 and len(identifiers()) > 50


@pytest.mark.parametrize("named", proofs())
def test_a_test_named_as_proof_exists(named):
    path, name = named.split("::")
    functions = [node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if hasattr(node, "name")]
    assert name in functions


@pytest.mark.parametrize("identifier", identifiers())
def test_an_identifier_of_the_glossary_is_in_the_code(identifier):
    assert any(find(home, identifier) is not None for home in HOMES)
