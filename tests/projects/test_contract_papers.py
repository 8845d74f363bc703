"""What follows a contract, entered in the browser: annexes, liquidation, slips mended and taken out."""

from datetime import timedelta

import pytest

from accounts.models import Role
from khuyencong.dates import local_today
from projects.models import Contract, ContractAnnex, LedgerEntry, RuleException, Step
from tests import factories as make

M = make.MILLION


@pytest.fixture
def clerk(db, client):
    make.make_plan(amount_vnd=20_000 * M)
    client.force_login(make.make_user(Role.STAFF))
    return client


@pytest.fixture
def line(clerk):
    return make.make_approved_line()


@pytest.fixture
def contract(line):
    return make.sign(line, 250 * M, number="07/HĐ-KC", ends_on=make.day("2019-10-31"))


def sum_name(line, code="KCQG"):
    return f"tong_{line.pk}_{make.source(code).pk}"


def signed(line):
    return sum(LedgerEntry.objects.of(Step.CONTRACTED).filter(line=line).values_list("amount_vnd", flat=True))


# --- annexes ---


def annex(clerk, contract, line, total="", **fields):
    data = {"number": "PL01", "signed_on": "1/5/2019", sum_name(line): total, "why": "Giao máy chậm", **fields}
    return clerk.post(f"/hop-dong/{contract.pk}/phu-luc/", data)


def test_an_annex_proposes_its_number_and_shows_what_stands(clerk, contract, line):
    page = clerk.get(f"/hop-dong/{contract.pk}/phu-luc/").text
    assert 'value="PL01/07/HĐ-KC"' in page
    assert "Hiện nay 250.000.000 đồng." in page
    assert "Hiện nay 31/10/2019." in page


def test_an_annex_is_typed_as_the_new_total_and_writes_the_difference(clerk, contract, line):
    answer = annex(clerk, contract, line, "300 triệu", ends_on="30/11/2019")
    assert answer.headers["Location"] == contract.get_absolute_url()
    row = ContractAnnex.objects.get()
    assert (row.number, row.ends_on, row.reason) == ("PL01", make.day("2019-11-30"), "Giao máy chậm")
    assert row.entries.get().amount_vnd == 50 * M


def test_the_panel_of_an_annex_shows_the_difference(clerk, contract, line):
    panel = annex(clerk, contract, line, "240.000.000", xem="1").text
    assert "Thay đổi qua các phụ lục" in panel
    assert "-10.000.000" in panel
    assert not ContractAnnex.objects.exists()


def test_an_annex_that_changes_nothing_is_told(clerk, contract, line):
    answer = annex(clerk, contract, line, "250000000")
    assert answer.status_code == 422
    assert "Phụ lục chưa đổi gì" in answer.text


def test_a_contract_has_one_annex_of_a_number(clerk, contract, line):
    annex(clerk, contract, line, "260 triệu")
    page = annex(clerk, contract, line, "270 triệu", number="pl01")
    assert page.status_code == 422
    (told,) = page.context["form"].errors["number"]
    assert "đã có phụ lục số PL01, ký ngày 01/05/2019" in told
    annex(clerk, contract, line, "270 triệu", number="PL02")
    second = ContractAnnex.objects.get(number="PL02")
    mended = {"number": "PL01", "signed_on": "1/5/2019", sum_name(line): "10 triệu", "reason": "Nhầm"}
    page = clerk.post(f"/phu-luc/{second.pk}/sua/", mended)
    assert "đã có phụ lục số PL01" in str(page.context["form"].errors["number"])
    assert list(ContractAnnex.objects.values_list("number", flat=True)) == ["PL01", "PL02"]


def test_annexes_without_a_number_stand_beside_each_other(clerk, contract, line):
    for total in ("260 triệu", "270 triệu"):
        assert annex(clerk, contract, line, total, number="").status_code == 302


