"""Which school takes the pupils of a teaching point after its last grade (no transfer, rules.md; the form is assumed)."""

from django.db import transaction
from django.db.models import QuerySet

from linxia_xueji.dates import now
from linxia_xueji.models import Organisation, User, scope_of
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import Handing, Programme
from registry.roster.grades import GRADES_OF
from registry.year_turn.rights import may_follow, require_follow


def in_force(user: User) -> QuerySet[Handing]:
    """The settings that hold, of all a person may see."""
    found = Handing.objects.visible_to(user).filter(ended_at=None)
    return found.select_related("school__parent__parent__parent", "receiver", "county__division", "set_by").order_by(
        "school__code"
    )


@transaction.atomic
def hand_on(
    *, school: Organisation, receiver: Organisation, last_grade: int, to_class: str, document_number: str, by: User
) -> Handing:
    """From the next turn on, pupils of the teaching point go on to the receiver after its last grade.

    :param to_class: the class they come into; empty, the receiving school forms classes.
    :raises Refusal: without the right over both, where the grade is the last of its stage or not taught by both, or where
        the teaching point has a receiver already.
    """
    require_follow(by, school)
    if not may_follow(by, receiver):
        raise Refusal("接收校不归本单位主管，请由共同的主管部门登记")
    if school == receiver:
        raise Refusal("教学点和接收校不能是同一所学校")
    stage = next((s for s, (first, last) in GRADES_OF.items() if first <= last_grade < last), None)
    if stage is None:
        raise Refusal("学段的最后一个年级按毕业处理，不登记接收校")
    for organisation in (school, receiver):
        if not Programme.objects.filter(organisation=organisation, stage=stage, valid_to=None).exists():
            raise Refusal(f"{organisation.short_name}没有开设{stage.label}，请核对")
    if not document_number.strip():
        raise Refusal("请填写文号")
    if Handing.objects.filter(school=school, ended_at=None).select_for_update().exists():
        raise Refusal(f"{school.short_name}已登记接收校，请先停用原登记")
    made = Handing.objects.create(
        **{name: value for name, value in scope_of(school).items() if name != "province"}, receiver=receiver,
        last_grade=last_grade, to_class=to_class.strip(), document_number=document_number.strip(), set_by=by, set_at=now(),
    )  # fmt: skip
    after = {"接收校": receiver.code, "最高年级": last_grade, "document_number": made.document_number}
    record(action="登记教学点接收校", by=by, target=made, organisation=school, after=after)
    return made


@transaction.atomic
def end(handing: Handing, *, by: User) -> None:
    """It holds no more from now on. :raises Refusal: without the right, or where it ended before."""
    handing = (
        Handing.objects.select_for_update(of=("self",))
        .select_related("school__parent__parent__parent")
        .get(pk=handing.pk)
    )
    require_follow(by, handing.school)
    if handing.ended_at:
        raise Refusal("此登记已停用")
    handing.ended_by, handing.ended_at = by, now()
    handing.save(update_fields=["ended_by", "ended_at"])
    record(action="停用教学点接收校", by=by, target=handing, organisation=handing.school)
