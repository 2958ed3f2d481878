"""Taking a turn back before it is confirmed: the rows it closed are open again, the rows it added are gone, exactly.

Whoever business has touched since is named, and stays as they are now only where that is chosen in so many words.
"""

from typing import Any

from django.db import connection, transaction

from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import TurnState
from registry.models import Enrolment, YearTurn
from registry.year_turn.fates import count, given, list_left
from registry.year_turn.rights import require_turn
from registry.year_turn.running import take_school

LISTED = 50
_OWN = frozenset(
    {"registry_enrolmentgrade", "registry_enrolmentstatus", "registry_circumstances", "registry_turncompletion"}
)


# Something was recorded of the student since, or rests on what the move made at the receiving school: a search for each,
# so that 400,000 moves are joined once and not asked about one by one.
_TOUCHED = """
WITH v AS MATERIALIZED (SELECT * FROM registry_turnmove WHERE turn_id = %(turn)s AND {scope}),
     began AS (SELECT min(at) AS at FROM v)
SELECT v.id FROM v JOIN approvals_request r ON r.lock_key = 'student:' || v.student_id
 WHERE r.created_at > v.at AND r.created_at > (SELECT at FROM began)
UNION
SELECT v.id FROM v JOIN registry_enrolment n ON n.student_id = v.student_id AND n.id IS DISTINCT FROM v.next_enrolment
 WHERE n.recorded_at >= v.at AND n.recorded_at >= (SELECT at FROM began)
UNION
SELECT v.id FROM v LEFT JOIN registry_enrolmentgrade g ON g.id = v.next_grade AND g.valid_to IS NULL
 WHERE v.next_grade IS NOT NULL AND g.id IS NULL
UNION
SELECT v.id FROM v JOIN registry_enrolmentstatus s ON s.enrolment_id = COALESCE(v.next_enrolment, v.enrolment_id)
 WHERE v.next_grade IS NOT NULL AND (s.recorded_at > v.at OR s.closed_at > v.at)
   AND GREATEST(s.recorded_at, s.closed_at) > (SELECT at FROM began)
UNION
SELECT v.id FROM v JOIN registry_circumstances c ON c.enrolment_id = v.next_enrolment
 WHERE c.recorded_at > v.at OR c.closed_at > v.at
UNION
SELECT v.id FROM v WHERE v.next_enrolment IS NOT NULL AND ({leaning})
"""
_LEANING = "EXISTS (SELECT FROM {table} x WHERE x.{column} = v.next_enrolment)"
_NAMES = """
SELECT k.name, o.short_name AS school, v.grade FROM registry_turnmove v
  JOIN registry_keyfacts k ON k.student_id = v.student_id AND k.valid_to IS NULL
  JOIN linxia_xueji_organisation o ON o.id = v.school_id
 WHERE v.id = ANY(%(moves)s) ORDER BY o.code, k.name, v.id LIMIT %(most)s
"""
_LOCK = """
SELECT e.id FROM registry_enrolment e JOIN registry_turnmove v ON v.enrolment_id = e.id
 WHERE v.turn_id = %(turn)s AND v.school_id = %(school)s ORDER BY e.id FOR UPDATE OF e
"""
_OTHERS = (
    "SELECT id FROM registry_turnmove WHERE turn_id = %(turn)s AND school_id = %(school)s AND NOT id = ANY(%(kept)s)"
)
_GONE = "WITH gone AS (SELECT * FROM registry_turnmove WHERE id = ANY(%(moves)s)) "
_STATEMENTS = (
    "DELETE FROM registry_enrolmentgrade g USING gone v WHERE g.id = v.next_grade",
    "DELETE FROM registry_enrolmentstatus s USING gone v WHERE s.enrolment_id = v.next_enrolment",
    "DELETE FROM registry_circumstances c USING gone v WHERE c.enrolment_id = v.next_enrolment",
    "DELETE FROM registry_enrolment e USING gone v WHERE e.id = v.next_enrolment",
    "UPDATE registry_enrolment e SET ends_on = NULL, ending = '', closed_at = NULL FROM gone v "
    "WHERE e.id = v.enrolment_id AND v.fate = ANY(%(ending)s)",
    "UPDATE registry_enrolmentgrade g SET valid_to = NULL, closed_at = NULL FROM gone v WHERE g.id = v.former_grade",
    "UPDATE registry_enrolmentstatus s SET valid_to = NULL, closed_at = NULL FROM gone v WHERE s.id = v.former_status",
    "UPDATE registry_circumstances c SET valid_to = NULL, closed_at = NULL FROM gone v WHERE c.id = v.former_circumstances",
    "DELETE FROM registry_turnmove v USING gone o WHERE v.id = o.id",
)

