"""The account of Yên Bái as facts, its figures and its monthly workbook by the command."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from projects.models import Project
from reports.figures import year_figures
from reports.rows import read_year
from tests import factories as f
from tests.reports.recount import recount

pytestmark = pytest.mark.django_db

DAY = date(2019, 5, 31)


@pytest.fixture
def account():
    """1 group đề án of 3 under KCQG, 20 of one beneficiary each and 405 triệu of tasks under KCDP."""
    f.make_plan(code="KCQG", amount_vnd=900 * f.MILLION)
    f.make_plan(code="KCDP", amount_vnd=3000 * f.MILLION)
    group = f.make_project(Project.Kind.GROUP, beneficiaries_expected=3)
    lines = [(f.make_line(group), "KCQG", 300) for _ in range(3)]
    lines += [(f.make_line(), "KCDP", 130 if n < 19 else 125) for n in range(20)]
    for line, code, amount in lines:
        f.approve(line, amount * f.MILLION, code=code)
        f.sign(line, amount * f.MILLION, code=code)
    f.approve(f.make_line(f.make_project(Project.Kind.TASK)), 405 * f.MILLION, code="KCDP")
    asked = {"kind": "requested", "on": "2019-05-27"}
    f.make_plan(2020, "KCQG", 1000 * f.MILLION, projects_min=3, projects_max=3, **asked)
    f.make_plan(2020, "KCDP", 3000 * f.MILLION, projects_min=20, projects_max=25, **asked)


def test_the_account_of_five_months_comes_back(account):
    found = year_figures(read_year(2019, DAY))
    national, local, district = found["sources"]
    assert (national["projects"], national["group_projects"], national["contracted_beneficiaries"]) == (1, 1, 3)
    assert national["plan_assigned_vnd"] == national["support_vnd"] == national["contracted_vnd"] == 900 * f.MILLION
    assert (local["projects"], local["contracted_projects"], local["late_projects"]) == (20, 20, 0)
    assert (local["support_vnd"], local["activities_vnd"]) == (2595 * f.MILLION, 405 * f.MILLION)
    assert found["next_plan"]["requested_vnd"] == 4000 * f.MILLION
    assert found == recount(2019, DAY)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "thang5.xlsx"


def totals(ws):
    return next([cell.value for cell in row] for row in ws.iter_rows() if row[1].value == "Tổng cộng")


def test_the_workbook_of_may_says_the_same(account, out):
    call_command("monthly_report", month="2019-05", out=str(out))
    book = load_workbook(out)
    found = totals(book["Tổng hợp"])
    assert found[2:9] == [21, 23, 3900, 3900, 3900, 0, 3495]
    assert totals(book["Kế hoạch năm sau"])[4:] == [23, 28, 4000]
    results = [row[6].value for row in book["Đối chiếu số liệu"].iter_rows() if row[6].value in ("khớp", "lệch")]
    assert results and set(results) == {"khớp"}


def test_another_span_and_plan_year_can_be_asked_for(account, out):
    call_command("monthly_report", month="2019-05", out=str(out), first="2019-01-01", last="2019-04-30", year="2019")
    assert totals(load_workbook(out)["Tổng hợp"])[7:9] == [3495, 3495]
    call_command("monthly_report", month="2019-05", out=str(out), year="2018")
    assert totals(load_workbook(out)["Tổng hợp"])[2:9] == [0] * 7


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"month": "2019-13"}, "không phải là một tháng"),
        ({"month": "thang-5"}, "không phải là một tháng"),
        ({"month": "2019-05", "year": "19"}, "Năm “19” không đúng"),
        ({}, "Thiếu tháng báo cáo"),
        ({"month": "2019-05", "first": "2019-05-01"}, "cần cả --from và --to"),
        ({"first": "2019-05-31", "last": "2019-05-01"}, "trước ngày đầu kỳ"),
    ],
)
def test_what_cannot_be_understood_is_said_in_vietnamese(out, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("monthly_report", out=str(out), stderr=StringIO(), **options)
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        call_command("monthly_report", month="2019-05", out=str(tmp_path / "khong" / "co.xlsx"))
