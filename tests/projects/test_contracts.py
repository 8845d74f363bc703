"""Signing: within what is approved, once a number a year, in the right order of days."""

import pytest
from django.db import IntegrityError, transaction

from khuyencong.errors import NotAllowed
from projects import services
from projects.models import Contract, ContractLine, LedgerEntry, Project, Step
from tests.factories import (
    MILLION,
    SIGNED_ON,
    approve,
    day,
    make_approved_line,
    make_beneficiary,
    make_line,
    make_project,
    make_signed_line,
    sign,
    source,
    sums,
)

pytestmark = pytest.mark.django_db


def test_a_contract_puts_its_line_and_money_under_it_on_its_day():
    line = make_approved_line(300 * MILLION)
    contract = sign(line, 300 * MILLION, on="2019-03-15")
    assert contract.year == 2019
    assert list(contract.contract_lines.values_list("line", "on")) == [(line.pk, day("2019-03-15"))]
    assert sums(line, on="2019-03-14")[1] == 0
    assert sums(line, on="2019-03-15")[1] == 300 * MILLION


def test_signing_more_than_approved_is_refused_and_nothing_is_saved():
    line = make_approved_line(300 * MILLION)
    with pytest.raises(NotAllowed, match=r"vượt kinh phí được duyệt: .* chỉ còn 300\.000\.000 đồng chưa ký"):
        sign(line, 300 * MILLION + 1)
    assert not Contract.objects.exists() and not ContractLine.objects.exists()


def test_signing_before_the_approval_is_refused():
    line = make_approved_line(300 * MILLION, on="2019-03-01")
    with pytest.raises(NotAllowed, match="Ngày ký 28/02/2019 trước ngày 01/03/2019, ngày phê duyệt"):
        sign(line, 300 * MILLION, on="2019-02-28")


def test_each_source_is_signed_within_its_own_approval():
    line = make_approved_line(300 * MILLION)
    approve(line, 50 * MILLION, code="KCDP")
    with pytest.raises(NotAllowed, match="Khuyến công địa phương"):
        sign(line, 100 * MILLION, code="KCDP")


def test_one_contract_signs_several_sources():
    line = make_approved_line(300 * MILLION)
    approve(line, 50 * MILLION, code="KCDP")
    services.sign_contract(
        kind=Contract.Kind.SUPPORT,
        number="01",
        signed_on=SIGNED_ON,
        beneficiary=line.beneficiary,
        shares=[(line, source("KCQG"), 300 * MILLION), (line, source("KCDP"), 50 * MILLION)],
    )
    assert ContractLine.objects.count() == 1
    assert sums(line, code="KCDP")[1] == 50 * MILLION


def test_shares_of_one_line_and_source_add_up():
    line = make_approved_line(300 * MILLION)
    with pytest.raises(NotAllowed, match=r"chỉ còn 100\.000\.000"):
        services.sign_contract(
            kind=Contract.Kind.SUPPORT,
            number="01",
            signed_on=SIGNED_ON,
            beneficiary=line.beneficiary,
            shares=[(line, source(), 200 * MILLION)] * 2,
        )


def test_a_negative_share_is_refused():
    with pytest.raises(NotAllowed, match="không được âm"):
        sign(make_approved_line(), -1)


def test_a_number_is_given_once_a_year_and_kind():
    first, second = make_approved_line(), make_approved_line()
    sign(first, MILLION, number="15/HĐ-TTKC")
    with pytest.raises(NotAllowed, match="Số hợp đồng 15/hđ-ttkc đã có trong năm 2019, ký với"):
        sign(second, MILLION, number="15/hđ-ttkc")
    assert Contract.objects.count() == 1


def test_a_number_may_return_the_next_year_and_for_another_kind():
    line = make_approved_line()
    sign(line, MILLION, number="15/HĐ")
    sign(make_approved_line(), MILLION, number="15/HĐ", on="2020-01-15")
    sign(line, MILLION, number="15/HĐ", kind=Contract.Kind.NATIONAL)
    assert Contract.objects.count() == 3


def test_contracts_without_a_number_do_not_collide():
    for _ in range(2):
        sign(make_approved_line(), MILLION, number="")
    assert Contract.objects.count() == 2


def test_the_database_refuses_a_number_twice_in_a_year():
    sign(make_approved_line(), MILLION, number="15/HĐ")
    beneficiary = make_beneficiary()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(
            kind=Contract.Kind.SUPPORT, number="15/HĐ", signed_on=SIGNED_ON, beneficiary=beneficiary
        )


