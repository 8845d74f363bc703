"""Typed changes: who may decide each is told on its form; where another level did, a reason is asked for and kept."""

import pytest
from django.test import Client

from accounts.models import Role
from funding.models import ChangeRule
from projects.authority import authority_warnings, who_decides
from projects.models import ProjectDecision, Rule, RuleException
from tests import factories as make

pytestmark = pytest.mark.django_db
MILLION = make.MILLION
Change, Authority = ProjectDecision.Change, ProjectDecision.Authority
MINISTER = "Thẩm quyền: Bộ trưởng – Thông tư 36/2013/TT-BCT, Điều 11"


@pytest.fixture
def clerk():
    client = Client()
    client.force_login(make.make_user(Role.STAFF))
    return client


def url(line, kind):
    return f"/de-an/{line.project_id}/quyet-dinh/{kind}/"


def send(clerk, line, kind, **data):
    return clerk.post(url(line, kind), {"on": "1/10/2019", "number": "5/QĐ-THỬ", "why": "Theo đề nghị", **data})


def amount_of(line, code="KCQG"):
    return f"tien_{line.pk}_{make.source(code).pk}"


@pytest.fixture
def line():
    make.make_plan(amount_vnd=1000 * MILLION)
    line = make.make_line()
    decision = make.decide(line.project)
    make.approve(line, 300 * MILLION, decision=decision)
    make.approve(line, 400 * MILLION, code="DOIUNG", decision=decision)
    return line


def test_the_form_tells_who_may_decide_for_national_money_alone(clerk, line):
    assert MINISTER in clerk.get(url(line, "ngung")).content.decode()
    local = make.make_approved_line(code="KCDP")
    assert "Thẩm quyền" not in clerk.get(url(local, "ngung")).content.decode()


def test_where_a_form_may_change_much_each_level_stands_once_with_what_is_its_own(clerk, line):
    page = clerk.get(url(line, "dieu-chinh")).content.decode()
    assert "Thẩm quyền: Bộ trưởng (tăng kinh phí); Cục (giảm kinh phí, đổi đơn vị phối hợp" in page
    assert page.count("Thông tư 36/2013/TT-BCT, Điều 11") == 1


def test_more_money_decided_by_another_level_needs_a_reason_and_is_kept_with_its_basis(clerk, line):
    more = {amount_of(line): "310 triệu", "authority": "department"}
    asked = send(clerk, line, "dieu-chinh", **more)
    assert asked.status_code == 422
    assert "Tăng kinh phí thuộc thẩm quyền của Bộ trưởng" in asked.content.decode()
    assert make.sums(line)[0] == 300 * MILLION
    assert send(clerk, line, "dieu-chinh", **more, reason="Bộ ủy quyền").status_code == 302
    step = ProjectDecision.objects.get(kind="adjusted")
    assert (step.change, step.authority) == (Change.MORE_MONEY, Authority.DEPARTMENT)
    kept = RuleException.objects.get(rule=Rule.WRONG_AUTHORITY)
    assert (kept.reason, kept.legal_basis) == ("Bộ ủy quyền", "Thông tư 36/2013/TT-BCT, Điều 11")
    page = clerk.get(line.project.get_absolute_url()).content.decode()
    assert "Điều chỉnh: tăng kinh phí (Cục)" in page


def test_less_money_is_for_the_department_and_the_minister_may_decide_it_too(clerk, line):
    assert send(clerk, line, "dieu-chinh", **{amount_of(line): "290 triệu"}, authority="minister").status_code == 302
    assert ProjectDecision.objects.get(kind="adjusted").change == Change.LESS_MONEY


def test_a_change_without_money_says_what_was_and_what_is(clerk, line):
    missing = send(clerk, line, "dieu-chinh", change="partner")
    assert missing.status_code == 422 and "Chưa ghi nội dung sau thay đổi" in missing.content.decode()
    said = {"change": "partner", "changed_from": "Công ty A", "changed_to": "Công ty B", "authority": "department"}
    assert send(clerk, line, "dieu-chinh", **said).status_code == 302
    step = ProjectDecision.objects.get(kind="adjusted")
    assert (step.change, step.changed_from, step.changed_to) == (Change.PARTNER, "Công ty A", "Công ty B")
    assert make.sums(line)[0] == 300 * MILLION


