"""Limits the age of an employee's rights, counted from their last real sign-in at the directory."""

import time

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

# What works without a sign-in, or is a part of one. Everything else needs one that is young enough, whatever
# the method.
EXEMPT = ("oidc_authentication_init", "oidc_authentication_callback", "oidc_logout", "logout", "no_access", "home")


class FreshGroups:
    """Runs nothing with rights that are older than GROUPS_MAX_AGE.

    Pages are renewed at half that age, so that a person who opens a form has the other half to fill it in.
    A renewal is a usual sign-in with max_age: the directory is asked again, and answers without a click while
    its own session lasts. (With prompt=none the tenant would answer from its own session, with the groups of
    the last real sign-in.)
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated or request.path in {reverse(name) for name in EXEMPT}:
            return self.get_response(request)
        navigates = request.method in ("GET", "HEAD") and not is_script(request)
        limit = settings.GROUPS_MAX_AGE / 2 if navigates else settings.GROUPS_MAX_AGE
        if time.time() - request.session.get("signed_in_at", 0) <= limit:
            return self.get_response(request)
        return renew(request)


def is_script(request):
    """Whether a script asks, which cannot follow the employee to the directory."""
    dest = request.headers.get("sec-fetch-dest", "document")
    return request.headers.get("x-requested-with") == "XMLHttpRequest" or dest == "empty"


def renew(request):
    """Sends the browser to the directory and then back to this page.

    A form that was sent is not carried out, and a message tells the employee so.
    """
    if is_script(request):
        return HttpResponse("The sign-in must be renewed. Load the page again.", status=403, content_type="text/plain")
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, "Nothing was changed: your sign-in had to be renewed first. Please send the form again.")
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('oidc_authentication_init')}?{query}", status=303)
