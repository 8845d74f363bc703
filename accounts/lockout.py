"""The lock after too many wrong passwords, which django-axes keeps by name and address."""

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.utils import timezone


def is_locked_out(person) -> bool:
    """Whether this name is locked at some address now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(username=person.username, attempt_time__gte=since)
    return attempts.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists()


def unlock(person):
    reset(username=person.username)
