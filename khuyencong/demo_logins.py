"""The demonstration users' passwords, kept for the next run in a file only its owner can read."""

import os
import re
from pathlib import Path

from django.conf import settings

LOGINS_FILE = Path(settings.BASE_DIR) / ".demo-logins"
NOBODY_LEFT = "Không còn tài khoản nào: chạy .venv/bin/python manage.py createsuperuser để tạo tài khoản quản trị."
PAIR = re.compile(r"^\s*(\w+): (\S+)\s*$", re.MULTILINE)


def database_name():
    """Which database the passwords belong to; another one would not know them."""
    config = settings.DATABASES["default"]
    return f"{config.get('HOST') or ''}{config['NAME']}"


def pairs_in(text):
    """The ``user: password`` lines of ``text`` as pairs, in their order."""
    return PAIR.findall(text)


def keep_logins(pairs):
    lines = [f"# {database_name()}", *(f"{user}: {password}" for user, password in pairs)]
    # Made anew, so that the mode holds even where an older file was open to all.
    LOGINS_FILE.unlink(missing_ok=True)
    with os.fdopen(os.open(LOGINS_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")


def forget_logins():
    """Drop the file when it is of the present database: its people are gone."""
    if kept_logins():
        LOGINS_FILE.unlink()


def kept_logins():
    """Pairs kept for the present database; none where it is another one's file, or none."""
    if not LOGINS_FILE.is_file():
        return []
    text = LOGINS_FILE.read_text()
    return pairs_in(text) if text.startswith(f"# {database_name()}\n") else []
