"""Runs a command with DATABASE_URL naming a PostgreSQL server made for it: python -m tests.postgres pytest …

A keeper child owns the server and waits on its standard input, which closes however this process ends,
kill -9 included: nothing is left behind. A server that DATABASE_URL already names is used as it is.
"""

import os
import subprocess
import sys


def run(command):
    """The command's exit code, once it ended and its server is gone."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(command).returncode
    keeper = subprocess.Popen(
        # The wheel warns about a folder of sockets that it does not need.
        [sys.executable, "-W", "ignore", "-m", "tests.postgres_keeper"],
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
    sys.exit(run(sys.argv[1:]))
