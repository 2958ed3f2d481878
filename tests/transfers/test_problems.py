"""The exits of a 问题学籍 on the chain: 佐证, 变更, 删除; and what their rules refuse."""

from datetime import date

import pytest
from django.urls import reverse

from approvals.chain import advance
from approvals.enums import State
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import Secret
from registry.deeds import end_enrolment
from registry.enums import Ending, ProblemEnd
from registry.models import Enrolment, KeyFacts, Problem, Student
from registry.problems.deeds import not_same, reopen
from registry.problems.searching import search
from tests.registry.test_problems import NO_NUMBER, acts, facts, two
from tests.transfers.support import announce_terms, decider, filed, pupil, see_originals, through, with_papers
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, id_number
from transfers.models import Change, IncomingPupil, KeyInfoChange, ProblemDeletion, ProblemEvidence, Transfer

TYPED = {"applied_on": "2026-09-14", "applicant": "马父", "relation": "father", "reason": "核实"}


def standing(problem: Problem) -> Problem:
    problem.refresh_from_db()
    return problem


@pytest.fixture
def pair(world) -> tuple[Enrolment, Enrolment, Problem]:
    """Two records that may be one person's, found."""
    here, there = two(world)
    search()
    return here, there, Problem.objects.get()


def test_evidence_settles_it_until_the_facts_change(world, pair):
    here, there, problem = pair
    change = with_papers(world, filed(world, "problem_evidence", here, ProblemEvidence(problem=problem)))
    request = through(world, change)
    assert (request.state, len(request.route)) == (State.APPROVED, 3)
    assert (standing(problem).settled_as, acts(problem)) == (ProblemEnd.EVIDENCE, ["found", "evidence"])
    assert search().found == 0
    facts(here, **NO_NUMBER)
    assert search().found == 1


def test_deletion_ends_the_duplicate_and_keeps_its_history(world, pair):
    here, there, problem = pair
    change = with_papers(world, filed(world, "problem_deletion", there, ProblemDeletion(problem=problem, kept=here)))
    assert through(world, change).state == State.APPROVED
    there.refresh_from_db()
    here.refresh_from_db()
    assert (there.ending, here.ends_on) == (Ending.DELETED, None)
    assert Student.objects.filter(pk=there.student_id).exists() and there.grades.exists()
    assert KeyFacts.objects.filter(student=there.student_id, valid_to=None).exists()
    assert standing(problem).settled_as == ProblemEnd.GONE
    assert change.request.number in problem.events.last().reason


def test_two_deletions_never_leave_a_student_without_any(world, pair):
    here, there, problem = pair
    one = with_papers(world, filed(world, "problem_deletion", there, ProblemDeletion(problem=problem, kept=here)))
    other = with_papers(world, filed(world, "problem_deletion", here, ProblemDeletion(problem=problem, kept=there)))
    through(world, one, steps=2)
    through(world, other, steps=2)
    assert through(world, one, submit=False).state == State.APPROVED
    with pytest.raises(Refusal):
        through(world, other, submit=False)
    here.refresh_from_db()
    assert here.ends_on is None


def test_a_change_of_key_information_is_followed(world, client):
    enrolment = pupil(world, COUNTY_SCHOOL, grade=8, stage="junior", name="马错号")
    facts(enrolment, sex="2")
    search()
    problem = Problem.objects.get()
    held = KeyFacts.objects.get(student=enrolment.student_id, valid_to=None)
    values = {name: getattr(held, name) for name in ("name", "birth_date", "id_type", "id_number")}
    change = with_papers(world, filed(world, "key_info", enrolment, KeyInfoChange(before=held, sex="1", **values)))
    client.force_login(world.head())
    page = client.get(reverse("registry:problem", args=[problem.pk])).content.decode()
    assert "办理中" in page and change.request.number in page
    assert "办理中" in client.get(reverse("registry:problems"), {"state": "under_way"}).content.decode()
    assert through(world, change).state == State.APPROVED
    assert standing(problem).settled_as == ProblemEnd.GONE and "关键信息变更" in problem.events.last().reason


