"""The places of lists, plans, settings and the trail in the navigation."""

from linxia_xueji.access import Access
from linxia_xueji.certificates import MANAGE
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.roster.rights import UPLOADERS


def _views(access: Access) -> bool:
    return access.has(Permission.VIEW_REGISTER)


def places() -> None:
    """Make them known; called when the app is ready."""
    add_place(
        Place("新生", 40, "录取名单", "registry:uploads", lambda access: access.has(Permission.IMPORT_ADMISSIONS))
    )
    add_place(Place("学籍", 45, "在校生名册", "registry:rosters", lambda access: any(map(access.has, UPLOADERS))))
    add_place(Place("学籍", 47, "学籍档案", "registry:archives", _views))
    add_place(Place("新生", 50, "招生计划", "registry:plans", _views))
    add_place(Place("设置", 80, "单位证书", "registry:certificates", lambda access: any(map(access.has, MANAGE))))
    add_place(Place("设置", 90, "政策设置", "registry:policy", _views))
    add_place(Place("查询与报表", 90, "操作留痕", "registry:trail", lambda access: access.has(Permission.READ_TRAIL)))
    add_place(Place("查询与报表", 95, "文件查验", "registry:check"))
    add_place(Place("帮助", 10, "政策条款", "registry:clauses"))
    add_place(Place("帮助", 20, "学年安排", "registry:year"))
