"""The check of the table of people."""

from dataclasses import dataclass
from datetime import date

from linxia_xueji.enums import ROLES_AT, Level, Role
from linxia_xueji.identity import proposed_name
from registry.admissions.cells import Cell
from registry.offices.columns import PEOPLE
from registry.offices.known import Known
from registry.offices.reading import Listing
from registry.offices.schools import SchoolSheet
from registry.offices.sheet import Sheet


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person on a post; `new` where the post is not yet held by somebody of that name."""

    row: int
    code: str
    full_name: str
    role: Role
    title: str
    starts_on: date
    document_number: str
    new: bool


class PeopleSheet(Sheet):
    """The rows of the table; an organisation may be one that is there or a sound row of the other table."""

    table = PEOPLE

    def __init__(self, listing: Listing | None, known: Known, schools: SchoolSheet):
        self.schools = schools
        super().__init__(listing, known)

    def take(self, entered: dict[str, Cell | None]) -> None:
        code, role = self.text("code", entered), None
        level = self._level(code) if code else None
        full_name, title = self.text("full_name", entered), self.text("title", entered)
        if full_name and (proposal := proposed_name(full_name)) != full_name:
            self.say("full_name", "name_dot", proposal=proposal)
        if said := self.text("role", entered):
            role = self.known.role(said)
            self._judge_role(code, level, role)
        self._compare_name(code, entered)
        starts_on = self.day("starts_on", entered, None)
        document_number = self.text("document_number", entered)
        new = self._judge_post(code, role, title, full_name)
        if not self.bad:
            self.clean.append(PersonRow(self.row, code, full_name, role, title, starts_on, document_number, new))

    def _level(self, code: str) -> Level | None:
        known, there = self.known, self.known.organisations.get(code)
        if there is not None:
            if there.pk not in known.below and there.pk not in known.own:
                self.say("code", "organisation_foreign")
            return Level(there.level)
        if code in self.schools.sound:
            return Level.SCHOOL
        if code in self.schools.rows:
            self.say("code", "organisation_faulty", earlier=self.schools.rows[code])
        else:
            self.say("code", "organisation_unknown")
        return None

    def _judge_role(self, code: str, level: Level | None, role: Role | None) -> None:
        if role is None:
            self.say("role", "role_unknown")
        elif level and role not in ROLES_AT[level]:
            self.say("role", "role_level", level=level.label)
        elif (
            role == Role.ACCOUNT_ADMIN and (there := self.known.organisations.get(code)) and there.pk in self.known.own
        ):
            self.say("role", "role_peer")

    def _compare_name(self, code: str, entered: dict[str, Cell | None]) -> None:
        said, there = self.text("organisation", entered), self.known.organisations.get(code)
        row = self.schools.sound.get(code)
        names = {there.name, there.short_name} if there else {row.name, row.short_name} if row else set()
        if said and names and said not in names:
            self.say("organisation", "organisation_name", known=there.name if there else row.name)

    def _judge_post(self, code: str, role: Role | None, title: str, full_name: str) -> bool:
        """Whether the post has to be filled; a post held by another is a fault."""
        if not (code and role and full_name):
            return True
        if earlier := self.earlier("post", code, role, title):
            self.say("role", "duplicate_in_file", earlier=earlier)
        elif earlier := self.earlier("person", code, full_name):
            self.say("full_name", "person_twice", earlier=earlier)
        holder = self.known.holders.get((code, role, title))
        if holder not in (None, full_name):
            self.say("role", "post_taken", known=holder)
        return holder is None
