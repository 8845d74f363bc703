"""The year's reconciliation with the funder: its page, and the list behind each of its figures."""

from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from accounts.models import OfficeSettings
from accounts.permissions import Action, can
from funding.models import FundingSource
from khuyencong.asof import YEARS, as_of, plan_year
from khuyencong.database import at_one_moment, one_moment
from khuyencong.errors import Refused
from khuyencong.frame_tags import build_url
from khuyencong.money import format_vnd
from khuyencong.sheets import answer_file
from projects import listing
from projects.demo import is_demo_shown
from projects.list_files import answer_list
from projects.mending import Mending
from projects.models import Contract
from projects.national import OUTSIDE
from reports.balance import OUTSIDE_NAME, balance_lines, national_lines
from reports.balance_book import balance_report
from reports.balance_list import BalanceItem, items_of, keys_of_rows
from reports.balance_rows import BALANCE, ITEMS, NATIONAL, Days, read_balance, rows_behind
from reports.deadline_rows import read_dues
from reports.excel.month import write_report
from reports.frame import frame_of
from reports.links import day_param
from reports.list_sheets import balance_sheet
from reports.query import confined
from reports.settlement_book import advance_report, settlement_report
from reports.settlement_rows import read_settlement

PER_PAGE = 50
FILES = (
    ("Quyết toán kinh phí năm", "reports:balance_settlement_xlsx", "theo năm kế hoạch, từng đề án (Excel)"),
    ("Tình hình tạm ứng, giải ngân", "reports:balance_advances_xlsx", "theo năm kế hoạch, từng đề án (Excel)"),
)
"""Further workbooks: what they are called, the names of their addresses, what is in them."""
NUMBERS = ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)=(2)+(3)-(4)-(6)")


def refuse_confined(request):
    if confined(request.user):
        raise PermissionDenied("Đối chiếu kinh phí gồm số liệu của cả tỉnh nên không dành cho cán bộ địa phương.")


@require_GET
def balance_index(request):
    """To the year asked for (``?nam=``): where the year picker of the page leads."""
    refuse_confined(request)
    return redirect(build_url("reports:balance", plan_year(request), ngay=day_param(as_of(request))))


@require_GET
@one_moment
def balance(request, year):
    refuse_confined(request)
    if year not in YEARS:
        raise Http404
    rows, dues = _read(year, as_of(request))
    context = {
        "year": year,
        "days": rows.days,
        "numbers": NUMBERS,
        "heads": [ITEMS[key].title for key in BALANCE],
        "lines": balance_lines(rows),
        "national_heads": [ITEMS[key].title for key in NATIONAL],
        "nationals": national_lines(rows, dues),
        "file_url": _file_url("reports:balance_xlsx", rows.days),
        "files": [(words, _file_url(name, rows.days), about) for words, name, about in FILES],
        "may_pay": can(request.user, Action.PAY),
        "frame": frame_of(request, year=year),
        "year_action": reverse("reports:balance_index"),
    }
    return render(request, "reports/balance.html", context)


def _file_url(name, days):
    return build_url(name, days.year, ngay=day_param(days.day))


def _read(year, day):
    rows = read_balance(year, day)
    return rows, read_dues([contract.pk for contract in rows.contracts], day)


# --- workbooks --------------------------------------------------------------------------------------


@require_GET
def balance_xlsx(request, year):
    """The page as it is signed (R12)."""
    return _workbook(request, year, _balance_report, f"doi-chieu-kinh-phi-{year}")


@require_GET
def balance_settlement_xlsx(request, year):
    """Settlement of the plan year by source, activity, đề án, line (R6)."""
    return _workbook(request, year, lambda *of: settlement_report(read_settlement(*of)), f"quyet-toan-kinh-phi-{year}")


@require_GET
def balance_advances_xlsx(request, year):
    """Advances and payments of the plan year by source, activity, đề án, line (R4)."""
    return _workbook(request, year, lambda *of: advance_report(read_settlement(*of)), f"tam-ung-giai-ngan-{year}")


def _workbook(request, year, report_of, name):
    refuse_confined(request)
    if year not in YEARS:
        raise Http404
    target = BytesIO()
    write_report(at_one_moment(report_of, year, as_of(request)), target)
    return answer_file(target.getvalue(), name)


def _balance_report(year, day):
    rows, dues = _read(year, day)
    return balance_report(rows, dues, OfficeSettings.objects.in_force(rows.days.last), is_demo_shown())


# --- lists behind figures ---------------------------------------------------------------------------


@dataclass(frozen=True)
class BalanceSelection:
    """``rows`` {table: its rows}; ``count`` of them and their sum ``vnd``, both asked of the database anew."""

    key: str
    title: str
    sentence: str
    rows: dict[str, QuerySet]
    count: int
    vnd: int
    unknown: int = 0


def _select(request, key) -> BalanceSelection:
    refuse_confined(request)
    if key not in ITEMS:
        raise Http404(key)
    days = Days(plan_year(request), as_of(request))
    source, contract = request.GET.get("nguon", "") or None, request.GET.get("hop-dong", "")
    words = [_source_name(source), *([_contract_name(contract)] if contract else [])]
    rows = rows_behind(key, days, source=source, contract=int(contract) if contract else None)
    count = sum(each.count() for each in rows.values())
    vnd = sum(each.aggregate(vnd=Sum("counted_vnd", default=0))["vnd"] for each in rows.values())
    sentence = ", ".join([*words, days.words(ITEMS[key].when)])
    return BalanceSelection(key, ITEMS[key].title, sentence, rows, count, vnd)


def _source_name(code):
    if not code:
        return "Tổng các nguồn"
    source = FundingSource.objects.counted().filter(code=code).first()
    if source is None:
        raise Refused(f"Không có nguồn kinh phí khuyến công mang mã “{code}”.")
    return source.name


def _contract_name(text):
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refused(f"“{text}” không phải là một số trong địa chỉ trang.")
    if int(text) == OUTSIDE:
        return OUTSIDE_NAME.lower()
    return f"hợp đồng {get_object_or_404(Contract, kind=Contract.Kind.NATIONAL, pk=text)}"


@require_GET
@one_moment
def balance_figure(request, key):
    """Exactly the receipts, returns and entries that a figure of the page sums."""
    selection = _select(request, key)
    page = Paginator(keys_of_rows(selection.rows), PER_PAGE).get_page(request.GET.get("trang"))
    note = format_html(
        '{}: <b data-vnd="{}">{} đồng</b>, <b data-count="{}">{} dòng</b>',
        selection.sentence,
        selection.vnd,
        format_vnd(selection.vnd),
        selection.count,
        format_vnd(selection.count),
    )
    context = {
        "title": selection.title,
        "note": note,
        "selection": selection,
        "page_obj": page,
        "unit": "dòng",
        "rows": _items(request, selection, list(page)),
        "list_template": "reports/_figure_balance.html",
        "file_url": listing.file_url(request),
        "year": plan_year(request),
    }
    return render(request, "reports/balance_figure.html", context)


def _items(request, selection, keys) -> list[BalanceItem]:
    return items_of(selection.rows, keys, as_of(request), Mending(request.user))


@require_GET
@one_moment
def balance_figure_xlsx(request, key):
    """All rows of the list as a file."""
    selection = _select(request, key)
    day = as_of(request)
    rows = _items(request, selection, keys_of_rows(selection.rows))
    file = f"doi-chieu-{key}-{plan_year(request)}-{day:%Y-%m-%d}"
    return answer_list(balance_sheet(rows, selection, file), day)
