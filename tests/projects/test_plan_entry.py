"""Entering a year's plan on its pages: a decision with its rows, a row corrected or taken out, a paper's own words."""

import pytest
from django.test import Client

from accounts.models import Role
from funding.models import Decision, PlanLine
from khuyencong.errors import NotAllowed
from projects import services
from tests import factories as make

pytestmark = pytest.mark.django_db

NEW = "/ke-hoach/2019/quyet-dinh/moi/"


@pytest.fixture
def clerk():
    client = Client()
    client.force_login(make.make_user(Role.STAFF))
    return client


def rows(*each):
    """The posted fields of rows; each a dict without its prefix."""
    data = {"dong-TOTAL_FORMS": len(each)}
    for number, row in enumerate(each):
        row = {"year": "2019", "kind": "assigned", "source": make.source().pk, **row}
        data |= {f"dong-moi{number}-{name}": value for name, value in row.items()}
    return data


def paper(**fields):
    return {"number": "12/QĐ-THỬ", "decided_on": "10/1/2019", **fields}


def test_one_screen_enters_a_decision_with_its_rows(clerk):
    answer = clerk.post(
        NEW,
        paper()
        | rows(
            {"amount_vnd": "900 triệu", "projects_min": "1", "projects_max": "3"},
            {"amount_vnd": "1,5 tỷ", "source": make.source("KCDP").pk, "content": make.activity().pk, "batch": "1"},
            {"amount_vnd": "405 triệu", "source": make.source("KCDP").pk, "content": "khac"},
        ),
    )
    assert (answer.status_code, answer.url) == (302, "/ke-hoach/2019/")
    lines = PlanLine.objects.filter(decision__number="12/QĐ-THỬ").order_by("pk")
    assert [(line.source.code, line.amount_vnd, line.is_for_tasks) for line in lines] == [
        ("KCQG", 900 * make.MILLION, False),
        ("KCDP", 1500 * make.MILLION, False),
        ("KCDP", 405 * make.MILLION, True),
    ]
    assert (lines[0].projects_min, lines[0].projects_max, lines[1].activity) == (1, 3, make.activity())


