"""One year's money from the first advance held up to the last đồng returned: after each step the pages and the figures.

A: 300 signed; 210 of it advanced once the Cục's money came, accepted for 280, the remainder 70 paid, settled for 270:
10 come back. B: 150 signed, 100 advanced, stopped: 100 come back. Received 420, spent 270, settled 270, returned 150.
"""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from accounts.models import Role
from khuyencong.dates import format_day
from projects.models import LedgerEntry, RuleException
from reports.figures import block_of
from reports.rows import read_year
from reports.settlement_book import settlement_report
from reports.settlement_rows import read_settlement
from tests import factories as make
from tests.projects.pages import text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
KEYS = ("contracted_vnd", "advanced_vnd", "disbursed_vnd", "accepted_vnd", "settled_vnd")
END = "2020-01-31"


@pytest.fixture
def money(client):
    """Two approved lines, and what the accountant does through the pages."""
    make.make_plan(amount_vnd=450 * M)
    a, b = make.make_approved_line(300 * M), make.make_approved_line(150 * M)
    client.force_login(make.make_user(Role.ACCOUNTANT))
    return SimpleNamespace(a=a, b=b, client=client)


def send(money, name, line=None, **data):
    """Post a form of the accountant's; days as ISO text, ``vnd`` in triệu đồng."""
    vnd = data.pop("vnd")
    field = f"tien_{make.source().pk}" if line else "amount_vnd"
    days = {key: format_day(make.day(data[key])) for key in data.keys() & {"paid_on", "settled_on", "on"}}
    address = reverse(f"projects:{name}", args=[line.pk] if line else [])
    return money.client.post(address, {**data, **days, field: f"{vnd} triệu"})


def pay(money, line, on, vnd, step="tam-ung", **data):
    return send(money, "payment_new", line, step=step, paid_on=on, vnd=vnd, **data)


def take_back(money, line, on, vnd):
    return send(money, "recovery_new", line, paid_on=on, vnd=vnd)


def funder(money, name, on, vnd, contract):
    return send(money, name, on=on, vnd=vnd, source=make.source().pk, year=2019, contract=contract.pk)


