"""One paper that adds, raises, stops and moves at once, worked by hand: all of it or nothing, on its day."""

from datetime import date

import pytest

from funding.models import Decision, PlanLine
from khuyencong.errors import NeedsReason, NotAllowed
from projects.models import AppliedNorm, LedgerEntry, ProjectDecision, Rule
from projects.services.whole_paper import Does, Effect, PlanRow, enter_paper
from reports.figures import year_figures
from reports.rows import read_year
from tests import factories as make
from tests.projects.worked_paper import MILLION, PAPER_ON, asked_line, effects_of, enter, enter_batches, plan_rows

pytestmark = pytest.mark.django_db
Kind, Change = ProjectDecision.Kind, ProjectDecision.Change


@pytest.fixture
def year():
    return enter_batches()


def planned_and_approved(code, plan_year, day):
    """In triệu đồng; ``tests/reports/test_worked_paper.py`` works out every other figure."""
    found = next(each for each in year_figures(read_year(plan_year, day))["sources"] if each["code"] == code)
    return found["plan_assigned_vnd"] // MILLION, found["support_vnd"] // MILLION


def test_each_step_says_what_it_changed_and_who_decided(year):
    enter(effects_of(year), plan_rows(), authority=ProjectDecision.Authority.MINISTER)
    steps = ProjectDecision.objects.filter(on=PAPER_ON).order_by("pk")
    assert {step.authority for step in steps} == {"minister"} and {str(step.decision) for step in steps} == {
        "77/QĐ-THỬ"
    }
    said = {(step.project_id, step.kind, step.change) for step in steps}
    assert said == {
        (year.a.project_id, Kind.STOPPED, Change.STOPPED),
        (year.b.project_id, Kind.STOPPED, Change.STOPPED),
        (year.c.project_id, Kind.ADJUSTED, Change.MORE_MONEY),
        (year.d.project_id, Kind.MOVED, Change.NEXT_YEAR),
        *((line.project_id, Kind.APPROVED, Change.ADDED) for line in year.new),
    }


def test_an_addition_approves_what_was_asked_for_with_the_counterpart(year):
    paper = enter(effects_of(year), plan_rows())
    line = year.new[0]
    assert (make.sums(line)[0], make.sums(line, code="DOIUNG")[0]) == (150 * MILLION, 150 * MILLION)
    assert dict(paper.warned)[line] == []
    assert LedgerEntry.objects.filter(line=line, decision__decision=paper.decision).count() == 2


def test_what_each_addition_was_held_against_is_copied(year):
    enter(effects_of(year), plan_rows())
    assert AppliedNorm.objects.filter(line__in=year.new, source=make.source()).count() == 4


def test_a_paper_that_overspends_is_refused_whole_naming_the_de_an_and_the_amount(year):
    too_much = Effect(Does.APPROVE, asked_line(181), source=make.source(), amount_vnd=181 * MILLION)
    before = (LedgerEntry.objects.count(), ProjectDecision.objects.count(), PlanLine.objects.count())
    with pytest.raises(NotAllowed) as refusal:
        enter([too_much, *effects_of(year)], plan_rows())
    refused = refusal.value.part.line.project.code
    assert refusal.value.message.startswith(f"{refused}: Phê duyệt ")
    assert "còn" in refusal.value.message and not Decision.objects.filter(number="77/QĐ-THỬ").exists()
    assert before == (LedgerEntry.objects.count(), ProjectDecision.objects.count(), PlanLine.objects.count())


def test_exactly_what_is_left_may_be_approved(year):
    enter([Effect(Does.APPROVE, asked_line(180)), *effects_of(year)], plan_rows())
    assert planned_and_approved("KCQG", 2019, PAPER_ON) == (1600, 1600)


def test_a_cut_below_what_the_paper_leaves_approved_is_refused_at_its_row(year):
    cut = PlanRow(2019, make.source("KCDP"), PlanLine.Kind.ADJUSTED, -61 * MILLION)
    with pytest.raises(NotAllowed, match=r"sẽ vượt kế hoạch 1\.000\.000 đồng") as refusal:
        enter(effects_of(year), [*plan_rows()[1:], cut])
    assert refusal.value.part is cut


def test_the_plan_may_be_cut_by_what_the_paper_itself_gives_back():
    make.make_plan(amount_vnd=300 * MILLION)
    line = make.make_approved_line(300 * MILLION)
    cut = PlanRow(2019, make.source(), PlanLine.Kind.ADJUSTED, -300 * MILLION)
    enter([Effect(Does.STOP, line, why="Rút")], [cut])
    assert planned_and_approved("KCQG", 2019, PAPER_ON) == (0, 0)


