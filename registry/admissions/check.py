"""Checking an admission list. Nothing is written: rows go in, typed rows and faults come out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from linxia_xueji.enums import Sex
from linxia_xueji.identity import id_birth, id_fault, id_sex, masked, proposed_name
from registry.admissions.cells import Cell, is_blank, is_number, text_of
from registry.admissions.columns import BY_KEY, COLUMNS, Column
from registry.admissions.faults import WORDINGS, Fault
from registry.admissions.lookups import Lookups
from registry.admissions.reading import Listing, read_list

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""

_PROGRESS_EVERY = 500
# A lost rare character leaves one of these, or a character of somebody's private font.
_DOUBTFUL = frozenset("?？□■\ufffd*＊0123456789０１２３４５６７８９")


_ONCE = ("exam_number", "id_number")
"""Columns in which no value comes twice."""

_Judged = tuple[Any, str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class AdmissionRow:
    """A row without an error, typed. `id_number` is plain: seal it before it is kept anywhere.

    :param name: as entered; `proposed_name` has the right dots.
    :param ethnicity: code of GB/T 3304. :param county: division code. :param school: code of the organisation.
    """

    row: int
    exam_number: str
    name: str
    proposed_name: str
    sex: Sex
    ethnicity: str
    birth: date
    id_number: str = field(repr=False)
    county: str
    school: str
    score: Decimal
    serial: str = ""


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


def check_file(source: str | Path | bytes, lookups: Lookups, progress: Progress | None = None) -> Report:
    """Read and check a workbook. `UnreadableFile` where it cannot be judged."""
    return check_rows(read_list(source), lookups, progress)


def check_rows(listing: Listing, lookups: Lookups, progress: Progress | None = None) -> Report:
    """Check every row of a list; one cell has at most one fault."""
    check = _Check(listing, lookups)
    columns = [check.column(column) for column in COLUMNS]
    for done, (number, *judged) in enumerate(zip((number for number, _ in listing.rows), *columns, strict=True)):
        if progress and done % _PROGRESS_EVERY == 0:
            progress(done, len(listing.rows))
        check.row(number, judged, done)
    if progress:
        progress(len(listing.rows), len(listing.rows))
    return Report(listing=listing, clean=tuple(check.clean), faults=tuple(check.faults))


def shown(column: Column, cell: Cell | None) -> str:
    """What stands in the cell, fit to be kept and shown: whatever could be an identity number is masked."""
    text = "" if cell is None else str(cell).strip() if isinstance(cell, str) else text_of(cell)
    digits = sum(character.isdigit() for character in text)
    return masked(text) if column.key == "id_number" or digits >= 15 else text[:60]


class _Check:
    """What was found in a list: column by column each cell for itself, then row by row the cells together.

    A list has 20,000 rows but few different schools, days and names: every different cell of a column is judged once.
    """

    def __init__(self, listing: Listing, lookups: Lookups):
        self.listing = listing
        self.lookups = lookups
        self.clean: list[AdmissionRow] = []
        self.faults: list[Fault] = []

    def column(self, column: Column) -> list[_Judged]:
        """What the column says of the cell of each row."""
        cells = [self.listing.cell(row, column) for _, row in self.listing.rows]
        if column.key in _ONCE:
            return self._once(column, cells)
        # True, 1 and 1.0 are one key to a dictionary, and three different cells.
        keys = list(zip(map(type, cells), cells, strict=True))
        judged = {key: self._judge(column, key[1]) for key in set(keys)}
        return [judged[key] for key in keys]

    def _once(self, column: Column, cells: list[Cell | None]) -> list[_Judged]:
        """The same for a column in which no value comes twice."""
        judged, first_row = [], {}
        for (number, _), cell in zip(self.listing.rows, cells, strict=True):
            value, code, words = self._judge(column, cell)
            if not code and (earlier := first_row.setdefault(value, number)) != number:
                code, words = "duplicate_in_file", {"earlier": str(earlier)}
            judged.append((value, code, words))
        return judged

    def row(self, number: int, judged: list[_Judged], place: int) -> None:
        """Judge one row, the `place`-th of the list: the cells against the identity number."""
        values = {key: value for key, (value, _, _) in zip(BY_KEY, judged, strict=True)}
        faults = {key: (code, words) for key, (_, code, words) in zip(BY_KEY, judged, strict=True) if code}
        if "id_number" not in faults or faults["id_number"][0] == "duplicate_in_file":
            _compare(values, faults)
        if not faults or not self._report(number, self.listing.rows[place][1], values, faults):
            self.clean.append(AdmissionRow(row=number, proposed_name=proposed_name(values["name"]), **values))

    def _judge(self, column: Column, cell: Cell | None) -> _Judged:
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

    def _report(self, number: int, cells: list[Cell], values: dict, faults: dict) -> int:
        errors = 0
        for key, (code, words) in faults.items():
            column, wording = BY_KEY[key], WORDINGS[code]
            value = shown(column, self.listing.cell(cells, column))
            known = {"column": column.header, "value": value, "maximum": "", **words}
            if code == "score_invalid" and self.lookups.max_score is not None:
                known["maximum"] = f"，不超过{self.lookups.max_score:f}"
            fault = Fault(
                row=number, column=column.header, code=code, severity=wording.severity,
                message=wording.says.format(**known), mend=wording.mend.format(**known),
                name=values["name"], value=value,
            )  # fmt: skip
            self.faults.append(fault)
            errors += fault.is_error
        return errors


def _name_fault(name: str) -> tuple[str, dict[str, str]]:
    proposal = proposed_name(name)
    if proposal != name:
        return "name_dot", {"proposal": proposal}
    for character in name:
        if character in _DOUBTFUL or "\ue000" <= character <= "\uf8ff" or character >= "\U000f0000":
            return "name_doubtful", {"character": character}
    return "", {}


def _compare(values: dict[str, Any], faults: dict[str, tuple[str, dict[str, str]]]) -> None:
    """Sex and date of birth against a sound identity number; faults come in the order of the columns."""
    number = values["id_number"]
    if isinstance(values["sex"], Sex) and values["sex"] != id_sex(number):
        faults["sex"] = ("sex_mismatch", {"expected": id_sex(number).label})
    if isinstance(values["birth"], date) and values["birth"] != id_birth(number):
        faults["birth"] = ("birth_mismatch", {"expected": id_birth(number).isoformat()})
