"""Following the work in short forms: milestones, difficulties, visits; set, mended, taken out."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from projects.models import Difficulty, Milestone, SiteVisit
from projects.services import set_milestone
from tests import factories as make


@pytest.fixture
def as_role(client, db):
    """A function: logs ``role`` in and answers the client."""
    make.make_plan()

    def log_in(role):
        client.force_login(make.make_user(role))
        return client

    return log_in


def url(name, *args, **query):
    return reverse(f"projects:{name}", args=args, query=query or None)


@pytest.fixture
def milestone():
    line = make.make_signed_line()
    return set_milestone(
        project=line.project, line=line, name="Lắp đặt máy", due_on=date(2019, 9, 1), set_on=date(2019, 4, 1)
    )


def test_a_milestone_is_set_postponed_and_done(as_role):
    line, client = make.make_signed_line(), as_role(Role.STAFF)
    client.post(
        url("milestone_new", line.project_id), {"name": "Nghiệm thu", "due_on": "1/9/2019", "set_on": "1/4/2019"}
    )
    row = Milestone.objects.get()
    client.post(url("milestone_postpone", row.pk), {"due_on": "1/10/2019", "set_on": "25/8/2019", "why": "Máy về chậm"})
    assert [due.due_on.month for due in row.dues.all()] == [9, 10]
    assert row.dues.last().reason == "Máy về chậm"
    answer = client.post(url("milestone_done", row.pk), {"done_on": "28/9/2019", "ve": "/tien-do/?nam=2019&trang=2"})
    row.refresh_from_db()
    assert (row.done_on, answer.url) == (date(2019, 9, 28), "/tien-do/?nam=2019&trang=2")


def test_a_milestone_done_already_is_refused_by_its_day(as_role, milestone):
    milestone.done_on = date(2019, 8, 30)
    milestone.save()
    answer = as_role(Role.STAFF).get(url("milestone_done", milestone.pk))
    assert (answer.status_code, "30/08/2019" in answer.content.decode()) == (422, True)


def test_a_slip_in_a_milestone_is_mended_in_place(as_role, milestone):
    data = {"name": "Lắp đặt, chạy thử", "due_on": "15/9/2019", "done_on": "", "responsible": "Tổ kỹ thuật"}
    as_role(Role.STAFF).post(url("milestone_edit", milestone.pk), data)
    milestone.refresh_from_db()
    assert (milestone.name, milestone.responsible) == ("Lắp đặt, chạy thử", "Tổ kỹ thuật")
    assert [due.due_on for due in milestone.dues.all()] == [date(2019, 9, 15)]


def test_a_difficulty_is_raised_closed_and_mended(as_role):
    line, client = make.make_signed_line(), as_role(Role.STAFF)
    client.post(
        url("difficulty_new", line.project_id),
        {"description": "Cơ sở thiếu vốn", "cause": "beneficiary", "raised_on": "1/6/2019", "request": "Gia hạn"},
    )
    row = Difficulty.objects.get()
    assert row.reported_by is not None
    client.post(url("difficulty_close", row.pk), {"closed_on": "1/7/2019", "outcome": "Đã gia hạn"})
    row.refresh_from_db()
    assert (row.closed_on, row.outcome) == (date(2019, 7, 1), "Đã gia hạn")
    assert client.get(url("difficulty_close", row.pk)).status_code == 422
    edited = {"description": "Thiếu vốn đối ứng", "cause": "beneficiary", "raised_on": "1/6/2019", "closed_on": ""}
    client.post(url("difficulty_edit", row.pk), edited)
    row.refresh_from_db()
    assert (row.description, row.closed_on) == ("Thiếu vốn đối ứng", None)


def test_a_visit_is_recorded(as_role):
    line = make.make_signed_line()
    data = {"kind": "check", "visited_on": "1/7/2019", "people": "Tổ giám sát", "findings": "Đúng tiến độ"}
    as_role(Role.STAFF).post(url("visit_new", line.project_id), data)
    visit = SiteVisit.objects.get()
    assert (visit.project, visit.findings) == (line.project, "Đúng tiến độ")


def test_a_visit_is_mended_and_taken_out_with_its_reason(as_role):
    line, client = make.make_signed_line(), as_role(Role.STAFF)
    visit = SiteVisit.objects.create(project=line.project, kind="check", visited_on=date(2019, 7, 1))
    client.post(url("visit_edit", visit.pk), {"kind": "survey", "visited_on": "2/7/2019"})
    visit.refresh_from_db()
    assert (visit.kind, visit.visited_on) == ("survey", date(2019, 7, 2))
    client.post(url("visit_withdraw", visit.pk), {"why": "Ghi hai lần"})
    assert not SiteVisit.objects.exists()
    assert SiteVisit.history.first().history_change_reason == "Ghi hai lần"


def test_a_long_difficulty_is_told_whole_where_it_is_closed_and_listed(as_role, milestone):
    said = f"{'Máy giao chậm vì cầu hỏng. ' * 10}Hết."
    row = Difficulty.objects.create(project=milestone.project, description=said, raised_on=date(2019, 6, 1))
    pages = [url("difficulty_close", row.pk), url("difficulty_withdraw", row.pk), "/so-lieu/kho-khan/?nam=2019"]
    client = as_role(Role.STAFF)
    assert [said in client.get(page).content.decode() for page in pages] == [True] * 3


def test_a_milestone_and_a_difficulty_entered_by_mistake_are_taken_out(as_role, milestone):
    client = as_role(Role.STAFF)
    difficulty = Difficulty.objects.create(
        project=milestone.project, description="Nhầm", raised_on=date(2019, 6, 1), line=milestone.line
    )
    why = "Ghi nhầm đề án, biên bản là của cơ sở khác. " * 5
    for name, row in (("milestone", milestone), ("difficulty", difficulty)):
        assert client.post(url(f"{name}_withdraw", row.pk), {"why": ""}).status_code == 422
        client.post(url(f"{name}_withdraw", row.pk), {"why": why})
        assert row.history.first().history_change_reason == why.strip()
    assert not Milestone.objects.exists()
    assert not Difficulty.objects.exists()
