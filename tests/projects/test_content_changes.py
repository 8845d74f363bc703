"""Another activity, another place by decision: one total is left, the other entered once, the days before stay."""

import pytest

from accounts.models import Role
from khuyencong.errors import NotAllowed
from projects import services
from projects.models import AppliedNorm, LedgerEntry, ProjectDecision, ProjectLine
from projects.services.withdrawals import withdraw_paper
from projects.workbook.exporting import export_workbook
from projects.workbook.importing import import_workbook
from reports.figures import block_of
from reports.rows import read_year
from tests import factories as make
from tests.projects.pages import see, text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
ON, BEFORE = "2019-06-01", "2019-05-31"


@pytest.fixture
def line():
    make.make_plan(amount_vnd=1000 * M)
    return make.make_signed_line(300 * M, locality=make.make_locality("Nơi cũ"))


def change(line, on=ON, **new):
    step = make.decide(line.project, "adjusted", on=on, line=line)
    return services.change_content(line=line, decision=step, **new)


def of_activity(code, day):
    """(đề án, establishments, approved, signed, disbursed) of the activity on the day, money in triệu đồng."""
    block = block_of(read_year(2019, make.day(day)), "KCQG", activity=make.activity(code).pk)
    money = [block.vnd(key) // M for key in ("approved_vnd", "contracted_vnd", "disbursed_vnd")]
    return len(block.project_ids("projects")), len(block.line_ids("contracted_beneficiaries")), *money


def test_a_de_an_of_another_activity_leaves_one_total_and_enters_the_other_once(line):
    change(line, activity=make.activity("HD14"))
    assert (of_activity("HD10", BEFORE), of_activity("HD14", BEFORE)) == ((1, 1, 300, 300, 0), (0, 0, 0, 0, 0))
    assert (of_activity("HD10", ON), of_activity("HD14", ON)) == ((0, 0, 0, 0, 0), (1, 1, 300, 300, 0))
    whole = block_of(read_year(2019, make.day(ON)))
    assert [len(whole.project_ids("projects")), whole.vnd("approved_vnd") // M] == [1, 300]


def test_what_was_paid_stays_under_the_activity_it_was_paid_for(line):
    make.advance(line, 100 * M, on="2019-04-15")
    new = change(line, activity=make.activity("HD14"))
    assert (of_activity("HD10", ON), of_activity("HD14", ON)) == ((0, 0, 100, 100, 100), (1, 1, 200, 200, 0))
    make.pay(new, 200 * M, contract=line.contracts.get())
    with pytest.raises(NotAllowed, match="vượt số đã ký"):
        make.pay(new, M)


def test_another_place_keeps_the_norm_another_activity_has_its_own(line):
    services.apply_norms(decision=line.project.decisions.get(kind="approved"))
    moved = change(line, locality=make.make_locality("Nơi mới"))
    assert [row.code for row in AppliedNorm.objects.filter(line=moved)] == ["N04"]
    fair = change(moved, on="2019-07-01", activity=make.activity("HD14"))
    assert {row.code for row in AppliedNorm.objects.filter(line=fair)} != {"N04"}


def test_what_is_as_before_is_no_change(line):
    with pytest.raises(NotAllowed, match="vẫn như cũ"):
        change(line, activity=line.activity, locality=line.locality)


def test_what_is_accepted_is_where_it_is(line):
    make.accept(line, 300 * M, on=BEFORE)
    with pytest.raises(NotAllowed, match="đã nghiệm thu ngày 31/05/2019"):
        change(line, activity=make.activity("HD14"))
    assert of_activity("HD10", ON)[2] == 300


def test_the_form_writes_it_says_who_decides_and_the_decision_may_be_withdrawn(line, client):
    client.force_login(make.make_user(Role.STAFF))
    address = f"/de-an/{line.project_id}/quyet-dinh/doi-noi-dung/"
    assert "Bộ trưởng (đổi nội dung hoạt động); Cục (đổi địa điểm)" in text_of(client.get(address))
    place = make.make_locality("Nơi mới")
    typed = {"on": "1/6/2019", "number": "5/QĐ-THỬ", "why": "Đất chưa giao", "locality": place.pk}
    typed["authority"] = "department"
    assert client.post(address, typed).status_code == 302
    step = ProjectDecision.objects.get(kind="adjusted")
    assert (step.change, step.changed_from, step.changed_to) == ("place", str(line.locality), str(place))
    new = ProjectLine.objects.get(replaces=line)
    assert (new.locality, new.activity) == (place, line.activity)
    page = text_of(see(client, f"{line.project.get_absolute_url()}?ngay=2019-06-30"))
    assert "Điều chỉnh: đổi địa điểm" in page and "Đổi nội dung, địa bàn từ 01/06/2019" in page
    withdraw_paper(paper=step, by=make.make_user(Role.STAFF))
    assert not ProjectLine.objects.filter(replaces=line).exists()
    assert not LedgerEntry.objects.filter(decision=step.pk).exists() and make.sums(line)[:2] == (300 * M, 300 * M)


@pytest.mark.parametrize("paid", [0, 100 * M])
def test_a_list_written_out_after_it_is_read_in_unchanged_and_one_of_before_is_refused(line, paid, tmp_path):
    if paid:
        make.advance(line, paid, on="2019-04-15")
    export_workbook(tmp_path / "truoc.xlsx", 2019)
    change(line, activity=make.activity("HD14"), locality=make.make_locality("Nơi mới"))
    export_workbook(tmp_path / "sau.xlsx", 2019)
    result = import_workbook(tmp_path / "sau.xlsx")
    assert result.errors == []
    assert not any(result.counts["created"].values()) and not any(result.counts["updated"].values()), result.counts
    refused = import_workbook(tmp_path / "truoc.xlsx").errors
    assert refused[0]["column"] == "Nội dung hoạt động" and "Hãy xuất tệp mới" in refused[0]["message"]
