"""The demonstration: the account's own sums in 2019, a current year with something of everything, and its removal."""

import io
from collections import Counter
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command

from accounts.models import OfficeSettings, Role, User
from funding.models import Agency, PlanLine
from khuyencong import demo_logins
from khuyencong.errors import NotAllowed
from projects import services, stages
from projects.books import NET_PAID
from projects.demo import is_demo_shown, successor, was_demo_removed, yen_bai_2019
from projects.demo.builder import Builder
from projects.demo.fill import new_builder
from projects.demo.lao_cai_now import Calendar
from projects.demo.marks import is_history, mark_made_by
from projects.demo.people import USERNAMES, make_offices, make_people
from projects.demo.removal import remove_demo
from projects.models import (
    Acceptance,
    Beneficiary,
    BudgetReturn,
    Contract,
    ContractAnnex,
    DemoMark,
    Difficulty,
    LedgerEntry,
    Milestone,
    MilestoneDue,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    Receipt,
    Settlement,
    SiteVisit,
    Step,
)
from projects.proposals import State, proposals_for, proposers, state_of, waiting_number
from projects.stages import Stage
from tests.factories import make_beneficiary, make_project, make_user

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


def sums_until(day, year=2019):
    """{(source, whether of a task, step): million đồng} over the ledger, added up in plain Python."""
    sums = Counter()
    for entry in LedgerEntry.objects.select_related("line__project", "source"):
        if entry.line.plan_year == year and entry.on <= day:
            key = entry.source.code, entry.line.project.kind == "task", entry.step
            sums[key] += entry.amount_vnd / MILLION
    return {key: value for key, value in sums.items() if value}


def planned_until(day, year, kind):
    sums = Counter()
    for line in PlanLine.objects.filter(year=year, kind=kind, decision__decided_on__lte=day):
        sums[line.source.code] += line.amount_vnd / MILLION
    return dict(sums)


@pytest.fixture
def small():
    """People and one signed đề án of the demonstration, marked as ``demo`` would: enough to take out again."""
    people = {username: person for username, (person, _) in make_people("mat-khau").items()}
    builder = new_builder(people, place_day=date(2019, 1, 1))
    for paper in yen_bai_2019.PAPERS:
        builder.paper(paper)
    for row in yen_bai_2019.PLAN:
        builder.plan(row)
    project, line = builder.single(yen_bai_2019.single(1))
    mark_made_by(people.values(), *make_offices())
    builder.made = project, line
    return builder


def rows_by_table():
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "places", "funding", "projects")
    }


# --- the account ------------------------------------------------------------------------------------


def test_the_account_comes_back_exactly_and_the_whole_is_taken_out_again():
    before = rows_by_table()
    answer = io.StringIO()
    call_command("demo", password="mat-khau", stdout=answer)
    assert answer.getvalue().splitlines() == [f"{username}: mat-khau" for username in USERNAMES]
    assert is_demo_shown()
    check_the_account()
    check_the_rest_of_2019()
    check_the_reconciliation()
    check_every_name_is_plainly_invented()
    check_the_proposals()
    call_command("remove_demo", stderr=io.StringIO())
    # One row is left, which says that it was taken out.
    assert rows_by_table() == before | {"projects.DemoMark": 1}
    assert not is_demo_shown()


def check_the_account():
    may = date(2019, 5, 31)
    assert sums_until(may) == {
        ("KCQG", False, Step.REQUESTED): 900,
        ("KCQG", False, Step.APPROVED): 900,
        ("KCQG", False, Step.FUNDER_CONTRACTED): 900,
        ("KCQG", False, Step.CONTRACTED): 900,
        ("KCDP", False, Step.REQUESTED): 2595 + 6 * 20,
        ("KCDP", False, Step.APPROVED): 2595,
        ("KCDP", False, Step.CONTRACTED): 2595,
        ("KCDP", True, Step.APPROVED): 405,
        ("DOIUNG", False, Step.APPROVED): 3360 - 900 + 3160,
    }
    assert planned_until(may, 2019, "assigned") == {"KCQG": 900, "KCDP": 3000}
    assert planned_until(may, 2020, "requested") == {"KCQG": 1000, "KCDP": 3000}
    asked = PlanLine.objects.filter(year=2020, kind="requested", projects_min__isnull=False)
    assert {(line.source.code, line.projects_min, line.projects_max) for line in asked} == {
        ("KCQG", 3, 3),
        ("KCDP", 20, 25),
    }
    lines = ProjectLine.objects.filter(plan_year=2019, left_on=None)
    assert Counter(line.project.kind for line in lines) == {"group": 3, "single": 20, "task": 4}
    signed = Contract.objects.filter(signed_on__lte=may)
    assert Counter(contract.kind for contract in signed) == {"national": 1, "support": 23}
    assert not Milestone.objects.overdue(may).filter(project__lines__plan_year=2019).exists()
    assert not any(contract.ends_on < may for contract in signed)


