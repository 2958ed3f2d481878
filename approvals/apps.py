"""Django registration of the app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """See the package's models."""

    name = "approvals"
    verbose_name = "审批"
    default_auto_field = "django.db.models.BigAutoField"
