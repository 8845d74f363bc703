"""What the page and the form of a đề án show of norms: the applied ones with their steps, the day that selects them."""

import pytest

from accounts.models import Role
from funding.models import SupportNorm
from projects import services
from projects.models import Project, ProjectLine
from projects.services import LineMended, mend_project
from tests.factories import (
    MILLION,
    decide,
    make_decision,
    make_locality,
    make_plan,
    make_user,
    source,
)
from tests.projects.test_applied_norms import draft, made
from tests.projects.test_decision_forms import send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def planned(db):
    for code in ("KCQG", "KCDP"):
        make_plan(code=code, amount_vnd=9000 * MILLION)


@pytest.fixture
def clerk(client):
    client.force_login(make_user(Role.STAFF))
    return client


def page(client, project, on="2019-12-31"):
    return client.get(f"{project.get_absolute_url()}?ngay={on}").content.decode()


def test_the_page_shows_the_norm_of_each_line_with_its_steps(clerk):
    project = made()
    shown = page(clerk, project)
    for words in (
        "Mức hỗ trợ đã áp dụng",
        "chọn theo ngày quyết định phê duyệt",
        "N04 Ứng dụng máy móc thiết bị",
        "Thông tư 28/2018/TT-BTC, Điều 8 khoản 4",
        "Quyết định phê duyệt 01/03/2019",
        "300.000.000",
        "50 % × 800.000.000 = 400.000.000",
        "đề nghị 350.000.000, vượt 50.000.000",
    ):
        assert words in shown, words
    assert "Cách tính là của lúc phê duyệt" not in shown
    assert "Mức hỗ trợ đã áp dụng" not in page(clerk, project, on="2019-02-28")


def test_it_shows_what_was_applied_not_what_the_norm_says_now(clerk):
    project = made()
    SupportNorm.objects.filter(code="N04").update(name="Mức khác", ceiling_vnd=1, legal_basis="Văn bản khác")
    shown = page(clerk, project)
    assert "Mức khác" not in shown and "Văn bản khác" not in shown and "vượt 50.000.000" in shown
    SupportNorm.objects.all().delete()
    assert "vượt 50.000.000" in page(clerk, project)


def test_where_nothing_was_applied_the_page_says_so(clerk):
    lines = [draft(KCDP=100, DOIUNG=200), draft(KCDP=100, DOIUNG=200), draft(activity="HD11", KCQG=50, DOIUNG=200)]
    shown = " ".join(page(clerk, made(*lines)).split())
    said = "lúc phê duyệt chưa có mức hỗ trợ nào đã xác minh cho nội dung này nên không áp dụng mức nào"
    assert f"Khuyến công địa phương: {said} (2 dòng)." in shown
    assert f"Khuyến công quốc gia: {said}." in shown


def test_after_a_corrected_amount_the_page_says_whose_calculation_it_is(clerk):
    project = made()
    mended = LineMended(project.lines.get(), {}, {source(): 200 * MILLION}, [], [])
    mend_project(project=project, fields={}, lines=[mended], by=make_user(Role.MANAGER))
    shown = page(clerk, project)
    assert "Cách tính là của lúc phê duyệt; kinh phí của phê duyệt này sau đó sửa thành 200.000.000 đồng." in shown
    assert "vượt 50.000.000" in shown


def test_a_later_approval_stands_beside_the_first_and_changes_nothing_of_it(clerk):
    project = made(draft(KCQG=200, DOIUNG=400))
    step = decide(project, "adjusted", on="2019-06-01")
    line = project.lines.get()
    services.approve_support(line=line, source=source(), amount_vnd=50 * MILLION, decision=step)
    services.apply_norms(decision=step)
    shown = page(clerk, project)
    assert shown.count("N04 Ứng dụng") == 2 and "Cách tính là của lúc phê duyệt" not in shown
    assert "Quyết định phê duyệt 01/06/2019" in shown


def test_a_local_officer_sees_the_norms_of_his_own_lines(client):
    here = make_locality()
    project = made(draft(KCQG=200, DOIUNG=300, fields={"locality": here}), draft(KCQG=111, DOIUNG=300))
    client.force_login(make_user(Role.LOCAL, localities=[here]))
    shown = page(client, project)
    assert "200.000.000" in shown and "111.000.000" not in shown


def test_the_page_asks_as_much_for_many_lines_as_for_one(clerk, query_count):
    def queries(project):
        return query_count(lambda: page(clerk, project))

    few = queries(made(draft(KCQG=100, DOIUNG=300)))
    many = made(*(draft(KCQG=10 + number, DOIUNG=300) for number in range(12)))
    assert queries(many) <= few


# --- the form -------------------------------------------------------------------------------------


def typed(**more):
    names = {code: f"lines-moi0-tien_{source(code).pk}" for code in ("KCQG", "DOIUNG")}
    return {
        "code": "N-01",
        "name": "Thử",
        "kind": "single",
        "plan_year": "2019",
        "basis": "approved",
        "decision": make_decision().pk,
        "lines-TOTAL_FORMS": "1",
        names["KCQG"]: "200 triệu",
        names["DOIUNG"]: "300 triệu",
        "lines-moi0-has_contract": "on",
        **more,
    }


def test_without_a_word_about_norms_the_approval_selects_them(clerk):
    answer = send(clerk, "/de-an/moi/", **typed())
    assert answer.status_code == 302, answer.context["form"].errors
    project = Project.objects.get()
    assert (project.norm_by, project.norm_by_reason) == ("approval", "")


def test_another_day_is_chosen_with_its_reason_and_shown(clerk):
    answer = send(clerk, "/de-an/moi/", **typed(norm_by="contract"))
    assert "norm_by_reason" in answer.context["form"].errors
    answer = send(clerk, "/de-an/moi/", **typed(norm_by="contract", norm_by_reason="theo ý kiến của Sở Tài chính"))
    assert answer.status_code == 302
    project = Project.objects.get()
    assert project.norm_by == Project.NormBy.CONTRACT
    assert "Ký hợp đồng: theo ý kiến của Sở Tài chính" in page(clerk, project)
    line = project.lines.get()
    line.activity_id = SupportNorm.objects.filter(code="N04").first().activity_id
    line.save()
    shown = " ".join(page(clerk, project).split())
    assert "chọn theo ngày ký hợp đồng, vì theo ý kiến của Sở Tài chính" in shown


def test_what_a_line_tells_of_norms_is_kept_and_shown_again(clerk):
    said = {
        "lines-moi0-is_priority": "on",
        "lines-moi0-is_technology_line": "on",
        "lines-moi0-base_cost_vnd": "12 triệu",
        "lines-moi0-other_support": "Chương trình mục tiêu",
    }
    answer = send(clerk, "/de-an/moi/", **typed(**said))
    assert "nguồn ngân sách khác cho cùng hạng mục" in answer.content.decode()
    assert send(clerk, "/de-an/moi/", **typed(**said, reason="Sở đã đồng ý")).status_code == 302
    line = ProjectLine.objects.get()
    assert (line.is_priority, line.is_technology_line) == (True, True)
    assert (line.base_cost_vnd, line.other_support) == (12 * MILLION, "Chương trình mục tiêu")
    assert line.rule_exceptions.get().reason == "Sở đã đồng ý"
    shown = page(clerk, line.project)
    assert "Địa bàn, ngành nghề ưu tiên" in shown and "cùng hạng mục: Chương trình mục tiêu" in shown
    form = clerk.get(f"/de-an/{line.project_id}/sua/").content.decode()
    assert "Chương trình mục tiêu" in form and "12.000.000" in form
    assert '<details class="more" open>' in " ".join(form.split())
