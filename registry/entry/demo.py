"""小学一年级新生 of the demonstration: one list under way with a 延缓入学 and a no-show, and one that has been registered."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from approvals.chain import advance
from approvals.enums import Move
from linxia_xueji import files
from linxia_xueji.enums import Level, Role, Stage
from linxia_xueji.models import Organisation, User, same_scope
from registry.demo.chapters import Agenda, Scene
from registry.demo.names import People
from registry.demo.proofs import proof
from registry.entry import batches, following
from registry.entry.chapter import REGISTERED, UNDER_WAY
from registry.enums import EntryArrival
from registry.models import Entrant, EntryBatch

TOWNS = {UNDER_WAY: ("三甲集镇", "城关镇", "庄窠集镇"), REGISTERED: ("城南街道", "枹罕镇")}
BEFORE_SENIOR = 9
"""School years between grade 1 and senior high, for which the names are made."""


def agenda(scene: Scene) -> Agenda:
    """Both lists, day by day."""
    here, done = List(UNDER_WAY, 14, scene), List(REGISTERED, 6, scene)
    day = date(scene.year, 8, 31)
    return [
        (day, done.enter),
        (day + timedelta(days=1), done.everybody_came),
        (day + timedelta(days=3), done.decide),
        (day, here.enter),
        (day + timedelta(days=1), here.mark),
        (day + timedelta(days=2), here.defer),
        (day + timedelta(days=4), lambda today: here.urge(today, "电话无人接听，请亲戚转告")),
        (day + timedelta(days=9), lambda today: here.urge(today, "祖母称随父母在外务工，近期送回")),
        (day + timedelta(days=15), here.write),
    ]


@dataclass
class List:
    """One school's grade 1 in the making. Every method is one deed, done on the day it is called for."""

    code: str
    children: int
    scene: Scene
    batch: EntryBatch | None = None

    def person(self, role: str, level: str = Level.SCHOOL) -> User:
        """Who holds that role at the school or above it."""
        return self.scene.people[role, self._school.at(level).code]

    @property
    def _school(self) -> Organisation:
        return Organisation.objects.select_related("parent__parent__parent").get(code=self.code)

    def enter(self, today: date) -> None:
        """Open the list and put everybody on it."""
        by, school = self.person(Role.REGISTRAR), self._school
        self.batch = batches.open_batch(school=school, stage=Stage.PRIMARY, by=by, on=today)
        people, random = People(self.scene.random), self.scene.random
        for serial in range(self.children):
            child = people.pupil(county=school.division_id, entry_year=self.scene.year + BEFORE_SENIOR)
            values: dict[str, Any] = {
                "name": child.name, "sex": child.sex, "ethnicity": child.ethnicity, "birth_date": child.birth_date,
                "id_number": child.id_number, "township": random.choice(TOWNS[self.code]), "school_class": f"{serial % 2 + 1}班",
                "guardian_name": child.name[0] + random.choice(("国强", "占林", "学明", "玉梅")), "guardian_phone": "13800000000",
            }  # fmt: skip
            if self.code == REGISTERED and serial == 0:
                values["former_outside"] = "青海省西宁市示例小学"
            batches.add(batch=self.batch, values=values, by=by)

    def _mark(self, children: list[Entrant], arrival: str, today: date) -> None:
        people = [child.pk for child in children]
        batches.mark(batch=self.batch, entrants=people, arrival=arrival, by=self.person(Role.REGISTRAR), on=today)

    def everybody_came(self, today: date) -> None:
        """All are here."""
        self._mark(list(self.batch.entrants.all()), EntryArrival.REPORTED, today)

    def mark(self, today: date) -> None:
        """All but two came: one is ill, of the other nobody knows."""
        everybody = list(self.batch.entrants.order_by("pk"))
        self._mark(everybody[2:], EntryArrival.REPORTED, today)
        self._mark(everybody[:1], EntryArrival.NO_SHOW, today)

    def defer(self, today: date) -> None:
        """The ill one is to come in October; the county has not decided."""
        by, ill = self.person(Role.REGISTRAR), self.batch.entrants.order_by("pk")[1]
        use = files.keep(
            content=proof(("HOSPITAL", f"{ill.pk:06d}")), name="住院证明.png", content_type="image/png",
            purpose="延缓入学证明", scope=same_scope(self.batch.request), by=by,
        )  # fmt: skip
        following.apply_for_deferral(
            entrant=ill, reason="先天性心脏病术后休养", applicant=ill.guardian_name.reveal(), applied_on=today,
            returns_on=date(self.scene.year, 10, 20), proof=use, by=by, on=today,
        )  # fmt: skip

    def urge(self, today: date, said: str) -> None:
        """The school urges."""
        by = self.person(Role.REGISTRAR)
        following.urge(
            entrant=self.batch.entrants.order_by("pk")[0], by=by, on=today, urged_on=today, urged_by=by.full_name,
            manner="phone", spoken_to="祖母", said=said,
        )  # fmt: skip

    def write(self, today: date) -> None:
        """Urged in vain: to the township."""
        child = self.batch.entrants.order_by("pk")[0]
        following.write_letter(
            entrant=child, office=f"广河县{child.township}人民政府", number=f"校函〔{self.scene.year}〕3号（示例）",
            by=self.person(Role.REGISTRAR), on=today,
        )  # fmt: skip

    def decide(self, today: date) -> None:
        """Submitted, confirmed and decided on one day."""
        for move, by in (
            (Move.SUBMIT, self.person(Role.REGISTRAR)),
            (Move.APPROVE, self.person(Role.HEAD)),
            (Move.APPROVE, self.person(Role.COUNTY_REVIEWER, Level.COUNTY)),
        ):
            self.batch.request = advance(request=self.batch.request, move=move, by=by)
