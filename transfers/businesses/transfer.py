"""转学, inside the prefecture and from and to outside (三（二）1)."""

from typing import Any

from approvals.kinds import Deed
from linxia_xueji.dates import now
from linxia_xueji.identity import name_key
from linxia_xueji.models import Organisation
from linxia_xueji.refusal import Refusal
from registry.archive.deeds import hand_over
from registry.deeds import end_enrolment, enrol, set_key_facts
from registry.enums import BUCKET_OF, Ending
from registry.models import Enrolment, KeyFacts, Student
from registry.roster.grades import GRADES_OF, words_of
from transfers.books.transfer import TRANSFER, Side, TransferFacts
from transfers.business import Applied, Business, Lines, add_business
from transfers.enums import Direction
from transfers.forms import KEY_COLUMNS, TransferForm
from transfers.models import Change, IncomingPupil, Transfer
from transfers.terms import calendar_for, terms_about, windows_entered


def facts(applied: Applied) -> TransferFacts:
    """What the book looks at; the other side of a transfer from or to outside is known by name alone."""
    detail, enrolled = applied.detail, applied.enrolled
    pupil = detail.pupil if detail.direction == Direction.INCOMING else None
    stage, grade = (pupil.stage, pupil.grade) if pupil else (enrolled.enrolment.stage, enrolled.grade)
    status = ("suspended" if pupil.suspended else "enrolled") if pupil else enrolled.status
    return TransferFacts(
        applied_on=applied.applied_on,
        terms=terms_about(applied.school, detail.to_stage, applied.applied_on),
        calendar=calendar_for(applied.school),
        window_days_before_term_end=applied.policy["transfer.window.before_end"],
        stage=stage,
        grade=grade,
        status=status,
        open_business=bool(applied.busy),
        open_details=applied.busy,
        from_school=side_of(None if pupil else enrolled.enrolment.school, detail.outside_school, stage),
        to_school=side_of(detail.to_school, detail.outside_school, detail.to_stage),
        to_stage=detail.to_stage,
        to_grade=detail.to_grade,
        proofs=applied.proofs,
        entered_windows=windows_entered(applied.school, detail.to_stage, applied.applied_on),
    )


def side_of(school: Organisation | None, outside: str, stage: str) -> Side:
    """A school as the book sees it, with what it teaches of a stage; one outside lies in no county of the prefecture, and
    what it teaches is not known.
    """
    if school is None:
        return Side(code=outside, county="")
    taught = [GRADES_OF[p.stage] for p in school.programmes.all() if p.stage == stage and p.valid_to is None]
    profile = getattr(school, "profile", None)
    return Side(
        code=school.code,
        county=school.division_id,
        urban_area=(profile.urban_area or None) if profile else None,
        grades=frozenset(n for first, last in taught for n in range(first, last + 1)),
    )


def effect(deed: Deed, change: Change, detail: Transfer) -> dict[str, Any]:
    """The enrolment ends at the one school and begins at the other, in one transaction.

    :raises Refusal: where the decision outside the prefecture is not recorded, or the student has an enrolment after all.
    """
    if detail.direction != Direction.INSIDE and not detail.outside_document:
        raise Refusal("请先登记州外主管部门的决定（文号和日期）")
    former, day = change.enrolment, deed.on
    if former is not None:
        day = end_enrolment(former, ending=Ending.TRANSFERRED, on=day)
    if detail.direction == Direction.OUTGOING:
        return {"outside_school": detail.outside_school}
    student, year = (former.student, former.entry_year) if former else _newcomer(detail, deed)
    made = enrol(
        student=student, school=detail.to_school, stage=detail.to_stage, entry_year=year, grade=detail.to_grade,
        school_class=detail.to_class, on=day, by=deed.by,
    )  # fmt: skip
    if former is not None:
        hand_over(former=former, present=made)
    else:
        change.enrolment = made
        change.save(update_fields=["enrolment"])
    return {"enrolment": made.pk}


def _newcomer(detail: Transfer, deed: Deed) -> tuple[Student, int]:
    pupil = detail.pupil
    if known := _known(pupil):
        return known, pupil.entry_year
    student = Student.objects.create(national_number=pupil.national_number, recorded_at=now())
    values = {name: getattr(pupil, name) for name in (*KEY_COLUMNS, "ethnicity")}
    set_key_facts(student.pk, values, valid_from=deed.on, by=deed.by)
    return student, pupil.entry_year


def _known(pupil: IncomingPupil) -> Student | None:
    """Somebody who was here before keeps their place in the register.

    :raises Refusal: where they are still enrolled here, or the number is that of somebody with another name.
    """
    if not pupil.id_number:
        return None
    facts = KeyFacts.objects.filter(id_number=pupil.id_number, valid_to=None).select_related("student").first()
    if facts is None:
        return None
    if name_key(facts.name) != name_key(pupil.name):
        raise Refusal(
            "该身份证件号在学籍库中属于另一名学生，请退回学校对照户口簿核对姓名和号码", rule="key_info.id_taken"
        )
    present = Enrolment.objects.filter(student=facts.student_id, ends_on=None).select_related("school").first()
    if present is not None and present.bucket == BUCKET_OF[pupil.stage]:
        raise Refusal(f"该身份证件号在{present.school.name}已有学籍，请由转入学校按州内转学办理")
    return facts.student


def lines(detail: Transfer) -> Lines:
    """For the decision page."""
    found = [
        ("方向", detail.get_direction_display()),
        ("转入学校", detail.to_school.name if detail.to_school else detail.outside_school),
        ("转入年级", words_of(detail.to_grade)),
    ]
    if detail.to_class:
        found.append(("转入班级", detail.to_class))
    if detail.agreed_on:
        found.append(("同意接收日期", f"{detail.agreed_on:%Y-%m-%d}"))
    if detail.outside_document:
        decided = f"{detail.outside_authority} {detail.outside_document}，{detail.outside_decided_on:%Y-%m-%d}"
        found.append(("州外决定", decided))
    return found


add_business(
    Business(
        "transfer", "转学", "ZX", "不予转学", TRANSFER, Transfer, TransferForm, facts, effect, lines, "已转学",
        per_office="clock.transfer_per_party",
    )
)  # fmt: skip
