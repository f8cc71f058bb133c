from django.apps import AppConfig


class InterestsConfig(AppConfig):
    name = "backend.interests"
    label = "interests"
    verbose_name = "帮扶意愿"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.interests import scopes  # noqa: F401  (registers it)
