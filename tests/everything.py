"""All tests on SQLite, on PostgreSQL, in the browser, and three counts: python -m tests.everything.

The three run at once, for none keeps the machine busy alone: the browser first, since it waits for answers with a
limit, the others with the time that it leaves. What a run says is printed whole, once it ended.
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
WITHOUT_BROWSER = ["-m", "not browser", "-n", "2"]
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


class Run:
    """One run of pytest under ``environment``, started at once; what it says goes to a file of ``folder``."""

    def __init__(self, name, arguments, folder, environment, *, before=(), yields=True):
        self.name = name
        self.report = folder / f"{name}.xml"
        self.said = folder / f"{name}.txt"
        command = [*before, sys.executable, "-m", "pytest", "-q", *arguments, f"--junitxml={self.report}"]
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                # Of a low priority: the browser's tests have the machine almost as if they were alone.
                [*(["nice", "-n", "10"] if yields else []), *command],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def end(self):
        """Wait, print what it said, and count."""
        code = self.process.wait()
        print(f"\n=== {self.name} ===\n{self.said.read_text(errors='replace')}", flush=True)
        if not self.report.exists():
            return Count(0, 0, 0, code or 1)
        suites = list(ElementTree.parse(self.report).getroot().iter("testsuite"))
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
    runs = [
        Run("SQLite", WITHOUT_BROWSER, folder, on_file),
        Run("PostgreSQL", WITHOUT_BROWSER, folder, on_server, before=keeper),
        Run("Trình duyệt", IN_BROWSER, folder, on_file, yields=False),
    ]
    return {run.name: run.end() for run in runs}


def main():
    print("SQLite, PostgreSQL và trình duyệt chạy cùng lúc; kết quả in ra khi từng phần xong.", flush=True)
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
