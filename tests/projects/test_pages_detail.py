"""The page of a đề án: steps, money, lines, milestones, events and history, as of any day."""

import pytest

from accounts.models import Role
from projects.models import Acceptance, Difficulty, Project, ProjectDecision, Settlement, SiteVisit
from projects.services import (
    complete_milestone,
    liquidate_contract,
    name_beneficiary,
    postpone_milestone,
    set_milestone,
)
from tests import factories as make
from tests.projects.pages import see, text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
Kind = ProjectDecision.Kind


@pytest.fixture
def line():
    """One line from registration to settlement in 2019."""
    make.make_plan(code="KCDP", amount_vnd=2000 * M)
    project = make.make_project(code="A-1", name="Hỗ trợ máy sấy chè")
    line = make.make_line(project, joined_on="2018-06-01", beneficiary=make.make_beneficiary("HTX Chè Suối Giàng"))
    paper = make.decide(project, Kind.REGISTERED, on="2018-06-01", number="")
    make.services.request_support(line=line, source=make.source("KCDP"), amount_vnd=200 * M, decision=paper)
    make.decide(project, Kind.APPRAISED_BASE, on="2018-07-01", number="")
    make.approve(line, 200 * M, code="KCDP", decision=make.decide(project, on="2019-03-01", number="12/QĐ-SCT"))
    make.approve(line, 300 * M, code="DOIUNG", decision=ProjectDecision.objects.get(number="12/QĐ-SCT"))
    make.sign(line, 200 * M, code="KCDP", number="08/HĐ-KC", ends_on=make.day("2019-10-30"))
    make.advance(line, 140 * M, code="KCDP", voucher="UNC 118")
    make.accept(line, 200 * M, code="KCDP", minutes_number="03/BB", jobs=6)
    make.settle(line, 200 * M, code="KCDP")
    return line


def page(client, line, day, user=None, more=""):
    return see(client, f"/de-an/{line.project_id}/?ngay={day}{more}", user)


def steps_of(answer):
    return [(rung.name, rung.css) for rung in answer.context["rungs"]]


def events_of(answer):
    return [event.text for event in answer.context["events"]]


def test_the_steps_stand_where_the_day_stands(client, line):
    assert steps_of(page(client, line, "2018-06-30"))[:3] == [
        ("Đăng ký", "ok"),
        ("Thẩm định", "now"),
        ("Phê duyệt", ""),
    ]
    assert steps_of(page(client, line, "2019-04-30")) == [
        ("Đăng ký", "ok"),
        ("Thẩm định", "ok"),
        ("Phê duyệt", "ok"),
        ("Ký hợp đồng", "ok"),
        ("Đang thực hiện", "now"),
        ("Nghiệm thu", ""),
        ("Quyết toán", ""),
    ]
    assert {css for _, css in steps_of(page(client, line, "2019-12-31"))} == {"ok"}
    assert "01/03/2019 · 12/QĐ-SCT" in text_of(page(client, line, "2019-04-30"))


def test_the_money_card_is_of_the_day(client, line):
    money = page(client, line, "2019-04-30").context["money"]
    total = money.total
    assert (total.approved_vnd, total.contracted_vnd, total.disbursed_vnd) == (200 * M, 200 * M, 140 * M)
    assert (total.left_vnd, money.counterpart_vnd, money.total_cost_vnd) == (60 * M, 300 * M, 500 * M)
    assert "70,00 % kinh phí được duyệt" in text_of(page(client, line, "2019-04-30"))
    early = page(client, line, "2019-03-10").context["money"]
    assert (early.total.contracted_vnd, early.total.disbursed_vnd) == (0, 0)


def test_everything_that_happened_is_told_with_its_paper_and_nothing_later(client, line):
    assert events_of(page(client, line, "2019-12-31")) == [
        "Quyết toán với HTX Chè Suối Giàng, 200 triệu đồng Khuyến công địa phương",
        "Nghiệm thu tại HTX Chè Suối Giàng: đạt, biên bản số 03/BB, "
        "200 triệu đồng Khuyến công địa phương, tăng 6 lao động",
        "Tạm ứng 140 triệu đồng Khuyến công địa phương cho HTX Chè Suối Giàng, chứng từ UNC 118",
        "Ký hợp đồng số 08/HĐ-KC với HTX Chè Suối Giàng; 200 triệu đồng Khuyến công địa phương",
        "Phê duyệt, số 12/QĐ-SCT; 200 triệu đồng Khuyến công địa phương, 300 triệu đồng vốn đối ứng",
        "Thẩm định cấp cơ sở",
        "Đăng ký; 200 triệu đồng Khuyến công địa phương",
    ]
    assert len(events_of(page(client, line, "2019-03-01"))) == 3
    assert "08/HĐ-KC" not in text_of(page(client, line, "2019-03-01"))