def test_what_one_change_of_source_frees_another_takes():
    """C goes from KCQG to the full KCĐP, whose money G leaves for KCH; typed in the order that has no room yet."""
    for code in ("KCQG", "KCDP", "KCH"):
        make.make_plan(code=code, amount_vnd=300 * MILLION)
    one, other = make.make_approved_line(300 * MILLION), make.make_approved_line(300 * MILLION, code="KCDP")
    enter(
        [
            Effect(Does.SOURCE, one, new_source=make.source("KCDP"), why="Đổi nguồn"),
            Effect(Does.SOURCE, other, new_source=make.source("KCH"), why="Đổi nguồn"),
        ]
    )
    assert make.sums(one, code="KCDP")[0] == make.sums(other, code="KCH")[0] == 300 * MILLION
    assert make.sums(one)[0] == make.sums(other, code="KCDP")[0] == 0


def test_a_line_stopped_alone_is_taken_up_again_alone():
    make.make_plan()
    line = make.make_signed_line(300 * MILLION)
    other = make.make_line(line.project)
    make.approve(other, 100 * MILLION)
    enter([Effect(Does.STOP_LINE, line, why="Cơ sở xin rút")], on=date(2019, 7, 1))
    assert (make.sums(line)[0], make.sums(other)[0]) == (0, 100 * MILLION)
    again = Decision(number="78/QĐ-THỬ", decided_on=date(2019, 8, 1))
    enter_paper(decision=again, effects=[Effect(Does.RESUME, line)])
    assert make.sums(line)[0] == 300 * MILLION
    assert ProjectDecision.objects.get(kind=Kind.RESUMED).line == line


def test_money_is_lowered_by_what_is_typed():
    line = make.make_approved_line(300 * MILLION)
    enter([Effect(Does.LESS, line, amount_vnd=80 * MILLION, why="Giảm quy mô")])
    assert make.sums(line)[0] == 220 * MILLION


def test_a_de_an_not_approved_yet_cannot_be_stopped():
    with pytest.raises(NotAllowed, match="chưa được phê duyệt"):
        enter([Effect(Does.STOP, make.make_line(), why="Rút")])


def test_the_source_is_asked_for_where_a_line_has_two():
    line = make.make_approved_line(300 * MILLION)
    make.approve(line, 100 * MILLION, code="KCDP")
    with pytest.raises(NotAllowed, match="Khuyến công quốc gia, Khuyến công địa phương"):
        enter([Effect(Does.MORE, line, amount_vnd=MILLION, why="Tăng")])


def test_a_paper_of_a_closed_period_needs_a_reason():
    line = make.make_approved_line(300 * MILLION)
    make.close_period("2019-10-01", "2019-10-31")
    with pytest.raises(NeedsReason):
        enter([Effect(Does.STOP, line, why="Rút")])
    enter([Effect(Does.STOP, line, why="Rút")], reason="Quyết định về sau khi chốt", by=make.make_user())
    assert make.sums(line)[0] == 0


def test_another_level_than_the_rules_name_is_warned_of_for_national_money_only():
    national, local = make.make_approved_line(), make.make_approved_line(code="KCDP")
    stops = [Effect(Does.STOP, line, why="Rút") for line in (national, local)]
    paper = enter(stops, authority=ProjectDecision.Authority.DEPARTMENT)
    (warning,) = paper.warnings
    assert warning.rule == Rule.WRONG_AUTHORITY and warning.legal_basis == "Thông tư 36/2013/TT-BCT, Điều 11"
    assert "Bộ trưởng" in warning.message
    assert [line for line, found in paper.warned if found] == [national]


def test_a_second_first_row_of_the_plan_completes_the_first():
    make.make_approved_line(300 * MILLION)
    rows = [
        PlanRow(2019, make.source(), PlanLine.Kind.ASSIGNED, vnd * MILLION, {"batch": batch})
        for vnd, batch in ((100, "1"), (200, "2"))
    ]
    assert enter(plan=rows).warnings == []


def test_a_refused_project_is_approved_by_a_paper_only_with_a_warning_told_once():
    make.make_plan(amount_vnd=900 * MILLION)
    project = make.make_project()
    first, second = (asked_line(100, project=project) for _ in range(2))
    make.decide(project, Kind.REJECTED, on="2019-10-01")
    effects = [Effect(Does.APPROVE, line) for line in (first, second)]
    paper = enter_paper(decision=make.make_decision(on=PAPER_ON), effects=effects)
    assert [warning.rule for warning in paper.warnings if "không phê duyệt" in warning.message] == [Rule.OTHER]
