"""Students in the search of the top bar: by any part of the name, its initials (MHM), or a whole number of theirs.

Nothing is counted and nothing is sorted by the database: the first matches within what the person may see are taken
from an index, one more than are shown, so that the answer takes as long among 420,000 students as among 42,000.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet, Value

from approvals.search import Section, request_row, section
from linxia_xueji.access import access_of
from linxia_xueji.addresses import address
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.identity import id_normal, name_key
from linxia_xueji.models import Organisation
from registry.enums import Ending, EnrolmentState
from registry.models import Candidate, Enrolment, NamePiece, NumberVoiding

MOST = 50
NATIONAL_LENGTH, NUMBER_LENGTH = 19, 12
"""Characters of a 全国学籍号 (a letter before an ID number) and of a 学号."""
_SPARE = 10
"""A name that has the part twice (马马) is met twice."""
_TONES = {EnrolmentState.ENROLLED: "ok", EnrolmentState.SUSPENDED: "warn", EnrolmentState.PENDING: "info"}


_page_of: Callable[[int], str] | None = None


def link_enrolments(page_of: Callable[[int], str]) -> None:
    """Let the app that has a page of every enrolment say where it is: enrolment id → address."""
    global _page_of
    _page_of = page_of


def enrolment_page(pk: int) -> str:
    """Where the page of an enrolment is; empty where no app has one."""
    return _page_of(pk) if _page_of else ""


def students(user, term: str) -> list[Section]:
    """Enrolments and new students one may see, by part of the name or by 学籍号, 学号, 准考证号 or ID number."""
    number, key = id_normal(term), name_key(term)
    by_number = number.isascii() and any(character.isdigit() for character in number)
    found = _numbered(number) if by_number else _named(user, key) if key else []
    rows = [*_enrolled(user, found), *_new(user, found)]
    rows.sort(key=lambda row: (name_key(row["label"]) != key, row["label"], row["text"]))
    return [section("学生", rows, MOST)]


def numbers(user, term: str) -> list[Section]:
    """Requests to void an issued number, by the number."""
    number = id_normal(term)
    if not (len(number) == NUMBER_LENGTH and number.isdigit()):
        return []
    found = NumberVoiding.objects.visible_to(user).filter(number=number).select_related("request__school")
    return [section("学号作废", [request_row(voiding.request) for voiding in found[: MOST + 1]], MOST)]


def _named(user, key: str) -> list[tuple[int, bool]]:
    """(id, whether registered) of the first whose name has that part."""
    pieces = NamePiece.objects.filter(piece__startswith=key).order_by()
    parts = [
        pieces.filter(**{f"{level}__in": seen}).values_list("subject", "registered")[: MOST + 1 + _SPARE]
        for level, seen in _within(user).items()
    ]
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0] if parts else []
    return list(dict.fromkeys(found))[: MOST + 1]


def _within(user) -> dict[str, list[int]]:
    """The organisations whose students one may see, by the column of a piece that names them."""
    access = access_of(user)
    seen = access.organisations(Permission.VIEW_REGISTER)
    known = {o.pk: o for post in access.posts for o in post.organisation.ancestors()}
    known |= {o.pk: o for o in Organisation.objects.filter(pk__in=seen - known.keys())} if seen - known.keys() else {}
    found: dict[str, list[int]] = {}
    for pk in seen:
        found.setdefault(known[pk].level, []).append(pk)
    if provinces := found.pop(Level.PROVINCE, None):
        below = Organisation.objects.filter(parent__in=provinces, level=Level.PREFECTURE)
        found.setdefault(Level.PREFECTURE, []).extend(below.values_list("pk", flat=True))
    return found


def _numbered(number: str) -> list[tuple[int, bool]]:
    """(id, whether registered) by any of a student's numbers; who may see whom is asked when they are read."""
    ways = [{"student__key_facts__id_number": number}, {"candidate__exam_number": number}]
    if len(number) == NATIONAL_LENGTH:
        ways.append({"student__national_number": number})
    if len(number) == NUMBER_LENGTH:
        ways.append({"student_number__number": number})
    enrolled = [Enrolment.objects.filter(**way).values_list("pk", Value(True)) for way in ways]
    waiting = [
        Candidate.objects.filter(**way, enrolment=None).values_list("pk", Value(False))
        for way in ({"id_number": number}, {"exam_number": number})
    ]
    return list(enrolled[0].union(*enrolled[1:], *waiting)[: MOST + 1])


def _enrolled(user, found: list[tuple[int, bool]]) -> list[dict[str, str]]:
    ids = [pk for pk, registered in found if registered]
    if not ids:
        return []
    enrolments: QuerySet[Enrolment] = Enrolment.objects.visible_to(user).filter(pk__in=ids)
    present = {"facts": "student__key_facts", "standing": "statuses", "place": "grades"}
    rows = enrolments.annotate(
        **{name: FilteredRelation(path, condition=Q(**{f"{path}__valid_to": None})) for name, path in present.items()}
    ).values_list(
        "pk", "facts__name", "school__short_name", "stage", "entry_year", "place__school_class", "standing__status", "ending",
        "student_number__number", "candidate__pk",
    )  # fmt: skip
    return [_enrolled_row(*row) for row in rows]


def _enrolled_row(pk, name, school, stage, year, school_class, status, ending, number, candidate) -> dict[str, Any]:
    place = f"{Stage(stage).label}{year}级{school_class or ''}"
    return {
        "label": name,
        "url": _page_of(pk) if _page_of else address("registry:candidate", candidate) if candidate else "",
        "text": " · ".join(filter(None, (school, place, number and f"学号{number}"))),
        "tone": "" if ending else _TONES.get(status, ""),
        "words": Ending(ending).label if ending else EnrolmentState(status).label if status else "",
    }


def _new(user, found: list[tuple[int, bool]]) -> list[dict[str, str]]:
    ids = [pk for pk, registered in found if not registered]
    people = Candidate.objects.visible_to(user).filter(pk__in=ids).select_related("school") if ids else []
    return [
        {
            "label": person.name,
            "url": address("registry:candidate", person.pk),
            "text": f"{person.school.short_name} · {person.year}级新生 · 准考证号{person.exam_number}",
            "tone": "bad" if person.struck_on else "",
            "words": "已核减" if person.struck_on else person.get_arrival_display(),
        }
        for person in people
    ]
