"""One voucher with several payments: proposed, saved together or not at all, each row told what is wrong with it."""

import json

import pytest

from accounts.models import Role
from projects.models import LedgerEntry, Payment, RuleException, Step
from tests import factories as make
from tests.projects.pages import HTMX, see, text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
NEW = "/chi-tra/chung-tu/moi/"


@pytest.fixture
def accountant():
    return make.make_user(Role.ACCOUNTANT)


@pytest.fixture
def lines():
    make.make_plan(amount_vnd=5000 * M)
    make.receive(2000 * M)
    return [make.make_signed_line(300 * M), make.make_signed_line(100 * M)]


def money(line, code="KCQG"):
    return f"tien_{make.source(code).pk}"


def typed(*rows, voucher="UNC 12", paid_on="15/04/2019", **more):
    """``rows``: (line, step, amount as typed)."""
    data = {"voucher": voucher, "paid_on": paid_on, "dong-TOTAL_FORMS": str(len(rows)), **more}
    for number, (line, step, amount) in enumerate(rows):
        name = f"dong-moi{number}"
        data |= {f"{name}-line": line.pk, f"{name}-step": step, f"{name}-{money(line)}": amount}
    return data


def post(client, user, data, **headers):
    client.force_login(user)
    return client.post(f"{NEW}?nam=2019", data, headers=headers)


def test_what_was_ticked_is_proposed_with_what_may_be_paid_now(client, accountant, lines):
    make.advance(lines[0], 90 * M)
    page = see(client, f"{NEW}?nam=2019&dong={lines[0].pk}&dong={lines[1].pk}&dong=x", accountant)
    rows = page.context["form"].rows.forms
    assert [row.initial["line"] for row in rows] == lines
    assert [row[money(lines[0])].value() for row in rows] == ["120.000.000", "70.000.000"]
    assert "đã tạm ứng 90.000.000, còn được chi 120.000.000" in text_of(page)


def test_several_payments_are_saved_under_one_number_and_day(client, accountant, lines):
    answer = post(client, accountant, typed((lines[0], "tam-ung", "200 triệu"), (lines[1], "tam-ung", "70tr")))
    assert (answer.status_code, answer.url) == (302, "/chi-tra/da-chi/?nam=2019&q=UNC+12")
    entries = LedgerEntry.objects.of(Step.ADVANCED)
    assert {(entry.line_id, entry.amount_vnd) for entry in entries} == {
        (lines[0].pk, 200 * M),
        (lines[1].pk, 70 * M),
    }
    assert set(Payment.objects.values_list("voucher", "paid_on")) == {("UNC 12", make.ADVANCED_ON)}
    assert all(entry.payment.contract in entry.line.contracts.all() for entry in entries)
    assert {entry.history.first().history_user for entry in entries} == {accountant}


def test_one_row_refused_saves_none_and_is_told_at_its_row(client, accountant, lines):
    answer = post(client, accountant, typed((lines[0], "tam-ung", "200tr"), (lines[1], "tam-ung", "101tr")))
    assert answer.status_code == 422 and not Payment.objects.exists()
    first, second = answer.context["form"].rows.forms
    assert not first.errors and "vượt số đã ký" in str(second.errors)
    assert "Cả chứng từ chưa được lưu" in text_of(answer)


def test_rows_of_one_line_count_one_another(client, accountant, lines):
    rows = [(lines[1], "tam-ung", "60tr"), (lines[1], "thanh-toan", "60tr")]
    answer = post(client, accountant, typed(*rows))
    assert "chỉ còn 40.000.000 đồng chưa chi" in str(answer.context["form"].rows.forms[1].errors)
    twice = post(client, accountant, typed(*[(lines[1], "tam-ung", "10tr")] * 2))
    assert "Dòng này đã chọn ở trên" in text_of(twice)


