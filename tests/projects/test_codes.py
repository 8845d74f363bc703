"""The code proposed for the next đề án: of its year, and of its source where codes name sources."""

import pytest

from accounts.models import Role
from projects.codes import next_codes
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("codes", "source", "first"),
    [
        ([], "", "KCDP-2019-001"),
        ([], "KCQG", "KCQG-2019-001"),
        (["KCQG-2019-004", "KCDP-2019-012"], "", "KCDP-2019-013"),
        (["KCQG-2019-004", "KCDP-2019-012"], "KCQG", "KCQG-2019-005"),
        # The office's own way to write a source, and its width, also from an earlier year.
        (["KCĐP-2018-0007", "KCQG-2019-0004"], "KCDP", "KCĐP-2019-0001"),
        (["KCDP-2019-012"], "KCQG", "KCQG-2019-001"),
        # Codes that name no source go on as they are.
        (["ĐA-2019-05"], "KCQG", "ĐA-2019-06"),
    ],
)
def test_the_first_code_proposed(codes, source, first):
    for code in codes:
        make.make_project(code=code)
    assert next_codes(2019, source)[0] == first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("nam=2019", "KCDP-2019-001"),
        ("nam=2020&nguon={own}&nguon={national}", "KCQG-2020-001"),
        ("nguon=x&nam=2021", "KCDP-2021-001"),
    ],
)
def test_the_page_is_told_the_code_of_its_year_and_first_counted_source(query, first, client):
    client.force_login(make.make_user(Role.STAFF))
    query = query.format(own=make.source("DOIUNG").pk, national=make.source("KCQG").pk)
    assert client.get(f"/tim/ma-de-an/?{query}").json()["codes"][0] == first
