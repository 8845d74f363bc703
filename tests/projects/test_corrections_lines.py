"""A slip in a line or a whole đề án is mended in place; what was typed in by mistake goes with its money."""

import pytest

from accounts.models import Role
from khuyencong.errors import NotAllowed
from projects import services
from projects.models import (
    LedgerEntry,
    Project,
    ProjectDecision,
    ProjectLine,
)
from tests.factories import (
    MILLION,
    SIGNED_ON,
    advance,
    ask,
    close_period,
    day,
    make_approved_line,
    make_beneficiary,
    make_line,
    make_locality,
    make_plan,
    make_project,
    make_signed_line,
    make_user,
    sums,
)

pytestmark = pytest.mark.django_db
REASON = "Gõ nhầm"
Kind = ProjectDecision.Kind


@pytest.fixture
def person():
    return make_user(Role.STAFF)


@pytest.fixture
def line():
    """300 million approved on 1 March, signed on 15 March."""
    return make_signed_line(300 * MILLION)


def mend_line(line, by=None, **fields):
    return services.correct_line(line=line, fields=fields, by=by, reason=REASON)


def test_a_line_is_mended_in_place_and_its_contract_bears_the_right_name(line, person):
    right, place = make_beneficiary(), make_locality()
    mended = mend_line(line, by=person, beneficiary=right, locality=place)
    assert (mended.beneficiary, mended.locality) == (right, place)
    assert line.contracts.get().beneficiary == right
    assert mended.history.first().history_user == person


def test_another_year_needs_room_in_its_plan():
    make_plan(2020, "KCQG", 200 * MILLION)
    line = make_approved_line(300 * MILLION)
    with pytest.raises(NotAllowed, match="năm 2020 của .* vượt kế hoạch 100.000.000 đồng"):
        mend_line(line, plan_year=2020)
    make_plan(2020, "KCQG", 100 * MILLION)
    assert mend_line(line, plan_year=2020).plan_year == 2020


def test_a_line_paid_by_list_gets_no_contract_behind_its_payments():
    line = make_approved_line(has_contract=False)
    advance(line, MILLION)
    with pytest.raises(NotAllowed, match="khi chưa có hợp đồng"):
        mend_line(line, has_contract=True)


def test_a_line_of_a_closed_period_is_mended_by_a_manager(line):
    close_period("2019-03-01", "2019-03-31")
    with pytest.raises(NotAllowed, match="chỉ lãnh đạo"):
        mend_line(line, by=make_user(), locality=make_locality())
    mend_line(line, by=make_user(), note="Máy đã lắp")
    assert mend_line(line, by=make_user(Role.MANAGER), locality=make_locality())


def test_an_establishment_stands_once_in_a_year_of_a_project(line):
    other = make_approved_line(project=line.project)
    with pytest.raises(NotAllowed, match="đã có trong đề án, năm 2019"):
        mend_line(other, beneficiary=line.beneficiary)


def test_a_line_typed_in_by_mistake_goes_with_what_was_approved_for_it(line):
    wrong = make_approved_line(project=line.project)
    ask(wrong, MILLION)
    services.remove_line(line=wrong, by=None, reason=REASON)
    assert list(line.project.lines.all()) == [line]
    with pytest.raises(NotAllowed, match="chỉ có một dòng"):
        services.remove_line(line=line, by=None)


def test_a_line_with_a_contract_stays_and_says_why(line):
    make_line(project=line.project)
    with pytest.raises(NotAllowed, match="còn ký hợp đồng ngày 15/03/2019, hợp đồng"):
        services.remove_line(line=line, by=None)


def test_a_project_typed_in_by_mistake_goes_whole(person):
    line = make_approved_line()
    services.set_milestone(project=line.project, name="Lắp máy", due_on=day("2019-06-30"), set_on=SIGNED_ON)
    services.remove_project(project=line.project, by=person, reason=REASON)
    assert not (Project.objects.exists() or ProjectLine.objects.exists() or LedgerEntry.objects.exists())
    assert {row.history_user for row in Project.history.filter(history_type="-")} == {person}


def test_a_project_under_way_stays(line):
    with pytest.raises(NotAllowed, match="Không xóa được đề án"):
        services.remove_project(project=line.project, by=None)
    assert sums(line) == (300 * MILLION, 300 * MILLION, 0)


def test_a_project_is_mended_in_place(line, person):
    other = make_project()
    mended = services.correct_project(project=line.project, fields={"name": "Tên đúng"}, by=person, reason=REASON)
    assert (mended.name, mended.history.first().history_user) == ("Tên đúng", person)
    with pytest.raises(NotAllowed):
        services.correct_project(project=line.project, fields={"code": other.code}, by=person)
