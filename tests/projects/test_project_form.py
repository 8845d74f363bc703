"""The page on which a đề án is entered whole: lines, equipment, money of several sources, what it rests on."""

import pytest
from django.urls import reverse

from accounts.models import Role
from projects.models import Equipment, LedgerEntry, Project, ProjectDecision, ProjectLine, Step
from tests import factories as make

pytestmark = pytest.mark.django_db
NEW = reverse("projects:project_new")


@pytest.fixture
def clerk(client):
    client.force_login(make.make_user(Role.STAFF))
    return client


def money(code):
    return f"tien_{make.source(code).pk}"


def rows(prefix, *lines):
    """What the page sends for new rows; a value that is a list of dicts is the machines of the line."""
    data = {f"{prefix}-TOTAL_FORMS": len(lines)}
    for number, line in enumerate(lines):
        name = f"{prefix}-moi{number}"
        data |= rows(f"{name}-may", *line.pop("may", [])) if prefix == "lines" else {}
        data |= {f"{name}-{key}": value for key, value in line.items()}
    return data


def line(**values):
    return {"has_contract": "on", **values}


def head(**values):
    return {
        "code": "KCDP-2019-001",
        "name": "Hỗ trợ máy chế biến chè",
        "kind": "single",
        "plan_year": "2019",
        "basis": "approved",
        **values,
    }


def approved_head(**values):
    return head(decision=make.make_decision().pk, **values)


def errors(answer):
    assert answer.status_code == 422, answer
    return answer.content.decode()


