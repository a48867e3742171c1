"""Settings of Candor, read from the environment (.env.example lists every variable).

Every default is safe in production; what demo, tests and development relax is said where it is relaxed.
"""

import os
import secrets
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
if os.environ.get("CANDOR_ENV", "").strip().lower() not in {"demo", "test"}:  # these two are the same on every machine
    env.read_file(BASE_DIR / ".env")

ENVIRONMENT = env.choice("CANDOR_ENV", ["production", "development", "demo", "test"], default="production")
IS_PRODUCTION = ENVIRONMENT == "production"
IS_DEMO = ENVIRONMENT == "demo"
DEBUG = ENVIRONMENT == "development"

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if IS_PRODUCTION:
        sys.exit("SECRET_KEY is not set: Candor does not start without one (see .env.example).")
    SECRET_KEY = secrets.token_urlsafe(50) if ENVIRONMENT == "test" else f"not-secret-{ENVIRONMENT}"
SECRET_KEY_FALLBACKS = env.items("SECRET_KEY_FALLBACKS")

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", default=[] if IS_PRODUCTION else [*LOCAL_HOSTS, "testserver"])
# What links in mails begin with.
FIRST_SITE = f"https://{ALLOWED_HOSTS[0]}" if IS_PRODUCTION and ALLOWED_HOSTS else "http://localhost:8000"
SITE_URL = env.site("SITE_URL", default=FIRST_SITE)
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")

# Applications

INSTALLED_APPS = [
    "accounts.apps.CandorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "ninja",  # brings the files of the API's page, so that nothing is loaded from elsewhere
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "foundation",
    "accounts",
    "cancellations",
    "orders",
    "insights",
    "feeds",
]

MIDDLEWARE = [
    "foundation.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "foundation.middleware.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionEndMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.middleware.NotAllowedMiddleware",
]
if ENVIRONMENT != "test":  # tests read static files through the finders
    MIDDLEWARE.insert(2, "whitenoise.middleware.WhiteNoiseMiddleware")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
# The covering index of the search is PostgreSQL's; SQLite reads the rows instead.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "foundation.context.candor",
            ],
        },
    },
]

# Database: PostgreSQL where DATABASE_URL says so, else SQLite beside the code

DATA_DIR = BASE_DIR / env.text("DATA_DIR", default="var")
SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / ("demo.sqlite3" if IS_DEMO else "candor.sqlite3"),
}
DATABASE: dict[str, Any] = env.database("DATABASE_URL") or SQLITE
DATABASES = {"default": DATABASE}
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    Path(DATABASE["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # Without IMMEDIATE and the timeout, writers at the same time lose most of their writes.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
    }
else:
    DATABASE["CONN_MAX_AGE"] = env.number("DATABASE_CONN_MAX_AGE", default=600)
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["OPTIONS"] = {
        **DATABASE.get("OPTIONS", {}),
        "connect_timeout": 5,
        "options": (
            f"-c statement_timeout={env.number('DATABASE_STATEMENT_TIMEOUT_MS', default=30_000)}"
            f" -c lock_timeout={env.number('DATABASE_LOCK_TIMEOUT_MS', default=10_000)}"
            " -c idle_in_transaction_session_timeout=60000"
        ),
    }

# Sign-in counters live here: every worker must see the same ones, so the default is the database. Past MAX_ENTRIES,
# Django throws counters away that still count: of its own 300, anybody can make so many.
COUNTERS: dict[str, Any] = (
    {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    if IS_PRODUCTION
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
)
CACHES = {"default": {**COUNTERS, "OPTIONS": {"MAX_ENTRIES": 1_000_000}}}

# Sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["accounts.hashers.Argon2id"] if ENVIRONMENT != "test" else ["accounts.hashers.FastForTests"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "add_email": "accounts.forms.ChangeAddressForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", default=0)
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.FirstCodeForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION  # http://localhost only
MFA_TOTP_ISSUER = "Candor"

# Single sign-on of the marketplace, when one is configured: its subject is the buyer's external_id.
SSO_ISSUER = env.text("SSO_ISSUER")
SSO_NAME = env.text("SSO_NAME", default="your marketplace account")
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the issuer vouches; else a buyer without an e-mail address cannot enter
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "marketplace",
                "name": SSO_NAME,
                "client_id": env.text("SSO_CLIENT_ID"),
                "secret": env.text("SSO_CLIENT_SECRET"),
                "settings": {"server_url": SSO_ISSUER},
            }
        ]
        if SSO_ISSUER
        else []
    }
}

