"""Pages of figures: each reads the day, the year and the user from the request, and answers with a page or a file."""

from reports.views.attention import deadlines, difficulties, places, stage
from reports.views.dashboard import dashboard
from reports.views.figure import figure
from reports.views.monthly import month_of_day, monthly, monthly_xlsx, report_index
from reports.views.plan import plan_index, plan_year_page

__all__ = [
    "dashboard",
    "deadlines",
    "difficulties",
    "figure",
    "month_of_day",
    "monthly",
    "monthly_xlsx",
    "places",
    "plan_index",
    "plan_year_page",
    "report_index",
    "stage",
]
