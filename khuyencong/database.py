"""Reading at one moment: what is written meanwhile is seen by all queries of a page, or by none."""

from contextlib import contextmanager
from functools import wraps

from django.db import connection, transaction


def at_one_moment(read, *args, **kwargs):
    """Run ``read``, which writes nothing (PostgreSQL would refuse it), so that all its queries see the same moment."""
    with _without_lock(), transaction.atomic():
        if connection.vendor == "postgresql" and not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return read(*args, **kwargs)


@contextmanager
def _without_lock():
    """SQLite: IMMEDIATE, which writers need, would let every reader wait for them, and them for every reader."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    # The mode is known once connected; a command has not been yet.
    connection.ensure_connection()
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = mode


def one_moment(view):
    """Decorate a view that only reads: the page, its frame included, is of one moment."""

    @wraps(view)
    def reading(*args, **kwargs):
        return at_one_moment(view, *args, **kwargs)

    return reading
