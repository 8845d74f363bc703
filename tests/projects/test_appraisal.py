"""What an appraisal found: its sheet, its result, and where a đề án stands after one that it did not pass."""

import pytest
from django.urls import reverse

from accounts.models import Role
from projects.ladder import read_standings
from projects.models import Project, ProjectDecision
from projects.stages import Stage, with_stage
from tests import factories as make

pytestmark = pytest.mark.django_db
Kind, Result = ProjectDecision.Kind, ProjectDecision.Result
M = make.MILLION


@pytest.fixture
def clerk(client):
    client.force_login(make.make_user(Role.STAFF))
    return client


@pytest.fixture
def project():
    line = make.make_line(joined_on="2018-06-01")
    make.ask(line, 200 * M)
    return line.project


def address(project, kind="tham-dinh-co-so"):
    return reverse("projects:decision_new", args=[project.pk, kind])


def send(client, project, kind="tham-dinh-co-so", **typed):
    return client.post(address(project, kind), {"number": "", "why": "", "result": "", **typed})


def stage(day):
    """The stage of the only đề án, read in Python and asked in SQL alike."""
    day = make.day(day)
    (read,) = read_standings(Project.objects.all(), day).values()
    (asked,) = with_stage(Project.objects.all(), day).values_list("stage", flat=True)
    assert read.stage == asked
    return read.stage


def test_a_sheet_keeps_its_number_result_and_remarks(clerk, project):
    typed = {"number": "04/PTĐ", "on": "1/7/2018", "result": Result.CONDITIONAL, "why": "Bổ sung báo giá"}
    assert send(clerk, project, **typed).status_code == 302
    step = project.decisions.get(kind=Kind.APPRAISED_BASE)
    assert (step.number, step.result, step.reason) == ("04/PTĐ", Result.CONDITIONAL, "Bổ sung báo giá")
    page = clerk.get(f"/de-an/{project.pk}/?ngay=2018-07-01").content.decode()
    assert "phiếu số 04/PTĐ" in page and "kết quả: đạt, cần hoàn thiện hồ sơ" in page
    assert "nhận xét: Bổ sung báo giá" in page


def test_the_form_speaks_of_the_sheet(clerk, project):
    text = clerk.get(address(project)).content.decode()
    assert "Số phiếu thẩm định" in text and "Nhận xét, kiến nghị của phiếu" in text and "Số giấy tờ" not in text


def test_one_that_failed_says_why(clerk, project):
    answer = send(clerk, project, on="1/7/2018", result=Result.FAILED)
    assert answer.status_code == 422 and "why" in answer.context["form"].errors
    assert send(clerk, project, on="1/7/2018", result=Result.FAILED, why="Máy đã qua sử dụng").status_code == 302


@pytest.mark.parametrize("result", ["", Result.PASSED, Result.CONDITIONAL])
def test_one_that_passed_or_says_nothing_is_an_appraisal(project, result):
    make.decide(project, Kind.APPRAISED_BASE, on="2018-07-01", result=result)
    assert [stage("2018-06-30"), stage("2018-07-01")] == [Stage.REGISTERED, Stage.APPRAISED]


def test_one_that_failed_leaves_the_de_an_registered_until_another_passes(project):
    make.decide(project, Kind.APPRAISED_BASE, on="2018-07-01", result=Result.FAILED)
    make.decide(project, Kind.APPRAISED_BASE, on="2018-08-01", result=Result.PASSED)
    assert [stage("2018-07-31"), stage("2018-08-01")] == [Stage.REGISTERED, Stage.APPRAISED]


def test_the_ministry_may_undo_what_the_base_let_pass(project):
    make.decide(project, Kind.APPRAISED_BASE, on="2018-07-01", result=Result.PASSED)
    make.decide(project, Kind.APPRAISED_MINISTRY, on="2018-07-01", result=Result.FAILED)
    assert stage("2018-07-01") == Stage.REGISTERED


def test_the_steps_of_the_page_say_that_it_failed(clerk, project):
    make.decide(project, Kind.APPRAISED_BASE, on="2018-07-01", result=Result.FAILED, number="")

    def rungs(day):
        answer = clerk.get(f"/de-an/{project.pk}/?ngay={day}")
        return [(rung.name, rung.text, rung.css) for rung in answer.context["rungs"]][1:3]

    failed = ("Thẩm định", "01/07/2018 · không đạt", "now")
    assert rungs("2018-07-31") == [failed, ("Phê duyệt", "", "")]
    make.decide(project, Kind.APPRAISED_BASE, on="2018-08-01", result=Result.PASSED, number="")
    assert rungs("2018-08-01") == [("Thẩm định", "01/08/2018", "ok"), ("Phê duyệt", "", "now")]


def test_a_wrong_result_is_mended(clerk, project):
    step = make.decide(project, Kind.APPRAISED_BASE, on="2018-07-01", result=Result.FAILED, reason="Thiếu mặt bằng")
    path = reverse("projects:decision_edit", args=[step.pk])
    typed = {field.name: field.value() or "" for field in clerk.get(path).context["form"].typed_fields}
    assert typed["result"] == Result.FAILED
    assert clerk.post(path, {**typed, "result": Result.PASSED}).status_code == 302
    assert stage("2018-07-01") == Stage.APPRAISED
