"""Django registration of the app; its rule books make themselves known here."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """See the package's models."""

    name = "transfers"
    verbose_name = "学籍变动"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Announce the books of 学籍变动."""
        from linxia_xueji.rules import announce
        from transfers.books import BOOKS

        announce(*BOOKS)
