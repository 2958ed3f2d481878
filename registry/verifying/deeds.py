"""What a school does in a verification: attests its classes, hands it to the head, who signs it or gives it back."""

from django.db import transaction
from django.urls import reverse

from approvals.messages import tell
from linxia_xueji.access import people_at, people_who_may
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Permission
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import ClassAttestation, SchoolVerification
from registry.models.verifying import LONGEST_NOTE
from registry.verifying import rights
from registry.verifying.enums import SchoolState


def held(found: SchoolVerification) -> SchoolVerification:
    """The school's row, locked until the transaction ends."""
    rows = SchoolVerification.objects.select_for_update(of=("self",))
    return rows.select_related("verification__prefecture", "school__parent__parent__parent").get(pk=found.pk)


@transaction.atomic
def attest_class(one: ClassAttestation, *, by: User) -> ClassAttestation:
    """Say of a class that all but those noted are there as registered; said twice it stays as said first.

    :raises Refusal: see `why_not_attest`.
    """
    found = held(one.school_verification)
    if why := rights.why_not_attest(by, found):
        raise Refusal(why)
    one = ClassAttestation.objects.select_for_update().get(pk=one.pk)
    if one.attested_at is None:
        one.attested_by, one.attested_at = by, now()
        one.save(update_fields=["attested_by", "attested_at"])
        record(action="核查班级", by=by, target=one, organisation=found.school, after={"students": one.students})
    return one


@transaction.atomic
def attest_school(found: SchoolVerification, *, by: User) -> SchoolVerification:
    """Hand the whole school to the head. :raises Refusal: see `why_not_attest`, and while classes are left."""
    found = held(found)
    if why := rights.why_not_attest(by, found):
        raise Refusal(why)
    if left := found.classes.filter(attested_at=None).count():
        raise Refusal(f"还有{left}个班没有核查，全部核查后再提交校长")
    found.state, found.attested_by, found.attested_at, found.returned_because = SchoolState.ATTESTED, by, now(), ""
    found.save(update_fields=["state", "attested_by", "attested_at", "returned_because"])
    record(action="提交学校核查", by=by, target=found, organisation=found.school)
    heads = people_who_may(Permission.DECIDE_AS_SCHOOL, found.school, today())
    tell(heads, f"{found.verification}已逐班核查，请签字", link=address(found), by=by)
    return found


@transaction.atomic
def sign(found: SchoolVerification, *, by: User) -> SchoolVerification:
    """The head answers for it. The authority is told when its last school has signed.

    :raises Refusal: see `why_not_sign`.
    """
    found = held(found)
    if why := rights.why_not_sign(by, found):
        raise Refusal(why)
    found.state, found.signed_by, found.signed_at = SchoolState.SIGNED, by, now()
    found.save(update_fields=["state", "signed_by", "signed_at"])
    record(action="签字学校核查", by=by, target=found, organisation=found.school)
    _tell_when_all_signed(found, by)
    return found


def _tell_when_all_signed(found: SchoolVerification, by: User) -> None:
    beside = SchoolVerification.objects.filter(verification=found.verification_id, county=found.county_id)
    if beside.exclude(state=SchoolState.SIGNED).exists():
        return
    office = found.county_id or found.prefecture_id
    permission = Permission.DECIDE_AS_COUNTY if found.county_id else Permission.DECIDE_AS_PREFECTURE
    words = f"{found.verification}：所管学校已全部签字，请完成抽查"
    readers = people_at(permission, [office], today())
    tell(readers, words, link=reverse("registry:verification", args=[found.verification_id]), by=by)


@transaction.atomic
def give_back(found: SchoolVerification, *, reason: str, by: User) -> SchoolVerification:
    """The head has it mended. :raises Refusal: see `why_not_sign`; without a reason."""
    found = held(found)
    if why := rights.why_not_sign(by, found):
        raise Refusal(why)
    if not reason.strip():
        raise Refusal("请写明退回理由")
    registrar = found.attested_by
    found.state, found.attested_by, found.attested_at = SchoolState.WORKING, None, None
    found.returned_because = reason.strip()[:LONGEST_NOTE]
    found.save(update_fields=["state", "attested_by", "attested_at", "returned_because"])
    record(action="退回学校核查", by=by, target=found, organisation=found.school, after={"reason": reason.strip()})
    tell([registrar], f"{found.verification}被退回：{found.returned_because}", link=address(found), by=by)
    return found


def address(found: SchoolVerification) -> str:
    """The page of a school in a campaign."""
    return reverse("registry:school_verification", args=[found.pk])
