"""Checking the export. Nothing is written: rows go in, typed rows and faults come out."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from linxia_xueji.enums import Sex, Stage
from linxia_xueji.identity import id_birth, id_fault, id_normal, id_sex, masked, proposed_name, tidy_name
from linxia_xueji.reference import code_lists
from registry.admissions import cells as shared
from registry.admissions.cells import Cell, is_number, text_of
from registry.admissions.faults import Fault
from registry.enums import EnrolmentState, IdType
from registry.roster import cells
from registry.roster.columns import BY_KEY, COLUMNS
from registry.roster.faults import fault
from registry.roster.grades import GRADES_OF, entry_year_of, grade_by_entry, grade_of, words_of
from registry.roster.lookups import Lookups, School
from registry.roster.reading import ARCHIVED, Listing, each, read_list

Progress = Callable[[int, int], None]
_EVERY = 500
_WRITTEN = json.JSONEncoder(ensure_ascii=False).encode
_DOUBTFUL = frozenset("?？□■\ufffd*＊0123456789")
_CODES = {
    column.key: (f"{found.standard} {found.version}{'（假定）' if found.assumed else ''}", found.spellings)
    for column in COLUMNS
    if (found := code_lists().get(column.header))
}
_REQUIRED = tuple(column for column in COLUMNS if column.required and column.key not in ("id_type", "id_number"))


@dataclass(slots=True)
class RosterRow:
    """A row without an error, typed; made by the hundred thousand, so not frozen, which doubles what making one costs.

    `id_number`, `national_number` and `archive` are plain: seal them before they are kept.

    :param archive: the whole row as it came, header → text, as JSON.
    """

    row: int
    school: School
    name: str
    sex: Sex
    ethnicity: str
    birth: date
    id_type: IdType
    id_number: str = field(repr=False)
    national_number: str = field(repr=False)
    stage: Stage
    grade: int
    school_class: str
    entry: date
    status: EnrolmentState
    boarding: str
    left_behind: str
    archive: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: the list as read, the rows without an error, every fault in the order of rows."""

    listing: Listing
    clean: tuple[RosterRow, ...]
    faults: tuple[Fault, ...]

    @property
    def rows(self) -> int:
        """How many students the list has."""
        return len(self.listing.rows)

    @property
    def faulty_rows(self) -> frozenset[int]:
        """Rows, as Excel counts, with an error."""
        return frozenset(f.row for f in self.faults if f.is_error)


def check_file(
    source: str | Path | bytes, lookups: Lookups, progress: Progress | None = None, *, glanced: bool = False
) -> Report:
    """Read and check a workbook. `UnreadableFile` where it cannot be judged. :param glanced: as `read_list` has it."""
    listing = read_list(source, glanced=glanced)
    check = _Check(listing, lookups)
    for place, (number, _) in enumerate(listing.rows):
        if progress and place % _EVERY == 0:
            progress(place, len(listing.rows))
        check.row(number, place)
    if progress:
        progress(len(listing.rows), len(listing.rows))
    return Report(listing, tuple(check.clean), tuple(check.faults))


def shown(key: str, cell: Cell | None) -> str:
    """What stands in the cell, fit to be kept and shown: whatever could be an identity number is masked."""
    text = "" if cell is None else str(cell).strip() if isinstance(cell, str) else text_of(cell)
    hidden = key in ("id_number", "national_number") or sum(c.isdigit() for c in text) >= 15
    return masked(text) if hidden else text[:60]


def _told_by(header: str) -> Callable[[Cell], str]:
    """How JSON says of a cell what stood in it: a text to the last blank, of a number what its reader sees."""
    key = _WRITTEN(header)
    return lambda cell: f"{key}: {_WRITTEN(cell if isinstance(cell, str) else text_of(cell))}"


def _listed(cell: Cell, known: Collection[str]) -> bool:
    return cells.after_dash(cells.code(cell)) in known


def _longest(column: list[Cell | None]) -> int:
    return max((len(cell) for cell in column if isinstance(cell, str)), default=0)


