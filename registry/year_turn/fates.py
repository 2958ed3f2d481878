"""What becomes of each enrolment in a turn, decided by one statement for preview, run and follow-up alike.

Readings, none of them in the notice (assumed): a pupil suspended on the first day keeps the grade, and resuming chooses
(实际就读年级必须与学籍一致, 三（一）3); business under way stays in the way until it is done; a grade recorded on or after the
first day is that of the new year, unless it is lower than the year of entry says: then somebody looks at it.
"""

import json
from datetime import date
from typing import Any

from django.db import connection

from approvals.enums import OPEN
from linxia_xueji.dates import now
from registry.enums import EnrolmentState, Fate
from registry.models import YearTurn
from registry.roster.grades import GRADES_OF

MOVING = (Fate.UP, Fate.GRADUATED, Fate.COMPLETED, Fate.HANDED_ON)
ENDING = (Fate.GRADUATED, Fate.COMPLETED, Fate.HANDED_ON)
LEFT = (Fate.BLOCKED, Fate.PENDING, Fate.RECENT, Fate.ODD)
"""Left out, and to be seen to one by one."""
BY_HAND = (Fate.RECENT, Fate.ODD)
"""Of these a person has to say which grade is right."""

# Whoever an earlier run or follow-up of the turn has moved is not looked at again.
FATES = """
SELECT e.id AS enrolment_id, e.student_id, e.school_id, e.county_id, e.prefecture_id, e.stage, e.bucket, e.entry_year,
       g.id AS grade_id, COALESCE(g.grade, 0) AS grade, COALESCE(g.school_class, '') AS school_class, s.id AS status_id,
       r.id AS request_id, h.receiver_id, h.to_class,
       CASE WHEN e.entry_year >= %(year)s THEN 'entered'
            WHEN g.id IS NULL OR g.grade NOT BETWEEN (%(first)s::jsonb ->> e.stage)::int AND (%(last)s::jsonb ->> e.stage)::int
            THEN 'odd'
            WHEN EXISTS (SELECT FROM registry_enrolmentstatus x WHERE x.enrolment_id = e.id AND x.status = 'suspended'
                            AND x.valid_from <= %(day)s AND (x.valid_to IS NULL OR x.valid_to >= %(day)s)) THEN 'suspended'
            WHEN g.valid_from >= %(day)s AND NOT %(regardless)s THEN
                 CASE WHEN g.grade < (%(first)s::jsonb ->> e.stage)::int + %(year)s - e.entry_year THEN 'recent'
                      ELSE 'current' END
            WHEN s.status = 'pending' THEN 'pending'
            WHEN r.id IS NOT NULL THEN 'blocked'
            WHEN h.id IS NOT NULL THEN 'handed_on'
            WHEN g.grade < (%(last)s::jsonb ->> e.stage)::int THEN 'up'
            WHEN m.id IS NOT NULL AND e.stage = 'senior' THEN 'completed'
            ELSE 'graduated' END AS fate
  FROM registry_enrolment e
  LEFT JOIN registry_enrolmentgrade g ON g.enrolment_id = e.id AND g.valid_to IS NULL
  LEFT JOIN registry_enrolmentstatus s ON s.enrolment_id = e.id AND s.valid_to IS NULL
  LEFT JOIN approvals_request r ON r.lock_key = 'student:' || e.student_id AND r.state = ANY(%(open)s)
  LEFT JOIN registry_handing h ON h.school_id = e.school_id AND h.ended_at IS NULL AND h.last_grade = g.grade
  LEFT JOIN registry_turncompletion m ON m.turn_id = %(turn)s AND m.enrolment_id = e.id
 WHERE e.ends_on IS NULL AND e.prefecture_id = %(prefecture)s AND {where}
   AND NOT EXISTS (SELECT FROM registry_turnmove v WHERE v.turn_id = %(turn)s AND v.enrolment_id = e.id)
   AND NOT EXISTS (SELECT FROM registry_turnmove v WHERE v.next_enrolment = e.id AND v.turn_id = %(turn)s)
"""
EVERYBODY, OF_SCHOOL, ONE = "true", "e.school_id = %(school)s", "e.id = %(enrolment)s"


