"""Configuration of the app that says where."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from khuyencong.reference import load_after_migrate


class PlacesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "places"
    verbose_name = "Địa bàn"

    def ready(self):
        # By name: the loader needs the models, which are not there yet when this module is read.
        load_after_migrate(self, import_string("places.reference.load_reference"))
