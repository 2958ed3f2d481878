"""Checking an admission list. Nothing is written: rows go in, typed rows and faults come out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from linxia_xueji.enums import Sex
from linxia_xueji.identity import id_birth, id_fault, id_sex, masked, proposed_name
from registry.admissions.cells import Cell, is_blank, is_number, text_of
from registry.admissions.columns import COLUMNS, Column
from registry.admissions.faults import WORDINGS, Fault
from registry.admissions.lookups import Lookups
from registry.admissions.reading import Listing, read_list

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""

# A lost rare character leaves one of these, or a character of somebody's private font.
_DOUBTFUL = frozenset("?？□■\ufffd*＊0123456789０１２３４５６７８９")
_HAN = re.compile("[\u4e00-\u9fff]+")

_ONCE = ("exam_number", "id_number")
"""Columns in which no value comes twice."""

_BETWEEN = ("sex_mismatch", "birth_mismatch")
_JUDGED = tuple(column for column in COLUMNS if column.read)
_Words = dict[str, str]
_Faults = dict[int, tuple[str, _Words]]
"""Place in the list (from 0) → code and words of what is wrong with the cell there."""


class AdmissionRow(NamedTuple):
    """A row without an error, typed. `id_number` is plain: seal it before it is kept anywhere.

    :param row: as Excel counts it; the others in the order of the columns. :param name: as entered.
    :param ethnicity: code of GB/T 3304. :param county: division code. :param school: code of the organisation.
    """

    row: int
    exam_number: str
    name: str
    sex: Sex
    ethnicity: str
    birth: date
    id_number: str
    county: str
    school: str
    score: Decimal

    def __repr__(self) -> str:
        return f"AdmissionRow(row={self.row})"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: the list as read, the rows without an error, every fault in the order of rows and columns."""

    listing: Listing
    clean: tuple[AdmissionRow, ...]
    faults: tuple[Fault, ...]

    @property
    def rows(self) -> int:
        """How many students the list has."""
        return len(self.listing.rows)

    @property
    def valid(self) -> int:
        """How many of them have no error; warnings do not count."""
        return len(self.clean)

    @property
    def faulty_rows(self) -> frozenset[int]:
        """Rows (as Excel counts) with an error."""
        return frozenset(fault.row for fault in self.faults if fault.is_error)

    def as_json(self) -> dict[str, Any]:
        """What the command line prints; no cell values, so no identity number leaves here."""
        faults = [
            {"row": f.row, "column": f.column, "code": f.code, "severity": f.severity, "message": f.sentence}
            for f in self.faults
        ]
        return {"rows": self.rows, "valid": self.valid, "faults": faults}


def check_file(
    source: str | Path | bytes, lookups: Lookups, progress: Progress | None = None, *, glanced: bool = False
) -> Report:
    """Read and check a workbook. `UnreadableFile` where it cannot be judged. :param glanced: as `opened` has it."""
    return check_rows(read_list(source, glanced=glanced), lookups, progress)


