"""What can be done with a đề án now, by whom; what cannot, why, and where the way out leads."""

from datetime import date

import pytest

from accounts.models import Role
from khuyencong.dates import local_today
from projects import services
from projects.models import Project, ProjectDecision
from projects.pages.actions import deeds_of
from projects.pages.facts import read_facts
from projects.services.proposals import propose
from tests import factories as make
from tests.projects.pages import see, text_of

pytestmark = pytest.mark.django_db
Kind = ProjectDecision.Kind
M = make.MILLION


@pytest.fixture(autouse=True)
def plan():
    make.make_plan()


def deeds(project, role=Role.STAFF, day=None):
    user = make.make_user(role)
    return deeds_of(read_facts(project.pk, day or local_today(), user), user, f"/de-an/{project.pk}/")


def ladder(found):
    """The names of the head's deeds, those not possible with a "–" before."""
    return [("" if deed.is_possible else "–") + deed.name for deed in (found.main, found.after) if deed]


def in_menu(found):
    return {deed.name: deed for _, group in found.menu for deed in group}


def names_of(found, line):
    return [deed.name for deed in found.by_line[line.pk]]


# --- along the ladder -----------------------------------------------------------------------------


def test_what_is_only_registered_waits_for_its_approval():
    line = make.make_line()
    make.decide(line.project, Kind.REGISTERED)
    found = deeds(line.project)
    assert ladder(found) == ["Phê duyệt", "–Ký hợp đồng"]
    assert found.after.why == "Chưa ký được hợp đồng: đề án chưa được phê duyệt"
    assert names_of(found, line) == []


def test_what_is_approved_waits_for_its_contract():
    line = make.make_approved_line()
    found = deeds(line.project)
    assert ladder(found) == ["Ký hợp đồng", "–Nghiệm thu"]
    assert found.main.url.startswith("/hop-dong/moi/") and f"dong={line.pk}" in found.main.url
    assert f"ve=%2Fde-an%2F{line.project_id}%2F" in found.main.url
    assert names_of(found, line) == ["Ký hợp đồng"]


def test_what_is_signed_waits_for_acceptance_and_then_for_settlement():
    project = make.make_project(Project.Kind.GROUP, beneficiaries_expected=2)
    first, second = (make.make_signed_line(300 * M, project=project) for _ in range(2))
    found = deeds(project)
    assert ladder(found) == ["Nghiệm thu", "–Quyết toán"]
    assert names_of(found, first) == ["Nghiệm thu"]
    make.accept(first, 300 * M)
    found = deeds(project)
    assert ladder(found)[0] == "Nghiệm thu"
    assert f"/dong/{second.pk}/nghiem-thu/" in found.main.url
    assert names_of(deeds(project, Role.ACCOUNTANT), first) == ["Chi", "Quyết toán"]


def test_a_settlement_that_must_wait_says_for_what_and_leads_there():
    line = make.make_signed_line()
    found = deeds(line.project, Role.ACCOUNTANT)
    assert found.after.name == "Quyết toán"
    assert found.after.why == "Chưa quyết toán được: còn 1 dòng chưa nghiệm thu"
    assert (found.after.way_out, found.after.way_words) == ("#moc", "Xem các mốc còn lại")


def test_what_is_settled_has_no_next_step():
    line = make.make_signed_line()
    make.pay(line, 300 * M)
    make.accept(line, 300 * M)
    make.settle(line, 300 * M)
    found = deeds(line.project)
    assert (found.main, found.after) == (None, None)


def test_a_group_not_named_is_named_before_anything_is_signed():
    group = make.make_project(Project.Kind.GROUP, beneficiaries_expected=3)
    line = make.make_approved_line(900 * M, project=group, beneficiary=None)
    found = deeds(group)
    assert found.main.name == "Gắn cơ sở"
    assert f"/de-an/{group.pk}/quyet-dinh/gan-co-so/" in found.main.url
    paper = make.decide(group, Kind.GROUP_APPROVED, on="2019-04-01")
    for _ in range(3):
        amounts = {make.source(): 300 * M}
        services.name_beneficiary(line=line, beneficiary=make.make_beneficiary(), amounts=amounts, decision=paper)
    found = deeds(group)
    assert ladder(found)[0] == "Ký hợp đồng"
    assert in_menu(found)["Gắn cơ sở"].why


