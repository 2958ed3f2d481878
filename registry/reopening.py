"""逾期重开: after the last day only the prefecture opens a school's registration again, with reason and document."""

from datetime import date

from django.db import transaction

from linxia_xueji import policy
from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission, Stage
from linxia_xueji.models import Organisation, User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.facts import last_day_of
from registry.models import Reopening
from registry.plans import lock_intake


@transaction.atomic
def reopen(*, school: Organisation, year: int, reason: str, document_number: str, by: User, on: date) -> Reopening:
    """Open the registration of a school and year again, for good.

    :raises Refusal: without the right, without reason or document, before the last day has passed, or done before.
    """
    if not access_of(by).may(Permission.MANAGE_POLICY, school):
        raise Refusal("只有州学管中心可以重开逾期的注册")
    if not reason.strip() or not document_number.strip():
        raise Refusal("请填写重开的理由和文号")
    if not school.programmes.filter(stage=Stage.SENIOR, valid_to=None).exists():
        raise Refusal(f"{school.short_name}不是普通高中，没有高一新生注册")
    last_day = last_day_of(policy.in_force(school, on).values, year)
    if on <= last_day:
        raise Refusal(f"{year}年注册截止{last_day}，尚未截止，学校可以直接提交，不需要重开")
    lock_intake(school, year)  # of two clicks at once the second waits here, and finds it done
    earlier = Reopening.objects.filter(school=school, year=year).first()
    if earlier:
        raise Refusal(f"{school.short_name}{year}年的注册已按{earlier.document_number}重开，不必再次重开")
    opened = Reopening.objects.create(
        school=school, year=year, reason=reason.strip(), document_number=document_number.strip(), by=by, at=now()
    )
    after = {"year": year, "reason": opened.reason, "document": opened.document_number}
    record(action="重开逾期注册", by=by, target=opened, organisation=school, after=after)
    return opened
