"""The reference rows: which norm is in force on which day, and what nobody has confirmed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.models import Activity, FundingSource, Level, SupportNorm
from funding.norms import Case, Lifts, allowance, judge
from funding.reference import load_reference
from tests.factories import MILLION

pytestmark = pytest.mark.django_db
LAST_OF_2014, FIRST_OF_2018 = date(2018, 5, 10), date(2018, 5, 11)


def norm(code, on):
    return SupportNorm.objects.in_force(on).get(code=code)


@pytest.mark.parametrize(
    ("code", "until_2018", "from_2018"),
    [
        ("N02a", 500, 1000),  # mô hình trình diễn
        ("N04", 200, 300),  # máy móc tiên tiến
        ("N08a", 100, 200),  # bình chọn cấp khu vực
        ("N08b", 200, 400),  # bình chọn cấp quốc gia
        ("N18", 3000, 6000),  # hạ tầng cụm công nghiệp
    ],
)
def test_the_ceiling_changes_overnight_on_11_may_2018(code, until_2018, from_2018):
    assert norm(code, LAST_OF_2014).ceiling_vnd == until_2018 * MILLION
    assert norm(code, FIRST_OF_2018).ceiling_vnd == from_2018 * MILLION


def test_no_day_has_two_norms_of_one_code():
    for on in (date(2014, 4, 8), LAST_OF_2014, FIRST_OF_2018, date(2026, 1, 1)):
        codes = list(SupportNorm.objects.in_force(on).values_list("code", "level"))
        assert len(codes) == len(set(codes)) > 0


def test_the_norms_of_2014_begin_on_8_april():
    assert not SupportNorm.objects.in_force(date(2014, 4, 7)).exists()
    assert norm("N04", date(2014, 4, 8)).legal_basis.startswith("Thông tư liên tịch 26/2014")


def test_every_norm_of_2014_was_read_in_its_text():
    rows = SupportNorm.objects.in_force(LAST_OF_2014)
    assert rows.count() == 26
    assert all(row.is_verified for row in rows)


def test_of_2018_only_what_was_read_is_verified():
    rows = SupportNorm.objects.in_force(FIRST_OF_2018)
    verified = {row.code for row in rows if row.is_verified}
    assert verified == {"N02a", "N04", "N04L", "N06", "N07", "N08a", "N08b", "N18"}


def test_a_percentage_nobody_found_stands_empty():
    assert norm("N04L", FIRST_OF_2018).percent_max is None
    assert norm("N02a", FIRST_OF_2018).percent_max == 30
    assert norm("N04", FIRST_OF_2018).percent_max == 50


def test_the_norms_seeded_bind_national_money_alone():
    assert set(SupportNorm.objects.values_list("level", flat=True)) == {Level.NATIONAL}


def test_the_sources_are_there_and_say_what_is_counted():
    assert list(FundingSource.objects.values_list("code", "is_counted")) == [
        ("KCQG", True),
        ("KCDP", True),
        ("KCH", True),
        ("DOIUNG", False),
        ("KHAC", False),
    ]


def test_the_activities_are_nine_contents_over_their_leaves():
    assert Activity.objects.filter(is_leaf=False).count() == 9
    machines = Activity.objects.get(code="HD10")
    assert machines.parent.code == "ND3"
    assert Activity.objects.get(code="HD24").parent is None


def test_loading_again_adds_nothing_and_overwrites_no_edit():
    counts = [model.objects.count() for model in (FundingSource, Activity, SupportNorm)]
    FundingSource.objects.filter(code="KCH").update(name="Khuyến công huyện, thị xã")
    load_reference()
    assert [model.objects.count() for model in (FundingSource, Activity, SupportNorm)] == counts
    assert FundingSource.objects.get(code="KCH").name == "Khuyến công huyện, thị xã"


def test_a_row_taken_away_by_hand_comes_back():
    SupportNorm.objects.filter(code="N04", valid_to=None).delete()
    load_reference()
    assert norm("N04", FIRST_OF_2018).ceiling_vnd == 300 * MILLION


# --- how much a norm allows -----------------------------------------------------------------------


def asked(code, on, cost=None, support=None, **more):
    """The case of a leaf activity, amounts in million đồng."""
    activity = Activity.objects.get(code=code).pk if code else None
    costs = {
        "total_cost_vnd": cost if cost is None else cost * MILLION,
        "support_vnd": support if support is None else support * MILLION,
    }
    return Case(Level.NATIONAL, activity, on, **{**costs, **more})


def judged(*args, **more):
    return judge(SupportNorm.objects.all(), asked(*args, **more))


@pytest.mark.parametrize(
    ("code", "on", "cost", "support", "allowed", "steps"),
    [
        # N04 in 2014: the ceiling is smaller.
        (
            "HD10",
            LAST_OF_2014,
            600,
            250,
            200,
            [
                "50 % × 600.000.000 = 300.000.000",
                "mức tối đa 200.000.000 đồng cho một cơ sở",
                "được hỗ trợ tối đa 200.000.000; đề nghị 250.000.000, vượt 50.000.000",
            ],
        ),
        # N04 since 2018: both are equal.
        (
            "HD10",
            FIRST_OF_2018,
            600,
            350,
            300,
            [
                "50 % × 600.000.000 = 300.000.000",
                "mức tối đa 300.000.000 đồng cho một cơ sở",
                "được hỗ trợ tối đa 300.000.000; đề nghị 350.000.000, vượt 50.000.000",
                "N04L Ứng dụng dây chuyền công nghệ (450.000.000 đồng cho một cơ sở): "
                "chỉ dùng khi hỗ trợ cả dây chuyền công nghệ",
            ],
        ),
        # N04 since 2018: the percent is smaller.
        (
            "HD10",
            FIRST_OF_2018,
            400,
            200,
            200,
            [
                "50 % × 400.000.000 = 200.000.000",
                "mức tối đa 300.000.000 đồng cho một cơ sở",
                "được hỗ trợ tối đa 200.000.000; đề nghị 200.000.000, trong mức",
                "N04L Ứng dụng dây chuyền công nghệ (450.000.000 đồng cho một cơ sở): "
                "chỉ dùng khi hỗ trợ cả dây chuyền công nghệ",
            ],
        ),
        # N02a since 2018; N02b is not confirmed and takes no part.
        (
            "HD09",
            FIRST_OF_2018,
            4000,
            1100,
            1000,
            [
                "30 % × 4.000.000.000 = 1.200.000.000",
                "mức tối đa 1.000.000.000 đồng cho một mô hình",
                "được hỗ trợ tối đa 1.000.000.000; đề nghị 1.100.000.000, vượt 100.000.000",
                "N02b Mô hình của cơ sở đang hoạt động có hiệu quả (100.000.000 đồng cho một mô hình): "
                "chưa xác minh, không áp dụng",
            ],
        ),
        # N02b in 2014 allows a small model more than N02a's percent does.
        (
            "HD09",
            LAST_OF_2014,
            200,
            120,
            100,
            [
                "mức tối đa 100.000.000 đồng cho một mô hình",
                "được hỗ trợ tối đa 100.000.000; đề nghị 120.000.000, vượt 20.000.000",
            ],
        ),
        # N18: no percent at all.
        (
            "HD22",
            FIRST_OF_2018,
            None,
            6000,
            6000,
            [
                "mức tối đa 6.000.000.000 đồng cho một cụm công nghiệp",
                "được hỗ trợ tối đa 6.000.000.000; đề nghị 6.000.000.000, trong mức",
            ],
        ),
        # N05a in 2014: all of the cost.
        (
            "HD13",
            LAST_OF_2014,
            500,
            500,
            500,
            ["100 % × 500.000.000 = 500.000.000", "được hỗ trợ tối đa 500.000.000; đề nghị 500.000.000, trong mức"],
        ),
    ],
)
def test_a_norm_is_worked_out_step_by_step(code, on, cost, support, allowed, steps):
    found = judged(code, on, cost, support)
    assert found.allowed_vnd == allowed * MILLION
    assert list(found.steps) == steps


def test_of_a_norm_nobody_confirmed_nothing_is_applied():
    found = judged("HD11", FIRST_OF_2018, 1000, 900)
    assert (found.norm, found.allowed_vnd, found.excess_vnd) == (None, None, 0)
    assert found.steps == (
        "N03 Mô hình thí điểm sản xuất sạch hơn (30 %, tối đa 500.000.000 đồng cho một mô hình): "
        "chưa xác minh, không áp dụng",
    )


def test_national_norms_do_not_bind_money_of_the_province():
    found = judge(SupportNorm.objects.all(), replace(asked("HD10", FIRST_OF_2018, 600, 600), level=Level.PROVINCE))
    assert (found.norm, found.steps) == (None, ())


def test_without_the_cost_the_ceiling_alone_counts_and_says_so():
    found = judged("HD10", FIRST_OF_2018, None, 350)
    assert found.allowed_vnd == 300 * MILLION
    assert found.steps[0] == "50 % tổng chi phí: chưa biết tổng chi phí nên chưa tính được"


def test_a_percent_of_something_else_waits_for_that_cost():
    assert judged("HD14", LAST_OF_2014, 100, 90).allowed_vnd is None
    found = judged("HD14", LAST_OF_2014, 100, 9, base_cost_vnd=10 * MILLION)
    assert found.steps[0] == "80 % tiền thuê gian hàng × 10.000.000 = 8.000.000"
    assert found.excess_vnd == MILLION


def test_a_percent_is_rounded_down_to_whole_dong_and_says_so():
    found = judged("HD10", FIRST_OF_2018, total_cost_vnd=500_000_001)
    assert found.allowed_vnd == 250_000_000
    assert found.steps[0] == "50 % × 500.000.001 = 250.000.000 (làm tròn xuống đồng)"


def test_the_ceiling_of_several_is_so_many_times_as_high():
    found = judged("HD10", FIRST_OF_2018, None, 1000, count=3)
    assert "3 cơ sở × 300.000.000 = 900.000.000" in found.steps
    assert found.excess_vnd == 100 * MILLION
    assert judged("HD10", FIRST_OF_2018, None, 1000, count=None).allowed_vnd is None


def test_a_whole_technology_line_has_its_own_ceiling():
    found = judged("HD10", FIRST_OF_2018, 600, 400, is_technology_line=True)
    assert (found.norm.code, found.allowed_vnd) == ("N04L", 450 * MILLION)


def test_the_priority_multiplier_is_shown_and_applied_only_where_it_is_confirmed():
    found = judged("HD10", LAST_OF_2014, 600, 300, is_priority=True)
    assert found.allowed_vnd == 300 * MILLION
    assert found.steps[0] == "hệ số ưu tiên tối đa 1,5, tính cho mức tối đa (chưa có văn bản nói rõ)"
    assert "hệ số 1,5 × 200.000.000 = 300.000.000" in found.steps
    assert judged("HD10", LAST_OF_2014, 300, is_priority=True, lifts=Lifts.BOTH).allowed_vnd == 225 * MILLION
    unconfirmed = judged("HD10", FIRST_OF_2018, 800, 400, is_priority=True)
    assert unconfirmed.allowed_vnd == 300 * MILLION
    assert unconfirmed.steps[0] == "hệ số ưu tiên 1,5: chưa xác minh, không áp dụng"


maybe = st.none() | st.integers(0, 10**11)


@given(
    percent=st.none() | st.decimals("0.01", 100, places=2),
    ceiling=st.none() | st.integers(1, 10**10),
    cost=maybe,
    count=st.none() | st.integers(1, 300),
    support=maybe,
)
def test_what_is_allowed_is_never_above_the_ceiling_nor_above_the_percent(percent, ceiling, cost, count, support):
    norm = SupportNorm(percent_max=percent, ceiling_vnd=ceiling, ceiling_unit="cơ sở", is_verified=True)
    case = Case(Level.NATIONAL, 1, FIRST_OF_2018, total_cost_vnd=cost, count=count, support_vnd=support)
    found = allowance(norm, case)
    bounds = [ceiling * count] if ceiling is not None and count is not None else []
    bounds += [percent * cost / 100] if percent is not None and cost is not None else []
    if not bounds:
        assert found.allowed_vnd is None
        return
    assert all(found.allowed_vnd <= bound for bound in bounds)
    assert found.allowed_vnd > min(bounds) - 1, "and not a whole đồng less than it may be"
    assert found.excess_vnd == max(0, (support or 0) - found.allowed_vnd)
