"""Slips in closed periods: who mends the row itself, who adds a counter-row, and where both are offered."""

import pytest
from django.urls import reverse

from accounts.models import Role
from projects.models import Correction, LedgerEntry, Payment, Settlement, Step
from tests import factories as make

M = make.MILLION
pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    """Paid 100 million in April, accepted and settled in May; both months are closed."""
    make.make_plan()
    line = make.make_signed_line(300 * M)
    make.advance(line, 100 * M, on="2019-04-15")
    make.accept(line, 300 * M, on="2019-05-10")
    make.settle(line, 300 * M, on="2019-05-20")
    make.close_period("2019-04-01", "2019-05-31")
    return line


@pytest.fixture
def as_role(client):
    def log_in(role):
        client.force_login(make.make_user(role))
        return client

    return log_in


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


def typed(vnd, step=Step.ADVANCED, **fields):
    return {"step": step, "source": make.source().pk, "amount_vnd": vnd, "why": "Ghi nhầm chứng từ", **fields}


def sum_of(line, step):
    return sum(LedgerEntry.objects.filter(line=line, step=step).values_list("amount_vnd", flat=True))


def payment_data(vnd, **fields):
    return {"step": "tam-ung", "paid_on": "15/04/2019", f"tien_{make.source().pk}": vnd, **fields}


def test_an_accountant_adds_a_counter_row_of_today_with_a_reason(line, as_role):
    client = as_role(Role.ACCOUNTANT)
    answer = client.post(url("correction_new", line.pk), typed("-10 triệu"))
    assert answer.status_code == 302, answer.context["form"].errors
    correction = Correction.objects.get()
    assert (correction.reason, correction.by.role) == ("Ghi nhầm chứng từ", Role.ACCOUNTANT)
    assert make.sums(line)[2] == 90 * M
    assert make.sums(line, on="2019-12-31")[2] == 100 * M
    page = client.get(line.project.get_absolute_url()).text
    assert "Điều chỉnh số liệu" in page and "lý do: Ghi nhầm chứng từ" in page


def test_a_counter_row_obeys_the_rule_of_its_step(line, as_role):
    answer = as_role(Role.ACCOUNTANT).post(url("correction_new", line.pk), typed("201 triệu"))
    assert answer.status_code == 422 and "vượt 1.000.000 đồng" in answer.text
    assert not Correction.objects.exists()


@pytest.mark.parametrize("fields", [{"amount_vnd": "0"}, {"why": " "}, {"step": Step.APPROVED}])
def test_a_counter_row_of_nothing_without_reason_or_of_anothers_step_is_refused(fields, line, as_role):
    answer = as_role(Role.ACCOUNTANT).post(url("correction_new", line.pk), {**typed("-10 triệu"), **fields})
    assert answer.status_code == 422
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    "role, offered",
    [
        (Role.ACCOUNTANT, {Step.ADVANCED, Step.PAID, Step.RECOVERED, Step.SETTLED, Step.FUNDER_SETTLED}),
        (Role.STAFF, {Step.REQUESTED, Step.APPROVED, Step.FUNDER_CONTRACTED, Step.CONTRACTED, Step.ACCEPTED}),
        (Role.MANAGER, set(Step)),
    ],
)
def test_each_role_is_offered_the_steps_it_may_mend(role, offered, line, as_role):
    form = as_role(role).get(url("correction_new", line.pk)).context["form"]
    assert {value for value, _ in form.fields["step"].choices} == offered


def test_a_line_without_money_has_nothing_to_mend(as_role):
    answer = as_role(Role.ACCOUNTANT).get(url("correction_new", make.make_line().pk))
    assert answer.status_code == 422 and "chưa có số tiền nào để điều chỉnh" in answer.text


@pytest.mark.parametrize("name", ["payment_edit", "payment_withdraw"])
def test_an_accountant_is_led_from_a_closed_payment_to_its_counter_row(name, line, as_role):
    answer = as_role(Role.ACCOUNTANT).get(url(name, Payment.objects.get().pk))
    assert answer.status_code == 422 and "chỉ lãnh đạo sửa, xóa được" in answer.text
    assert f"/dong/{line.pk}/dieu-chinh/?buoc=advanced&amp;nguon=KCQG" in answer.text


def test_a_manager_mends_a_closed_payment_with_a_reason_and_its_history_tells_it(line, as_role):
    client, payment = as_role(Role.MANAGER), Payment.objects.get()
    answer = client.post(url("payment_edit", payment.pk), payment_data("90 triệu"))
    assert answer.status_code == 422 and answer.context["form"].asks_reason
    assert sum_of(line, Step.ADVANCED) == 100 * M
    client.post(url("payment_edit", payment.pk), payment_data("90 triệu", reason="Chứng từ ghi 90 triệu"))
    entry = LedgerEntry.objects.get(step=Step.ADVANCED)
    last = entry.history.first()
    assert (entry.amount_vnd, last.history_change_reason) == (90 * M, "Chứng từ ghi 90 triệu")
    assert last.history_user.role == Role.MANAGER


