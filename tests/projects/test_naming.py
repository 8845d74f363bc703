"""Naming the beneficiaries of a group on one form: what each takes, what is left, what is refused."""

import pytest
from django.urls import reverse

from accounts.models import Role
from projects.models import Project, ProjectDecision, ProjectLine, RuleException
from tests import factories as make

pytestmark = pytest.mark.django_db
Kind = ProjectDecision.Kind
M = make.MILLION


@pytest.fixture
def group():
    make.make_plan()
    return make.make_project(Project.Kind.GROUP, beneficiaries_expected=3)


@pytest.fixture
def unnamed(group):
    return make.make_approved_line(900 * M, project=group, beneficiary=None)


@pytest.fixture
def clerk(client):
    client.force_login(make.make_user(Role.STAFF))
    return client


def address(project):
    return reverse("projects:decision_new", args=[project.pk, "gan-co-so"])


def row(number, beneficiary, support, counterpart="600tr", **more):
    prefix = f"co-so-moi{number}"
    money = {f"tien_{make.source().pk}": support, f"tien_{make.source('DOIUNG').pk}": counterpart}
    return {f"{prefix}-{name}": value for name, value in {"beneficiary": beneficiary.pk, **money, **more}.items()}


def send(client, line, *rows, **more):
    data = {"line": line.pk, "on": "1/4/2019", "number": "20/QĐ-SCT", "co-so-TOTAL_FORMS": len(rows), **more}
    for each in rows:
        data |= each
    return client.post(address(line.project), data)


def test_what_waits_for_a_contract_without_a_name_leads_to_naming(clerk, unnamed):
    text = clerk.get("/hop-dong/cho-ky/?nam=2019").content.decode()
    assert f'href="{address(unnamed.project)}?dong={unnamed.pk}&ve=/hop-dong/cho-ky/%3Fnam%3D2019"' in text
    assert f"/dong/{unnamed.pk}/hop-dong/" not in text


def test_several_are_named_at_once_and_the_rest_stays_for_others(clerk, unnamed):
    place = make.make_locality("Yên Thử")
    first, second = make.make_beneficiary("HTX Một"), make.make_beneficiary("HTX Hai", locality=place)
    answer = send(clerk, unnamed, row(0, first, "300tr"), row(1, second, "250 triệu"))
    assert answer.status_code == 302, answer.context["form"].errors
    named = ProjectLine.objects.filter(replaces=unnamed).order_by("pk")
    assert [(line.beneficiary, make.sums(line)[0], line.locality) for line in named] == [
        (first, 300 * M, None),
        (second, 250 * M, place),
    ]
    assert make.sums(named[0], code="DOIUNG")[0] == 600 * M
    unnamed.refresh_from_db()
    assert (make.sums(unnamed)[0], unnamed.left_on) == (350 * M, None)
    step = unnamed.project.decisions.get(kind=Kind.GROUP_APPROVED)
    assert (step.on, step.number) == (make.day("2019-04-01"), "20/QĐ-SCT")


def test_the_last_one_lets_the_group_end(clerk, unnamed):
    send(
        clerk, unnamed, row(0, make.make_beneficiary(), "300tr"), row(1, make.make_beneficiary(), "300tr"), leaves="on"
    )
    unnamed.refresh_from_db()
    assert unnamed.left_on == make.day("2019-04-01")
    assert ProjectLine.objects.filter(replaces=unnamed).count() == 2


def test_a_row_dropped_or_left_blank_names_nobody(clerk, unnamed):
    blank = {"co-so-moi1-beneficiary": ""}
    dropped = row(2, make.make_beneficiary(), "300tr", DELETE="on")
    assert send(clerk, unnamed, row(0, make.make_beneficiary(), "300tr"), blank, dropped).status_code == 302
    assert ProjectLine.objects.filter(replaces=unnamed).count() == 1


def test_more_than_the_group_has_is_refused_and_nobody_is_named(clerk, unnamed):
    answer = send(clerk, unnamed, row(0, make.make_beneficiary(), "300tr"), row(1, make.make_beneficiary(), "700tr"))
    assert answer.status_code == 422
    assert "đề án nhóm chỉ còn 600.000.000 đồng" in answer.content.decode()
    assert not ProjectLine.objects.filter(replaces=unnamed).exists()
    assert not unnamed.project.decisions.filter(kind=Kind.GROUP_APPROVED).exists()


def test_one_named_twice_or_without_money_is_told_at_its_row(clerk, unnamed):
    same = make.make_beneficiary("HTX Trùng")
    answer = send(clerk, unnamed, row(0, same, "300tr"), row(1, same, "300tr"), row(2, make.make_beneficiary(), ""))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "HTX Trùng đã chọn ở trên." in text
    assert "Chưa ghi kinh phí hỗ trợ của cơ sở này." in text


def test_above_the_norm_asks_for_a_reason_and_keeps_it_with_the_line(clerk, unnamed):
    owner = make.make_beneficiary()
    answer = send(clerk, unnamed, row(0, owner, "400tr", "100tr"))
    assert (answer.status_code, ProjectLine.objects.filter(replaces=unnamed).count()) == (422, 0)
    send(clerk, unnamed, row(0, owner, "400tr", "100tr"), reason="Theo chỉ đạo của tỉnh")
    line = ProjectLine.objects.get(replaces=unnamed)
    assert {(kept.line, kept.reason) for kept in RuleException.objects.all()} == {(line, "Theo chỉ đạo của tỉnh")}


def test_the_form_says_what_the_group_has_left(clerk, unnamed):
    assert "900.000.000 đồng" in clerk.get(address(unnamed.project)).content.decode()


def test_where_everybody_has_a_name_the_form_says_so(clerk, group):
    make.make_approved_line(project=group)
    answer = clerk.get(address(group))
    assert answer.status_code == 422
    assert "đã có cơ sở thụ hưởng" in answer.content.decode()


def test_the_panel_shows_the_group_before_and_after(clerk, unnamed):
    answer = send(clerk, unnamed, row(0, make.make_beneficiary("HTX Mới"), "300tr"), xem="1")
    rows = {f"{row['group']} {row['name']}": (row["before"], row["after"]) for row in answer.context["rows"]}
    assert ("900.000.000", "600.000.000") in rows.values()
    assert any("HTX Mới" in name for name in rows)
    assert not ProjectLine.objects.filter(replaces=unnamed).exists()
