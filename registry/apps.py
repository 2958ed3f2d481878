"""Django registration of the app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """See the package's models."""

    name = "registry"
    verbose_name = "学籍"
    default_auto_field = "django.db.models.BigAutoField"
