"""A page reads all its figures at one moment, and neither waits for a writer nor lets one wait."""

import re
from datetime import date
from functools import partial
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from accounts.models import Role
from funding.models import PlanLine
from khuyencong.database import at_one_moment
from projects.workbook.exporting import export_workbook
from reports.rows import read_year
from tests import factories as make
from tests.bulk import make_year
from tests.test_lists import addresses

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


def asked_outside(read):
    """What ``read()`` asks of the office's tables outside a transaction, where two queries may see two moments."""
    found = []

    def look(execute, sql, params, many, context):
        if not connection.in_atomic_block and re.search(r'FROM "(projects|funding)_', sql):
            found.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        read()
    return found


def test_every_page_and_file_reads_at_one_moment(transactional_db, client, tmp_path):
    make_year(3)
    client.force_login(make.make_user(Role.MANAGER))
    outside = {what: asked_outside(partial(client.get, address)) for what, address in addresses().items()}
    outside["export"] = asked_outside(partial(export_workbook, tmp_path / "x.xlsx", 2019))
    assert not {what: queries for what, queries in outside.items() if queries}
