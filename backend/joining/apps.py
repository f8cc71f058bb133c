from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "backend.joining"
    label = "joining"
    verbose_name = "加入与核实"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.joining import scopes, sheets  # noqa: F401  (registers them)