# Sessions and cookies. In production their names begin with __Host-, which browsers accept only with Secure and Path=/.

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if IS_PRODUCTION else "candor_session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_PRODUCTION else "candor_csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if IS_PRODUCTION else "candor_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_PRODUCTION
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True

# Transport and headers

SECURE_SSL_REDIRECT = env.switch("SECURE_SSL_REDIRECT", default=IS_PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes speak plain HTTP from inside
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, Collection[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    # The single sign-on button is a form that the browser follows to the issuer.
    "form-action": [CSP.SELF, *env.items("SSO_ORIGINS")],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# An order with very many lines is cancelled in one form; past this the page says so.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# Mail

# The two ways to encrypt it: as the connection begins, or by STARTTLS.
MAIL_TLS = env.choice("MAIL_TLS", ["true", "false", "implicit"], default="true")
if ENVIRONMENT == "production" and env.text("MAIL_HOST"):
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": env.text("MAIL_HOST"),
                "port": env.number("MAIL_PORT", default=465 if MAIL_TLS == "implicit" else 587, least=1),
                "username": env.text("MAIL_USER"),
                "password": env.text("MAIL_PASSWORD"),
                "use_tls": MAIL_TLS == "true",
                "use_ssl": MAIL_TLS == "implicit",
                "timeout": 10,
            },
        }
    }
elif ENVIRONMENT == "test":
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
else:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", default="Candor <candor@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
A_CENTURY = 36_500  # days; nobody means more, and before the year 1 and after 9999 there are no dates
# What a feed says has happened within so many days is mailed; older news is history. The demo's people have no mailbox.
MAIL_FRESH_DAYS = env.number("MAIL_FRESH_DAYS", default=0 if IS_DEMO else 7, most=A_CENTURY)

# Mail is sent by tasks: in the request itself, or by `manage.py db_worker` (docs/operations.md says when).
TASKS_BACKENDS = {
    "immediate": "django.tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}
TASKS_BACKEND = env.choice("TASKS_BACKEND", list(TASKS_BACKENDS), default="immediate")
TASKS = {"default": {"BACKEND": TASKS_BACKENDS[TASKS_BACKEND]}}

# Language, time, files

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]  # each by its own name
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.zone("TIME_ZONE", default="UTC")
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION

# Candor's own

MARKETPLACE_NAME = env.text("MARKETPLACE_NAME")  # empty: there are sentences that do without
# Where help is, and where the shop helps on; what is empty is left out of the pages. The demo has a stand-in shop.
HELP_URL = env.text("HELP_URL", default="/demo/shop/?help=yes" if IS_DEMO else "")
ASK_SELLER_URL = env.text("ASK_SELLER_URL", default="/demo/shop/?ask={seller}&order={number}" if IS_DEMO else "")
FIND_ITEM_URL = env.text("FIND_ITEM_URL", default="/demo/shop/?find={item}" if IS_DEMO else "")
CANCEL_INSTANT_MINUTES = env.number("CANCEL_INSTANT_MINUTES", default=60)
CANCEL_ANSWER_HOURS = env.number("CANCEL_ANSWER_HOURS", default=48, least=1, most=24 * A_CENTURY)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "foundation.logs.RequestFilter"}},
    "formatters": {
        "json": {
            "()": "foundation.logs.JsonLines",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
        },
        "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if IS_PRODUCTION else "plain",
            "filters": ["request"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO" if IS_PRODUCTION else "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "gunicorn.error": {"handlers": [], "propagate": True},  # with --preload from its first line
        "candor": {"level": "INFO"},
        "django.tasks": {"level": "WARNING"},
    },
}