def test_an_annex_above_what_is_approved_is_refused_with_the_rest(clerk, contract, line):
    answer = annex(clerk, contract, line, "301 triệu")
    assert answer.status_code == 422
    assert "chỉ còn 50.000.000 đồng chưa ký" in answer.text
    assert not ContractAnnex.objects.exists()


def test_an_annex_below_what_was_paid_asks_for_a_reason_and_keeps_it(clerk, contract, line):
    make.advance(line, 100 * M, contract=contract)
    answer = annex(clerk, contract, line, "80 triệu")
    assert answer.status_code == 422
    assert "phải thu hồi 20.000.000 đồng" in answer.text
    assert annex(clerk, contract, line, "80 triệu", reason="Cơ sở sẽ nộp lại trong tháng").status_code == 302
    assert RuleException.objects.get().reason == "Cơ sở sẽ nộp lại trong tháng"


def test_an_annex_taken_from_sums_that_changed_meanwhile_shows_both(clerk, contract, line):
    opened = clerk.get(f"/hop-dong/{contract.pk}/phu-luc/").context["opened"]
    make.annex(contract, line, 20 * M)
    answer = annex(clerk, contract, line, "300 triệu", opened=opened)
    assert answer.status_code == 422
    assert "Số liệu vừa thay đổi" in answer.text
    assert signed(line) == 270 * M


def test_a_slip_in_an_annex_is_mended(clerk, contract, line):
    row = make.annex(contract, line, 20 * M, number="PL01", reason="Nhập sai")
    page = clerk.get(f"/phu-luc/{row.pk}/sua/").text
    assert 'value="20.000.000"' in page
    data = {"number": "PL02", "signed_on": "2/5/2019", "why": "Đúng", sum_name(line): "-10 triệu"}
    assert clerk.post(f"/phu-luc/{row.pk}/sua/", data).status_code == 302
    row.refresh_from_db()
    assert (row.number, row.signed_on, row.reason) == ("PL02", make.day("2019-05-02"), "Đúng")
    assert row.entries.get().amount_vnd == -10 * M


def test_an_annex_typed_by_mistake_is_taken_out(clerk, contract, line):
    row = make.annex(contract, line, 20 * M)
    assert clerk.get(f"/phu-luc/{row.pk}/xoa/").status_code == 200
    assert clerk.post(f"/phu-luc/{row.pk}/xoa/", {"why": "Nhập nhầm hợp đồng"}).status_code == 302
    assert not ContractAnnex.objects.exists()
    assert signed(line) == 250 * M


# --- liquidation ---


def test_a_contract_is_liquidated_once_accepted(clerk, contract, line):
    make.accept(line, 250 * M)
    data = {"liquidated_on": "20/12/2019", "liquidation_number": "07/BBTL"}
    assert clerk.post(f"/hop-dong/{contract.pk}/thanh-ly/", data).status_code == 302
    contract.refresh_from_db()
    assert (contract.liquidated_on, contract.liquidation_number) == (make.day("2019-12-20"), "07/BBTL")


def test_liquidating_before_acceptance_asks_for_a_reason(clerk, contract, line):
    data = {"liquidated_on": "20/12/2019"}
    answer = clerk.post(f"/hop-dong/{contract.pk}/thanh-ly/", data)
    assert answer.status_code == 422
    assert "chưa có nghiệm thu đạt" in answer.text
    assert clerk.post(f"/hop-dong/{contract.pk}/thanh-ly/", {**data, "reason": "Hai bên thỏa thuận"}).status_code == 302
    assert RuleException.objects.get().line == line


def test_a_form_opened_before_somebody_liquidated_neither_annexes_nor_liquidates_again(clerk, contract, line):
    make.accept(line, 250 * M, on="2019-12-01")
    Contract.objects.filter(pk=contract.pk).update(liquidated_on=make.day("2019-12-20"))
    path, late = f"/hop-dong/{contract.pk}/thanh-ly/", {"liquidated_on": "25/12/2019"}
    assert "đã thanh lý ngày 20/12/2019" in clerk.post(path, late | {"xem": "1"}).text
    assert clerk.post(path, late).status_code == 422
    assert annex(clerk, contract, line, "260 triệu").status_code == 422
    contract.refresh_from_db()
    assert contract.liquidated_on == make.day("2019-12-20")
    assert not ContractAnnex.objects.exists()


