from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "backend.agreements"
    label = "agreements"
    verbose_name = "协议书与责任书"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.agreements import scopes  # noqa: F401  (registers them)
