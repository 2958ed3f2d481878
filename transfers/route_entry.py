"""A route put in force by the prefecture, by document and from a day on; a request keeps the one it began with."""

from datetime import date

from django.db import transaction

from approvals.kinds import kind_named
from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from transfers.models import RouteVersion
from transfers.routes import BUILT_IN, CASE_WORDS, INSIDE, WORDS, Case, Party, RouteStep


def steps_offered(kind: str, case: Case) -> list[str]:
    """The codes of the steps a route may have: the two sides of 转学 within the prefecture, one's own office elsewhere."""
    return [code for code in WORDS if _suits(RouteStep.read(code), both_sides=kind == "transfer" and case in INSIDE)]


def _suits(step: RouteStep, *, both_sides: bool) -> bool:
    """The prefecture above both schools is one's own; below it, own and receiving would be the same office twice."""
    return (step.party != Party.OWN) == both_sides or (both_sides and step.level == Level.PREFECTURE)


def fault_in(kind: str, case: Case, steps: list[str]) -> str:
    """Why these are no route, in words; empty where they are one."""
    if not steps:
        return "请至少选择一个环节"
    if twice := next((code for code in steps if steps.count(code) > 1), ""):
        return f"“{WORDS[twice][0]}”出现了两次，同一环节只能有一次" if twice in WORDS else "同一环节只能有一次"
    if any(code not in steps_offered(kind, case) for code in steps):
        return "有不适用于此项业务的环节，请从列出的环节中选择"
    if all(RouteStep.read(code).level == Level.SCHOOL for code in steps):
        return "至少要有一个县级或州级环节：学籍异动须由学籍主管部门审核"
    return ""


@transaction.atomic
def set_route(
    *, prefecture: Organisation, kind: str, case: Case, steps: list[str], effective_from: date, document_number: str, on: date, by
) -> RouteVersion:  # fmt: skip
    """Give a business a route of its own from a day on.

    :param on: today; nothing takes effect before it.
    :raises Refusal: without the right, the document, or where the steps are no route.
    """
    if not access_of(by).may(Permission.MANAGE_POLICY, prefecture):
        raise Refusal("只有州学管中心可以维护办理路线")
    if case not in BUILT_IN.get(kind, {}):
        raise Refusal("没有此项业务的办理路线")
    if sentence := fault_in(kind, case, steps):
        raise Refusal(sentence)
    if not document_number.strip():
        raise Refusal("请填写文号：办理路线须有依据文件")
    if effective_from < on:
        raise Refusal(f"生效日期不能早于今天（{on}）：已提交的申请按提交时的路线办理")
    row = RouteVersion.objects.create(
        organisation=prefecture, kind=kind, case=case, steps=steps, effective_from=effective_from,
        document_number=document_number.strip(), entered_by=by, recorded_at=now(),
    )  # fmt: skip
    record(
        action="修改办理路线", by=by, target=row,
        after={"business": kind_named(kind).label, "case": CASE_WORDS[case], "steps": " → ".join(WORDS[code][0] for code in steps),
               "from": effective_from.isoformat()},
    )  # fmt: skip
    return row
