"""A list of grounds of 退学 put in force by the prefecture, by document and from a day on."""

from datetime import date

from django.db import transaction

from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from transfers.models import GroundsVersion

MOST, LONGEST = 20, 100
"""Grounds of a list, characters of one."""


def fault_in(grounds: list[str]) -> str:
    """Why these are no list of grounds, in words; empty where they are one."""
    if not grounds:
        return "请至少写一项事由，每行一项"
    if len(grounds) > MOST:
        return f"共{len(grounds)}项，最多{MOST}项"
    if twice := next((words for words in grounds if grounds.count(words) > 1), ""):
        return f"“{twice}”出现了两次，请删去一项"
    if long := next((words for words in grounds if len(words) > LONGEST), ""):
        return f"“{long[:20]}……”有{len(long)}个字，每项不超过{LONGEST}个字"
    return ""


@transaction.atomic
def set_grounds(
    *, prefecture: Organisation, grounds: list[str], effective_from: date, document_number: str, on: date, by
) -> GroundsVersion:
    """Put a list in force from a day on.

    :param on: today; nothing takes effect before it.
    :raises Refusal: without the right, the document, or where the lines are no list.
    """
    if not access_of(by).may(Permission.MANAGE_POLICY, prefecture):
        raise Refusal("只有州学管中心可以维护退学事由")
    if sentence := fault_in(grounds):
        raise Refusal(sentence)
    if not document_number.strip():
        raise Refusal("请填写文号：退学事由须有依据文件")
    if effective_from < on:
        raise Refusal(f"生效日期不能早于今天（{on}）：已提出的申请保留当时的事由")
    row = GroundsVersion.objects.create(
        organisation=prefecture, grounds=grounds, effective_from=effective_from,
        document_number=document_number.strip(), entered_by=by, recorded_at=now(),
    )  # fmt: skip
    record(
        action="修改退学事由",
        by=by,
        target=row,
        after={"grounds": "；".join(grounds), "from": effective_from.isoformat()},
    )
    return row
