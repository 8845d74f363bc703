"""What the dashboard's list of things to do holds on a day."""

from datetime import date

import pytest

from projects.models import Milestone, MilestoneDue
from reports.dashboard_rows import read_deadlines
from tests import factories as make

pytestmark = pytest.mark.django_db


def due(line, name, on, *, of_line=True, done_on=None):
    own = {"line": line} if of_line else {}
    milestone = Milestone.objects.create(project=line.project, name=name, done_on=done_on, **own)
    MilestoneDue.objects.create(milestone=milestone, due_on=make.day(on), set_on=make.SIGNED_ON)


def told(day):
    return [(each.text, each.who, each.days_left(day)) for each in read_deadlines(make.YEAR, day)]


def test_milestones_late_or_due_in_thirty_days_are_named_by_the_establishment_or_the_project():
    line = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Chè"))
    due(line, "Mua máy", "2019-06-25")
    due(line, "Chạy thử", "2019-07-30")
    due(line, "Báo cáo", "2019-07-10", of_line=False)
    due(line, "Để sau", "2019-07-31")
    due(line, "Đã xong", "2019-06-20", done_on=date(2019, 6, 19))
    assert told(date(2019, 6, 30)) == [
        ("Mua máy", "HTX Chè", -5),
        ("Báo cáo", line.project.name, 10),
        ("Chạy thử", "HTX Chè", 30),
    ]


def test_a_contract_is_due_until_its_line_is_accepted():
    line = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Chè"))
    contract = make.sign(line, 300 * make.MILLION, number="5/HĐ", ends_on=date(2019, 10, 20))
    (deadline,) = read_deadlines(make.YEAR, date(2019, 10, 10))
    assert (deadline.text, deadline.who, deadline.contract) == ("Hợp đồng 5/HĐ hết hạn", "HTX Chè", contract.pk)
    assert deadline.project == line.project_id
    make.accept(line, on="2019-10-15")
    assert told(date(2019, 10, 14)) and not told(date(2019, 10, 15))


def test_a_contract_without_number_says_so():
    line = make.make_approved_line()
    make.sign(line, 300 * make.MILLION, number="", ends_on=date(2019, 10, 20))
    assert told(date(2019, 10, 20)) == [("Hợp đồng chưa ghi số hết hạn", str(line.beneficiary), 0)]