def test_a_de_an_of_two_beneficiaries_from_two_sources_is_saved_whole(clerk):
    make.make_plan(code="KCQG")
    make.make_plan(code="KCDP")
    first, second = make.make_beneficiary(locality=make.make_locality()), make.make_beneficiary()
    data = approved_head(kind="group") | rows(
        "lines",
        line(
            beneficiary=first.pk,
            activity=make.activity().pk,
            may=[{"name": "Máy vò chè", "quantity": "2", "value_vnd": "120 triệu", "is_new": "1"}],
            **{money("KCQG"): "200 triệu", money("KCDP"): "50.000.000", money("DOIUNG"): "0,3 tỷ"},
        ),
        line(beneficiary=second.pk, **{money("KCQG"): "100tr", money("DOIUNG"): "250tr"}),
    )
    answer = clerk.post(NEW, data)
    project = Project.objects.get(code="KCDP-2019-001")
    assert answer["Location"] == project.get_absolute_url()
    lines = list(project.lines.order_by("pk"))
    assert [row.beneficiary for row in lines] == [first, second]
    # The place of an establishment stands for one that was left empty.
    assert lines[0].locality == first.locality
    assert [make.sums(lines[0], code=code)[0] // make.MILLION for code in ("KCQG", "KCDP", "DOIUNG")] == [200, 50, 300]
    assert Equipment.objects.get().value_vnd == 120 * make.MILLION
    assert project.decisions.get().kind == ProjectDecision.Kind.APPROVED


def test_a_registration_requests_and_approves_nothing(clerk):
    data = head(basis="registered", registered_on="5/6/2018") | rows("lines", line(**{money("KCQG"): "200 triệu"}))
    clerk.post(NEW, data)
    assert list(LedgerEntry.objects.values_list("step", "amount_vnd")) == [(Step.REQUESTED, 200 * make.MILLION)]


def test_nothing_is_saved_where_the_plan_is_too_small(clerk):
    make.make_plan(amount_vnd=100 * make.MILLION)
    answer = clerk.post(NEW, approved_head() | rows("lines", line(**{money("KCQG"): "200 triệu"})))
    assert "200 triệu" in errors(answer)
    assert not Project.objects.exists() and not ProjectLine.objects.exists()


def test_an_approval_before_any_plan_asks_for_a_reason(clerk):
    data = approved_head() | rows("lines", line(**{money("KCQG"): "200 triệu"}))
    assert "Lưu kèm lý do" in errors(clerk.post(NEW, data))
    assert not Project.objects.exists()
    clerk.post(NEW, data | {"reason": "Quyết định giao kế hoạch chưa về"})
    kept = Project.objects.get(code="KCDP-2019-001").lines.get().rule_exceptions.get()
    assert kept.reason == "Quyết định giao kế hoạch chưa về"


@pytest.mark.parametrize(
    ("values", "lines", "said"),
    [
        ({"decision": ""}, [line()], "Chưa chọn quyết định phê duyệt"),
        ({}, [], "Đề án cần ít nhất một dòng"),
        ({"kind": "group", "basis": "registered", "registered_on": "5/6/2018"}, [line(plan_year="2019")], "số cơ sở"),
        ({}, [line(plan_year="2019")], "Đã phê duyệt thì cần kinh phí hỗ trợ"),
        ({}, [line(plan_year="20190")], "2100"),
        ({"planned_start_on": "1/5/2019", "planned_end_on": "1/4/2019"}, [line()], "không được trước ngày bắt đầu"),
    ],
)
def test_what_is_missing_is_told_at_its_place(clerk, values, lines, said):
    assert said in errors(clerk.post(NEW, approved_head() | values | rows("lines", *lines)))


def test_the_summary_names_the_row_and_leads_to_its_field(clerk):
    data = approved_head() | rows("lines", line(**{money("KCQG"): "1tr"}), line(may=[{"value_vnd": "x"}]))
    text = errors(clerk.post(NEW, data))
    assert '<a href="#id_lines-moi1-may-moi0-name">Dòng 2, máy 1, Tên máy móc, thiết bị</a>: Chưa nhập tên.' in text


def test_what_opens_on_demand_stands_open_over_an_error(clerk):
    assert '<details class="more" >' in clerk.get(NEW).content.decode()
    data = approved_head() | rows("lines", line(plan_year="19", **{money("KCQG"): "1tr"}))
    assert '<details class="more" open>' in errors(clerk.post(NEW, data))


def test_the_list_offers_to_add_one_to_whoever_may(clerk, client):
    assert f'href="{NEW}?nam=2019"' in clerk.get("/de-an/?nam=2019").content.decode()
    client.force_login(make.make_user(Role.VIEWER))
    assert NEW not in client.get("/de-an/?nam=2019").content.decode()


def test_a_task_has_no_beneficiary(clerk):
    data = approved_head(kind="task") | rows("lines", line(beneficiary=make.make_beneficiary().pk))
    assert "Hoạt động không có cơ sở thụ hưởng" in errors(clerk.post(NEW, data))


def test_a_group_without_names_has_one_line_and_a_number(clerk):
    make.make_plan()
    data = approved_head(kind="group", beneficiaries_expected="5") | rows("lines", line(**{money("KCQG"): "900tr"}))
    clerk.post(NEW, data)
    assert Project.objects.get().lines.get().beneficiary is None


def test_the_next_free_code_follows_the_offices_pattern(clerk):
    for code in ("KCĐP-2019-013", "KCĐP-2019-007", "khác"):
        make.make_project(code=code)
    assert 'value="KCĐP-2019-014"' in clerk.get(f"{NEW}?nam=2019").content.decode()
    assert 'value="KCĐP-2020-001"' in clerk.get(f"{NEW}?nam=2020").content.decode()


def test_a_code_in_use_is_told_with_the_next_free_one(clerk):
    make.make_project(code="KCDP-2019-001", name="Đề án đã có")
    answer = clerk.post(NEW, approved_head() | rows("lines", line()))
    assert "đã dùng cho đề án “Đề án đã có”. Mã còn trống: KCDP-2019-002" in errors(answer)


def test_a_copy_takes_content_place_machines_and_money_but_no_beneficiary(clerk):
    place = make.make_locality("Y Can")
    old = make.make_approved_line(locality=place)
    Equipment.objects.create(line=old, name="Máy sấy thử")
    page = clerk.get(f"{NEW}?tu={old.project_id}&nam=2020").content.decode()
    assert all(text in page for text in (old.project.name, "Y Can", "Máy sấy thử", "300.000.000"))
    assert old.beneficiary.name not in page


def test_the_panel_tells_what_is_left_of_the_plan_after_saving(clerk):
    make.make_plan(amount_vnd=900 * make.MILLION)
    data = approved_head() | rows("lines", line(**{money("KCQG"): "200 triệu"})) | {"xem": "1"}
    text = clerk.post(NEW, data).content.decode()
    assert "Khuyến công quốc gia, năm 2019" in text and "Chưa phân bổ" in text
    assert "900.000.000" in text and "700.000.000" in text
    assert not Project.objects.exists()


def test_a_form_above_another_has_ids_of_its_own(clerk):
    page = clerk.get(reverse("projects:beneficiary_new"), headers={"HX-Request": "true"}).content.decode()
    assert 'for="tren_name"' in page and 'id="tren_name"' in page and 'id="id_name"' not in page