def given(turn: YearTurn, **more: Any) -> dict[str, Any]:
    """The parameters of the statements about a turn. :param more: `school`, `enrolment`, `regardless` (of a grade recorded since)."""
    ranges = {stage.value: span for stage, span in GRADES_OF.items()}
    return {
        "turn": turn.pk, "year": turn.school_year, "day": turn.day, "prefecture": turn.prefecture_id, "at": now(),
        "first": json.dumps({stage: span[0] for stage, span in ranges.items()}),
        "last": json.dumps({stage: span[1] for stage, span in ranges.items()}),
        "open": [str(state) for state in OPEN], "moving": [str(fate) for fate in MOVING],
        "ending": [str(fate) for fate in ENDING], "left": [str(fate) for fate in LEFT],
        "enrolled": EnrolmentState.ENROLLED.value, "regardless": False, **more,
    }  # fmt: skip


def fate_of(turn: YearTurn, enrolment: int, *, regardless: bool = False) -> str | None:
    """What the turn would do with one enrolment; None where it is no longer active, or was moved already."""
    with connection.cursor() as cursor:
        cursor.execute(FATES.format(where=ONE), given(turn, enrolment=enrolment, regardless=regardless))
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return row[names.index("fate")] if row else None


_PEOPLE = """
SELECT f.enrolment_id, f.stage, f.grade, f.school_class, f.fate, k.name, f.request_id, o.short_name AS receiver, f.to_class
  FROM ({fates}) f JOIN registry_keyfacts k ON k.student_id = f.student_id AND k.valid_to IS NULL
  LEFT JOIN linxia_xueji_organisation o ON o.id = f.receiver_id
 ORDER BY f.grade, f.school_class, k.name, f.enrolment_id
"""


def people(turn: YearTurn, school: int) -> list[dict[str, Any]]:
    """Everybody of a school whom the turn has not moved: class, name, what it would do, the school that takes them, and the business
    in the way.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(fates=FATES.format(where=OF_SCHOOL)), given(turn, school=school))
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


COUNT = """
INSERT INTO registry_turntally (turn_id, school_id, county_id, prefecture_id, stage, grade, fate, count)
SELECT %(turn)s, school_id, county_id, prefecture_id, stage, grade, fate, sum(number) FROM (
    SELECT f.school_id, f.county_id, f.prefecture_id, f.stage, f.grade, f.fate, count(*) AS number
      FROM ({fates}) f GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT v.school_id, e.county_id, e.prefecture_id, v.stage, v.grade, v.fate, count(*)
      FROM registry_turnmove v JOIN registry_enrolment e ON e.id = v.enrolment_id
     WHERE v.turn_id = %(turn)s AND {moved} GROUP BY 1, 2, 3, 4, 5, 6) both_kinds
 GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def count(turn: YearTurn, school: int | None = None) -> None:
    """Count a school anew, or with None the whole prefecture; inside the caller's transaction."""
    values = given(turn, school=school)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM registry_turntally WHERE turn_id = %(turn)s AND (%(school)s::bigint IS NULL OR school_id = %(school)s)",
            values,
        )
        where, moved = (EVERYBODY, "true") if school is None else (OF_SCHOOL, "v.school_id = %(school)s")
        cursor.execute(COUNT.format(fates=FATES.format(where=where), moved=moved), values)


LEFT_OUT = """
INSERT INTO registry_turnitem (turn_id, school_id, county_id, prefecture_id, student_id, enrolment_id, grade, school_class,
                               reason, request_id, outcome, note)
SELECT %(turn)s, f.school_id, f.county_id, f.prefecture_id, f.student_id, f.enrolment_id, f.grade, f.school_class,
       f.fate, f.request_id, '', ''
  FROM ({fates}) f WHERE f.fate = ANY(%(left)s)
ON CONFLICT (turn_id, enrolment_id) DO NOTHING
"""


def list_left(turn: YearTurn, school: int | None = None) -> None:
    """List anew by name who of a school (None: the prefecture) is left out and still to be seen to."""
    values = given(turn, school=school)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM registry_turnitem WHERE turn_id = %(turn)s AND settled_at IS NULL "
            "AND (%(school)s::bigint IS NULL OR school_id = %(school)s)",
            values,
        )
        cursor.execute(LEFT_OUT.format(fates=FATES.format(where=EVERYBODY if school is None else OF_SCHOOL)), values)


def first_day(school_year: int) -> date:
    """1 September, on which the school year starts (rules.md); another day may be chosen."""
    return date(school_year, 9, 1)