def test_a_rule_that_warns_names_the_line_and_its_reason_is_kept_there(client, accountant, lines):
    data = typed((lines[0], "tam-ung", "200tr"), (lines[1], "tam-ung", "71tr"))
    answer = post(client, accountant, data)
    assert answer.status_code == 422 and not Payment.objects.exists()
    assert f"{lines[1].beneficiary}: Đến ngày 15/04/2019 chưa nghiệm thu đạt" in text_of(answer)
    assert post(client, accountant, {**data, "reason": "Máy đã về đủ"}).status_code == 302
    assert [(row.line, row.reason) for row in RuleException.objects.all()] == [(lines[1], "Máy đã về đủ")]


def test_an_empty_row_is_passed_over_and_an_empty_voucher_is_not(client, accountant, lines):
    blank = {"dong-TOTAL_FORMS": "2", "dong-moi1-line": "", "dong-moi1-step": "tam-ung"}
    assert post(client, accountant, {**typed((lines[0], "tam-ung", "5tr")), **blank}).status_code == 302
    assert "Chưa chọn dòng nào được chi" in text_of(post(client, accountant, typed()))
    assert "Chưa nhập số tiền" in text_of(post(client, accountant, typed((lines[0], "tam-ung", ""))))


def test_the_panel_tells_what_is_left_and_keeps_nothing(client, accountant, lines):
    answer = post(client, accountant, {**typed((lines[0], "tam-ung", "200tr")), "xem": "1"}, **HTMX)
    assert "200.000.000" in text_of(answer) and not Payment.objects.exists()
    refused = post(client, accountant, {**typed((lines[0], "tam-ung", "301tr")), "xem": "1"}, **HTMX)
    assert f"{lines[0].beneficiary}: Chi 301.000.000 đồng" in text_of(refused)


def test_what_is_found_while_typing_may_be_paid_and_what_is_held_up_is_hinted(client, accountant, lines):
    unsigned = make.make_approved_line(50 * M, beneficiary=make.make_beneficiary("HTX Chưa Ký"))
    found = json.loads(see(client, "/tim/dong-duoc-chi/?nam=2019&q=", accountant).content)
    assert {row["id"] for row in found["results"]} == {line.pk for line in lines}
    row = next(row for row in found["results"] if row["id"] == lines[0].pk)
    assert row["amounts"] == {money(lines[0]): "210.000.000"} and row["step"] == "tam-ung"
    hinted = json.loads(see(client, "/tim/dong-duoc-chi/?nam=2019&q=chua+ky", accountant).content)
    assert hinted["results"] == []
    url = unsigned.get_absolute_url()
    assert hinted["hints"] == [{"text": "HTX Chưa Ký: chưa có hợp đồng", "url": url, "words": "Xem đề án"}]


def test_a_closed_period_asks_for_a_reason(client, accountant, lines):
    make.close_period("2019-04-01", "2019-04-30")
    data = typed((lines[0], "tam-ung", "5tr"))
    refused = post(client, accountant, data)
    assert refused.status_code == 422 and refused.context["form"].asks_reason
    assert 'name="reason"' in refused.text
    assert post(client, accountant, {**data, "reason": "Chứng từ về muộn"}).status_code == 302


def test_as_many_queries_to_open_twenty_rows_as_two(client, accountant, lines, query_count):
    more = [make.make_signed_line(10 * M) for _ in range(18)]
    client.force_login(accountant)

    def opened(chosen):
        address = f"{NEW}?nam=2019&" + "&".join(f"dong={line.pk}" for line in chosen)
        return query_count(lambda: client.get(address))

    assert opened([*lines, *more]) <= opened(lines)


def test_what_is_ticked_beyond_a_page_opens_with_the_next_voucher(client, accountant, lines):
    chosen = [*lines, *(make.make_signed_line(10 * M) for _ in range(48))]
    address = f"{NEW}?nam=2019&" + "&".join(f"dong={line.pk}" for line in chosen)
    page = see(client, address, accountant)
    assert len(page.content) < 100_000
    assert "lấy 30 dòng đầu đã chọn; bấm “Lưu và nhập tiếp” để mở 20 dòng còn lại" in text_of(page)
    assert [row.initial["line"] for row in page.context["form"].rows.forms] == chosen[:30]
    answer = client.post(address, typed((lines[0], "tam-ung", "5tr"), tiep="1"), follow=True)
    assert [row.initial["line"] for row in answer.context["form"].rows.forms] == chosen[30:]
