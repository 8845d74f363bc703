"""The demonstration data: tables, the builder that enters them by the services, and their removal."""

from projects.models import DemoMark

# The mark that is left when the demonstration was taken out, of no table: so that no start fills it in again.
TAKEN_OUT = "removed"


def is_demo_shown() -> bool:
    """Whether demonstration data stands in the database; one query."""
    return DemoMark.objects.exclude(model=TAKEN_OUT).exists()


def was_demo_removed() -> bool:
    """Whether somebody took the demonstration out of this database."""
    return DemoMark.objects.filter(model=TAKEN_OUT).exists()
