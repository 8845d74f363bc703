"""The accountant's page: what may be paid now and why, what is held up by which missing condition, worked by hand."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.models import Role
from funding.models import Activity
from projects import services
from projects.blocks import YearBlock
from projects.models import Acceptance, Project
from projects.payable import HELD, NO_CASH, NOW, Lacks, payables
from tests import factories as make
from tests.bulk import make_year
from tests.projects.pages import see, sums_of, text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
MAY, NOVEMBER = "2019-05-31", "2019-11-30"


@pytest.fixture
def received():
    make.make_plan(amount_vnd=5000 * M)
    make.receive(2000 * M)


def rows_on(day=MAY, **fields):
    block = YearBlock(year=2019, day=make.day(day), user=make.make_user(Role.ACCOUNTANT), **fields)
    return payables(block)


def only(day=MAY):
    (row,) = rows_on(day)
    return row


def held(row):
    return [(hold.lacks, hold.vnd and hold.vnd // M) for hold in row.holds]


# --- what may be paid, and why --------------------------------------------------------------------


def test_before_acceptance_the_share_of_the_rule_less_what_was_advanced(received):
    make.advance(make.make_signed_line(300 * M), 90 * M)
    row = only()
    assert row.reasons == ["70 % trước nghiệm thu: 210.000.000, đã tạm ứng 90.000.000, còn được chi 120.000.000"]
    assert row.conditions == ["hợp đồng và báo cáo khối lượng hoàn thành trên 70 % tổng vốn đầu tư"]
    assert (row.group, row.now_vnd, held(row)) == (NOW, 120 * M, [(Lacks.ACCEPTANCE, 90)])


def test_once_the_share_is_paid_the_rest_waits_for_the_acceptance(received):
    make.advance(make.make_signed_line(300 * M), 210 * M)
    row = only()
    assert (row.group, row.now_vnd, held(row)) == (HELD, 0, [(Lacks.ACCEPTANCE, 90)])
    assert row.reasons[0].endswith("không còn được chi")


def test_after_acceptance_the_remainder(received):
    line = make.make_signed_line(300 * M)
    make.advance(line, 210 * M)
    make.accept(line, 280 * M)
    row = only(NOVEMBER)
    assert row.reasons == [
        "Phần còn lại sau nghiệm thu ngày 15/10/2019: đã ký 300.000.000, nghiệm thu 280.000.000, "
        "đã chi 210.000.000, còn được chi 70.000.000"
    ]
    assert (row.now_vnd, row.holds, row.step) == (70 * M, [], "thanh-toan")


def test_an_infrastructure_of_clusters_gets_thirty_percent_and_a_new_enterprise_nothing_before(received):
    for code in ("HD22", "HD08"):
        make.make_signed_line(1000 * M, activity=Activity.objects.get(code=code))
    found = {row.line.activity.code: row for row in rows_on()}
    assert (found["HD22"].now_vnd, found["HD22"].held_vnd) == (300 * M, 700 * M)
    assert (found["HD08"].now_vnd, found["HD08"].reasons) == (0, ["Chỉ chi sau nghiệm thu: đã ký 1.000.000.000"])


def test_a_rule_nobody_confirmed_limits_nothing_and_is_said(received):
    make.make_signed_line(100 * M, activity=Activity.objects.get(code="HD12"))
    row = only()
    assert row.now_vnd == 100 * M
    assert "mức tạm ứng 70 % chưa xác minh nên không áp dụng" in row.reasons[0]


def test_what_is_paid_by_list_needs_no_contract(received):
    task = make.make_project(Project.Kind.TASK)
    line = make.make_line(task, has_contract=False)
    make.approve(line, 50 * M)
    make.pay(line, 20 * M, on="2019-05-02")
    row = only()
    assert row.reasons == ["Chi theo danh sách: được duyệt 50.000.000, đã chi 20.000.000, còn được chi 30.000.000"]
    assert (row.now_vnd, row.holds, row.step) == (30 * M, [], "thanh-toan")


def test_a_line_paid_in_full_is_not_listed(received):
    line = make.make_signed_line(100 * M)
    make.accept(line, 100 * M)
    make.pay(line, 100 * M)
    assert rows_on(NOVEMBER) == []


# --- what is held up, by what ---------------------------------------------------------------------


def test_without_a_contract_all_of_it_waits(received):
    line = make.make_approved_line(100 * M)
    row = only()
    assert (row.group, row.now_vnd, held(row)) == (HELD, 0, [(Lacks.CONTRACT, 100)])
    assert row.holds[0].url == f"/dong/{line.pk}/hop-dong/"


def test_a_part_of_a_group_waits_for_its_name(received):
    group = make.make_project(Project.Kind.GROUP, beneficiaries_expected=3)
    make.approve(make.make_line(group, beneficiary=None), 100 * M)
    assert held(only()) == [(Lacks.NAME, 100)]


def test_a_contract_pays_from_its_first_day_on(received):
    line = make.make_approved_line(100 * M)
    make.sign(line, 100 * M, starts_on=make.day("2019-06-01"))
    assert held(only(MAY)) == [(Lacks.START, 100)]
    assert only("2019-06-01").now_vnd == 70 * M


def test_an_acceptance_with_conditions_and_a_failed_one_leave_the_rest_held(received):
    line = make.make_signed_line(300 * M)
    make.accept(line, result=Acceptance.Result.FAILED, on="2019-09-01")
    assert held(only("2019-09-30")) == [(Lacks.PASS, 90)]
    make.accept(line, 300 * M, result=Acceptance.Result.CONDITIONAL, on="2019-10-01")
    row = only("2019-10-31")
    assert held(row) == [(Lacks.CONDITION, 90)]
    assert row.holds[0].text == "Nghiệm thu đạt có điều kiện ngày 01/10/2019, chưa có kết luận đạt"
    make.accept(line, None, on="2019-11-01")
    assert only(NOVEMBER).now_vnd == 300 * M


def test_a_stopped_line_pays_nothing_and_gives_back_what_it_has(received):
    untouched, advanced = make.make_signed_line(100 * M), make.make_signed_line(100 * M)
    make.advance(advanced, 40 * M)
    for line in (untouched, advanced):
        make.stop(line.project)
    row = only("2019-07-31")
    assert row.line == advanced and row.now_vnd == 0
    assert row.holds[0].text == "Đã ngừng triển khai, phải thu hồi 40.000.000"
    assert row.holds[0].url == f"/dong/{advanced.pk}/thu-hoi/"


def test_money_that_has_not_come_is_said_and_takes_nothing_from_what_the_rules_let_pay():
    make.make_plan()
    line = make.make_signed_line(300 * M)
    row = only()
    assert (row.group, row.now_vnd) == (NO_CASH, 210 * M)
    assert held(row) == [(Lacks.ACCEPTANCE, 90), (Lacks.CASH, 210)]
    assert row.held_vnd == 90 * M
    make.receive(100 * M)
    assert only().group == NOW
    make.advance(line, 100 * M)
    assert only().holds[-1].text == "Đã chi hết số nhận được: nhận 100.000.000, chi 100.000.000"


def test_of_two_sources_only_the_one_whose_money_has_not_come_waits(client):
    make.make_plan()
    make.make_plan(code="KCDP")
    line = make.make_approved_line(100 * M)
    make.approve(line, 300 * M, code="KCDP")
    services.sign_contract(
        kind="support",
        signed_on=make.SIGNED_ON,
        beneficiary=line.beneficiary,
        shares=[(line, make.source(), 100 * M), (line, make.source("KCDP"), 300 * M)],
    )
    make.receive(1000 * M, code="KCDP")
    assert (only().group, only().now_vnd) == (NOW, 280 * M)
    page = text_of(see(client, f"/chi-tra/?nam=2019&ngay={MAY}", make.make_user(Role.ACCOUNTANT)))
    assert "trong đó 70 chờ kinh phí về" in page


def test_of_provincial_money_receipts_are_asked_for_only_where_the_office_records_them():
    make.make_plan(code="KCDP")
    make.make_signed_line(100 * M, code="KCDP")
    assert only().group == NOW
    make.receive(1 * M, code="KCDP")
    make.give_back(1 * M, code="KCDP", on="2019-04-01")
    assert only().group == NO_CASH


# --- the page -------------------------------------------------------------------------------------


def test_the_page_says_why_leads_to_the_mending_and_adds_up_all_that_is_filtered(client, received):
    officer = make.make_user(full_name="Trần Thị Phụ Trách")
    mine = make.make_signed_line(300 * M, project=make.make_project(officer=officer))
    make.advance(mine, 90 * M)
    make.make_approved_line(100 * M)
    address = f"/chi-tra/?nam=2019&ngay={MAY}"
    page = see(client, address, make.make_user(Role.ACCOUNTANT))
    assert sums_of(page) == {"count": 2, "paid": 90 * M, "now": 120 * M, "held": 190 * M}
    assert "còn được chi 120.000.000" in text_of(page)
    assert f"/dong/{mine.pk}/chi/?loai=tam-ung" in page.content.decode()
    # Signing is the work of others: the condition is said, its form not offered.
    assert "Chưa có hợp đồng" in text_of(page) and "Ký hợp đồng</a>" not in page.content.decode()
    staff = see(client, address, make.make_user(Role.STAFF)).content.decode()
    assert "Ký hợp đồng</a>" in staff and 'name="dong"' not in staff
    narrowed = see(client, f"{address}&phu-trach={officer.pk}", make.make_user(Role.VIEWER))
    assert sums_of(narrowed) == {"count": 1, "paid": 90 * M, "now": 120 * M, "held": 90 * M}
    assert sums_of(see(client, f"{address}&nhom={HELD}"))["count"] == 1


def test_the_file_holds_the_rows_the_reasons_and_the_sums_of_the_page(client, received):
    make.advance(make.make_signed_line(300 * M), 90 * M)
    make.make_approved_line(100 * M)
    file = see(client, f"/chi-tra.xlsx?nam=2019&ngay={MAY}")
    rows = [row for row in load_workbook(BytesIO(file.content)).active.iter_rows(values_only=True) if row[0]]
    head = next(row for row in rows if row[0] == "Cơ sở, nội dung")
    first, second, sums = (dict(zip(head, row, strict=True)) for row in rows[rows.index(head) + 1 :])
    assert (first["Được chi ngay"], first["Còn vướng"], first["Vướng gì"]) == (120, 90, "Chưa nghiệm thu")
    assert first["Vì sao"].startswith("70 % trước nghiệm thu: 210.000.000")
    assert (second["Được chi ngay"], second["Còn vướng"], second["Vướng gì"]) == (0, 100, "Chưa có hợp đồng")
    assert (sums["Được chi ngay"], sums["Còn vướng"], sums["Đã giải ngân"]) == (120, 190, 90)


def test_the_old_address_still_finds_the_payments_it_was_asked_for(client, received):
    answer = see(client, "/chi-tra/?nam=2019&buoc=tam-ung")
    assert (answer.status_code, answer.url) == (302, "/chi-tra/da-chi/?nam=2019&buoc=tam-ung")


def test_as_many_queries_for_300_lines_as_for_3(query_count):
    block = YearBlock(year=2019, day=make.day("2019-10-15"), user=make.make_user(Role.ACCOUNTANT))
    make_year(3)
    few = query_count(lambda: payables(block))
    make_year(297, first=3)
    assert query_count(lambda: payables(block)) == few <= 10
