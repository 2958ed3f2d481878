"""信息核查 of the demonstration: called for, one school has signed, another is halfway and has found something."""

from datetime import date

from linxia_xueji.enums import Role
from linxia_xueji.models import Organisation
from registry.demo.chapters import Agenda, Scene
from registry.enums import EnrolmentState
from registry.models import ClassAttestation, SchoolVerification, Verification
from registry.verifying import deeds, noting, opening, roster
from registry.verifying.enums import DeviationKind, Phase
from registry.verifying.noting import Noted

PREFECTURE, SIGNED, HALFWAY = "622900", "3462900001", "3462990006"


def agenda(scene: Scene) -> Agenda:
    """Called for two days before the story ends; the schools work on the day after."""
    return [
        (date(scene.year, 9, 14), lambda day: call_for(scene, day)),
        (date(scene.year, 9, 15), lambda day: work(scene)),
    ]


def call_for(scene: Scene, day: date) -> None:
    """The centre opens the campaign that follows the registration of autumn."""
    prefecture = Organisation.objects.select_related("parent").get(code=PREFECTURE)
    term, _ = opening.terms_to_verify(prefecture, day)[0]
    centre = scene.people[Role.CENTRE, PREFECTURE]
    opening.open_verification(prefecture=prefecture, term=term, phase=Phase.REGISTRATION, on=day, by=centre)


def work(scene: Scene) -> None:
    """临夏中学 attests everything and its head signs; 广河县示例第一中学 notes two students and leaves a class."""
    made = Verification.objects.get()
    for code in (SIGNED, HALFWAY):
        registrar, found = scene.people[Role.REGISTRAR, code], _school(made, code)
        classes = list(found.classes.order_by("grade", "school_class"))
        if code == HALFWAY:
            _note_two(max((c for c in classes if c.school_class), key=lambda c: c.students), registrar)
            classes = classes[:-1]
        for one in classes:
            deeds.attest_class(one, by=registrar)
        if code == SIGNED:
            deeds.attest_school(found, by=registrar)
            deeds.sign(found, by=scene.people[Role.HEAD, code])


def _school(made: Verification, code: str) -> SchoolVerification:
    return made.schools.select_related("verification", "school").get(school__code=code)


def _note_two(one: ClassAttestation, registrar) -> None:
    found = one.school_verification
    there = roster.of_class(found.verification, one, found.school_id).filter(status__status=EnrolmentState.ENROLLED)
    first, second, *_ = roster.lines(there)
    other = Noted(DeviationKind.GRADE, grade=one.grade, school_class="2班" if one.school_class == "1班" else "1班")
    noting.note(one, enrolment=first["pk"], found=other, by=registrar)
    away = Noted(DeviationKind.ABSENT, note="开学未到校，已电话联系（示例）")
    noting.note(one, enrolment=second["pk"], found=away, by=registrar)
