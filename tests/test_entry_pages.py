"""Pages of entry at 300 đề án: as many queries as at 3, and none heavier than a slow line bears, however many rows."""

import pytest
from django.urls import reverse

from accounts.models import Role
from funding.models import PlanLine
from projects import services
from projects.models import (
    Acceptance,
    Contract,
    Equipment,
    Milestone,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
)
from tests import factories as make
from tests.bulk import make_year
from tests.test_lists import FEW, HEAVIEST, MANY

M = make.MILLION
YEAR = {"nam": 2019}


def url(name, *args, **query):
    return reverse(f"projects:{name}", args=args, query={**YEAR, **query})


def pages():
    """{what it is: (role, address)} of the first of each kind that is there."""
    line = ProjectLine.objects.order_by("pk").first()
    project, contract = line.project_id, Contract.objects.of_lines().first().pk
    decision = ProjectDecision.objects.filter(kind=ProjectDecision.Kind.APPROVED).first()
    staff = {
        "a new đề án": url("project_new"),
        "a copy": url("project_new", tu=project),
        "a đề án": url("project_edit", project),
        "a decision": url("decision_new", project, "dieu-chinh"),
        "a stop": url("decision_new", project, "ngung"),
        "a decision mended": url("decision_edit", decision.pk),
        "a contract": url("contract_new"),
        "a task's contract": url("contract_new", loai="other"),
        "a contract of a line": url("line_contract_new", line.pk),
        "a contract mended": url("contract_edit", contract),
        "an annex": url("annex_new", contract),
        "a liquidation": url("contract_liquidate", contract),
        "an acceptance": url("acceptance_new", line.pk),
        "an acceptance mended": url("acceptance_edit", Acceptance.objects.first().pk),
        "a milestone": url("milestone_new", project),
        "a milestone mended": url("milestone_edit", Milestone.objects.first().pk),
        "a difficulty": url("difficulty_new", project),
        "a visit": url("visit_new", project),
        "an establishment": url("beneficiary_new"),
        "an establishment mended": url("beneficiary_edit", line.beneficiary_id),
        "a plan": reverse("projects:plan_decision_new", args=[2019]),
        "a plan mended": url("plan_decision_edit", PlanLine.objects.first().decision_id),
        "a row of the plan": url("plan_line_edit", PlanLine.objects.first().pk),
        "a row of the plan taken out": url("plan_line_remove", PlanLine.objects.first().pk),
        "a proposal": url("proposal_new"),
        "proposals": url("proposal_list"),
        "a counter-row": url("correction_new", line.pk),
        "what waits for a contract": url("signing_waiting"),
    }
    money = {
        "a payment": url("payment_new", line.pk),
        "a payment mended": url("payment_edit", Payment.objects.first().pk),
        "a payment taken out": url("payment_withdraw", Payment.objects.first().pk),
        "a recovery": url("recovery_new", line.pk),
        "a settlement": url("settlement_new", line.pk),
    }
    return {
        **{what: (Role.STAFF, address) for what, address in staff.items()},
        **{what: (Role.ACCOUNTANT, address) for what, address in money.items()},
    }


@pytest.fixture
def open_all(client, db, query_count):
    """Opens every page: {what: (queries, bytes)}."""
    people = {role: make.make_user(role) for role in (Role.STAFF, Role.ACCOUNTANT)}

    def weigh(what, role, address):
        answers = []
        client.force_login(people[role])
        queries = query_count(lambda: answers.append(client.get(address)))
        assert answers[0].status_code == 200, (what, answers[0].status_code)
        return queries, len(answers[0].content)

    return lambda: {what: weigh(what, *page) for what, page in pages().items()}


def test_queries_and_weight_of_entry_do_not_grow_with_the_number_of_projects(open_all):
    make_year(FEW)
    few = open_all()
    make_year(MANY, first=FEW)
    many = open_all()
    assert Project.objects.count() == FEW + MANY
    grown = {what: (few[what][0], queries) for what, (queries, _) in many.items() if queries != few[what][0]}
    heavy = {what: weight for what, (_, weight) in many.items() if weight >= HEAVIEST}
    assert (grown, heavy) == ({}, {})


# --- one record with many rows ----------------------------------------------------------------------


@pytest.fixture
def staff(client, db):
    make.make_plan(amount_vnd=90_000 * M)
    client.force_login(make.make_user(Role.STAFF))
    return client


