"""专项督查 in the navigation."""

from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place


def places() -> None:
    """Make it known; called when the app is ready."""
    add_place(
        Place("学籍", 51, "专项督查", "registry:inspections", lambda access: access.has(Permission.VIEW_REGISTER))
    )