def test_an_end_before_the_start_is_refused():
    with pytest.raises(NotAllowed, match="Ngày kết thúc không được trước ngày bắt đầu"):
        sign(make_approved_line(), MILLION, starts_on=day("2019-05-01"), ends_on=day("2019-04-30"))


def test_an_end_before_the_signing_is_refused_where_no_start_is_known():
    with pytest.raises(NotAllowed, match="không được trước ngày ký 15/03/2019"):
        sign(make_approved_line(), MILLION, ends_on=day("2019-03-14"))


def test_a_support_contract_is_signed_with_the_lines_own_beneficiary():
    with pytest.raises(NotAllowed, match="Hãy chọn đúng dòng"):
        sign(make_approved_line(), MILLION, beneficiary=make_beneficiary())


def test_a_group_line_without_a_name_signs_no_support_contract():
    line = make_approved_line(beneficiary=None)
    with pytest.raises(NotAllowed, match="chưa có tên cơ sở thụ hưởng"):
        sign(line, MILLION, kind=Contract.Kind.SUPPORT, beneficiary=make_beneficiary())


def test_a_task_signs_a_contract_of_kind_other():
    line = make_approved_line(project=make_project(Project.Kind.TASK))
    assert sign(line, MILLION).kind == Contract.Kind.OTHER


def test_the_contract_between_cuc_and_centre_is_in_a_step_of_its_own_and_covers_several_projects():
    lines = [make_approved_line(300 * MILLION) for _ in range(2)]
    contract = services.sign_contract(
        kind=Contract.Kind.NATIONAL,
        number="01/HĐ-KCQG",
        signed_on=SIGNED_ON,
        shares=[(line, source(), 500 * MILLION) for line in lines],
    )
    assert {entry.step for entry in contract.entries.all()} == {Step.FUNDER_CONTRACTED}
    assert [sums(line)[1] for line in lines] == [0, 0]


def test_the_contract_between_cuc_and_centre_opens_no_payment():
    line = make_approved_line()
    sign(line, MILLION, kind=Contract.Kind.NATIONAL)
    with pytest.raises(NotAllowed, match="chưa có hợp đồng"):
        services.pay(line=line, source=source(), amount_vnd=MILLION, paid_on=day("2019-05-01"))


def test_an_amount_not_known_is_signed_as_such():
    contract = sign(make_approved_line(None), None)
    assert contract.entries.get().amount_vnd is None


def test_where_the_approved_amount_is_not_known_any_amount_is_signed():
    line = make_approved_line(None)
    sign(line, 300 * MILLION)
    assert sums(line)[1] == 300 * MILLION


def test_a_line_has_one_support_contract_and_annexes_change_it():
    line = make_approved_line(300 * MILLION)
    contract = sign(line, 200 * MILLION, number="07/HĐ")
    with pytest.raises(NotAllowed, match="đã có hợp đồng 07/HĐ ngày 15/03/2019") as refusal:
        sign(line, 100 * MILLION, on="2019-05-01")
    assert refusal.value.way_out == contract.get_absolute_url()
    assert line.contracts.get() == contract


def test_a_second_contract_of_one_task_takes_the_rest():
    line = make_approved_line(300 * MILLION, project=make_project(Project.Kind.TASK))
    sign(line, 200 * MILLION)
    with pytest.raises(NotAllowed, match=r"chỉ còn 100\.000\.000"):
        sign(line, 101 * MILLION, on="2019-05-01")
    sign(line, 100 * MILLION, on="2019-05-01")


def test_liquidation_is_dated_and_not_before_the_signing():
    line = make_signed_line()
    contract = line.contracts.get()
    with pytest.raises(NotAllowed, match="Ngày thanh lý không được trước ngày ký"):
        services.liquidate_contract(contract=contract, on=day("2019-03-14"))
    liquidated = services.liquidate_contract(contract=contract, on=day("2019-12-20"), number="03/TL")
    assert liquidated.liquidated_on == day("2019-12-20")


def test_a_line_that_left_signs_nothing():
    line = make_line(left_on=day("2019-05-01"))
    with pytest.raises(NotAllowed, match="đã rời đề án"):
        sign(line, None, on="2019-05-01")
    assert not LedgerEntry.objects.exists()
