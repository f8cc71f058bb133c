from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "backend.needs"
    label = "needs"
    verbose_name = "需求与项目库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.needs import scopes, sheets  # noqa: F401  (registers them)
