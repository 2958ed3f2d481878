"""信息核查 in the navigation."""

from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place


def places() -> None:
    """Make it known; called when the app is ready."""
    add_place(
        Place("学籍", 48, "信息核查", "registry:verifications", lambda access: access.has(Permission.VIEW_REGISTER))
    )