def incoming(world, number: str) -> Change:
    """A draft for somebody from outside with that number."""
    announce_terms(world)
    to = {"to_school": world.organisation(COUNTY_SCHOOL), "to_stage": "senior", "to_grade": 11}
    detail = Transfer(direction="incoming", outside_school="兰州某中学", **to)
    detail.pupil = IncomingPupil(
        name="周新", sex="1", birth_date=date(2010, 3, 5), id_number=Secret(number), ethnicity="01", stage="senior", grade=11,
        entry_year=2025,
    )  # fmt: skip
    return filed(world, "transfer", None, detail, school=COUNTY_SCHOOL)


def test_somebody_from_outside_with_a_number_that_is_taken(world, client):
    """A claim: no record to delete, but to be proved, corrected, or another person."""
    enrolment = pupil(world, OTHER_SCHOOL, grade=8, stage="junior")
    change = incoming(world, id_number(1))
    search()
    problem = Problem.objects.get()
    assert [bool(p.origin) for p in problem.parties.all()] == [False, True]
    client.force_login(world.centre)
    page = client.get(reverse("registry:problem", args=[problem.pk])).content.decode()
    assert change.request.number in page and "problem_deletion" not in page and enrolment.school.short_name in page
    client.force_login(world.registrar())
    assert "不显示" in client.get(reverse("registry:problem", args=[problem.pk])).content.decode()
    search()
    assert Problem.objects.count() == 1


@pytest.mark.parametrize("kind", ["problem_evidence", "problem_deletion"])
def test_an_application_refused_leaves_problem_and_records_as_they_are(world, client, pair, kind):
    here, there, problem = pair
    detail = (
        ProblemEvidence(problem=problem) if kind == "problem_evidence" else ProblemDeletion(problem=problem, kept=here)
    )
    request = through(world, with_papers(world, filed(world, kind, there, detail)), steps=1)
    client.force_login(world.registrar())
    page = client.get(reverse("registry:problem", args=[problem.pk])).content.decode()
    assert "所涉学生在他校有申请正在办理" in page and request.number not in page
    request = advance(
        request=request, move="refuse", by=decider(world, request), note="证明不足", on=world.day,
    )  # fmt: skip
    assert request.state == State.REFUSED
    assert standing(problem).settled_on is None and acts(problem) == ["found"] and search().found == 0
    assert not Enrolment.objects.exclude(ends_on=None).exists()
    assert "待处理" in client.get(reverse("registry:problem", args=[problem.pk])).content.decode()
    not_same(problem, reason="两家人", by=world.head())


@pytest.mark.parametrize(("kind", "paper"), [("problem_evidence", "proof"), ("problem_deletion", "proof"), ("problem_deletion", "report")])  # fmt: skip
def test_without_its_papers_it_is_not_submitted(world, pair, kind, paper):
    here, there, problem = pair
    detail = (
        ProblemEvidence(problem=problem) if kind == "problem_evidence" else ProblemDeletion(problem=problem, kept=here)
    )
    change = with_papers(world, filed(world, kind, there, detail), without=(paper,))
    with pytest.raises(Refusal) as refused:
        through(world, change, steps=0)
    assert refused.value.rule == f"{kind}.doc.{paper}"


def test_the_duplicate_is_not_deleted_for_a_record_that_has_ended(world, pair):
    here, there, problem = pair
    change = with_papers(world, filed(world, "problem_deletion", there, ProblemDeletion(problem=problem, kept=here)))
    through(world, change, steps=1)
    end_enrolment(here, ending=Ending.WITHDRAWN, on=world.day)
    with pytest.raises(Refusal) as refused:
        through(world, change, submit=False)
    there.refresh_from_db()
    assert there.ends_on is None and refused.value.rule == "problem_deletion.kept_not_active"