def test_what_is_liquidated_takes_neither_annex_nor_a_second_liquidation(clerk, contract):
    Contract.objects.filter(pk=contract.pk).update(liquidated_on=make.day("2019-12-20"))
    for path in ("phu-luc", "thanh-ly"):
        answer = clerk.get(f"/hop-dong/{contract.pk}/{path}/")
        assert answer.status_code == 422
        assert f"/hop-dong/{contract.pk}/sua/" in answer.text


# --- slips ---


def edit(clerk, contract, line, **fields):
    data = {
        "number": "07/HĐ-KC",
        "signed_on": "15/03/2019",
        "ends_on": "31/10/2019",
        sum_name(line): "250.000.000",
        **fields,
    }
    return clerk.post(f"/hop-dong/{contract.pk}/sua/", data)


def test_a_slip_in_a_contract_is_mended_with_its_entries(clerk, contract, line):
    answer = edit(clerk, contract, line, number="17/HĐ-KC", signed_on="18/3/2019", **{sum_name(line): "260 triệu"})
    assert answer.status_code == 302
    contract.refresh_from_db()
    assert (contract.number, contract.signed_on) == ("17/HĐ-KC", make.day("2019-03-18"))
    entry = contract.entries.get()
    assert (entry.amount_vnd, entry.on) == (260 * M, make.day("2019-03-18"))


def test_a_slip_that_would_break_the_books_is_refused(clerk, contract, line):
    make.advance(line, 100 * M, contract=contract)
    answer = edit(clerk, contract, line, signed_on="1/6/2019")
    assert answer.status_code == 422
    contract.refresh_from_db()
    assert contract.signed_on == make.SIGNED_ON


def test_the_second_who_mends_a_contract_sees_both_versions(clerk, contract, line):
    opened = clerk.get(f"/hop-dong/{contract.pk}/sua/").context["opened"]
    edit(clerk, contract, line, number="27/HĐ-KC")
    answer = edit(clerk, contract, line, number="17/HĐ-KC", opened=opened)
    assert answer.status_code == 422
    assert "Có người vừa sửa" in answer.text
    assert "27/HĐ-KC" in answer.text
    assert "17/HĐ-KC" in answer.text


def test_a_contract_in_a_closed_period_is_mended_by_a_manager_alone(clerk, contract, line):
    make.close_period("2019-03-01", "2019-03-31")
    answer = edit(clerk, contract, line, number="17/HĐ-KC", reason="Gõ nhầm số")
    assert answer.status_code == 422
    assert "chỉ lãnh đạo sửa, xóa được" in answer.text
    clerk.force_login(make.make_user(Role.MANAGER))
    assert edit(clerk, contract, line, number="17/HĐ-KC", reason="Gõ nhầm số").status_code == 302


def test_a_contract_typed_by_mistake_is_taken_out_and_its_line_waits_again(clerk, contract, line):
    assert clerk.get(f"/hop-dong/{contract.pk}/xoa/").status_code == 200
    answer = clerk.post(f"/hop-dong/{contract.pk}/xoa/", {"why": "Nhập hai lần"})
    assert answer.headers["Location"] == "/hop-dong/"
    assert not Contract.objects.exists()
    found = clerk.get("/tim/dong-cho-ky/", {"nam": 2019}).json()["results"]
    assert [each["id"] for each in found] == [line.pk]


def test_a_contract_with_payments_is_not_taken_out(clerk, contract, line):
    make.advance(line, 100 * M, contract=contract)
    answer = clerk.post(f"/hop-dong/{contract.pk}/xoa/", {"why": "Nhập hai lần"})
    assert answer.status_code == 422
    assert "Hãy xóa những việc đó trước." in answer.text


