"""Whoever got a password from another person changes it before anything else; a session ends when nobody uses it."""

import time

from django.http import HttpResponse
from django.shortcuts import redirect

# Beside the pages open to everybody: what leads out of here.
STILL_OPEN = {"accounts:password_change", "accounts:logout", "admin:logout"}


class PasswordMiddleware:
    """Leads to the change of password while ``must_change_password`` stands; after log-in is settled."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        must_change = request.user.is_authenticated and request.user.must_change_password
        is_open = not getattr(view_func, "login_required", True) or request.resolver_match.view_name in STILL_OPEN
        if not must_change or is_open:
            return None
        answer = redirect("accounts:password_change")
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url}) if request.htmx else answer


STEP_SECONDS = 15 * 60


class LastUseMiddleware:
    """Counts the hours of a session from its last use: moved on every quarter of an hour, not by each page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        user = request.user
        if user.is_authenticated:
            since = request.session.get("last_use") or (user.last_login.timestamp() if user.last_login else 0)
            if time.time() - since > STEP_SECONDS:
                request.session["last_use"] = int(time.time())
        return answer
