"""How much is made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of students, schools, posts, requests decided or under way, and of schools with a senior stage."""

    students: int
    schools: int
    posts: int
    requests: int
    senior_schools: int


FULL = Size(students=420_000, schools=1_200, posts=1_500, requests=100_000, senior_schools=130)
TENTH = Size(students=42_000, schools=120, posts=160, requests=10_000, senior_schools=13)
HUNDREDTH = Size(students=4_200, schools=30, posts=60, requests=1_000, senior_schools=13)
"""For the suite; no smaller than the fixtures."""
