"""A year worked out by hand: every figure and every stage around every event of it.

The tables say from which day on a figure has which value, until the next day named; before the first it is 0, a
percent is none. They were derived on paper from interfaces 3 and design 3, not copied from a run.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.models import Project, ProjectLine
from projects.stages import with_line_stage, with_stage
from reports.checks import entries_off_their_paper, reconcile
from reports.figures import year_figures
from reports.rows import read_year
from tests.factories import MILLION
from tests.reports.worked_year import enter_year

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2019, 1, 1), date(2020, 1, 31)
MOVED_ON = date(2019, 12, 5)

# Amounts in triệu đồng. A day without year is one of 2019.
KCQG = """
plan_assigned_vnd:         10/01 900
projects:                  01/03 1
group_projects:            01/03 1
beneficiaries:             01/04 2 · 20/04 3 · 01/07 2
establishments:            01/04 2 · 20/04 3 · 01/07 2
support_vnd:               01/03 900 · 01/07 700 · 15/07 660 · 10/08 600
total_cost_vnd:            01/03 900 · 01/04 1800 · 20/04 2400 · 01/07 1700 · 15/07 1660 · 10/08 1600
total_cost_missing:        01/03 1 · 20/04 0
contracted_projects:       25/07 1 · 01/09 0 · 20/09 1
contracted_beneficiaries:  10/04 1 · 25/04 2 · 01/07 1 · 25/07 2 · 01/09 1 · 20/09 2
contracted_vnd:            10/04 300 · 25/04 600 · 01/07 400 · 15/07 360 · 25/07 660 · 10/08 600 · 01/09 390 · 20/09 600
advanced_vnd:              15/05 100 · 20/05 250 · 05/08 340
disbursed_vnd:             15/05 100 · 20/05 250 · 15/07 210 · 05/08 300 · 10/08 240 · 30/10 390 · 25/11 600
disbursed_percent:         01/03 0 · 15/05 11.11 · 20/05 27.78 · 01/07 35.71 · 15/07 31.82 · 05/08 45.45 · 10/08 40 \
                           · 30/10 65 · 25/11 100
disbursed_of_plan_percent: 10/01 0 · 15/05 11.11 · 20/05 27.78 · 15/07 23.33 · 05/08 33.33 · 10/08 26.67 \
                           · 30/10 43.33 · 25/11 66.67
accepted_projects:         15/11 1
accepted_beneficiaries:    25/09 1 · 15/11 2
accepted_vnd:              25/09 300 · 15/11 510
settled_projects:          20/12 1
settled_vnd:               10/12 300 · 20/12 510
"""

KCDP = """
plan_assigned_vnd:         10/01 700
projects:                  01/03 1 · 15/03 2 · 05/04 4 · 05/12 3
activities:                15/03 1
beneficiaries:             01/03 1 · 15/03 2 · 05/04 4 · 05/12 3
establishments:            01/03 1 · 15/03 2 · 05/04 3 · 05/12 2
support_vnd:               01/03 120 · 15/03 270 · 05/04 570 · 20/06 540 · 05/12 420
activities_vnd:            15/03 60
total_cost_vnd:            01/03 400 · 15/03 960 · 05/04 1710 · 05/06 1730 · 20/06 1700 · 05/12 1280
contracted_projects:       15/03 1 · 01/04 2 · 02/05 4 · 05/12 3
contracted_beneficiaries:  15/03 1 · 01/04 2 · 02/05 4 · 05/12 3
contracted_vnd:            15/03 120 · 01/04 270 · 02/05 570 · 12/06 540 · 05/12 420
advanced_vnd:              03/06 185 · 08/07 235
disbursed_vnd:             30/04 25 · 03/06 210 · 08/07 260 · 30/08 295 · 05/11 335 · 02/12 430
disbursed_percent:         01/03 0 · 30/04 3.97 · 03/06 33.33 · 20/06 35 · 08/07 43.33 · 30/08 49.17 · 05/11 55.83 \
                           · 02/12 71.67 · 05/12 89.58
