"""All settings, read from the environment or .env; with none set the site serves this machine only."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from khuyencong import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_file(BASE_DIR / ".env")

# --- this installation ---------------------------------------------------------------------------

DEBUG = env.boolean("DEBUG", False)
HTTPS = env.boolean("HTTPS", False)
# An empty database of the default kind is there to be looked at; one that somebody named is theirs.
DEMO = env.boolean("DEMO", not env.text("DATABASE_URL"))
# Known to everyone, so checks.py refuses it wherever another machine can reach the site.
LOCAL_SECRET_KEY = "chi-dung-tren-may-nay"
SECRET_KEY = env.text("SECRET_KEY", LOCAL_SECRET_KEY)
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# --- apps, each using only what stands before it -------------------------------------------------

OWN_APPS = [
    "khuyencong.apps.KhuyencongConfig",
    "places.apps.PlacesConfig",
    "accounts.apps.AccountsConfig",
    "funding.apps.FundingConfig",
    "projects.apps.ProjectsConfig",
    "reports.apps.ReportsConfig",
]
INSTALLED_APPS = [
    # First, so that a template of ours stands before one of the same name.
    *OWN_APPS,
    "khuyencong.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "simple_history",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "khuyencong.middleware.LoginMiddleware",
    "accounts.middleware.PasswordMiddleware",
    "accounts.middleware.LastUseMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "khuyencong.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "khuyencong.urls"
WSGI_APPLICATION = "khuyencong.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.frame.frame",
            ],
            "builtins": ["khuyencong.money_tags", "khuyencong.frame_tags"],
        },
    }
]

# --- database ------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database("DATABASE_URL", BASE_DIR / "db.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a deferred transaction that turns into a write fails at once when another one writes.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;",
    }
    # A file, because parallel requests to one database in memory fail; one for each process.
    DATABASES["default"]["TEST"] = {"NAME": Path(tempfile.gettempdir()) / f"khuyencong-test-{os.getpid()}.sqlite3"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# The reason of a change in a closed period is a sentence, more than the 100 characters it has by default.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- who may come in -----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.SimilarityValidator"},
    {
        "NAME": "accounts.passwords.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "accounts.passwords.CommonValidator"},
    {"NAME": "accounts.passwords.NumericValidator"},
]
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
# Counted from the last use (LastUseMiddleware); at the closing of the browser too, unless "Giữ đăng nhập" was ticked.
SESSION_COOKIE_AGE = env.count("SESSION_HOURS", 8) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# By name and address together: an office has one address, and one wrong typist must not lock it out.
# Behind proxies every request comes from the nearest of them; whose it is they say themselves.
PROXIES = env.count("PROXIES", 0)
AXES_CLIENT_IP_CALLABLE = "khuyencong.proxies.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False

# --- what a browser is told ----------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: for the arrows and ticks that Bootstrap draws from its style sheet.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/$", r"^san-sang/$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS

# --- language and days ---------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["khuyencong.formats"]
# Off: it would write the year 2019 and every id in a link as 2.019; money is printed by |vnd.
USE_THOUSAND_SEPARATOR = False

# --- files ---------------------------------------------------------------------------------------

NODE_MODULES = BASE_DIR / "node_modules"
FRONT_END = {
    "bootstrap": "bootstrap/dist",
    "bootstrap-icons": "bootstrap-icons/font",
    "chart.js": "chart.js/dist",
    "inter": "@fontsource-variable/inter",
    "tom-select": "tom-select/dist",
}
STATIC_URL = "/static/"
# Management commands need no node_modules, so what is not there is not looked for.
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.is_dir()] + [
    (prefix, NODE_MODULES / folder) for prefix, folder in FRONT_END.items() if (NODE_MODULES / folder).is_dir()
]
# Named: collectstatic fills it and names carry hashes. Not named: files are served where they are found.
STATIC_ROOT = env.text("STATIC_ROOT") or None
MEDIA_ROOT = env.text("MEDIA_ROOT", str(BASE_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_MAX_AGE = 60 if STATIC_ROOT else 0

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- mail and log --------------------------------------------------------------------------------

globals().update(env.email("EMAIL_URL", "consolemail://"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A 404 or a refusal is an answer, not a fault.
        "django.request": {"level": "ERROR"},
    },
}
