"""The places of 学籍变动 in the frame."""

from linxia_xueji.access import Access
from linxia_xueji.addresses import address
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.search import link_enrolments
from registry.views.policy_page import add_list
from registry.year_page import add_beside
from transfers.grounds import clause_list
from transfers.national import waiting


def _reads(access: Access) -> bool:
    return access.has(Permission.VIEW_REGISTER)


def _posted(access: Access) -> bool:
    return access.post is not None


def places() -> None:
    """Make all of them known; called when the app is ready."""
    link_enrolments(lambda pk: address("transfers:student", pk))
    add_place(Place("业务", 12, "学籍异动", "transfers:changes", _reads))
    add_place(Place("业务", 14, "国网办结", "transfers:nationals", _reads, waiting=waiting))
    add_place(Place("业务", 92, "办理路线", "transfers:routes", _reads))
    add_place(Place("业务", 94, "退学事由", "transfers:grounds", _reads))
    add_place(Place("帮助", 22, "转学办理期", "transfers:windows", _posted))
    add_list(clause_list)
    add_beside("转学办理期", "transfers:windows")
