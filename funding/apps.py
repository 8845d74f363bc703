"""Configuration of the app that says what may be spent, and by which rule."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from khuyencong.reference import load_after_migrate


class FundingConfig(AppConfig):
    name = "funding"
    verbose_name = "Nguồn kinh phí và kế hoạch"

    def ready(self):
        # By name: the loader needs the models, which are not there yet when this module is read.
        load_after_migrate(self, import_string("funding.reference.load_reference"))
