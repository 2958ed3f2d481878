"""The deeds of the chapter with the days they belong to."""

from datetime import date

from registry.demo.chapters import Agenda, Scene
from transfers.demo.deeds import Told
from transfers.demo.pupils import enrol_everybody, move_up
from transfers.demo.story import STORIES


def agenda(scene: Scene) -> Agenda:
    """Everybody enrolled last summer, those registered since moved up this one, then the changes."""
    deeds: Agenda = [
        (date(scene.year - 1, 8, 25), lambda day: enrol_everybody(scene)),
        (date(scene.year, 9, 1), move_up),
    ]
    for story in STORIES:
        deeds += Told(story, scene).agenda()
    return deeds
