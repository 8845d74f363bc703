"""Rules that warn and ask for a reason: what each says, with its calculation, and where the reason is kept."""

from datetime import date

import pytest
from django.core.management import call_command

from accounts.models import Role
from funding.models import Activity, Level, SupportNorm
from khuyencong.errors import NeedsReason
from places.models import Level as PlaceLevel
from projects import services
from projects.demo.removal import remove_demo
from projects.models import DemoMark, Project, ProjectDecision, Rule, RuleException, Step
from projects.rules import (
    RuleWarning,
    annex_warnings,
    approval_warnings,
    outcome_warnings,
    payment_warnings,
)
from projects.workbook.changes import KINDS
from tests.factories import (
    ACCEPTED_ON,
    APPROVED_ON,
    MILLION,
    accept,
    advance,
    annex,
    approve,
    decide,
    make_approved_line,
    make_beneficiary,
    make_line,
    make_locality,
    make_plan,
    make_project,
    make_signed_line,
    make_user,
    recover,
    sign,
    source,
)
from tests.projects.workbooks import import_rows
from tests.projects.workbooks import row as file_row

pytestmark = pytest.mark.django_db
MAY = date(2019, 5, 1)


def asked(line, on=APPROVED_ON, **millions):
    """What approving so many million of each source (None: not known) goes against."""
    amounts = {source(code): vnd if vnd is None else vnd * MILLION for code, vnd in millions.items()}
    return approval_warnings(line, amounts, on)


def rules(warnings):
    return [warning.rule for warning in warnings]


@pytest.fixture
def planned(db):
    for code in ("KCQG", "KCDP"):
        make_plan(code=code, amount_vnd=9000 * MILLION)


# --- approving ------------------------------------------------------------------------------------


def test_support_within_its_norm_and_plan_warns_of_nothing(planned):
    assert asked(make_line(), KCQG=300, DOIUNG=300) == []


def test_support_over_the_ceiling_is_told_with_its_calculation(planned):
    (found,) = asked(make_line(), KCQG=350, DOIUNG=450)
    assert found.rule == Rule.OVER_NORM
    assert "350.000.000" in found.message and "50.000.000" in found.message and "Khuyến công quốc gia" in found.message
    assert found.steps[:3] == (
        "50 % × 800.000.000 = 400.000.000",
        "mức tối đa 300.000.000 đồng cho một cơ sở",
        "được hỗ trợ tối đa 300.000.000; đề nghị 350.000.000, vượt 50.000.000",
    )
    assert found.legal_basis == "Thông tư 28/2018/TT-BTC, Điều 8 khoản 4"


def test_the_day_of_the_decision_chooses_the_norm():
    line = make_line(plan_year=2018)
    for code in ("KCQG",):
        make_plan(2018, code, 9000 * MILLION, on="2018-01-01")
    assert rules(asked(line, date(2018, 5, 10), KCQG=250, DOIUNG=400)) == [Rule.OVER_NORM]
    assert asked(line, date(2018, 5, 11), KCQG=250, DOIUNG=400) == []


def test_what_was_approved_before_counts_along(planned):
    line = make_approved_line(200 * MILLION)
    approve(line, 500 * MILLION, code="DOIUNG")
    assert asked(line, KCQG=100) == []
    assert rules(asked(line, KCQG=101)) == [Rule.OVER_NORM]


def test_a_cut_that_stays_over_the_norm_is_not_told_again(planned):
    line = make_approved_line(400 * MILLION)
    approve(line, 500 * MILLION, code="DOIUNG")
    assert asked(line, KCQG=-50) == []


def test_a_group_not_named_yet_is_measured_by_as_many_as_it_expects(planned):
    project = make_project(Project.Kind.GROUP, beneficiaries_expected=3)
    line = make_line(project, beneficiary=None)
    assert asked(line, KCQG=900, DOIUNG=900) == []
    (found,) = asked(line, KCQG=910, DOIUNG=990)
    assert "3 cơ sở × 300.000.000 = 900.000.000" in found.steps
    decide(project, ProjectDecision.Kind.ADJUSTED, beneficiaries_expected=2)
    assert rules(asked(line, KCQG=900, DOIUNG=900)) == [Rule.OVER_NORM]


def test_local_money_over_half_of_the_cost_is_shown_beside_the_national_percent(planned):
    (found,) = asked(make_line(), KCDP=400, DOIUNG=200)
    assert found.rule == Rule.OVER_HALF_OF_COST
    assert found.message == "Kinh phí hỗ trợ 400.000.000 đồng vượt 50 % tổng chi phí, quá 100.000.000 đồng."
    assert found.steps[0] == "50 % × 600.000.000 = 300.000.000"
    assert "chưa được khai báo" in found.steps[-1]
    assert "không bắt buộc với kinh phí địa phương" in found.legal_basis


