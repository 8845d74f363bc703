"""Reads back what is being typed: money in full and in words, a day with its weekday. The forms' own readers."""

from django.http import HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_GET

from khuyencong.dates import format_day, parse_day
from khuyencong.money import amount_in_words, format_vnd, parse_vnd

WEEKDAYS = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


def money_words(text):
    amount_vnd = parse_vnd(text)
    return f"= {format_vnd(amount_vnd)} đồng ({amount_in_words(amount_vnd)})"


def day_words(text):
    day = parse_day(text)
    return f"= {WEEKDAYS[day.weekday()]}, {format_day(day)}"


@require_GET
def read_back(request):
    """``?tien=`` or ``?ngay_go=`` as a line under the field; what cannot be read says why."""
    readers = {"tien": money_words, "ngay_go": day_words}
    name = next((name for name in readers if request.GET.get(name, "").strip()), None)
    if name is None:
        return HttpResponse("")
    try:
        return HttpResponse(escape(readers[name](request.GET[name])))
    except ValueError as error:
        return HttpResponse(escape(str(error)))