disbursed_of_plan_percent: 10/01 0 · 30/04 3.57 · 03/06 30 · 08/07 37.14 · 30/08 42.14 · 05/11 47.86 · 02/12 61.43
accepted_projects:         10/10 1 · 20/11 2 · 15/01/2020 3
accepted_beneficiaries:    10/10 1 · 20/11 2 · 15/01/2020 3
accepted_vnd:              30/09 60 · 10/10 150 · 20/11 245 · 15/01/2020 395
settled_projects:          12/12 1 · 20/12 2
settled_vnd:               15/10 60 · 12/12 150 · 20/12 245
late_projects:             01/06 1 · 11/06 0 · 01/08 1 · 06/08 0 · 01/10 1 · 10/10 0 · 01/11 1 · 20/11 0 \
                           · 01/01/2020 1 · 15/01/2020 0
"""

KCH = """
plan_assigned_vnd:         10/01 100 · 03/06 120
projects:                  01/03 1 · 05/04 2 · 01/08 1 · 10/09 2
beneficiaries:             01/03 1 · 05/04 2 · 01/08 1 · 10/09 2
establishments:            01/03 1 · 05/04 2 · 01/08 1 · 10/09 2
support_vnd:               01/03 60 · 05/04 100 · 05/06 120 · 01/08 80 · 10/09 120
total_cost_vnd:            01/03 400 · 05/04 500 · 05/06 520 · 20/06 490 · 01/08 390 · 10/09 490
contracted_projects:       15/03 1 · 02/05 2 · 01/08 1 · 10/09 2
contracted_beneficiaries:  15/03 1 · 02/05 2 · 01/08 1 · 10/09 2
contracted_vnd:            15/03 60 · 02/05 100 · 12/06 120 · 01/08 80 · 10/09 120
advanced_vnd:              08/07 30
disbursed_vnd:             08/07 30 · 05/11 80 · 02/12 120
disbursed_percent:         01/03 0 · 08/07 25 · 01/08 37.5 · 10/09 25 · 05/11 66.67 · 02/12 100
disbursed_of_plan_percent: 10/01 0 · 08/07 25 · 05/11 66.67 · 02/12 100
accepted_projects:         10/10 1 · 20/11 2
accepted_beneficiaries:    10/10 1 · 20/11 2
accepted_vnd:              10/10 80 · 20/11 120
settled_projects:          12/12 1
settled_vnd:               12/12 80
stopped_projects:          01/08 1 · 10/09 0
late_projects:             01/10 1 · 10/10 0
"""

# A đề án of two sources counts once, and its whole cost once.
TOTAL = """
plan_assigned_vnd:         10/01 1700 · 03/06 1720
projects:                  01/03 2 · 15/03 3 · 05/04 6 · 01/08 5 · 10/09 6 · 05/12 5
group_projects:            01/03 1
activities:                15/03 1
beneficiaries:             01/03 1 · 15/03 2 · 01/04 4 · 05/04 7 · 20/04 8 · 01/07 7 · 01/08 6 · 10/09 7 · 05/12 6
establishments:            01/03 1 · 15/03 2 · 01/04 4 · 05/04 6 · 20/04 7 · 01/07 6 · 01/08 5 · 10/09 6 · 05/12 5
support_vnd:               01/03 1080 · 15/03 1230 · 05/04 1570 · 05/06 1590 · 20/06 1560 · 01/07 1360 · 15/07 1320 \
                           · 01/08 1280 · 10/08 1220 · 10/09 1260 · 05/12 1140
activities_vnd:            15/03 60
total_cost_vnd:            01/03 1300 · 15/03 1860 · 01/04 2760 · 05/04 3610 · 20/04 4210 · 05/06 4230 · 20/06 4200 \
                           · 01/07 3500 · 15/07 3460 · 01/08 3360 · 10/08 3300 · 10/09 3400 · 05/12 2980
