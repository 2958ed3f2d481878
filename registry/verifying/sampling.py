"""The sample an authority draws of its own schools' rosters, and what it found of each student."""

import secrets

from django.db import IntegrityError, transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import MD5, Cast, Concat

from linxia_xueji.access import access_of, office_of
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, User, scope_of
from linxia_xueji.policy import in_force
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import ClassAttestation, Enrolment, Sample, SampledStudent, Verification
from registry.verifying.enums import SampleResult
from registry.verifying.rights import OFFICERS
from registry.verifying.roster import rostered


def drawn(
    verification: Verification, office: Organisation, seed: str, size: int | None
) -> list[tuple[int, int, int, str]]:
    """(enrolment, school, grade, class) of the students a seed draws: the same whenever it is asked; all of them without size."""
    own = {"county": office} if office.level == Level.COUNTY else {"county": None}
    rows = rostered(verification, Enrolment.objects.filter(**own)).filter(grade__grade__isnull=False)
    order: Func = MD5(Concat(Value(seed), Cast("pk", TextField()), output_field=TextField()))
    chosen = rows.annotate(order=order).order_by("order", "pk")[:size]
    return list(chosen.values_list("pk", "school", "grade__grade", F("grade__school_class")))


def _classes(verification: Verification) -> dict[tuple[int, int, str], int]:
    rows = ClassAttestation.objects.filter(school_verification__verification=verification)
    names = ("school_verification__school", "grade", "school_class")
    return {place: pk for pk, *rest in rows.values_list("pk", *names) for place in [tuple(rest)]}


@transaction.atomic
def draw(*, verification: Verification, by: User, seed: str = "") -> Sample:
    """Draw the sample of the person's office, once. :param seed: made here unless given.

    :raises Refusal: for who is no authority, where it has been drawn, and where there is nobody to draw.
    """
    office = office_of(by)
    if office is None:
        raise Refusal("抽查由县市教育局或州学管中心进行")
    seed, size = seed or secrets.token_hex(4), in_force(verification.prefecture, today())["verify.sample"]
    classes = _classes(verification)
    # The undoing of a year's turn takes back what was known; whoever it has put into another class is not drawn.
    chosen = [row for row in drawn(verification, office, seed, None) if row[1:] in classes][:size]
    if not chosen:
        raise Refusal("所管学校在名册中没有学生，不能抽查")
    try:
        with transaction.atomic():
            made = Sample.objects.create(
                verification=verification, **scope_of(office), seed=seed, drawn_by=by, drawn_at=now()
            )
    except IntegrityError as error:
        raise Refusal("本单位已抽取，请在下方名单中登记") from error
    SampledStudent.objects.bulk_create(
        SampledStudent(sample=made, enrolment_id=pk, class_attestation_id=classes[place])
        for pk, *rest in chosen
        for place in [tuple(rest)]
    )
    record(action="抽取核查学生", by=by, target=made, organisation=office, after={"seed": seed, "count": len(chosen)})
    return made


@transaction.atomic
def found_right(*, sample: Sample, students: list[str], by: User) -> int:
    """Say of students drawn that they are there as registered. Returns how many.

    :raises Refusal: for who is not of that office, and where nobody was chosen.
    """
    if not any(access_of(by).may(permission, sample.school) for permission in OFFICERS):
        raise Refusal("抽查由抽取名单的单位登记")
    rows = sample.students.filter(pk__in=[pk for pk in students if pk.isdecimal()], result="")
    count = rows.update(result=SampleResult.AGREES, checked_by=by, checked_at=now())
    if not count:
        raise Refusal("请勾选核对一致的学生")
    record(action="登记抽查一致", by=by, target=sample, organisation=sample.school, after={"count": count})
    return count
