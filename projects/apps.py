"""Configuration of the app that holds every fact about a đề án."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Đề án khuyến công"
