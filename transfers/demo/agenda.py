"""The deeds of the chapter with the days they belong to."""

from datetime import date

from registry.demo.chapters import Agenda, Scene
from transfers.demo.deeds import Told
from transfers.demo.pupils import enrol_everybody
from transfers.demo.story import STORIES
from transfers.demo.year import mark_a_completion, open_the_turn, run_the_turn


def agenda(scene: Scene) -> Agenda:
    """Everybody enrolled last summer, all of them moved up this one, then the changes."""
    deeds: Agenda = [
        (date(scene.year - 1, 8, 25), lambda day: enrol_everybody(scene)),
        (date(scene.year, 8, 20), lambda day: open_the_turn(scene, day)),
        (date(scene.year, 8, 25), lambda day: mark_a_completion(scene)),
        (date(scene.year, 9, 2), lambda day: run_the_turn(scene, day)),
    ]
    for story in STORIES:
        deeds += Told(story, scene).agenda()
    return deeds
