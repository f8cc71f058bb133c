from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "backend.exchange"
    label = "exchange"
    verbose_name = "表格导入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.exchange import scopes, tasks  # noqa: F401  (registers them)
