from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from khuyencong.asof import as_of, plan_year
from khuyencong.dates import format_day, is_overdue, local_today, month_span, parse_iso
from khuyencong.errors import Refused


def ask(query=""):
    return RequestFactory().get(f"/?{query}")


def test_an_iso_day_is_read():
    assert parse_iso("2019-05-31") == date(2019, 5, 31)


@pytest.mark.parametrize("text", ["31/05/2019", "2019-02-31", "20190531", "2019-W22-5", "2019-5-1", "", "mai"])
def test_what_is_no_iso_day_is_refused_in_vietnamese(text):
    with pytest.raises(ValueError, match="không phải là một ngày"):
        parse_iso(text)


def test_a_month_spans_its_days_in_leap_years_too():
    assert month_span("2019-05") == (date(2019, 5, 1), date(2019, 5, 31))
    assert month_span("2020-02") == (date(2020, 2, 1), date(2020, 2, 29))
    assert month_span("2019-12") == (date(2019, 12, 1), date(2019, 12, 31))


@pytest.mark.parametrize("text", ["2019-13", "2019-5", "05/2019", "0000-01", "9999-12", ""])
def test_what_is_no_month_is_refused_in_vietnamese(text):
    with pytest.raises(ValueError, match="không phải là một tháng"):
        month_span(text)


def test_what_is_due_on_a_day_is_late_only_from_the_next():
    assert not is_overdue(date(2019, 5, 31), date(2019, 5, 31))
    assert is_overdue(date(2019, 5, 31), date(2019, 6, 1))


def test_a_moment_is_printed_by_its_local_day():
    assert format_day(datetime(2019, 5, 31, 18, 0, tzinfo=UTC)) == "01/06/2019"
    assert format_day(date(2019, 5, 3)) == "03/05/2019"
    assert format_day(None) == ""


def test_the_as_of_day_is_today_unless_named():
    assert as_of(ask()) == local_today()
    assert as_of(ask("ngay=")) == local_today()
    assert as_of(ask("ngay=2019-05-31")) == date(2019, 5, 31)


def test_an_as_of_day_that_is_no_date_is_refused():
    with pytest.raises(Refused) as refusal:
        as_of(ask("ngay=2019-02-31"))
    assert "2019-02-31" in refusal.value.message


def test_the_plan_year_is_that_of_the_day_unless_named():
    assert plan_year(ask("ngay=2019-05-31")) == 2019
    assert plan_year(ask("ngay=2019-05-31&nam=2020")) == 2020
    assert plan_year(ask()) == local_today().year


@pytest.mark.parametrize("text", ["1999", "2101", "hai", "2_019", "%2B2019", "2019.0", "٢٠١٩"])
def test_a_plan_year_that_is_none_is_refused(text):
    with pytest.raises(Refused):
        plan_year(ask(f"nam={text}"))


def test_money_percents_and_days_print_in_every_template():
    template = Template("{{ n|vnd }} {{ n|million }} {{ p|percent_vi }} {{ d|day }}|{{ x|vnd }}{{ x|day }}")
    shown = template.render(Context({"n": 262_500_000, "p": Decimal("70"), "d": date(2019, 5, 31), "x": None}))
    assert shown == "262.500.000 262,5 70,00 31/05/2019|"


def test_a_value_that_is_not_there_prints_nothing():
    template = Template("{{ x|vnd }}{{ x|million }}{{ x|percent_vi }}{{ x|day }}")
    assert template.render(Context({})) == ""
