"""What an employee who leaves may still do, and for how long.

`manage.py test` needs no tenant, because this file contains a minimal one.
"""

import time
from unittest import mock
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import TestCase
from django.urls import reverse

HALF, WHOLE = settings.GROUPS_MAX_AGE / 2, settings.GROUPS_MAX_AGE


class Tenant:
    """A tenant with its own session, from which it answers while max_age allows. Otherwise it asks the directory."""

    def __init__(self, clock):
        self.clock = clock
        self.directory = {"ada": ["Admin Portal Administrators"]}
        self.session = None

    def authorize(self, location):
        """Follows the browser to the tenant. Answers the callback's query, and the claims that the code is worth."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        max_age = int(asked["max_age"]) if "max_age" in asked else float("inf")
        if self.session is None or self.clock() - self.session["auth_time"] > max_age:
            if "ada" not in self.directory:
                return {"state": asked["state"], "error": "access_denied"}, None
            self.session = {"auth_time": int(self.clock()), "groups": list(self.directory["ada"])}
        claims = {"sub": "waad|ada", "nonce": asked["nonce"], settings.GROUPS_CLAIM: self.session["groups"]}
        return {"state": asked["state"], "code": "a-code"}, claims | {"auth_time": self.session["auth_time"]}


class FreshGroupsTest(TestCase):
    def setUp(self):
        self.moved = 0
        real = time.time
        self.start(mock.patch("time.time", lambda: real() + self.moved))
        self.tenant = Tenant(lambda: real() + self.moved)
        self.claims = {}
        backend = "admin_portal.sign_in.EmployeeBackend"
        self.start(mock.patch(f"{backend}.get_token", lambda *_: {"id_token": "a-token", "access_token": "x"}))
        self.start(mock.patch(f"{backend}.verify_token", lambda *_, **__: self.claims))
        self.get(reverse("admin:index"))

    def start(self, patch):
        patch.start()
        self.addCleanup(patch.stop)

    def get(self, path, **headers):
        return self.follow(self.client.get(path, **headers))

    def post(self, name):
        """Makes a group in the admin."""
        return self.client.post(reverse("admin:auth_group_add"), {"name": name})

    def follow(self, response):
        """Goes where the browser is sent, to the tenant too, until there is a page."""
        for _ in range(10):
            if response.status_code not in (302, 303):
                return response
            location = response["location"]
            if location.startswith(settings.ISSUER):
                query, self.claims = self.tenant.authorize(location)
                response = self.client.get(reverse("oidc_authentication_callback"), query)
            else:
                response = self.client.get(location)
        self.fail(f"Too many redirections, at {location}")

    def test_an_employee_who_stays_keeps_working_without_a_click(self):
        for _ in range(10):
            self.moved += WHOLE - 1
            self.assertContains(self.get(reverse("admin:index")), "Site administration")

    def test_a_page_is_renewed_by_the_directory_and_not_from_the_tenants_session(self):
        first = self.tenant.session["auth_time"]
        self.moved += HALF + 1
        self.get(reverse("admin:index"))
        self.assertGreater(self.tenant.session["auth_time"], first)

    def test_a_page_is_not_renewed_before_half_the_limit(self):
        self.moved += HALF - 5
        self.assertEqual(self.client.get(reverse("admin:index")).status_code, 200)

    def test_who_left_a_group_reads_nothing_after_the_limit(self):
        self.tenant.directory["ada"] = []
        self.moved += WHOLE + 1
        self.assertEqual(self.get(reverse("admin:index")).status_code, 403)
        self.assertEqual(User.objects.filter(is_staff=True).count(), 0)

    def test_who_has_fewer_groups_may_do_less_after_the_limit(self):
        self.tenant.directory["ada"] = ["Admin Portal Users"]
        self.moved += WHOLE + 1
        self.assertContains(self.get(reverse("admin:index")), "permission to view or edit anything")
        self.assertFalse(User.objects.get().is_superuser)

    def test_who_left_the_company_is_signed_out_after_the_limit(self):
        del self.tenant.directory["ada"]
        self.moved += WHOLE + 1
        self.assertEqual(self.get(reverse("admin:index")).status_code, 403)
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_a_form_is_taken_until_the_limit(self):
        self.moved += WHOLE - 5
        self.post("Made in time")
        self.assertTrue(Group.objects.filter(name="Made in time").exists())

    def test_a_form_that_comes_later_does_nothing_and_says_so(self):
        for leave in (lambda: None, lambda: self.tenant.directory.update(ada=[])):
            leave()
            self.moved += WHOLE + 1
            answer = self.post("Made too late")
            self.assertEqual(answer.status_code, 303)
            self.assertFalse(Group.objects.filter(name="Made too late").exists())
        self.assertEqual(self.follow(answer).status_code, 403)

    def test_a_form_that_comes_later_leads_back_to_its_page(self):
        self.moved += WHOLE + 1
        page = self.follow(self.post("Made too late"))
        self.assertContains(page, "Nothing was changed")
        self.assertContains(page, "Add group")

    def test_every_method_but_reading_waits_for_the_renewal(self):
        self.moved += WHOLE + 1
        for method in ("put", "patch", "delete", "options"):
            self.assertEqual(getattr(self.client, method)(reverse("admin:index")).status_code, 303)

    def test_a_script_is_refused_after_the_limit_and_not_sent_away(self):
        self.moved += HALF + 1
        script = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
        self.assertEqual(self.client.get(reverse("admin:index"), **script).status_code, 200)
        self.moved += HALF
        for headers in (script, {"HTTP_SEC_FETCH_DEST": "empty"}):
            self.assertEqual(self.client.get(reverse("admin:index"), **headers).status_code, 403)

    def test_signing_out_works_however_old_the_sign_in_is(self):
        self.moved += WHOLE + 1
        self.client.post(reverse("logout"))
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_a_request_that_lost_its_max_age_on_the_way_is_refused(self):
        self.tenant.directory["ada"] = []
        self.moved += WHOLE + 1
        init = self.client.get(self.client.get(reverse("admin:index"))["location"])
        query, self.claims = self.tenant.authorize(init["location"].replace("max_age", "nothing"))
        answer = self.client.get(reverse("oidc_authentication_callback"), query)
        self.assertEqual(answer["location"], reverse("no_access"))

    def test_the_age_counts_from_the_directory_and_not_from_this_sign_in(self):
        self.client.logout()
        self.moved += HALF - 5
        self.get(reverse("admin:index"))
        self.moved += 10
        self.assertEqual(self.client.get(reverse("admin:index")).status_code, 303)

    def test_a_token_without_the_time_of_the_sign_in_is_refused(self):
        for auth_time in (None, "1700000000", int(time.time()) + 3600, True):
            self.client.logout()
            init = self.client.get(self.client.get(reverse("admin:login"))["location"])
            query, claims = self.tenant.authorize(init["location"])
            self.claims = claims | {"auth_time": auth_time}
            answer = self.follow(self.client.get(reverse("oidc_authentication_callback"), query))
            self.assertEqual(answer.status_code, 403, auth_time)