def payable(money, day):
    """{line: (triệu đồng that may be paid now, what holds the rest up)} of the accountant's page."""
    rows = money.client.get(f"/chi-tra/?nam=2019&ngay={day}").context["rows"]
    return {row.line.pk: (row.now_vnd // M, [hold.text for hold, _ in holds]) for row, _, holds in rows}


def to_recover(money, day):
    """{line: (triệu đồng, why)} of the page of what has to come back."""
    rows = money.client.get(f"/chi-tra/phai-thu-hoi/?nam=2019&ngay={day}").context["rows"]
    return {row.line.pk: (row.waits_vnd // M, row.text) for row, *_ in rows}


def figures(day):
    block = block_of(read_year(2019, make.day(day)), "KCQG")
    return tuple(block.vnd(key) // M for key in KEYS)


def balance(money, day, year=2019):
    """Opening, received, paid, settled, returned, closing of KCQG on the page of the reconciliation."""
    lines = money.client.get(f"/doi-chieu/{year}/?ngay={day}").context["lines"]
    line = next(line for line in lines if line.level == "source" and line.source == "KCQG")
    return tuple(figure.vnd // M for figure in line.figures.values())


def test_the_years_money_from_a_held_up_advance_to_nothing_left(money):
    a, b = money.a, money.b
    # Held up: no contract yet.
    assert payable(money, "2019-03-10") == {line.pk: (0, ["Chưa có hợp đồng"]) for line in (a, b)}
    assert pay(money, a, "2019-03-10", 100).status_code == 422
    national = make.sign_national(a, amount_vnd=300 * M, number="05/HĐ-CTĐP")
    make.sign(a, 300 * M)
    make.sign(b, 150 * M)
    # Held up: the rules let 70 % be paid, and nothing has come from the Cục.
    waits = ["Chưa nghiệm thu", "Chưa nhận kinh phí năm 2019 của Khuyến công quốc gia"]
    assert payable(money, "2019-03-31") == {a.pk: (210, waits), b.pk: (105, waits)}
    assert funder(money, "receipt_new", "2019-04-01", 420, national).status_code == 302
    assert payable(money, "2019-04-01") == {a.pk: (210, waits[:1]), b.pk: (105, waits[:1])}

    # Over 70 % before acceptance: told, nothing saved; just 70 %: saved.
    refused = pay(money, a, "2019-04-15", 211)
    assert refused.status_code == 422 and "vượt 70 %" in text_of(refused)
    assert not LedgerEntry.objects.filter(step="ADVANCED").exists()
    assert pay(money, a, "2019-04-15", 210).status_code == pay(money, b, "2019-05-15", 100).status_code == 302
    assert payable(money, "2019-05-31") == {a.pk: (0, waits[:1]), b.pk: (5, waits[:1])}
    assert figures("2019-05-31") == (450, 310, 310, 0, 0)
    assert balance(money, "2019-05-31") == (0, 420, 310, 0, 0, 110)

    # B stops with 100 paid, which comes back in two parts.
    make.stop(b.project, on="2019-07-01")
    assert to_recover(money, "2019-07-01") == {b.pk: (100, "Đã ngừng")}
    assert figures("2019-07-01") == (400, 310, 310, 0, 0)
    take_back(money, b, "2019-08-01", 60)
    assert to_recover(money, "2019-08-01") == {b.pk: (40, "Đã ngừng")}
    take_back(money, b, "2019-09-01", 40)
    assert (to_recover(money, "2019-09-01"), figures("2019-09-01")) == ({}, (300, 310, 210, 0, 0))
    assert balance(money, "2019-09-30") == (0, 420, 210, 0, 0, 210)

    # A is accepted for 280: the remainder of 70 is allowed, and no đồng more.
    make.accept(a, 280 * M, on="2019-10-15")
    assert payable(money, "2019-10-15") == {a.pk: (70, [])}
    assert pay(money, a, "2019-10-20", 70, step="thanh-toan").status_code == 302
    assert (payable(money, "2019-10-20"), RuleException.objects.count()) == ({}, 0)
    assert figures("2019-10-31") == (300, 310, 280, 280, 0)

    # Settled for 270: the 10 not allowed come back, and all that is left goes back to the budget.
    asked = {f"de_nghi_{make.source().pk}": "280 triệu"}
    settled = send(money, "settlement_new", a, party="beneficiary", settled_on="2019-11-15", vnd=270, **asked)
    assert settled.status_code == 302
    assert to_recover(money, "2019-11-15") == {a.pk: (10, "Chi vượt số quyết toán")}
    assert balance(money, "2019-11-15") == (0, 420, 280, 270, 0, 140)
    take_back(money, a, "2019-11-20", 10)
    assert to_recover(money, "2019-11-20") == {}
    refused = funder(money, "return_new", "2019-12-20", 151, national)
    assert refused.status_code == 422 and "nhiều hơn đã nhận 1.000.000 đồng" in text_of(refused)
    assert funder(money, "return_new", "2019-12-20", 150, national).status_code == 302
    assert figures("2019-12-31") == (300, 310, 270, 280, 270)
    assert balance(money, "2019-12-31") == (0, 420, 270, 270, 150, 0)
    check_pages_of_the_end(money, national)


def check_pages_of_the_end(money, national):
    """The Cục settles the same 270; the reconciliation, its workbooks and the đề án's own page say so, and 2020 opens
    with nothing."""
    send(money, "settlement_new", money.a, party="funder", settled_on="2020-01-15", submitted_on="30/10/2019", vnd=270)
    (contract,) = money.client.get(f"/doi-chieu/2019/?ngay={END}").context["nationals"]
    assert [figure.vnd // M for _, figure in contract.cells] == [300, 300, 270, 270]
    # The dossier on its last day; the contract was not liquidated by 22/1.
    assert [(due.tone, due.due_on) for due in contract.dues] == [
        ("done", make.day("2019-10-30")),
        ("late", make.day("2020-01-22")),
    ]
    assert (balance(money, END), balance(money, END, 2020)) == ((0, 420, 270, 270, 150, 0), (0,) * 6)
    (sheet,) = settlement_report(read_settlement(2019, make.day(END))).sheets
    total = sheet.tables[0].lines[-1].cells
    keys = ("requested_vnd", "settled_vnd", "disbursed_vnd", "to_get_vnd", "to_return_vnd")
    assert [total[key] // M for key in keys] == [280, 270, 270, 0, 0]
    assert "Đã quyết toán" in text_of(money.client.get(f"{money.a.get_absolute_url()}?ngay={END}"))
    assert "Ngừng triển khai" in text_of(money.client.get(f"{money.b.get_absolute_url()}?ngay={END}"))
