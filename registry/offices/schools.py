"""The check of the table of schools."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from linxia_xueji.enums import Stage
from registry.admissions.cells import Cell
from registry.offices.columns import SCHOOLS
from registry.offices.known import Known
from registry.offices.reading import Listing
from registry.offices.sheet import Sheet

KINDS = {"21": Stage.PRIMARY, "31": Stage.JUNIOR, "34": Stage.SENIOR, "36": Stage.VOCATIONAL, "51": None}
"""学校标识码, first two digits (domain, Identifiers); 51 特殊教育 teaches what it teaches."""

_COMPARED = {
    "name": "学校名称", "short_name": "简称", "division": "所在县市", "parent": "主管部门", "stages": "办学学段",
    "number_code": "学号学校码", "urban_area": "所在城区",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school as a row says it; `new` where no organisation has the code yet."""

    row: int
    code: str
    name: str
    short_name: str
    division: str
    parent: str
    stages: tuple[Stage, ...]
    valid_from: date
    number_code: str
    urban_area: str
    new: bool


class SchoolSheet(Sheet):
    """The rows of the table; `sound` are those without error by code, `rows` says where each code stands."""

    table = SCHOOLS

    def __init__(self, listing: Listing | None, known: Known):
        self.rows: dict[str, int] = {}
        super().__init__(listing, known)
        self.sound = {row.code: row for row in self.clean}

    def take(self, entered: dict[str, Cell | None]) -> None:
        known = self.known
        code = self._code(entered)
        name = self.text("name", entered)
        division = self._looked_up("division", entered, known.division, "division_unknown")
        parent = self._looked_up("parent", entered, known.parents.get, "parent_unknown")
        stages = self._looked_up("stages", entered, known.stages, "stage_unknown") or []
        short_name, urban_area = self.text("short_name", entered), self.text("urban_area", entered)
        valid_from = self.day("valid_from", entered, date(known.on.year, 1, 1))
        if valid_from and valid_from > known.on:
            self.say("valid_from", "day_late")
        number_code = self._number_code(entered, code, stages)
        if name and (earlier := self.earlier("name", name)):
            self.say("name", "name_duplicate", earlier=earlier)
        wanted = KINDS.get(code[:2])
        if stages and wanted and wanted not in stages:
            self.say("stages", "kind_stages", kind=wanted.label, stage=wanted.label)
        new = code not in known.organisations
        if not new and not self.bad:
            self._compare(code, name, short_name, division, parent, stages, number_code, urban_area)
        if not self.bad:
            self.clean.append(
                SchoolRow(
                    self.row, code, name, short_name or name[:40], division, parent.code, tuple(stages), valid_from,
                    number_code, urban_area, new,
                )
            )  # fmt: skip

    def _code(self, entered: dict[str, Cell | None]) -> str:
        code = self.text("code", entered)
        if not code:
            return ""
        self.rows.setdefault(code, self.row)
        if not (len(code) == 10 and code.isascii() and code.isdigit()):
            self.say("code", "code_shape")
        elif code[2:4] != "62":
            self.say("code", "code_province", value=code[2:4])
        elif code[:2] not in KINDS:
            self.say("code", "code_kind", kind=code[:2])
        elif earlier := self.earlier("code", code):
            self.say("code", "duplicate_in_file", earlier=earlier)
        elif code in self.known.organisations and self.known.organisations[code].pk not in self.known.below:
            self.say("code", "school_foreign")
        return code

    def _looked_up(self, key: str, entered: dict[str, Cell | None], read: Any, fault: str) -> Any:
        said = self.text(key, entered)
        found = read(said) if said else None
        if said and found is None:
            self.say(key, fault)
        return found

    def _number_code(self, entered: dict[str, Cell | None], code: str, stages: list[Stage]) -> str:
        said = self.text("number_code", entered)
        if not said:
            return ""
        owner = self.known.number_codes.get(said, code)
        if not (len(said) == 4 and said.isascii() and said.isdigit()):
            self.say("number_code", "number_code_shape")
        elif stages and Stage.SENIOR not in stages:
            self.say("number_code", "number_code_stage")
        elif earlier := self.earlier("number_code", said):
            self.say("number_code", "duplicate_in_file", earlier=earlier)
        elif owner != code:
            self.say("number_code", "number_code_taken", owner=self.known.organisations[owner].short_name)
        return said

    def _compare(
        self, code: str, name: str, short_name: str, division: str, parent: Any, stages: list, *rest: str
    ) -> None:
        """A school that is there is not changed; a cell left blank says nothing about it."""
        there, (number_code, urban_area) = self.known.schools.get(code), rest
        if there is None:
            self.say("code", "school_foreign")
            return
        said = {
            "name": name, "short_name": short_name or there.short_name, "division": division, "parent": parent.code,
            "stages": frozenset(stages), "number_code": number_code or there.number_code,
            "urban_area": urban_area or there.urban_area,
        }  # fmt: skip
        for key, value in said.items():
            if value != (known := getattr(there, key)):
                self.say(key, "school_differs", field=_COMPARED[key], known=self._shown(key, known))

    def _shown(self, key: str, value: Any) -> str:
        if key == "stages":
            return "、".join(stage.label for stage in Stage if stage in value) or "空"
        if key == "parent":
            return self.known.organisations[value].name
        return self.known.counties.county_names[value][1] if key == "division" else value or "空"