def test_a_manager_takes_out_a_closed_settlement_with_a_reason(line, as_role):
    client, settlement = as_role(Role.MANAGER), Settlement.objects.get()
    client.post(url("settlement_withdraw", settlement.pk), {"why": "Ghi nhầm dòng"})
    assert not Settlement.objects.exists()
    assert Settlement.history.first().history_change_reason == "Ghi nhầm dòng"


@pytest.mark.parametrize("name", ["payment_edit", "payment_withdraw"])
def test_a_manager_leaves_the_payments_of_an_open_period_to_the_accountant(name, line, as_role):
    payment = make.pay(line, 10 * M, on="2019-11-01")
    assert as_role(Role.MANAGER).get(url(name, payment.pk)).status_code == 403


@pytest.mark.parametrize(
    "role, mends, adjusts",
    [
        (Role.ACCOUNTANT, False, True),
        (Role.MANAGER, True, True),
        (Role.STAFF, False, False),
        (Role.VIEWER, False, False),
    ],
)
def test_the_rows_of_a_closed_payment_lead_to_what_the_reader_may_do(role, mends, adjusts, line, as_role):
    client, payment = as_role(role), Payment.objects.get()
    edit, adjust = url("payment_edit", payment.pk), f"{url('correction_new', line.pk)}?buoc=advanced&amp;nguon=KCQG"
    contract = line.contracts.get().get_absolute_url()
    for page in (line.project.get_absolute_url(), "/chi-tra/da-chi/?nam=2019"):
        text = client.get(page).text
        assert (edit in text, adjust in text) == (mends, adjusts), page
    assert (adjust in client.get(contract).text) == adjusts


def test_a_page_of_the_past_offers_no_counter_row(line, as_role):
    client = as_role(Role.ACCOUNTANT)
    for page in (line.project.get_absolute_url(), line.contracts.get().get_absolute_url()):
        assert "dieu-chinh" not in client.get(page, {"ngay": "2019-12-31"}).text


def test_the_panel_shows_the_sum_before_and_after(line, as_role):
    panel = as_role(Role.ACCOUNTANT).post(url("correction_new", line.pk), typed("-10 triệu", xem="1")).text
    assert "100.000.000" in panel and "90.000.000" in panel
    assert not Correction.objects.exists()


def test_what_no_closed_period_holds_is_mended_in_its_paper_and_not_here(as_role):
    make.make_plan()
    line = make.make_approved_line(100 * M)
    answer = as_role(Role.STAFF).post(url("correction_new", line.pk), typed("50 triệu", Step.APPROVED))
    assert answer.status_code == 422 and "thuộc kỳ đã chốt" in answer.text
    assert not Correction.objects.exists()


def test_a_counter_row_that_a_rule_warns_of_asks_for_a_reason(as_role):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    make.advance(line, 100 * M, on="2019-04-15")
    make.close_period("2019-04-01", "2019-05-31")
    client, data = as_role(Role.ACCOUNTANT), typed("180 triệu")
    answer = client.post(url("correction_new", line.pk), data)
    assert answer.status_code == 422 and "70 %" in answer.text
    assert not Correction.objects.exists()
    assert client.post(url("correction_new", line.pk), {**data, "reason": "Chi bù theo biên bản"}).status_code == 302
    assert line.rule_exceptions.get().rule == "early_payment"


def test_nothing_more_is_promised_to_a_stopped_line_by_a_counter_row(as_role):
    make.make_plan()
    line = make.make_approved_line(100 * M)
    make.stop(line.project)
    make.close_period("2019-01-01", "2019-12-31")
    answer = as_role(Role.STAFF).post(url("correction_new", line.pk), typed("50 triệu", Step.APPROVED))
    assert answer.status_code == 422 and "đã ngừng" in answer.text


def test_an_advance_raised_by_a_correction_asks_for_a_reason_as_a_payment_does(as_role):
    make.make_plan()
    line = make.make_signed_line(300 * M)
    payment = make.advance(line, 100 * M, on="2019-04-15")
    client, data = as_role(Role.ACCOUNTANT), payment_data("280 triệu")
    answer = client.post(url("payment_edit", payment.pk), data)
    assert answer.status_code == 422 and "70 %" in answer.text
    assert make.sums(line)[2] == 100 * M
    assert client.post(url("payment_edit", payment.pk), {**data, "reason": "Theo thỏa thuận"}).status_code == 302
    assert line.rule_exceptions.get().rule == "early_payment"
