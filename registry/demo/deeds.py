"""What one school and those above it do with one batch, each deed by the person whose task it is."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from approvals.chain import advance
from approvals.enums import Move
from linxia_xueji import files
from linxia_xueji.enums import Level, Role
from linxia_xueji.models import Organisation, User, same_scope
from registry import batches, papers
from registry.demo.proofs import proof
from registry.demo.story import Reach, Story
from registry.enums import Arrival, DeferralKind
from registry.facts import applicants
from registry.models import Candidate, EnrolmentBatch
from registry.standing import standing

People = dict[tuple[str, str], User]
"""Users by (role, code of the organisation)."""
GRADUATES = {
    "622901": 4310, "622921": 4876, "622922": 3542, "622923": 2287,
    "622924": 4105, "622925": 2964, "622926": 5018, "622927": 3377,
}  # fmt: skip


@dataclass
class Batch:
    """One school's batch of one year in the making. Every method is one deed, done today."""

    story: Story
    school: Organisation
    year: int
    people: People
    batch: EnrolmentBatch | None = None
    special: dict[str, Candidate] = field(default_factory=dict)

    def person(self, role: str, level: str = Level.SCHOOL) -> User:
        """Who holds that role at the school or at the authority of that level above it."""
        return self.people[role, self.school.at(level).code]

    @property
    def registrar(self) -> User:
        """学籍管理员 of the school."""
        return self.person(Role.REGISTRAR)

    def open(self, today: date) -> None:
        """Open the batch with everybody on the list."""
        self.batch = batches.open_batch(school=self.school, year=self.year, by=self.registrar)

    def mark(self, today: date) -> None:
        """Mark who came; the last on the list by number did not."""
        everybody = list(self.batch.candidates.order_by("exam_number").values_list("pk", flat=True))
        gone = everybody[len(everybody) - self.story.no_shows :]
        here = everybody[: len(everybody) - self.story.no_shows]
        batches.mark(batch=self.batch, candidates=here, arrival=Arrival.REPORTED, by=self.registrar)
        if gone:
            batches.mark(batch=self.batch, candidates=gone, arrival=Arrival.NO_SHOW, by=self.registrar)

    def ask_letter(self, today: date) -> None:
        """One student's household register has another character in the name than the list: ask for a letter."""
        here = self.batch.candidates.filter(arrival=Arrival.REPORTED).select_related("admission")
        elsewhere = here.exclude(admission__exam_county__division=self.school.division_id)
        candidate = elsewhere.order_by("exam_number").first() or here.order_by("exam_number").first()
        name = candidate.name[:-1] + "鑫"
        candidate = batches.enter_reported(candidate=candidate, values={"name": name}, by=self.registrar)
        self.special["letter"] = candidate
        papers.ask_for_letter(candidate=candidate, note="户口簿姓名与录取名单不一致", by=self.registrar)

    def issue_letter(self, today: date) -> None:
        """The county of exam registration, wherever the school lies, issues it with the copy of the proof."""
        letter = self.special["letter"].letters.select_related("issuer").get()
        reviewer = self.people[Role.COUNTY_REVIEWER, letter.issuer.code]
        lines = ("HOUSEHOLD REGISTER", f"{letter.pk:06d}")
        use = self._keep("更正证明", "户籍证明.png", lines, reviewer, letter.issuer)
        number = f"{letter.issuer.division.short_name}教更字〔{self.year}〕{letter.pk}号（示例）"
        papers.issue_letter(letter=letter, number=number, proof=use, by=reviewer, on=today)

    def defer(self, today: date) -> None:
        """One student is ill and comes in October; the head agrees."""
        self._excuse(-1, DeferralKind.DEFERRAL, "因病住院治疗，申请延期注册", date(self.year, 10, 20), today)

    def excuse(self, today: date) -> None:
        """One student is kept by a flood on the road."""
        self._excuse(-2, DeferralKind.FORCE_MAJEURE, "山洪阻断道路，未能按期报到", None, today)

    def _excuse(self, place: int, kind: str, reason: str, until: date | None, today: date) -> None:
        here = list(self.batch.candidates.filter(arrival=Arrival.REPORTED).order_by("exam_number"))
        candidate = here[place]
        use = self._keep("延期证明", "延期证明.png", ("CERTIFICATE", f"{candidate.pk:06d}"), self.registrar)
        deferral = papers.apply_for_deferral(
            candidate=candidate, kind=kind, reason=reason, until=until, proof=use, by=self.registrar, on=today
        )
        papers.accept_deferral(deferral=deferral, by=self.person(Role.HEAD), on=today)

    def _keep(self, purpose: str, name: str, lines: tuple[str, ...], by: User, party: Organisation | None = None):
        scope = same_scope(self.batch.request)
        return files.keep(
            content=proof(lines), name=name, content_type="image/png", purpose=purpose, scope=scope, by=by, party=party
        )

    def submit(self, today: date) -> None:
        """The registrar submits to the head."""
        self._advance(Move.SUBMIT, self.registrar)

    def confirm(self, today: date) -> None:
        """The head of the school confirms and signs the school's figures."""
        self._advance(Move.APPROVE, self.person(Role.HEAD), note="情况属实，同意上报")

    def county(self, today: date) -> None:
        """The county enters its figures and agrees."""
        county = self.school.at(Level.COUNTY)
        inputs = {
            "graduates": GRADUATES[county.division_id],
            "graduates_note": "学籍库只载入部分学校，按全县毕业生统计填写",
            "plan": standing(self.batch).county_plan,
            "agreed": len(applicants(self.batch)),
        }
        reviewer = self.person(Role.COUNTY_REVIEWER, Level.COUNTY)
        self._advance(Move.APPROVE, reviewer, inputs=inputs, note="审核无误，同意上报")

    def send_back(self, today: date) -> None:
        """The county sends it back."""
        note = "第3名学生的更正便函附件不清晰，请上传清晰完整的原件扫描件后重新提交"
        self._advance(Move.SEND_BACK, self.person(Role.COUNTY_REVIEWER, Level.COUNTY), note=note)

    def strike(self, today: date) -> None:
        """The centre strikes one student out."""
        candidate = applicants(self.batch)[-1]
        note = "核实该生未到校报到，由学校误登记为已报到，予以核减"
        inputs = {"candidate": candidate.pk, "rule": "enrolment.no_show"}
        self._advance(Move.STRIKE, self.person(Role.CENTRE, Level.PREFECTURE), inputs=inputs, note=note)

    def prefecture(self, today: date) -> None:
        """The centre agrees to the students and the range."""
        inputs = {"agreed": len(applicants(self.batch))}
        centre = self.person(Role.CENTRE, Level.PREFECTURE)
        self._advance(Move.APPROVE, centre, inputs=inputs, note="经审核，同意上报省教育厅")

    def province(self, today: date) -> None:
        """The province approves: the numbers are issued."""
        self._advance(Move.APPROVE, self.person(Role.PROVINCE, Level.PROVINCE), note="同意注册")

    def retract(self, today: date) -> None:
        """The school takes the batch back."""
        self._advance(Move.RETRACT, self.registrar, note="发现漏登记的学生，撤回补充后重新提交")

    def tick_intake(self, today: date) -> None:
        """招生调档 is done in the national system for all but the last few."""
        pupils = list(
            self.batch.candidates.exclude(enrolment=None).order_by("exam_number").values_list("pk", flat=True)
        )
        batches.tick_intake(batch=self.batch, candidates=pupils[:-4], by=self.registrar, on=today)

    def _advance(self, move: Move, by: User, *, note: str = "", inputs: dict[str, Any] | None = None) -> None:
        self.batch.request = advance(request=self.batch.request, move=move, by=by, note=note, inputs=inputs)

    def agenda(self) -> list[tuple[date, Any]]:
        """The deeds of the story with the days they belong to, in order."""
        story, reach = self.story, self.story.reach
        submission = workday(date(self.year, 9, story.day))
        days = [workday(submission + timedelta(days=after)) for after in range(9)]
        arrival = date(self.year, 8, 31)
        plan = [
            (reach >= Reach.OPENED, arrival, self.open),
            (reach >= Reach.MARKED, arrival, self.mark),
            (story.letter, arrival, self.ask_letter),
            (story.letter == "issued", min(date(self.year, 9, 2), submission), self.issue_letter),
            (story.deferral, submission, self.defer),
            (story.force_majeure, submission, self.excuse),
            (reach >= Reach.SUBMITTED, submission, self.submit),
            (story.retracted, days[1], self.retract),
            (reach >= Reach.CONFIRMED or story.sent_back, days[1], self.confirm),
            (story.sent_back, days[2], self.send_back),
            (reach >= Reach.COUNTY and self.school.at(Level.COUNTY), days[2], self.county),
            (story.struck, days[3], self.strike),
            (reach >= Reach.PREFECTURE, days[4], self.prefecture),
            (reach >= Reach.PROVINCE, days[6], self.province),
            (reach >= Reach.PROVINCE, days[7], self.tick_intake),
        ]
        return [(day, deed) for wanted, day, deed in plan if wanted]


def workday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
