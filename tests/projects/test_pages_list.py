"""The list of đề án: what it holds, that its sums are the figures, who sees what."""

from datetime import timedelta
from itertools import product

import pytest

from accounts.models import Role
from projects.models import BeneficiaryFormerName, Project, ProjectDecision
from projects.views import project_table
from reports.figures import block_of
from reports.rows import read_year
from tests import factories as make
from tests.projects.pages import HTMX, codes_of, see, sums_of, text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
LIST = "/de-an/?nam=2019&ngay=2019-12-31"
Kind = ProjectDecision.Kind


@pytest.fixture
def year():
    """Two sources, a task, one stopped, one half paid, one only asked for."""
    make.make_plan(code="KCQG", amount_vnd=5000 * M)
    make.make_plan(code="KCDP", amount_vnd=5000 * M)
    signed = make.make_signed_line(200 * M, code="KCDP", project=make.make_project(code="A-1"))
    make.advance(signed, 140 * M, code="KCDP")
    make.accept(signed, 200 * M, code="KCDP")
    both = make.make_approved_line(300 * M, code="KCDP", project=make.make_project(code="A-2"))
    make.approve(both, 50 * M, code="KCQG")
    stopped = make.make_signed_line(100 * M, code="KCDP", project=make.make_project(code="A-3"))
    make.advance(stopped, 40 * M, code="KCDP")
    make.stop(stopped.project)
    task = make.make_project(Project.Kind.TASK, code="A-4")
    make.make_approved_line(60 * M, code="KCDP", project=task, has_contract=False)
    asked = make.make_line(make.make_project(code="A-5"), joined_on="2018-06-01")
    make.ask(asked, 100 * M, code="KCDP")


def test_the_sums_are_the_figures_of_the_same_year_day_and_source(client, year):
    for day, code in product(["2019-03-01", "2019-05-31", "2019-12-31"], ["", "KCQG", "KCDP", "DOIUNG"]):
        check_sums(client, day, code)


def check_sums(client, day, code):
    figures = block_of(read_year(2019, make.day(day)), code or None).figures()
    answer = see(client, f"/de-an/?nam=2019&ngay={day}&nguon={code}")
    if not answer.context["rows"]:
        assert not figures["support_vnd"] + figures["activities_vnd"]
        return
    sums = sums_of(answer)
    for name in ("projects", "activities", "beneficiaries"):
        assert sums[name] == figures[name], name
    assert sums["approved"] == figures["support_vnd"] + figures["activities_vnd"]
    for name in ("contracted", "disbursed", "accepted"):
        assert sums[name] == figures[f"{name}_vnd"], name


def test_what_is_not_approved_is_listed_and_told_apart(client, year):
    answer = see(client, LIST)
    assert codes_of(answer) == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    assert "2 đề án và 1 hoạt động 1 chưa được duyệt · 1 đã ngừng, chuyển đi hoặc bị trả lại, từ chối" in text_of(
        answer
    )
    assert codes_of(see(client, f"{LIST}&tinh-trang=dang-ky")) == ["A-5"]


ROWS = {
    "nguon=KCQG": ["A-2"],
    "loai=task": ["A-4"],
    "tinh-trang=ngung": ["A-3"],
    "tinh_trang=ngung": ["A-3"],
    "tinh-trang=da-nghiem-thu": ["A-1"],
    "nguon=KCDP&tinh-trang=phe-duyet": ["A-2", "A-4"],
    "sap=-duyet&loai=single": ["A-2", "A-1", "A-3", "A-5"],
    "sap=-ma&nguon=KCDP": ["A-5", "A-4", "A-3", "A-2", "A-1"],
}


def test_filters_and_orders_choose_the_rows(client, year):
    assert {query: codes_of(see(client, f"{LIST}&{query}")) for query in ROWS} == ROWS


def test_a_filter_that_is_not_understood_shows_nothing_and_says_so(client, year):
    answer = see(client, f"{LIST}&nguon=KHONGCO")
    assert not answer.context["rows"]
    assert "“KHONGCO” không có trong danh sách." in text_of(answer)


def test_a_day_that_is_no_date_is_refused(client, year):
    assert see(client, "/de-an/?ngay=2019-02-31").status_code == 422


def test_nothing_decided_later_is_listed_earlier(client, year):
    assert codes_of(see(client, "/de-an/?nam=2019&ngay=2018-12-31")) == ["A-5"]
    assert codes_of(see(client, "/de-an/?nam=2019&ngay=2018-05-31")) == []


