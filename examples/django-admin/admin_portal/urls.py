from django.contrib import admin, auth
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.http import urlencode
from mozilla_django_oidc.views import OIDCLogoutView


def sign_in(request):
    """The admin's own form asks for a password, and nobody has one here."""
    following = request.GET.get("next", reverse("admin:index"))
    return redirect(f"{reverse('oidc_authentication_init')}?{urlencode({'next': following})}")


def no_access(request):
    auth.logout(request)
    text = "You are not signed in: none of your groups may sign in here, or the sign-in was refused. Try again: "
    return HttpResponse(f'{text}<a href="{reverse("admin:index")}">sign in</a>', status=403)


def home(request):
    return HttpResponse(f'<a href="{reverse("admin:index")}">To the admin</a>')


urlpatterns = [
    path("", home, name="home"),
    path("no-access/", no_access, name="no_access"),
    path("oidc/", include("mozilla_django_oidc.urls")),
    path("admin/login/", sign_in),
    path("admin/logout/", OIDCLogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
]