total_cost_missing:        01/03 1 · 20/04 0
contracted_projects:       15/03 1 · 01/04 2 · 02/05 5 · 25/07 6 · 01/08 5 · 01/09 4 · 10/09 5 · 20/09 6 · 05/12 5
contracted_beneficiaries:  15/03 1 · 01/04 2 · 10/04 3 · 25/04 4 · 02/05 7 · 01/07 6 · 25/07 7 · 01/08 6 · 01/09 5 \
                           · 10/09 6 · 20/09 7 · 05/12 6
contracted_vnd:            15/03 180 · 01/04 330 · 10/04 630 · 25/04 930 · 02/05 1270 · 12/06 1260 · 01/07 1060 \
                           · 15/07 1020 · 25/07 1320 · 01/08 1280 · 10/08 1220 · 01/09 1010 · 10/09 1050 · 20/09 1260 \
                           · 05/12 1140
advanced_vnd:              15/05 100 · 20/05 250 · 03/06 435 · 08/07 515 · 05/08 605
disbursed_vnd:             30/04 25 · 15/05 125 · 20/05 275 · 03/06 460 · 08/07 540 · 15/07 500 · 05/08 590 \
                           · 10/08 530 · 30/08 565 · 30/10 715 · 05/11 805 · 25/11 1015 · 02/12 1150
disbursed_percent:         01/03 0 · 30/04 1.53 · 15/05 7.67 · 20/05 16.87 · 03/06 28.22 · 05/06 27.88 · 20/06 28.40 \
                           · 01/07 32.39 · 08/07 38.03 · 15/07 36.23 · 01/08 37.31 · 05/08 44.03 · 10/08 41.41 \
                           · 30/08 44.14 · 10/09 42.80 · 30/10 54.17 · 05/11 60.98 · 25/11 76.89 · 02/12 87.12 \
                           · 05/12 95.83
disbursed_of_plan_percent: 10/01 0 · 30/04 1.47 · 15/05 7.35 · 20/05 16.18 · 03/06 26.74 · 08/07 31.40 · 15/07 29.07 \
                           · 05/08 34.30 · 10/08 30.81 · 30/08 32.85 · 30/10 41.57 · 05/11 46.80 · 25/11 59.01 \
                           · 02/12 66.86
accepted_projects:         10/10 1 · 15/11 2 · 20/11 4 · 15/01/2020 5
accepted_beneficiaries:    25/09 1 · 10/10 2 · 15/11 3 · 20/11 5 · 15/01/2020 6
accepted_vnd:              25/09 300 · 30/09 360 · 10/10 530 · 15/11 740 · 20/11 875 · 15/01/2020 1025
settled_projects:          12/12 1 · 20/12 3
settled_vnd:               15/10 60 · 10/12 360 · 12/12 530 · 20/12 835
stopped_projects:          01/08 1 · 10/09 0
late_projects:             01/06 1 · 11/06 0 · 01/08 1 · 06/08 0 · 01/10 1 · 10/10 0 · 01/11 1 · 20/11 0 \
                           · 01/01/2020 1 · 15/01/2020 0
"""

# The counterpart stands outside the totals.
DOIUNG = """
support_vnd:               01/03 220 · 15/03 570 · 01/04 1470 · 05/04 1980 · 20/04 2580 · 01/07 2080 · 01/08 2020 \
                           · 10/09 2080 · 05/12 1780
"""

MOVED_INTO_2020 = """
projects:                  05/12 1
beneficiaries:             05/12 1
establishments:            05/12 1
support_vnd:               05/12 120
total_cost_vnd:            05/12 420
contracted_projects:       05/12 1
contracted_beneficiaries:  05/12 1
contracted_vnd:            05/12 120
disbursed_vnd:             28/12 50
disbursed_percent:         05/12 0 · 28/12 41.67
disbursed_of_plan_percent: 02/12 0 · 28/12 16.67
accepted_projects: 10/01/2020 1
accepted_beneficiaries: 10/01/2020 1
accepted_vnd: 10/01/2020 120
late_projects:             21/12 1 · 27/12 0
plan_assigned_vnd:         02/12 300
"""
REQUESTED_FOR_2020 = "plan_requested_vnd: 15/05 500"

# x/y: lines signed (accepted, settled from those rungs on) of the lines there or still expected.
STAGES = """
NHOM:      dang-ky 0/3 · 01/02 tham-dinh 0/3 · 01/03 phe-duyet 0/3 · 10/04 ky-mot-phan 1/3 · 25/04 ky-mot-phan 2/3 \
           · 01/07 ky-mot-phan 1/2 · 25/07 dang-thuc-hien 2/2 · 01/09 ky-mot-phan 1/2 · 20/09 dang-thuc-hien 2/2 \
           · 25/09 nghiem-thu-mot-phan 1/2 · 15/11 da-nghiem-thu 2/2 · 20/12 da-quyet-toan 2/2
