"""What is decided about a đề án, entered on its short forms: what each writes, and what it refuses."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from projects import services
from projects.ladder import read_standings
from projects.models import LedgerEntry, Project, ProjectDecision, RuleException, Step
from projects.stages import with_stage
from projects.views.entry.deciding import KINDS
from tests import factories as make

pytestmark = pytest.mark.django_db
Kind = ProjectDecision.Kind
M = make.MILLION


@pytest.fixture
def clerk():
    client = Client()
    client.force_login(make.make_user(Role.STAFF))
    return client


def address(project, kind, **query):
    return reverse("projects:decision_new", args=[project.pk, kind]) + "".join(f"?{k}={v}" for k, v in query.items())


def send(client, path, **typed):
    """Post the form as it opens, with what is typed."""
    text = client.get(path).content.decode()
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("once", "opened")}
    return client.post(path, hidden | typed)


def approved_vnd(line):
    entries = LedgerEntry.objects.of(Step.APPROVED).filter(line=line, source__is_counted=True)
    return sum(entry.amount_vnd for entry in entries)


def money(line, code="KCQG"):
    return f"tien_{line.pk}_{make.source(code).pk}"


def test_an_approval_proposes_what_was_asked_and_writes_it_on_its_day(clerk):
    make.make_plan(amount_vnd=900 * M)
    line = make.make_line()
    path = address(line.project, "phe-duyet")
    typed = {"kind": Kind.APPROVED, "on": "1/3/2019", "number": "12/QĐ-SCT", money(line): "300 triệu"}
    answer = send(clerk, path, **typed, **{money(line, "DOIUNG"): "400tr"})
    assert answer.status_code == 302, answer.context["form"].errors or answer.context["form"].warnings
    assert approved_vnd(line) == 300 * M
    step = line.project.decisions.get(kind=Kind.APPROVED)
    assert (step.on, step.number) == (make.day("2019-03-01"), "12/QĐ-SCT")


def test_an_approval_above_the_plan_is_refused_and_nothing_is_saved(clerk):
    make.make_plan(amount_vnd=100 * M)
    line = make.make_line()
    typed = {"kind": Kind.APPROVED, "on": "1/3/2019", money(line): "300 triệu", money(line, "DOIUNG"): "400tr"}
    answer = send(clerk, address(line.project, "phe-duyet"), **typed)
    assert answer.status_code == 422
    assert "vượt" in answer.content.decode()
    assert not line.project.decisions.filter(kind=Kind.APPROVED).exists()


def test_an_adjustment_takes_the_new_sum_and_writes_the_difference(clerk):
    make.make_plan(amount_vnd=900 * M)
    line = make.make_approved_line(300 * M)
    path = address(line.project, "dieu-chinh")
    answer = send(clerk, path, on="1/6/2019", why="Giảm quy mô", **{money(line): "250 triệu"}, reason="Đã rà soát")
    assert answer.status_code == 302, answer.context["form"].errors
    entry = LedgerEntry.objects.get(line=line, step=Step.APPROVED, decision__kind=Kind.ADJUSTED)
    assert (entry.amount_vnd, entry.on) == (-50 * M, make.day("2019-06-01"))


def test_an_adjustment_that_changes_nothing_says_so(clerk):
    make.make_plan()
    line = make.make_approved_line(300 * M)
    answer = send(clerk, address(line.project, "dieu-chinh"), on="1/6/2019", why="Rà soát", **{money(line): "300tr"})
    assert answer.status_code == 422
    assert "Chưa có gì thay đổi" in answer.content.decode()


def test_a_stop_ends_what_is_not_paid_and_a_resumption_brings_it_back(clerk):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    assert send(clerk, address(line.project, "ngung"), on="1/7/2019", why="Cơ sở xin dừng").status_code == 302
    assert approved_vnd(line) == 0
    assert send(clerk, address(line.project, "tiep-tuc"), on="1/8/2019").status_code == 302
    assert approved_vnd(line) == 300 * M


def test_a_stop_without_a_reason_is_refused(clerk):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    answer = send(clerk, address(line.project, "ngung"), on="1/7/2019")
    assert answer.status_code == 422
    assert "Chưa ghi lý do." in answer.content.decode()


def test_a_line_goes_on_in_another_year(clerk):
    make.make_plan()
    make.make_plan(year=2020)
    line = make.make_signed_line(300 * M)
    answer = send(clerk, address(line.project, "chuyen-nam"), lines=[line.pk], year="2020", on="1/12/2019")
    assert answer.status_code == 302, answer.context["form"].errors
    assert {each.plan_year: approved_vnd(each) for each in line.project.lines.all()} == {2019: 0, 2020: 300 * M}


def test_money_changes_its_source(clerk):
    make.make_plan()
    make.make_plan(code="KCDP")
    line = make.make_approved_line(300 * M)
    sources = {"old": make.source("KCQG").pk, "new": make.source("KCDP").pk}
    answer = send(clerk, address(line.project, "doi-nguon"), line=line.pk, on="1/5/2019", **sources)
    assert answer.status_code == 302, answer.context["form"].errors
    entries = LedgerEntry.objects.of(Step.APPROVED).filter(line=line, source=make.source("KCDP"))
    assert sum(entry.amount_vnd for entry in entries) == 300 * M


def test_another_establishment_takes_the_place_of_one(clerk):
    make.make_plan()
    line = make.make_approved_line(300 * M)
    new = make.make_beneficiary("HTX Thay Thế")
    answer = send(clerk, address(line.project, "thay-co-so"), line=line.pk, beneficiary=new.pk, on="1/5/2019")
    assert answer.status_code == 302, answer.context["form"].errors
    assert approved_vnd(line.project.lines.get(beneficiary=new)) == 300 * M


@pytest.mark.parametrize(
    ("kind", "typed", "written"),
    [
        ("dang-ky", {}, Kind.REGISTERED),
        ("tham-dinh-co-so", {}, Kind.APPRAISED_BASE),
        ("tham-dinh-bo", {}, Kind.APPRAISED_MINISTRY),
        ("bo-sung", {"why": "Thiếu báo giá"}, Kind.RETURNED),
        ("khong-phe-duyet", {"why": "Không thuộc đối tượng"}, Kind.REJECTED),
    ],
)
def test_a_step_without_money_is_a_dated_fact(kind, typed, written, clerk):
    line = make.make_line()
    answer = send(clerk, address(line.project, kind), on="5/3/2019", **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    step = line.project.decisions.get(kind=written)
    assert (step.on, step.reason) == (make.day("2019-03-05"), typed.get("why", ""))


def test_an_extension_takes_the_milestones_ticked_along(clerk):
    make.make_plan()
    line = make.make_approved_line(300 * M)
    rows = [
        services.set_milestone(project=line.project, name=name, due_on=make.day(due), set_on=make.SIGNED_ON)
        for name, due in (("Lắp đặt", "2019-09-30"), ("Nghiệm thu", "2019-10-30"))
    ]
    typed = {"on": "1/9/2019", "why": "Máy về chậm", "ends_on": "20/12/2019", "postponed": [rows[0].pk]}
    path = address(line.project, "gia-han")
    panel = clerk.post(path, {**typed, "xem": "1"}).context["rows"]
    told = {row["name"]: (row["before"], row["after"]) for row in panel}
    assert told["Kết thúc"] == ("chưa ghi", "20/12/2019")
    assert told["Mốc Lắp đặt"] == ("30/09/2019", "20/12/2019")
    assert told["Mốc Nghiệm thu"] == ("30/10/2019", "30/10/2019")
    assert send(clerk, path, **typed).status_code == 302
    assert [(due.due_on, due.set_on) for due in rows[0].dues.order_by("pk")] == [
        (make.day("2019-09-30"), make.SIGNED_ON),
        (make.day("2019-12-20"), make.day("2019-09-01")),
    ]
    assert rows[1].dues.count() == 1
    assert line.project.decisions.get(kind=Kind.EXTENDED).ends_on == make.day("2019-12-20")


def test_an_extension_must_go_beyond_the_end_there_is(clerk):
    make.make_plan()
    project = make.make_project(planned_end_on=make.day("2019-12-31"))
    make.make_approved_line(project=project)
    path = address(project, "gia-han")
    assert send(clerk, path, on="1/9/2019", ends_on="15/12/2019").status_code == 422
    assert send(clerk, path, on="1/9/2019", ends_on="31/3/2020").status_code == 302
    assert "31/03/2020" in clerk.get(path).content.decode()


def test_a_late_registration_keeps_what_was_asked_for(clerk):
    line = make.make_line()
    typed = {"on": "1/6/2018", money(line): "250tr"}
    assert send(clerk, address(line.project, "dang-ky"), **typed).status_code == 302
    entry = LedgerEntry.objects.get(line=line)
    assert (entry.step, entry.amount_vnd, entry.on) == (Step.REQUESTED, 250 * M, make.day("2018-06-01"))


def test_an_approval_proposes_what_was_asked_for_and_is_not_approved_yet(clerk):
    make.make_plan()
    line = make.make_line()
    make.ask(line, 250 * M)
    make.approve(line, 100 * M)
    assert clerk.get(address(line.project, "phe-duyet")).context["form"].initial[money(line)] == 150 * M


STATES = {
    "chưa được phê duyệt": make.make_line,
    "đã được phê duyệt": make.make_approved_line,
    "đã ngừng triển khai": lambda: given(make.make_signed_line(), make.stop),
    "chưa ngừng": lambda: given(make.make_signed_line(), make.stop, make.resume),
    "không được phê duyệt": lambda: given(make.make_line(), lambda project: make.decide(project, Kind.REJECTED)),
}


def given(line, *steps):
    for step in steps:
        step(line.project)
    return line


@pytest.mark.parametrize("says", STATES)
def test_a_decision_that_is_not_possible_is_refused_where_it_opens_as_the_menu_says(says, clerk):
    make.make_plan()
    project, told = STATES[says]().project, ""
    menu = clerk.get(project.get_absolute_url()).context["deeds"].menu
    deeds = {re.search(r"/quyet-dinh/([a-z-]+)/", deed.url)[1]: deed for deed in menu[0][1]}
    assert set(deeds) == set(KINDS)
    for kind, deed in deeds.items():
        if not deed.is_possible:
            answer = clerk.get(address(project, kind))
            text = answer.content.decode()
            assert answer.status_code == 422, kind
            assert deed.way_out.startswith("#") or deed.way_out.split("?")[0] in text, kind
            assert not deed.way_out.startswith("/") or f">{deed.way_words}</a>" in text, kind
            told += text
    assert says in told


def test_what_is_refused_is_approved_only_with_a_reason(clerk):
    make.make_plan(amount_vnd=900 * M)
    line = make.make_line()
    make.decide(line.project, Kind.REJECTED, on="2019-02-01", number="9/QĐ-SCT")
    path = address(line.project, "phe-duyet")
    typed = {"kind": Kind.APPROVED, "on": "1/3/2019", money(line): "300 triệu", money(line, "DOIUNG"): "400tr"}
    answer = send(clerk, path, **typed)
    assert answer.status_code == 422
    assert "không phê duyệt số 9/QĐ-SCT ngày 01/02/2019" in answer.content.decode()
    assert send(clerk, path, **typed, reason="Hội đồng xét lại").status_code == 302
    kept = RuleException.objects.get(message__contains="không phê duyệt")
    assert (kept.project, kept.on, kept.reason) == (line.project, make.day("2019-03-01"), "Hội đồng xét lại")


def test_what_was_registered_anew_after_a_refusal_is_approved_as_any_other(clerk):
    make.make_plan(amount_vnd=900 * M)
    line = make.make_line()
    make.decide(line.project, Kind.REJECTED, on="2019-02-01")
    make.decide(line.project, Kind.REGISTERED, on="2019-02-20")
    typed = {"kind": Kind.APPROVED, "on": "1/3/2019", money(line): "300 triệu", money(line, "DOIUNG"): "400tr"}
    assert send(clerk, address(line.project, "phe-duyet"), **typed).status_code == 302


def test_the_panel_of_a_stop_tells_what_is_to_be_recovered(clerk):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    make.advance(line, 120 * M)
    answer = clerk.post(address(line.project, "ngung"), {"on": "1/7/2019", "why": "Thử", "xem": "1"})
    told = {row["name"]: (row["before"], row["after"]) for row in answer.context["rows"]}
    assert told["Tình trạng"] == ("Đang thực hiện", "Ngừng triển khai")
    assert told["Phải thu hồi"] == ("0", "120.000.000")
    assert told["Được duyệt"] == ("300.000.000", "120.000.000")


def test_an_adjustment_below_what_is_paid_asks_for_a_reason_and_keeps_it(clerk):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    make.advance(line, 120 * M)
    typed = {"on": "1/6/2019", "why": "Giảm quy mô", money(line): "100tr"}
    path = address(line.project, "dieu-chinh")
    assert send(clerk, path, **typed).status_code == 422
    assert approved_vnd(line) == 300 * M
    send(clerk, path, **typed, reason="Sẽ thu hồi")
    assert approved_vnd(line) == 100 * M
    assert {(kept.line, kept.reason) for kept in RuleException.objects.all()} == {(line, "Sẽ thu hồi")}


def test_the_number_expected_changes_from_the_day_of_the_adjustment(clerk):
    make.make_plan()
    group = make.make_project(Project.Kind.GROUP, beneficiaries_expected=3)
    make.make_approved_line(300 * M, project=group, beneficiary=None)
    path = address(group, "dieu-chinh")
    assert send(clerk, path, on="1/6/2019", why="Thiếu cơ sở", beneficiaries_expected="2").status_code == 302
    standing = [read_standings(Project.objects.all(), make.day(day))[group.pk] for day in ("2019-05-31", "2019-06-01")]
    assert [each.project.expected for each in standing] == [3, 2]


def test_a_line_alone_is_stopped_from_its_own_address(clerk):
    make.make_plan()
    project = make.make_project(Project.Kind.GROUP)
    first, second = (make.make_signed_line(300 * M, project=project) for _ in range(2))
    path = address(project, "ngung", dong=first.pk)
    assert clerk.get(path).context["form"].initial["line"] == first
    assert send(clerk, path, line=first.pk, on="1/7/2019", why="Giải thể").status_code == 302
    assert (approved_vnd(first), approved_vnd(second)) == (0, 300 * M)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.VIEWER, Role.ADMIN, Role.LOCAL])
def test_only_who_enters_facts_decides(kind, role, client):
    place = make.make_locality()
    line = make.make_line(locality=place)
    client.force_login(make.make_user(role, localities=[place]))
    for method in (client.get, client.post):
        assert method(address(line.project, kind)).status_code == 403


def test_an_unknown_kind_is_not_found(clerk):
    assert clerk.get(address(make.make_line().project, "giai-the")).status_code == 404


def test_the_day_of_a_signed_decision_is_the_day_of_the_step(clerk):
    line = make.make_line()
    decision = make.make_decision(on="2019-03-07")
    assert send(clerk, address(line.project, "dang-ky"), decision=decision.pk).status_code == 302
    assert line.project.decisions.get(kind=Kind.REGISTERED).on == make.day("2019-03-07")


def test_the_panel_tells_what_a_stop_would_change_and_keeps_nothing(clerk):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    answer = clerk.post(address(line.project, "ngung"), {"on": "1/7/2019", "why": "Thử", "xem": "1"})
    rows = {(row["group"] or "", row["name"]): (row["before"], row["after"]) for row in answer.context["rows"]}
    assert ("300.000.000", "0") in rows.values()
    assert with_stage(type(line.project).objects.all(), make.day("2019-12-31")).get().stage != "stopped"
    assert not line.project.decisions.filter(kind=Kind.STOPPED).exists()


def test_a_slip_in_a_step_is_mended_in_place(clerk):
    make.make_plan()
    line = make.make_approved_line(300 * M)
    step = make.decide(line.project, Kind.EXTENDED, on=make.day("2019-05-02"), ends_on=make.day("2019-12-31"))
    path = reverse("projects:decision_edit", args=[step.pk])
    typed = {"on": "3/5/2019", "number": "09/TB", "why": "Chậm máy", "ends_on": "31/12/2019"}
    assert send(clerk, path, **typed).status_code == 302
    step.refresh_from_db()
    assert (step.on, step.number, step.reason) == (make.day("2019-05-03"), "09/TB", "Chậm máy")


def test_a_step_entered_by_mistake_is_taken_out_with_a_reason(clerk):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    send(clerk, address(line.project, "ngung"), on="1/7/2019", why="Nhầm đề án")
    step = line.project.decisions.get(kind=Kind.STOPPED)
    path = reverse("projects:decision_withdraw", args=[step.pk])
    assert send(clerk, path, why="Ghi nhầm đề án khác").status_code == 302
    assert approved_vnd(line) == 300 * M
    assert ProjectDecision.history.filter(id=step.pk, history_type="-").get().history_change_reason


def test_a_kind_that_nobody_knows_is_no_page(clerk):
    assert clerk.get(address(make.make_line().project, "xoa-het")).status_code == 404


def test_ids_that_no_row_can_have_are_told_at_their_field(clerk):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    answer = send(clerk, address(line.project, "chuyen-nam"), lines=["9" * 25], year="2020", on="1/12/2019")
    assert answer.status_code == 422
    assert "Lựa chọn không có trong danh sách" in answer.content.decode()
