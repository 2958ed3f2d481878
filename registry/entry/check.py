"""Checking a list of children: nothing is written; typed rows and faults come out."""

from dataclasses import dataclass
from typing import Any

from linxia_xueji.identity import id_birth, id_fault, id_normal, id_sex, name_key, proposed_name, tidy_name
from linxia_xueji.reference import ethnicities
from registry.admissions import cells
from registry.admissions.cells import Cell, is_blank, text_of
from registry.admissions.faults import WARNING, Wording
from registry.admissions.faults import WORDINGS as OF_LISTS
from registry.entry.columns import CHILDREN
from registry.enums import IdType
from registry.models import KeyFacts
from registry.offices.faults import WORDINGS as COMMON
from registry.offices.faults import Fault
from registry.offices.reading import Listing
from registry.offices.sheet import Sheet
from registry.roster import cells as roster_cells

WORDINGS = {
    **{code: COMMON[code] for code in ("required", "too_long", "day_invalid")},
    "number_lost": OF_LISTS["number_lost"],
    "duplicate_in_file": Wording("与第{earlier}行的证件号码重复", "请核对两行，删去多余的一行"),
    "id_missing": Wording("没有填写身份证号", "请补填；没有身份证号的，证件类型填“无”"),
    "id_length": Wording("身份证号有{length}位，应为18位", "请核对，此列设为文本格式"),
    "id_check": Wording("身份证号末位校验不符", "请逐位核对"),
    "id_date": Wording("身份证号第7至14位不是有效日期", "请逐位核对"),
    "id_none": Wording("证件类型为“无”，却填写了号码", "请改选证件类型或删去号码"),
    "id_type_unknown": Wording("“{value}”不是证件类型", "请从列表中选择"),
    "sex_unknown": Wording("“{value}”不是性别", "请填男或女"),
    "ethnicity_unknown": Wording("“{value}”不是民族名称", "请按国家标准填写，例如东乡族"),
    "differs": Wording("{column}与身份证号不一致", "请对照户口簿核对，确实如此可以导入，由主管部门酌情", WARNING),
    "name_dot": Wording("姓名中的间隔号不是规范的“·”", "建议改为“{proposal}”", WARNING),
    "known_differently": Wording(
        "该身份证号在学籍库中为另一姓名", "请对照户口簿核对，确为同一人可以导入，由主管部门酌情", WARNING
    ),
}
_TYPES = {"居民身份证": IdType.RESIDENT, "身份证": IdType.RESIDENT, "其他": IdType.OTHER, "无": IdType.NONE}
MOST_LONG = 40


@dataclass(frozen=True)
class Listed:
    """What the check compares with: ID numbers on the school's list of the year, and what the register knows by number."""

    here: frozenset[str]
    facts: dict[str, KeyFacts]


@dataclass(frozen=True)
class Report:
    """The outcome: the listing, rows without error (values of an `Entrant`) with their row, every fault, rows there already."""

    listings: dict[str, Listing]
    clean: tuple[tuple[int, dict[str, Any]], ...]
    faults: tuple[Fault, ...]
    same: int

    @property
    def summary(self) -> dict[str, int]:
        """What an import would do."""
        rows = sum(len(listing.rows) for listing in self.listings.values())
        errors = len({fault.row for fault in self.faults if fault.is_error})
        warnings = sum(not fault.is_error for fault in self.faults)
        return {"rows": rows, "new": len(self.clean), "same": self.same, "errors": errors, "warnings": warnings}


def numbers_in(listing: Listing) -> list[str]:
    """The ID numbers of the file, as they are looked up."""
    column = CHILDREN.by_key["id_number"]
    found = (listing.cell(row, column) for _, row in listing.rows)
    return [id_normal(text_of(cell)) for cell in found if not is_blank(cell)]


def check(listing: Listing, listed: Listed) -> Report:
    """Every row against itself, the rows before it, the list and the register."""
    sheet = ChildrenSheet(listing, listed)
    return Report({listing.table.name: listing}, tuple(sheet.clean), tuple(sheet.faults), sheet.same)


