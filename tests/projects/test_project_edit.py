"""Correcting a đề án on the page on which it was entered: head, lines, equipment, money of its first paper."""

import pytest
from django.urls import reverse

from accounts.models import Role
from projects.models import Equipment, Project, ProjectLine
from tests import factories as make

pytestmark = pytest.mark.django_db
MILLION = make.MILLION


@pytest.fixture
def clerk(client):
    client.force_login(make.make_user(Role.STAFF))
    return client


@pytest.fixture
def plan(db):
    return make.make_plan()


@pytest.fixture
def approved(plan):
    project = make.make_project("group", beneficiaries_expected=2, executing_agency=make.make_agency())
    paper = make.decide(project)
    for amount in (200, 100):
        line = make.make_line(project)
        make.approve(line, amount * MILLION, decision=paper)
        make.approve(line, 400 * MILLION, code="DOIUNG", decision=paper)
    Equipment.objects.create(line=line, name="Máy cũ", quantity=1)
    return project


def address(project):
    return reverse("projects:project_edit", args=[project.pk])


def opened(client, project):
    """What a browser would send back from the page as it opens."""
    answer = client.get(address(project))
    form = answer.context["form"]
    data = {name: shown.raw for name, shown in form.shown().items() if shown.raw}
    data |= {"opened": answer.context["opened"], "once": form["once"].value(), "lines-TOTAL_FORMS": 0}
    for line in form.lines.forms:
        data.setdefault("lines-kept", []).append(line.row.pk)
        data |= {
            f"{line.items.prefix}-TOTAL_FORMS": 0,
            f"{line.items.prefix}-kept": [i.row.pk for i in line.items.forms],
        }
    return data


def name_of(line, field):
    return f"lines-{line.pk}-{field}"


def money(code="KCQG"):
    return f"tien_{make.source(code).pk}"


def save(client, project, data):
    answer = client.post(address(project), data)
    assert answer.status_code == 302, [answer.context["form"].errors, answer.context["form"].part_errors]
    return answer


def refused(client, project, data):
    answer = client.post(address(project), data)
    assert answer.status_code == 422
    return answer.content.decode()


def test_saving_what_was_opened_changes_nothing(clerk, approved):
    before = list(ProjectLine.objects.values()), Project.objects.values().get()
    save(clerk, approved, opened(clerk, approved))
    assert (list(ProjectLine.objects.values()), Project.objects.values().get()) == before
    assert ProjectLine.history.filter(history_type="~").count() == 0


def test_head_line_and_machine_are_mended_in_place(clerk, approved):
    line, place = approved.lines.last(), make.make_locality()
    item = line.equipment.get()
    data = opened(clerk, approved) | {
        "name": "Tên đã sửa",
        name_of(line, "locality"): place.pk,
        f"{name_of(line, 'may')}-{item.pk}-name": "Máy mới",
        f"{name_of(line, 'may')}-TOTAL_FORMS": 1,
        f"{name_of(line, 'may')}-moi0-name": "Máy thứ hai",
    }
    save(clerk, approved, data)
    line.refresh_from_db()
    assert (Project.objects.get().name, line.locality) == ("Tên đã sửa", place)
    assert list(line.equipment.values_list("name", flat=True)) == ["Máy mới", "Máy thứ hai"]


def test_the_money_of_the_first_paper_is_mended_and_the_plan_still_holds(clerk, approved):
    line = approved.lines.first()
    data = opened(clerk, approved)
    save(clerk, approved, data | {name_of(line, money()): "150 triệu"})
    assert make.sums(line)[0] == 150 * MILLION
    assert line.entries.filter(source__code="KCQG").count() == 1
    data = opened(clerk, approved) | {name_of(line, money()): "5 tỷ"}
    assert "vượt kế hoạch" in refused(clerk, approved, data)
    assert make.sums(line)[0] == 150 * MILLION


def test_what_a_later_decision_changed_stands_beside(clerk, approved):
    line = approved.lines.first()
    make.approve(line, -50 * MILLION, on="2019-06-01", decision=make.decide(approved, "adjusted", on="2019-06-01"))
    page = clerk.get(address(approved)).content.decode()
    assert "200.000.000" in page and "Nay là 150.000.000, theo quyết định sau." in page