def test_a_stop_halts_the_steps_and_gives_its_reason(client):
    make.make_plan(code="KCDP")
    line = make.make_signed_line(100 * M, code="KCDP")
    make.stop(line.project, reason="Cơ sở không đủ vốn", number="9/QĐ-STOP")
    answer = page(client, line, "2019-12-31")
    assert steps_of(answer)[-1] == ("Ngừng triển khai", "halt")
    row = answer.context["lines"][0]
    assert row.gone and row.why == "Ngừng từ 01/07/2019: Cơ sở không đủ vốn"
    assert any("−100 triệu đồng" in text and "9/QĐ-STOP" in text for text in events_of(answer))
    assert steps_of(page(client, line, "2019-06-30"))[-1] == ("Quyết toán", "")


def test_a_group_tells_who_was_chosen_and_greys_the_unnamed_line(client):
    make.make_plan(code="KCQG", amount_vnd=900 * M)
    group = make.make_project(Project.Kind.GROUP, beneficiaries_expected=2)
    unnamed = make.make_approved_line(600 * M, project=group, beneficiary=None)
    paper = make.decide(group, Kind.GROUP_APPROVED, on="2019-03-20", number="20/QĐ")
    for name in ("Cơ sở Một", "Cơ sở Hai"):
        owner, amounts = make.make_beneficiary(name), {make.source("KCQG"): 300 * M}
        name_beneficiary(line=unnamed, beneficiary=owner, amounts=amounts, decision=paper)
    answer = page(client, unnamed, "2019-12-31")
    assert [(row.name, row.gone) for row in answer.context["lines"]] == [
        ("Cơ sở Một", False),
        ("Cơ sở Hai", False),
        ("Phần chưa chọn cơ sở", True),
    ]
    assert "Chọn cơ sở thụ hưởng: Cơ sở Một" in events_of(answer)
    assert ("Ký hợp đồng 0/2", "now") in steps_of(answer)


def test_milestones_show_their_days_and_how_often_they_moved(client):
    make.make_plan(code="KCDP")
    line = make.make_signed_line(100 * M, code="KCDP")
    due, set_on = make.day("2019-06-30"), make.day("2019-03-20")
    done = set_milestone(project=line.project, line=line, name="Mua máy", due_on=due, set_on=set_on)
    complete_milestone(milestone=done, done_on=make.day("2019-06-20"))
    moved = set_milestone(project=line.project, line=line, name="Lắp đặt", due_on=due, set_on=set_on)
    postpone_milestone(
        milestone=moved, due_on=make.day("2019-07-31"), set_on=make.day("2019-06-25"), reason="Máy về chậm"
    )
    rows = {row.milestone.name: row for row in page(client, line, "2019-08-03").context["milestones"]}
    assert (rows["Mua máy"].when, rows["Mua máy"].note) == ("20/06/2019", "sớm 10 ngày")
    assert rows["Lắp đặt"].state == "Quá hạn 3 ngày"
    assert rows["Lắp đặt"].postponed == "dời 1 lần, hạn đầu 30/06/2019"
    early = {row.milestone.name: row for row in page(client, line, "2019-06-01").context["milestones"]}
    assert (early["Mua máy"].state, early["Lắp đặt"].postponed) == ("Còn 29 ngày", "")


def test_difficulties_visits_annexes_and_liquidation_are_told(client):
    make.make_plan(code="KCDP")
    line = make.make_signed_line(100 * M, code="KCDP")
    contract = line.contracts.get()
    make.annex(contract, line, None, on="2019-06-01", ends_on=make.day("2019-12-01"), number="01", reason="Máy về chậm")
    liquidate_contract(contract=contract, on=make.day("2019-12-20"), number="5/TL")
    Difficulty.objects.create(project=line.project, description="Thiếu điện", raised_on="2019-06-05", outcome="Đã có")
    Difficulty.objects.update(closed_on="2019-06-30")
    SiteVisit.objects.create(project=line.project, kind="check", visited_on="2019-06-10", findings="Đã lắp máy")
    make.accept(line, None, code="KCDP", on="2019-09-01", result=Acceptance.Result.FAILED)
    told = events_of(page(client, line, "2019-12-31"))
    assert f"Thanh lý hợp đồng {contract}, biên bản số 5/TL" in told
    assert f"Ký phụ lục số 01 của hợp đồng {contract}; kết thúc ngày 01/12/2019; lý do: Máy về chậm" in told
    assert "Vướng mắc: Thiếu điện" in told and "Giải quyết xong: Thiếu điện; Đã có" in told
    assert "Kiểm tra, giám sát: Đã lắp máy" in told
    assert any(text.endswith("không đạt") for text in told)
    assert "Giải quyết xong" not in text_of(page(client, line, "2019-06-29"))


