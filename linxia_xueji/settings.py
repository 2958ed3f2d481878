"""Settings of the portal, all from the environment.

ENVIRONMENT        production (default) or development; production refuses DEBUG and development secrets
SECRET_KEY         signs sessions and tokens; at least 50 characters in production
FIELD_KEYS         "name:<base64 of 32 bytes>", comma separated; the first writes, the others still read (rotation)
DATABASE_URL       the owner role: migrates and loads
WEB_DATABASE_URL   the web role: serves pages and works off jobs
DB_ROLE            owner (default) or web: which of the two this process uses
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS   comma separated
STATE_DIR          folder of stored files and collected static files, outside the code
PLAIN_HTTP         1 turns off exactly what needs HTTPS, for a portal on loopback
EMAIL_HOST         the mail server of the digests; without it none is sent. With it: MAIL_FROM, PORTAL_URL (https://portal.example),
                   EMAIL_PORT (25), EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_SECURITY (starttls, ssl or empty)
TRUST_PROXY        1 believes X-Forwarded-Proto and X-Forwarded-For of the proxy in front
DEMO_TODAY         a day (2026-09-16) the portal takes for today and says so; never set on a real server
DEBUG              1 in development only

Raises ImproperlyConfigured, with a sentence for the operator, when a value is missing or refused.
"""

import base64
import binascii
import os
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT_SECRET = "development-only-secret-key-of-the-portal-never-for-a-server"  # noqa: S105 - refused in production
DEVELOPMENT_FIELD_KEYS = "development:" + base64.b64encode(b"development-only-field-key-32-by").decode()


