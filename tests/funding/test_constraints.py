"""What one row can tell, the database refuses, whoever writes it and on whichever database."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from accounts.models import Role
from funding.models import (
    Activity,
    AdvanceRule,
    Agency,
    AgencyFormerName,
    Authority,
    Change,
    ChangeRule,
    Decision,
    Level,
    Period,
    PlanLine,
    Programme,
    ProgrammeTarget,
    SupportNorm,
)
from projects.models import (
    Acceptance,
    AppliedNorm,
    Beneficiary,
    BeneficiaryFormerName,
    BudgetReturn,
    Contract,
    ContractLine,
    Correction,
    DemoMark,
    Difficulty,
    Equipment,
    Instalment,
    LedgerEntry,
    MilestoneDue,
    Payment,
    Project,
    ProjectDecision,
    Receipt,
    Rule,
    RuleException,
    Settlement,
    Step,
)
from tests.factories import (
    MILLION,
    activity,
    decide,
    make_agency,
    make_beneficiary,
    make_decision,
    make_line,
    make_project,
    make_user,
    sign,
    source,
)

pytestmark = pytest.mark.django_db
EARLY, LATE = date(2019, 1, 1), date(2019, 6, 1)


def make_norm(**fields):
    row = {"code": "THU", "name": "Thử", "legal_basis": "Thử", "valid_from": EARLY, **fields}
    return SupportNorm.objects.create(**row)


def make_row(kind=PlanLine.Kind.ASSIGNED, **fields):
    decision = fields.pop("decision", None) or make_decision()
    row = {"decision": decision, "year": 2019, "source": source(), "kind": kind, "amount_vnd": MILLION, **fields}
    return PlanLine.objects.create(**row)


def make_contract(kind=Contract.Kind.OTHER, **fields):
    return Contract.objects.create(**{"kind": kind, "signed_on": LATE, **fields})


def make_entry(step=Step.APPROVED, amount_vnd=MILLION, papers=("decision",), **fields):
    line = make_line()
    made = {
        "decision": lambda: decide(line.project),
        "payment": lambda: Payment.objects.create(paid_on=LATE),
        "contract": make_contract,
        "correction": lambda: Correction.objects.create(on=LATE, reason="Sai", by=make_user(Role.STAFF)),
    }
    rests_on = {name: made[name]() for name in papers}
    return LedgerEntry.objects.create(
        line=line, source=source(), step=step, on=LATE, amount_vnd=amount_vnd, **rests_on, **fields
    )


def make_change_rule(**fields):
    row = {"change": Change.PLACE, "authority": Authority.SCT, "legal_basis": "Thử", "valid_from": EARLY, **fields}
    return ChangeRule.objects.create(**row)


def make_advance_rule(**fields):
    row = {"percent": 70, "needs": AdvanceRule.Needs.CONTRACT, "legal_basis": "Thử", "valid_from": EARLY, **fields}
    return AdvanceRule.objects.create(**row)


def make_programme(**fields):
    return Programme.objects.create(**{"name": "Chương trình thử", "starts_year": 2016, "ends_year": 2020, **fields})


def make_applied_norm(**fields):
    row = {"on": EARLY, "chosen_by": Project.NormBy.APPROVAL, "code": "N04", "name": "Thử", "legal_basis": "Thử"}
    return AppliedNorm.objects.create(**row, **fields)


def norm_applied_twice():
    line = make_line()
    twice(make_applied_norm, decision=decide(line.project), line=line, source=source())


def funder_money(model, **fields):
    return model.objects.create(**{"source": source(), "year": 2019, "on": EARLY, "amount_vnd": MILLION, **fields})


def twice(make, **fields):
    make(**fields)
    make(**fields)


def agency_twice():
    Agency.objects.create(name="Sở Công Thương")
    Agency.objects.create(name="SỞ CÔNG THƯƠNG")


def milestone_due_twice():
    milestone = apps.get_model("projects", "Milestone").objects.create(project=make_project(), name="Lắp máy")
    twice(MilestoneDue.objects.create, milestone=milestone, due_on=LATE, set_on=EARLY)


def contract_line_twice():
    twice(ContractLine.objects.create, contract=make_contract(), line=make_line(), on=LATE)


REFUSED = {
    "activity_dates_in_order": lambda: Activity.objects.create(code="X", name="X", valid_from=LATE, valid_to=EARLY),
    "activity_content_has_no_parent": lambda: Activity.objects.create(
        code="X", name="X", is_leaf=False, parent=activity("ND1")
    ),
    "agency_named_once": agency_twice,
    "agency_one_name_a_day": lambda: twice(
        AgencyFormerName.objects.create, agency=Agency.objects.first() or make_agency(), name="Cũ", used_until=EARLY
    ),
    "norm_starts_once_a_day": lambda: twice(make_norm),
    "norm_dates_in_order": lambda: make_norm(valid_from=LATE, valid_to=EARLY),
    "norm_ceiling_positive": lambda: make_norm(ceiling_vnd=0),
    "norm_percent_in_range": lambda: make_norm(percent_max=Decimal("100.01")),
    "change_rule_starts_once_a_day": lambda: twice(make_change_rule, is_group=True),
    "change_rule_of_any_kind_starts_once_a_day": lambda: twice(make_change_rule),
    "change_rule_dates_in_order": lambda: make_change_rule(valid_from=LATE, valid_to=EARLY),
    "advance_rule_starts_once_a_day": lambda: twice(make_advance_rule, activity=activity()),
    "advance_rule_of_all_others_starts_once_a_day": lambda: twice(make_advance_rule),
    "advance_rule_percent_in_range": lambda: make_advance_rule(percent=101),
    "advance_rule_work_told_where_needed": lambda: make_advance_rule(needs=AdvanceRule.Needs.WORK),
    "advance_rule_dates_in_order": lambda: make_advance_rule(valid_from=LATE, valid_to=EARLY),
    "programme_years_in_order": lambda: make_programme(starts_year=2021),
    "programme_target_positive": lambda: ProgrammeTarget.objects.create(
        programme=make_programme(), measure=ProgrammeTarget.Measure.PROJECTS, amount=0
    ),
    "decision_known_once": lambda: twice(
        Decision.objects.create, number="1/QĐ", decided_on=EARLY, agency=Agency.objects.first() or make_agency()
    ),
    "decision_without_agency_known_once": lambda: twice(Decision.objects.create, number="1/QĐ", decided_on=EARLY),
    "planline_known_once": lambda: twice(make_row, decision=make_decision(), activity=activity()),
    "planline_without_activity_known_once": lambda: twice(make_row, decision=make_decision()),
    "planline_assigned_not_negative": lambda: make_row(amount_vnd=-1),
    "planline_estimate_not_negative": lambda: make_row(PlanLine.Kind.PROVISIONAL, amount_vnd=-1),
    "planline_range_in_order": lambda: make_row(PlanLine.Kind.REQUESTED, projects_min=25, projects_max=20),
    "period_dates_in_order": lambda: Period.objects.create(starts_on=LATE, ends_on=EARLY),
    "period_known_once": lambda: twice(Period.objects.create, starts_on=EARLY, ends_on=LATE),
    "beneficiary_has_a_name": lambda: Beneficiary.objects.create(name=""),
    "beneficiary_one_name_a_day": lambda: twice(
        BeneficiaryFormerName.objects.create,
        beneficiary=Beneficiary.objects.first() or make_beneficiary(),
        name="Cũ",
        used_until=EARLY,
    ),
    "project_dates_in_order": lambda: make_project(planned_start_on=LATE, planned_end_on=EARLY),
    "project_has_code_and_name": lambda: Project.objects.create(code="X", name="", kind=Project.Kind.SINGLE),
    "line_leaves_after_joining": lambda: make_line(joined_on=LATE, left_on=EARLY),
    "line_stated_total_not_negative": lambda: make_line(stated_total_vnd=-1),
    "line_plan_year_in_range": lambda: make_line(plan_year=1999),
    "line_base_cost_positive": lambda: make_line(base_cost_vnd=0),
    "applied_norm_once_an_approval": norm_applied_twice,
    "receipt_amount_positive": lambda: funder_money(Receipt, amount_vnd=0),
    "receipt_year_in_range": lambda: funder_money(Receipt, year=1999),
    "budgetreturn_amount_positive": lambda: funder_money(BudgetReturn, amount_vnd=0),
    "budgetreturn_year_in_range": lambda: funder_money(BudgetReturn, year=1999),
    "instalment_amount_positive": lambda: Instalment.objects.create(
        line=make_line(), source=source(), due_on=LATE, set_on=EARLY, amount_vnd=0
    ),
    "equipment_value_positive": lambda: Equipment.objects.create(line=make_line(), name="Máy", value_vnd=0),
    "projectdecision_extends_forward": lambda: ProjectDecision.objects.create(
        project=make_project(), kind=ProjectDecision.Kind.EXTENDED, on=LATE, ends_on=EARLY
    ),
    "contract_number_once_a_year": lambda: twice(make_contract, number="1/HĐ"),
    "contract_dates_in_order": lambda: make_contract(starts_on=LATE, ends_on=EARLY),
    "contract_liquidated_after_signing": lambda: make_contract(liquidated_on=EARLY),
    "contract_support_has_beneficiary": lambda: make_contract(Contract.Kind.SUPPORT),
    "contract_names_a_line_once": contract_line_twice,
    "acceptance_revenue_not_negative": lambda: Acceptance.objects.create(
        line=make_line(), accepted_on=LATE, revenue_vnd=-1
    ),
    "settlement_dates_in_order": lambda: Settlement.objects.create(
        line=make_line(), submitted_on=LATE, settled_on=EARLY
    ),
    "settlement_requests_more_than_nothing": lambda: Settlement.objects.create(
        line=make_line(), settled_on=LATE, requested_vnd=0
    ),
    "correction_has_a_reason": lambda: Correction.objects.create(on=LATE, reason="", by=make_user()),
    "rule_exception_has_reason": lambda: RuleException.objects.create(
        project=make_project(), rule=Rule.OTHER, on=LATE, message="Thử", reason=""
    ),
    "milestone_one_due_a_day": milestone_due_twice,
    "difficulty_closed_after_raised": lambda: Difficulty.objects.create(
        project=make_project(), description="Thiếu điện", raised_on=LATE, closed_on=EARLY
    ),
    "demo_marks_a_row_once": lambda: twice(DemoMark.objects.create, model="projects.project", object_id=1),
    "entry_amount_known": lambda: make_entry(Step.PAID, None, ["payment"]),
    "entry_amount_positive": lambda: make_entry(Step.ADVANCED, 0, ["payment"]),
    "entry_rests_on_one_paper": lambda: make_entry(papers=["decision", "contract"]),
}


def constraints():
    return {
        constraint.name
        for label in ("funding", "projects")
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint | models.UniqueConstraint)
    }


def test_every_constraint_is_tried():
    assert constraints() == set(REFUSED)


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        REFUSED[name]()
    message = str(refusal.value)
    # SQLite names the columns of a unique constraint instead of the constraint.
    assert name in message or (connection.vendor == "sqlite" and "UNIQUE constraint failed" in message)


def test_an_entry_without_any_paper_is_refused():
    with pytest.raises(IntegrityError, match="entry_rests_on_one_paper"), transaction.atomic():
        make_entry(papers=[])


@pytest.mark.parametrize(
    ("step", "paper"),
    [
        (Step.ACCEPTED, "decision"),
        (Step.ADVANCED, "payment"),
        (Step.PAID, "payment"),
        (Step.RECOVERED, "payment"),
        (Step.SETTLED, "decision"),
        (Step.FUNDER_SETTLED, "decision"),
    ],
)
@pytest.mark.parametrize("amount", [0, -MILLION])
def test_zero_and_negative_amounts_are_refused_where_the_step_gives_the_sign(step, paper, amount):
    with pytest.raises(IntegrityError, match="entry_amount_positive"), transaction.atomic():
        make_entry(step, amount, [paper])


@pytest.mark.parametrize("step", [Step.REQUESTED, Step.APPROVED, Step.FUNDER_CONTRACTED, Step.CONTRACTED])
@pytest.mark.parametrize("amount", [None, 0, -MILLION])
def test_signed_steps_take_differences_nothing_and_the_unknown(step, amount):
    assert make_entry(step, amount).pk


def test_only_a_correction_writes_a_negative_payment():
    assert make_entry(Step.PAID, -MILLION, ["correction"]).pk


@pytest.mark.parametrize("step", [Step.PAID, Step.ADVANCED, Step.RECOVERED, Step.SETTLED, Step.FUNDER_SETTLED])
def test_an_amount_not_known_is_refused_once_money_has_moved(step):
    with pytest.raises(IntegrityError, match="entry_amount_known"), transaction.atomic():
        make_entry(step, None, ["payment"])


def test_two_contracts_without_a_number_are_no_rivals():
    twice(make_contract, number="")
    assert Contract.objects.count() == 2


def test_a_number_of_another_year_or_kind_is_no_rival():
    make_contract(number="1/HĐ")
    make_contract(number="1/HĐ", signed_on=date(2020, 1, 5))
    make_contract(Contract.Kind.NATIONAL, number="1/HĐ")
    assert Contract.objects.count() == 3


def test_money_holds_its_row_what_it_hangs_from_cannot_be_deleted():
    line = make_line()
    sign(line, 0)
    for row in (line, line.project, line.contracts.get(), source()):
        with pytest.raises(models.ProtectedError):
            row.delete()


def test_a_norm_for_everyone_and_one_of_the_province_start_on_one_day():
    make_norm(level=Level.NATIONAL)
    assert make_norm(level=Level.PROVINCE).pk
