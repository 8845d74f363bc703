"""Settings read from the environment, each by its type; a value that cannot be read stops the start."""

import os
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true"}, {"0", "false"}
ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}


def read_file(path):
    """Take what a ``.env`` file says where the environment says nothing; no file is no error."""
    if path.is_file():
        environ.Env.read_env(path)


def text(name, default=""):
    """As it stands; django-environ would take a value that begins with $ for a variable's name."""
    return os.environ.get(name, "").strip() or default


def boolean(name, default):
    """1/0/true/false and nothing else: a mistyped "flase" must not read as a no."""
    value = text(name).lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name}={value!r}: chỉ nhận 1, 0, true hoặc false.")
    return value in TRUE


def count(name, default):
    """A whole number from 0."""
    value = text(name) or str(default)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value!r}: chỉ nhận số nguyên từ 0 trở lên.")
    return int(value)


def words(name, default=()):
    """A list whose items are parted by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def database(name, default):
    """Django's dictionary for one database, SQLite or PostgreSQL only; ``default`` is SQLite's file."""
    url = text(name)
    if not url:
        return {"ENGINE": ENGINES["sqlite"], "NAME": default}
    scheme = urlsplit(url).scheme
    if scheme not in ENGINES:
        raise ImproperlyConfigured(f"{name}: chỉ nhận sqlite:////đường/dẫn hoặc postgres://…")
    config = environ.Env.db_url_config(url)
    if config.get("ENGINE") != ENGINES[scheme] or not config.get("NAME"):
        raise ImproperlyConfigured(f"{name}: địa chỉ không nêu tên cơ sở dữ liệu.")
    return config


def email(name, default):
    """Django's EMAIL_* settings from one address such as smtp+tls://user:password@host:587."""
    url = text(name, default)
    scheme = urlsplit(url).scheme
    if scheme not in environ.Env.EMAIL_SCHEMES:
        raise ImproperlyConfigured(f"{name}: không rõ cách gửi thư {scheme!r}.")
    config = environ.Env.email_url_config(url)
    return {key: value for key, value in config.items() if key.startswith("EMAIL_")}
