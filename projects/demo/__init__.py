"""The demonstration data: tables, the builder that enters them by the services, and their removal."""

from projects.models import DemoMark


def is_demo_shown() -> bool:
    """Whether demonstration data stands in the database; one query."""
    return DemoMark.objects.exists()