def test_what_is_stopped_can_only_go_on_or_give_back():
    line = make.make_signed_line()
    make.advance(line, 100 * M)
    make.stop(line.project)
    found = deeds(line.project)
    assert ladder(found) == ["–Thu hồi", "Cho làm tiếp"]
    assert found.whys[0].why == "Thu hồi: việc của kế toán"
    menu = in_menu(found)
    for name in ("Phê duyệt", "Gia hạn", "Ngừng triển khai", "Chuyển sang năm khác"):
        assert "đã ngừng" in menu[name].why
    assert ladder(deeds(line.project, Role.ACCOUNTANT)) == ["Thu hồi"]
    make.recover(line, 100 * M, on="2019-07-02")
    assert ladder(deeds(line.project)) == ["Cho làm tiếp"]


def test_a_line_alone_that_stopped_can_be_taken_up_while_the_others_go_on():
    project = make.make_project(Project.Kind.GROUP, beneficiaries_expected=2)
    first, _ = (make.make_signed_line(300 * M, project=project) for _ in range(2))
    make.stop(project, line=first)
    found = deeds(project)
    assert in_menu(found)["Cho làm tiếp"].is_possible
    assert ladder(found)[0] == "Nghiệm thu"
    assert first.pk not in found.by_line


def test_what_was_refused_has_no_next_step_and_says_so():
    line = make.make_line()
    make.decide(line.project, Kind.REJECTED)
    found = deeds(line.project)
    assert found.main is None
    assert "không được phê duyệt" in in_menu(found)["Ngừng triển khai"].why
    assert in_menu(found)["Phê duyệt"].is_possible


def test_a_line_not_named_is_named_and_those_beside_it_are_signed():
    group = make.make_project(Project.Kind.GROUP, beneficiaries_expected=2)
    unnamed = make.make_approved_line(300 * M, project=group, beneficiary=None)
    named = make.make_approved_line(300 * M, project=group)
    found = deeds(group)
    assert ladder(found) == ["Gắn cơ sở", "Ký hợp đồng"]
    assert f"dong={named.pk}" in found.after.url
    assert (names_of(found, unnamed), names_of(found, named)) == (["Gắn cơ sở"], ["Ký hợp đồng"])


def test_what_stands_in_the_way_leads_to_the_decision_that_clears_it():
    line = make.make_line()
    menu = in_menu(deeds(line.project))
    assert "/quyet-dinh/phe-duyet/" in menu["Gia hạn"].way_out
    assert menu["Thẩm định cấp cơ sở"].is_possible
    assert in_menu(deeds(line.project, Role.VIEWER))["Gia hạn"].way_out == ""
    make.approve(line, 300 * M)
    menu = in_menu(deeds(line.project))
    assert "/quyet-dinh/ngung/" in menu["Không phê duyệt"].way_out
    make.stop(line.project)
    assert "/quyet-dinh/tiep-tuc/" in in_menu(deeds(line.project))["Gia hạn"].way_out


def test_what_is_done_for_nobody_in_particular_is_not_named():
    line = make.make_approved_line(project=make.make_project(Project.Kind.TASK))
    found = deeds(line.project)
    assert found.main.name == "Ký hợp đồng"
    assert not in_menu(found)["Gắn cơ sở"].is_possible


def test_a_proposal_is_accepted_before_anything_else():
    place = make.make_locality()
    draft = services.LineDraft({"plan_year": make.YEAR, "locality": place}, {make.source(): M})
    local = make.make_user(Role.LOCAL, localities=[place])
    project = propose(name="Đề xuất thử", draft=draft, on=make.SIGNED_ON, by=local)
    found = deeds(project, Role.MANAGER)
    assert (ladder(found), found.main.url.split("?")[0]) == (["Tiếp nhận"], f"/de-xuat/{project.pk}/tiep-nhan/")
    menu = in_menu(deeds(project))
    assert menu["Phê duyệt"].why == "Đề xuất chưa được tiếp nhận"
    assert menu["Phê duyệt"].way_out == f"/de-xuat/{project.pk}/"


