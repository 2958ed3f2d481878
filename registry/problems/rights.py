"""Who decides on a problem without the chain, and who lets the register be searched (assumed)."""

from collections.abc import Iterable

from linxia_xueji.access import Access
from linxia_xueji.enums import Permission
from registry.enums import ProblemKind
from registry.models import Problem, ProblemParty

DECIDERS = (Permission.DECIDE_AS_SCHOOL, Permission.DECIDE_AS_COUNTY, Permission.DECIDE_AS_PREFECTURE)
SEARCHERS = (Permission.DECIDE_AS_COUNTY, Permission.DECIDE_AS_PREFECTURE)
OF_TWO = (ProblemKind.NAMESAKE, ProblemKind.SAME_NUMBER)
"""Where it can be asked whether two records are one person's."""


def may_decide(access: Access, problem: Problem, parties: Iterable[ProblemParty]) -> bool:
    """Whether a person says of two records that they are not one person's: a head or officer of one of them."""
    parties = list(parties)
    two = len({party.student_id for party in parties}) == 2
    return (
        problem.kind in OF_TWO
        and two
        and any(access.may(permission, party.school) for party in parties for permission in DECIDERS)
    )


def may_search(access: Access) -> bool:
    """Whether a person lets the whole register be searched now."""
    return any(map(access.has, SEARCHERS))
