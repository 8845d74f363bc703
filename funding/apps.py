"""Configuration of the app that says what may be spent, and by which rule."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class FundingConfig(AppConfig):
    name = "funding"
    verbose_name = "Nguồn kinh phí và kế hoạch"

    def ready(self):
        # By name: the loader needs the models, which are not there yet when this module is read.
        post_migrate.connect(import_string("funding.reference.load_after_migrate"), sender=self)
