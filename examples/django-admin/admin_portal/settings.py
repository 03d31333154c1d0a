"""Settings of the admin portal. What differs between a laptop and production comes from the environment."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name):
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. README.md says where its value comes from.")
    return value


def names(name, default):
    return frozenset(part.strip() for part in os.environ.get(name, default).split(",") if part.strip())


def minutes(name, default):
    value = os.environ.get(name, default)
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise ImproperlyConfigured(f"{name} is {value!r}, not a whole number of minutes from 1 on.")
    return int(value)


DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
SECRET_KEY = "for-a-laptop-only" if DEBUG else required("DJANGO_SECRET_KEY")
ALLOWED_HOSTS = sorted(names("DJANGO_ALLOWED_HOSTS", "localhost"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
# Behind a proxy that ends TLS; on a laptop there is none.
SECURE_PROXY_SSL_HEADER = None if DEBUG else ("HTTP_X_FORWARDED_PROTO", "https")

# Where employees sign in, and the client that this application is there.
ISSUER = required("ISSUER").rstrip("/") + "/"
OIDC_RP_CLIENT_ID = required("OIDC_CLIENT_ID")
OIDC_RP_CLIENT_SECRET = required("OIDC_CLIENT_SECRET")

# The claim that carries the employee's groups, and what they mean here.
GROUPS_CLAIM = required("GROUPS_CLAIM")
SUPERUSER_GROUPS = names("SUPERUSER_GROUPS", "Admin Portal Administrators")
STAFF_GROUPS = SUPERUSER_GROUPS | names("STAFF_GROUPS", "Admin Portal Users,Admin Portal Editors")

OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES = "openid profile email"
OIDC_USE_PKCE = True
OIDC_OP_AUTHORIZATION_ENDPOINT = f"{ISSUER}authorize"
OIDC_OP_TOKEN_ENDPOINT = f"{ISSUER}oauth/token"
OIDC_OP_USER_ENDPOINT = f"{ISSUER}userinfo"
OIDC_OP_JWKS_ENDPOINT = f"{ISSUER}.well-known/jwks.json"
OIDC_OP_LOGOUT_URL_METHOD = "admin_portal.sign_in.logout_url"
OIDC_TIMEOUT = 10
OIDC_CALLBACK_CLASS = "admin_portal.sign_in.CallbackView"

# How old may be what the directory has said about an employee, in seconds; admin_portal/freshness.py sees to
# it. The sign-in asks the tenant for half of it, so that who reads a page has the other half for sending its
# form.
GROUPS_MAX_AGE = 60 * minutes("GROUPS_MAX_AGE_MINUTES", "15")
OIDC_AUTH_REQUEST_EXTRA_PARAMS = {"max_age": GROUPS_MAX_AGE // 2}
# The directory's connection in the tenant: named, an employee goes straight there and sees no page of the
# tenant's on the way.
if CONNECTION := os.environ.get("CONNECTION"):
    OIDC_AUTH_REQUEST_EXTRA_PARAMS["connection"] = CONNECTION

AUTHENTICATION_BACKENDS = ["admin_portal.sign_in.EmployeeBackend"]
LOGIN_URL = "oidc_authentication_init"
LOGIN_REDIRECT_URL = "/admin/"
LOGIN_REDIRECT_URL_FAILURE = "/no-access/"
LOGOUT_REDIRECT_URL = "/"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "mozilla_django_oidc",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Not mozilla_django_oidc's SessionRefresh: it repeats what the directory said at the last real sign-in,
    # and lets every POST through.
    "admin_portal.freshness.FreshGroups",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "admin_portal.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DJANGO_DATABASE", BASE_DIR / "db.sqlite3"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
USE_TZ = True
TIME_ZONE = "UTC"