def check_the_rest_of_2019():
    february = sums_until(date(2019, 2, 28))
    assert february["KCDP", False, Step.APPROVED] == 1570
    assert ("KCDP", False, Step.CONTRACTED) not in february
    december = sums_until(date(2019, 12, 31))
    assert december["KCDP", False, Step.SETTLED] + december["KCQG", False, Step.SETTLED] > 3300
    winter = sums_until(date(2020, 1, 31))
    for source, is_task in [("KCQG", False), ("KCDP", False), ("KCDP", True)]:
        paid = sum(winter.get((source, is_task, step), 0) for step in (Step.ADVANCED, Step.PAID))
        assert paid == winter[source, is_task, Step.APPROVED] == winter[source, is_task, Step.SETTLED]
    results = Counter(Acceptance.objects.filter(accepted_on__year=2019).values_list("result", flat=True))
    assert results == {"passed": 27, "failed": 1}
    late = Milestone.objects.overdue(date(2019, 8, 10)).filter(project__lines__plan_year=2019)
    assert [milestone.project.code for milestone in late] == ["MH-KCDP-2019-10"]
    assert ContractAnnex.objects.filter(signed_on__year=2019, ends_on__isnull=False).count() == 1


def held(code, day):
    """Million đồng that the Centre holds of the source at the day's end, added up in plain Python."""
    vnd = sum(row.amount_vnd for row in Receipt.objects.filter(source__code=code, on__lte=day))
    vnd -= sum(row.amount_vnd for row in BudgetReturn.objects.filter(source__code=code, on__lte=day))
    for entry in LedgerEntry.objects.of(*NET_PAID).filter(source__code=code, on__lte=day):
        vnd -= entry.amount_vnd * NET_PAID[Step(entry.step)]
    return vnd / MILLION


def check_the_reconciliation():
    """2019 closes with nothing left; on no day was more paid than had come."""
    for code in ("KCQG", "KCDP"):
        assert held(code, date(2019, 8, 15)) > 0
        assert held(code, date(2019, 12, 31)) == held(code, date(2020, 12, 31)) == 0
        assert held(code, date.max) > 0
        days = LedgerEntry.objects.of(*NET_PAID).filter(source__code=code).values_list("on", flat=True)
        assert min(held(code, day) for day in set(days)) >= 0


def check_every_name_is_plainly_invented():
    assert all("minh họa" in beneficiary.name for beneficiary in Beneficiary.objects.all())
    assert all("minh họa" in project.name for project in Project.objects.all())
    assert all(contract.number.endswith("MH") or "MH-" in contract.number for contract in Contract.objects.all())


def check_the_proposals():
    officer = User.objects.get(username="diaphuong")
    found = {state_of(project): project for project in proposals_for(officer)}
    assert set(found) == set(State)
    assert {person.username for person in proposers([project.pk for project in found.values()]).values()} == {
        "diaphuong"
    }
    assert (waiting_number(officer), waiting_number(User.objects.get(username="lanhdao"))) == (1, 1)
    assert not LedgerEntry.objects.of(Step.APPROVED).filter(line__project__in=found.values()).exists()


def test_support_stays_within_half_of_the_cost_and_300_million():
    for number, row in {**yen_bai_2019.LOCAL, **yen_bai_2019.NATIONAL}.items():
        cost = sum(value for *_, value in yen_bai_2019.ITEMS[number])
        assert row[0] <= min(300, cost / 2), number


# --- the current year -------------------------------------------------------------------------------

DAYS_OF_A_YEAR = [date(2026, 11, 24), date(2027, 1, 5), date(2027, 5, 15), date(2028, 2, 29)]
DATED = [
    (Acceptance, "accepted_on"),
    (Contract, "signed_on"),
    (Contract, "liquidated_on"),
    (ContractAnnex, "signed_on"),
    (Difficulty, "raised_on"),
    (Difficulty, "closed_on"),
    (LedgerEntry, "on"),
    (Milestone, "done_on"),
    (MilestoneDue, "set_on"),
    (Payment, "paid_on"),
    (ProjectDecision, "on"),
    (ProjectLine, "joined_on"),
    (ProjectLine, "left_on"),
    (Settlement, "settled_on"),
    (SiteVisit, "visited_on"),
]


