"""What is left of a source: each step, the rest after it, and the address of its list."""

from datetime import date

import pytest

from projects.pages.room import room_effects, room_of
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2019, 5, 31)


def test_a_room_tells_each_step_and_the_rest_after_it():
    make.make_plan(amount_vnd=900 * make.MILLION)
    line = make.make_signed_line(300 * make.MILLION)
    make.approve(line, 100 * make.MILLION)
    make.advance(line, 50 * make.MILLION)
    (room,) = room_of([make.source("KCQG"), make.source("DOIUNG")], 2019, DAY)
    in_millions = [
        getattr(room, name) // make.MILLION
        for name in ("assigned_vnd", "approved_vnd", "unallocated_vnd", "unsigned_vnd", "unpaid_vnd")
    ]
    assert in_millions == [900, 400, 500, 100, 350]


def test_a_source_without_plan_says_so_and_each_row_opens_its_list(client):
    rows = room_effects(room_of([make.source("KCDP")], 2019, DAY))
    assert [text for _, text, _ in rows] == ["chưa có", "0", "chưa có"]
    client.force_login(make.make_user())
    assert [client.get(url).status_code for _, _, url in rows] == [200, 200, 200]