def test_a_paper_that_is_there_gets_further_rows(clerk):
    decision = make.make_decision("2019-01-10")
    answer = clerk.post(NEW, {"decision": decision.pk} | rows({"amount_vnd": "100 triệu"}))
    assert answer.status_code == 302
    assert decision.plan_lines.get().amount_vnd == 100 * make.MILLION
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "row", "told"),
    [
        ({"decided_on": ""}, {"amount_vnd": "1 triệu"}, "Chưa nhập ngày ký"),
        ({}, {"amount_vnd": ""}, "Cần ít nhất một dòng kế hoạch"),
        ({}, {"amount_vnd": "", "batch": "2"}, "Chưa nhập số tiền"),
        ({}, {"amount_vnd": "-5 triệu"}, "Giảm kế hoạch thì chọn loại điều chỉnh"),
        ({}, {"amount_vnd": "1 triệu", "projects_min": "3", "projects_max": "1"}, "không được nhỏ hơn số đề án từ"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(fields, row, told, clerk):
    row = {"source": ""} | row if row == {"amount_vnd": ""} else row
    answer = clerk.post(NEW, paper(**fields) | rows(row))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not PlanLine.objects.exists() and not Decision.objects.exists()


def test_a_cut_below_what_is_approved_is_refused_whole(clerk):
    make.make_plan(amount_vnd=300 * make.MILLION)
    make.make_approved_line(300 * make.MILLION)
    n_decisions = Decision.objects.count()
    cut = paper(decided_on="1/6/2019") | rows({"kind": "adjusted", "amount_vnd": "(50 triệu)"})
    answer = clerk.post(NEW, cut)
    assert answer.status_code == 422
    assert "sẽ vượt kế hoạch 50.000.000 đồng" in answer.content.decode()
    assert Decision.objects.count() == n_decisions


def test_a_plan_smaller_than_what_is_approved_asks_for_a_reason_and_keeps_it(clerk):
    make.make_approved_line(300 * make.MILLION)
    small = paper() | rows({"amount_vnd": "100 triệu"})
    asked = clerk.post(NEW, small)
    assert asked.status_code == 422
    assert "vượt kế hoạch 200.000.000 đồng" in asked.content.decode() and not PlanLine.objects.exists()
    assert clerk.post(NEW, small | {"reason": "Quyết định giao đợt 1"}).status_code == 302
    assert PlanLine.objects.get().history.get().history_change_reason == "Quyết định giao đợt 1"


def test_the_effects_are_shown_before_and_after(clerk):
    make.make_plan(amount_vnd=300 * make.MILLION)
    shown = clerk.post(NEW, paper() | rows({"amount_vnd": "200 triệu"}) | {"xem": "1"}).content.decode()
    assert "300.000.000" in shown and "500.000.000" in shown
    assert PlanLine.objects.count() == 1


def test_a_row_is_corrected_in_place(clerk):
    line = make.make_plan(amount_vnd=300 * make.MILLION)
    path = f"/ke-hoach/dong/{line.pk}/sua/"
    assert clerk.post(path, {"amount_vnd": "350 triệu", "content": "khac", "note": "Đã đối chiếu"}).status_code == 302
    line.refresh_from_db()
    assert (line.amount_vnd, line.is_for_tasks, line.note) == (350 * make.MILLION, True, "Đã đối chiếu")


def test_a_row_typed_by_mistake_is_taken_out_while_the_plan_covers_what_is_approved(clerk):
    make.make_plan(amount_vnd=300 * make.MILLION)
    extra = make.make_plan(amount_vnd=50 * make.MILLION)
    make.make_approved_line(300 * make.MILLION)
    path = f"/ke-hoach/dong/{extra.pk}/xoa/"
    unsaid = clerk.post(path, {})
    assert (unsaid.status_code, PlanLine.objects.count()) == (422, 2)
    assert unsaid.context["form"].errors["why"]
    assert clerk.post(path, {"why": "Nhập trùng dòng của đợt 1"}).status_code == 302
    assert PlanLine.objects.count() == 1
    kept = PlanLine.history.get(history_type="-")
    assert (kept.history_user.role, kept.history_change_reason) == (Role.STAFF, "Nhập trùng dòng của đợt 1")


def test_the_only_row_under_what_is_approved_stays(clerk):
    line = make.make_plan(amount_vnd=300 * make.MILLION)
    make.make_approved_line(200 * make.MILLION)
    answer = clerk.post(f"/ke-hoach/dong/{line.pk}/xoa/", {"why": "Nhập nhầm"})
    assert answer.status_code == 422
    assert "200.000.000 đồng" in answer.content.decode() and PlanLine.objects.exists()


def test_a_decision_is_corrected_and_what_it_decided_follows_its_day(clerk):
    decision = make.make_decision("2019-03-01", number="1/QĐ")
    step = make.decide(make.make_project(), on="2019-03-01", decision=decision, number="")
    path = f"/ke-hoach/quyet-dinh/{decision.pk}/sua/"
    assert clerk.post(path, {"number": "01/QĐ", "decided_on": "1/3/2019", "signer": "Ông A"}).status_code == 302
    decision.refresh_from_db()
    assert (decision.number, decision.signer) == ("01/QĐ", "Ông A")
    assert clerk.post(path, {"number": "01/QĐ", "decided_on": "2/3/2019"}).status_code == 302
    decision.refresh_from_db()
    step.refresh_from_db()
    assert decision.decided_on == step.on == make.day("2019-03-02")


def test_a_decision_opens_with_its_own_day_after_another_was_added(clerk):
    decision = make.make_decision("2019-03-01")
    answer = clerk.post("/quyet-dinh/moi/", {"number": "9/QĐ-UBND", "decided_on": "5/6/2019"})
    assert answer.status_code == 302
    form = clerk.get(f"/ke-hoach/quyet-dinh/{decision.pk}/sua/").context["form"]
    assert form["decided_on"].value() == "01/03/2019"


def test_a_plan_may_not_come_later_than_what_was_approved_under_it():
    line = make.make_plan(amount_vnd=300 * make.MILLION)
    make.make_plan(amount_vnd=10 * make.MILLION)
    make.make_approved_line(300 * make.MILLION)
    with pytest.raises(NotAllowed, match="sẽ vượt kế hoạch 290.000.000 đồng"):
        services.change_decision(decision=line.decision, decided_on=make.day("2019-06-01"))
    line.decision.refresh_from_db()
    assert line.decision.decided_on == make.PLANNED_ON
