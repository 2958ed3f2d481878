"""Running a turn: school by school, each in a transaction of set-based statements that may come twice and act once."""

from datetime import date

from django.db import connection, transaction
from django.db.models import Count

from linxia_xueji.dates import now
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.enums import Fate, TurnState
from registry.models import TurnSchool, TurnTally, YearTurn
from registry.roster.grades import words_of
from registry.year_turn.fates import FATES, OF_SCHOOL, count, given, list_left
from registry.year_turn.rights import require_turn

# The ids of what comes are drawn first: the moves are the plan, everything after follows them.
_PLAN = """
INSERT INTO registry_turnmove (turn_id, school_id, student_id, enrolment_id, stage, grade, fate, at, former_grade,
                               former_status, former_circumstances, next_grade, next_enrolment, receiver_id, to_class)
SELECT %(turn)s, f.school_id, f.student_id, f.enrolment_id, f.stage, f.grade, f.fate, %(at)s, f.grade_id,
       CASE WHEN f.fate = ANY(%(ending)s) THEN f.status_id END,
       CASE WHEN f.fate = ANY(%(ending)s) THEN
            (SELECT c.id FROM registry_circumstances c WHERE c.enrolment_id = f.enrolment_id AND c.valid_to IS NULL) END,
       CASE WHEN f.fate IN ('up', 'handed_on')
            THEN nextval(pg_get_serial_sequence('registry_enrolmentgrade', 'id')) END,
       CASE WHEN f.fate = 'handed_on' THEN nextval(pg_get_serial_sequence('registry_enrolment', 'id')) END,
       CASE WHEN f.fate = 'handed_on' THEN f.receiver_id END,
       CASE WHEN f.fate = 'handed_on' THEN f.to_class ELSE '' END
  FROM ({fates}) f WHERE f.fate = ANY(%(moving)s)
RETURNING id
"""
# The grade that ends gives way on the first day, or where it began later (a transfer since) on that day.
_APPLY = (
    """UPDATE registry_enrolmentgrade g SET valid_to = GREATEST(g.valid_from, %(day)s::date), closed_at = %(at)s
         FROM registry_turnmove v WHERE v.id = ANY(%(moves)s) AND g.id = v.former_grade""",
    """UPDATE registry_enrolmentstatus s SET valid_to = GREATEST(s.valid_from, %(day)s::date), closed_at = %(at)s
         FROM registry_turnmove v WHERE v.id = ANY(%(moves)s) AND v.former_status IS NOT NULL AND s.id = v.former_status""",
    """UPDATE registry_circumstances c SET valid_to = GREATEST(c.valid_from, %(day)s::date), closed_at = %(at)s
         FROM registry_turnmove v WHERE v.id = ANY(%(moves)s) AND v.former_circumstances IS NOT NULL AND c.id = v.former_circumstances""",
    """UPDATE registry_enrolment e
          SET ends_on = GREATEST(e.begins_on, g.valid_to), ending = v.fate, closed_at = %(at)s
         FROM registry_turnmove v JOIN registry_enrolmentgrade g ON g.id = v.former_grade
        WHERE v.id = ANY(%(moves)s) AND v.fate = ANY(%(ending)s) AND e.id = v.enrolment_id""",
    """INSERT INTO registry_enrolment (id, student_id, school_id, county_id, prefecture_id, stage, bucket, entry_year,
                                       begins_on, ending, recorded_at)
       SELECT v.next_enrolment, e.student_id, o.id, CASE WHEN p.level = 'county' THEN p.id END,
              CASE WHEN p.level = 'county' THEN p.parent_id ELSE p.id END, e.stage, e.bucket, e.entry_year, e.ends_on, '',
              %(at)s
         FROM registry_turnmove v JOIN registry_enrolment e ON e.id = v.enrolment_id
         JOIN linxia_xueji_organisation o ON o.id = v.receiver_id
         JOIN linxia_xueji_organisation p ON p.id = o.parent_id
        WHERE v.id = ANY(%(moves)s) AND v.fate = 'handed_on' ORDER BY v.id""",
    """INSERT INTO registry_enrolmentstatus (enrolment_id, status, valid_from, recorded_at, recorded_by_id)
       SELECT v.next_enrolment, %(enrolled)s, e.ends_on, %(at)s, %(by)s
         FROM registry_turnmove v JOIN registry_enrolment e ON e.id = v.enrolment_id
        WHERE v.id = ANY(%(moves)s) AND v.fate = 'handed_on' ORDER BY v.id""",
    """INSERT INTO registry_circumstances (enrolment_id, boarding, left_behind, valid_from, recorded_at, recorded_by_id)
       SELECT v.next_enrolment, c.boarding, c.left_behind, c.valid_to, %(at)s, %(by)s
         FROM registry_turnmove v JOIN registry_circumstances c ON c.id = v.former_circumstances
        WHERE v.id = ANY(%(moves)s) AND v.fate = 'handed_on' ORDER BY v.id""",
    """INSERT INTO registry_enrolmentgrade (id, enrolment_id, grade, school_class, valid_from, recorded_at, recorded_by_id)
       SELECT v.next_grade, COALESCE(v.next_enrolment, v.enrolment_id), v.grade + 1,
              CASE WHEN v.fate = 'up' THEN g.school_class ELSE v.to_class END, g.valid_to, %(at)s, %(by)s
         FROM registry_turnmove v JOIN registry_enrolmentgrade g ON g.id = v.former_grade
        WHERE v.id = ANY(%(moves)s) AND v.next_grade IS NOT NULL ORDER BY v.id""",
)


