"""Addresses of đề án, contracts and beneficiaries."""

app_name = "projects"
urlpatterns = []
