from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "backend.runs"
    label = "runs"
    verbose_name = "匹配运行"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.runs import scopes, tasks  # noqa: F401  (registers them)
