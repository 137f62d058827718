"""Django's settings, worked out from the node's own."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from shuangcheng.site import keys, logs, postgres, safety

SHUANGCHENG = _node = safety.load()
_keys = keys.ensure(_node)
_package = Path(__file__).resolve().parent.parent

SECRET_KEY = _keys.secret
IDENTITY_KEY = _keys.identity
DIGEST_KEY = _keys.digest

DEBUG = _node.debug
ALLOWED_HOSTS = list(_node.hosts)
ROOT_URLCONF = "shuangcheng.site.urls"
WSGI_APPLICATION = "shuangcheng.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # Before allauth, so that our templates are found first.
    "shuangcheng.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "shuangcheng.directory",
    "shuangcheng.desk",
    "shuangcheng.exchange",
    "shuangcheng.registers",
    "shuangcheng.cases",
    "shuangcheng.plan",
    "shuangcheng.api",
]
MIDDLEWARE = [
    "shuangcheng.site.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shuangcheng.web.middleware.PermissionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shuangcheng.web.middleware.UploadLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shuangcheng.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shuangcheng.web.middleware.ActorMiddleware",
    "shuangcheng.web.middleware.SessionRulesMiddleware",
    "shuangcheng.web.middleware.RefusalMiddleware",
    "shuangcheng.web.middleware.PlainTextMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shuangcheng.web.context.node",
            ],
        },
    }
]

# Database, cache, background work
_url = _node.database_url.get_secret_value() if _node.database_url else postgres.Cluster(_node.var_dir).url
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(_url, conn_max_age=None, conn_health_checks=True)}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("application_name", f"shuangcheng-{_node.node}")
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 10)
CACHES = {
    # In the database, because sign-in limits must hold across all web processes.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # In each process, because web/kept.py asks the database whether a page still holds.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

# Language and time: Chinese unless the visitor's cookie says otherwise
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = _node.cookie("language")
LOCALE_PATHS = [_package.parent.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _node.time_zone

# Files
STATIC_URL = "/static/"
STATIC_ROOT = _node.var_dir / "static"
MEDIA_ROOT = _node.var_dir / "files"
# Files are served by pages that ask for rights; Django's live test server would serve them at every address.
MEDIA_URL = "/no-file-is-served-by-its-name/"
_files: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": str(MEDIA_ROOT),
        "file_permissions_mode": 0o640,
        "directory_permissions_mode": 0o750,
    },
}
if _node.storage != "file":
    _bucket = urlsplit(_node.storage)
    _options = {
        "bucket_name": _bucket.netloc,
        "location": _bucket.path.strip("/"),
        "endpoint_url": _node.s3_endpoint or None,
        "region_name": _node.s3_region or None,
        "access_key": _node.s3_access_key and _node.s3_access_key.get_secret_value(),
        "secret_key": _node.s3_secret_key and _node.s3_secret_key.get_secret_value(),
        "default_acl": "private",
        "file_overwrite": False,
        "querystring_expire": 300,
    }
    _files = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {key: value for key, value in _options.items() if value is not None},
    }
_static = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {"default": _files, "staticfiles": {"BACKEND": _static}}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_HANDLERS = [
    "shuangcheng.web.uploads.QuotaUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Sessions, cookies, headers
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = _node.cookie("session")
SESSION_COOKIE_AGE = _node.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = _node.session_ends_with_browser
CSRF_COOKIE_NAME = _node.cookie("csrf")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _node.https
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_TRUSTED_ORIGINS = [_node.url]
if _node.https:
    # Encryption ends at the proxy in front of the node, which says so in this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Sign-in
AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if _node.demo:
    # Sessions that began with the published password end when the node is no longer a demonstration.
    AUTHENTICATION_BACKENDS.append("shuangcheng.site.demo.backend.DemoBackend")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("login", "email")},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "shuangcheng.web.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# None would ask the visitor; False would end the session with the browser and ignore the settings above.
ACCOUNT_SESSION_REMEMBER = not _node.session_ends_with_browser
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _node.https else "http"
# Logins are stored in lower case and found by their index.
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_FORMS = {"change_password": "shuangcheng.web.signin_forms.ChangePasswordForm"}
# web/lockout.py keeps the limits.
ACCOUNT_RATE_LIMITS = False
ALLAUTH_TRUSTED_PROXY_COUNT = _node.proxy_count
MFA_ADAPTER = "shuangcheng.web.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "shuangcheng.web.signin_forms.ActivateForm",
    "authenticate": "shuangcheng.web.signin_forms.AuthenticateForm",
    "reauthenticate": "shuangcheng.web.signin_forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = _node.node_title
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "shuangcheng.web.adapters.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if _node.oidc_issuer and _node.oidc_client_secret:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "profile"],
        "APPS": [
            {
                "provider_id": "sso",
                "name": _node.oidc_title,
                "client_id": _node.oidc_client_id,
                "secret": _node.oidc_client_secret.get_secret_value(),
                "settings": {"server_url": _node.oidc_issuer},
            }
        ],
    }
    # The browser follows the sign-on form's redirect to the issuer, which form-action also governs.
    _issuer = urlsplit(_node.oidc_issuer)
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(f"{_issuer.scheme}://{_issuer.netloc}")

# Mail
_mail = urlsplit(_node.email_url.get_secret_value()) if _node.email_url else None
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _mail else 'dummy'}.EmailBackend"
if _mail:
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp" and _mail.hostname not in ("127.0.0.1", "localhost")
    EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _node.email_from or f"node@{urlsplit(_node.url).hostname}"

# Logs
LOGGING = logs.logging_config(style=_node.log_format, level=_node.log_level)
logs.configure()
