from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "backend.projects"
    label = "projects"
    verbose_name = "项目与项目资产"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.projects import scopes  # noqa: F401  (registers them)
