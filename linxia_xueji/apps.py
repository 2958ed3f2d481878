"""The ground: organisations, people, posts, access and the kit every business stands on."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """Organisations, people, posts and the kit."""

    name = "linxia_xueji"
    label = "linxia_xueji"
    verbose_name = "机构与人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the places of the ground into the navigation, and the drafts among what is counted."""
        from linxia_xueji.drafts import kept_by
        from linxia_xueji.navigation import Place, add_count, add_place
        from linxia_xueji.staff.reach import is_admin

        add_place(Place("查询与报表", 80, "人员与岗位", "staff:posts", is_admin))
        add_place(Place("帮助", 5, "操作手册", "help"))
        add_count("drafts_kept", kept_by)
