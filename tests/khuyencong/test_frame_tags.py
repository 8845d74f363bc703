"""Links that keep year and day, figure links, and what the pickers carry on."""

from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from khuyencong.frame_tags import build_url, initials, month_ends, page_numbers


def render(text, address="/", **context):
    """What the template ``text`` prints on the page ``address``."""
    request = RequestFactory().get(address)
    return Template(text).render(Context({"request": request, **context}))


def frame(year=2019, day=date(2019, 5, 31), is_today=False):
    return SimpleNamespace(year=year, day=day, is_today=is_today)


LINK = "{% link 'accounts:login' %}"


def test_a_link_keeps_a_day_that_is_not_today():
    assert render(LINK, frame=frame()) == "/dang-nhap/?ngay=2019-05-31"


def test_a_link_asks_for_nothing_when_all_is_as_usual():
    assert render(LINK, frame=frame(is_today=True)) == "/dang-nhap/"


def test_a_link_keeps_a_year_once_chosen():
    assert render(LINK, "/?nam=2019", frame=frame(is_today=True)) == "/dang-nhap/?nam=2019"


def test_a_link_names_a_year_that_the_day_does_not_imply():
    assert render(LINK, frame=frame(year=2020, is_today=True)) == "/dang-nhap/?nam=2020"


def test_a_link_without_a_frame_is_the_bare_address():
    assert render(LINK) == "/dang-nhap/"


def test_what_a_link_is_given_wins_over_the_frame():
    text = "{% link 'accounts:login' ngay=None nguon='KCQG' q='' %}"
    assert render(text, frame=frame()) == "/dang-nhap/?nguon=KCQG"


def test_a_link_in_a_page_escapes_its_ampersands():
    text = "{% link 'accounts:login' nguon='KCQG' %}"
    assert render(text, frame=frame()) == "/dang-nhap/?ngay=2019-05-31&amp;nguon=KCQG"


@pytest.mark.parametrize(
    "value, query",
    [
        (None, ""),
        ("", ""),
        (0, "?x=0"),
        (True, "?x=1"),
        (date(2019, 5, 31), "?x=2019-05-31"),
        (["a", None, "b"], "?x=a&x=b"),
        ("Trấn Yên", "?x=Tr%E1%BA%A5n+Y%C3%AAn"),
    ],
)
def test_a_parameter_is_written_as_an_address_reads_it(value, query):
    assert build_url("accounts:login", x=value) == f"/dang-nhap/{query}"


def test_a_figure_says_what_its_list_must_show():
    html = render("{% fig '900' url count=3 vnd=900000000 %}", url="/de-an/?nam=2019&nguon=KCQG")
    assert html == ('<a class="fig" data-count="3" data-vnd="900000000" href="/de-an/?nam=2019&amp;nguon=KCQG">900</a>')


def test_a_figure_of_zero_is_a_link_too():
    assert render("{% fig 0 '/x/' count=0 %}") == '<a class="fig" data-count="0" href="/x/">0</a>'


@pytest.mark.parametrize("unknown", [None, ""])
def test_an_unknown_figure_prints_nothing(unknown):
    assert render("{% fig unknown '/x/' %}", unknown=unknown) == ""


def test_a_figure_with_nothing_behind_it_is_bare_text():
    assert render("{% fig name None %}", name="<b>") == "&lt;b&gt;"


def test_a_form_to_itself_keeps_what_it_does_not_ask():
    class Asked(forms.Form):
        q = forms.CharField()

    html = render("{% keep_query form 'trang' %}", "/?q=che&trang=2&nam=2019&nguon=A&nguon=B", form=Asked())
    assert html == (
        '<input type="hidden" name="nam" value="2019">'
        '<input type="hidden" name="nguon" value="A"><input type="hidden" name="nguon" value="B">'
    )


def test_hidden_inputs_escape_what_the_address_brought():
    assert "<script>" not in render("{% keep_query %}", "/?q=%22%3E%3Cscript%3E")


def test_search_carries_year_and_day():
    html = render("{% frame_inputs %}", "/?nam=2019&q=x", frame=frame())
    assert html == '<input type="hidden" name="nam" value="2019"><input type="hidden" name="ngay" value="2019-05-31">'


def test_filters_are_cleared_without_losing_year_day_and_order():
    text = "{% unfiltered_url %}"
    assert render(text, "/de-an/?nam=2019&sap=-ma&trang=3&nguon=KCQG") == "/de-an/?nam=2019&amp;sap=-ma"


def test_nothing_is_offered_to_clear_where_nothing_is_filtered():
    assert render("{% unfiltered_url %}", "/de-an/?nam=2019&ngay=2019-05-31&trang=2&q=") == ""


def test_a_heading_sorts_by_itself_from_the_first_page():
    html = render("{% sort_head 'ma' 'Mã' %}", "/?trang=2&nam=2019")
    assert html == '<th scope="col"><a href="?nam=2019&amp;sap=ma">Mã</a></th>'


def test_a_heading_in_force_turns_round():
    html = render("{% sort_head 'ma' 'Mã' 'n' %}", "/?sap=ma")
    assert html == '<th aria-sort="ascending" class="n" scope="col"><a href="?sap=-ma">Mã</a></th>'


def test_a_page_names_the_order_that_holds_when_none_is_asked():
    assert 'aria-sort="descending"' in render("{% sort_head 'ky' 'Ngày ký' %}", sort="-ky")


def test_page_numbers_leave_gaps():
    page = Paginator(range(500), 50).page(5)
    assert [str(number) for number in page_numbers(page)] == ["1", "…", "4", "5", "6", "…", "10"]


def test_month_ends_know_leap_years():
    assert month_ends(2020)[1] == date(2020, 2, 29)


@pytest.mark.parametrize(
    "name, letters",
    [("Lãnh đạo", "LĐ"), ("Nguyễn Thị Ánh", "NÁ"), ("ketoan", "KE"), ("", "?")],
)
def test_a_person_has_two_letters(name, letters):
    assert initials(SimpleNamespace(get_full_name=lambda: name, get_username=lambda: "")) == letters


BAR = "{% include 'components/_bar.html' with approved=78 signed=60 paid=0 label='x' %}"


def test_a_bar_is_as_wide_as_planned_or_whole():
    assert 'class="b-plan" width="100"' in render(BAR)
    assert 'class="b-plan" width="0"' in render(BAR, planned=0)
