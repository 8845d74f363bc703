"""Pages of figures: each reads the day, the year and the user from the request, and answers with a page or a file."""

from reports.views.attention import (
    deadlines,
    deadlines_xlsx,
    difficulties,
    difficulties_xlsx,
    places,
    places_xlsx,
    stage,
    stage_xlsx,
)
from reports.views.balance import (
    balance,
    balance_advances_xlsx,
    balance_figure,
    balance_figure_xlsx,
    balance_index,
    balance_settlement_xlsx,
    balance_xlsx,
)
from reports.views.dashboard import dashboard
from reports.views.exceptions import exceptions, exceptions_xlsx
from reports.views.figure import figure, figure_xlsx
from reports.views.monthly import month_of_day, monthly, monthly_xlsx, report_index
from reports.views.plan import plan_index, plan_year_page, plan_year_xlsx
from reports.views.programme import programme

__all__ = [
    "balance",
    "balance_advances_xlsx",
    "balance_figure",
    "balance_figure_xlsx",
    "balance_index",
    "balance_settlement_xlsx",
    "balance_xlsx",
    "dashboard",
    "deadlines",
    "deadlines_xlsx",
    "difficulties",
    "difficulties_xlsx",
    "exceptions",
    "exceptions_xlsx",
    "figure",
    "figure_xlsx",
    "month_of_day",
    "monthly",
    "monthly_xlsx",
    "places",
    "places_xlsx",
    "plan_index",
    "plan_year_page",
    "plan_year_xlsx",
    "programme",
    "report_index",
    "stage",
    "stage_xlsx",
]
