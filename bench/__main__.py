"""Runs every bench/bench_*.py in a database of its own and prints the ratios: python -m bench.

A benchmark is a module with ``run()``, which yields ``Ratio``; it makes its own rows.
"""

import importlib
import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

HERE = Path(__file__).parent


def main():
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    if not names:
        print("Chưa có phép đo nào trong bench/.")
        return 0
    too_slow = 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "khuyencong.settings"
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        for name in names:
            for ratio in importlib.import_module(f"bench.{name}").run():
                print(ratio)
                too_slow += not ratio.is_within
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