@pytest.mark.parametrize("path", ["phu-luc", "thanh-ly", "sua", "xoa"])
def test_a_contract_that_is_not_there_is_not_found(clerk, path):
    assert clerk.get(f"/hop-dong/999999/{path}/").status_code == 404


# --- the page of a contract says what can be done ---


def deeds(client, contract, query=""):
    found = client.get(f"/hop-dong/{contract.pk}/{query}").context["deeds"]
    return {deed.name: deed.why for deed in found.deeds}, found.main and found.main.name


def test_a_clerk_may_do_all_but_pay(clerk, contract, line):
    found, main = deeds(clerk, contract)
    assert found == {
        "Phụ lục": "",
        "Nghiệm thu": "",
        "Thanh toán": "việc này dành cho kế toán",
        "Thanh lý": "",
        "Sửa": "",
    }
    assert main == "Nghiệm thu"


def test_what_is_done_is_greyed_with_its_reason(clerk, contract, line):
    make.accept(line, 250 * M)
    make.pay(line, 250 * M, contract=contract)
    Contract.objects.filter(pk=contract.pk).update(liquidated_on=make.day("2019-12-20"))
    clerk.force_login(make.make_user(Role.ACCOUNTANT))
    assert deeds(clerk, contract)[0]["Thanh toán"] == "đã chi hết giá trị hợp đồng"
    clerk.force_login(make.make_user(Role.STAFF))
    found, main = deeds(clerk, contract)
    assert found["Nghiệm thu"] == "không còn dòng nào chờ nghiệm thu"
    assert found["Phụ lục"] == found["Thanh lý"] == "đã thanh lý ngày 20/12/2019"
    assert main is None


def test_a_page_of_a_past_day_sends_back_to_today(clerk, contract, line):
    found, main = deeds(clerk, contract, "?ngay=2019-06-01")
    assert main is None
    assert set(found.values()) == {"đang xem số liệu ngày 01/06/2019, nhập và sửa từ trang của hôm nay"}


def test_what_is_dated_ahead_is_mended_from_the_page_of_its_day(clerk, line):
    ahead = local_today() + timedelta(days=20)
    contract = make.sign(line, 250 * M, on=f"{ahead}", number="09/HĐ-KC")
    page = clerk.get(contract.get_absolute_url(), follow=True)
    assert page.redirect_chain == [(f"{contract.get_absolute_url()}?ngay={ahead}", 302)]
    assert {deed.name: deed.why for deed in page.context["deeds"].deeds}["Sửa"] == ""


def test_a_contract_with_the_funder_is_neither_accepted_nor_paid(clerk, line):
    national = make.sign(line, 300 * M, number="01/CT", kind=Contract.Kind.NATIONAL, beneficiary=None)
    assert deeds(clerk, national)[0].keys() == {"Phụ lục", "Thanh lý", "Sửa"}


def test_the_panel_shows_what_taking_a_contract_out_does_and_keeps_it(clerk, contract, line):
    panel = clerk.post(f"/hop-dong/{contract.pk}/xoa/", {"why": "Nhập hai lần", "xem": "1"})
    assert panel.status_code == 200
    assert "đã xóa" in panel.text
    assert Contract.objects.filter(pk=contract.pk).exists()


def test_a_contract_in_a_closed_period_asks_for_a_reason_when_an_annex_falls_there(clerk, contract, line):
    make.close_period()
    answer = annex(clerk, contract, line, "240 triệu", why="")
    assert answer.status_code == 422
    assert "đã chốt số liệu" in answer.text
    assert annex(clerk, contract, line, "240 triệu", why="", reason="Văn thư chuyển muộn").status_code == 302


def test_a_contract_opens_with_its_own_day_after_another_was_mended(clerk, contract, line):
    other = make.sign(make.make_approved_line(100 * M), 100 * M, on=make.day("2019-04-20"))
    assert edit(clerk, contract, line, signed_on="18/3/2019").status_code == 302
    form = clerk.get(f"/hop-dong/{other.pk}/sua/").context["form"]
    assert form["signed_on"].value() == "20/04/2019"