def test_a_moved_de_an_stands_in_both_years_and_says_where_it_went(client):
    make.make_plan(2019, "KCDP", 500 * M)
    make.make_plan(2020, "KCDP", 500 * M)
    line = make.make_approved_line(100 * M, code="KCDP")
    paper = make.decide(line.project, Kind.MOVED, on="2019-10-01")
    make.services.move_to_year(line=line, year=2020, decision=paper)
    old = see(client, LIST)
    assert old.context["rows"][0].standing.stage_text == "Đã chuyển đi"
    assert not see(client, f"{LIST}&tinh-trang=phe-duyet").context["rows"]
    assert sums_of(see(client, "/de-an/?nam=2020&ngay=2019-12-31"))["approved"] == 100 * M
    assert not see(client, "/de-an/?nam=2020&ngay=2019-09-30").context["rows"]


@pytest.mark.parametrize("word", [Kind.RETURNED, Kind.REJECTED])
def test_what_was_sent_back_or_refused_after_its_approval_is_in_no_count(client, word):
    make.make_plan(code="KCDP")
    line = make.make_approved_line(100 * M, code="KCDP")
    make.make_approved_line(70 * M, code="KCDP")
    make.decide(line.project, word, on="2019-04-01")
    answer = see(client, LIST)
    sums, figures = sums_of(answer), block_of(read_year(2019, make.day("2019-12-31"))).figures()
    assert (sums["count"], sums["projects"], sums["beneficiaries"]) == (2, 1, 1)
    assert (figures["projects"], figures["beneficiaries"]) == (1, 1)
    assert sums["approved"] == figures["support_vnd"] == 170 * M
    assert "1 đã ngừng, chuyển đi hoặc bị trả lại, từ chối" in text_of(answer)
    make.decide(line.project, on="2019-05-01")
    assert sums_of(see(client, LIST))["projects"] == 2


def test_search_needs_no_diacritics_and_knows_former_names_and_contracts(client):
    make.make_plan(code="KCDP")
    owner = make.make_beneficiary("Công ty Gỗ Trường Phát")
    BeneficiaryFormerName.objects.create(beneficiary=owner, name="Cơ sở cũ", used_until="2018-01-01")
    project = make.make_project(code="A-9", name="Chế tác đá")
    line = make.make_approved_line(100 * M, code="KCDP", project=project, beneficiary=owner)
    make.sign(line, 100 * M, code="KCDP", number="88/HĐ-KC")
    make.make_approved_line(100 * M, code="KCDP")
    words = ["go truong phat", "GỖ Trường", "co so cu", "88/hd", "a-9 phat", "đá a-9"]
    assert {each: codes_of(see(client, f"{LIST}&q={each}")) for each in words} == dict.fromkeys(words, ["A-9"])


def test_search_knows_no_contract_and_no_establishment_of_a_later_day(client):
    make.make_plan(code="KCDP")
    line = make.make_approved_line(100 * M, code="KCDP", project=make.make_project(code="A-9"))
    make.sign(line, 100 * M, code="KCDP", number="88/HĐ-KC")
    paper = make.decide(line.project, Kind.ADJUSTED, on="2019-06-01")
    heir = make.make_beneficiary("Gỗ Trường Phát")
    make.services.replace_beneficiary(line=line, beneficiary=heir, decision=paper)
    for words, day in (("88/hd", "2019-03-15"), ("truong phat", "2019-06-01")):
        before = make.day(day) - timedelta(days=1)
        assert codes_of(see(client, f"/de-an/?nam=2019&ngay={before}&q={words}")) == []
        assert codes_of(see(client, f"/de-an/?nam=2019&ngay={day}&q={words}")) == ["A-9"]


def test_a_search_that_finds_only_in_other_years_leads_there(client, year):
    answer = see(client, "/de-an/?nam=2021&ngay=2021-12-31&q=A-1")
    assert "Có ở năm 2019" in text_of(answer)
    assert "nam=2019" in answer.content.decode()


def test_names_sort_as_vietnamese_does(client):
    make.make_plan(code="KCDP")
    for name in ["Đông", "Dung", "Ân", "Ánh", "An"]:
        make.make_approved_line(M, code="KCDP", project=make.make_project(name=name))
    rows = see(client, f"{LIST}&sap=ten").context["rows"]
    assert [row.project.name for row in rows] == ["An", "Ánh", "Ân", "Dung", "Đông"]


