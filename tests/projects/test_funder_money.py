"""Money received from the funder and returned to the budget: what is refused, how a slip is mended, who enters it."""

import pytest
from django.urls import reverse

from accounts.models import Role
from khuyencong.errors import NeedsReason, NotAllowed
from projects import services
from projects.models import BudgetReturn, Receipt
from tests import factories as make

pytestmark = pytest.mark.django_db
MILLION = make.MILLION


@pytest.fixture
def contract():
    """Of the Cục with the Centre, signed 15/03/2019 over one line of 300 triệu."""
    make.make_plan()
    return make.sign_national(make.make_approved_line())


# --- what is refused --------------------------------------------------------------------------------


def test_no_more_is_returned_than_was_received():
    make.receive(100 * MILLION, on="2019-03-01")
    make.give_back(60 * MILLION, on="2019-06-01")
    with pytest.raises(NotAllowed) as refusal:
        make.give_back(45 * MILLION, on="2019-12-20")
    assert refusal.value.message == (
        "Đến ngày 20/12/2019, số nộp trả của Khuyến công quốc gia năm 2019 sẽ là 105.000.000 đồng, vượt số đã nhận "
        "(100.000.000 đồng) 5.000.000 đồng. Hãy kiểm tra số tiền, ngày và năm kế hoạch, hoặc ghi khoản kinh phí đã "
        "nhận trước."
    )
    assert BudgetReturn.objects.count() == 1


def test_the_whole_may_go_back_on_the_day_it_came():
    make.receive(100 * MILLION, on="2019-03-01")
    make.give_back(100 * MILLION, on="2019-03-01")


def test_a_return_before_the_receipt_is_refused():
    make.receive(100 * MILLION, on="2019-03-02")
    with pytest.raises(NotAllowed, match="Đến ngày 01/03/2019"):
        make.give_back(MILLION, on="2019-03-01")


@pytest.mark.parametrize("other", [{"code": "KCDP"}, {"year": 2020}])
def test_money_of_another_source_or_year_is_not_there_to_return(other):
    make.receive(100 * MILLION, **other)
    with pytest.raises(NotAllowed, match="vượt số đã nhận"):
        make.give_back(MILLION)


def test_a_contract_gives_back_no_more_than_it_brought(contract):
    make.receive(500 * MILLION)
    make.receive(200 * MILLION, contract=contract)
    with pytest.raises(NotAllowed, match=f"số nộp trả của hợp đồng {contract} sẽ là 201.000.000 đồng"):
        make.give_back(201 * MILLION, contract=contract)


def test_a_day_before_the_contract_was_signed_is_refused(contract):
    with pytest.raises(NotAllowed, match=r"Ngày 14/03/2019 trước ngày ký hợp đồng .* \(15/03/2019\)"):
        make.receive(MILLION, contract=contract, on="2019-03-14")
    make.receive(MILLION, contract=contract, on="2019-03-15")


def test_a_contract_of_another_source_is_refused(contract):
    with pytest.raises(NotAllowed, match="là của nguồn Khuyến công quốc gia, không phải Khuyến công địa phương"):
        make.receive(MILLION, code="KCDP", contract=contract)


def test_a_contract_with_a_beneficiary_is_refused():
    make.make_plan()
    line = make.make_signed_line()
    with pytest.raises(NotAllowed, match="không phải hợp đồng Cục – Trung tâm"):
        make.receive(MILLION, contract=line.contracts.get())


def test_a_source_outside_the_totals_is_refused():
    with pytest.raises(NotAllowed, match="không tính vào kinh phí khuyến công"):
        make.receive(MILLION, code="DOIUNG")


@pytest.mark.parametrize("amount_vnd", [0, -MILLION])
def test_an_amount_is_above_nothing(amount_vnd):
    with pytest.raises(NotAllowed, match="Số tiền phải lớn hơn 0"):
        make.receive(amount_vnd)


# --- mending ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"amount_vnd": 59 * MILLION}, {"on": make.day("2019-12-11")}, {"year": 2018}],
    ids=["less", "later", "another year"],
)
def test_a_receipt_is_not_changed_so_that_returns_exceed_it(change):
    row = make.receive(100 * MILLION)
    make.give_back(60 * MILLION)
    with pytest.raises(NotAllowed, match="vượt số đã nhận"):
        services.change_funder_money(row=row, by=make.make_user(Role.ACCOUNTANT), **change)
    row.refresh_from_db()
    assert (row.amount_vnd, row.on, row.year) == (100 * MILLION, make.SIGNED_ON, 2019)


def test_a_receipt_stays_while_its_money_was_returned():
    row = make.receive(100 * MILLION)
    back = make.give_back(60 * MILLION)
    by = make.make_user(Role.ACCOUNTANT)
    with pytest.raises(NotAllowed, match="vượt số đã nhận"):
        services.remove_funder_money(row=row, by=by)
    services.remove_funder_money(row=back, by=by)
    services.remove_funder_money(row=row, by=by)
    assert not Receipt.objects.exists()


