"""An ID number that is registered where one may not look: said by school and county alone, and what resolves it."""

from typing import Any

from approvals.search import Section, section
from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from linxia_xueji.identity import id_fault, id_normal
from linxia_xueji.trail import record
from registry.models import Enrolment

MOST = 5


def registered_elsewhere(user, term: str) -> list[Section]:
    """For a whole, sound ID number and somebody who may prepare business; that it was told stands in the trail."""
    number, access = id_normal(term), access_of(user)
    if id_fault(number) or not access.has(Permission.PREPARE_BUSINESS):
        return []
    found = Enrolment.objects.filter(
        student__key_facts__id_number=number, student__key_facts__valid_to=None, ends_on=None
    ).exclude(pk__in=Enrolment.objects.open_to(access).values("pk"))
    rows = list(found.select_related("school", "county__division").order_by("pk")[: MOST + 1])
    for enrolment in rows[:MOST]:
        record(action="查询异地学籍", by=user, target=enrolment)
    return [section("已在别处注册", [_row(enrolment) for enrolment in rows], MOST)]


def where(enrolment: Enrolment) -> str:
    """School and county, nothing else (enrolment.duplicate)."""
    county, school = enrolment.county.division.short_name if enrolment.county else "州直属", enrolment.school.short_name
    return school if school.startswith(county) else f"{county}{school}"


def _row(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "label": f"该身份证件号已在{where(enrolment)}注册",
        "url": "",
        "text": "学生转来的，由本校申请转学；两处都在册的，按问题学籍处理",
        "tone": "warn",
        "words": "已注册",
    }