def test_pages_hold_fifty_rows_and_the_sums_hold_all(client):
    make.make_plan(code="KCDP")
    for _ in range(52):
        make.make_approved_line(M, code="KCDP")
    answer = see(client, f"{LIST}&nguon=KCDP&trang=2")
    assert len(answer.context["rows"]) == 2
    assert (sums_of(answer)["count"], sums_of(answer)["approved"]) == (52, 52 * M)
    assert "nguon=KCDP" in answer.content.decode()
    assert len(answer.content) < 100_000


def test_the_list_asks_as_many_questions_for_many_rows_as_for_few(client, year, query_count):
    client.force_login(make.make_user())
    few = query_count(lambda: client.get(LIST))
    for _ in range(30):
        make.make_signed_line(M, code="KCDP")
    many = query_count(lambda: client.get(LIST))
    # Two of them begin and end the one moment of reading.
    assert few == many <= 17
    assert query_count(lambda: client.get(f"{LIST}&tinh-trang=dang-thuc-hien&nguon=KCDP&sap=-duyet")) <= 19


def test_htmx_gets_the_table_alone(client, year):
    answer = see(client, LIST, **HTMX)
    # The button that downloads the list goes along: its address holds the filters.
    button, section, _ = answer.content.decode().partition("<section")
    assert button.strip().startswith('<a id="tai-excel"') and section
    assert sums_of(answer)["count"] == 5
    assert "HX-Request" in answer["Vary"]


def test_an_empty_year_says_what_to_do(client):
    assert "Hãy chọn năm kế hoạch hoặc ngày khác" in text_of(see(client, LIST))


def test_a_local_officer_sees_and_sums_his_own_places_alone(client):
    make.make_plan(code="KCDP")
    mine, other = make.make_locality(), make.make_locality()
    group = make.make_project(Project.Kind.GROUP, code="A-1")
    make.make_approved_line(100 * M, code="KCDP", project=group, locality=mine)
    make.make_approved_line(70 * M, code="KCDP", project=group, locality=other)
    make.make_approved_line(50 * M, code="KCDP", locality=other)
    officer = make.make_user(Role.LOCAL, localities=[mine])
    answer = see(client, LIST, officer)
    assert codes_of(answer) == ["A-1"]
    assert sums_of(answer)["approved"] == 100 * M


def test_a_local_officer_finds_nothing_by_what_is_elsewhere_and_no_colleague_of_other_de_an(client):
    make.make_plan(code="KCDP")
    mine, other = make.make_locality(), make.make_locality()
    known, stranger = (make.make_user(full_name=name) for name in ("Người Gần", "Người Xa"))
    group = make.make_project(Project.Kind.GROUP, code="A-1", officer=known)
    own, far = make.make_beneficiary("Gỗ Trường Phát"), make.make_beneficiary("Đá Bạch Mã")
    make.make_approved_line(100 * M, code="KCDP", project=group, locality=mine, beneficiary=own)
    line = make.make_approved_line(70 * M, code="KCDP", project=group, locality=other, beneficiary=far)
    make.sign(line, 70 * M, code="KCDP", number="88/HĐ-KC")
    make.make_approved_line(M, code="KCDP", locality=other, project=make.make_project(officer=stranger))
    officer = make.make_user(Role.LOCAL, localities=[mine])
    found = {words: codes_of(see(client, f"{LIST}&q={words}", officer)) for words in ("go truong", "bach ma", "88/hd")}
    assert found == {"go truong": ["A-1"], "bach ma": [], "88/hd": []}
    assert codes_of(see(client, f"{LIST}&q=bach ma")) == ["A-1"]
    page = text_of(see(client, LIST, officer))
    assert "Người Gần" in page and "Người Xa" not in page


def test_a_place_holds_what_lies_under_it(client):
    make.make_plan(code="KCDP")
    district = make.make_locality()
    commune = make.make_locality(level=make.Level.COMMUNE, kind="xã", parent=district)
    line = make.make_approved_line(M, code="KCDP", locality=commune)
    make.make_approved_line(M, code="KCDP", locality=make.make_locality())
    assert codes_of(see(client, f"{LIST}&dia-ban={district.pk}")) == [line.project.code]


def test_the_table_over_chosen_de_an_lists_these_and_no_others(rf, client, year):
    request = rf.get("/so-lieu/?nam=2019&ngay=2019-12-31")
    request.user, request.htmx = make.make_user(), False
    answer = project_table(request, Project.objects.filter(code__in=["A-1", "A-3"]), title="Đề án", note="Hai đề án")
    assert sums_of(answer)["count"] == 2
    assert "Hai đề án" in text_of(answer)
