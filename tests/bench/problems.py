"""The finding of 问题学籍 beside its floor, with problems planted in the register. `tests.bench.work` runs it."""

import base64
import sys
from collections.abc import Iterator
from itertools import islice

from tests.bench.timing import checked, in_turn, rolled_back, timed

EACH = 100
"""Problems planted of each kind."""


def problems() -> dict[str, float]:
    """One nightly finding over the whole register, as the task makes it, against what no finding can do without: two plain
    GROUP BYs of the present key facts (numbers borne twice; namesakes one of whom has no number), and every number opened
    once with the bare cipher, nothing looked at. The numbers lie sealed, so the database cannot tell a wrong one.

    A line of a roster is kept for everybody, as in a register that was taken in from one. What was planted is on the list
    afterwards, and nothing else beside what the register has of itself.
    """
    return rolled_back(_measured)


def _measured() -> dict[str, float]:
    from linxia_xueji.dates import now
    from registry.models import Problem, ProblemSearch
    from registry.problems.finders import find
    from registry.problems.tasks import run

    upload = _kept_roster()
    already = find()
    taken = {student for one in already.values() for student in one.students}

    def ours() -> float:
        planted = _plant(taken, upload)
        checked()
        asked = ProblemSearch.objects.create(asked_at=now())

        def deed() -> None:
            run(asked)
            checked()

        seconds = timed(deed)
        listed = set(Problem.objects.filter(settled_on=None).values_list("key", flat=True))
        assert listed == already.keys() | planted, sorted(listed ^ (already.keys() | planted))[:10]
        return seconds

    figures = in_turn(lambda: rolled_back(ours), lambda: timed(_floor))
    print(f"bench: {len(already)} problems of the register itself, {5 * EACH} planted", file=sys.stderr)
    return figures


def _kept_roster():
    """The upload of a roster of everybody; of its lines what the search may come across: archives lie elsewhere on disk."""
    from django.db import connection

    from linxia_xueji.dates import now
    from linxia_xueji.files import keep
    from linxia_xueji.models import Organisation, User, scope_of
    from registry.models import RosterUpload

    prefecture, centre = Organisation.objects.get(level="prefecture"), User.objects.get(username="centre")
    file = keep(
        content=b"kept", name="名册.xlsx", content_type="x", purpose="在校生名册", scope=scope_of(prefecture), by=centre
    )
    upload = RosterUpload.objects.create(
        organisation=prefecture, file=file, state="imported", uploaded_by=centre, uploaded_at=now()
    )
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"upload": upload.pk})
    return upload


_KEPT = """
INSERT INTO registry_rosterstaged (upload_id, row, school_id, county_id, prefecture_id, name, sex, ethnicity, birth_date, id_type,
    id_number, national_number, stage, grade, school_class, entry_year, begins_on, status, boarding, left_behind, archive,
    change, code, changed, student_id, enrolment_id)
SELECT %(upload)s, e.id, e.school_id, e.county_id, e.prefecture_id, k.name, k.sex, k.ethnicity, k.birth_date, k.id_type,
    k.id_number, '', e.stage, 1, '', e.entry_year, e.begins_on, 'enrolled', '', '', '', 'add', '', '[]', e.student_id, e.id
FROM registry_enrolment e JOIN registry_keyfacts k ON k.student_id = e.student_id AND k.valid_to IS NULL WHERE e.ends_on IS NULL
"""


def _plant(taken: set[int], upload) -> set[str]:
    """Wrong numbers, numbers of the other sex, numbers borne twice, namesakes without a number, students whom another
    school lists; the keys of all of them.

    :param taken: students in whom something is found already.
    """
    from linxia_xueji.secrets import Secret
    from registry.enums import IdType
    from registry.models import Enrolment, KeyFacts

    enrolments = Enrolment.objects.filter(ends_on=None).exclude(student__in=taken).order_by("pk")
    # From everywhere, each student once.
    students = list(dict.fromkeys(enrolments.values_list("student", flat=True)))[
        :: enrolments.count() // (7 * EACH + 1)
    ]
    held = KeyFacts.objects.filter(valid_to=None, student__in=students, id_type=IdType.RESIDENT)
    chosen, keys = iter(held.order_by("student")), set()

    def pairs() -> Iterator[tuple[KeyFacts, KeyFacts]]:
        return zip(islice(chosen, EACH), islice(chosen, EACH), strict=True)

    for facts in islice(chosen, EACH):
        number = facts.id_number.reveal()
        facts.id_number = Secret(number[:-1] + ("1" if number[-1] != "1" else "2"))
        facts.save()
        keys.add(f"bad_number:{facts.student_id}")
    for facts in islice(chosen, EACH):
        facts.sex = "2" if facts.sex == "1" else "1"
        facts.save()
        keys.add(f"contradiction:{facts.student_id}")
    for n, pair in enumerate(pairs()):
        for facts in pair:
            facts.id_type, facts.id_number = IdType.OTHER, Secret(f"E{n:08d}")
            facts.save()
        keys.add("same_number:{}:{}".format(*sorted(facts.student_id for facts in pair)))
    for n, (one, other) in enumerate(pairs()):
        one.name = other.name = f"测速{chr(0x4E00 + n)}"
        other.sex, other.birth_date, other.id_type, other.id_number = one.sex, one.birth_date, IdType.NONE, Secret("")
        one.save()
        other.save()
        keys.add("namesake:{}:{}".format(*sorted((one.student_id, other.student_id))))
    schools = list(Enrolment.objects.order_by().values_list("school", flat=True).distinct()[:2])
    for facts in islice(chosen, EACH):
        own = enrolments.filter(student=facts.student_id).first()
        elsewhere = next(school for school in schools if school != own.school_id)
        line = upload.staged.filter(row=own.pk)
        line.update(change="blocked", code="registered_elsewhere", school=elsewhere)
        keys.add(f"same_number:{facts.student_id}:roster:{elsewhere}")
    assert len(keys) == 5 * EACH, len(keys)
    return keys


_NUMBERS_TWICE = """
SELECT split_part(id_number, '$', 1) FROM registry_keyfacts WHERE valid_to IS NULL AND id_number <> ''
GROUP BY 1 HAVING count(*) > 1
"""
_NAMESAKES = """
SELECT name, sex, birth_date FROM registry_keyfacts WHERE valid_to IS NULL
GROUP BY 1, 2, 3 HAVING count(*) > 1 AND bool_or(id_number = '')
"""
_SEALED = "SELECT split_part(id_number, '$', 2) FROM registry_keyfacts WHERE valid_to IS NULL AND id_number <> ''"


def _floor() -> None:
    from django.db import connection

    from linxia_xueji.secrets import decrypt

    with connection.cursor() as cursor:
        for grouped in (_NUMBERS_TWICE, _NAMESAKES):
            cursor.execute(grouped)
            cursor.fetchall()
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SEALED)
        while rows := cursor.fetchmany(5_000):
            for (sealed,) in rows:
                decrypt(base64.b64decode(sealed))
