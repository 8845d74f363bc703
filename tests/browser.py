"""Finds a Chromium, or installs the system's: python -m tests.browser; the fixtures ask it too."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# In a container Chromium runs as root and without a large /dev/shm; the rest keeps it from phoning out.
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ADVICE = (
    "Không tìm thấy trình duyệt cho kiểm thử và không tự cài được. "
    "Hãy cài Chromium (Debian, Ubuntu: apt-get install chromium) rồi chạy lại."
)


def executable():
    """The path of a Chromium: the system's, else the one that Playwright downloaded; None where none is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if os.path.exists(own) else None


def install():
    """Try the system's packages, then Playwright's own download; whether a browser is there afterwards."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not root or shutil.which("sudo")):
        print("Đang cài Chromium cho kiểm thử …", file=sys.stderr)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*root, "apt-get", "update", "-qq"], env=quiet, stdout=sys.stderr)
        command = [*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(command, env=quiet, stdout=sys.stderr)
    if not executable():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr)
    return bool(executable())


if __name__ == "__main__":
    if not executable() and not install():
        sys.exit(ADVICE)
