from django.apps import AppConfig
from django.db.models.signals import post_migrate

from places.reference import load_after_migrate


class PlacesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "places"
    verbose_name = "Địa bàn"

    def ready(self):
        post_migrate.connect(load_after_migrate, sender=self)
