from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


def load_after_migrate(sender, plan=(), **kwargs):
    # Going back, the tables may be gone.
    if not any(backwards for _, backwards in plan):
        sender.module.reference.load_reference()


class PlacesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "places"
    verbose_name = "Địa bàn"

    def ready(self):
        # Models can be imported only now; this reads the module ``reference`` of every app that has one.
        autodiscover_modules("reference")
        post_migrate.connect(load_after_migrate, sender=self)