def test_nobody_decides_while_an_application_about_it_is_open(world, pair):
    here, there, problem = pair
    change = with_papers(world, filed(world, "problem_evidence", here, ProblemEvidence(problem=problem)))
    with pytest.raises(Refusal, match="有在办的佐证、变更或删除申请"):
        not_same(problem, reason="两家人", by=world.head())
    through(world, change)
    with pytest.raises(Refusal, match="已了结（已佐证）"):
        not_same(problem, reason="两家人", by=world.head())
    with pytest.raises(Refusal, match="没有“不是同一人”的判定"):
        reopen(problem, reason="核对有误", by=world.head())
    assert acts(problem) == ["found", "evidence"]


def test_a_change_that_puts_nothing_right_leaves_it_open(world):
    """The number is still that of the other sex: the change is approved, the problem stays and says so anew."""
    enrolment = pupil(world, COUNTY_SCHOOL, grade=8, stage="junior", name="马错号")
    facts(enrolment, sex="2")
    search()
    problem = Problem.objects.get()
    held = KeyFacts.objects.get(student=enrolment.student_id, valid_to=None)
    values = {name: getattr(held, name) for name in ("sex", "birth_date", "id_type", "id_number")}
    detail = KeyInfoChange(before=held, name="马改名", **values)
    before = problem.facts
    request = with_papers(world, filed(world, "key_info", enrolment, detail)).request
    request = advance(request=request, move="submit", by=world.registrar(), note="户口簿如此", on=world.day)
    while request.is_open:
        see_originals(world, request)
        request = advance(request=request, move="approve", by=decider(world, request), note="属实", on=world.day)
    assert request.state == State.APPROVED
    assert standing(problem).settled_on is None and problem.facts != before and acts(problem) == ["found"]


def test_what_somebody_on_the_way_in_says_anew_is_shown_anew(world, client):
    pupil(world, OTHER_SCHOOL, grade=8, stage="junior")
    change = incoming(world, id_number(1))
    search()
    problem = Problem.objects.get()
    not_same(problem, reason="号码抄错", by=world.head(OTHER_SCHOOL))
    assert search().found == 0
    IncomingPupil.objects.filter(transfer=change.transfer).update(name="周更名")
    assert search().found == 1
    client.force_login(world.registrar())
    page = client.get(reverse("registry:problem", args=[problem.pk])).content.decode()
    assert "周更名" in page and "周新" not in page


def test_what_is_settled_or_decided_elsewhere_is_refused(world, pair):
    here, there, problem = pair
    change = with_papers(world, filed(world, "problem_evidence", here, ProblemEvidence(problem=problem)))
    end_enrolment(there, ending=Ending.TRANSFERRED, on=world.day)
    search()
    with pytest.raises(Refusal) as refused:
        through(world, change)
    assert refused.value.rule == "problem_evidence.settled" or "问题" in refused.value.message
    with pytest.raises(Refusal, match="在办业务"):
        filed(world, "problem_deletion", here, ProblemDeletion(problem=problem, kept=there))


def test_the_application_page_offers_problem_and_record(world, client, pair):
    here, there, problem = pair
    client.force_login(world.registrar(OTHER_SCHOOL))
    page = client.get(reverse("registry:problem", args=[problem.pk])).content.decode()
    url = reverse("transfers:apply", args=["problem_deletion", there.pk])
    assert url in page and reverse("transfers:apply", args=["problem_deletion", here.pk]) not in page
    shown = client.get(url).content.decode()
    assert "疑似重复" in shown and here.school.short_name in shown and id_number(1) not in shown
    bad = client.post(url, {**TYPED, "problem": problem.pk, "kept": there.pk, "save": "1"})
    assert bad.status_code == 422
    assert client.post(url, {**TYPED, "problem": problem.pk, "kept": here.pk, "save": "1"}).status_code == 302
    made = ProblemDeletion.objects.get()
    assert (made.problem, made.kept) == (problem, here)
    edit = reverse("transfers:mend", args=[made.pk])
    assert client.post(edit, {**TYPED, "problem": problem.pk, "kept": here.pk, "save": "1"}).status_code == 302
    assert (
        here.school.short_name
        in client.get(reverse("approvals:request", args=[made.change.request_id])).content.decode()
    )
    client.force_login(world.registrar())
    assert client.get(url).status_code == 404
