"""Who may sign in, and which rights their directory groups give here."""

import logging
import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import Group
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView

logger = logging.getLogger(__name__)

# Seconds that the tenant's clock may differ, and that a sign-in may take on its way here.
LEEWAY = 60


def groups_of(claims):
    """The directory groups of the token. A claim that is absent or not a list means no groups."""
    claim = claims.get(settings.GROUPS_CLAIM)
    return {name for name in claim if isinstance(name, str)} if isinstance(claim, list) else set()


def is_recent(claims):
    """Whether the employee has been at the directory as recently as was asked for.

    The request went through the browser, where max_age can be removed from it. So the token must say when the
    employee signed in (OpenID Connect Core, 3.1.3.7).
    """
    signed_in_at = claims.get("auth_time")
    if not isinstance(signed_in_at, int):
        return False
    return -LEEWAY <= time.time() - signed_in_at <= settings.GROUPS_MAX_AGE // 2 + LEEWAY


def logout_url(request):
    """Where to go so that the session at the issuer ends too."""
    home = request.build_absolute_uri(settings.LOGOUT_REDIRECT_URL)
    query = urlencode({"client_id": settings.OIDC_RP_CLIENT_ID, "returnTo": home})
    return f"{settings.ISSUER}v2/logout?{query}"


class EmployeeBackend(OIDCAuthenticationBackend):
    """Updates, at each sign-in, who an employee is and what they may do, as the directory says."""

    def get_userinfo(self, access_token, id_token, payload):
        # The ID token was verified and carries all that is needed; asking again would only cost a request.
        return payload

    def get_or_create_user(self, access_token, id_token, payload):
        user = super().get_or_create_user(access_token, id_token, payload)
        if user is not None:
            user.signed_in_at = payload["auth_time"]
        return user

    def verify_claims(self, claims):
        if not is_recent(claims):
            logger.warning("Refused %s: the token is not of a recent sign-in at the directory", claims.get("sub"))
            return False
        if groups_of(claims) & settings.STAFF_GROUPS:
            return True
        logger.warning("Refused %s: in none of the groups that may sign in", claims.get("sub"))
        # What an earlier sign-in has granted must not outlive the group.
        for user in self.filter_users_by_claims(claims):
            user.groups.clear()
            user.is_staff = user.is_superuser = False
            user.save(update_fields=["is_staff", "is_superuser"])
        return False

    def filter_users_by_claims(self, claims):
        # By subject: an email address may be given to somebody else one day.
        return self.UserModel.objects.filter(username=self.get_username(claims))

    def get_username(self, claims):
        # Django's usernames have no "|", and subjects have one after the connection's strategy.
        return claims["sub"].replace("|", "+")

    def create_user(self, claims):
        user = self.UserModel.objects.create_user(self.get_username(claims))
        return self.update_user(user, claims)

    def update_user(self, user, claims):
        groups = groups_of(claims)
        user.email = claims.get("email", "")
        user.first_name = claims.get("given_name", "")[:150]
        user.last_name = claims.get("family_name", "")[:150]
        user.is_staff = bool(groups & settings.STAFF_GROUPS)
        user.is_superuser = bool(groups & settings.SUPERUSER_GROUPS)
        user.save()
        for name in groups & settings.STAFF_GROUPS:
            Group.objects.get_or_create(name=name)
        # Of the hundreds of groups in a directory, those count that somebody has made here too, and given
        # permissions.
        user.groups.set(Group.objects.filter(name__in=groups))
        return user


class CallbackView(OIDCAuthenticationCallbackView):
    """Notes when the employee was at the directory, which is what their groups' age counts from."""

    def login_success(self):
        response = super().login_success()
        self.request.session["signed_in_at"] = self.user.signed_in_at
        return response
