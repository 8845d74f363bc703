"""How `make run` serves (gunicorn's configuration), and what it says once it listens."""

import os

from khuyencong.demo_logins import LOGINS_FILE, kept_logins

port = int(os.environ.get("PORT") or 8000)
bind = f"127.0.0.1:{port}"
workers = 2
threads = 4
preload_app = True
control_socket_disable = True
loglevel = "warning"


def when_ready(server):
    lines = [f"Phần mềm đang chạy tại http://127.0.0.1:{port} (Ctrl+C để dừng)"]
    logins = kept_logins()
    if logins:
        lines += [f"Tài khoản minh họa (lưu ở {LOGINS_FILE.name}):"]
        lines += [f"  {user}: {password}" for user, password in logins]
    print("\n".join(lines), flush=True)
