"""How a student stood on a day, as it was known at the end of a day."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django import forms

from linxia_xueji.access import Access
from linxia_xueji.dates import SHANGHAI
from linxia_xueji.enums import Stage
from linxia_xueji.forms import DayField
from registry.as_of import enrolled, held
from registry.enums import EnrolmentState
from registry.models import Enrolment, EnrolmentGrade, EnrolmentStatus, KeyFacts
from registry.person.timeline import seen_with
from registry.roster.grades import words_of
from registry.showing import shown

_FACTS = (
    ("name", "姓名"),
    ("sex", "性别"),
    ("ethnicity", "民族"),
    ("birth_date", "出生日期"),
    ("id_number", "身份证件号"),
)


class StandingForm(forms.Form):
    """The day asked about, and the day by whose end it was known; without the second, as it is known now."""

    day = DayField(label="查询日期")
    known = DayField(label="截至何日的记录", required=False, help_text="不填按现有记录")


@dataclass(frozen=True)
class Standing:
    """What held on the day; `lines` is empty where no enrolment did."""

    day: date
    known: date | None
    lines: list[tuple[str, str]]


def moment_of(day: date | None) -> datetime | None:
    """The end of a day in Linxia."""
    return datetime.combine(day, time.max, SHANGHAI) if day else None


def standing_on(enrolment: Enrolment, access: Access | None, day: date, known: date | None) -> Standing:
    """What held of the student on the day, of the enrolments that may be followed from this one; four queries."""
    moment = moment_of(known)
    theirs = seen_with(enrolment, access)
    active = theirs.filter(enrolled(day, moment)).select_related("school").order_by("-begins_on").first()
    if active is None:
        return Standing(day, known, [])
    status = EnrolmentStatus.objects.filter(held(day, moment), enrolment=active).first()
    place = EnrolmentGrade.objects.filter(held(day, moment), enrolment=active).first()
    facts = KeyFacts.objects.filter(held(day, moment), student=enrolment.student_id).first()
    where = (
        f"{Stage(active.stage).label} {words_of(place.grade)}{place.school_class}"
        if place
        else Stage(active.stage).label
    )
    lines = [("学校", active.school.name_on(day)), ("学段年级", where)]
    lines.append(("学籍状态", EnrolmentState(status.status).label if status else "—"))
    if facts:
        lines += [(label, shown(name, getattr(facts, name))) for name, label in _FACTS]
    return Standing(day, known, lines)