def check_rows(listing: Listing, lookups: Lookups, progress: Progress | None = None) -> Report:
    """Check every row of a list; one cell has at most one fault."""
    check = _Check(listing, lookups)
    for done, column in enumerate(_JUDGED):
        if progress:
            progress(len(listing.rows) * done // len(_JUDGED), len(listing.rows))
        check.column(column)
    clean, faults = check.rows()
    if progress:
        progress(len(listing.rows), len(listing.rows))
    return Report(listing=listing, clean=clean, faults=faults)


def shown(column: Column, cell: Cell | None) -> str:
    """What stands in the cell, fit to be kept and shown: whatever could be an identity number is masked."""
    text = "" if cell is None else str(cell).strip() if isinstance(cell, str) else text_of(cell)
    digits = sum(character.isdigit() for character in text)
    return masked(text) if column.key == "id_number" or digits >= 15 else text[:60]


class _Check:
    """What is found in a list: column by column each cell for itself, then the cells of a row together.

    A list has 20,000 rows but few different schools, days and names: every different cell of a column is judged once,
    and of a column in which they all differ only those that are not `regular`.
    """

    def __init__(self, listing: Listing, lookups: Lookups):
        self.listing = listing
        self.lookups = lookups
        self.values: dict[str, list[Any]] = {}
        self.faults: dict[str, _Faults] = {}

    def column(self, column: Column) -> None:
        """Judge the cell of each row."""
        cells = self.listing.column(column)
        values, faults = self._each(column, cells) if column.regular else self._different(column, cells)
        self.values[column.key], self.faults[column.key] = values, faults
        if column.key in _ONCE and len(set(values)) < len(values):
            self._find_repeated(column)

    def _each(self, column: Column, cells: list[Cell | None]) -> tuple[list[Any], _Faults]:
        regular, values, faults = column.regular, list(cells), {}
        for place, cell in enumerate(cells):
            if type(cell) is not str or not regular(cell):
                values[place], code, words = self._judge(column, cell)
                if code:
                    faults[place] = code, words
        return values, faults

    def _different(self, column: Column, cells: list[Cell | None]) -> tuple[list[Any], _Faults]:
        # True, 1 and 1.0 are one key to a dictionary, and three different cells.
        keys = cells if len(set(map(type, cells))) == 1 else list(zip(map(type, cells), cells, strict=True))
        judged = {key: self._judge(column, cell) for key, cell in dict(zip(keys, cells, strict=True)).items()}
        values = {key: value for key, (value, _, _) in judged.items()}
        faulty = {key: (code, words) for key, (_, code, words) in judged.items() if code}
        faults = {place: faulty[key] for place, key in enumerate(keys) if key in faulty} if faulty else {}
        return [values[key] for key in keys], faults

    def _find_repeated(self, column: Column) -> None:
        first_row, faults = {}, self.faults[column.key]
        for place, value in enumerate(self.values[column.key]):
            number = self.listing.rows[place][0]
            if place not in faults and (earlier := first_row.setdefault(value, number)) != number:
                faults[place] = "duplicate_in_file", {"earlier": str(earlier)}

    def rows(self) -> tuple[tuple[AdmissionRow, ...], tuple[Fault, ...]]:
        """The rows without an error, and every fault: call it when all columns are judged."""
        self._compare()
        found = [fault for place in sorted(set().union(*self.faults.values())) for fault in self._told(place)]
        wrong = {fault.row for fault in found if fault.is_error}
        numbers = (number for number, _ in self.listing.rows)
        rows = map(AdmissionRow._make, zip(numbers, *self.values.values(), strict=True))
        return tuple(row for row in rows if row.row not in wrong) if wrong else tuple(rows), tuple(found)

    def _compare(self) -> None:
        """Sex and date of birth against a sound identity number."""
        known = self.faults["id_number"]
        sexes, births, numbers = (self.values[key] for key in ("sex", "birth", "id_number"))
        for place, (sex, birth, number) in enumerate(zip(sexes, births, numbers, strict=True)):
            if place in known and known[place][0] != "duplicate_in_file":
                continue
            if sex is not (expected := id_sex(number)) and isinstance(sex, Sex):
                self.faults["sex"][place] = "sex_mismatch", {"expected": expected.label}
            if birth != (day := id_birth(number)) and isinstance(birth, date):
                self.faults["birth"][place] = "birth_mismatch", {"expected": day.isoformat()}

    def _judge(self, column: Column, cell: Cell | None) -> tuple[Any, str, _Words]:
        """The cell for itself, wherever it stands."""
        if is_blank(cell):
            return "", "required" if column.required else "", {}
        if column.key == "id_number" and is_number(cell):
            return None, "number_lost", {}
        value = column.read(cell, self.lookups)
        if value is None:
            return None, column.fault, {}
        if column.longest and len(value) > column.longest:
            return value, "too_long", {"length": str(len(value)), "most": str(column.longest)}
        if column.key == "id_number" and (code := id_fault(value)):
            return None, code, {"length": str(len(value))}
        if column.key == "name":
            return value, *_name_fault(value)
        return value, "", {}

    def _told(self, place: int) -> Iterator[Fault]:
        """The faults of one row, in the order of the columns, those between two columns last."""
        number, cells = self.listing.rows[place]
        found = [(column, *self.faults[column.key][place]) for column in _JUDGED if place in self.faults[column.key]]
        for column, code, words in sorted(found, key=lambda fault: fault[1] in _BETWEEN):
            wording, value = WORDINGS[code], shown(column, self.listing.cell(cells, column))
            known = {"column": column.header, "value": value, "maximum": "", **words}
            if code == "score_invalid" and self.lookups.max_score is not None:
                known["maximum"] = f"，不超过{self.lookups.max_score:f}"
            yield Fault(
                row=number, column=column.header, code=code, severity=wording.severity,
                message=wording.says.format(**known), mend=wording.mend.format(**known),
                name=self.values["name"][place], value=value,
            )  # fmt: skip


def _name_fault(name: str) -> tuple[str, _Words]:
    if _HAN.fullmatch(name):
        return "", {}
    proposal = proposed_name(name)
    if proposal != name:
        return "name_dot", {"proposal": proposal}
    for character in name:
        if character in _DOUBTFUL or "\ue000" <= character <= "\uf8ff" or character >= "\U000f0000":
            return "name_doubtful", {"character": character}
    return "", {}