def test_a_norm_of_the_province_takes_the_place_of_the_national_percent(planned):
    SupportNorm.objects.create(
        code="T04",
        name="Máy móc thiết bị",
        activity=Activity.objects.get(code="HD10"),
        level=Level.PROVINCE,
        percent_max=40,
        legal_basis="Quyết định thử",
        valid_from=date(2019, 1, 1),
        is_verified=True,
    )
    (found,) = asked(make_line(), KCDP=300, DOIUNG=300)
    assert (found.rule, found.legal_basis) == (Rule.OVER_NORM, "Quyết định thử")
    assert found.steps[0] == "40 % × 600.000.000 = 240.000.000"


def test_two_sources_within_their_norms_may_exceed_half_of_the_cost_together(planned):
    (found,) = asked(make_line(), KCQG=250, KCDP=100, DOIUNG=150)
    assert found.rule == Rule.OVER_HALF_OF_COST
    assert found.steps[-1] == "được hỗ trợ tối đa 250.000.000; đề nghị 350.000.000, vượt 100.000.000"


def test_an_undeclared_counterpart_is_told(planned):
    line = make_line()
    assert rules(asked(line, KCQG=100)) == [Rule.NO_COUNTERPART]
    line.stated_total_vnd = 300 * MILLION
    assert asked(line, KCQG=100) == []


def test_a_task_needs_no_counterpart(planned):
    line = make_line(make_project(Project.Kind.TASK))
    assert asked(line, KCQG=100) == []


def test_a_source_without_a_plan_yet_is_told_in_the_words_of_the_service():
    line = make_line()
    (found,) = asked(line, KCQG=100, DOIUNG=100)
    assert found.rule == Rule.NO_PLAN
    assert found.message == approve(line, 100 * MILLION).warning


def test_a_cut_below_what_is_paid_is_told_in_the_words_of_the_service(planned):
    line = make_signed_line()
    advance(line, 200 * MILLION)
    (found,) = asked(line, MAY, KCQG=-200)
    assert found.rule == Rule.BELOW_PAID
    assert found.message == approve(line, -200 * MILLION, on=MAY).warning


def test_an_unknown_amount_is_measured_against_nothing(planned):
    assert asked(make_line(), KCQG=None, DOIUNG=100) == []


def test_as_many_queries_for_two_sources_as_for_four(planned, query_count):
    few, many = make_line(), make_line()
    for code in ("KCQG", "KCDP", "KCH", "DOIUNG"):
        approve(many, 400 * MILLION, code=code)
    one = query_count(lambda: asked(few, KCQG=350, DOIUNG=450))
    amounts = {source(code): 400 * MILLION for code in ("KCQG", "KCDP", "KCH", "DOIUNG")}
    assert query_count(lambda: approval_warnings(many, amounts, MAY)) <= one - 1


# --- paying ---------------------------------------------------------------------------------------


def paying(line, millions, step=Step.ADVANCED, on=MAY, code="KCQG"):
    return payment_warnings(line, source(code), millions * MILLION, step, on)


def test_before_acceptance_seventy_percent_may_be_paid_and_no_more():
    line = make_signed_line()
    assert paying(line, 210) == []
    (found,) = payment_warnings(line, source(), 210 * MILLION + 1, Step.PAID, MAY)
    assert found.rule == Rule.EARLY_PAYMENT
    assert found.steps == (
        "70 % × số đã ký 300.000.000 = 210.000.000",
        "đã chi 0 + lần này 210.000.001 = 210.000.001, vượt 1",
    )
    assert "Thông tư 36/2013/TT-BCT, Điều 13" in found.legal_basis
    assert "26/2014" not in found.legal_basis


def test_what_was_paid_before_counts_along_and_what_came_back_does_not():
    line = make_signed_line()
    advance(line, 200 * MILLION)
    assert rules(paying(line, 11)) == [Rule.EARLY_PAYMENT]
    recover(line, 100 * MILLION, on="2019-04-20")
    assert paying(line, 110) == []


def test_after_acceptance_the_remainder_may_be_paid():
    line = make_signed_line()
    accept(line, 300 * MILLION)
    assert paying(line, 300, on=ACCEPTED_ON) == []
    assert rules(paying(line, 300)) == [Rule.EARLY_PAYMENT]


def test_a_failed_acceptance_opens_no_remainder():
    line = make_signed_line()
    accept(line, result="failed", on="2019-04-20")
    assert rules(paying(line, 300)) == [Rule.EARLY_PAYMENT]


def test_infrastructure_of_a_cluster_gets_thirty_percent_before_acceptance():
    line = make_signed_line(1000 * MILLION, activity=Activity.objects.get(code="HD22"))
    assert paying(line, 300) == []
    assert rules(paying(line, 301)) == [Rule.EARLY_PAYMENT]