def test_the_history_tells_who_mended_what_and_why():
    row = make.receive(100 * MILLION)
    by = make.make_user(Role.ACCOUNTANT)
    services.change_funder_money(row=row, by=by, reason="Gõ nhầm", amount_vnd=90 * MILLION)
    services.remove_funder_money(row=row, by=by, reason="Ghi hai lần")
    told = Receipt.history.order_by("history_id").values_list("amount_vnd", "history_user", "history_change_reason")
    assert list(told) == [
        (100 * MILLION, None, None),
        (90 * MILLION, by.pk, "Gõ nhầm"),
        (90 * MILLION, by.pk, "Ghi hai lần"),
    ]


def test_a_closed_period_asks_for_a_reason_and_lets_managers_alone_mend():
    make.close_period("2019-03-01", "2019-03-31")
    accountant, manager = make.make_user(Role.ACCOUNTANT), make.make_user(Role.MANAGER)
    with pytest.raises(NeedsReason, match="đã chốt số liệu"):
        make.receive(MILLION, by=accountant)
    row = make.receive(MILLION, by=accountant, reason="Giấy báo có về chậm")
    with pytest.raises(NotAllowed, match="chỉ lãnh đạo sửa, xóa được"):
        services.change_funder_money(row=row, by=accountant, reason="Nhầm", amount_vnd=2 * MILLION)
    services.change_funder_money(row=row, by=manager, reason="Nhầm", amount_vnd=2 * MILLION)


def test_a_contract_that_brought_money_is_signed_no_later_and_stays(contract):
    make.receive(MILLION, contract=contract, on="2019-04-01")
    by = make.make_user()
    with pytest.raises(NotAllowed, match="Đã ghi kinh phí nhận ngày 01/04/2019 .* ngày ký không được sau ngày đó"):
        services.correct_paper(paper=contract, fields={"signed_on": make.day("2019-04-02")}, amounts={}, by=by)
    services.correct_paper(paper=contract, fields={"signed_on": make.day("2019-04-01")}, amounts={}, by=by)
    with pytest.raises(NotAllowed, match="còn kinh phí nhận ngày 01/04/2019"):
        services.withdraw_paper(paper=contract, by=by)


# --- on the page ------------------------------------------------------------------------------------


@pytest.fixture
def accountant(client):
    client.force_login(make.make_user(Role.ACCOUNTANT))
    return client


def typed(**other):
    fields = {"source": make.source().pk, "year": "2019", "on": "20/3/2019", "amount_vnd": "630 triệu", "voucher": "C1"}
    return {**fields, "contract": "", "note": "", **other}


def test_the_accountant_enters_a_receipt(accountant, contract):
    address = reverse("projects:receipt_new") + f"?nguon=KCQG&nam=2019&hop-dong={contract.pk}"
    form = accountant.get(address).context["form"]
    assert (form.initial["source"].code, form.initial["contract"], form.initial["year"]) == ("KCQG", contract, 2019)
    answer = accountant.post(address, typed(contract=contract.pk))
    row = Receipt.objects.get()
    assert (row.amount_vnd, row.on, row.contract, row.voucher) == (
        630 * MILLION,
        make.day("2019-03-20"),
        contract,
        "C1",
    )
    assert answer.url == "/doi-chieu/2019/?nam=2019"


def test_a_contract_alone_brings_its_source_along(accountant, contract):
    form = accountant.get(reverse("projects:return_new") + f"?hop-dong={contract.pk}").context["form"]
    assert (form.initial["source"].code, form.initial["contract"]) == ("KCQG", contract)
    page = accountant.get("/doi-chieu/2019/").content.decode()
    assert f"/chi-tra/nop-tra/moi/?hop-dong={contract.pk}&amp;nam=2019" in page


def test_the_panel_shows_what_is_held_before_and_after(accountant, contract):
    make.receive(100 * MILLION, contract=contract)
    page = accountant.post(reverse("projects:return_new"), typed(contract=contract.pk, amount_vnd="40tr", xem="1"))
    rows = {row["name"]: (row["before"], row["after"]) for row in page.context["rows"]}
    assert rows["Đã nộp trả"] == ("0", "40.000.000")
    assert rows["Còn giữ"] == ("100.000.000", "60.000.000")
    assert not BudgetReturn.objects.exists()


def test_a_refusal_stands_in_the_form(accountant):
    page = accountant.post(reverse("projects:return_new"), typed())
    assert page.status_code == 422
    assert "vượt số đã nhận" in page.content.decode()


def test_the_accountant_mends_and_takes_out_a_return(accountant):
    make.receive(100 * MILLION)
    row = make.give_back(60 * MILLION)
    edit = reverse("projects:return_edit", args=[row.pk])
    assert accountant.post(edit, typed(on="20/12/2019", amount_vnd="55tr")).status_code == 302
    row.refresh_from_db()
    assert row.amount_vnd == 55 * MILLION
    out = reverse("projects:return_withdraw", args=[row.pk])
    assert out in accountant.get(edit).content.decode()
    assert "55.000.000" in accountant.get(out).content.decode()
    assert accountant.post(out, {"why": "Ghi nhầm"}).status_code == 302
    assert not BudgetReturn.objects.exists()


def test_of_a_closed_period_the_accountant_is_told_who_mends(accountant):
    row = make.receive(MILLION)
    make.close_period("2019-03-01", "2019-03-31")
    page = accountant.get(reverse("projects:receipt_edit", args=[row.pk]))
    assert page.status_code == 422
    assert "chỉ lãnh đạo sửa, xóa được" in page.content.decode()