# --- who --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "main", "settles"),
    [
        (Role.STAFF, True, False),
        (Role.MANAGER, True, False),
        (Role.ACCOUNTANT, True, True),
        (Role.VIEWER, False, False),
        (Role.ADMIN, False, False),
    ],
)
def test_each_role_may_do_its_own(role, main, settles):
    line = make.make_signed_line()
    assert deeds(line.project, role).main.is_possible == main
    assert in_menu(deeds(line.project, role))["Tạm ứng"].is_possible == settles
    make.accept(line, 300 * M)
    found = deeds(line.project, role)
    assert found.main.name == "Quyết toán"
    assert found.main.is_possible == settles


def test_what_another_role_does_names_that_role():
    line = make.make_signed_line()
    assert deeds(line.project, Role.VIEWER).main.why == "Nghiệm thu: việc của chuyên viên hoặc lãnh đạo"
    assert in_menu(deeds(line.project))["Thanh toán"].why == "Thanh toán: việc của kế toán"


def test_every_deed_stays_in_the_menu_whoever_looks():
    line = make.make_line()
    seen = {frozenset(in_menu(deeds(line.project, role))) for role in Role if role != Role.LOCAL}
    assert len(seen) == 1
    assert {"Phê duyệt", "Gia hạn", "Ngừng triển khai", "Thu hồi", "Khó khăn, vướng mắc"} <= set(*seen)


def test_nothing_is_done_from_a_page_of_the_past():
    line = make.make_signed_line()
    found = deeds(line.project, day=date(2019, 6, 30))
    assert not any(deed.is_possible for deed in [found.main, *found.edits, *in_menu(found).values()])
    assert found.main.way_words == "Về hôm nay"


def test_an_accountant_finds_first_what_waits_for_him():
    line = make.make_signed_line(300 * M)
    found = deeds(line.project, Role.ACCOUNTANT)
    assert ladder(found) == ["Chi", "–Quyết toán"]
    assert f"/dong/{line.pk}/chi/" in found.main.url
    make.accept(line, 300 * M)
    assert ladder(deeds(line.project, Role.ACCOUNTANT))[0] == "Quyết toán"


# --- on the page ------------------------------------------------------------------------------------


def test_the_page_has_one_filled_button_and_the_reason_under_the_greyed_one(client):
    line = make.make_signed_line()
    answer = see(client, f"/de-an/{line.project_id}/", make.make_user(Role.STAFF))
    text = answer.content.decode()
    assert text.count("btn btn-primary") == 1
    assert "Quyết toán: việc của kế toán" in text_of(answer)
    assert f"/dong/{line.pk}/nghiem-thu/" in text


def test_stopping_stands_in_the_head_while_it_can_be_done(client):
    line, staff = make.make_approved_line(), make.make_user(Role.STAFF)
    path, button = f"/de-an/{line.project_id}/", f'class="btn" href="/de-an/{line.project_id}/quyet-dinh/ngung/'
    assert button in " ".join(see(client, path, staff).content.decode().split())
    make.stop(line.project)
    assert button not in " ".join(see(client, path, staff).content.decode().split())
    assert button not in " ".join(see(client, f"/de-an/{make.make_line().project_id}/", staff).content.decode().split())


def test_a_local_officer_is_shown_what_he_may_not_do_as_such(client):
    place = make.make_locality()
    line = make.make_signed_line(locality=place)
    local = make.make_user(Role.LOCAL, localities=[place])
    answer = see(client, f"/de-an/{line.project_id}/", local)
    assert "btn-primary" not in answer.content.decode()
    assert "việc của chuyên viên hoặc lãnh đạo" in text_of(answer)


def test_the_page_asks_as_often_for_twenty_lines_as_for_two(client, query_count):
    small, large = (make.make_project(Project.Kind.GROUP) for _ in range(2))
    make.make_plan(amount_vnd=9000 * M)
    for project, number in ((small, 2), (large, 20)):
        for _ in range(number):
            make.make_signed_line(100 * M, project=project)
    client.force_login(make.make_user(Role.STAFF))
    client.get(f"/de-an/{small.pk}/")
    counts = [query_count(lambda pk=project.pk: client.get(f"/de-an/{pk}/")) for project in (small, large)]
    assert counts[0] == counts[1]
    assert len(client.get(f"/de-an/{large.pk}/").content) < 100_000
