from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "backend.places"
    label = "places"
    verbose_name = "地区"
    default_auto_field = "django.db.models.BigAutoField"