def test_the_circular_of_2014_is_named_while_it_was_in_force():
    line = make_line(plan_year=2018)
    approve(line, 100 * MILLION, on="2018-03-01")
    sign(line, 100 * MILLION, on="2018-03-15")
    (found,) = paying(line, 80, on=date(2018, 5, 10))
    assert found.legal_basis.startswith("Thông tư liên tịch 26/2014/TTLT-BTC-BCT, Điều 8 khoản 2 điểm b; ")


def test_a_payment_by_list_is_no_advance():
    line = make_approved_line(100 * MILLION, has_contract=False)
    assert paying(line, 100) == []


# --- accepting, settling, annexes -----------------------------------------------------------------


def test_accepting_more_than_is_signed_is_told_in_the_words_of_the_service():
    line = make_signed_line()
    (found,) = outcome_warnings(line, {source(): 310 * MILLION}, step=Step.ACCEPTED, on=ACCEPTED_ON)
    assert found.rule == Rule.OUTCOME_ABOVE_SIGNED
    assert found.steps[-1] == "đã nghiệm thu 0 + lần này 310.000.000 = 310.000.000, vượt 10.000.000"
    assert [found.message] == accept(line, 310 * MILLION).warnings


def test_an_annex_below_what_was_paid_is_told_in_the_words_of_the_service():
    line = make_approved_line()
    contract = sign(line, 300 * MILLION)
    advance(line, 200 * MILLION)
    (found,) = annex_warnings(contract, [(line, source(), -150 * MILLION)], MAY)
    assert found.rule == Rule.BELOW_PAID
    assert found.steps == ("số ký sau phụ lục = 150.000.000", "đã chi 200.000.000, phải thu hồi 50.000.000")
    assert [found.message] == annex(contract, line, -150 * MILLION, on=MAY).warnings


# --- the reason -----------------------------------------------------------------------------------

WARNING = RuleWarning(Rule.OVER_NORM, "Vượt mức.", ("50 % × 600 = 300", "vượt 50"), "Thông tư thử")


def kept(line, *, warnings=(WARNING,), on=APPROVED_ON, reason="Tỉnh duyệt riêng", by=None):
    return services.keep_exceptions(line=line, warnings=warnings, on=on, reason=reason, by=by or make_user())


def test_an_exception_keeps_what_was_told_and_why():
    line = make_line()
    by = make_user()
    (row,) = kept(line, by=by)
    row = RuleException.objects.get()
    assert (row.project, row.line, row.rule, row.on) == (line.project, line, Rule.OVER_NORM, APPROVED_ON)
    assert (row.message, row.steps) == ("Vượt mức.", ["50 % × 600 = 300", "vượt 50"])
    assert (row.legal_basis, row.reason, row.by) == ("Thông tư thử", "Tỉnh duyệt riêng", by)


def test_a_long_reason_is_kept_whole_in_the_row_and_its_history():
    reason = "Theo chỉ đạo của Ủy ban nhân dân tỉnh. " * 10
    (row,) = kept(make_line(), reason=reason)
    assert (row.reason, row.history.get().history_change_reason) == (reason.strip(), reason)


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_kept(reason):
    with pytest.raises(NeedsReason) as refusal:
        kept(make_line(), reason=reason)
    assert refusal.value.warnings == [WARNING]
    assert not RuleException.objects.exists()


def test_a_plain_sentence_is_kept_too():
    project = make_project()
    services.keep_exceptions(project=project, warnings=["Kế hoạch."], on=MAY, reason="Lý do", by=None)
    row = RuleException.objects.get()
    assert (row.rule, row.message, row.line, row.project) == (Rule.OTHER, "Kế hoạch.", None, project)


def test_nothing_told_needs_no_reason():
    assert kept(make_line(), warnings=[], reason="") == []


def test_the_page_of_the_project_shows_it_from_its_day_on(client):
    line = make_approved_line()
    kept(line, on=MAY, by=make_user(full_name="Nguyễn Văn An"))
    client.force_login(make_user(Role.VIEWER))
    address = line.project.get_absolute_url()
    page = client.get(f"{address}?ngay=2019-05-01").content.decode()
    for said in ("Ngoại lệ đã ghi lý do", "Vượt mức hỗ trợ", "50 % × 600 = 300", "Tỉnh duyệt riêng", "Thông tư thử"):
        assert said in page
    assert "Ngoại lệ" not in client.get(f"{address}?ngay=2019-04-30").content.decode()