# What was seen to one by one is taken back with the rest.
_FORGET = """
DELETE FROM registry_turnitem i WHERE i.turn_id = %(turn)s AND i.school_id = %(school)s AND NOT EXISTS (
       SELECT FROM registry_turnmove v WHERE v.turn_id = i.turn_id AND v.student_id = i.student_id)
"""


def _touched(cursor, values: dict[str, Any], scope: str) -> list[int]:
    """The moves (of a school, or all) after which business came; looks into whatever tables may refer to an enrolment."""
    fields = Enrolment._meta.get_fields(include_hidden=True)
    relations = (f for f in fields if f.auto_created and not f.concrete and f.related_model._meta.db_table not in _OWN)
    found = (_LEANING.format(table=r.related_model._meta.db_table, column=r.field.column) for r in relations)
    cursor.execute(_TOUCHED.format(scope=scope, leaning=" OR ".join(found)), values)
    return [pk for (pk,) in cursor.fetchall()]


def touched(turn: YearTurn, most: int = LISTED) -> tuple[int, list[dict[str, Any]]]:
    """How many students business has touched since they were moved, and the first of them by school and name."""
    values = given(turn, most=most)
    with connection.cursor() as cursor:
        values["moves"] = _touched(cursor, values, "true")
        cursor.execute(_NAMES, values)
        return len(values["moves"]), [
            dict(zip(("name", "school", "grade"), row, strict=True)) for row in cursor.fetchall()
        ]


@transaction.atomic
def ask_undo(turn: YearTurn, *, by: User, keep_touched: bool = False) -> None:
    """Say why not, or set the turn UNDOING; the job does the rest.

    :raises Refusal: without the right, before the run is complete, once confirmed; and where business has touched students
        since, by name, unless it is chosen that they stay as they are.
    """
    turn = YearTurn.objects.select_for_update(of=("self",)).select_related("prefecture").get(pk=turn.pk)
    require_turn(by, turn)
    if turn.state != TurnState.DONE:
        raise Refusal(f"{turn}{turn.get_state_display()}，不能撤销")
    number, first = touched(turn)
    if number and not keep_touched:
        names = [f"{row['school']} {row['name']}" for row in first]
        raise Refusal(
            f"处理之后有{number}名学生又办理了业务，不能一并撤销；可以先撤销这些业务，或选择这些学生保持现状、只撤销其余学生",
            items=names,
        )
    turn.state, turn.run_by = TurnState.UNDOING, by
    turn.save()
    record(action="撤销学年处理", by=by, target=turn, organisation=turn.prefecture, after={"保持现状人数": number})


def undo(turn_id: int) -> None:
    """Go back through the schools that were done, each in a transaction. Called outside one."""
    while (turn := YearTurn.objects.select_related("run_by", "prefecture").get(pk=turn_id)).state == TurnState.UNDOING:
        if not _next_school(turn):
            _finish(turn)


@transaction.atomic
def _next_school(turn: YearTurn) -> bool:
    school = take_school(turn, done=True)
    if school is None:
        return False
    values = given(turn, school=school.school_id)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        values["kept"] = _touched(cursor, values, "school_id = %(school)s")
        cursor.execute(_OTHERS, values)
        values["moves"] = [pk for (pk,) in cursor.fetchall()]
        for statement in _STATEMENTS:
            cursor.execute(_GONE + statement, values)
        cursor.execute(_FORGET, values)
    list_left(turn, school.school_id)
    count(turn, school.school_id)
    record(
        action="撤销学校升级毕业",
        by=turn.run_by,
        target=school,
        organisation=school.school,
        after={"students": len(values["moves"])},
    )
    school.delete()
    return True


@transaction.atomic
def _finish(turn: YearTurn) -> None:
    turn = YearTurn.objects.select_for_update(of=("self",)).get(pk=turn.pk)
    if turn.state != TurnState.UNDOING:
        return
    turn.state, turn.started_at, turn.ended_at = TurnState.PREVIEW, None, None
    turn.save()
