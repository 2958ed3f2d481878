"""Reference data that ships with the portal, read from fixtures/: divisions, organisations, ethnic groups, the notice.

The files are the only source. What has a table of its own (divisions, organisations) is brought into the database by
`load_organisations`; the rest is looked up here.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


@dataclass(frozen=True, slots=True)
class Ethnicity:
    """One ethnic group of GB/T 3304: two-digit code, the name printed on papers (东乡族), the short one (东乡)."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the notice: its id (三（二）1), its heading ("" for an item) and its paragraphs, word for word."""

    id: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice the rules rest on, as issued."""

    document_number: str
    title: str
    issuer: str
    issued_on: str
    addressees: str
    preamble: tuple[str, ...]
    clauses: tuple[Clause, ...]
    attachments: tuple[str, ...]


def read(name: str) -> dict:
    """The fixture file of that name, decoded. OSError or ValueError where it is missing or no JSON."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


@cache
def ethnicities() -> dict[str, Ethnicity]:
    """All 56 ethnic groups by code, in the order of GB/T 3304."""
    return {row["code"]: Ethnicity(**row) for row in read("ethnicities.json")["ethnicities"]}


ETHNICITIES = ethnicities()


@cache
def _ethnicity_spellings() -> dict[str, str]:
    spellings = {}
    for group in ETHNICITIES.values():
        for text in (group.code, group.name, group.short_name, group.code + "族"):
            spellings[text] = group.code
    return spellings


def ethnicity_name(code: str) -> str:
    """The printed name of a code: 26 → 东乡族. KeyError for a code that GB/T 3304 does not have."""
    return ETHNICITIES[code].name


def ethnicity_code(text: str) -> str | None:
    """The code of a name as lists write it (东乡族, 东乡, 26, 26族), None where it is none of the 56."""
    return _ethnicity_spellings().get(text.strip())


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of the national file: the standard it is of, its version, the day from which that is in force.

    :param columns: headers of the columns that hold it. :param assumed: not confirmed by a document at hand.
    :param also: further spellings that exports bear.
    """

    columns: tuple[str, ...]
    standard: str
    version: str
    valid_from: str
    assumed: bool
    codes: dict[str, str]
    also: tuple[str, ...]

    @property
    def spellings(self) -> frozenset[str]:
        """All that may stand in a cell."""
        return frozenset((*self.codes, *self.codes.values(), *self.also))


@cache
def code_lists() -> dict[str, CodeList]:
    """The closed lists of fixtures/codes.json by header of column; 民族, 性别 and 行政区划 stand in fixtures of their own."""
    made = [
        CodeList(**row | {"columns": tuple(row["columns"]), "also": tuple(row["also"])})
        for row in read("codes.json")["lists"]
    ]
    return {header: found for found in made for header in found.columns}


@cache
def notice() -> Notice:
    """临州教学管发〔2022〕5号, its clauses in order."""
    raw = read("notice.json")
    clauses = tuple(
        Clause(id=row["id"], heading=row["heading"], paragraphs=tuple(row["paragraphs"])) for row in raw["clauses"]
    )
    return Notice(
        document_number=raw["document_number"],
        title=raw["title"],
        issuer=raw["issuer"],
        issued_on=raw["issued_on"],
        addressees=raw["addressees"],
        preamble=tuple(raw["preamble"]),
        clauses=clauses,
        attachments=tuple(raw["attachments"]),
    )


@cache
def clause_ids() -> frozenset[str]:
    """The ids of all clauses of the notice."""
    return frozenset(item.id for item in notice().clauses)


def clause(clause_id: str) -> Clause:
    """The clause of that id. KeyError where the notice has none."""
    for item in notice().clauses:
        if item.id == clause_id:
            return item
    raise KeyError(clause_id)