def test_a_local_officer_sees_those_of_his_places_alone(client):
    here, there = make_locality(level=PlaceLevel.DISTRICT), make_locality(level=PlaceLevel.DISTRICT)
    project = make_project(Project.Kind.GROUP)
    mine, other = (make_line(project, locality=each) for each in (here, there))
    for line in (mine, other):
        kept(line, reason=f"Lý do của {line.pk}")
    services.keep_exceptions(project=make_project(), warnings=[WARNING], on=MAY, reason="Khác", by=None)
    officer = make_user(Role.LOCAL, localities=[here])
    assert [row.line for row in RuleException.objects.visible_to(officer)] == [mine]
    assert RuleException.objects.visible_to(make_user()).count() == 3
    client.force_login(officer)
    page = client.get(f"{project.get_absolute_url()}?ngay=2019-05-01").content.decode()
    assert f"Lý do của {mine.pk}" in page and f"Lý do của {other.pk}" not in page


def test_exceptions_of_the_demonstration_are_taken_out_with_it():
    call_command("demo", verbosity=0)
    (shown,) = RuleException.objects.all()
    assert shown.message == "Kinh phí hỗ trợ 120.000.000 đồng vượt 50 % tổng chi phí, quá 20.000.000 đồng."
    line = make_line(beneficiary=make_beneficiary())
    kept(line)
    remove_demo()
    assert [row.line for row in RuleException.objects.all()] == [line]
    assert not DemoMark.objects.filter(model="projects.ruleexception").exists()


# --- an import ------------------------------------------------------------------------------------

MACHINES = "Chuyển giao công nghệ, ứng dụng máy móc thiết bị tiên tiến, tiến bộ KHKT"


def over(code="KC-01", **cells):
    """A row of national money 50 million over its norm; amounts in đồng."""
    told = {"Kinh_phí_hỗ_trợ": 350 * MILLION, "Tổng_kinh_phí": 800 * MILLION, "Nội_dung_hoạt_động": MACHINES}
    names = {"Nguồn_kinh_phí": "KCQG", "Cơ_sở_thụ_hưởng": f"Công ty {code}"}
    return file_row(code, **{**names, **told, **cells})


def test_an_import_tells_and_keeps_what_is_over_the_norm_with_the_files_name(tmp_path):
    by = make_user()
    result = import_rows(tmp_path, [over()], user=by)
    assert result.errors == []
    (told,) = [warning for warning in result.warnings if "vượt mức hỗ trợ" in warning]
    assert told.startswith("Trang Đề án, dòng 2: ") and "tep.xlsx" in told
    row = RuleException.objects.get()
    assert (row.rule, row.reason, row.by, row.on) == (Rule.OVER_NORM, "tep.xlsx", by, APPROVED_ON)
    assert "vượt 50.000.000" in row.calculation and row.line.project.code == "KC-01"
    assert "rule_exceptions" not in str(result.counts) and set(result.counts["created"]) == set(KINDS)


def test_importing_again_keeps_nothing_more(tmp_path):
    for _ in range(2):
        result = import_rows(tmp_path, [over()])
    assert not any("vượt" in warning for warning in result.warnings)
    assert RuleException.objects.count() == 1


def test_a_rise_in_a_later_file_is_told_then(tmp_path):
    import_rows(tmp_path, [over(Kinh_phí_hỗ_trợ=300 * MILLION)])
    assert not RuleException.objects.exists()
    import_rows(tmp_path, [over()])
    assert RuleException.objects.get().rule == Rule.OVER_NORM


def test_an_amount_filled_in_later_is_told_then(tmp_path):
    import_rows(tmp_path, [over(Kinh_phí_hỗ_trợ=None)])
    import_rows(tmp_path, [over()])
    assert RuleException.objects.get().rule == Rule.OVER_NORM


def test_two_sources_of_a_line_are_told_together(tmp_path):
    rows = [over(Kinh_phí_hỗ_trợ=250 * MILLION, Tổng_kinh_phí=500 * MILLION)]
    rows.append({**rows[0], "Nguồn kinh phí": "KCDP", "Kinh phí hỗ trợ": 100 * MILLION})
    assert import_rows(tmp_path, rows).errors == []
    assert RuleException.objects.get().rule == Rule.OVER_HALF_OF_COST


def test_a_trial_import_keeps_nothing(tmp_path):
    assert import_rows(tmp_path, [over()], is_dry_run=True).warnings
    assert not RuleException.objects.exists()


def test_an_import_asks_as_much_for_twelve_lines_over_their_norm_as_for_three(tmp_path, query_count):
    import_rows(tmp_path, [over("KC-00")])
    few = query_count(lambda: import_rows(tmp_path, [over(f"A{n}") for n in range(3)]))
    assert query_count(lambda: import_rows(tmp_path, [over(f"B{n}") for n in range(12)])) <= few
    assert RuleException.objects.count() == 16
