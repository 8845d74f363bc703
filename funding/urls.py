"""Addresses of what may be spent; none of its own yet: the plan's pages read approvals too and stand in reports."""

app_name = "funding"
urlpatterns = []