def _doubt(name: str) -> tuple[str, dict[str, str]] | None:
    """What is to be asked about a name: the code of the fault and its words."""
    if (proposal := proposed_name(name)) != name:
        return "name_dot", {"proposal": proposal}
    bad = next((c for c in name if c in _DOUBTFUL or "\ue000" <= c <= "\uf8ff"), "")
    return ("name_doubtful", {"character": bad}) if bad else None


_READ: dict[str, Callable[[Cell], Any]] = {
    "name": lambda cell: tidy_name(text_of(cell)), "sex": cells.sex, "ethnicity": cells.ethnicity,
    "birth": lambda cell: shared.birth(cell, None),  # type: ignore[arg-type]
    "id_type": cells.id_type, "id_number": lambda cell: id_normal(text_of(cell)),
    "national_number": cells.national_number, "status": cells.status, "school": cells.code, "entry": cells.entry,
    "school_class": cells.code, "grade": lambda cell: grade_of(cells.code(cell)),
    "就读方式": cells.boarding, "是否留守儿童": cells.left_behind,
}  # fmt: skip
"""Column → how a cell of it is read. A column is read as a whole: its texts are few, and each is read once."""


class _Check:
    """The columns as they came and as they are read, what was seen so far, to find what comes twice, and what was found."""

    def __init__(self, listing: Listing, lookups: Lookups):
        self.lookups = lookups
        self.columns = listing.columns()
        self.read = {key: each(read, self.columns[key]) for key, read in _READ.items()}
        self.doubts = each(_doubt, self.read["name"])
        self.lacking = [column.key for column in _REQUIRED if None in self.columns[column.key]]
        self.long = {c.key: c.longest for c in COLUMNS if c.held and _longest(self.columns[c.key]) > c.longest}
        self.unknown = {
            key: (standard, unlisted)
            for key, (standard, known) in _CODES.items()
            if True in (unlisted := each(lambda cell, known=known: not _listed(cell, known), self.columns[key]))
        }
        told = (each(_told_by(BY_KEY[key].header), self.columns[key]) for key in ARCHIVED)
        self.archives = [f"{{{', '.join(filter(None, row))}}}" for row in zip(*told, strict=True)]
        self.clean: list[RosterRow] = []
        self.faults: list[Fault] = []
        self.first_row: dict[tuple[str, str], int] = {}

    def row(self, number: int, place: int) -> None:
        """Judge one row, the `place`th of the list; one cell has at most one fault."""
        self.number, self.place = number, place
        self.name = self._has("name") or ""
        self.found: dict[str, Fault] = {}
        for key in self.lacking:
            if self.columns[key][place] is None:
                self._say(key, "required")
        for key, most in self.long.items():
            text = self.columns[key][place]
            if isinstance(text, str) and len(text) > most:
                self._say(key, "too_long", length=str(len(text)), most=str(most))
        values = self._values()
        # Words that a closed list does not have are told; the row goes in, and they are kept as they came.
        for key, (standard, unlisted) in self.unknown.items():
            if unlisted[place]:
                self._say(key, "code_unknown", standard=standard)
        self.faults += self.found.values()
        if not any(f.is_error for f in self.found.values()):
            self.clean.append(RosterRow(row=number, name=self.name, archive=self.archives[place], **values))

    def _has(self, key: str) -> Any:
        """What the cell of the row was read as; None where it is empty or cannot be read."""
        return self.read[key][self.place]

    def _say(self, key: str, code: str, **words: str) -> None:
        if key not in self.found:
            value = shown(key, self.columns[key][self.place])
            self.found[key] = fault(
                row=self.number, column=BY_KEY[key].header, code=code, name=self.name[:100], value=value, **words
            )

    def _values(self) -> dict[str, Any]:
        if doubt := self.doubts[self.place]:
            self._say("name", doubt[0], **doubt[1])
        sex = self._value("sex", "sex_unknown")
        ethnicity = self._value("ethnicity", "ethnicity_unknown")
        birth = self._value("birth", "birth_invalid")
        id_type = self._has("id_type") or IdType.NONE
        id_number = self._id_number(id_type)
        if id_type == IdType.RESIDENT and id_number and "id_number" not in self.found:
            if sex and sex != id_sex(id_number):
                self._say("sex", "sex_mismatch", expected=id_sex(id_number).label)
            if birth and birth != id_birth(id_number):
                self._say("birth", "birth_mismatch", expected=id_birth(id_number).isoformat())
        national = self._value("national_number", "national_invalid") or ""
        self._once("national_number", national)
        return {
            "sex": sex, "ethnicity": ethnicity, "birth": birth, "id_type": id_type, "id_number": id_number,
            "national_number": national, "status": self._value("status", "status_unknown") or EnrolmentState.ENROLLED,
            **self._where(), "boarding": self._has("就读方式") or "", "left_behind": self._has("是否留守儿童") or "",
        }  # fmt: skip

    def _value(self, key: str, code: str) -> Any:
        value = self.read[key][self.place]
        if value is None and self.columns[key][self.place] is not None:
            self._say(key, code)
        return value

    def _id_number(self, id_type: IdType) -> str:
        cell = self.columns["id_number"][self.place]
        if cell is None:
            if id_type == IdType.RESIDENT:
                self._say("id_number", "required")
            return ""
        if is_number(cell):
            self._say("id_number", "number_lost")
            return ""
        number = self._has("id_number")
        if id_type == IdType.RESIDENT and (code := id_fault(number)):
            self._say("id_number", code, length=str(len(number)))
            return ""
        if id_type == IdType.NONE:
            self._say("id_type", "required")
        self._once("id_number", number)
        return number

    def _once(self, key: str, value: str) -> None:
        if value and (earlier := self.first_row.setdefault((key, value), self.number)) != self.number:
            self._say(key, "duplicate_in_file", earlier=str(earlier))

    def _where(self) -> dict[str, Any]:
        """School, stage, grade, class and entry, which hang together."""
        school, entry = self._school(), self._entry()
        given = self._value("grade", "grade_unknown")
        stage, grade = (self._stage(school, entry, given) if school and entry else None), given
        if stage and entry:
            grade = self._grade(stage, entry, given)
        school_class = (self._has("school_class") or "")[:20]
        return {"school": school, "entry": entry, "school_class": school_class, "stage": stage, "grade": grade}

    def _school(self) -> School | None:
        code = self._has("school")
        if code is None:
            return None
        if code in self.lookups.others:
            self._say("school", "school_not_yours", school=self.lookups.others[code])
        elif code not in self.lookups.schools:
            self._say("school", "school_unknown")
        return self.lookups.schools.get(code)

    def _entry(self) -> date | None:
        entry = self._value("entry", "entry_invalid")
        if entry and entry > self.lookups.on:
            self._say("entry", "entry_future")
            return None
        return entry

    def _stage(self, school: School, entry: date, given: int | None) -> Stage | None:
        """By the grade where the list has it; else by what the school teaches, if that leaves no choice."""
        if given is None and "grade" in self.found:
            return None
        stages = [s for s in school.stages if given is None or GRADES_OF[s][0] <= given <= GRADES_OF[s][1]]
        if len(stages) == 1:
            return stages[0]
        if given is not None and not stages:
            self._say("grade", "stage_not_taught", school=school.short_name)
        else:
            self._say("entry", "stage_unknown", school=school.short_name, stages="、".join(s.label for s in stages))
        return None

    def _grade(self, stage: Stage, entry: date, given: int | None) -> int | None:
        """The grade of the list, or the one that follows from the entry; a new senior entrant is not loaded."""
        first, last = GRADES_OF[stage]
        expected = grade_by_entry(stage, entry, self.lookups.school_year)
        if stage == Stage.SENIOR and entry_year_of(entry) >= self.lookups.school_year:
            self._say("entry", "new_entrant")
        elif given is not None and given != expected:
            words = words_of(expected) if first <= expected <= last else "已毕业"
            self._say("grade", "grade_differs", expected=words)
        elif not first <= expected <= last:
            self._say("entry", "grade_passed", stage=stage.label)
        return given if given is not None else expected
