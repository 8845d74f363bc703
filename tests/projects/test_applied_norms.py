"""The norm a support was held against: copied at its approval whichever way, and the same ever after."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.models import Role
from funding.models import Activity, Level, SupportNorm
from projects import services
from projects.models import AppliedNorm, Project, ProjectDecision, Rule, RuleException
from projects.rules import approval_warnings, signing_warnings
from projects.services import LineDraft, LineMended, create_project, mend_project
from tests.factories import (
    APPROVED_ON,
    MILLION,
    approve,
    decide,
    make_approved_line,
    make_beneficiary,
    make_line,
    make_plan,
    make_project,
    make_user,
    sign,
    source,
)
from tests.projects.test_decision_forms import address, money, send
from tests.projects.workbooks import import_rows
from tests.projects.workbooks import row as file_row

pytestmark = pytest.mark.django_db
MACHINES = "Chuyển giao công nghệ, ứng dụng máy móc thiết bị tiên tiến, tiến bộ KHKT"


@pytest.fixture(autouse=True)
def planned(db):
    for year in (2018, 2019, 2020):
        for code in ("KCQG", "KCDP"):
            make_plan(year, code, 9000 * MILLION, on=f"{year}-01-01")


def draft(*, activity="HD10", year=2019, fields=None, **millions):
    amounts = {source(code): vnd * MILLION for code, vnd in millions.items()}
    named = {"beneficiary": make_beneficiary(), "activity": Activity.objects.get(code=activity), "plan_year": year}
    return LineDraft({**named, **(fields or {})}, amounts)


def made(*drafts, on=APPROVED_ON, kind=ProjectDecision.Kind.APPROVED, **fields):
    """A đề án entered whole, with one line unless more are given."""
    head = {"code": f"T-{Project.objects.count()}", "name": "Thử", "kind": Project.Kind.GROUP, **fields}
    lines = drafts or (draft(KCQG=350, DOIUNG=450),)
    return create_project(fields=head, lines=lines, paper={"kind": kind, "on": on}, by=make_user())


def norm(code="N04", on=APPROVED_ON):
    return SupportNorm.objects.in_force(on).get(code=code)


# --- written by every way that approves -----------------------------------------------------------


def test_a_project_entered_whole_copies_the_norm_with_its_calculation():
    line = made().lines.get()
    row = AppliedNorm.objects.get()
    assert (row.line, row.source.code, row.norm, row.decision.on) == (line, "KCQG", norm(), APPROVED_ON)
    assert (row.on, row.chosen_by) == (APPROVED_ON, Project.NormBy.APPROVAL)
    assert (row.code, row.name, row.percent_max, row.ceiling_vnd) == ("N04", norm().name, 50, 300 * MILLION)
    assert (row.percent_base, row.ceiling_unit, row.multiplier_max) == ("", "cơ sở", None)
    assert (row.support_vnd, row.allowed_vnd) == (350 * MILLION, 300 * MILLION)
    assert row.legal_basis == "Thông tư 28/2018/TT-BTC, Điều 8 khoản 4"
    assert row.steps[:3] == [
        "50 % × 800.000.000 = 400.000.000",
        "mức tối đa 300.000.000 đồng cho một cơ sở",
        "được hỗ trợ tối đa 300.000.000; đề nghị 350.000.000, vượt 50.000.000",
    ]
    assert row.history.get().history_user is not None
    assert services.apply_norms(decision=row.decision) == [], "written once"


def test_a_counterpart_that_a_later_paper_states_is_not_known_yet():
    line = make_line(joined_on="2018-12-19")
    steps = [decide(line.project, on=on) for on in ("2018-12-19", "2018-12-30")]
    for step, code, vnd in ((steps[0], "KCQG", 150), (steps[1], "KCDP", 100), (steps[1], "DOIUNG", 370)):
        services.approve_support(line=line, source=source(code), amount_vnd=vnd * MILLION, decision=step)
    for step in steps:
        services.apply_norms(decision=step)
    row = AppliedNorm.objects.get()
    assert (row.decision, row.allowed_vnd) == (steps[0], 300 * MILLION)
    assert row.steps[0] == "50 % tổng chi phí: chưa biết tổng chi phí nên chưa tính được"


def test_a_registration_copies_nothing():
    made(kind=ProjectDecision.Kind.REGISTERED)
    assert not AppliedNorm.objects.exists()


def test_the_form_of_an_approval_copies_it_and_a_later_approval_its_own(client):
    line = made(kind=ProjectDecision.Kind.REGISTERED, on=date(2019, 2, 1)).lines.get()
    client.force_login(make_user(Role.STAFF))
    for on, vnd in (("1/3/2019", "200 triệu"), ("1/6/2019", "150 triệu")):
        answer = send(
            client, address(line.project, "phe-duyet"), on=on, kind="approved", reason="Thử", **{money(line): vnd}
        )
        assert answer.status_code == 302, answer.context["form"].errors
    first, later = AppliedNorm.objects.order_by("pk")
    assert [row.support_vnd // MILLION for row in (first, later)] == [200, 350]
    assert (first.decision.on, later.decision.on) == (APPROVED_ON, date(2019, 6, 1))


def test_naming_a_group_copies_it_for_each_one_named():
    project = made(draft(KCQG=600, fields={"beneficiary": None}), beneficiaries_expected=2)
    group = project.lines.get()
    assert AppliedNorm.objects.get().allowed_vnd == 600 * MILLION
    step = decide(project, ProjectDecision.Kind.GROUP_APPROVED, on="2019-04-01")
    for vnd in (250, 350):
        amounts = {source(): vnd * MILLION, source("DOIUNG"): 400 * MILLION}
        services.name_beneficiary(line=group, beneficiary=make_beneficiary(), amounts=amounts, decision=step)
    rows = list(AppliedNorm.objects.exclude(line=group).order_by("pk"))
    assert [(row.support_vnd, row.allowed_vnd) for row in rows] == [
        (250 * MILLION, 300 * MILLION),
        (350 * MILLION, 300 * MILLION),
    ]
    assert {row.decision for row in rows} == {step}


def test_a_replaced_beneficiary_a_new_source_and_a_move_have_theirs():
    line = made(draft(KCQG=200, DOIUNG=300)).lines.get()
    (other,) = [
        services.replace_beneficiary(
            line=line, beneficiary=make_beneficiary(), decision=decide(line.project, "adjusted", on="2019-04-01")
        )
    ]
    assert AppliedNorm.objects.get(line=other).decision.on == date(2019, 4, 1)
    step = decide(line.project, "moved", on="2019-11-01")
    moved = services.move_to_year(line=other, year=2020, decision=step)
    carried = AppliedNorm.objects.get(line=moved)
    assert (carried.decision.on, carried.support_vnd) == (date(2019, 4, 1), 200 * MILLION)
    SupportNorm.objects.create(
        code="Y1", name="Mức tỉnh", level=Level.PROVINCE, activity=moved.activity, ceiling_vnd=90 * MILLION,
        legal_basis="QĐ tỉnh", valid_from=date(2019, 1, 1), is_verified=True,
    )  # fmt: skip
    step = decide(line.project, "adjusted", on="2020-02-01")
    services.change_source(line=moved, old=source("KCQG"), new=source("KCDP"), decision=step)
    row = AppliedNorm.objects.get(line=moved, source=source("KCDP"))
    assert (row.code, row.support_vnd, row.allowed_vnd) == ("Y1", 200 * MILLION, 90 * MILLION)


def file_of(code="KC-01", **cells):
    told = {"Kinh_phí_hỗ_trợ": 350 * MILLION, "Tổng_kinh_phí": 800 * MILLION, "Nội_dung_hoạt_động": MACHINES}
    names = {"Nguồn_kinh_phí": "KCQG", "Cơ_sở_thụ_hưởng": f"Công ty {code}"}
    return file_row(code, **{**names, **told, **cells})


def test_an_import_copies_the_same_as_the_form(tmp_path):
    assert import_rows(tmp_path, [file_of()], user=make_user()).errors == []
    made(draft(KCQG=350, DOIUNG=450))
    imported, entered = AppliedNorm.objects.order_by("pk")
    for field in AppliedNorm._meta.concrete_fields:
        if field.name not in ("id", "decision", "line"):
            assert getattr(imported, field.name) == getattr(entered, field.name), field.name
    assert imported.line.project.code == "KC-01" and imported.history.count() == 1


def test_importing_again_or_more_leaves_the_copy_as_it_is(tmp_path):
    import_rows(tmp_path, [file_of(Kinh_phí_hỗ_trợ=300 * MILLION)])
    before = AppliedNorm.objects.values().get()
    import_rows(tmp_path, [file_of(Kinh_phí_hỗ_trợ=300 * MILLION)])
    import_rows(tmp_path, [file_of()])
    assert AppliedNorm.objects.values().get() == before


def test_an_amount_filled_in_later_is_held_against_the_norm_then(tmp_path):
    import_rows(tmp_path, [file_of(Kinh_phí_hỗ_trợ=None, Tổng_kinh_phí=None)])
    assert not AppliedNorm.objects.exists()
    import_rows(tmp_path, [file_of()])
    assert AppliedNorm.objects.get().support_vnd == 350 * MILLION


def test_an_import_asks_as_much_for_twelve_lines_as_for_three(tmp_path, query_count):
    import_rows(tmp_path, [file_of("KC-00")])
    few = query_count(lambda: import_rows(tmp_path, [file_of(f"A{n}") for n in range(3)]))
    assert query_count(lambda: import_rows(tmp_path, [file_of(f"B{n}") for n in range(12)])) <= few
    assert AppliedNorm.objects.count() == 16


def test_the_demonstration_has_its_norms_too():
    call_command("demo", verbosity=0)
    assert {row.source.level for row in AppliedNorm.objects.all()} == {Level.NATIONAL}
    named = AppliedNorm.objects.filter(line__project__kind=Project.Kind.GROUP, line__plan_year=2019)
    assert named.exclude(line__beneficiary=None).count() == 3


# --- and never changed after ----------------------------------------------------------------------


def test_an_edited_or_deleted_norm_changes_nothing_that_was_applied(client):
    made()
    before = AppliedNorm.objects.values().get()
    row = norm()
    row.name, row.ceiling_vnd, row.percent_max, row.legal_basis = "Khác", 999 * MILLION, Decimal(99), "Khác"
    row.save()
    assert AppliedNorm.objects.values().get() == before
    row.delete()
    assert AppliedNorm.objects.values().get() == {**before, "norm_id": None}


def test_a_corrected_amount_keeps_the_calculation_of_the_approval():
    project = made()
    before = AppliedNorm.objects.values().get()
    mended = LineMended(project.lines.get(), {}, {source(): 200 * MILLION, source("DOIUNG"): 100 * MILLION}, [], [])
    mend_project(project=project, fields={}, lines=[mended], by=make_user(Role.MANAGER))
    assert AppliedNorm.objects.values().get() == before


def test_a_withdrawn_approval_takes_its_copy_along():
    project = made()
    services.remove_project(project=project, by=make_user(Role.MANAGER))
    assert not AppliedNorm.objects.exists()
    assert set(AppliedNorm.history.values_list("history_type", flat=True)) == {"+", "-"}


@pytest.mark.parametrize(
    ("activity", "code"),
    [
        ("HD10", "KCDP"),  # the province entered no norm of its own
        ("HD11", "KCQG"),  # N03 is not confirmed
        ("HD24", "KCQG"),  # no norm at all
    ],
)
def test_where_no_confirmed_norm_applies_nothing_is_written(activity, code):
    made(draft(activity=activity, DOIUNG=400, **{code: 200}))
    assert not AppliedNorm.objects.exists()


# --- the day that selects it ----------------------------------------------------------------------

LAST_OF_2014, FIRST_OF_2018 = date(2018, 5, 10), date(2018, 5, 11)


def of_2018(**fields):
    """Approved on the last day of the norms of 2014: 250 million, over their 200 and under the 300 after them."""
    return made(draft(year=2018, KCQG=250, DOIUNG=400), on=LAST_OF_2014, **fields)


@pytest.mark.parametrize(("on", "allowed"), [(LAST_OF_2014, 200), (FIRST_OF_2018, 300)])
def test_the_day_of_the_approval_selects_the_norm(on, allowed):
    made(draft(year=2018, KCQG=250, DOIUNG=400), on=on)
    row = AppliedNorm.objects.get()
    assert (row.on, row.allowed_vnd) == (on, allowed * MILLION)


def test_the_day_of_the_registration_selects_it_where_the_project_says_so():
    registered = made(
        draft(year=2018, KCQG=250, DOIUNG=400), on=date(2018, 5, 2), kind="registered", norm_by="registration"
    )
    line = registered.lines.get()
    (told,) = approval_warnings(line, {source(): 250 * MILLION, source("DOIUNG"): 400 * MILLION}, date(2018, 6, 1))
    assert told.rule == Rule.OVER_NORM and "200.000.000" in " ".join(told.steps)
    step = decide(registered, on="2018-06-01")
    for code, vnd in (("KCQG", 250), ("DOIUNG", 400)):
        services.approve_support(line=line, source=source(code), amount_vnd=vnd * MILLION, decision=step)
    services.apply_norms(decision=step)
    row = AppliedNorm.objects.get()
    assert (row.on, row.chosen_by, row.allowed_vnd) == (date(2018, 5, 2), "registration", 200 * MILLION)


def test_before_there_is_a_contract_the_approval_selects_and_the_signing_judges_again():
    line = of_2018(norm_by="contract").lines.get()
    row = AppliedNorm.objects.get()
    assert (row.on, row.chosen_by, row.allowed_vnd) == (LAST_OF_2014, "approval", 200 * MILLION)
    assert signing_warnings([(line, source(), 250 * MILLION)], FIRST_OF_2018) == [(line, [])]
    ((_, (told,)),) = signing_warnings([(line, source(), 250 * MILLION)], LAST_OF_2014)
    assert told.rule == Rule.OVER_NORM
    sign(line, 250 * MILLION, on=FIRST_OF_2018)
    assert signing_warnings([(line, source(), 1)], LAST_OF_2014) == [], "its day is that of the first contract"
    step = decide(line.project, "adjusted", on="2018-07-01")
    services.approve_support(line=line, source=source(), amount_vnd=10 * MILLION, decision=step)
    services.apply_norms(decision=step)
    later = AppliedNorm.objects.get(decision=step)
    assert (later.on, later.chosen_by, later.allowed_vnd) == (FIRST_OF_2018, "contract", 300 * MILLION)


def test_signing_judges_nothing_where_the_approval_selected_the_norm():
    line = of_2018().lines.get()
    assert signing_warnings([(line, source(), 250 * MILLION)], LAST_OF_2014) == []


# --- what a line tells of its case ----------------------------------------------------------------


def test_priority_and_a_technology_line_and_the_cost_it_is_of_reach_the_calculation():
    made(draft(year=2018, KCQG=300, DOIUNG=400, fields={"is_priority": True}), on=LAST_OF_2014)
    made(draft(KCQG=400, DOIUNG=400, fields={"is_technology_line": True}))
    made(draft(activity="HD14", year=2018, KCQG=8, DOIUNG=9, fields={"base_cost_vnd": 10 * MILLION}), on=LAST_OF_2014)
    rows = AppliedNorm.objects.order_by("pk")
    assert [(row.code, row.allowed_vnd // MILLION, row.multiplier_max) for row in rows] == [
        ("N04", 300, Decimal("1.5")),
        ("N04L", 450, None),
        ("N05b", 8, None),
    ]


def test_what_reaches_the_calculation_goes_along_with_the_line():
    """Into another year all of it; to who is named or takes over the technology line, for it is of the machines."""
    make_plan(2020, amount_vnd=500 * MILLION)
    facts = {"is_priority": True, "is_technology_line": True, "base_cost_vnd": 700 * MILLION, "other_support": "Huyện"}
    group = make_line(make_project("group"), beneficiary=None, **facts)
    approve(group, 450 * MILLION)
    named = services.name_beneficiary(
        line=group,
        beneficiary=make_beneficiary(),
        amounts={source(): 450 * MILLION},
        decision=decide(group.project, "group_approved", on="2019-03-05"),
    )
    single = make_approved_line(450 * MILLION, **facts)
    heir = services.replace_beneficiary(
        line=single,
        beneficiary=make_beneficiary(),
        decision=decide(single.project, "adjusted", on="2019-04-01"),
    )
    other = make_approved_line(450 * MILLION, **facts)
    moved = services.move_to_year(line=other, year=2020, decision=decide(other.project, "moved", on="2019-12-01"))
    told = {line.pk: {name: getattr(line, name) for name in facts} for line in (named, heir, moved)}
    blank = {"is_priority": False, "is_technology_line": True, "base_cost_vnd": None, "other_support": ""}
    assert told == {named.pk: {**blank, "is_priority": True}, heir.pk: blank, moved.pk: facts}
    assert [row.allowed_vnd for row in AppliedNorm.objects.filter(line__in=[named, heir])] == [450 * MILLION] * 2


def test_before_2018_a_technology_line_came_under_the_norm_of_machines():
    made(draft(year=2018, KCQG=300, DOIUNG=400, fields={"is_technology_line": True}), on=LAST_OF_2014)
    row = AppliedNorm.objects.get()
    assert (row.code, row.allowed_vnd) == ("N04", 200 * MILLION)
    assert row.steps[0].startswith("hỗ trợ cả dây chuyền công nghệ: ngày này không có mức riêng")


def test_another_state_source_for_the_same_item_is_told():
    project = made(draft(KCQG=200, DOIUNG=300, fields={"other_support": "Chương trình nông thôn mới, 50 triệu"}))
    ((_, (told,)),) = project.warned
    assert told.rule == Rule.OTHER_SUPPORT and "Chương trình nông thôn mới, 50 triệu" in told.message
    assert told.legal_basis.startswith("Thông tư liên tịch 26/2014/TTLT-BTC-BCT, Điều 7")


def test_it_is_told_at_the_registration_and_when_somebody_adds_it_later():
    said = {"other_support": "Khoa học công nghệ"}
    project = made(draft(KCQG=200, fields=said), kind="registered")
    assert [told.rule for _, found in project.warned for told in found] == [Rule.OTHER_SUPPORT]
    line = made(draft(KCQG=200, DOIUNG=300)).lines.get()
    for amounts, fields in (({}, said), ({source(): 210 * MILLION}, {"other_support": "Khác"}), ({}, {})):
        mended = LineMended(line, fields, amounts, [], [])
        project = mend_project(project=line.project, fields={}, lines=[mended], by=make_user(Role.MANAGER))
        told = [warning.rule for _, found in project.warned for warning in found]
        assert told == ([Rule.OTHER_SUPPORT] if fields else [])
        line.refresh_from_db()


def test_the_contract_form_asks_a_reason_where_its_day_selects_a_lower_norm(client):
    line = made(draft(year=2018, KCQG=250, DOIUNG=400), on=date(2018, 5, 1), norm_by="contract").lines.get()
    client.force_login(make_user(Role.STAFF))
    data = {
        "number": "01/HĐ",
        "signed_on": "10/05/2018",
        "lines-TOTAL_FORMS": "1",
        "lines-moi0-line": line.pk,
        f"lines-moi0-tien_{source().pk}": "250 triệu",
    }
    answer = client.post("/hop-dong/moi/?loai=support", data)
    page = answer.content.decode()
    assert "vượt mức hỗ trợ" in page, page[-3000:]
    answer = client.post("/hop-dong/moi/?loai=support", {**data, "reason": "Đã trình Sở"})
    assert answer.status_code == 302
    kept = RuleException.objects.get()
    assert (kept.rule, kept.line, kept.on, kept.reason) == (Rule.OVER_NORM, line, date(2018, 5, 10), "Đã trình Sở")
