"""The short forms about one line and one đề án: what they propose, refuse, warn of, save, and where they go on."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from khuyencong.dates import local_today
from projects.models import (
    Acceptance,
    LedgerEntry,
    Payment,
    RuleException,
    Settlement,
    Step,
)
from projects.services import set_milestone
from tests import factories as make

MILLION = make.MILLION


@pytest.fixture(autouse=True)
def plan(db):
    make.make_plan()


@pytest.fixture
def as_role(client):
    """A function: logs ``role`` in and answers the client."""

    def log_in(role):
        client.force_login(make.make_user(role))
        return client

    return log_in


def amount(code="KCQG"):
    return f"tien_{make.source(code).pk}"


def requested(code="KCQG"):
    return f"de_nghi_{make.source(code).pk}"


def url(name, *args, **query):
    return reverse(f"projects:{name}", args=args, query=query or None)


def pay(client, line, vnd, on="2019-04-15", word="tam-ung", address=None, **more):
    data = {"step": word, "paid_on": date.fromisoformat(on).strftime("%d/%m/%Y"), "voucher": "PC 01", amount(): vnd}
    return client.post(address or url("payment_new", line.pk), {**data, **more})


# --- payments -------------------------------------------------------------------------------------


@pytest.mark.parametrize("paid_meanwhile", [True, False])
def test_of_two_accountants_who_pay_at_once_the_second_is_told(paid_meanwhile, as_role):
    line = make.make_signed_line(300 * MILLION)
    accountant = as_role(Role.ACCOUNTANT)
    opened = accountant.get(url("payment_new", line.pk)).context["opened"]
    if paid_meanwhile:
        make.advance(line, 100 * MILLION)
    answer = pay(accountant, line, "100 triệu", opened=opened)
    assert (answer.status_code, len(line.entries.filter(step=Step.ADVANCED))) == (422 if paid_meanwhile else 302, 1)


def test_a_payment_proposes_what_is_signed_and_not_paid(as_role):
    line = make.make_signed_line(300 * MILLION)
    make.advance(line, 100 * MILLION)
    make.accept(line, 300 * MILLION)
    form = as_role(Role.ACCOUNTANT).get(url("payment_new", line.pk)).context["form"]
    assert (form.initial["step"], form.initial[amount()]) == ("thanh-toan", 200 * MILLION)
    assert form.initial["contract"] == line.contracts.get().pk


def test_an_acceptance_with_conditions_holds_the_rest_back_in_every_place_that_proposes_it(as_role):
    line, client = make.make_signed_line(300 * MILLION), as_role(Role.ACCOUNTANT)
    make.receive(500 * MILLION)
    make.advance(line, 100 * MILLION)
    make.accept(line, 300 * MILLION, result=Acceptance.Result.CONDITIONAL)
    form = client.get(url("payment_new", line.pk, loai="thanh-toan")).context["form"]
    ((listed, _, _),) = client.get("/chi-tra/?nam=2019").context["rows"]
    (row,) = client.get(url("voucher_new", dong=line.pk, nam=2019)).context["form"].rows.forms
    assert form.initial[amount()] == listed.now_vnd == row.initial[amount()] == 110 * MILLION
    assert "Nghiệm thu đạt có điều kiện ngày 15/10/2019, chưa có kết luận đạt." in form.fields[amount()].help_text


def test_an_advance_proposes_what_may_be_paid_before_acceptance(as_role):
    line = make.make_signed_line(300 * MILLION)
    form = as_role(Role.ACCOUNTANT).get(url("payment_new", line.pk, loai="tam-ung")).context["form"]
    assert form.initial[amount()] == 210 * MILLION


def test_a_payment_is_saved_with_its_voucher_and_contract(as_role):
    line = make.make_signed_line(300 * MILLION)
    answer = pay(as_role(Role.ACCOUNTANT), line, "150 triệu", contract=line.contracts.get().pk)
    entry = LedgerEntry.objects.get(step=Step.ADVANCED)
    assert answer.url == line.get_absolute_url()
    assert (entry.amount_vnd, entry.on, entry.payment.voucher) == (150 * MILLION, date(2019, 4, 15), "PC 01")
    assert entry.payment.contract == line.contracts.get()


def test_a_payment_of_two_sources_makes_an_entry_each(as_role):
    make.make_plan(code="KCDP")
    line = make.make_approved_line(300 * MILLION)
    make.approve(line, 100 * MILLION, code="KCDP")
    contract = make.sign(line, 300 * MILLION)
    make.annex(contract, line, 100 * MILLION, code="KCDP", on="2019-03-16")
    make.accept(line, 300 * MILLION, on="2019-04-01")
    pay(as_role(Role.ACCOUNTANT), line, "300tr", word="thanh-toan", **{amount("KCDP"): "100tr"})
    assert make.sums(line)[2] == 300 * MILLION
    assert make.sums(line, code="KCDP")[2] == 100 * MILLION


def test_too_early_a_payment_asks_for_a_reason_and_keeps_it(as_role):
    line, client = make.make_signed_line(300 * MILLION), as_role(Role.ACCOUNTANT)
    answer = pay(client, line, "250tr")
    assert (answer.status_code, Payment.objects.count()) == (422, 0)
    assert "vượt 70 %" in answer.content.decode()
    pay(client, line, "250tr", reason="Giám đốc đã duyệt chi trước")
    kept = RuleException.objects.get()
    assert (kept.line, kept.on, kept.reason) == (line, date(2019, 4, 15), "Giám đốc đã duyệt chi trước")
    assert make.sums(line)[2] == 250 * MILLION


def test_more_than_is_signed_is_refused_and_what_was_typed_stays(as_role):
    line = make.make_signed_line(300 * MILLION)
    answer = pay(as_role(Role.ACCOUNTANT), line, "400 triệu")
    assert (answer.status_code, Payment.objects.count()) == (422, 0)
    text = answer.content.decode()
    assert "chỉ còn 300.000.000 đồng chưa chi" in text
    assert "400 triệu" in text


def test_a_payment_without_any_amount_is_told_at_its_field(as_role):
    line = make.make_signed_line()
    answer = pay(as_role(Role.ACCOUNTANT), line, "")
    assert answer.context["form"].errors[amount()] == ["Chưa nhập số tiền."]


def test_the_panel_shows_the_line_and_the_source_before_and_after(as_role):
    line = make.make_signed_line(300 * MILLION)
    rows = pay(as_role(Role.ACCOUNTANT), line, "200tr", xem="1").context["rows"]
    assert [(row["name"], row["before"], row["after"]) for row in rows if row["changes"]] == [
        ("Đã giải ngân", "0", "200.000.000"),
        ("Còn được chi", "300.000.000", "100.000.000"),
        ("Đã giải ngân", "0", "200.000.000"),
        ("Chưa giải ngân", "300.000.000", "100.000.000"),
    ]
    groups = [row["group"] for row in rows if row["group"]]
    assert groups == ["Dòng này, Khuyến công quốc gia", "Khuyến công quốc gia, năm 2019"]
    assert all(row["url"] for row in rows if row["name"] != "Còn được chi")
    assert not Payment.objects.exists()


def test_a_line_without_contract_is_refused_with_the_way_to_it(as_role):
    line = make.make_approved_line()
    answer = as_role(Role.ACCOUNTANT).get(url("payment_new", line.pk))
    assert answer.status_code == 422
    assert "vì chưa có hợp đồng" in answer.content.decode()
    assert f'href="/hop-dong/moi/?dong={line.pk}"' in answer.content.decode()


def test_a_line_paid_in_full_is_refused(as_role):
    line = make.make_signed_line(300 * MILLION)
    make.pay(line, 300 * MILLION)
    answer = as_role(Role.ACCOUNTANT).get(url("payment_new", line.pk))
    assert (answer.status_code, "Đã chi hết" in answer.content.decode()) == (422, True)


def test_a_line_of_a_stranger_is_not_found(client):
    line = make.make_signed_line(locality=make.make_locality())
    client.force_login(make.make_user(Role.LOCAL, localities=[make.make_locality()]))
    for name in ("payment_new", "recovery_new", "acceptance_new", "settlement_new"):
        assert client.get(url(name, line.pk)).status_code == 404


# --- recovery -------------------------------------------------------------------------------------


def test_after_a_stop_a_recovery_proposes_what_was_paid(as_role):
    line = make.make_signed_line(300 * MILLION)
    make.advance(line, 120 * MILLION)
    make.stop(line.project)
    client = as_role(Role.ACCOUNTANT)
    assert client.get(url("recovery_new", line.pk)).context["form"].initial[amount()] == 120 * MILLION
    client.post(url("recovery_new", line.pk), {"paid_on": "01/08/2019", amount(): "120tr"})
    assert make.sums(line) == (0, 0, 0)


def test_a_recovery_proposes_what_is_above_the_accepted(as_role):
    line = make.make_signed_line(300 * MILLION)
    make.advance(line, 210 * MILLION)
    make.accept(line, 180 * MILLION)
    form = as_role(Role.ACCOUNTANT).get(url("recovery_new", line.pk)).context["form"]
    assert form.initial[amount()] == 30 * MILLION


# --- acceptance, settlement -----------------------------------------------------------------------


def test_an_acceptance_proposes_what_is_signed_and_is_saved(as_role):
    line, client = make.make_signed_line(300 * MILLION), as_role(Role.STAFF)
    assert client.get(url("acceptance_new", line.pk)).context["form"].initial[amount()] == 300 * MILLION
    data = {"accepted_on": "15102019", "minutes_number": "12/BB", "result": "passed", "jobs": "5", amount(): "300tr"}
    client.post(url("acceptance_new", line.pk), {**data, "revenue_vnd": "2,5 tỷ"})
    row = Acceptance.objects.get()
    assert (row.minutes_number, row.jobs, row.revenue_vnd) == ("12/BB", 5, 2_500 * MILLION)
    assert row.entries.get().amount_vnd == 300 * MILLION


@pytest.mark.parametrize(("typed", "kept"), [("", [None]), ("0", [])])
def test_an_accepted_amount_may_be_unknown_or_none(as_role, typed, kept):
    line = make.make_signed_line()
    as_role(Role.STAFF).post(
        url("acceptance_new", line.pk), {"accepted_on": "15/10/2019", "result": "passed", amount(): typed}
    )
    assert list(Acceptance.objects.get().entries.values_list("amount_vnd", flat=True)) == kept


def test_an_acceptance_before_signing_is_refused_with_the_way_to_the_contract(as_role):
    line = make.make_approved_line()
    answer = as_role(Role.STAFF).get(url("acceptance_new", line.pk))
    assert (answer.status_code, "Hãy nhập hợp đồng trước" in answer.content.decode()) == (422, True)


def test_a_settlement_proposes_what_was_accepted(as_role):
    line, client = make.make_signed_line(300 * MILLION), as_role(Role.ACCOUNTANT)
    make.accept(line, 280 * MILLION)
    assert client.get(url("settlement_new", line.pk)).context["form"].initial[amount()] == 280 * MILLION
    data = {"party": "beneficiary", "settled_on": "10/12/2019", "submitted_on": "1/12/2019", "number": "5/QT"}
    client.post(url("settlement_new", line.pk), {**data, amount(): "280tr", requested(): "285tr"})
    row = Settlement.objects.get()
    assert (row.number, row.submitted_on, row.entries.get().amount_vnd) == ("5/QT", date(2019, 12, 1), 280 * MILLION)
    assert row.requested_vnd == 285 * MILLION
    told = client.get(line.project.get_absolute_url()).content.decode()
    assert "số 5/QT, đề nghị 285 triệu đồng, 280 triệu đồng Khuyến công quốc gia" in told


def test_each_source_of_a_settlement_says_what_was_asked_of_it(as_role):
    line, client = make.make_signed_line(300 * MILLION), as_role(Role.ACCOUNTANT)
    make.make_plan(code="KCDP")
    make.approve(line, 100 * MILLION, code="KCDP")
    make.annex(line.contracts.get(), line, 100 * MILLION, code="KCDP")
    make.accept(line, 300 * MILLION)
    data = {"party": "beneficiary", "settled_on": "10/12/2019", amount(): "300tr", amount("KCDP"): "90tr"}
    client.post(url("settlement_new", line.pk), {**data, requested("KCDP"): "100tr"})
    assert dict(Settlement.objects.values_list("source__code", "requested_vnd")) == {
        "KCQG": None,
        "KCDP": 100 * MILLION,
    }


def test_a_settlement_with_the_funder_is_a_step_of_its_own(as_role):
    line, client = make.make_signed_line(), as_role(Role.ACCOUNTANT)
    make.accept(line, 300 * MILLION)
    address = url("settlement_new", line.pk, voi="cap-kinh-phi")
    assert client.get(address).context["form"].initial["party"] == "funder"
    client.post(address, {"party": "funder", "settled_on": "10/12/2019", amount(): "300tr"})
    assert LedgerEntry.objects.filter(step=Step.FUNDER_SETTLED).count() == 1


def test_a_settlement_before_acceptance_asks_for_a_reason(as_role):
    line, client = make.make_signed_line(), as_role(Role.ACCOUNTANT)
    data = {"party": "beneficiary", "settled_on": "10/12/2019", amount(): "300tr"}
    assert client.post(url("settlement_new", line.pk), data).status_code == 422
    client.post(url("settlement_new", line.pk), {**data, "reason": "Biên bản nghiệm thu bị thất lạc"})
    assert RuleException.objects.get().reason == "Biên bản nghiệm thu bị thất lạc"


# --- what waits -----------------------------------------------------------------------------------


def waiting(client, name):
    answer = client.get(url(name, nam=2019))
    return answer.context["table"].ids, answer


def test_each_list_holds_what_waits_for_it_and_leads_to_its_form(as_role):
    signed, advanced, accepted = (make.make_signed_line(100 * MILLION) for _ in range(3))
    stopped = make.make_signed_line(100 * MILLION)
    make.advance(advanced, 70 * MILLION)
    make.advance(stopped, 50 * MILLION)
    make.stop(stopped.project)
    make.accept(accepted, 90 * MILLION)
    client = as_role(Role.ACCOUNTANT)
    ids, answer = waiting(client, "payment_waiting")
    assert ids == [accepted.pk, signed.pk, advanced.pk]
    assert answer.context["table"].sums["waits"] == (90 + 100 + 30) * MILLION
    assert f'href="/dong/{signed.pk}/chi/?ve=/chi-tra/cho-chi/%3Fnam%3D2019"' in answer.content.decode()
    assert waiting(client, "recovery_waiting")[0] == [stopped.pk]
    assert waiting(client, "settlement_waiting")[0] == [accepted.pk]
    assert waiting(client, "acceptance_waiting")[0] == [signed.pk, advanced.pk]


def test_save_and_go_on_leads_to_the_next_that_waits_with_the_voucher(as_role):
    first, second, third = (make.make_signed_line(100 * MILLION) for _ in range(3))
    client, back = as_role(Role.ACCOUNTANT), "/chi-tra/cho-chi/?nam=2019&nguon=KCQG"
    answer = pay(client, first, "70tr", tiep="1", ve=back)
    assert answer.url == url("payment_new", second.pk, ve=back, so="PC 01")
    form = client.get(answer.url).context["form"]
    assert (form.initial["voucher"], form.initial["paid_on"]) == ("PC 01", date(2019, 4, 15))
    pay(client, second, "70tr", tiep="1", ve=back)
    assert pay(client, third, "70tr", tiep="1", ve="/chi-tra/cho-chi/?q=khong+co").url == "/chi-tra/cho-chi/?q=khong+co"


def test_the_lists_of_milestones_and_contracts_lead_to_the_forms_and_back(as_role):
    today = local_today()
    line = make.make_approved_line()
    contract = make.sign(line, 300 * MILLION, ends_on=today)
    row = set_milestone(project=line.project, line=line, name="Lắp đặt", due_on=today, set_on=date(2019, 4, 1))
    client = as_role(Role.STAFF)
    milestones = client.get("/tien-do/?nam=2019&q=lap").content.decode()
    for word in ("xong", "lui"):
        assert f'href="/moc/{row.pk}/{word}/?ve=/tien-do/%3Fnam%3D2019%26q%3Dlap"' in milestones
    contracts = client.get("/hop-dong/?nam=2019").content.decode()
    assert f'href="/dong/{line.pk}/nghiem-thu/?ve=/hop-dong/%3Fnam%3D2019"' in contracts
    assert contract.ends_on == today


def test_what_is_missing_or_too_small_is_named(as_role):
    line, client = make.make_signed_line(), as_role(Role.STAFF)
    milestone = client.post(url("milestone_new", line.project_id), {}).context["form"]
    assert milestone.errors["name"] == ["Chưa nhập tên mốc."]
    acceptance = client.post(url("acceptance_new", line.pk), {"jobs": "-5", "result": ""}).context["form"]
    assert acceptance.errors["jobs"] == ["Không được nhỏ hơn 0."]
    assert acceptance.errors["result"] == ["Chưa chọn kết luận."]


def test_the_panel_of_a_deletion_tells_what_comes_after_it(as_role):
    line, client = make.make_signed_line(), as_role(Role.ACCOUNTANT)
    payment = make.pay(line, 100 * MILLION)
    panel = client.post(url("payment_withdraw", payment.pk), {"xem": "1"}).content.decode()
    assert "Sau khi xóa" in panel
    assert "Sau khi lưu" not in panel


def test_whoever_may_not_enter_sees_who_may(as_role):
    make.make_signed_line()
    text = as_role(Role.VIEWER).get(url("payment_waiting", nam=2019)).content.decode()
    assert "Chi: việc của kế toán" in text
    assert "/chi/?ve=" not in text


# --- mending --------------------------------------------------------------------------------------


def test_a_payment_is_mended_in_place(as_role):
    line, client = make.make_signed_line(300 * MILLION), as_role(Role.ACCOUNTANT)
    payment = make.advance(line, 100 * MILLION, voucher="PC 1")
    form = client.get(url("payment_edit", payment.pk)).context["form"]
    assert (form.initial[amount()], form.initial["step"], form.initial["voucher"]) == (100 * MILLION, "tam-ung", "PC 1")
    pay(client, line, "120tr", on="2019-04-20", word="thanh-toan", address=url("payment_edit", payment.pk))
    entry = LedgerEntry.objects.get(payment=payment)
    assert (entry.amount_vnd, entry.step, entry.on) == (120 * MILLION, Step.PAID, date(2019, 4, 20))
    payment.refresh_from_db()
    assert payment.voucher == "PC 01"


def test_mending_beyond_what_is_signed_is_refused(as_role):
    line = make.make_signed_line(300 * MILLION)
    payment = make.advance(line, 100 * MILLION)
    answer = pay(as_role(Role.ACCOUNTANT), line, "301tr", address=url("payment_edit", payment.pk))
    assert (answer.status_code, make.sums(line)[2]) == (422, 100 * MILLION)


def test_a_recovery_is_mended_on_its_own_form(as_role):
    line = make.make_signed_line(300 * MILLION)
    make.advance(line, 100 * MILLION)
    row = make.recover(line, 40 * MILLION)
    as_role(Role.ACCOUNTANT).post(url("payment_edit", row.pk), {"paid_on": "2/11/2019", amount(): "30tr"})
    assert make.sums(line)[2] == 70 * MILLION


def test_an_acceptance_is_mended_in_place(as_role):
    line, client = make.make_signed_line(300 * MILLION), as_role(Role.STAFF)
    row = make.accept(line, 300 * MILLION, jobs=4)
    data = {"accepted_on": "16/10/2019", "result": "passed", "jobs": "7", amount(): "290tr"}
    client.post(url("acceptance_edit", row.pk), data)
    row.refresh_from_db()
    assert (row.jobs, row.accepted_on, row.entries.get().amount_vnd) == (7, date(2019, 10, 16), 290 * MILLION)
    client.post(url("acceptance_edit", row.pk), {**data, "result": "failed", amount(): ""})
    assert not row.entries.exists()


def test_a_settlement_is_mended_in_place(as_role):
    line, client = make.make_signed_line(300 * MILLION), as_role(Role.ACCOUNTANT)
    make.accept(line, 300 * MILLION)
    (row,) = make.settle(line, 300 * MILLION, requested={make.source(): 300 * MILLION})
    assert client.get(url("settlement_edit", row.pk)).context["form"].initial[requested()] == 300 * MILLION
    data = {"settled_on": "11/12/2019", "number": "7/QT", amount(): "295tr", requested(): "310tr"}
    client.post(url("settlement_edit", row.pk), data)
    row.refresh_from_db()
    assert (row.number, row.party, row.entries.get().amount_vnd) == ("7/QT", "beneficiary", 295 * MILLION)
    assert row.requested_vnd == 310 * MILLION


@pytest.mark.parametrize("name", ["payment", "acceptance", "settlement"])
def test_a_paper_entered_by_mistake_is_taken_out_with_its_reason(as_role, name):
    line = make.make_signed_line(300 * MILLION)
    rows = {"payment": make.advance(line, 100 * MILLION), "acceptance": make.accept(line, 300 * MILLION)}
    (rows["settlement"],) = make.settle(line, 300 * MILLION)
    row, client = rows[name], as_role(Role.STAFF if name == "acceptance" else Role.ACCOUNTANT)
    address = url(f"{name}_withdraw", row.pk)
    assert address in client.get(url(f"{name}_edit", row.pk)).content.decode()
    assert client.post(address, {"why": ""}).status_code == 422
    client.post(address, {"why": "Ghi nhầm cơ sở"})
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert not LedgerEntry.objects.filter(**{name: row.pk}).exists()
    assert row.history.first().history_change_reason == "Ghi nhầm cơ sở"
