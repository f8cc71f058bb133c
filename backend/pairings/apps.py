from django.apps import AppConfig


class PairingsConfig(AppConfig):
    name = "backend.pairings"
    label = "pairings"
    verbose_name = "结对关系"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.pairings import scopes  # noqa: F401  (registers them)
