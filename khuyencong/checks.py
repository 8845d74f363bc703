"""System checks that refuse a bad deployment."""

from django.conf import settings
from django.core import checks


def check_reachable(app_configs, **kwargs):
    """What may be lax on one's own machine may not where other machines reach the site."""
    if set(settings.ALLOWED_HOSTS) <= {*settings.LOCAL_HOSTS, "testserver"}:
        return []
    faults = []
    if settings.SECRET_KEY == settings.LOCAL_SECRET_KEY:
        faults.append(
            checks.Error(
                "SECRET_KEY chưa đặt mà ALLOWED_HOSTS cho máy khác truy cập.",
                hint='Sinh khoá: python -c "import secrets; print(secrets.token_urlsafe(50))"',
                id="khuyencong.E001",
            )
        )
    if settings.DEBUG:
        faults.append(
            checks.Error(
                "DEBUG đang bật mà ALLOWED_HOSTS cho máy khác truy cập.",
                hint="Đặt DEBUG=0.",
                id="khuyencong.E002",
            )
        )
    return faults


def check_database(app_configs, databases=None, **kwargs):
    """SQLite loses writes of people working at once unless each transaction takes its lock at the start."""
    faults = []
    for alias, config in settings.DATABASES.items():
        lax = config.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
        if config["ENGINE"].endswith("sqlite3") and lax:
            faults.append(
                checks.Error(f"SQLite ({alias}) không mở giao dịch ở chế độ IMMEDIATE.", id="khuyencong.E003")
            )
        if config.get("ATOMIC_REQUESTS"):
            faults.append(checks.Error(f"ATOMIC_REQUESTS ({alias}) bắt người đọc chờ người ghi.", id="khuyencong.E004"))
    return faults
