"""问题学籍 of the demonstration: a few pupils whose records do not fit, found on a night in September."""

from datetime import date

from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Role, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import Secret
from registry.deeds import enrol, set_key_facts
from registry.demo.chapters import Agenda, Scene
from registry.demo.names import People
from registry.enums import IdType, ProblemKind
from registry.models import Enrolment, Problem, Programme, Student
from registry.problems.chapter import ONE, OTHER
from registry.problems.deeds import not_same
from registry.problems.searching import recheck


def agenda(scene: Scene) -> Agenda:
    """Entered at the beginning of the school year, found ten days later, one pair decided then."""
    told = _Told(scene)
    return [
        (date(scene.year, 9, 1), told.enter),
        (date(scene.year, 9, 12), told.find),
        (date(scene.year, 9, 14), told.decide),
    ]


class _Told:
    """The pupils, and what is done about them."""

    def __init__(self, scene: Scene):
        self.scene, self.people, self.made = scene, People(scene.random), []

    def enter(self, day: date) -> None:
        """One of every kind; of doubled ones two pairs."""
        for n, name in enumerate(("马玉兰", "马秀花", "马海燕"), 1):
            self._pupil(ONE, name, n)
            self._pupil(OTHER, name, n, number="")
        for name, school in (("马尤素夫", ONE), ("马哈桑", OTHER)):
            self._pupil(school, name, 6, sex="1", number="E00000001", id_type=IdType.OTHER)
        whole = self.people.id_number("622926", self._born(7), "2")
        self._pupil(ONE, "马桂芳", 7, number=whole[:-1] + ("1" if whole[-1] != "1" else "2"))
        self._pupil(ONE, "马小龙", 8, sex="1", number=self.people.id_number("622926", self._born(8), "2"))
        self._pupil(ONE, "马晓东", 9, sex="1", number=self.people.id_number("622926", self._born(9), "2"))
        grown = self._pupil(ONE, "马永福", 10, sex="1", stage=Stage.SENIOR, grade=11)
        young = Programme.objects.filter(stage=Stage.PRIMARY, valid_to=None).order_by("organisation__code").first()
        if young:
            self._enrol(grown.student, young.organisation_id, Stage.PRIMARY, 1, day, years=0)

    def find(self, day: date) -> None:
        """What a search says of them."""
        recheck(self.made)

    def decide(self, day: date) -> None:
        """The county knows both families of one pair."""
        pairs = Problem.objects.filter(kind=ProblemKind.NAMESAKE, parties__student__in=self.made).order_by("pk")
        by = self.scene.people[Role.COUNTY_REVIEWER, "622926"]
        not_same(pairs.last(), reason="两家户口簿、监护人均不同，经走访核实是两名学生", by=by)

    def _born(self, n: int) -> date:
        return date(self.scene.year - 14, 5, n)

    def _pupil(
        self, school: str, name: str, n: int, *, sex: str = "2", number: str | None = None, id_type: str = IdType.RESIDENT,
        stage: Stage = Stage.JUNIOR, grade: int = 8,
    ) -> Enrolment:  # fmt: skip
        """:param n: day of birth in May. :param number: None for a sound one, empty for none."""
        born = self._born(n)
        given = self.people.id_number("622926", born, sex) if number is None else number
        student = Student.objects.create(recorded_at=now())
        self.made.append(student.pk)
        values = {
            "name": name, "sex": sex, "ethnicity": "03", "birth_date": born, "id_type": id_type if given else IdType.NONE,
            "id_number": Secret(given),
        }  # fmt: skip
        day = date(self.scene.year, 9, 1)
        set_key_facts(student.pk, values, valid_from=day, by=None)
        return self._enrol(student, Organisation.objects.get(code=school).pk, stage, grade, day)

    def _enrol(self, student: Student, school: int, stage: Stage, grade: int, day: date, years: int = 1) -> Enrolment:
        """:param years: how many school years ago the stage was entered."""
        office = Organisation.objects.select_related("parent__parent__parent").get(pk=school, level=Level.SCHOOL)
        return enrol(
            student=student, school=office, stage=stage, entry_year=self.scene.year - years, grade=grade,
            school_class="1班", on=day, by=None,
        )  # fmt: skip
