"""What may be advanced before acceptance, by activity, level of money and day: worked examples of the rows given."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Role
from funding.advances import terms_of
from funding.models import Activity, AdvanceRule, Level
from tests import factories as make

pytestmark = pytest.mark.django_db

NATIONAL_MONEY = 300 * make.MILLION
D2019 = date(2019, 5, 15)


def terms(code, on=D2019, level=Level.NATIONAL):
    return terms_of(AdvanceRule.objects.all(), activity=Activity.objects.get(code=code).pk, level=level, on=on)


def add(code=None, **fields):
    activity = Activity.objects.get(code=code) if code else None
    row = {"percent": 50, "needs": "contract", "legal_basis": "QĐ của tỉnh", "valid_from": date(2019, 1, 1)}
    return AdvanceRule(**{**row, "level": Level.PROVINCE, "activity": activity, "is_verified": True, **fields})


@pytest.mark.parametrize(
    ("code", "allowed_million"),
    [
        ("HD01", 210),  # vocational training: 70 %, contract and plan
        ("HD02", 210),
        ("HD03", 210),
        ("HD08", 0),  # setting up an enterprise: nothing before acceptance
        ("HD09", 210),  # demonstration model: 70 %, work beyond 70 %
        ("HD10", 210),
        ("HD13", 210),
        ("HD17", 210),
        ("HD20", 210),
        ("HD22", 90),  # infrastructure of clusters: 30 %, work beyond 50 %
    ],
)
def test_each_activity_has_its_share_of_the_support(code, allowed_million):
    assert terms(code).allowed_vnd(NATIONAL_MONEY) == allowed_million * make.MILLION


def test_a_share_is_rounded_down_to_the_dong():
    assert terms("HD22").allowed_vnd(101) == 30


def test_the_condition_is_said_in_words():
    assert terms("HD10").condition == "hợp đồng và báo cáo khối lượng hoàn thành trên 70 % tổng vốn đầu tư"
    assert terms("HD22").condition == "hợp đồng và báo cáo khối lượng hoàn thành trên 50 % tổng vốn đầu tư"
    assert terms("HD17").condition == "hợp đồng"
    assert terms("HD08").condition == ""


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        (date(2014, 2, 9), None),  # the circular is not in force yet
        (date(2014, 2, 10), 70),
        (date(2018, 5, 10), 70),
        (date(2018, 5, 11), 70),  # the row of the activity goes on
    ],
)
def test_the_row_of_an_activity_holds_from_its_first_day(on, percent):
    rule = terms("HD10", on).rule
    assert (rule and rule.percent) == percent


@pytest.mark.parametrize(
    ("on", "percent", "doubt"),
    [
        (date(2014, 4, 7), None, "chưa có quy định về mức tạm ứng"),
        (date(2014, 4, 8), 70, ""),
        (date(2018, 5, 10), 70, ""),
        (date(2018, 5, 11), None, "mức tạm ứng 70 % chưa xác minh nên không áp dụng"),
        (D2019, None, "mức tạm ứng 70 % chưa xác minh nên không áp dụng"),
    ],
)
def test_the_cap_for_all_other_activities_ended_with_its_circular(on, percent, doubt):
    found = terms("HD12", on)
    assert (found.rule and found.rule.percent, found.doubt) == (percent, doubt)
    assert found.allowed_vnd(NATIONAL_MONEY) == (None if percent is None else 210 * make.MILLION)


def test_money_of_the_province_is_shown_the_national_row_until_it_has_its_own():
    borrowed = terms("HD10", level=Level.PROVINCE)
    assert borrowed.rule.percent == 70 and borrowed.basis.endswith("kinh phí địa phương theo quy chế của tỉnh")
    add().save()
    own = terms("HD10", level=Level.PROVINCE)
    assert own.rule.percent == 50 and own.basis == "QĐ của tỉnh"
    add("HD10", percent=40).save()
    assert terms("HD10", level=Level.PROVINCE).rule.percent == 40
    assert terms("HD10").rule.percent == 70


def test_a_row_nobody_confirmed_is_said_and_not_applied():
    add("HD10", percent=40, is_verified=False).save()
    found = terms("HD10", level=Level.PROVINCE)
    assert found.rule is None and found.doubt == "mức tạm ứng 40 % chưa xác minh nên không áp dụng"


# --- the page of administrators -------------------------------------------------------------------


def test_two_rows_never_hold_on_one_day():
    first = add("HD10", valid_from=date(2019, 1, 1), valid_to=date(2019, 12, 31))
    first.save()
    add("HD10", valid_from=date(2020, 1, 1)).full_clean()
    add("HD11", valid_from=date(2019, 12, 31)).full_clean()
    with pytest.raises(ValidationError, match="áp dụng từ 01/01/2019 đến hết 31/12/2019"):
        add("HD10", valid_from=date(2019, 12, 31)).full_clean()
    first.full_clean()


def test_an_administrator_adds_a_row_and_is_refused_one_that_overlaps(client):
    client.force_login(make.make_user(Role.ADMIN))
    page = client.get("/danh-muc/tam-ung/").content.decode()
    assert "Hợp đồng và báo cáo khối lượng hoàn thành trên 70 %" in page
    typed = {"level": "province", "percent": "60", "needs": "contract", "legal_basis": "QĐ 12/2019/QĐ-UBND"}
    typed |= {"valid_from": "1/1/2019", "is_verified": "on"}
    assert client.post("/danh-muc/tam-ung/moi/", typed).status_code == 302
    assert AdvanceRule.objects.get(level="province").percent == 60
    answer = client.post("/danh-muc/tam-ung/moi/", {**typed, "valid_from": "1/6/2019"})
    assert answer.status_code == 422 and "chồng lên thời gian này" in answer.content.decode()
    assert AdvanceRule.objects.filter(level="province").count() == 1
