from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "backend.parties"
    label = "parties"
    verbose_name = "单位"
    default_auto_field = "django.db.models.BigAutoField"
