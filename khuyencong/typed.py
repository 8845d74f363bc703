"""Reads back what is being typed: money in full and in words, a day with its weekday. The forms' own readers."""

from functools import partial

from django.http import HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_GET

from khuyencong.dates import format_day, local_today, parse_day
from khuyencong.money import amount_in_words, format_vnd, typed_vnd

WEEKDAYS = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


def money_words(text):
    amount_vnd = typed_vnd(text)
    return f"= {format_vnd(amount_vnd)} đồng ({amount_in_words(amount_vnd)})"


def day_words(text, year=None, latest=None):
    """``latest``: today, of what is done; a day typed in full may lie after it, and that is said."""
    day = parse_day(text, year=year, latest=latest)
    ahead = ", sau hôm nay" if latest and day > latest else ""
    return f"= {WEEKDAYS[day.weekday()]}, {format_day(day)}{ahead}"


@require_GET
def read_back(request):
    """``?tien=`` or ``?ngay_go=`` as a line under the field, or why not.

    ``&nam_go=`` is for a year left out, ``&da_xong=`` says that the day is of something done.
    """
    year = request.GET.get("nam_go", "")
    year = int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None
    latest = local_today() if "da_xong" in request.GET else None
    readers = {"tien": money_words, "ngay_go": partial(day_words, year=year, latest=latest)}
    name = next((name for name in readers if request.GET.get(name, "").strip()), None)
    if name is None:
        return HttpResponse("")
    try:
        return HttpResponse(escape(readers[name](request.GET[name])))
    except ValueError as error:
        return HttpResponse(escape(str(error)))
