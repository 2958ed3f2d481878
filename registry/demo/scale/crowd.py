"""What a chapter of a later layer finds when it adds its requests to the large demonstration."""

from dataclasses import dataclass
from datetime import date
from random import Random

from registry.demo.scale.offices import Offices
from registry.demo.scale.past import Past


@dataclass(frozen=True)
class Crowd:
    """Students and schools are in the database. The chapter adds exactly `count` requests through `past`, and flushes it."""

    offices: Offices
    past: Past
    count: int
    season: int
    """Year of the registration under way."""
    today: date
    random: Random
