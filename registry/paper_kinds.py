"""Each kind of paper that leaves the portal, declared once; the one way out and the page that checks know no others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from linxia_xueji.models import Organisation
from registry.models import Paper
from registry.paper_enums import SUBJECT_OF, PaperKind


@dataclass(frozen=True)
class Subject:
    """What papers of some kinds are about: the column of `Paper` that points to it, and what the machinery asks of it.

    `model` has `visible_to`; `needs` and `lists` are what is selected and prefetched with it for a check; `row`, of the paper, is the
    line of the check page for whoever may see it; `kept` are scope and party under which a signed file is kept.
    """

    column: str
    model: type[Model]
    row: Callable[[Paper], dict[str, Any]]
    kept: Callable[[Any], dict[str, Any]]
    version: Callable[[Any], int | None]
    needs: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaperSort:
    """One kind of paper.

    `content` is what it would say on a day (a frozen dataclass); `office` who issues it, and so whose certificate signs it;
    `writers` by format, called with content and `mark=`, those in `tells` also with `progress=`; `void` says in a few words
    why no such paper holds any longer, empty where it does.
    """

    kind: PaperKind
    subject: Subject
    content: Callable[[Any, date], Any]
    office: Callable[[Any], Organisation]
    writers: dict[str, Callable[..., bytes]]
    void: Callable[[Any], str] = lambda subject: ""
    tells: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if SUBJECT_OF[self.kind] != self.subject.column:
            raise ValueError(f"{self.kind}: the database expects {SUBJECT_OF[self.kind]}")


_SORTS: dict[str, PaperSort] = {}


def declare(*sorts: PaperSort) -> None:
    """Make kinds of papers known; called from an `AppConfig.ready()`."""
    _SORTS.update({sort.kind: sort for sort in sorts})


def sort_of(kind: str) -> PaperSort:
    """:raises KeyError: for a kind that nobody declared."""
    return _SORTS[kind]


def subjects() -> tuple[Subject, ...]:
    """All that papers are about, each once."""
    return tuple({sort.subject.column: sort.subject for sort in _SORTS.values()}.values())
