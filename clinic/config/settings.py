"""Settings of the whole house, read from the environment. A wrong one ends start-up with a sentence of advice.

Environment: PROFILE (production, demonstration, test), SECRET_KEY or SECRET_KEY_FILE, DATA_DIR, DATABASE_URL,
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, TRUSTED_PROXY_COUNT, FREELY_GIVEN_SITE_RULES; for the ledger SUBJECT_KEY_DIR,
MASTER_KEY_FILE, LOG_KEY_DIR, LEDGER_KEY_LEVEL, LEDGER_SEALING, LEDGER_POLICY_FILE, HIGH_WATER_DIR.
"""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env


def refuse(sentence: str) -> NoReturn:
    """End start-up with one sentence for the person who runs the server."""
    sys.exit(f"Freely Given cannot start: {sentence}")


env = Env()
BASE_DIR = Path(__file__).resolve().parents[2]
PROFILE = env.str("PROFILE", "production")
if PROFILE not in {"production", "demonstration", "test"}:
    refuse(f"PROFILE is {PROFILE!r}; set it to production, demonstration or test.")
IS_PRODUCTION = PROFILE == "production"


def _data_dir() -> Path:
    folder = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"the data folder {folder} cannot be made ({error.strerror}); set DATA_DIR to one you may write.")
    if not os.access(folder, os.W_OK | os.X_OK):
        refuse(f"the data folder {folder} cannot be written; change its rights or set DATA_DIR to another.")
    return folder


def _secret_key() -> str:
    key = env.str("SECRET_KEY", "")
    path = env.str("SECRET_KEY_FILE", "")
    if not key and path:
        try:
            key = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            refuse(f"SECRET_KEY_FILE {path} cannot be read ({error}); check the path and its rights.")
    if len(key) < 50:
        refuse(
            "there is no secret key of at least 50 characters; set SECRET_KEY, or SECRET_KEY_FILE to a file with one "
            '(make one with: python -c "import secrets; print(secrets.token_urlsafe(64))").'
        )
    return key


def _database(data_dir: Path) -> dict[str, Any]:
    url = env.str("DATABASE_URL", "") or f"sqlite:///{data_dir / 'freely-given.sqlite3'}"
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError):
        config = {"NAME": ""}
    if config["NAME"] in {"", ":memory:"}:
        refuse(
            "DATABASE_URL cannot be read, or names no database that lasts; write it as sqlite:////folder/file.sqlite3 "
            "or postgresql://name@host:port/database."
        )
    engine = config["ENGINE"].rsplit(".", 1)[-1]
    if engine == "sqlite3":
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON"
            ),
        }
        config["TEST"] = {"NAME": str(Path(config["NAME"]).with_name("test.sqlite3"))}
    elif engine != "postgresql":
        refuse(
            f"DATABASE_URL names the engine {engine!r}; only SQLite and PostgreSQL keep the promises of this software."
        )
    return config


def _proxy_count() -> int:
    text = env.str("TRUSTED_PROXY_COUNT", "0")
    if not (text.isascii() and text.isdigit()):
        refuse(f"TRUSTED_PROXY_COUNT is {text!r}; set it to the number of proxies in front of the server, 0 for none.")
    return int(text)


def _sealing() -> str:
    how = env.str("LEDGER_SEALING", "writer")
    if how not in {"writer", "service"}:
        refuse(
            f"LEDGER_SEALING is {how!r}; set it to writer (each act seals) or service (manage.py run_sequencer does)."
        )
    return how


def _key_level() -> int:
    text = env.str("LEDGER_KEY_LEVEL", "0")
    if text not in {"0", "1", "2", "3"}:
        refuse(
            f"LEDGER_KEY_LEVEL is {text!r}; set it to 0 (the web server can read the log key), 1 (another user of the"
            " machine), 2 (another machine) or 3 (hardware)."
        )
    return int(text)


def _path(name: str, default: Path) -> Path:
    return Path(env.str(name, "") or default)


DATA_DIR = _data_dir()
FREELY_GIVEN_SITE_RULES = Path(rules) if (rules := env.str("FREELY_GIVEN_SITE_RULES", "")) else None
SUBJECT_KEY_DIR = _path("SUBJECT_KEY_DIR", DATA_DIR / "subject-keys")
MASTER_KEY_FILE = _path("MASTER_KEY_FILE", SUBJECT_KEY_DIR / "master.key")
LOG_KEY_DIR = _path("LOG_KEY_DIR", DATA_DIR / "log-keys")
HIGH_WATER_DIR = _path("HIGH_WATER_DIR", DATA_DIR.with_name(f"{DATA_DIR.name}-high-water"))  # never inside DATA_DIR
LEDGER_SEALING = _sealing()
LEDGER_KEY_LEVEL = _key_level()
LEDGER_POLICY_FILE = Path(policy) if (policy := env.str("LEDGER_POLICY_FILE", "")) else None
SECRET_KEY = _secret_key()
DATABASES = {"default": _database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if IS_PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
if IS_PRODUCTION and not ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS is empty; set it to the host names under which people reach the clinic, divided by commas.")
ROOT_URLCONF = "clinic.config.urls"
WSGI_APPLICATION = "clinic.config.wsgi.application"
ASGI_APPLICATION = "clinic.config.asgi.application"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "clinic",
    "consent",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "clinic.accounts.middleware.PrivatePagesMiddleware",
    "clinic.accounts.middleware.OneEncodingMiddleware",
    "clinic.accounts.middleware.NotSavedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "clinic.accounts.middleware.HandoverMiddleware",
    "clinic.accounts.middleware.IdlePatientMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "clinic" / "templates"],  # before the apps, so that ours replace those of allauth and forms
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.context.house",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Sign-in: allauth for staff, card and PIN for patients. Nobody signs up by herself.
AUTH_USER_MODEL = "clinic.Account"
AUTHENTICATION_BACKENDS = [
    "clinic.accounts.backends.StaffBackend",
    "clinic.accounts.backends.PatientCardBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if PROFILE == "test":  # tests open many accounts; nothing real is ever protected by this
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_ADAPTER = "clinic.accounts.adapter.ClosedDoorAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "30/m/ip", "slip_check": "60/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = _proxy_count()
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# Rate limits must be shared by every worker process, so they live in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}

SESSION_COOKIE_AGE = 60 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_PRODUCTION
CSRF_COOKIE_SECURE = IS_PRODUCTION
CSRF_FAILURE_VIEW = "clinic.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "clinic" / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = IS_PRODUCTION
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if PROFILE == "test"
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = PROFILE == "test"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# History is for people, not evidence; these of its switches must never change (docs/adr/0003-three-books.md). It is
# used as a library: as an installed app it would bring two commands that delete history.
SIMPLE_HISTORY_ENABLED = True
SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = True

HANDOVER_MINUTES = 20
PATIENT_IDLE_MINUTES = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"wordless": {"()": "clinic.config.logs.WordlessFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "wordless"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