def lines_of(number, **fields):
    project = make.make_project("group")
    return [make.make_approved_line(100 * M, project=project, **fields) for _ in range(number)]


def weight_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return len(answer.content)


def test_a_project_of_25_lines_is_mended_on_a_light_page(staff):
    lines = lines_of(25)
    for line in lines:
        for number in range(2):
            Equipment.objects.create(line=line, name=f"Máy số {number}")
    address = url("project_edit", lines[0].project_id)
    for part in (1, 2, 3, 4, 5):
        assert weight_of(staff, f"{address}&phan={part}") < HEAVIEST


def test_a_part_of_the_lines_is_saved_and_the_others_stay(staff):
    lines = lines_of(14)
    address = f"{url('project_edit', lines[0].project_id)}&phan=2"
    form = staff.get(address).context["form"]
    assert [row.row for row in form.lines.forms] == lines[6:12]
    typed = {name: shown.raw for name, shown in form.shown().items()}
    typed |= {"lines-kept": [line.pk for line in lines[6:12]], "lines-TOTAL_FORMS": form.lines.total}
    typed[f"lines-{lines[11].pk}-tien_{make.source().pk}"] = "70 triệu"
    answer = staff.post(address, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert [make.sums(line)[0] for line in lines] == [100 * M] * 11 + [70 * M] + [100 * M] * 2


@pytest.mark.parametrize(
    ("address", "prefix", "names"),
    [
        (url("project_new"), "lines", ["beneficiary", "locality"]),
        (url("contract_new"), "lines", ["line"]),
        (reverse("projects:plan_decision_new", args=[make.YEAR]), "viec", ["line"]),
    ],
)
def test_a_refused_form_asks_as_often_for_12_rows_as_for_2(address, prefix, names, staff, query_count):
    picked = [
        {"line": line.pk, "beneficiary": line.beneficiary_id, "locality": make.make_locality().pk}
        for line in lines_of(12)
    ]

    def send(number):
        rows = enumerate(picked[:number])
        typed = {f"{prefix}-moi{at}-{name}": row[name] for at, row in rows for name in names}
        answer = staff.post(address, {f"{prefix}-TOTAL_FORMS": number, **typed})
        assert answer.status_code == 422

    assert query_count(lambda: send(12)) == query_count(lambda: send(2))


def test_a_refused_correction_asks_as_often_for_12_lines_as_for_2(staff, query_count):
    def send(number):
        lines = lines_of(number)
        project = url("project_edit", lines[0].project_id)
        kept = {"lines-kept": [line.pk for line in lines], "lines-TOTAL_FORMS": 0}
        typed = {f"lines-{line.pk}-beneficiary": line.beneficiary_id for line in lines}
        return query_count(lambda: staff.post(project, {"name": "", **kept, **typed}))

    assert send(12) == send(2)


def test_a_decision_about_25_lines_is_entered_and_mended_on_a_light_page(staff):
    lines = lines_of(25)
    project = lines[0].project
    assert weight_of(staff, url("decision_new", project.pk, "dieu-chinh")) < HEAVIEST
    assert weight_of(staff, url("decision_edit", project.decisions.first().pk)) < HEAVIEST


def test_a_contract_over_25_lines_is_mended_on_a_light_page(staff):
    owner = make.make_beneficiary()
    lines = [make.make_approved_line(100 * M, beneficiary=owner) for _ in range(25)]
    contract = services.sign_contract(
        kind=Contract.Kind.SUPPORT,
        signed_on=make.SIGNED_ON,
        beneficiary=owner,
        shares=[(line, make.source(), 100 * M) for line in lines],
    )
    for name in ("contract_edit", "annex_new"):
        assert weight_of(staff, url(name, contract.pk)) < HEAVIEST, name


def test_a_group_of_30_is_named_on_a_light_page(staff):
    project = make.make_project("group", beneficiaries_expected=30)
    line = make.make_approved_line(3000 * M, project=project, beneficiary=None)
    assert weight_of(staff, url("decision_new", project.pk, "gan-co-so", dong=line.pk, so=30)) < HEAVIEST


def test_the_contract_with_the_funder_is_chosen_from_60_lines_on_a_light_page(staff):
    lines_of(60)
    assert weight_of(staff, url("contract_new", loai="national")) < HEAVIEST
