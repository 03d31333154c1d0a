"""A Django application of one file that signs its users in through mozilla-django-oidc as it comes."""

import base64
import json
import os
import sys
from urllib.parse import urlencode

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import include, path, reverse

ISSUER = os.environ["ISSUER"]


def logout_url(request):
    query = {"client_id": settings.OIDC_RP_CLIENT_ID, "returnTo": request.build_absolute_uri("/")}
    return f"{ISSUER}v2/logout?{urlencode(query)}"


settings.configure(
    DEBUG=True,
    SECRET_KEY="for-this-run-only",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "mozilla_django_oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "mozilla_django_oidc.middleware.SessionRefresh",
    ],
    AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:oidc?mode=memory&cache=shared"}
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    LOGIN_URL="oidc_authentication_init",
    LOGIN_REDIRECT_URL="/me",
    LOGOUT_REDIRECT_URL="/",
    OIDC_RP_CLIENT_ID=os.environ["OIDC_RP_CLIENT_ID"],
    OIDC_RP_CLIENT_SECRET=os.environ["OIDC_RP_CLIENT_SECRET"],
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_RP_SCOPES="openid profile email",
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{ISSUER}authorize",
    OIDC_OP_TOKEN_ENDPOINT=f"{ISSUER}oauth/token",
    OIDC_OP_USER_ENDPOINT=f"{ISSUER}userinfo",
    OIDC_OP_JWKS_ENDPOINT=f"{ISSUER}.well-known/jwks.json",
    OIDC_OP_LOGOUT_URL_METHOD=f"{__name__}.logout_url",
    OIDC_USE_PKCE=True,
    OIDC_STORE_ID_TOKEN=True,
    # So short that the next page already asks the tenant whether the session still stands.
    OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS=1,
)
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402


def home(request):
    token = get_token(request)
    return HttpResponse(
        f'<form method="post" action="{reverse("oidc_logout")}">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}"><button>Sign out</button></form>'
    )


@login_required
def me(request):
    payload = request.session["oidc_id_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    shown = {"iss": claims["iss"], "nonce": claims["nonce"]}
    return JsonResponse({"email": request.user.email, "id_token_claims": shown})


urlpatterns = [path("", home), path("me", me), path("oidc/", include("mozilla_django_oidc.urls"))]

if __name__ == "__main__":
    sys.modules["minimal_django"] = sys.modules[__name__]
    from django.core.management import call_command
    from django.db import connection

    # A database in memory lives as long as a connection to it.
    connection.ensure_connection()
    call_command("migrate", verbosity=0)
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", f"localhost:{sys.argv[1]}"])