@transaction.atomic
def ask_run(turn: YearTurn, *, by: User, on: date) -> None:
    """Say why not, or set the turn RUNNING with the schools it will go through; the job does the rest.

    :raises Refusal: without the right, before the first day of the new year, or where it has been run.
    """
    turn = _locked(turn)
    require_turn(by, turn)
    if turn.state != TurnState.PREVIEW:
        raise Refusal(f"{turn}{turn.get_state_display()}，不能再次开始处理")
    if on < turn.day:
        raise Refusal(f"起算日{turn.day:%Y-%m-%d}还没有到，到日后再处理；现在可以先核对预览")
    turn.state, turn.run_by, turn.started_at, turn.ended_at = TurnState.RUNNING, by, now(), None
    turn.save()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO registry_turnschool (turn_id, school_id, county_id, prefecture_id)
               SELECT DISTINCT ON (school_id) %(turn)s::bigint, school_id, county_id, prefecture_id FROM registry_enrolment
                WHERE ends_on IS NULL AND prefecture_id = %(prefecture)s ORDER BY school_id
               ON CONFLICT (turn_id, school_id) DO NOTHING""",
            given(turn),
        )
    record(
        action="开始学年处理", by=by, target=turn, organisation=turn.prefecture, after={"起算日": turn.day.isoformat()}
    )


def run(turn_id: int) -> None:
    """Go through the schools that are not done yet; each stands or falls by itself. Called outside a transaction."""
    while (turn := YearTurn.objects.select_related("run_by").get(pk=turn_id)).state == TurnState.RUNNING:
        if not _next_school(turn):
            finish(turn)


def take_school(turn: YearTurn, *, done: bool) -> TurnSchool | None:
    """The next school that is (not) done, held until the transaction ends; None where there is none left.

    Two workers on one turn take different schools; the one that finds all taken waits until the other is through.
    """
    rows = TurnSchool.objects.filter(turn=turn, done_at__isnull=not done).select_related("school").order_by("school_id")
    free = rows.select_for_update(of=("self",), skip_locked=True).first()
    return free or rows.select_for_update(of=("self",)).first()


@transaction.atomic
def _next_school(turn: YearTurn) -> bool:
    """One school; False where none is left."""
    school = take_school(turn, done=False)
    if school is None:
        return False
    with connection.cursor() as cursor:
        # Whoever decides a business on one of these waits, or is waited for: what it did is then seen below.
        cursor.execute(
            "SELECT id FROM registry_enrolment WHERE school_id = %s AND ends_on IS NULL ORDER BY id FOR UPDATE",
            [school.school_id],
        )
    carry_out(turn, OF_SCHOOL, by=turn.run_by, school=school.school_id)
    list_left(turn, school.school_id)
    count(turn, school.school_id)
    school.done_at = now()
    school.save(update_fields=["done_at"])
    rows = TurnTally.objects.filter(turn=turn, school=school.school_id).values_list("grade", "fate", "count")
    after = {f"{words_of(grade) if grade else ''}{Fate(fate).label}": number for grade, fate, number in rows}
    record(action="学校升级毕业", by=turn.run_by, target=school, organisation=school.school, after=after)
    return True


def carry_out(turn: YearTurn, where: str, *, by: User, **narrowed) -> int:
    """Move those whom a condition of `fates` names. Returns how many were moved; inside a transaction.

    :param narrowed: what the condition takes, and `regardless`.
    """
    values = given(turn, **narrowed) | {"by": by.pk}
    with connection.cursor() as cursor:
        cursor.execute(_PLAN.format(fates=FATES.format(where=where)), values)
        values["moves"] = [pk for (pk,) in cursor.fetchall()]
        for statement in _APPLY if values["moves"] else ():
            cursor.execute(statement, values)
    return len(values["moves"])


@transaction.atomic
def finish(turn: YearTurn) -> None:
    """All schools are done: the turn waits to be confirmed."""
    turn = _locked(turn)
    if turn.state != TurnState.RUNNING or TurnSchool.objects.filter(turn=turn, done_at=None).exists():
        return
    turn.state, turn.ended_at, turn.counted_at = TurnState.DONE, now(), now()
    turn.save()
    moved = dict(turn.moves.values_list("fate").order_by().annotate(number=Count("pk")))
    record(
        action="完成学年处理",
        by=turn.run_by,
        target=turn,
        organisation=turn.prefecture,
        after={Fate(fate).label: number for fate, number in moved.items()},
    )


def _locked(turn: YearTurn) -> YearTurn:
    return YearTurn.objects.select_for_update(of=("self",)).select_related("prefecture", "run_by").get(pk=turn.pk)
