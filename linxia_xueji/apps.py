"""The ground: organisations, people, posts, access and the kit every business stands on."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """Organisations, people, posts and the kit."""

    name = "linxia_xueji"
    label = "linxia_xueji"
    verbose_name = "机构与人员"
    default_auto_field = "django.db.models.BigAutoField"
