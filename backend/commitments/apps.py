from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "backend.commitments"
    label = "commitments"
    verbose_name = "帮扶承诺"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.commitments import scopes, sheets  # noqa: F401  (registers them)
