"""Agencies change their names; a paper of a day bears the name of that day."""

import pytest

from funding.models import AgencyFormerName
from tests.factories import day, make_agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    agency = make_agency("Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công")
    for name, until in (("Cục Công nghiệp địa phương", "2017-08-17"), ("Cục Công Thương địa phương", "2025-08-25")):
        AgencyFormerName.objects.create(agency=agency, name=name, used_until=day(until))
    return agency


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("2013-12-27", "Cục Công nghiệp địa phương"),
        ("2017-08-17", "Cục Công nghiệp địa phương"),
        ("2017-08-18", "Cục Công Thương địa phương"),
        ("2025-08-25", "Cục Công Thương địa phương"),
        ("2025-08-26", "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"),
    ],
)
def test_an_agency_is_called_as_it_was_on_the_day(agency, on, name):
    assert agency.name_on(day(on)) == name
