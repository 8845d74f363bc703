"""Runs one benchmark in the database that DATABASE_URL names, prints its lines and keeps how they ended.

python -m bench.one NAME DATABASE FILE; FILE gets one line of JSON a measurement: [is_within, is_broken].
"""

import importlib
import json
import os
import sys

import django
from django.core.management import call_command


def main(name, database, file):
    os.environ["DJANGO_SETTINGS_MODULE"] = "khuyencong.settings"
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    with open(file, "a") as ended:
        for ratio in importlib.import_module(f"bench.{name}").run(database):
            print(ratio, flush=True)
            ended.write(f"{json.dumps([ratio.is_within, ratio.is_broken])}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
