"""What the page of routes shows: by business and case the steps in force, what they rest on, what came and comes."""

from dataclasses import dataclass
from datetime import date

from approvals.kinds import Kind
from linxia_xueji.models import Organisation
from linxia_xueji.rules import Basis
from transfers.kinds import routed
from transfers.models import RouteVersion
from transfers.routes import BUILT_IN, CASE_WORDS, SAME_COUNTY, Case, words_in


@dataclass(frozen=True)
class Version:
    """One route that was, is or will be in force."""

    row: RouteVersion
    steps: list[str]


@dataclass(frozen=True)
class Route:
    """The route of a business in one case. `current` is None while the built-in one holds, which is assumed."""

    business: Kind
    case: Case
    codes: list[str]
    current: Version | None
    coming: list[Version]
    history: list[Version]

    @property
    def steps(self) -> list[str]:
        """Its steps in words."""
        return words_of(self.codes, self.case)

    @property
    def case_words(self) -> str:
        """Whom it is for."""
        return CASE_WORDS[self.case]

    @property
    def basis(self) -> str:
        """What it rests on where no document of the prefecture stands behind it."""
        return Basis.ASSUMED.label


def words_of(codes: list[str], case: str) -> list[str]:
    """Steps in the words of the page."""
    return [words_in(code, same_county=case in SAME_COUNTY)[0] for code in codes]


def routes(prefecture: Organisation | None, on: date) -> list[Route]:
    """All of them in the order of the businesses; one query."""
    versions: dict[tuple[str, str], list[Version]] = {}
    rows = RouteVersion.objects.filter(organisation=prefecture).select_related("entered_by")
    for row in rows.order_by("-effective_from", "-pk"):
        versions.setdefault((row.kind, row.case), []).append(Version(row, words_of(row.steps, row.case)))
    return [
        _route(business, case, versions.get((business.code, case), []), on)
        for business in routed()
        for case in BUILT_IN[business.code]
    ]


def route_of(prefecture: Organisation | None, kind: str, case: str, on: date) -> Route | None:
    """One of them; None where the business has no such case."""
    return next((r for r in routes(prefecture, on) if r.business.code == kind and r.case == case), None)


def _route(business: Kind, case: Case, history: list[Version], on: date) -> Route:
    begun = [version for version in history if version.row.effective_from <= on]
    current = begun[0] if begun else None
    return Route(
        business=business,
        case=case,
        codes=list(current.row.steps if current else BUILT_IN[business.code][case]),
        current=current,
        coming=history[: len(history) - len(begun)][::-1],
        history=history,
    )
