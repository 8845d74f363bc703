"""Lists on a phone: the days at one edge, whatever stands beside them."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from projects.services import set_milestone
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_days_of_all_lists_of_a_page_begin_at_one_edge(page_as):
    make.make_plan()
    line = make.make_signed_line()
    set_milestone(project=line.project, line=line, name="Lắp đặt máy", due_on=make.ACCEPTED_ON, set_on=make.SIGNED_ON)
    page = page_as(make.make_user(Role.STAFF))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{page.site}/de-an/{line.project_id}/")
    milestone = page.locator("#moc .list li", has_text="Lắp đặt máy")
    expect(milestone.locator(".chip")).to_be_visible()
    days = page.locator(".list li > time")
    assert days.count() > 2
    assert len({round(day.bounding_box()["x"]) for day in days.all()}) == 1
