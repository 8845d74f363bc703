"""Repayable support: instalments agreed, put off, paid back in the order they fall due, overdue; worked by hand."""

import pytest

from accounts.models import Role
from khuyencong.errors import NeedsReason, NotAllowed
from projects import services
from projects.blocks import YearBlock
from projects.models import Instalment
from projects.payable import payables
from projects.repayable import repayments
from projects.waiting import PAYMENT, waiting_for
from tests import factories as make
from tests.projects.pages import see, text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
PLAN = [("2020-06-30", 100 * M), ("2021-06-30", 100 * M), ("2022-06-30", 100 * M)]


def agree(line, rows=PLAN, *, on="2019-03-20", **fields):
    rows = [(make.day(due), vnd) for due, vnd in rows]
    return services.set_instalments(line=line, source=make.source(), instalments=rows, set_on=make.day(on), **fields)


def on_day(day, line=None):
    rows = Instalment.objects.filter(line=line) if line else Instalment.objects.all()
    (found,) = repayments(rows, make.day(day))
    return found


def said(repayment):
    return [(due.paid_vnd // M, due.left_vnd // M, due.is_late) for due in repayment.dues]


@pytest.fixture
def accountant():
    return make.make_user(Role.ACCOUNTANT)


@pytest.fixture
def line():
    make.make_plan(amount_vnd=5000 * M)
    line = make.make_signed_line(300 * M)
    make.accept(line, 300 * M, on="2019-04-01")
    make.pay(line, 300 * M, on="2019-04-15")
    return line


def test_what_comes_back_pays_the_instalments_in_the_order_they_fall_due(line):
    agree(line)
    assert said(on_day("2020-06-30")) == [(0, 100, False), (0, 100, False), (0, 100, False)]
    make.recover(line, 60 * M, on="2020-06-15")
    late = on_day("2020-07-01")
    assert said(late) == [(60, 40, True), (0, 100, False), (0, 100, False)]
    assert (late.late_vnd, late.late_since, late.left_vnd) == (40 * M, make.day("2020-06-30"), 240 * M)
    make.recover(line, 140 * M, on="2020-07-05")
    assert said(on_day("2021-07-01")) == [(100, 0, False), (100, 0, False), (0, 100, False)]
    # The page of a past day keeps what was late on it.
    assert on_day("2020-07-01").late_vnd == 40 * M


def test_a_term_put_off_counts_from_the_day_that_was_agreed(line):
    first, *_ = agree(line)
    services.put_off_instalment(
        instalment=first, due_on=make.day("2020-12-31"), set_on=make.day("2020-07-10"), why="Dịch bệnh"
    )
    assert on_day("2020-07-09").late_vnd == 100 * M
    assert on_day("2020-07-10").late_vnd == 0
    assert on_day("2021-01-01").late_vnd == 100 * M
    with pytest.raises(NotAllowed, match="đã được đổi rồi"):
        services.put_off_instalment(
            instalment=first, due_on=make.day("2021-01-31"), set_on=make.day("2020-08-01"), why="Thử"
        )


def test_no_more_comes_back_than_was_signed_and_none_before_it_is_agreed(line):
    with pytest.raises(NotAllowed, match="vượt số đã ký 300.000.000"):
        agree(line, [("2020-06-30", 301 * M)])
    agree(line, PLAN[:2])
    with pytest.raises(NotAllowed, match="cộng lại 301.000.000"):
        agree(line, [("2022-06-30", 101 * M)])
    with pytest.raises(NotAllowed, match="trước ngày thỏa thuận"):
        agree(line, [("2019-03-19", 1 * M)])
    assert Instalment.objects.count() == 2


def test_what_is_agreed_later_counts_when_an_earlier_paper_comes_in(line):
    agree(line, on="2019-06-01")
    with pytest.raises(NotAllowed, match="cộng lại 600.000.000 đồng, vượt số đã ký 300.000.000"):
        agree(line, on="2019-05-01")
    assert Instalment.objects.count() == len(PLAN)


def test_a_row_taken_out_does_not_leave_more_planned_than_was_signed(line, accountant):
    (first,) = agree(line, [("2020-06-30", 300 * M)])
    put_off = services.put_off_instalment(
        instalment=first,
        due_on=make.day("2020-12-31"),
        set_on=make.day("2019-07-10"),
        amount_vnd=100 * M,
        why="Giảm phần hoàn trả",
    )
    agree(line, [("2021-06-30", 200 * M)], on="2019-08-01")
    with pytest.raises(NotAllowed, match="cộng lại 500.000.000 đồng"):
        services.remove_instalment(instalment=put_off, by=accountant)


def test_what_came_back_is_not_proposed_to_be_paid_again(line):
    block = YearBlock(year=2019, day=make.day("2020-12-31"), user=make.make_user())
    agree(line)
    make.recover(line, 100 * M, on="2020-06-15")
    assert payables(block) == [] and waiting_for(PAYMENT, block) == []


def test_what_came_back_before_the_agreement_was_no_repayment(line):
    make.recover(line, 50 * M, on="2019-05-02")
    agree(line, PLAN[:2], on="2019-06-01")
    assert on_day("2019-12-31").paid_vnd == 0


def test_a_closed_period_asks_for_a_reason_and_an_author_is_kept(line, accountant):
    make.close_period("2019-03-01", "2019-03-31")
    with pytest.raises(NeedsReason):
        agree(line, by=accountant)
    row, *_ = agree(line, by=accountant, reason="Hợp đồng về muộn")
    assert row.history.get().history_user == accountant


# --- the pages ------------------------------------------------------------------------------------


def test_an_accountant_sets_the_instalments_and_records_one_that_came_back(client, accountant, line):
    client.force_login(accountant)
    address = f"/dong/{line.pk}/hoan-tra/"
    assert client.get(address).status_code == 200
    rows = {"ky-moi0-due_on": "30/06/2020", "ky-moi0-amount_vnd": "100 triệu"}
    rows |= {"ky-moi1-due_on": "30/06/2021", "ky-moi1-amount_vnd": "200tr", "ky-TOTAL_FORMS": "3"}
    head = {"source": make.source().pk, "set_on": "20/03/2019"}
    answer = client.post(address, {**head, **rows})
    assert answer.url == f"{line.project.get_absolute_url()}#hoan-tra"
    page = text_of(client.get(line.project.get_absolute_url()))
    assert "Hoàn trả" in page and "Quá hạn" in page
    form = client.get(f"/dong/{line.pk}/thu-hoi/").context["form"]
    assert form[f"tien_{make.source().pk}"].value() == "300.000.000"
    empty = client.post(address, {**head, "ky-TOTAL_FORMS": "0"})
    assert empty.status_code == 422 and "Chưa nhập kỳ nào" in text_of(empty)


def test_a_term_is_put_off_and_taken_out_on_pages(client, accountant, line):
    first, *_ = agree(line)
    client.force_login(accountant)
    typed = {"due_on": "31/12/2020", "amount_vnd": "100tr", "set_on": "01/07/2020", "why": "Dịch bệnh"}
    assert client.post(f"/hoan-tra/{first.pk}/doi/", typed).status_code == 302
    assert client.get(f"/hoan-tra/{first.pk}/doi/").status_code == 422
    newer = first.replaced_by
    assert client.post(f"/hoan-tra/{newer.pk}/xoa/", {"why": "Nhập nhầm"}).status_code == 302
    assert client.get(f"/hoan-tra/{first.pk}/doi/").status_code == 200


def test_what_is_overdue_stands_on_the_accountants_page_whatever_its_year(client, accountant, line):
    agree(line)
    page = text_of(see(client, "/chi-tra/?nam=2020&ngay=2020-07-01", accountant))
    assert "Hoàn trả quá hạn mọi năm kế hoạch, cộng 100" in page and str(line.beneficiary) in page
    assert "Hoàn trả quá hạn" not in text_of(see(client, "/chi-tra/?nam=2020&ngay=2020-06-30", accountant))
    assert "Hoàn trả quá hạn" not in text_of(see(client, "/chi-tra/?nam=2020&ngay=2020-07-01&nguon=KCDP", accountant))
