"""The list behind a figure: its sentence, its rows, and what it refuses."""

import pytest

from accounts.models import Role
from projects.models import ProjectDecision
from reports.figures import block_of
from reports.rows import read_money
from reports.selections import TITLES
from tests import factories as make
from tests.figure_links import Page

FRAME = "?nam=2019&ngay=2019-12-31"


@pytest.fixture
def reader(client, db):
    client.force_login(make.make_user(Role.VIEWER))
    return client


@pytest.fixture
def line(db):
    make.make_plan(amount_vnd=1000 * make.MILLION)
    return make.make_signed_line(300 * make.MILLION)


def text_of(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_list_says_what_it_holds_in_one_sentence(reader, line):
    text = text_of(reader, f"/so-lieu/approved_vnd/{FRAME}&nguon=KCQG")
    assert "Kinh phí được duyệt" in text
    assert "Khuyến công quốc gia, năm 2019, đến 31/12/2019:" in text
    assert "300.000.000 đồng</b>, <b" in text and "1 dòng</b>" in text


def test_the_sentence_names_every_narrowing(reader, line):
    query = f"&noi-dung={line.activity_id}&hoat-dong=0&de-an={line.project_id}&dong={line.pk}&tu=2019-03-01"
    text = text_of(reader, f"/so-lieu/contracted_vnd/{FRAME}{query}")
    for words in (line.activity.name, line.project.code, str(line.beneficiary), "từ 01/03/2019 đến 31/12/2019"):
        assert words in text


def test_a_row_leads_to_its_line_and_its_contract(reader, line):
    text = text_of(reader, f"/so-lieu/contracted_vnd/{FRAME}")
    contract = line.contracts.get()
    assert f"/de-an/{line.project_id}/{FRAME.replace('&', '&amp;')}#dong-{line.pk}" in text
    assert f"/hop-dong/{contract.pk}/" in text and f"Hợp đồng {contract.number}" in text


def test_a_recovery_counts_against_what_was_paid(reader, line):
    make.advance(line, 100 * make.MILLION)
    make.recover(line, 30 * make.MILLION, on="2019-09-01")
    page = Page(text_of(reader, f"/so-lieu/disbursed_vnd/{FRAME}"))
    assert page.amounts == 70 * make.MILLION and page.rows == ["100.000.000", "-30.000.000"]


def test_the_disbursed_list_works_out_its_percent(reader, line):
    make.advance(line, 100 * make.MILLION)
    assert "Bằng 33,33 % kinh phí được duyệt" in text_of(reader, f"/so-lieu/disbursed_vnd/{FRAME}")


def test_amounts_not_known_are_counted_and_said(reader, line):
    make.approve(make.make_line(), None)
    text = text_of(reader, f"/so-lieu/approved_vnd/{FRAME}")
    assert "2 dòng</b>" in text and "Trong đó 1 dòng chưa biết số tiền." in text


def test_what_is_unallocated_is_worked_out(reader, line):
    text = text_of(reader, f"/so-lieu/unallocated_vnd/{FRAME}")
    assert 'data-vnd="1000000000"' in text and 'data-vnd="300000000"' in text and 'data-vnd="700000000"' in text


def test_one_beneficiary_with_two_lines_is_one_establishment(reader, line):
    make.make_approved_line(100 * make.MILLION, beneficiary=line.beneficiary)
    page = Page(text_of(reader, f"/so-lieu/establishments/{FRAME}"))
    assert page.counts == {1} and page.rows == ["2"]


def test_a_long_list_is_paged_and_sums_all_of_it(reader, line):
    for _ in range(51):
        make.approve(line, make.MILLION)
    first = text_of(reader, f"/so-lieu/approved_vnd/{FRAME}")
    last = Page(text_of(reader, f"/so-lieu/approved_vnd/{FRAME}&trang=2"))
    assert len(Page(first).rows) == 50 and len(last.rows) == 2
    assert last.sums == Page(first).sums == {351 * make.MILLION}


def test_plan_lines_are_narrowed_to_rises_or_cuts(reader, line):
    make.make_plan(amount_vnd=200 * make.MILLION, kind="adjusted", on="2019-05-01")
    make.make_plan(amount_vnd=-50 * make.MILLION, kind="adjusted", on="2019-06-01")
    assert Page(text_of(reader, f"/so-lieu/plan_adjusted_vnd/{FRAME}&dau=%2B")).sums == {200 * make.MILLION}
    assert Page(text_of(reader, f"/so-lieu/plan_adjusted_vnd/{FRAME}&dau=-")).sums == {-50 * make.MILLION}


def test_a_stop_is_told_by_its_paper(reader, line):
    make.stop(line.project)
    decision = ProjectDecision.objects.get(kind="stopped")
    text = text_of(reader, f"/so-lieu/contracted_vnd/{FRAME}")
    assert decision.get_kind_display() in text and "-300.000.000" in text


def test_rows_read_for_sums_alone_refuse_to_count(line):
    block = block_of(read_money(2019, make.day("2019-12-31")))
    assert block.vnd("approved_vnd") == 300 * make.MILLION
    with pytest.raises(KeyError):
        block.project_ids("projects")


@pytest.mark.parametrize("key", [*TITLES, "unallocated_vnd"])
def test_every_figure_has_a_page_even_where_nothing_is_there(reader, key):
    assert reader.get(f"/so-lieu/{key}/").status_code == 200


@pytest.mark.parametrize("path", ["/so-lieu/khong-co/", "/so-lieu/tinh-trang/khong-co/"])
def test_what_is_no_figure_is_not_found(reader, path):
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("query", ["noi-dung=999999", "de-an=999999", "dong=999999", "dia-ban=999999"])
def test_a_row_that_is_not_there_is_not_found(reader, query):
    assert reader.get(f"/so-lieu/approved_vnd/?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "nguon=KHONGCO",
        "noi-dung=may-moc",
        "de-an=1_0",
        "dong=-1",
        "dia-ban=٣",
        "hoat-dong=2",
        "dau=x",
        "truoc=2",
        "truoc=1",
        "tu=31/12/2019",
        "tu=2019-12-31&ngay=2019-12-30",
        "ngay=2019-02-31",
        "nam=hai",
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused_with_its_reason(reader, query):
    answer = reader.get(f"/so-lieu/approved_vnd/?{query}")
    assert answer.status_code == 422
    assert "Chưa thực hiện được" in answer.content.decode()


def test_a_plan_is_not_divided_by_place(reader, line):
    place = make.make_locality()
    assert reader.get(f"/so-lieu/plan_assigned_vnd/{FRAME}&dia-ban={place.pk}").status_code == 422