def test_history_says_who_changed_what_from_what_to_what(client, line):
    writer = make.make_user(full_name="Nguyễn Văn Thử")
    line.project._history_user = writer
    line.project._change_reason = "Sửa lỗi gõ"
    line.project.name = "Hỗ trợ máy sao chè"
    line.project.save()
    assert "Hỗ trợ máy sao" in text_of(page(client, line, "2019-12-31"))
    assert page(client, line, "2019-12-31").context["history"] is None
    newest = page(client, line, "2019-12-31", more="&lichsu=1").context["history"][0]
    assert newest.text == "Sửa đề án A-1: tên đề án từ “Hỗ trợ máy sấy chè” thành “Hỗ trợ máy sao chè”"
    assert (newest.who, newest.reason) == ("Nguyễn Văn Thử", "Sửa lỗi gõ")


def test_a_local_officer_reads_his_own_lines_alone_and_no_other_de_an(client):
    make.make_plan(code="KCDP")
    mine, other = make.make_locality(), make.make_locality()
    group = make.make_project(Project.Kind.GROUP)
    own = make.make_approved_line(100 * M, code="KCDP", project=group, locality=mine)
    make.make_approved_line(70 * M, code="KCDP", project=group, locality=other, beneficiary=make.make_beneficiary("Lạ"))
    foreign = make.make_approved_line(50 * M, code="KCDP", locality=other)
    officer = make.make_user(Role.LOCAL, localities=[mine])
    answer = page(client, own, "2019-12-31", officer, more="&lichsu=1")
    assert answer.context["money"].total.approved_vnd == 100 * M
    assert "Lạ" not in text_of(answer) and "chỉ có số liệu thuộc địa bàn" in text_of(answer)
    assert page(client, foreign, "2019-12-31", officer).status_code == 404


def test_a_name_is_the_one_of_the_day(client, line):
    line.beneficiary.former_names.create(name="HTX Chè Cũ", used_until="2019-06-30")
    assert "HTX Chè Cũ" in text_of(page(client, line, "2019-05-31"))
    assert "HTX Chè Cũ" not in text_of(page(client, line, "2019-12-31"))


def test_the_page_asks_as_many_questions_for_many_lines_as_for_one(client, line, query_count):
    make.make_plan(code="KCQG", amount_vnd=9000 * M)
    client.force_login(make.make_user())
    address = f"/de-an/{line.project_id}/?ngay=2019-12-31"
    few, few_more = query_count(lambda: client.get(address)), query_count(lambda: client.get(f"{address}&lichsu=1"))
    for _ in range(10):
        another = make.make_signed_line(project=line.project)
        make.advance(another, 100 * M)
        make.accept(another, 300 * M)
    assert query_count(lambda: client.get(address)) == few <= 23
    assert query_count(lambda: client.get(f"{address}&lichsu=1")) <= few_more + 3


def test_a_settlement_with_the_funder_is_none_with_the_beneficiary(client):
    make.make_plan(code="KCDP")
    line = make.make_signed_line(100 * M, code="KCDP")
    make.accept(line, 100 * M, code="KCDP")
    make.settle(line, 100 * M, code="KCDP", party=Settlement.Party.FUNDER)
    answer = page(client, line, "2019-12-31")
    assert answer.context["lines"][0].settled_on is None
    assert [(rung.text, rung.css) for rung in answer.context["rungs"]][-1] == ("", "now")
    assert events_of(answer)[0].startswith("Quyết toán với cơ quan cấp kinh phí")


def test_a_local_officer_reads_no_name_of_the_other_district_that_a_line_of_his_replaces(client):
    make.make_plan(code="KCDP")
    mine, other = make.make_locality(), make.make_locality()
    old = make.make_approved_line(100 * M, code="KCDP", locality=other, beneficiary=make.make_beneficiary("Đá Bạch Mã"))
    paper = make.decide(old.project, Kind.ADJUSTED, on="2019-06-01")
    heir = make.make_beneficiary("Gỗ Trường Phát")
    make.services.replace_beneficiary(line=old, beneficiary=heir, decision=paper, locality=mine)
    told = page(client, old, "2019-12-31", make.make_user(Role.LOCAL, localities=[mine]))
    assert "Gỗ Trường Phát thay cho một cơ sở ở địa bàn khác" in events_of(told)
    assert "Bạch Mã" not in text_of(told)
    assert "Gỗ Trường Phát thay cho Đá Bạch Mã" in events_of(page(client, old, "2019-12-31"))
