"""Mending what was decided about a đề án, with its money, and taking out what was entered by mistake."""

import pytest
from django.urls import reverse

from accounts.models import Role
from projects import services
from projects.models import LedgerEntry, Project, ProjectDecision, Step
from tests import factories as make
from tests.projects.pages import text_of

pytestmark = pytest.mark.django_db
Kind = ProjectDecision.Kind
M = make.MILLION


@pytest.fixture(autouse=True)
def plan():
    make.make_plan()


@pytest.fixture
def clerk(client):
    client.force_login(make.make_user(Role.STAFF))
    return client


def edit(step):
    return reverse("projects:decision_edit", args=[step.pk])


def withdraw(step):
    return reverse("projects:decision_withdraw", args=[step.pk])


def shown(client, step):
    """What the form opens with, as a browser would send it back."""
    form = client.get(edit(step)).context["form"]
    return {field.name: field.value() or "" for field in form.typed_fields}


def amount(line, code="KCQG", step=Step.APPROVED):
    return f"so_{line.pk}_{make.source(code).pk}_{step}"


def test_a_wrong_amount_of_an_approval_is_mended_in_its_entry(clerk):
    line = make.make_line()
    step = make.approve(line, 30 * M).decision
    answer = clerk.post(edit(step), shown(clerk, step) | {amount(line): "300 triệu"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert make.sums(line)[0] == 300 * M
    assert LedgerEntry.objects.of(Step.APPROVED).filter(line=line).count() == 1


def test_an_amount_raised_above_the_norm_asks_for_a_reason_as_an_approval_does(clerk):
    make.make_plan(amount_vnd=2000 * M)
    line = make.make_line(activity=make.activity("HD10"))
    step = make.approve(line, 30 * M).decision
    typed = shown(clerk, step) | {amount(line): "450 triệu"}
    answer = clerk.post(edit(step), typed)
    assert answer.status_code == 422 and "vượt mức hỗ trợ" in answer.text
    assert make.sums(line)[0] == 30 * M
    assert clerk.post(edit(step), typed | {"reason": "Theo quyết định của tỉnh"}).status_code == 302
    assert [row.rule for row in line.project.rule_exceptions.all()] == ["over_norm"]


def test_a_line_left_out_of_an_approval_is_added_to_it(clerk):
    project = make.make_project(Project.Kind.GROUP)
    first, second = make.make_line(project), make.make_line(project)
    step = make.approve(first, 300 * M).decision
    assert clerk.post(edit(step), shown(clerk, step) | {amount(second): "200tr"}).status_code == 302
    entry = LedgerEntry.objects.get(line=second)
    assert (entry.amount_vnd, entry.decision, entry.on) == (200 * M, step, step.on)


def test_an_emptied_amount_is_taken_away(clerk):
    line = make.make_line()
    step = make.approve(line, 300 * M).decision
    make.approve(line, 50 * M, code="DOIUNG", decision=step)
    assert clerk.post(edit(step), shown(clerk, step) | {amount(line, "DOIUNG"): ""}).status_code == 302
    assert make.sums(line, code="DOIUNG")[0] == 0
    assert make.sums(line)[0] == 300 * M


def test_which_approval_it_was_may_be_mended_and_nothing_else(clerk):
    step = make.decide(make.make_line().project, Kind.APPRAISED_BASE)
    typed = shown(clerk, step)
    assert clerk.post(edit(step), typed | {"kind": Kind.APPRAISED_MINISTRY}).status_code == 302
    step.refresh_from_db()
    assert step.kind == Kind.APPRAISED_MINISTRY
    assert clerk.post(edit(step), typed | {"kind": Kind.STOPPED}).status_code == 422


def test_the_day_of_an_approval_takes_its_money_with_it(clerk):
    line = make.make_line(joined_on="2019-02-01")
    step = make.approve(line, 300 * M).decision
    clerk.post(edit(step), shown(clerk, step) | {"on": "5/3/2019"})
    assert LedgerEntry.objects.get(line=line).on == make.day("2019-03-05")


def test_below_what_is_signed_is_refused(clerk):
    line = make.make_signed_line(300 * M)
    step = line.project.decisions.get()
    answer = clerk.post(edit(step), shown(clerk, step) | {amount(line): "200tr"})
    assert answer.status_code == 422
    assert make.sums(line)[0] == 300 * M


def test_a_stop_has_no_amounts_to_mend_and_its_money_follows_its_day(clerk):
    line = make.make_signed_line(300 * M)
    step = make.stop(line.project)
    assert not [name for name in shown(clerk, step) if name.startswith("so_")]
    clerk.post(edit(step), shown(clerk, step) | {"on": "15/7/2019", "why": "Cơ sở giải thể"})
    step.refresh_from_db()
    assert step.reason == "Cơ sở giải thể"
    assert make.sums(line, on="2019-07-14")[0] == 300 * M
    assert make.sums(line, on="2019-07-15")[0] == 0


def test_under_a_signed_decision_number_and_day_are_mended_there(clerk):
    decision = make.make_decision("2019-03-07", number="12/QĐ-BCT")
    step = make.decide(make.make_line().project, on="2019-03-07", decision=decision, number="")
    answer = clerk.get(edit(step))
    assert not {"on", "number"} & set(answer.context["form"].fields)
    assert reverse("projects:plan_decision_edit", args=[decision.pk]) in answer.content.decode()


def test_an_extension_does_not_end_before_it_begins(clerk):
    step = make.decide(make.make_line().project, Kind.EXTENDED, ends_on=make.day("2019-12-31"))
    assert clerk.post(edit(step), shown(clerk, step) | {"ends_on": "1/1/2019"}).status_code == 422


def test_what_somebody_else_mended_meanwhile_is_shown(clerk):
    step = make.decide(make.make_line().project, Kind.RETURNED, reason="Thiếu báo giá")
    opened = clerk.get(edit(step)).context["opened"]
    typed = shown(clerk, step)
    step.reason = "Thiếu bản vẽ"
    services.keep(step, by=make.make_user(full_name="Lê Thị Khác"))
    answer = clerk.post(edit(step), typed | {"why": "Thiếu hợp đồng", "opened": opened})
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Thiếu bản vẽ" in text and "Lê Thị Khác" in text


def test_a_stop_entered_by_mistake_is_taken_out_with_its_money(clerk):
    line = make.make_signed_line(300 * M)
    step = make.stop(line.project)
    assert clerk.post(withdraw(step), {}).status_code == 422
    assert clerk.post(withdraw(step), {"why": "Nhập nhầm đề án"}).status_code == 302
    assert make.sums(line)[:2] == (300 * M, 300 * M)
    assert not line.project.decisions.filter(kind=Kind.STOPPED).exists()
    assert ProjectDecision.history.filter(id=step.pk, history_type="-").get().history_change_reason == "Nhập nhầm đề án"


def test_the_panel_shows_what_goes_before_a_reason_is_typed(clerk):
    line = make.make_approved_line(300 * M)
    step = line.project.decisions.get()
    answer = clerk.post(withdraw(step), {"xem": "1"})
    assert ("300.000.000", "0") in {(row["before"], row["after"]) for row in answer.context["rows"]}
    assert make.sums(line)[0] == 300 * M


def test_an_approval_under_a_contract_is_not_taken_out(clerk):
    line = make.make_signed_line(300 * M)
    answer = clerk.post(withdraw(line.project.decisions.get()), {"why": "Nhầm"})
    assert answer.status_code == 422
    assert make.sums(line)[0] == 300 * M


def test_a_strangers_decision_is_not_found(client):
    step = make.decide(make.make_line(locality=make.make_locality()).project)
    client.force_login(make.make_user(Role.LOCAL, localities=[make.make_locality()]))
    assert client.get(edit(step)).status_code == 404
    assert client.get(withdraw(step)).status_code == 404
