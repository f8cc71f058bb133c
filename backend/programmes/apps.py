from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "backend.programmes"
    label = "programmes"
    verbose_name = "帮扶渠道"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.programmes import scopes  # noqa: F401  (registers them)
