"""What happens to one change of the demonstration, each deed by the person whose task it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from approvals.chain import advance
from approvals.enums import Move, State
from approvals.models import Request
from linxia_xueji.enums import Level, Role
from linxia_xueji.models import Organisation, User
from registry.demo.chapters import Agenda, Scene
from registry.demo.deeds import workday
from transfers.business import business_named
from transfers.changes import file_change
from transfers.demo.pictures import picture
from transfers.demo.pupils import pupil
from transfers.demo.story import Story
from transfers.enrolled import Enrolled, enrolled_of
from transfers.forms import KEY_COLUMNS
from transfers.models import Change, Proof
from transfers.models.details import Detail
from transfers.national import record_national
from transfers.proofs import attest, put_proof
from transfers.slots import Slot, slots_of

DECIDERS = {Level.SCHOOL: Role.HEAD, Level.COUNTY: Role.COUNTY_REVIEWER, Level.PREFECTURE: Role.CENTRE}
LONGEST = 5
"""Steps of the longest route."""


@dataclass
class Told:
    """One story in the making. Every method is one deed, done on the day it is called for."""

    story: Story
    scene: Scene
    change: Change | None = None

    def agenda(self) -> Agenda:
        """The deeds with their days: submitted the working day after the application, then a step a day."""
        story = self.story
        applied = date(self.scene.year, *story.applied)
        days = [workday(applied)]
        for _ in range(LONGEST + 3):
            days.append(workday(days[-1] + timedelta(days=1)))
        deeds = [(days[0], self.file)]
        if story.end != "draft":
            steps = min(story.approved, LONGEST)
            deeds += [(days[1], self.submit), *((days[2 + n], self.approve) for n in range(steps))]
            deeds += [(days[2 + steps], self.conclude)] if story.end or story.national else []
        return deeds

    def person(self, role: str, organisation: Organisation) -> User:
        """Who holds that role there."""
        return self.scene.people[role, organisation.code]

    @property
    def registrar(self) -> User:
        """学籍管理员 of the school that applies."""
        return self.scene.people[Role.REGISTRAR, self.story.to or self.story.school]

    def file(self, today: date) -> None:
        """The registrar takes the application down and puts the papers into their slots."""
        story, business = self.story, business_named(self.story.kind)
        enrolled = enrolled_of(pupil(story.school, story.grade, story.place, self.scene))
        school = enrolled.enrolment.school if not story.to else _school(story.to)
        surname = enrolled.facts.name[0]
        self.change = file_change(
            business=business, enrolled=enrolled, detail=self._detail(enrolled, school), school=school, by=self.registrar,
            applied_on=date(self.scene.year, *story.applied),
            common={"applicant": f"{surname}{self.scene.random.choice(('国强', '占林', '学明', '玉梅'))}", "relation": "guardian",
                    "reason": story.reason},
        )  # fmt: skip
        for slot in slots_of(story.kind):
            if slot.code not in story.without:
                scan = picture(_title(slot), blurred=slot.code == story.blurred)
                put_proof(change=self.change, slot=slot, scan=scan, by=self.registrar)

    def _detail(self, enrolled: Enrolled, school: Organisation) -> Detail:
        values: dict[str, Any] = {name: self._value(value) for name, value in self.story.detail.items()}
        if self.story.kind == "transfer":
            values |= {"to_school": school, "to_stage": enrolled.enrolment.stage, "to_grade": enrolled.grade}
            values |= {"to_class": "2班", "agreed_on": date(self.scene.year, *self.story.applied)}
        if self.story.kind == "key_info":
            facts = enrolled.facts
            values |= {name: getattr(facts, name) for name in KEY_COLUMNS}
            values |= {"before": facts, "name": facts.name[:-1] + "鑫"}
        return business_named(self.story.kind).detail(**values)

    def _value(self, value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        more, month, day = value if len(value) == 3 else (0, *value)
        return date(self.scene.year + more, month, day)

    def submit(self, today: date) -> None:
        """To the first office."""
        self._advance(Move.SUBMIT, self.registrar, note="" if self.story.end else self.story.note)

    def approve(self, today: date) -> None:
        """The office whose turn it is agrees, a head after seeing the originals. Nothing once it is through."""
        if self._request.state != State.PENDING:
            return
        by = self._decider()
        if self._request.turn_level == Level.SCHOOL:
            asked = {slot.code for slot in slots_of(self.story.kind) if slot.original or slot.attested}
            for proof in Proof.objects.filter(change=self.change, slot__in=asked, replaced_at=None, attested_by=None):
                attest(proof=proof, by=by)
        self._advance(Move.APPROVE, by, note="材料齐全，情况属实，同意")

    def conclude(self, today: date) -> None:
        """Sent back, refused or taken back; or 国网办结 recorded."""
        if self.story.national:
            record_national(
                change=self.change, national_on=today, national_by="演示经办人", on=today, by=self.registrar
            )
            return
        by = self.registrar if self.story.end == Move.RETRACT else self._decider()
        self._advance(Move(self.story.end), by, note=self.story.note)

    @property
    def _request(self) -> Request:
        return self.change.request

    def _decider(self) -> User:
        return self.person(DECIDERS[Level(self._request.turn_level)], self._request.turn_organisation)

    def _advance(self, move: Move, by: User, *, note: str = "") -> None:
        self.change.request = advance(request=self._request, move=move, by=by, note=note)


def _school(code: str) -> Organisation:
    return Organisation.objects.select_related("profile", "parent__parent__parent").get(code=code)


def _title(slot: Slot) -> str:
    """Latin, because the drawing knows no other letters."""
    return "ORIGINAL CERTIFICATE" if slot.original else "SIGNED AND SEALED"