HAI-NGUON: dang-ky 0/0 · 20/01 cho-bo-sung 0/0 · 05/02 dang-ky 0/0 · 01/03 phe-duyet 0/1 · 15/03 dang-thuc-hien 1/1 \
           · 10/10 da-nghiem-thu 1/1 · 12/12 da-quyet-toan 1/1
HEN-LAI:   dang-ky 0/0 · 15/03 phe-duyet 0/1 · 01/04 dang-thuc-hien 1/1 · 15/01/2020 da-nghiem-thu 1/1
TRA-CONG:  dang-ky 0/0 · 15/03 phe-duyet 0/1 · 30/09 da-nghiem-thu 1/1 · 15/10 da-quyet-toan 1/1
HAI-NAM:   dang-ky 0/0 · 05/04 phe-duyet 0/1 · 02/05 dang-thuc-hien 1/1 · 10/01/2020 da-nghiem-thu 1/1
KHONG-DAT: dang-ky 0/0 · 05/04 phe-duyet 0/1 · 02/05 dang-thuc-hien 1/1 · 20/11 da-nghiem-thu 1/1 \
           · 20/12 da-quyet-toan 1/1
NGUNG:     dang-ky 0/0 · 05/04 phe-duyet 0/1 · 02/05 dang-thuc-hien 1/1 · 01/08 ngung 0/0 · 10/09 dang-thuc-hien 1/1 \
           · 20/11 da-nghiem-thu 1/1
"""

# From the day each line joined on.
LINE_STAGES = """
unnamed:    01/03 approved · 20/04 replaced
first:      01/04 approved · 10/04 signed · 25/09 accepted · 10/12 settled
second:     01/04 approved · 25/04 signed · 01/07 stopped
third:      20/04 approved · 25/07 signed · 01/09 replaced
fourth:     01/09 approved · 20/09 signed · 15/11 accepted · 20/12 settled
moved from: 05/04 approved · 02/05 signed · 05/12 replaced
moved to:   05/12 signed · 10/01/2020 accepted
"""

FIGURES_2019 = {"KCQG": KCQG, "KCDP": KCDP, "KCH": KCH, "DOIUNG": DOIUNG, "total": TOTAL}
FIGURES_2020 = {
    "KCQG": REQUESTED_FOR_2020,
    "KCDP": MOVED_INTO_2020,
    "KCH": "",
    "total": MOVED_INTO_2020 + REQUESTED_FOR_2020,
}


# --- reading the tables ---


def steps(text):
    """[(day, word)] of a table's line; a word without a day holds from the first."""
    found = []
    for part in text.split("·"):
        on, _, word = part.strip().partition(" ")
        found.append((read_day(on), word) if on[:1].isdigit() else (FIRST, part.strip()))
    assert found == sorted(found, key=lambda step: step[0]), f"days out of order: {text}"
    return found


def read_day(text):
    numbers = [int(number) for number in text.split("/")]
    return date(*reversed(numbers)) if len(numbers) == 3 else date(FIRST.year, numbers[1], numbers[0])


def table(text):
    """{name: [(day, word)]}"""
    lines = [line.partition(":") for line in text.strip().splitlines()]
    return {name: steps(rest) for name, _, rest in lines}


def word_on(on, steps):
    """The word in force on the day; None before the first."""
    return next((word for since, word in reversed(steps) if since <= on), None)


