"""Django registration of the app."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """See the package's models."""

    name = "transfers"
    verbose_name = "学籍变动"
    default_auto_field = "django.db.models.BigAutoField"
