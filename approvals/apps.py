"""Django registration of the app; its places in the frame make themselves known here."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """See the package's models."""

    name = "approvals"
    verbose_name = "审批"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the lists of the chain into the navigation, and the unread messages into every page."""
        from approvals.places import PLACES, unread
        from linxia_xueji.navigation import add_count, add_place

        for place in PLACES:
            add_place(place)
        add_count("unread", unread)