def _flag(name: str) -> bool:
    """Return whether the environment variable is set to 1, true, yes or on."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def _list(name: str) -> list[str]:
    """Return the comma-separated values of the environment variable, without empty ones."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def _field_keys(text: str) -> dict[str, bytes]:
    """Return the keys by name, the writing one first; raise ImproperlyConfigured for anything but 32-byte keys."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not name or name in keys or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS must be 'name:<base64 of 32 bytes>', comma separated, names unique.")
        keys[name] = key
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS must hold at least one key, 'name:<base64 of 32 bytes>'.")
    return keys


BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = os.environ.get("ENVIRONMENT", "production")
if ENVIRONMENT not in {"production", "development"}:
    raise ImproperlyConfigured("ENVIRONMENT must be production or development.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = _flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or ("" if PRODUCTION else DEVELOPMENT_SECRET)
FIELD_KEYS = _field_keys(os.environ.get("FIELD_KEYS") or ("" if PRODUCTION else DEVELOPMENT_FIELD_KEYS))
PLAIN_HTTP = _flag("PLAIN_HTTP")

if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production.")
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith(("development", "django-insecure"))):
    raise ImproperlyConfigured("SECRET_KEY must be a random secret of at least 50 characters in production.")
if PRODUCTION and FIELD_KEYS.keys() & {"development"}:
    raise ImproperlyConfigured("FIELD_KEYS must not hold the development key in production.")

STATE_DIR = Path(os.environ.get("STATE_DIR") or BASE_DIR / ".state").resolve()
FILE_STORE = STATE_DIR / "files"
try:
    DEMO_TODAY = date.fromisoformat(os.environ["DEMO_TODAY"]) if os.environ.get("DEMO_TODAY") else None
except ValueError:
    raise ImproperlyConfigured("DEMO_TODAY must be a day written as 2026-09-16.") from None

ALLOWED_HOSTS = _list("ALLOWED_HOSTS") or ([] if PRODUCTION else ["localhost", "127.0.0.1", "testserver"])
CSRF_TRUSTED_ORIGINS = _list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "import_export",
    "procrastinate.contrib.django",
    "csp",
    "django_htmx",
    "axes",
    "django_otp",
    "linxia_xueji.apps.GroundConfig",
    "approvals",
    "registry",
    "transfers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "linxia_xueji.body.bounded",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linxia_xueji.middleware.portal",
    "linxia_xueji.doors.middleware.doors",
    # Steps in only where a sign-in went round doors.lock, whose forms say themselves how long a lock holds.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "linxia_xueji.urls"
WSGI_APPLICATION = "linxia_xueji.wsgi.application"
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
                "linxia_xueji.context.portal",
            ],
        },
    },
]

FORM_RENDERER = "linxia_xueji.forms.AtOnce"

# Two roles: the owner migrates and loads, the web role serves and cannot change what is append-only.
DB_ROLE = os.environ.get("DB_ROLE", "owner")
if DB_ROLE not in {"owner", "web"}:
    raise ImproperlyConfigured("DB_ROLE must be owner or web.")
_url_name = "WEB_DATABASE_URL" if DB_ROLE == "web" else "DATABASE_URL"
_url = os.environ.get(_url_name, "")
if not _url.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured(f"{_url_name} must name a PostgreSQL database (postgres://role:password@host/name).")
DATABASES = {"default": dj_database_url.parse(_url, conn_max_age=600, conn_health_checks=True)}
# Statements whose parameters the server binds (prepared.py) are planned once a connection, from their fifth time on.
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["prepare_threshold"] = 5
# That plan serves all values. Left to itself the server makes one anew each time where it thinks that a little cheaper,
# and takes longer over it than over the answer.
_given = _options.get("options") or os.environ.get("PGOPTIONS", "")
_options["options"] = f"{_given} -c plan_cache_mode=force_generic_plan".strip()
WEB_DATABASE_URL = os.environ.get("WEB_DATABASE_URL", "")
WEB_DATABASE_ROLE = unquote(urlsplit(WEB_DATABASE_URL).username or "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "linxia_xueji.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "linxia_xueji.doors.backend.PortalBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "linxia_xueji.password_rules.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "linxia_xueji.password_rules.OneTimeHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "linxia_xueji.password_rules.MinimumLength", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "linxia_xueji.password_rules.NotLikePerson",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
    {"NAME": "linxia_xueji.password_rules.NotCommon"},
    {"NAME": "linxia_xueji.password_rules.NotNumeric"},
]
# Lock-out: an account after 5 failures, an address (a school shares one) after 50, both for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
LOCK_ADDRESS_AT = 50
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_HANDLER = "linxia_xueji.doors.lock.Counter"
AXES_CLIENT_IP_CALLABLE = "linxia_xueji.doors.lock.client_address"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when stands in the trail
AXES_ENABLE_ADMIN = False
AXES_COOLOFF_MESSAGE = "密码输错次数过多，已暂停登录，请稍后再试。"
CSRF_FAILURE_VIEW = "linxia_xueji.doors.views.csrf_failure"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "approvals:desk"
LOGOUT_REDIRECT_URL = "login"

# Rights hang on organisations only, and nobody anonymous holds any.
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_USER", ""), os.environ.get("EMAIL_HOST_PASSWORD", "")
_security = os.environ.get("EMAIL_SECURITY", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _security == "starttls", _security == "ssl"
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "")
PORTAL_URL = os.environ.get("PORTAL_URL", "").rstrip("/")
if _security not in {"", "starttls", "ssl"}:
    raise ImproperlyConfigured("EMAIL_SECURITY must be starttls, ssl or empty.")
if EMAIL_HOST and not ("@" in DEFAULT_FROM_EMAIL and PORTAL_URL.startswith(("https://", "http://"))):
    raise ImproperlyConfigured("EMAIL_HOST needs MAIL_FROM (an address) and PORTAL_URL (https://portal.example).")

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Sessions end by the settings of the prefecture (doors.sessions); their rows stay longer, to tell whose has ended.
SESSION_ENGINE = "linxia_xueji.doors.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# What only works over HTTPS; a portal on loopback differs from a server in these lines and no others.
_HTTPS = PRODUCTION and not PLAIN_HTTP
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
TRUST_PROXY = _flag("TRUST_PROXY")
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# To stderr, so that stdout carries results only. Paths hold no personal data; queries and bodies are never logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.db.backends": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "axes": {"level": "ERROR"},  # its warnings name people and addresses
    },
}
