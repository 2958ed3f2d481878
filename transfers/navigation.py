"""The places of 学籍变动 in the frame."""

from functools import partial

from django.urls import reverse

from linxia_xueji.access import Access
from linxia_xueji.addresses import address
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.clause_lists import add_list
from registry.enums import ProblemKind
from registry.problems.exits import Exit, add_exit
from registry.search import link_enrolments
from registry.year_page import add_beside
from transfers.forms.problems import OF_TWO
from transfers.grounds import clause_list
from transfers.national import still_waiting


def _reads(access: Access) -> bool:
    return access.has(Permission.VIEW_REGISTER)


def exits() -> None:
    """The ways out of a 问题学籍 (assumed)."""
    every, two = tuple(ProblemKind), OF_TWO
    for kind, label, words, kinds, another in (
        ("problem_evidence", "佐证", "登记信息属实的，上传证明，经审批后了结；信息不变就不再列入。", every, False),
        ("key_info", "变更", "登记信息有误的，办理关键信息变更；办结后自动核对，不再符合的自动了结。", every, False),
        ("problem_deletion", "删除", "确是同一人重复登记的，删除其中一份；经历保留，删除后不能恢复。", two, True),
    ):
        add_exit(Exit(kind, label, words, kinds, partial(_apply, kind), another))


def _apply(slug: str, enrolment: int) -> str:
    return reverse("transfers:apply", args=[slug, enrolment])


def _posted(access: Access) -> bool:
    return access.post is not None


def places() -> None:
    """Make all of them known; called when the app is ready."""
    exits()
    link_enrolments(lambda pk: address("transfers:student", pk))
    add_place(Place("异动", 12, "学籍异动", "transfers:changes", _reads))
    add_place(Place("异动", 14, "国网办结", "transfers:nationals", _reads, waiting=still_waiting))
    add_place(Place("设置", 92, "办理路线", "transfers:routes", _reads))
    add_place(Place("设置", 94, "退学事由", "transfers:grounds", _reads))
    add_place(Place("帮助", 22, "转学办理期", "transfers:windows", _posted))
    add_list(clause_list)
    add_beside("转学办理期", "transfers:windows")