def test_a_further_line_joins_under_the_first_decision(clerk, approved):
    new = make.make_beneficiary()
    data = opened(clerk, approved) | {
        "lines-TOTAL_FORMS": 1,
        "lines-moi0-beneficiary": new.pk,
        "lines-moi0-has_contract": "on",
        "lines-moi0-may-TOTAL_FORMS": 0,
        f"lines-moi0-{money()}": "100tr",
        f"lines-moi0-{money('DOIUNG')}": "300tr",
    }
    save(clerk, approved, data)
    line = approved.lines.get(beneficiary=new)
    assert (line.plan_year, line.joined_on, make.sums(line)[0]) == (2019, make.APPROVED_ON, 100 * MILLION)
    assert approved.decisions.count() == 1


def test_a_line_typed_by_mistake_is_taken_out_and_one_with_a_contract_is_not(clerk, approved):
    first, second = approved.lines.all()
    make.sign(first, 200 * MILLION)
    assert "hợp đồng" in refused(clerk, approved, opened(clerk, approved) | {name_of(first, "DELETE"): "on"})
    save(clerk, approved, opened(clerk, approved) | {name_of(second, "DELETE"): "on"})
    assert approved.lines.get() == first


def test_two_who_save_see_both_versions_of_a_lines_field(clerk, approved):
    line = approved.lines.first()
    data = opened(clerk, approved)
    save(clerk, approved, opened(clerk, approved) | {name_of(line, money()): "150 triệu"})
    text = refused(clerk, approved, data | {name_of(line, money()): "160 triệu"})
    assert "Có người vừa sửa" in text and "160 triệu" in text and "150.000.000" in text
    save(clerk, approved, data | {name_of(line, money()): "160 triệu", "opened": ""})


@pytest.fixture
def dropped(clerk, approved):
    """A line taken out of the page while another mended its amount and its machine; and what the page then sends."""
    line = approved.lines.last()
    machine = f"{name_of(line, 'may')}-{line.equipment.get().pk}-name"
    data = opened(clerk, approved) | {name_of(line, "DELETE"): "on"}
    save(clerk, approved, opened(clerk, approved) | {name_of(line, money()): "150 triệu", machine: "Máy mới"})
    return line, data


def test_who_drops_a_line_that_another_mended_meanwhile_is_told_and_chooses(clerk, approved, dropped):
    line, data = dropped
    answer = clerk.post(address(approved), data)
    (clash,) = answer.context["form"].clashes
    assert (answer.status_code, clash.label, clash.mine.text) == (422, "Dòng 2: bạn bỏ, người khác đã sửa", "Bỏ")
    assert "150.000.000" in clash.theirs.text and "Máy mới" in clash.theirs.text
    assert approved.lines.count() == 2


@pytest.mark.parametrize(("choice", "kept"), [("mine", None), ("theirs", (150 * MILLION, "Máy mới"))])
def test_a_line_dropped_and_mended_goes_or_stays_as_the_other_left_it(choice, kept, clerk, approved, dropped):
    line, data = dropped
    seen = clerk.post(address(approved), data).context["opened"]
    save(clerk, approved, data | {"opened": seen, f"chon-{name_of(line, 'DELETE')}": choice})
    left = approved.lines.filter(pk=line.pk).first()
    assert (left and (make.sums(left)[0], left.equipment.get().name)) == kept


def test_a_line_dropped_that_nobody_else_touched_goes_at_once(clerk, approved):
    first, second = approved.lines.all()
    data = opened(clerk, approved) | {name_of(second, "DELETE"): "on"}
    save(clerk, approved, opened(clerk, approved) | {name_of(first, money()): "150 triệu"})
    assert [clash.label for clash in clerk.post(address(approved), data).context["form"].clashes] == [
        "Dòng 1: Khuyến công quốc gia"
    ]


def test_a_line_that_somebody_removed_meanwhile_is_told(clerk, approved):
    line = approved.lines.last()
    data = opened(clerk, approved)
    save(clerk, approved, opened(clerk, approved) | {name_of(line, "DELETE"): "on"})
    assert "vừa bị người khác xóa" in refused(clerk, approved, data)


def test_the_page_asks_as_often_for_six_lines_as_for_two(clerk, approved, query_count):
    few = query_count(lambda: clerk.get(address(approved)))
    for _ in range(4):
        line = make.make_line(approved, locality=make.make_locality())
        make.approve(line, 10 * MILLION, decision=approved.decisions.get())
    assert query_count(lambda: clerk.get(address(approved))) == few


def test_a_machine_that_somebody_removed_meanwhile_is_told_once(clerk, approved):
    line = approved.lines.last()
    item = line.equipment.get()
    data = opened(clerk, approved)
    item.delete()
    assert "Có máy móc, thiết bị vừa bị người khác xóa" in refused(clerk, approved, data)
    del data[f"{name_of(line, 'may')}-kept"]
    save(clerk, approved, data)
    assert not line.equipment.exists()
