"""Whose address a request comes from, where proxies stand in front."""

from django.conf import settings


def client_address(request):
    """The address that the outermost of our ``PROXIES`` saw; the connection's own where there are none.

    Each proxy adds the address that it saw at the end of X-Forwarded-For. What stands before those was sent by
    the client and may say anything.
    """
    seen = [address.strip() for address in request.headers.get("X-Forwarded-For", "").split(",") if address.strip()]
    if settings.PROXIES and len(seen) >= settings.PROXIES:
        return seen[-settings.PROXIES]
    return request.META.get("REMOTE_ADDR")