def figure(key, word):
    """A table's word as ``figures`` prints it: đồng, or a percent as float."""
    if key.endswith("_percent"):
        return None if word is None else float(Decimal(word))
    return int(word or 0) * (MILLION if key.endswith("_vnd") else 1)


class Differences:
    """What was found beside what was expected, told once for each run of days with the same fault."""

    def __init__(self):
        self.lines, self.last = [], {}

    def compare(self, what, on, found, expected):
        fault = None if found == expected else f"{what}: {found} instead of {expected}"
        if fault and fault != self.last.get(what):
            self.lines.append(f"from {on:%d/%m/%Y} {fault}")
        self.last[what] = fault

    def __str__(self):
        return "\n".join(self.lines)


def differences_of_year(year, tables, *, days):
    """Every figure of the counted blocks on each day, and of the counterpart those in its table."""
    found = Differences()
    tables = {code: table(text) for code, text in tables.items()}
    for on in days:
        answer = year_figures(read_year(year, on))
        blocks = {block["code"]: block for block in answer["sources"] + answer["other_sources"]}
        blocks["total"] = answer["total"]
        for code, expected in tables.items():
            keys = expected if code == "DOIUNG" else blocks[code].keys() - {"code", "name", "level"}
            for key in keys:
                word = word_on(on, expected.get(key, []))
                found.compare(f"{code} {key}", on, blocks[code][key], figure(key, word))
    return str(found)


def edges():
    """Each day on which anything in the tables changes, and the eves of those on which a stage does.

    Not every day: the statement of the stages takes far longer to build than to run.
    """
    stages = {on for text in (STAGES, LINE_STAGES) for steps in table(text).values() for on, _ in steps}
    others = {
        on
        for text in [*FIGURES_2019.values(), *FIGURES_2020.values()]
        for steps in table(text).values()
        for on, _ in steps
    }
    return sorted({LAST} | others | stages | {on - timedelta(days=1) for on in stages if on > FIRST})


EDGES = edges()
# Between them nothing happens, so that figures can only stay.
AROUND = sorted({on + timedelta(days=n) for on in EDGES for n in (-1, 0, 1)} | {FIRST, LAST})

# --- the tests ---


def test_every_figure_of_the_year_is_as_worked_out_by_hand_around_every_event():
    enter_year()
    assert differences_of_year(2019, FIGURES_2019, days=AROUND) == ""


def test_the_next_year_holds_what_moved_into_it_from_the_day_of_the_move():
    enter_year()
    before_and_after = [on for on in AROUND if on >= MOVED_ON - timedelta(days=10)]
    assert differences_of_year(2020, FIGURES_2020, days=before_and_after) == ""


def test_every_total_equals_its_lines_and_every_entry_its_paper_around_every_move():
    enter_year()
    days = [on for text in (MOVED_INTO_2020, STAGES) for steps in table(text).values() for on, _ in steps]
    checks = [check for on in sorted(set(days)) for check in reconcile(read_year(2019, on), None)]
    assert [check for check in checks if not check.agrees] == []
    assert list(entries_off_their_paper(2019, LAST)) == []


def test_every_stage_is_as_worked_out_by_hand_around_every_event():
    names = {line.pk: name for name, line in enter_year().items()}
    found, of_projects, of_lines = Differences(), table(STAGES), table(LINE_STAGES)
    for on in EDGES:
        for project in with_stage(Project.objects.all(), on):
            found.compare(project.code, on, stage_with_counts(project), word_on(on, of_projects[project.code]))
        for line in with_line_stage(ProjectLine.objects.filter(pk__in=names, joined_on__lte=on), on):
            name = names[line.pk]
            found.compare(name, on, line.line_stage, word_on(on, of_lines[name]))
    assert str(found) == ""


def stage_with_counts(project):
    done = {
        "nghiem-thu-mot-phan": project.n_accepted,
        "da-nghiem-thu": project.n_accepted,
        "da-quyet-toan": project.n_settled,
    }.get(project.stage, project.n_signed)
    return f"{project.stage} {done}/{project.n_all}"
