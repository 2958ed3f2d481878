"""What does not fit, found by the database; only numbers must be opened to be checked, which is done in batches.

Each finder takes the students it is asked about, or None for the whole register: an active enrolment makes a student count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from linxia_xueji.enums import Sex
from linxia_xueji.identity import id_birth, id_fault, id_sex
from linxia_xueji.secrets import SecretField
from registry.enums import IdType, ProblemKind
from registry.problems.claims import Claim, claims

AT_ONCE = 5_000
FAULTS = {"id_length": "不是18位", "id_check": "校验码不符或有不能出现的字符", "id_date": "出生日期不存在"}
_ACTIVE = (
    "EXISTS (SELECT 1 FROM registry_enrolment e WHERE e.student_id = {0}.student_id AND e.ends_on IS NULL)"
    " AND {0}.valid_to IS NULL"
)
_PAIRS = """
SELECT DISTINCT least(a.student_id, b.student_id), greatest(a.student_id, b.student_id)
FROM registry_keyfacts a JOIN registry_keyfacts b ON {same} AND b.student_id <> a.student_id
WHERE {lacking} AND {a} AND {b}
"""
SAME_NUMBER = _PAIRS.format(
    same="split_part(b.id_number, '$', 1) = split_part(a.id_number, '$', 1)",
    lacking="a.id_number <> '' AND a.id_type <> %(resident)s", a=_ACTIVE.format("a"), b=_ACTIVE.format("b"),
)  # fmt: skip
"""A resident's number belongs to one student alone (the database sees to it), so one of two is of another type."""
NAMESAKES = _PAIRS.format(
    same="b.name = a.name AND b.sex = a.sex AND b.birth_date = a.birth_date",
    lacking="split_part(a.id_number, '$', 1) = ''", a=_ACTIVE.format("a"), b=_ACTIVE.format("b"),
)  # fmt: skip
"""Of the number its index is compared, by which the few who have none are found."""
TWO_STAGES = """
SELECT DISTINCT a.student_id FROM registry_enrolment a
JOIN registry_enrolment b ON b.student_id = a.student_id AND b.bucket = 'beyond' AND b.ends_on IS NULL
WHERE a.bucket = 'primary' AND a.ends_on IS NULL
AND (%(students)s::bigint[] IS NULL OR a.student_id = ANY(%(students)s))
"""
NUMBERS = f"""
SELECT a.student_id, a.sex, a.birth_date, a.id_number FROM registry_keyfacts a
WHERE a.id_type = %(resident)s AND a.id_number <> '' AND {_ACTIVE.format("a")}
AND (%(students)s::bigint[] IS NULL OR a.student_id = ANY(%(students)s))
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True)
class Found:
    """One finding: the students of the register in it, and who else claims to be one of them."""

    kind: str
    students: tuple[int, ...]
    details: str = ""
    claim: Claim | None = None

    @property
    def key(self) -> str:
        """Kind and people: the same for the same finding, whenever it is made."""
        return ":".join([self.kind, *map(str, self.students), *([self.claim.ref] if self.claim else [])])


def find(students: Iterable[int] | None = None) -> dict[str, Found]:
    """All findings, or those in which one of these students is, by key. The number of queries is constant."""
    asked = None if students is None else list(students)
    given = {"students": asked, "resident": IdType.RESIDENT.value}
    found = [
        Found(ProblemKind.SAME_NUMBER, pair, "证件号相同，至少一方登记的不是居民身份证")
        for pair in _pairs(SAME_NUMBER, given)
    ]
    found += [
        Found(ProblemKind.NAMESAKE, pair, "姓名、性别、出生日期相同，至少一方没有证件号")
        for pair in _pairs(NAMESAKES, given)
    ]
    found += [
        Found(ProblemKind.TWO_STAGES, one, "小学学籍没有终止，又有高中阶段学籍") for one in _rows(TWO_STAGES, given)
    ]
    found += _numbers(given)
    found += [
        Found(ProblemKind.SAME_NUMBER, (claim.student,), f"另一方来自{claim.origin}", claim=claim)
        for claim in claims(None if asked is None else set(asked))
    ]
    return {one.key: one for one in found}


def _pairs(sql: str, given: dict) -> list[tuple[int, ...]]:
    """All of them, or from either side those in which one of the students asked about is: so indexes lead to the other."""
    if given["students"] is None:
        return _rows(sql, given)
    either = (f"{sql} AND {side}.student_id = ANY(%(students)s::bigint[])" for side in "ab")
    return _rows(" UNION ".join(either), given)


def _rows(sql: str, given: dict) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def _numbers(given: dict) -> Iterator[Found]:
    """Every resident number opened and checked (GB 11643), some thousands at a time."""
    field = SecretField()
    with connection.chunked_cursor() as cursor:
        cursor.execute(NUMBERS, given)
        while rows := cursor.fetchmany(AT_ONCE):
            for student, sex, birth, sealed in rows:
                number = field.from_db_value(sealed, None, None).reveal()
                if fault := id_fault(number):
                    yield Found(ProblemKind.BAD_NUMBER, (student,), f"身份证号{FAULTS[fault]}")
                elif words := contradictions(number, sex, birth):
                    yield Found(ProblemKind.CONTRADICTION, (student,), "；".join(words))


def contradictions(number: str, sex: str, birth) -> list[str]:
    """What a valid number says otherwise than the fields beside it. The birth date stays out: it is told by the page."""
    said = id_sex(number)
    found = [f"号码中性别为{Sex(said).label}，登记为{Sex(sex).label}"] if said != sex else []
    return [*found, *(["号码中出生日期与登记不同"] if id_birth(number) != birth else [])]
