"""Log-in for every page, and rules that refuse shown as a page with their reason."""

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from khuyencong.asof import as_of, plan_year
from khuyencong.errors import NotAllowed, Refused
from khuyencong.htmx import wants_fragment


class LoginMiddleware(LoginRequiredMiddleware):
    """An expired session answers htmx with a full-page redirect, not with a log-in form in a table cell."""

    def get_login_url(self, view_func):
        """The site's own, also where the admin names another."""
        return settings.LOGIN_URL

    def handle_no_permission(self, request, view_func):
        if not request.htmx:
            return super().handle_no_permission(request, view_func)
        back = request.htmx.current_url_abs_path or request.get_full_path()
        login = redirect_to_login(back, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
        return HttpResponse(status=204, headers={"HX-Redirect": login.url})


class RefusalMiddleware:
    """Turns NotAllowed and Refused into a 422, and refuses an unreadable day or year on every page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            # Open pages show no figures, and whoever watches the server must not be refused.
            return None
        try:
            as_of(request)
            plan_year(request)
        except Refused as refusal:
            return self.refuse(request, refusal)

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed | Refused):
            return self.refuse(request, exception)

    def refuse(self, request, refusal):
        if isinstance(refusal, Refused):
            # The frame around the page reads the same parameters and would refuse once more.
            request.GET = QueryDict()
        template = "components/_refusal.html" if wants_fragment(request) else "422.html"
        context = {"refusal": refusal, "message": refusal.message, "way_out": refusal.way_out}
        return render(request, template, context, status=422)
