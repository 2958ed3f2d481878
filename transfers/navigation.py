"""The places of 学籍变动 in the frame."""

from functools import partial

from django.urls import reverse

from linxia_xueji.access import Access
from linxia_xueji.addresses import address
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.clause_lists import add_list
from registry.comparing.enums import DifferenceKind
from registry.comparing.ways import Way, add_way
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


def ways() -> None:
    """The businesses that settle a difference between the books (assumed)."""
    kinds = DifferenceKind
    key_fields = ("name", "sex", "birth", "ethnicity", "id_number")
    for label, words, of, fields, enrolled, where in (
        ("关键信息变更", "本门户有误的，凭户籍证明办理；国网、省网有误的，在该系统中改正。", (kinds.FIELD,), key_fields, True, partial(_apply, "key_info")),
        ("转学", "学生已到他校就读的，由转入学校办理。", (kinds.FIELD,), ("school",), True, partial(_apply, "transfer")),
        ("休学", "学生确已休学的，在本门户办理。", (kinds.STATUS,), (), True, partial(_apply, "suspension")),
        ("复学", "学生确已复学的，在本门户办理。", (kinds.STATUS, kinds.GRADE), (), True, partial(_apply, "resumption")),
        ("退学", "学生确已退学的，在本门户办理。", (kinds.ONLY_REGISTER,), (), True, partial(_apply, "withdrawal")),
        ("从州外转入", "从州外转来、尚未办理的，由就读学校办理。", (kinds.NOT_HERE,), (), False, partial(_new, "incoming")),
        ("在校生名册（补建）", "确在校就读的，凭国网导出的名册载入本门户。", (kinds.NOT_HERE,), (), False, partial(_place, "registry:rosters")),
        ("在校生名册（更正班级）", "年级一致、只是班级不同的，在国网更正班号后导出名册载入；年级不同的由复学、学年升级毕业办理。",
         (kinds.GRADE,), (), True, partial(_place, "registry:rosters")),
        ("问题学籍", "确是重复登记的，按问题学籍办理。", (kinds.TWICE, kinds.ONLY_REGISTER), (), True, partial(_place, "registry:problems")),
    ):  # fmt: skip
        add_way(Way(label, words, of, where, fields, enrolled))


def _place(name: str, enrolment: int | None) -> str:
    return reverse(name)


def _new(slug: str, enrolment: int | None) -> str:
    return reverse("transfers:apply_new", args=[slug])


def _apply(slug: str, enrolment: int) -> str:
    return reverse("transfers:apply", args=[slug, enrolment])


def _posted(access: Access) -> bool:
    return access.post is not None


def places() -> None:
    """Make all of them known; called when the app is ready."""
    exits()
    ways()
    link_enrolments(lambda pk: address("transfers:student", pk))
    add_place(Place("异动", 12, "学籍异动", "transfers:changes", _reads))
    add_place(Place("异动", 14, "国网办结", "transfers:nationals", _reads, waiting=still_waiting))
    add_place(Place("设置", 92, "办理路线", "transfers:routes", _reads))
    add_place(Place("设置", 94, "退学事由", "transfers:grounds", _reads))
    add_place(Place("帮助", 22, "转学办理期", "transfers:windows", _posted))
    add_list(clause_list)
    add_beside("转学办理期", "transfers:windows")