@pytest.mark.parametrize(("ends_on", "change"), [("31/12/2019", Change.TIME), ("31/3/2020", Change.NEXT_YEAR)])
def test_an_extension_beyond_the_fiscal_year_is_another_change(ends_on, change, clerk, line):
    assert send(clerk, line, "gia-han", ends_on=ends_on, authority="minister").status_code == 302
    assert ProjectDecision.objects.get(kind="extended").change == change


@pytest.mark.parametrize(("kind", "change"), [("ngung", Change.STOPPED), ("chuyen-nam", Change.NEXT_YEAR)])
def test_each_form_presets_its_change(kind, change, clerk, line):
    data = {"lines": [line.pk], "year": 2020} if kind == "chuyen-nam" else {}
    assert send(clerk, line, kind, **data, reason="Năm 2020 chưa giao").status_code == 302
    assert ProjectDecision.objects.latest("pk").change == change


def test_the_type_of_a_change_may_be_mended(clerk, line):
    step = make.decide(line.project, "adjusted", on="2019-10-01", change=Change.OTHER)
    page = f"/quyet-dinh-de-an/{step.pk}/sua/"
    answer = clerk.post(page, {"number": step.number, "on": "1/10/2019", "change": "place", "authority": "department"})
    assert answer.status_code == 302
    step.refresh_from_db()
    assert step.change == Change.PLACE


# --- the rules themselves ---


def decides(change, *, code="KCQG", kind="single", on="2019-10-01"):
    rules = who_decides(change, sources=[make.source(code)], project=make.make_project(kind), on=make.day(on))
    return [rule.authority for rule in rules]


def test_a_group_has_its_own_level_for_place_partner_and_beneficiary():
    for change in (Change.PLACE, Change.PARTNER, Change.BENEFICIARY):
        assert (decides(change), decides(change, kind="group")) == ([Authority.DEPARTMENT], [Authority.SCT])
    assert decides(Change.MORE_MONEY, kind="group") == [Authority.MINISTER]


def test_before_the_circular_and_for_money_of_the_province_nothing_is_said():
    assert decides(Change.STOPPED, on="2014-02-09") == decides(Change.STOPPED, code="KCDP") == []
    assert decides(Change.STOPPED, on="2014-02-10") == [Authority.MINISTER]


def test_a_rule_not_confirmed_is_not_applied():
    ChangeRule.objects.update(is_verified=False)
    assert decides(Change.STOPPED) == []


def test_a_level_not_recorded_says_nothing():
    rules = who_decides(Change.STOPPED, sources=[make.source()], project=make.make_project(), on=make.day("2019-10-01"))
    assert authority_warnings(rules, "") == authority_warnings(rules, Authority.MINISTER) == []
    assert len(authority_warnings(rules, Authority.SCT)) == 1


def test_an_administrator_is_refused_a_rule_that_overlaps_one_of_the_same_kind(client):
    client.force_login(make.make_user(Role.ADMIN))
    typed = {"change": "place", "level": "national", "authority": "minister", "legal_basis": "Thông tư thử"}
    typed |= {"valid_from": "1/1/2019", "is_group": ""}
    add = lambda **fields: client.post("/danh-muc/tham-quyen/moi/", {**typed, **fields})  # noqa: E731
    # The seeds of 10/2/2014 hold on: one for any kind, one for group đề án alone.
    for fields in ({}, {"is_group": "True"}, {"valid_from": "1/1/2014", "valid_to": "10/2/2014"}):
        answer = add(**fields)
        assert answer.status_code == 422 and "chồng lên thời gian này" in answer.content.decode(), fields
    for fields in ({"level": "province"}, {"valid_from": "1/1/2014", "valid_to": "9/2/2014"}):
        assert add(**fields).status_code == 302, fields
    assert ChangeRule.objects.filter(change="place").count() == 4
