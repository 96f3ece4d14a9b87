"""Settings of the whole house, read from the environment. A wrong one ends start-up with a sentence of advice.

Environment: PROFILE (production, demonstration, test), SECRET_KEY or SECRET_KEY_FILE, DATA_DIR, DATABASE_URL,
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, TRUSTED_PROXY_COUNT, FREELY_GIVEN_SITE_RULES; for the ledger SUBJECT_KEY_DIR,
MASTER_KEY_FILE, LOG_KEY_DIR, LEDGER_KEY_LEVEL, LEDGER_SEALING, LEDGER_POLICY_FILE, HIGH_WATER_DIR; for its witnesses
LEDGER_WITNESSED_FILE, WITNESS_NAME, LEDGER_STAMP_URL, LEDGER_STAMP_CERTIFICATES, LEDGER_MAIL_TO, MAIL_FROM, MAIL_HOST,
MAIL_PORT, MAIL_USER, MAIL_PASSWORD_FILE; for the seals of papers SEAL_DIR, SEAL_PASSPHRASE, SEAL_STAMP_URL.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from clinic.config.reading import (
    data_dir,
    database,
    env,
    key_level,
    mail_password,
    path,
    port,
    proxy_count,
    refuse,
    sealing,
    secret_key,
)

BASE_DIR = Path(__file__).resolve().parents[2]
PROFILE = env.str("PROFILE", "production")
if PROFILE not in {"production", "demonstration", "test"}:
    refuse(f"PROFILE is {PROFILE!r}; set it to production, demonstration or test.")
IS_PRODUCTION = PROFILE == "production"

DATA_DIR = data_dir(BASE_DIR / "var")
FREELY_GIVEN_SITE_RULES = Path(rules) if (rules := env.str("FREELY_GIVEN_SITE_RULES", "")) else None
SUBJECT_KEY_DIR = path("SUBJECT_KEY_DIR", DATA_DIR / "subject-keys")
MASTER_KEY_FILE = path("MASTER_KEY_FILE", SUBJECT_KEY_DIR / "master.key")
LOG_KEY_DIR = path("LOG_KEY_DIR", DATA_DIR / "log-keys")
SEAL_DIR = path("SEAL_DIR", DATA_DIR / "seals")  # what the clinics seal their papers with
SEAL_PASSPHRASE = env.str("SEAL_PASSPHRASE", "")
HIGH_WATER_DIR = path("HIGH_WATER_DIR", DATA_DIR.with_name(f"{DATA_DIR.name}-high-water"))  # never inside DATA_DIR
LEDGER_SEALING = sealing()
LEDGER_KEY_LEVEL = key_level()
LEDGER_POLICY_FILE = Path(policy) if (policy := env.str("LEDGER_POLICY_FILE", "")) else None  # who outside counts
LEDGER_WITNESSED_FILE = Path(logs) if (logs := env.str("LEDGER_WITNESSED_FILE", "")) else None  # whom we cosign
WITNESS_NAME = env.str("WITNESS_NAME", "")  # left out: drawn once, and kept with the key
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", "").rstrip("/")  # where a paper can be checked; printed in its code
LEDGER_STAMP_URL = env.str("LEDGER_STAMP_URL", "")
LEDGER_STAMP_CERTIFICATES = Path(pem) if (pem := env.str("LEDGER_STAMP_CERTIFICATES", "")) else None
SEAL_STAMP_URL = env.str("SEAL_STAMP_URL", "")  # pinned by LEDGER_STAMP_CERTIFICATES as well
LEDGER_MAIL_TO: list[str] = env.list("LEDGER_MAIL_TO", [])
SECRET_KEY = secret_key()
DATABASES = {"default": database(DATA_DIR)}
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "freely-given@localhost")
EMAIL_HOST = env.str("MAIL_HOST", "localhost")
EMAIL_PORT = port("MAIL_PORT", 25)
EMAIL_HOST_USER = env.str("MAIL_USER", "")
EMAIL_HOST_PASSWORD = mail_password()
EMAIL_USE_TLS = bool(EMAIL_HOST_USER)  # a name and a password never travel in the open
EMAIL_TIMEOUT = 20
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
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login": "30/m/ip",
    "slip_check": "60/m/ip",
    "record_check": "60/m/ip",
    "witness": "60/m/ip",
    "bundle": "60/m/ip,6/m/user",  # the dearest page of a patient
}
ALLAUTH_TRUSTED_PROXY_COUNT = proxy_count()
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
PRINTED_TEXT_CHECK = "consent.queries.printing.why_not_printable"  # asked by every form about typed words
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
FILE_UPLOAD_HANDLERS = ["consent.forms.handed_in.InMemoryHandler"]  # nothing that is uploaded is ever a file here

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
    "loggers": {
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
    },  # we say it ourselves
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
