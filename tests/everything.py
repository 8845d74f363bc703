"""All tests on SQLite, on PostgreSQL, in the browser, and three counts: python -m tests.everything.

One part after the other, each with two workers: all three at once took longer, for each then waits for the others.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

# What a developer's .env may say must not decide what the tests see: empty means the default.
NEUTRAL = dict.fromkeys(
    [
        "DEBUG",
        "HTTPS",
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
        "SECRET_KEY",
        "STATIC_ROOT",
        "EMAIL_URL",
        "DEMO",
        "PROXIES",
    ],
    "",
)
WITHOUT_BROWSER = ["-m", "not browser", "-n", "2", "--dist", "worksteal"]
IN_BROWSER = ["-m", "browser", "-n", "2", "--dist", "loadfile"]


@dataclass(frozen=True)
class Count:
    """What one run of pytest counted; ``code`` is its exit code."""

    passed: int
    failed: int
    skipped: int
    code: int

    @property
    def total(self):
        return self.passed + self.failed + self.skipped


def run(name, arguments, folder, environment, *, before=()):
    """One run of pytest under ``environment``, started by the words ``before`` its own; answers its Count."""
    print(f"\n=== {name} ===", flush=True)
    report = folder / f"{name}.xml"
    command = [*before, sys.executable, "-m", "pytest", "-q", *arguments, f"--junitxml={report}"]
    code = subprocess.run(command, env=environment, check=False).returncode
    if not report.exists():
        return Count(0, 0, 0, code or 1)
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    tests, failures, errors, skipped = (
        sum(int(suite.get(what)) for suite in suites) for what in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return Count(tests - failed - skipped, failed, skipped, code)


def migrated(folder, environment):
    """A SQLite database after all migrations, which every worker copies instead of migrating its own."""
    path = folder / "migrated.sqlite3"
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, env={**environment, "DATABASE_URL": f"sqlite:///{path}"}, check=True)
    return path


def run_all(folder):
    """{name of a run: Count}"""
    named = os.environ.get("DATABASE_URL", "")
    server = named if named.startswith("postgres") else ""
    # Compiled once for all of them, and gone with the folder.
    compiled = {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
    shared = {**os.environ, **NEUTRAL, **compiled}
    on_file = {**shared, "DATABASE_URL": "", "MIGRATED_SQLITE": str(migrated(folder, shared))}
    on_server = {**shared, "DATABASE_URL": server}
    keeper = [sys.executable, "-m", "tests.postgres"]
    return {
        "SQLite": run("SQLite", WITHOUT_BROWSER, folder, on_file),
        "PostgreSQL": run("PostgreSQL", WITHOUT_BROWSER, folder, on_server, before=keeper),
        "Trình duyệt": run("Trình duyệt", IN_BROWSER, folder, on_file),
    }


def main():
    with tempfile.TemporaryDirectory() as folder:
        counts = run_all(Path(folder))
    print()
    for name, count in counts.items():
        print(f"{name}: {count.total} kiểm thử, {count.passed} đạt, {count.failed} hỏng, {count.skipped} bỏ qua")
    same = counts["SQLite"].total == counts["PostgreSQL"].total
    if not same:
        print("Số kiểm thử trên SQLite và PostgreSQL khác nhau.")
    skipped = sum(count.skipped for count in counts.values())
    if skipped:
        print("Có kiểm thử bị bỏ qua.")
    passed, failed = (sum(getattr(count, what) for count in counts.values()) for what in ("passed", "failed"))
    print(f"{passed} passed, {failed} failed")
    return 0 if same and not skipped and not any(count.code for count in counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
