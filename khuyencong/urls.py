"""Addresses: each app's own under Vietnamese paths, the admin, two open pages, and whatever is left."""

from django.contrib import admin
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import Resolver404, include, path, re_path, resolve

from khuyencong import health, typed


def unknown(request):
    """Any address that nothing answers: only here does the log-in come before the 404.

    Since this pattern matches everything, it also adds the forgotten slash at the end.
    """
    if request.method in {"GET", "HEAD"} and not request.path_info.endswith("/"):
        with_slash = f"{request.path_info}/"
        try:
            found = resolve(with_slash).func
        except Resolver404:
            found = unknown
        if found is not unknown:
            return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    raise Http404


urlpatterns = [
    path("suc-khoe/", health.alive, name="alive"),
    path("san-sang/", health.ready, name="ready"),
    path("quan-tri/", admin.site.urls),
    path("doc-lai/", typed.read_back, name="read_back"),
    path("", include("places.urls")),
    path("", include("accounts.urls")),
    path("", include("funding.urls")),
    path("", include("reports.urls")),
    path("", include("projects.urls")),
    re_path("", unknown, name="unknown"),
]
