"""专项督查 of the demonstration: 广河县 visits its schools; of one school one finding is open and one is not put right."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from linxia_xueji.enums import Role
from linxia_xueji.models import Organisation, User
from registry.demo.chapters import Agenda, Scene
from registry.inspecting import findings, onsite, planning
from registry.inspecting.enums import FindingAct, FindingState, Sight
from registry.models import Finding, InspectedStudent, InspectionRound, InspectionVisit
from registry.roster.grades import words_of

COUNTY, SCHOOL = "622924", "3462990006"


def agenda(scene: Scene) -> Agenda:
    """From the plan at the beginning of term to the re-check, each deed on its day."""
    story = _Story(scene)
    deeds: list[tuple[int, Callable[[date], None]]] = [
        (2, story.plan), (3, story.visit), (4, story.find), (7, story.answer), (9, story.report), (14, story.fail),
    ]  # fmt: skip
    return [(date(scene.year, 9, day), deed) for day, deed in deeds]


class _Story:
    """Who does what; each deed finds by itself what the one before has made."""

    def __init__(self, scene: Scene):
        self.scene = scene
        people = scene.people
        self.reviewer, self.chief = people[Role.COUNTY_REVIEWER, COUNTY], people[Role.COUNTY_HEAD, COUNTY]
        self.head = people[Role.HEAD, SCHOOL]

    @property
    def at_school(self) -> InspectionVisit:
        made = InspectionRound.objects.get(organisation__code=COUNTY)
        return InspectionVisit.objects.select_related("round__organisation").get(round=made, school__code=SCHOOL)

    def plan(self, day: date) -> None:
        """The county plans a round of all its schools that have students."""
        office = Organisation.objects.select_related("parent__parent").get(code=COUNTY)
        schools = planning.schools_of(office, day)
        sample = planning.Sample(day, seed=622924, classes=2, students=5)
        planning.plan(
            office=office, title=f"{day.year}年秋季“人籍一致”专项督查（示例）", starts_on=day, ends_on=date(day.year, 9, 30),
            schools=[s.pk for s in schools], sample=sample, team=[self.reviewer.pk, self.chief.pk], others=[("马某某", "县教育局督导室")],
            by=self.chief, on=day,
        )  # fmt: skip

    def visit(self, day: date) -> None:
        """At one school all who were drawn are looked at; the first is not there, the second in another grade."""
        visit = self.at_school
        onsite.begin(visit=visit, by=self.reviewer)
        people = list(visit.people.order_by("pk"))
        below = words_of(people[1].grade - 1)
        answers = {0: (Sight.ABSENT, "班主任称本学期未到校"), 1: (Sight.OTHER_GRADE, f"实际在{below}就读")}
        for place, student in enumerate(people):
            result, note = answers.get(place, (Sight.PRESENT, ""))
            key = UUID(int=student.pk)
            onsite.tick(student=student, result=result, note=note, key=key, seen=0, by=self.reviewer)
        onsite.finish(visit=visit, by=self.reviewer)

    def find(self, day: date) -> None:
        """Two findings: one is to be answered, one to be put right within days."""
        visit, (absent, other) = self.at_school, self._odd()
        due = findings.due_by(visit.round.organisation, day)
        for n, (student, words, until) in enumerate(
            (
                (other, "学籍在册年级与实际就读年级不符，学校没有办理相应手续。", due or date(day.year, 9, 30)),
                (
                    absent,
                    "学籍在册，本学期未到校就读，学校没有登记去向，也没有办理休学、转学或退学手续。",
                    date(day.year, 9, 11),
                ),
            ),
            1,
        ):
            written = findings.Written(words, findings.CLAUSE, until, student)
            findings.find(visit=visit, written=written, key=UUID(int=n), by=self.reviewer)

    def _odd(self) -> tuple[InspectedStudent, InspectedStudent]:
        people = self.at_school.people
        return people.get(result=Sight.ABSENT), people.get(result=Sight.OTHER_GRADE)

    def answer(self, day: date) -> None:
        """The head answers."""
        self._act(FindingAct.ANSWER, "该生家长称外出务工，学校正在联系。", self.head)

    def report(self, day: date) -> None:
        """The head reports what was done."""
        self._act(FindingAct.REPORT, "已电话联系家长，要求返校。", self.head)

    def fail(self, day: date) -> None:
        """The county looks again: nothing has come of it."""
        self._act(FindingAct.FAILED, "复查时学生仍未到校，也未办理任何手续。", self.reviewer)

    def _act(self, act: FindingAct, words: str, by: User) -> None:
        found = Finding.objects.get(visit=self.at_school, student__result=Sight.ABSENT)
        findings.act(finding=found, act=act, words=words, seen=FindingState(found.state), by=by)
