"""What the frame around every page shows, and at what price."""

import re

import pytest
from django.test import RequestFactory
from django.urls import resolve

from accounts.models import Role
from khuyencong.dates import local_today
from reports.frame import frame, frame_of
from tests import factories as make


def asked(path, user):
    request = RequestFactory().get(path)
    request.user, request.resolver_match = user, resolve(request.path_info)
    return request


@pytest.fixture
def reader(db):
    return make.make_user(Role.VIEWER)


def test_year_and_day_are_those_asked_for(reader):
    found = frame_of(asked("/?nam=2019&ngay=2020-01-31", reader))
    assert (found.year, str(found.day), found.is_today) == (2019, "2020-01-31", False)


def test_today_and_its_year_stand_where_nothing_is_asked(reader):
    found = frame_of(asked("/", reader))
    assert (found.year, found.day, found.is_today) == (local_today().year, local_today(), True)


def test_years_with_a_line_or_a_plan_are_offered_newest_first(reader):
    make.make_line(plan_year=2017)
    make.make_plan(year=2018)
    found = frame_of(asked("/?nam=2015", reader))
    assert found.years == [local_today().year, 2018, 2017, 2015]
    assert found.other_years == [2018, 2017]


@pytest.mark.parametrize("path", ["/?nam=2015", "/ke-hoach/2015/", "/"])
def test_an_empty_year_leads_to_the_years_with_data_alone(path, reader, client):
    make.make_line(plan_year=2018)
    client.force_login(reader)
    text = client.get(path).content.decode()
    empty = text[text.index('class="empty"') :]
    assert re.findall(r"nam=(\d{4})[^>]*>\d{4}</a>", empty) == ["2018"]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/", "dashboard"),
        ("/so-lieu/projects/", "dashboard"),
        ("/so-lieu/tinh-trang/ngung/", "dashboard"),
        ("/de-an/", "projects"),
        ("/hop-dong/", "contracts"),
        ("/co-so/", "beneficiaries"),
        ("/ke-hoach/2019/", "plan"),
        ("/chi-tra/", "payments"),
        ("/chi-tra/da-chi/", "payments"),
        ("/tien-do/", "milestones"),
        ("/bao-cao/", "reports"),
        ("/bao-cao/thang/2019-05/", "reports"),
    ],
)
def test_the_left_marks_where_the_page_belongs(reader, path, section):
    assert frame_of(asked(path, reader)).section == section


def test_only_an_administrator_sees_the_way_to_the_admin(reader):
    assert not frame_of(asked("/", reader)).can_admin
    assert frame_of(asked("/", make.make_user(Role.ADMIN))).can_admin


def test_the_frame_takes_two_queries(reader, query_count):
    assert query_count(lambda: frame_of(asked("/", reader))) == 2


def test_a_page_that_draws_no_frame_asks_nothing(reader, query_count):
    assert query_count(lambda: frame(asked("/", reader))) == 0


def test_the_page_of_a_year_names_that_year_in_the_frame(reader, client):
    client.force_login(reader)
    assert "Năm kế hoạch</span><span" in client.get("/ke-hoach/2018/").content.decode()
    assert client.get("/ke-hoach/2018/").context["frame"].year == 2018


def test_the_year_picker_of_a_years_page_leads_to_the_chosen_year(reader, client):
    client.force_login(reader)
    assert client.get("/ke-hoach/?nam=2018&ngay=2018-05-31")["Location"] == "/ke-hoach/2018/?ngay=2018-05-31"


def test_a_months_page_stands_on_its_last_day(reader, client):
    client.force_login(reader)
    frame_shown = client.get("/bao-cao/thang/2019-02/").context["frame"]
    assert (str(frame_shown.day), frame_shown.year) == ("2019-02-28", 2019)


def test_the_day_picker_of_a_months_page_leads_to_the_month_of_the_day(reader, client):
    client.force_login(reader)
    assert client.get("/bao-cao/thang/?ngay=2019-08-31")["Location"] == "/bao-cao/thang/2019-08/"
    assert client.get("/bao-cao/thang/?ngay=2019-08-15")["Location"] == "/bao-cao/thang/2019-08/?ngay=2019-08-15"
