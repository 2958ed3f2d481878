"""What the checks of both tables share: cells as text and days, what came before, faults in words."""

from datetime import date
from typing import Any

from linxia_xueji.identity import tidy_name
from registry.admissions import cells
from registry.admissions.cells import Cell, is_blank, text_of
from registry.admissions.faults import Wording
from registry.offices.columns import Table
from registry.offices.faults import WORDINGS, Fault
from registry.offices.reading import Listing


class Sheet:
    """The rows of one table seen so far, what was found, and the words for it."""

    table: Table
    wordings: dict[str, Wording] = WORDINGS

    def __init__(self, listing: Listing | None, known: Any):
        self.listing, self.known = listing, known
        self.clean: list[Any] = []
        self.faults: list[Fault] = []
        self.first: dict[tuple, int] = {}
        for number, row in listing.rows if listing else ():
            self.row, self.entered, self.bad = number, row, False
            self.take(self._cells())

    def take(self, entered: dict[str, Cell | None]) -> None:
        """Judge one row."""
        raise NotImplementedError

    def _cells(self) -> dict[str, Cell | None]:
        return {column.key: self.listing.cell(self.entered, column) for column in self.table.columns}

    def say(self, key: str, code: str, **words: Any) -> None:
        """Enter a fault of a cell."""
        column, wording = self.table.by_key[key], self.wordings[code]
        cell = self.listing.cell(self.entered, column)
        value = "" if cell is None else text_of(cell)[:60]
        said = {"column": column.header, "value": value, **words}
        fault = Fault(
            self.table.name, self.row, column.header, key, code, wording.severity, wording.says.format(**said),
            wording.mend.format(**said), value,
        )  # fmt: skip
        self.bad |= fault.is_error
        self.faults.append(fault)

    def text(self, key: str, entered: dict[str, Cell | None]) -> str:
        """A cell as text; a missing or an overlong one is a fault."""
        column, cell = self.table.by_key[key], entered[key]
        if is_blank(cell):
            if column.required:
                self.say(key, "required")
            return ""
        said = cells.code(cell) if column.text and key != "full_name" else tidy_name(text_of(cell))
        if column.longest and len(said) > column.longest:
            self.say(key, "too_long", length=len(said), most=column.longest)
        return said

    def day(self, key: str, entered: dict[str, Cell | None], default: date | None) -> date | None:
        """A cell as a day."""
        if is_blank(entered[key]):
            if default is None:
                self.say(key, "required")
            return default
        found = cells.day(entered[key])
        if found is None:
            self.say(key, "day_invalid")
        return found

    def earlier(self, *what: Any) -> int | None:
        """The row that said the same before, None for the first."""
        first = self.first.setdefault(what, self.row)
        return None if first == self.row else first