@pytest.mark.parametrize("today", DAYS_OF_A_YEAR, ids=str)
def test_the_current_year_shows_something_of_everything(today):
    people = {username: person for username, (person, _) in make_people("mat-khau").items()}
    successor.build(new_builder(people, place_day=today), Calendar(today), department="Cục minh họa")
    for model, field in DATED:
        assert not model.objects.filter(**{f"{field}__gt": today}).exists(), (model, field)
    check_what_waits(today)
    check_special_lines(today)


def check_what_waits(today):
    projects = stages.with_lateness(stages.with_stage(Project.objects.all(), today), today)
    found = Counter(project.stage for project in projects)
    assert set(found) >= set(Stage) - {Stage.PARTLY_ACCEPTED}
    assert sum(project.is_late for project in projects) == 3
    open_ones = Milestone.objects.with_due(today).filter(done_on=None)
    soon = open_ones.filter(due_on__range=(today, today + timedelta(30)))
    assert len(soon) >= 4
    assert Difficulty.objects.open(today).count() == 2
    assert planned_until(today, today.year, "assigned") == {"KCQG": 1300, "KCDP": 2300}
    assert planned_until(today, today.year + 1, "requested") == {"KCQG": 1500, "KCDP": 3550}


def check_special_lines(today):
    (stopped,) = ProjectDecision.objects.filter(kind="stopped")
    sums = Counter()
    for entry in LedgerEntry.objects.filter(line__project=stopped.project, source__code="KCDP"):
        sums[entry.step] += entry.amount_vnd / MILLION
    assert (sums[Step.ADVANCED], sums[Step.RECOVERED]) == (98, 50)
    assert sums[Step.APPROVED] == sums[Step.CONTRACTED] == 48
    (moved,) = ProjectLine.objects.filter(plan_year=today.year + 1, replaces__plan_year=today.year)
    assert moved.entries.get(step=Step.CONTRACTED).amount_vnd == 150 * MILLION
    two = [
        line
        for line in ProjectLine.objects.all()
        if {"KCQG", "KCDP"} <= set(line.entries.filter(step=Step.CONTRACTED).values_list("source__code", flat=True))
    ]
    assert len(two) == 1
    group = Project.objects.get(kind="group")
    assert Counter(line.beneficiary_id is None for line in group.lines.filter(left_on=None)) == {False: 2, True: 1}
    assert Contract.objects.filter(kind="support", contract_lines__line__project=group).count() == 1
    places = ProjectLine.objects.exclude(locality__level="PROVINCE").values_list("locality__valid_to", flat=True)
    assert set(places) == {None}


# --- refusals and removal ---------------------------------------------------------------------------


def test_a_database_with_a_project_gets_no_demonstration(capsys):
    make_project()
    before = rows_by_table()
    with pytest.raises(SystemExit) as refused:
        call_command("demo")
    assert refused.value.code == 1
    assert "đã có đề án" in capsys.readouterr().err
    assert rows_by_table() == before


def test_a_taken_user_name_is_refused_by_name(capsys):
    make_user(username="ketoan")
    with pytest.raises(SystemExit):
        call_command("demo")
    assert "ketoan" in capsys.readouterr().err


def test_without_a_password_each_person_gets_another():
    logins = make_people(None)
    assert len({password for _, password in logins.values()}) == len(USERNAMES)
    assert all(person.check_password(password) for person, password in logins.values())


def test_the_local_officer_reaches_the_communes_made_of_the_district(small):
    reached = {place.long_name for place in User.objects.get(username="diaphuong").own_localities()}
    assert {"xã Y Can, huyện Trấn Yên, tỉnh Yên Bái", "xã Quy Mông, tỉnh Lào Cai"} <= reached


def test_the_office_s_name_follows_the_day(small):
    assert OfficeSettings.objects.in_force(date(2019, 5, 31)).place_name == "Yên Bái"
    assert OfficeSettings.objects.in_force(date(2026, 1, 1)).parent_agency == "SỞ TÀI CHÍNH TỈNH LÀO CAI"


def test_facts_carry_their_author_s_name_in_the_history(small):
    project, line = small.made
    assert project.history.get().history_user.username == "chuyenvien"
    paid = LedgerEntry.objects.get(line=line, step=Step.PAID)
    assert paid.history.get().history_user.username == "ketoan"


def test_taking_out_leaves_what_people_entered_themselves(small):
    own = make_beneficiary(name="Cơ sở thật")
    remove_demo()
    assert list(Beneficiary.objects.all()) == [own]
    assert not Project.objects.exists() and not User.objects.filter(username__in=USERNAMES).exists()
    left = [model for model in apps.get_models() if is_history(model) and model._meta.app_label == "projects"]
    assert sum(model.objects.count() for model in left) == own.history.count()


