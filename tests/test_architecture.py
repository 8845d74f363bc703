"""The arrows: apps and files of projects/models use only what stands left of them, foreign keys too."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# From left to right: each may import what stands before it.
APPS = ["khuyencong", "places", "accounts", "funding", "projects", "reports"]
PROJECT_MODELS = [
    "party",
    "project",
    "exception",
    "decision",
    "applied",
    "progress",
    "papers",
    "funder",
    "ledger",
    "demo",
]
# The site's addresses, and its command line, name the apps by text alone.
LINES_AT_MOST = 500
# Dated rows that are their own history; marks of demonstration data, written once and never edited.
WITHOUT_HISTORY = {"DemoMark"}


def modules(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def every_module():
    return [path for app in APPS for path in modules(app)]


def name_of(path):
    return str(path.relative_to(ROOT))


def imported_names(path):
    """Dotted names that the module imports, wherever in it; relative ones resolved against its place."""
    package = [*path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *(node.module or "").split(".")]).strip(".")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def pointing_right(order, own, targets):
    """Those of ``targets`` that stand right of ``own`` in ``order``."""
    return sorted({target for target in targets if target in order and order.index(target) > order.index(own)})


@pytest.mark.parametrize("path", every_module(), ids=name_of)
def test_a_module_imports_only_apps_left_of_its_own(path):
    app = path.relative_to(ROOT).parts[0]
    assert not pointing_right(APPS, app, (name.split(".")[0] for name in imported_names(path)))


@pytest.mark.parametrize("path", modules("projects/models"), ids=name_of)
def test_a_file_of_projects_models_imports_only_files_left_of_it(path):
    if path.stem == "__init__":
        return
    assert path.stem in PROJECT_MODELS, "a new file of projects/models needs its place in PROJECT_MODELS"
    prefix = "projects.models"
    targets = []
    for name in imported_names(path):
        assert name != prefix or path.stem == PROJECT_MODELS[-1], "the package holds files to the right"
        if name.startswith(f"{prefix}."):
            targets.append(name.split(".")[2])
    assert not pointing_right(PROJECT_MODELS, path.stem, targets)


@pytest.mark.parametrize("path", every_module(), ids=name_of)
def test_no_import_is_late(path):
    """An import inside a function or a class hides an arrow; its home is wrong."""
    late = [
        f"line {inner.lineno}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not late


BY_NAME = {"import_module", "__import__", "import_string", "get_model", "get_app_config"}


@pytest.mark.parametrize("path", every_module(), ids=name_of)
def test_nothing_to_the_right_is_looked_up_by_its_name(path):
    app = path.relative_to(ROOT).parts[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in BY_NAME:
            assert isinstance(node.args[0], ast.Constant), f"line {node.lineno}: a name that nobody can check"
            assert not pointing_right(APPS, app, [node.args[0].value.split(".")[0]]), f"line {node.lineno}"


@pytest.mark.parametrize("path", every_module(), ids=name_of)
def test_a_module_stays_within_its_length(path):
    assert len(path.read_text().splitlines()) <= LINES_AT_MOST


def own_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def place_of(model):
    """(app, file) of a model, the file counting inside projects/models alone."""
    parts = model.__module__.split(".")
    return parts[0], parts[2] if parts[:2] == ["projects", "models"] and len(parts) > 2 else None


def test_foreign_keys_point_only_left():
    wrong = []
    for model in own_models():
        app, file = place_of(model)
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or not field.related_model:
                continue
            other_app, other_file = place_of(field.related_model)
            in_files = file and other_file and pointing_right(PROJECT_MODELS, file, [other_file])
            if pointing_right(APPS, app, [other_app]) or in_files:
                wrong.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    assert not wrong


@pytest.mark.parametrize("app", APPS)
def test_an_app_with_tables_has_migrations(app):
    """`makemigrations --check` says "no changes" for an app without the folder."""
    config = apps.get_app_config(app)
    if not list(config.get_models()):
        return
    files = {path.name for path in (ROOT / app / "migrations").glob("*.py")}
    assert {"__init__.py"} < files


def facts():
    """Tables of funding and projects that people fill, but for those that keep their own history."""
    return [
        model
        for app in ("funding", "projects")
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "history_object") and not model._meta.auto_created
    ]


def test_every_fact_has_its_history():
    missing = {model.__name__ for model in facts() if not hasattr(model._meta, "simple_history_manager_attribute")}
    assert missing == WITHOUT_HISTORY


def test_reports_write_into_no_table_of_others():
    """Only services to the left write facts; reports save, create and delete their own rows alone."""
    calls = {"bulk_create", "bulk_update", "update_or_create", "get_or_create", "bulk_create_with_history"}
    own = {model.__name__ for model in apps.get_app_config("reports").get_models()}
    wrong = []
    for path in modules("reports"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in calls:
                written = ast.unparse(node.func.value).split(".")[0]
                if written not in own:
                    wrong.append(f"{name_of(path)}:{node.lineno}")
    assert not wrong
