"""The first way to each page; widened page by page."""

from django.shortcuts import render
from django.views.decorators.http import require_GET


def _plain(request, title):
    return render(request, "reports/_thin.html", {"title": title})


@require_GET
def report_index(request):
    return _plain(request, "Báo cáo")


@require_GET
def monthly(request, month):
    return _plain(request, f"Báo cáo tháng {month.month} năm {month.year}")


@require_GET
def monthly_xlsx(request, month):
    return _plain(request, f"Báo cáo tháng {month.month} năm {month.year}")
