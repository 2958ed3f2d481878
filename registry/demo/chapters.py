"""Chapters that later layers add to the demonstration: what happens in them is merged into one agenda, day by day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from linxia_xueji.models import User

if TYPE_CHECKING:
    from registry.demo.scale.crowd import Crowd

Deed = Callable[[date], None]
Agenda = list[tuple[date, Deed]]


@dataclass(frozen=True)
class Scene:
    """What a chapter finds: the year of the registration under way, the day of the demonstration, and the people.

    `people`: users by (role, code of the organisation). `random` is the chapter's own: what it draws changes nobody else.
    """

    year: int
    until: date
    people: Mapping[tuple[str, str], User]
    random: Random


@dataclass(frozen=True)
class Chapter:
    """:param schools: codes of the schools that need people. :param agenda: dotted name of a function Scene → Agenda.

    :param crowd: dotted name of a function Crowd → None that adds requests to the large demonstration; empty for none.
    """

    name: str
    schools: tuple[str, ...]
    agenda: str
    crowd: str = ""

    def deeds(self, scene: Scene) -> Agenda:
        """Its deeds with their days; what they need is imported only now."""
        return import_string(self.agenda)(scene)

    def fill(self, crowd: "Crowd") -> None:
        """Its part of the large demonstration."""
        import_string(self.crowd)(crowd)


_CHAPTERS: dict[str, Chapter] = {}


def announce(chapter: Chapter) -> None:
    """Make a chapter known; called once by its app."""
    _CHAPTERS[chapter.name] = chapter


def chapters() -> tuple[Chapter, ...]:
    """All of them."""
    return tuple(_CHAPTERS.values())
