"""Lists behind figures as workbooks: the count and the sum that the page states, in each."""

import pytest

from accounts.models import Role
from projects import services
from projects.models import Difficulty
from reports.selections import PROJECT_KEYS, TITLES
from tests import factories as make
from tests.figure_links import Page
from tests.projects.test_list_files import Book

FRAME = "?nam=2019&ngay=2019-12-31"
M = make.MILLION
SUMMED = {"Số tiền": 1, "Kinh phí": 1}
PARTS = ["tinh-trang/dang-thuc-hien", "den-han", "kho-khan", "dia-ban"]


@pytest.fixture
def facts(db):
    make.make_plan(amount_vnd=2000 * M)
    make.make_plan(amount_vnd=-100 * M, kind="adjusted", on="2019-02-01")
    line = make.make_signed_line(300 * M, locality=make.make_locality())
    make.advance(line, 100 * M)
    make.recover(line, 30 * M, on="2019-09-01")
    make.accept(line, 300 * M)
    make.approve(make.make_line(), None)
    waiting = make.make_signed_line(200 * M, locality=make.make_locality())
    services.set_milestone(
        project=waiting.project, line=waiting, name="Lắp đặt máy", due_on="2019-12-20", set_on="2019-03-01"
    )
    Difficulty.objects.create(project=waiting.project, description="=Máy về chậm", raised_on="2019-12-01")


def opened(client, path):
    page, file = client.get(f"/so-lieu/{path}/{FRAME}"), client.get(f"/so-lieu/{path}.xlsx{FRAME}")
    assert page.status_code == 200
    return Page(page.content.decode()), Book(file), page.content.decode()


@pytest.fixture
def reader(facts, client):
    client.force_login(make.make_user(Role.VIEWER))
    return client


@pytest.mark.parametrize("key", TITLES)
def test_the_file_of_a_figure_has_the_rows_and_the_sum_of_its_page(reader, key):
    page, book, text = opened(reader, key)
    assert {len(book.rows)} == page.counts
    assert book.about[0] == TITLES[key] and "đến 31/12/2019" in book.about[1 + (key in PROJECT_KEYS)]
    assert f'href="/so-lieu/{key}.xlsx{FRAME.replace("&", "&amp;")}"' in text
    head = next((head for head in SUMMED if head in book.heads), None)
    if key not in PROJECT_KEYS and head and book.rows:
        assert {book.sum(head)} == page.sums and sum(value or 0 for value in book.column(head)) == book.sum(head)


@pytest.mark.parametrize("path", PARTS)
def test_the_file_of_a_full_list_has_the_rows_of_its_page(reader, path):
    page, book, _ = opened(reader, path)
    assert len(book.rows) == len(page.rows) > 0 and page.counts == {len(book.rows)}


def test_open_difficulties_carry_their_age_and_stay_text(reader):
    book = opened(reader, "kho-khan")[1]
    assert book.column("Đã qua (ngày)") == [30]
    assert book.column("Khó khăn, vướng mắc") == ["=Máy về chậm"]
    assert book.sheet.cell(book.head_row + 1, 1).data_type == "s"


def test_what_is_unallocated_is_worked_out_in_the_file_too(reader):
    book = Book(reader.get(f"/so-lieu/unallocated_vnd.xlsx{FRAME}"))
    assert book.column("Số tiền") == [1900 * M, 500 * M] and book.sum("Số tiền") == 1400 * M


@pytest.mark.parametrize("key", ["plan_assigned_vnd", "unallocated_vnd"])
def test_a_local_officer_gets_no_file_of_the_provinces_plan(facts, client, key):
    client.force_login(make.make_user(Role.LOCAL, localities=[make.make_locality()]))
    assert client.get(f"/so-lieu/{key}.xlsx{FRAME}").status_code == 404
    assert len(Book(client.get(f"/so-lieu/approved_vnd.xlsx{FRAME}")).rows) == 0


def test_a_figure_that_is_none_has_no_file(reader):
    assert reader.get("/so-lieu/khong-co.xlsx").status_code == 404
    assert reader.get("/so-lieu/tinh-trang/khong-co.xlsx").status_code == 404
    assert reader.get("/so-lieu/approved_vnd.xlsx?nam=hai").status_code == 422
