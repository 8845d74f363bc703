"""Every norm row worked out once on each side of the night of 10 to 11 May 2018, as a table to be read."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Role
from funding.models import Activity, Level, SupportNorm
from funding.norms import Case, allowance, judge
from khuyencong.errors import NotAllowed
from khuyencong.rows import keep
from tests.factories import MILLION, make_user

pytestmark = pytest.mark.django_db

FIRST, LAST, NEXT = date(2014, 4, 8), date(2018, 5, 10), date(2018, 5, 11)
UNTIL, SINCE = "10/5/2018", "11/5/2018"
DAYS = {UNTIL: LAST, SINCE: NEXT}

# What the norm is held against: the total cost, or for those marked * what the norm itself names (booth rent, air
# tickets, interest, the money of the year, the estimate of the đề án). Million đồng; "-": none, not worked out.
WORKED = """
code  day        cost    support  allowed  excess
N01   10/5/2018  100     12       10       2
N02a  10/5/2018  2000    600      500      100
N02a  11/5/2018  2000    700      600      100
N02a  11/5/2018  4000    1100     1000     100
N02b  10/5/2018  500     100      100      0
N04   10/5/2018  600     250      200      50
N04   11/5/2018  600     250      300      0
N04   11/5/2018  400     250      200      50
N04L  11/5/2018  1000    500      450      50
N05a  10/5/2018  300     310      300      10
N05b  10/5/2018  10*     9        8        1
N06   10/5/2018  800     800      800      0
N06   11/5/2018  800     801      800      1
N07   10/5/2018  40*     41       40       1
N07   11/5/2018  40*     40       40       0
N08a  10/5/2018  -       150      100      50
N08a  11/5/2018  -       250      200      50
N08b  10/5/2018  -       250      200      50
N08b  11/5/2018  -       450      400      50
N08c  10/5/2018  -       6        5        1
N08d  10/5/2018  -       11       10       1
N09   10/5/2018  60      35       30       5
N09   10/5/2018  100     40       35       5
N10   10/5/2018  50      30       25       5
N10   10/5/2018  90      36       35       1
N11   10/5/2018  100     100      -        0
N12a  10/5/2018  200     65       60       5
N12a  10/5/2018  300     75       70       5
N12b  10/5/2018  400     100      100      0
N13   10/5/2018  200     110      100      10
N13   10/5/2018  400     160      150      10
N14   10/5/2018  300*    160      150      10
N14   10/5/2018  1200*   550      500      50
N15   10/5/2018  900     280      270      10
N15   10/5/2018  2000    310      300      10
N16   10/5/2018  4000    1300     1200     100
N16   10/5/2018  9000    1500     1500     0
N17   10/5/2018  800     410      400      10
N17   10/5/2018  2000    510      500      10
N18   10/5/2018  -       3500     3000     500
N18   11/5/2018  -       3500     6000     0
N19a  10/5/2018  2000*   31       30       1
N19b  10/5/2018  400*    10       10       0
"""
# Read in no text: shown beside what applies, and never worked out. N03 came in 2018.
UNCONFIRMED = """
N01 N02b N03 N05a N05b N08c N08d N09 N10 N12a N12b N13 N14 N15 N16 N17 N19a N19b M1
"""


def table():
    _, *rows = (line.split() for line in WORKED.strip().splitlines())
    return rows


def vnd(text):
    return None if text == "-" else int(text.rstrip("*")) * MILLION


def norm(code, day):
    return SupportNorm.objects.in_force(DAYS[day]).get(code=code, level=Level.NATIONAL)


def case(row, day, cost, support):
    costs = {"base_cost_vnd" if cost.endswith("*") else "total_cost_vnd": vnd(cost)}
    is_line = row.multiplier == SupportNorm.Multiplier.TECHNOLOGY_LINE
    return Case(
        Level.NATIONAL, row.activity_id, DAYS[day], support_vnd=vnd(support), is_technology_line=is_line, **costs
    )


@pytest.mark.parametrize(("code", "day", "cost", "support", "allowed", "excess"), table())
def test_a_row_allows_what_the_table_says(code, day, cost, support, allowed, excess):
    row = norm(code, day)
    assert row.is_verified
    found = allowance(row, case(row, day, cost, support))
    assert (found.allowed_vnd, found.excess_vnd) == (vnd(allowed), vnd(excess)), found.steps
    assert found.steps, "every calculation is told"


@pytest.mark.parametrize(("code", "day", "cost", "support", "allowed", "excess"), table())
def test_judged_by_its_activity_it_allows_no_less(code, day, cost, support, allowed, excess):
    """Votes of region and nation, models new and copied share an activity: the more generous one is meant."""
    row = norm(code, day)
    found = judge(SupportNorm.objects.all(), case(row, day, cost, support))
    if row.activity_id is None:
        assert found.norm is None, "no activity of the yearly form leads to it"
    elif vnd(allowed) is None:
        assert found.allowed_vnd is None
    else:
        assert found.allowed_vnd is None or found.allowed_vnd >= vnd(allowed)
        assert found.excess_vnd <= vnd(excess)


def test_the_table_works_out_every_confirmed_row_of_both_circulars():
    worked = {(code, DAYS[day]) for code, day, *_ in table()}
    confirmed = SupportNorm.objects.filter(is_verified=True).exclude(code="M1")
    assert worked == {(row.code, row.valid_to or row.valid_from) for row in confirmed}


def test_what_nobody_read_is_in_force_since_2018_and_applied_never():
    rows = SupportNorm.objects.filter(is_verified=False)
    assert sorted(row.code for row in rows) == sorted(UNCONFIRMED.split())
    assert {(row.valid_from, row.valid_to) for row in rows} == {(NEXT, None)}
    for row in rows.exclude(activity=None):
        found = judge(SupportNorm.objects.all(), case(row, SINCE, "100", "90"))
        assert found.norm != row and any(f"{row.code} " in step and "chưa xác minh" in step for step in found.steps)


@pytest.mark.parametrize(
    ("code", "cost", "plain", "multiplied"),
    [("N04", "600", 200, 300), ("N09", "100", 35, 50), ("N18", "-", 3000, 4500)],
)
def test_the_multiplier_of_2014_lifts_the_ceiling_up_to_one_and_a_half(code, cost, plain, multiplied):
    row = norm(code, UNTIL)
    base = case(row, UNTIL, cost, "1")
    assert allowance(row, base).allowed_vnd == plain * MILLION
    assert allowance(row, base, factor=norm("M1", UNTIL).multiplier_max).allowed_vnd == multiplied * MILLION
    assert not norm("M1", SINCE).is_verified


@pytest.mark.parametrize(("on", "codes"), [(date(2014, 4, 7), 0), (FIRST, 26), (LAST, 26), (NEXT, 27)])
def test_so_many_rows_are_in_force_on_each_edge(on, codes):
    assert SupportNorm.objects.in_force(on).count() == codes


# --- edited by an administrator -------------------------------------------------------------------


def row(valid_from, valid_to=None, **fields):
    named = {"code": "N04", "level": Level.NATIONAL, "name": "Máy móc", "legal_basis": "Văn bản thử"}
    return SupportNorm(
        **{**named, "valid_from": valid_from, "valid_to": valid_to, "percent_max": Decimal(50), **fields}
    )


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_taken"),
    [
        (date(2014, 1, 1), date(2014, 4, 7), False),  # ends the day before the row of 2014 begins
        (date(2014, 1, 1), FIRST, True),  # ends on its first day
        (LAST, LAST, True),  # its last day alone
        (NEXT, NEXT, True),  # the first day of the row of 2018
        (date(2013, 1, 1), None, True),  # over both
        (date(2030, 1, 1), None, True),  # the row of 2018 has no end
    ],
)
def test_overlapping_validity_is_refused_at_both_edges(valid_from, valid_to, is_taken):
    if is_taken:
        with pytest.raises(NotAllowed, match="chồng lên thời gian này"):
            keep(row(valid_from, valid_to))
    else:
        keep(row(valid_from, valid_to))


def test_a_norm_of_another_level_or_code_overlaps_nothing():
    keep(row(NEXT, level=Level.PROVINCE))
    keep(row(NEXT, code="N04X"))


def test_the_row_before_ended_yesterday_lets_the_new_one_begin_today():
    old = norm("N04", SINCE)
    old.valid_to = date(2024, 12, 31)
    keep(old)
    keep(row(date(2025, 1, 1)))
    with pytest.raises(NotAllowed):
        keep(row(date(2024, 12, 31), date(2024, 12, 31)))


def test_the_form_of_a_norm_refuses_an_overlap_and_asks_for_the_legal_basis(client):
    client.force_login(make_user(Role.ADMIN))
    machines = Activity.objects.get(code="HD10")
    typed = {
        "code": "N04",
        "name": "Máy móc",
        "level": Level.NATIONAL,
        "activity": machines.pk,
        "percent_max": "50",
        "multiplier": "none",
        "valid_from": "11/05/2018",
        "legal_basis": "Văn bản thử",
    }
    count = SupportNorm.objects.count()
    for wrong, said in (({}, "chồng lên thời gian này"), ({"legal_basis": "", "code": "N99"}, "legal_basis")):
        answer = client.post("/danh-muc/muc-ho-tro/moi/", {**typed, **wrong})
        assert answer.status_code in (200, 422) and said in answer.content.decode(), answer.content.decode()[-2000:]
    assert SupportNorm.objects.count() == count
    assert client.post("/danh-muc/muc-ho-tro/moi/", {**typed, "code": "N99"}).status_code == 302
