"""A year in three batches and one paper over them: every column of its page on every day, worked out on paper."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Role
from projects.models import ProjectLine
from reports.dashboard_rows import read_activity_names
from reports.figures import block_of
from reports.links import figure_of
from reports.plan import MONEY_COLUMNS, PLAN_COLUMNS, plan_lines
from reports.rows import read_year
from tests import factories as make
from tests.projects.worked_paper import MILLION, effects_of, enter, enter_batches, plan_rows

pytestmark = pytest.mark.django_db
HEADS = [head for _, _, head in PLAN_COLUMNS] + [head for _, head in MONEY_COLUMNS] + ["Chưa phân bổ"]
ANSWERED = [
    "plan_requested_vnd",
    "plan_assigned_vnd",
    "support_vnd",
    "contracted_vnd",
    "advanced_vnd",
    "disbursed_vnd",
    "projects",
    "beneficiaries",
    "contracted_projects",
    "stopped_projects",
]

# The day from which on the row stands, until the next: in triệu đồng
# Văn bản đề nghị, Giao đầu năm, Điều chỉnh tăng, giảm, Chuyển nguồn, Sau điều chỉnh
# | Đề án đề nghị, được duyệt, đã ký, chưa ký, đã giải ngân | Chưa phân bổ.
KCQG_2019 = """
2018-06-20  1800     0    0    0  0     0 |    0    0    0     0    0 |    0   asked for, nothing given yet
2019-01-10  1800  1000    0    0  0  1000 |    0    0    0     0    0 | 1000   batch 1
2019-03-01  1800  1000    0    0  0  1000 |    0  900    0   900    0 |  100   A 300, B 200, C 250, D 150
2019-03-15  1800  1000    0    0  0  1000 |    0  900  450   450    0 |  100   A and D signed
2019-04-10  1800  1500    0    0  0  1500 |    0  900  450   450    0 |  600   batch 2
2019-04-15  1800  1500    0    0  0  1500 |    0 1450  450  1000    0 |   50   E 300, F 250
2019-05-15  1800  1500    0    0  0  1500 |    0 1450  450  1000  100 |   50   100 advanced to A
2019-09-01  1800  1500    0    0  0  1500 |  470 1450  450  1000  100 |   50   N1–N4 ask
2019-10-15  1800  1500  100    0  0  1600 |  470 1420  100  1320  100 |  180   −A 200, −B 200, −D 150, +C 50, +N1–N4 470
2019-11-20  1800  1500  100    0  0  1600 |  470 1320    0  1320    0 |  280   A's advance came back whole
"""
KCDP_2019 = """
2018-06-20   700     0    0    0  0     0 |    0    0    0     0    0 |    0
2019-07-01   700   600    0    0  0   600 |    0    0    0     0    0 |  600   batch 3
2019-07-05   700   600    0    0  0   600 |    0  500    0   500    0 |  100   G 200, H 300
2019-09-01   700   600    0    0  0   600 |   40  500    0   500    0 |  100   N5 asks
2019-10-15   700   600    0  -50  0   550 |   40  540    0   540    0 |   10   the cut, N5 40
"""
TOTAL_2019 = """
2018-06-20  2500     0    0    0  0     0 |    0    0    0     0    0 |    0
2019-01-10  2500  1000    0    0  0  1000 |    0    0    0     0    0 | 1000
2019-03-01  2500  1000    0    0  0  1000 |    0  900    0   900    0 |  100
2019-03-15  2500  1000    0    0  0  1000 |    0  900  450   450    0 |  100
2019-04-10  2500  1500    0    0  0  1500 |    0  900  450   450    0 |  600
2019-04-15  2500  1500    0    0  0  1500 |    0 1450  450  1000    0 |   50
2019-05-15  2500  1500    0    0  0  1500 |    0 1450  450  1000  100 |   50
2019-07-01  2500  2100    0    0  0  2100 |    0 1450  450  1000  100 |  650
2019-07-05  2500  2100    0    0  0  2100 |    0 1950  450  1500  100 |  150
2019-09-01  2500  2100    0    0  0  2100 |  510 1950  450  1500  100 |  150
2019-10-15  2500  2100  100  -50  0  2150 |  510 1960  100  1860  100 |  190
2019-11-20  2500  2100  100  -50  0  2150 |  510 1860    0  1860    0 |  290
"""
KCQG_2020 = """
2019-05-27   400     0    0    0  0     0 |    0    0    0     0    0 |    0
2019-10-15   400   200    0    0  0   200 |    0  150  150     0    0 |   50   D, with what it had signed
2020-02-10   400   200    0    0  0   200 |    0  150  150     0  105 |   50   70 % of D advanced
"""
TABLES = [(2019, "KCQG", KCQG_2019), (2019, "KCDP", KCDP_2019), (2019, None, TOTAL_2019), (2020, "KCQG", KCQG_2020)]

# Đề án asked, approved, signed: number and money, by day; what the plan papers ask stands apart from them.
FUNNEL = {
    "2019-08-31": [(0, 0), (8, 1950), (2, 450)],
    "2019-10-14": [(5, 510), (8, 1950), (2, 450)],
    # A and B are stopped and D has gone: 100 of A stay approved and signed, in no đề án that goes on.
    "2019-10-15": [(5, 510), (10, 1960), (0, 100)],
    "2019-11-20": [(5, 510), (10, 1860), (0, 0)],
}

# ``figures`` on the day before, on the day of the paper and at the end, in the order of ANSWERED.
FIGURES = [
    ("2019", "2019-10-14", "KCQG", [1800, 1500, 1450, 450, 100, 100, 6, 6, 2, 0]),
    ("2019", "2019-10-14", "KCDP", [700, 600, 500, 0, 0, 0, 2, 2, 0, 0]),
    ("2019", "2019-10-14", "total", [2500, 2100, 1950, 450, 100, 100, 8, 8, 2, 0]),
    ("2020", "2019-10-14", "KCQG", [400, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    # C, E, F and N1–N4 go on; A and B are stopped, D is in 2020.
    ("2019", "2019-10-15", "KCQG", [1800, 1600, 1420, 100, 100, 100, 7, 7, 0, 2]),
    ("2019", "2019-10-15", "KCDP", [700, 550, 540, 0, 0, 0, 3, 3, 0, 0]),
    ("2019", "2019-10-15", "total", [2500, 2150, 1960, 100, 100, 100, 10, 10, 0, 2]),
    ("2020", "2019-10-15", "KCQG", [400, 200, 150, 150, 0, 0, 1, 1, 1, 0]),
    # The advance stays an advance that was paid; it is no longer disbursed.
    ("2019", "2020-03-31", "KCQG", [1800, 1600, 1320, 0, 100, 0, 7, 7, 0, 2]),
    ("2020", "2020-03-31", "KCQG", [400, 200, 150, 150, 105, 105, 1, 1, 1, 0]),
]


@pytest.fixture
def year():
    year = enter_batches()
    enter(effects_of(year), plan_rows())
    make.recover(year.a, 100 * MILLION, on="2019-11-20")
    make.advance(ProjectLine.objects.get(replaces=year.d), 105 * MILLION, on="2020-02-10")
    return year


def read(table):
    """[(first day, its amounts)]; the words behind the twelve amounts say how they come about."""
    rows = [line.replace("|", " ").split() for line in table.strip().splitlines()]
    return [(day, [int(amount) for amount in amounts[:12]]) for day, *amounts in rows]


def test_every_column_of_the_plan_on_every_day_that_changes_one(year):
    """On the first day of each row and on the last before the next, so nothing comes a day early or late."""
    names = read_activity_names()
    for plan_year, code, table in TABLES:
        rows = read(table)
        lasts = [make.day(day) - timedelta(1) for day, _ in rows[1:]]
        for (day, expected), last in zip(rows, [*lasts, None], strict=True):
            for each in filter(None, (make.day(day), last)):
                lines = plan_lines(read_year(plan_year, each), names, with_plan=True)
                assert shown(lines, code) == dict(zip(HEADS, expected, strict=True)), (plan_year, code, each)


def shown(lines, code):
    """{head: triệu đồng} of the source's row of the page, or of its total."""
    name = make.source(code).name if code else "Tổng cộng"
    line = next(line for line in lines if line.name == name)
    figures = [*(figure for _, figure in (*line.plan, *line.money)), line.left]
    return {head: figure.vnd // MILLION for head, figure in zip(HEADS, figures, strict=True)}


def test_the_pages_of_both_years_show_it_before_and_after(year, client):
    client.force_login(make.make_user(Role.VIEWER))
    for plan_year, code, table in TABLES:
        for day, expected in read(table)[-3:]:
            page = client.get(f"/ke-hoach/{plan_year}/?ngay={day}")
            assert list(shown(page.context["lines"], code).values()) == expected
            text = page.content.decode()
            assert all(f'data-vnd="{amount * MILLION}"' in text for amount in expected)


def test_the_funnel_of_the_year_before_and_after(year):
    keys = [("asked_projects", "asked_vnd"), ("projects", "approved_vnd"), ("contracted_projects", "contracted_vnd")]
    for day, expected in FUNNEL.items():
        block = block_of(read_year(2019, make.day(day)), is_task=False)
        found = [(figure_of(block, number).count, figure_of(block, vnd).vnd // MILLION) for number, vnd in keys]
        assert found == expected, day


def test_the_figures_command_before_and_after(year):
    for plan_year, day, code, expected in FIGURES:
        out = StringIO()
        call_command("figures", year=plan_year, as_of=day, stdout=out)
        answer = json.loads(out.getvalue())
        block = answer["total"] if code == "total" else next(b for b in answer["sources"] if b["code"] == code)
        found = [block[key] // MILLION if key.endswith("_vnd") else block[key] for key in ANSWERED]
        assert dict(zip(ANSWERED, found, strict=True)) == dict(zip(ANSWERED, expected, strict=True)), (day, code)


def test_what_the_year_before_asks_for_the_next_does_not_move_with_the_paper(year):
    for day in ("2019-10-14", "2019-10-15"):
        asked = block_of(read_year(2019, make.day(day))).plan_rows("requested", year=2020)
        assert sum(row.amount_vnd for row in asked) == 400 * MILLION
