"""What the frame around every page shows: plan year, as-of day, which years there are."""


def frame(request):
    return {}