class ChildrenSheet(Sheet):
    """The rows seen so far."""

    table, wordings = CHILDREN, WORDINGS
    known: Listed

    def __init__(self, listing: Listing, listed: Listed):
        self.same = 0
        super().__init__(listing, listed)

    def take(self, entered: dict[str, Cell | None]) -> None:
        """Judge one row."""
        name = self._name(entered)
        kind = self._kind(entered)
        number = self._number(entered, kind)
        facts = self.known.facts.get(number) if kind == IdType.RESIDENT else None
        if facts and name and name_key(facts.name) != name_key(name):
            self.say("name", "known_differently")
            facts = None
        sound = number if kind == IdType.RESIDENT and number and not id_fault(number) else ""
        values = {
            "name": name,
            "id_type": kind,
            "id_number": number,
            "sex": self._sex(entered, sound, facts),
            "birth_date": self._birth(entered, sound, facts),
            "ethnicity": self._ethnicity(entered, facts),
            **{key: self.text(key, entered) for key in ("township", "guardian_name", "guardian_phone", "school_class", "former_outside")},
        }  # fmt: skip
        if sound and not self.bad and sound in self.known.here:
            self.same += 1
        elif not self.bad:
            self.clean.append((self.row, values))

    def _name(self, entered: dict[str, Cell | None]) -> str:
        name = tidy_name(self.text("name", entered))
        if name and (proposal := proposed_name(name)) != name:
            self.say("name", "name_dot", proposal=proposal)
        return name

    def _kind(self, entered: dict[str, Cell | None]) -> str:
        if is_blank(entered["id_type"]):
            return IdType.RESIDENT
        found = _TYPES.get(roster_cells.after_dash(cells.code(entered["id_type"])))
        if found is None:
            self.say("id_type", "id_type_unknown")
        return found or IdType.RESIDENT

    def _number(self, entered: dict[str, Cell | None], kind: str) -> str:
        cell = entered["id_number"]
        number = "" if is_blank(cell) else id_normal(text_of(cell))
        if isinstance(cell, float | int) and abs(cell) >= 10**cells.SIGNIFICANT:
            self.say("id_number", "number_lost")
        elif kind == IdType.NONE and number:
            self.say("id_number", "id_none")
        elif kind == IdType.RESIDENT and not number:
            self.say("id_number", "id_missing")
        elif kind == IdType.RESIDENT and (fault := id_fault(number)):
            self.say("id_number", fault, length=len(number))
        elif len(number) > MOST_LONG:
            self.say("id_number", "too_long", length=len(number), most=MOST_LONG)
        elif number and (earlier := self.earlier("id", number)):
            self.say("id_number", "duplicate_in_file", earlier=earlier)
        return number

    def _sex(self, entered: dict[str, Cell | None], number: str, facts: KeyFacts | None) -> str:
        if is_blank(entered["sex"]):
            if not (facts or number):
                self.say("sex", "required")
                return ""
            return facts.sex if facts else id_sex(number)
        found = roster_cells.sex(entered["sex"])
        if found is None:
            self.say("sex", "sex_unknown")
        elif number and id_sex(number) != found:
            self.say("sex", "differs")
        return found or ""

    def _birth(self, entered: dict[str, Cell | None], number: str, facts: KeyFacts | None):
        if is_blank(entered["birth_date"]) and (facts or number):
            return facts.birth_date if facts else id_birth(number)
        found = self.day("birth_date", entered, None)
        if found and number and id_birth(number) != found:
            self.say("birth_date", "differs")
        return found

    def _ethnicity(self, entered: dict[str, Cell | None], facts: KeyFacts | None) -> str:
        if is_blank(entered["ethnicity"]):
            if facts is None:
                self.say("ethnicity", "required")
                return ""
            return facts.ethnicity
        found = roster_cells.ethnicity(entered["ethnicity"])
        if found is None or found not in ethnicities():
            self.say("ethnicity", "ethnicity_unknown")
        return found or ""
