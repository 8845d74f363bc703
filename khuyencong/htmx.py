"""What a view asks of htmx."""


def wants_fragment(request):
    """True where a part of a page was asked for; a boosted link or a step back needs the whole page."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request
