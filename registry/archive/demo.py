"""What surrounds the register in the demonstration: archives set up and late, and a token of the interface in use."""

from datetime import date, timedelta

from linxia_xueji.enums import Role
from linxia_xueji.models import Organisation
from registry.api import tokens
from registry.archive.deeds import tick
from registry.demo.chapters import Agenda, Scene
from registry.enums import ApiPurpose
from registry.models import ApiToken, Enrolment

PREFECTURE, COUNTY = "622900", "622924"
FORGETFUL = "3462990010"
"""东乡县示例民族中学 has set up none."""
_LATE = 40
"""Of so many archives of a school one is forgotten."""


def agenda(scene: Scene) -> Agenda:
    """Archives of last year's new pupils; a token of this September, and two days on which it was used."""
    return [
        (date(scene.year - 1, 9, 28), lambda day: _set_up(scene, day)),
        (date(scene.year, 9, 7), lambda day: _issue(scene, day)),
        (date(scene.year, 9, 11), lambda day: _called(0)),
        (date(scene.year, 9, 15), lambda day: _called(1)),
    ]


def _set_up(scene: Scene, day: date) -> None:
    """The registrars note whose papers lie in the school; some are forgotten and late today."""
    entered = Enrolment.objects.filter(begins_on__gte=date(day.year, 9, 1), ends_on=None)
    schools = Organisation.objects.filter(pk__in=entered.values("school")).exclude(code=FORGETFUL).order_by("code")
    for school in schools.select_related("parent__parent__parent"):
        by = scene.people.get((Role.REGISTRAR, school.code))
        theirs = list(entered.filter(school=school).order_by("pk").values_list("pk", flat=True))
        there = [pk for place, pk in enumerate(theirs) if place % _LATE != _LATE // 2]
        if by:
            tick(school=school, enrolments=there, by=by, on=day)


def _issue(scene: Scene, day: date) -> None:
    """The centre lets the office for aid of 广河县 read; nobody knows the text of the token."""
    tokens.issue(
        organisation=Organisation.objects.get(code=COUNTY), using="广河县学生资助管理系统（示例）", purpose=ApiPurpose.AID,
        document_number=f"临州教函〔{scene.year}〕52号（示例）", valid_until=day + timedelta(days=300),
        by=scene.people[Role.CENTRE, PREFECTURE],
    )  # fmt: skip


def _called(students: int) -> None:
    """The system asked: for counts, or for the roster of everybody the county has."""
    token = ApiToken.objects.select_related("organisation").get()
    everybody = Enrolment.objects.filter(county=token.organisation, ends_on=None).count()
    tokens.note_call(token, students * everybody)
