"""Addresses of the dashboard, the plan of a year, the reports and the lists behind figures."""

from datetime import date

from django.urls import path, register_converter

from khuyencong.asof import YEARS
from khuyencong.dates import month_span
from reports import views


class MonthConverter:
    """A month in an address, ``2019-05``: its first day in Python; other months than those of plan years are none."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value):
        first, _ = month_span(value)
        if first.year not in YEARS:
            raise ValueError(value)
        return first

    def to_url(self, value):
        return f"{value:%Y-%m}" if isinstance(value, date) else value


register_converter(MonthConverter, "month")

app_name = "reports"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("ke-hoach/", views.plan_index, name="plan_index"),
    path("ke-hoach/<int:year>/", views.plan_year_page, name="plan_year"),
    path("ke-hoach/chuong-trinh/<int:pk>/", views.programme, name="programme"),
    path("ke-hoach/<int:year>.xlsx", views.plan_year_xlsx, name="plan_year_xlsx"),
    path("bao-cao/", views.report_index, name="report_index"),
    path("bao-cao/thang/", views.month_of_day, name="month_of_day"),
    path("bao-cao/thang/<month:month>/", views.monthly, name="monthly"),
    path("bao-cao/thang/<month:month>.xlsx", views.monthly_xlsx, name="monthly_xlsx"),
    path("so-lieu/tinh-trang/<slug:stage>/", views.stage, name="stage"),
    path("so-lieu/tinh-trang/<slug:stage>.xlsx", views.stage_xlsx, name="stage_xlsx"),
    path("so-lieu/den-han/", views.deadlines, name="deadlines"),
    path("so-lieu/den-han.xlsx", views.deadlines_xlsx, name="deadlines_xlsx"),
    path("so-lieu/kho-khan/", views.difficulties, name="difficulties"),
    path("so-lieu/kho-khan.xlsx", views.difficulties_xlsx, name="difficulties_xlsx"),
    path("so-lieu/dia-ban/", views.places, name="places"),
    path("so-lieu/dia-ban.xlsx", views.places_xlsx, name="places_xlsx"),
    path("so-lieu/ngoai-le/", views.exceptions, name="exceptions"),
    path("so-lieu/ngoai-le.xlsx", views.exceptions_xlsx, name="exceptions_xlsx"),
    path("doi-chieu/", views.balance_index, name="balance_index"),
    path("doi-chieu/<int:year>/", views.balance, name="balance"),
    path("doi-chieu/<int:year>.xlsx", views.balance_xlsx, name="balance_xlsx"),
    path("doi-chieu/<int:year>/quyet-toan.xlsx", views.balance_settlement_xlsx, name="balance_settlement_xlsx"),
    path("doi-chieu/<int:year>/tam-ung.xlsx", views.balance_advances_xlsx, name="balance_advances_xlsx"),
    path("so-lieu/doi-chieu/<slug:key>/", views.balance_figure, name="balance_figure"),
    path("so-lieu/doi-chieu/<slug:key>.xlsx", views.balance_figure_xlsx, name="balance_figure_xlsx"),
    path("so-lieu/<slug:key>/", views.figure, name="figure"),
    path("so-lieu/<slug:key>.xlsx", views.figure_xlsx, name="figure_xlsx"),
]