def test_real_facts_on_a_demonstration_line_are_named_and_nothing_goes(small, capsys):
    _, line = small.made
    services.keep(SiteVisit(project=line.project, line=line, kind="check", visited_on=date(2019, 8, 1)))
    before = rows_by_table()
    with pytest.raises(SystemExit) as refused:
        call_command("remove_demo")
    assert refused.value.code == 1
    assert "chuyến kiểm tra “Kiểm tra, giám sát 01/08/2019”" in capsys.readouterr().err
    assert rows_by_table() == before and is_demo_shown()


def test_a_real_plan_line_under_a_demonstration_paper_is_refused(small):
    services.record_plan(
        decision=small.papers["dot_1"], year=2021, source=small.sources["KCH"], kind="assigned", amount_vnd=MILLION
    )
    with pytest.raises(NotAllowed, match="dòng kế hoạch"):
        remove_demo()


def test_a_demonstration_person_who_wrote_real_facts_is_locked_not_deleted(small):
    services.keep(Beneficiary(name="Cơ sở thật"), by=User.objects.get(username="chuyenvien"))
    stays = remove_demo()
    (person,) = User.objects.filter(username__in=USERNAMES)
    assert (person.username, person.is_active, person.has_usable_password()) == ("chuyenvien", False, False)
    assert "chuyenvien" in stays[0]


def test_an_agency_that_real_work_uses_stays(small):
    agency = small.agency("Sở Công Thương tỉnh Yên Bái")
    make_project(executing_agency=agency)
    remove_demo()
    assert list(Agency.objects.filter(pk=agency.pk)) == [agency]
    assert not Agency.objects.filter(name__contains="UBND").exists()


def test_office_settings_that_were_edited_stay(small):
    OfficeSettings.objects.filter(place_name="Lào Cai").update(director_name="Người ký thật")
    remove_demo()
    assert list(OfficeSettings.objects.values_list("place_name", flat=True)) == ["Lào Cai"]


@pytest.fixture
def logins_file(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_logins, "LOGINS_FILE", tmp_path / "logins")
    return tmp_path / "logins"


def test_what_was_taken_out_is_not_filled_in_again_by_the_next_start(small, settings, capsys, logins_file):
    settings.DEMO = True
    demo_logins.keep_logins([("chuyenvien", "mat-khau")])
    call_command("remove_demo")
    assert not logins_file.exists()
    assert "Không còn tài khoản nào: chạy" in capsys.readouterr().err
    call_command("prepare")
    assert not Project.objects.exists() and not User.objects.exists() and not logins_file.exists()
    told = capsys.readouterr().err
    assert "đã được xóa nên không nạp lại" in told and "createsuperuser" in told


def test_a_start_forgets_log_ins_of_people_who_are_gone(db, settings, logins_file):
    settings.DEMO = False
    demo_logins.keep_logins([("chuyenvien", "mat-khau")])
    call_command("prepare")
    assert not logins_file.exists()


def test_a_start_keeps_the_log_ins_that_still_open_something(db, settings, logins_file):
    settings.DEMO = False
    pairs = [(name, f"{name}-mat-khau") for name in ("chuyenvien", "lanhdao", "ketoan", "nguoixem")]
    for name, password in pairs[:3]:
        make_user(username=name, password=password, is_active=name != "lanhdao")
    changed = User.objects.get(username="ketoan")
    changed.set_password("da-doi-mat-khau")
    changed.save()
    demo_logins.keep_logins(pairs)
    call_command("prepare")
    assert demo_logins.kept_logins() == pairs[:1]


def test_with_a_person_left_nobody_is_sent_to_make_one(small, capsys, logins_file):
    make_user(Role.ADMIN, username="that")
    call_command("remove_demo")
    assert "createsuperuser" not in capsys.readouterr().err


def test_who_asks_for_it_by_hand_gets_the_demonstration_again(small, logins_file):
    call_command("remove_demo")
    call_command("demo", stdout=io.StringIO())
    assert is_demo_shown() and not was_demo_removed()


def test_nothing_to_take_out_is_said_and_is_no_error(capsys):
    call_command("remove_demo")
    assert "Không có dữ liệu minh họa" in capsys.readouterr().err


def test_a_row_made_by_others_is_not_marked(small):
    make_user(Role.STAFF, username="nguoithat")
    marked = DemoMark.objects.filter(model="accounts.user").values("object_id")
    assert set(User.objects.filter(pk__in=marked).values_list("username", flat=True)) == set(USERNAMES)


def test_an_agency_known_already_is_used_again(small):
    before = Agency.objects.count()
    Builder(staff=small.staff, accountant=small.accountant, reporter=None, place_day=date(2019, 1, 1)).agency(
        "Bộ Công Thương"
    )
    assert Agency.objects.count() == before
