"""A page reads all its figures at one moment, and neither waits for a writer nor lets one wait."""

from datetime import date
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from funding.models import PlanLine
from reports.rows import at_one_moment, read_year
from tests import factories as make

DAY = date(2019, 12, 31)


@pytest.fixture
def writer(transactional_db):
    """A thread that has written a plan line and commits when told: (start it, let it end)."""
    plan = make.make_plan(amount_vnd=100 * make.MILLION)
    has_written, may_end = Event(), Event()

    def write():
        with transaction.atomic():
            PlanLine.objects.filter(pk=plan.pk).update(amount_vnd=200 * make.MILLION)
            has_written.set()
            may_end.wait(30)
        connections.close_all()

    thread = Thread(target=write)

    def start():
        thread.start()
        assert has_written.wait(30)

    def end():
        may_end.set()
        thread.join()

    yield start, end
    if thread.is_alive():
        end()


def planned():
    return sum(row.amount_vnd for row in read_year(2019, DAY).plan)


def test_a_page_does_not_wait_for_a_writer(writer):
    start, end = writer
    start()
    assert at_one_moment(planned) == 100 * make.MILLION
    end()
    assert at_one_moment(planned) == 200 * make.MILLION


def test_what_is_written_meanwhile_is_not_seen_by_half(writer):
    start, end = writer

    def read_twice():
        before = planned()
        start()
        end()
        return before, planned()

    assert at_one_moment(read_twice) == (100 * make.MILLION, 100 * make.MILLION)


def test_writers_keep_their_own_way_of_locking(writer):
    mode = getattr(connection, "transaction_mode", None)
    at_one_moment(planned)
    assert getattr(connection, "transaction_mode", None) == mode
