"""The three books as rows to compare: both exports by their columns, and the register as of a day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from linxia_xueji import files, sandbox
from linxia_xueji.enums import Level, Sex, Stage
from linxia_xueji.identity import id_normal, masked, proposed_name, tidy_name
from linxia_xueji.models import Organisation
from linxia_xueji.reach import run_by
from linxia_xueji.reference import ethnicity_name
from linxia_xueji.refusal import Refusal
from registry.admissions import cells as shared
from registry.admissions.cells import Cell, is_number, text_of
from registry.as_of import held, register_on
from registry.comparing.fields import BY_KEY, COMPARED
from registry.comparing.matching import Facts
from registry.comparing.opening import Rows
from registry.enums import EnrolmentState
from registry.models import ComparisonFile, EnrolmentGrade, EnrolmentStatus, KeyFacts
from registry.roster import cells
from registry.roster.grades import GRADES_OF, grade_of, words_of
from registry.roster.reading import LIMITS

FAULTS_KEPT = 200
_SENIOR = {words_of(n) for n in range(GRADES_OF[Stage.SENIOR][0], GRADES_OF[Stage.SENIOR][1] + 1)}
_OTHER_STAGES = {words_of(n) for n in range(1, GRADES_OF[Stage.SENIOR][0])}


@dataclass
class Book:
    """The rows of an export, those of other stages left out and counted, and what could not be read."""

    rows: list[Facts] = field(default_factory=list)
    skipped: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)
    fault_count: int = 0

    def fault(self, row: int, key: str, value: str, words: str) -> None:
        """Tell one; beyond the first some, they are counted."""
        self.fault_count += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append({"row": row, "column": BY_KEY[key].label, "value": value, "words": words})


@dataclass(frozen=True)
class Offices:
    """Schools by code and by any of their names, counties by name; `names` what a school is called."""

    by_word: dict[str, int]
    counties: dict[str, int]
    names: dict[int, str]


def offices_of(prefecture: Organisation) -> Offices:
    """What the prefecture runs."""
    below = (
        Organisation.objects.filter(pk__in=run_by([prefecture.pk])).prefetch_related("names").select_related("division")
    )
    schools = [o for o in below if o.level == Level.SCHOOL]
    words = {name.name: o.pk for o in schools for name in o.names.all()}
    words |= {word: o.pk for o in schools for word in (o.name, o.code)}
    counties = [o for o in below if o.level == Level.COUNTY]
    told = {word: o.pk for o in counties for word in (o.name, o.short_name, o.division.name, o.division.short_name)}
    return Offices(words, told, {o.pk: o.name for o in schools})


def cells_of(upload: ComparisonFile) -> Rows:
    """The cells of an uploaded export in its columns. Asks the database nothing, so another thread may wait for it.

    :raises Refusal: where it cannot be opened.
    """
    places = [upload.columns[key] for key in keys_of(upload)]
    content = files.read(upload.file)
    where = (upload.sheet, upload.header_row, places)
    return sandbox.run("registry.comparing.opening:chosen", content, *where, limits=LIMITS)


def keys_of(upload: ComparisonFile) -> list[str]:
    """The fields the export has, in the order in which its cells are read."""
    return [key for key in BY_KEY if key in upload.columns]


def export(upload: ComparisonFile, found: Rows, offices: Offices) -> Book:
    """The rows of an uploaded export. :raises Refusal: where there are none."""
    if not found:
        raise Refusal(f"{upload.get_system_display()}名册的表头下面没有学生，请重新上传")
    return rows_of(found, keys_of(upload), offices)


def rows_of(found: Rows, keys: list[str], offices: Offices) -> Book:
    """Cells as facts; the same words are read once."""
    book, readers = Book(), _readers(offices)
    place = {key: keys.index(key) for key in keys}
    wanted = [(key, place.get(key), readers[key], {}) for key in COMPARED]
    county = place.get("county")
    for number, row in found:
        values: list[str | None] = []
        for key, at, read, known in wanted:
            if at is None:
                values.append(None)
                continue
            cell = row[at]
            if key in ("national_number", "id_number", "name"):
                values.append(read(cell, number, book))
            elif (value := known.get(cell)) is not None and type(cell) is str:
                values.append(value)
            else:
                known[cell] = value = read(cell)
                values.append(value)
        if values[7] in _OTHER_STAGES:
            book.skipped += 1
        elif not any(values[:3]):
            book.fault(number, "name", "", "没有学籍号、证件号和姓名，这一行不参加比对，请在原系统核实后重新导出")
        else:
            owner = offices.by_word.get(_word(row[place["school"]])) if "school" in place else None
            if owner is None and county is not None:
                owner = offices.counties.get(_word(row[county]))
            book.rows.append(Facts(number, *values, owner or 0))
    return book


def _word(cell: Cell) -> str:
    return cell if type(cell) is str and cell.isalnum() else cells.code(cell)


def _number(key: str) -> Callable[[Cell, int, Book], str | None]:
    """A number as text; what Excel has kept as a number has lost its digits and is compared with nothing."""

    def read(cell: Cell, row: int, book: Book) -> str | None:
        if type(cell) is str:
            return id_normal(cell)
        if is_number(cell):
            book.fault(
                row, key, masked(text_of(cell)), "号码被Excel存成了数字，已失真，本行不按它核对，请以文本格式重新导出"
            )
            return None
        return id_normal(text_of(cell))

    return read


def _name(cell: Cell, row: int, book: Book) -> str:
    """As entered, but for the look-alikes of the dot."""
    return proposed_name(tidy_name(cell if type(cell) is str else text_of(cell)))


def _birth(cell: Cell) -> str:
    day = shared.birth(cell, None) if cell != "" else None  # type: ignore[arg-type]
    return day.isoformat() if day else cells.code(cell)


def _sex(cell: Cell) -> str:
    return found.label if (found := cells.sex(cell)) else cells.code(cell)


def _ethnicity(cell: Cell) -> str:
    return ethnicity_name(found) if (found := cells.ethnicity(cell)) else cells.code(cell)


def _grade(cell: Cell) -> str:
    return words_of(found) if (found := grade_of(cells.code(cell))) else cells.code(cell)


def _status(cell: Cell) -> str:
    return found.label if (found := cells.status(cell)) else cells.after_dash(cells.code(cell))


def _readers(offices: Offices) -> dict[str, Callable]:
    def school(cell: Cell) -> str:
        word = _word(cell)
        return offices.names.get(offices.by_word.get(word, 0), word)

    return {
        "national_number": _number("national_number"), "id_number": _number("id_number"), "name": _name, "sex": _sex,
        "birth": _birth, "ethnicity": _ethnicity, "school": school, "grade": _grade, "status": _status,
    }  # fmt: skip


def register(prefecture: Organisation, day: date, offices: Offices) -> list[Facts]:
    """The active senior enrolments of a day; 待转入 are not among them."""
    facts = KeyFacts.objects.filter(held(day), student=OuterRef("student"))
    grades = EnrolmentGrade.objects.filter(held(day), enrolment=OuterRef("pk"))
    states = EnrolmentStatus.objects.filter(held(day), enrolment=OuterRef("pk"))
    found = (
        register_on(day)
        .filter(prefecture=prefecture, stage=Stage.SENIOR, pending=False, student__key_facts__in=Subquery(facts.values("pk")[:1]))
        .annotate(grade=Subquery(grades.values("grade")[:1]), status=Subquery(states.values("status")[:1]))
        .values_list(
            "pk", "student__national_number", "student__key_facts__id_number", "student__key_facts__name",
            "student__key_facts__sex", "student__key_facts__birth_date", "student__key_facts__ethnicity", "school_id", "grade", "status",
        )
    )  # fmt: skip
    sexes, states_, names = dict(Sex.choices), dict(EnrolmentState.choices), offices.names
    return [
        Facts(
            0, number.reveal(), id_number.reveal(), proposed_name(name), sexes.get(sex, ""), birth.isoformat(),
            ethnicity_name(ethnicity), names.get(school, ""), words_of(grade) if grade else "", states_.get(status, ""), school, pk,
        )
        for pk, number, id_number, name, sex, birth, ethnicity, school, grade, status in found
    ]  # fmt: skip
