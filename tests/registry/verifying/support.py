"""A campaign of a small prefecture: two schools with pupils, the rest without."""

from registry.models import ClassAttestation, Deviation, Enrolment, SchoolVerification, Verification
from registry.verifying import noting, opening
from registry.verifying.noting import Noted
from tests.registry.rosters_support import pupils
from tests.transfers.support import announce_terms
from tests.world import COUNTY_SCHOOL, PREFECTURE, World


def opened(world: World, *, people: bool = True, phase: str = "registration") -> Verification:
    """A campaign opened by the centre; 高二1班 of the county's school has 马一, 马二 and 马三 (suspended)."""
    if people:
        announce_terms(world)
        pupils(world)
    return opening.open_verification(
        prefecture=world.organisation(PREFECTURE), term="2026-autumn", phase=phase, on=world.day, by=world.centre
    )


def school_of(verification: Verification, code: str = COUNTY_SCHOOL) -> SchoolVerification:
    """The row of a school."""
    return verification.schools.select_related("verification", "school").get(school__code=code)


def class_of(verification: Verification, code: str = COUNTY_SCHOOL) -> ClassAttestation:
    """The only class of that school."""
    return ClassAttestation.objects.select_related("school_verification").get(
        school_verification__verification=verification, school_verification__school__code=code
    )


def pupil_named(name: str) -> Enrolment:
    """A pupil of the campaign."""
    return Enrolment.objects.get(student__key_facts__name=name, student__key_facts__valid_to=None)


def noted(world: World, verification: Verification, found: Noted, name: str = "马一", by=None) -> Deviation:
    """A deviation of a pupil (none of the roster without a name), noted by the registrar."""
    enrolment = pupil_named(name).pk if name else None
    return noting.note(class_of(verification), enrolment=enrolment, found=found, by=by or world.registrar())
