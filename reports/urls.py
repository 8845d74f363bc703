"""Addresses of the dashboard, the plan of a year and the reports."""

app_name = "reports"
urlpatterns = []
