"""问题学籍: what is found and found once, what goes away of itself, who decides, and the pages."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import Secret
from registry.deeds import end_enrolment, enrol, set_key_facts
from registry.enums import Ending, IdType, ProblemAct, ProblemEnd, ProblemKind
from registry.models import Enrolment, KeyFacts, Problem, ProblemEvent, ProblemSearch
from registry.problems import tasks
from registry.problems.deeds import not_same, reopen
from registry.problems.searching import recheck, search
from tests.approvals.test_page_queries import queries
from tests.registry.test_races import race
from tests.transfers.support import pupil
from tests.world import (
    COUNTY_SCHOOL,
    DAY,
    OTHER_COUNTY,
    OTHER_SCHOOL,
    PREFECTURE,
    PREFECTURE_SCHOOL,
    World,
    id_number,
    make_world,
)


def facts(enrolment: Enrolment, **changed) -> None:
    """Other key information from today on."""
    held = KeyFacts.objects.get(student=enrolment.student_id, valid_to=None)
    names = ("name", "sex", "ethnicity", "birth_date", "id_type", "id_number")
    values = {name: getattr(held, name) for name in names} | changed
    set_key_facts(enrolment.student_id, values, valid_from=DAY, by=None)


NO_NUMBER = {"id_type": IdType.NONE, "id_number": Secret("")}


def two(world: World, **changed) -> tuple[Enrolment, Enrolment]:
    """Two of one name, sex and birthday at two schools of two counties; the second as changed, by default without a number."""
    here = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=1)
    there = pupil(world, OTHER_SCHOOL, grade=11, stage="senior", serial=2)
    facts(there, **(changed or NO_NUMBER))
    return here, there


def acts(problem: Problem) -> list[str]:
    return [event.act for event in problem.events.all()]


def test_each_kind_is_found_once(world):
    here, there = two(world)
    wrong = pupil(world, COUNTY_SCHOOL, grade=12, stage="senior", serial=3, name="马一")
    facts(wrong, id_number=Secret("622924201003050013"))
    sex = pupil(world, COUNTY_SCHOOL, grade=12, stage="senior", serial=4, name="马二")
    facts(sex, sex="2")
    passports = [
        pupil(world, school, grade=12, stage="senior", serial=n, name=f"马{n}")
        for n, school in ((5, COUNTY_SCHOOL), (6, PREFECTURE_SCHOOL))
    ]
    for enrolment in passports:
        facts(enrolment, id_type=IdType.OTHER, id_number=Secret("E12345678"))
    young = pupil(world, COUNTY_SCHOOL, grade=6, stage="primary", serial=7, name="马七")
    enrol(student=young.student, school=here.school, stage="senior", entry_year=2026, grade=10, school_class="", on=DAY, by=None)  # fmt: skip
    tally = search()
    found = {p.kind: p for p in Problem.objects.all()}
    assert set(found) == set(ProblemKind) and (tally.found, tally.gone) == (5, 0)
    assert "校验码不符" in found["bad_number"].details and "性别" in found["contradiction"].details
    parties = {k: {p.enrolment_id for p in problem.parties.all()} for k, problem in found.items()}
    assert parties["namesake"] == {here.pk, there.pk} and parties["same_number"] == {e.pk for e in passports}
    assert (
        len(parties["two_stages"]) == 2
        and {p.facts for p in found.values()}
        and not any(p.settled_on for p in found.values())
    )
    assert (
        search() == recheck([here.student_id]).__class__()
        and Problem.objects.count() == ProblemEvent.objects.count() == 5
    )
    with CaptureQueriesContext(connection) as few:
        search()
    pupil(world, COUNTY_SCHOOL, grade=12, stage="senior", serial=9, name="马九")
    with CaptureQueriesContext(connection) as as_many:
        search()
    assert len(few) == len(as_many)


def test_what_the_facts_no_longer_show_goes_of_itself_and_says_so(world):
    here, there = two(world)
    search()
    problem = Problem.objects.get()
    facts(there, name="马别名")
    assert search().gone == 1
    problem.refresh_from_db()
    assert (problem.settled_as, acts(problem)) == (ProblemEnd.GONE, ["found", "gone"])
    facts(there, name="马小明")
    search()
    assert acts(problem)[-1] == ProblemAct.AGAIN
    end_enrolment(there, ending=Ending.TRANSFERRED, on=DAY)
    assert search().gone == 1


def test_not_the_same_person_stays_decided_until_the_facts_change(world):
    here, there = two(world)
    search()
    problem = Problem.objects.get()
    for by, reason in ((world.registrar(), "两家人"), (world.head(PREFECTURE_SCHOOL), "两家人"), (world.head(), " ")):
        with pytest.raises(Refusal):
            not_same(problem, reason=reason, by=by)
    not_same(problem, reason="户口簿显示两家人", by=world.head())
    with pytest.raises(Refusal, match="已了结（不是同一人）"):
        not_same(problem, reason="两家人", by=world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    assert search().found == 0
    reopen(problem, reason="核对有误", by=world.county)
    with pytest.raises(Refusal, match="没有"):
        reopen(problem, reason="再", by=world.county)
    not_same(problem, reason="再次核对，两家人", by=world.county)
    facts(there, ethnicity="01")
    assert search().found == 0
    facts(there, id_type=IdType.OTHER, id_number=Secret("E1"))
    facts(here, **NO_NUMBER)
    assert search().found == 1
    assert acts(problem) == ["found", "not_same", "reopened", "not_same", "again"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["search", "recheck", "rename", "back", "decide"])), max_size=8
    )
)
def test_however_often_it_is_looked_a_finding_is_on_the_list_once(world, deeds):
    """Property: whatever happens in whatever order, a pair has one row, and it is open exactly when found and undecided."""
    with transaction.atomic():
        people = [pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=20 + n) for n in range(3)]
        for enrolment in people:
            facts(enrolment, **NO_NUMBER)
        for who, deed in deeds:
            if deed in ("rename", "back"):
                facts(people[who], name=f"马{who}" if deed == "rename" else "马小明")
            if deed == "decide" and (problem := Problem.objects.filter(settled_on=None).first()):
                not_same(problem, reason="核实为两人", by=world.head())
            search() if deed == "search" else recheck([people[who].student_id])
        search()
        same = [e for e in people if KeyFacts.objects.get(student=e.student_id, valid_to=None).name == "马小明"]
        rows = list(Problem.objects.all())
        assert len({p.key for p in rows}) == len(rows) <= 3
        standing = [p for p in rows if p.settled_as in ("", ProblemEnd.NOT_SAME)]
        assert (
            len([p for p in standing if {x.enrolment_id for x in p.parties.all()} <= {e.pk for e in same}])
            == len(same) * (len(same) - 1) // 2
        )
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_decide_at_once_the_second_is_told(settings):
    settings.DEMO_TODAY = DAY
    world = make_world()
    two(world)
    search()
    problem = Problem.objects.get()

    def decides(by):
        return lambda: not_same(Problem.objects.get(pk=problem.pk), reason="两家人", by=by)

    answers = race(decides(world.head()), decides(world.head(OTHER_SCHOOL)))
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    assert acts(problem) == ["found", "not_same"]


def text(response) -> str:
    return response.content.decode()


def test_signed_out_and_strangers(world, client):
    two(world)
    search()
    problem = Problem.objects.get()
    urls = [reverse("registry:problems"), reverse("registry:problem", args=[problem.pk])]
    for url in urls:
        assert client.get(url)["Location"].startswith("/login/") and client.post(url)["Location"].startswith("/login/")
    client.force_login(world.head(PREFECTURE_SCHOOL))
    assert client.get(urls[1]).status_code == client.post(urls[1], {"reason": "x"}).status_code == 404
    assert client.post(urls[0]).status_code == 404 and "没有符合条件" in text(client.get(urls[0]))
    client.force_login(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
    assert {client.get(url).status_code for url in urls} == {404}


def test_list_and_page_show_each_what_they_may_see(world, client):
    here, there = two(world)
    facts(there, ethnicity="26")
    search()
    problem = Problem.objects.get()
    url = reverse("registry:problem", args=[problem.pk])
    client.force_login(world.registrar())
    page = text(client.get(reverse("registry:problems")))
    assert "疑似重复" in page and "他校学生" in page and there.school.short_name in page
    page = text(client.get(url))
    assert "不显示" in page and "东乡族" not in page and there.school.short_name in page and "现在查找" not in page
    assert "不能证明是同一人" in page and id_number(1, "1", area="622924") not in page
    assert client.post(url, {"reason": "x"}).status_code == 404
    client.force_login(world.centre)
    page = text(client.get(url))
    assert "东乡族" in page and page.count(">不同<") + page.count("不同") >= 2 and "<b>东乡族</b>" in page
    for query in (
        "?kind=namesake",
        "?kind=bad_number",
        "?state=settled",
        "?state=all",
        f"?county={there.county_id}",
        "?school=无此校",
    ):
        shown = text(client.get(reverse("registry:problems") + query))
        assert (f"/problems/{problem.pk}/" in shown) == (
            query in ("?kind=namesake", "?state=all", f"?county={there.county_id}")
        )
    client.force_login(world.head())
    assert client.post(url, {"deed": "not_same", "reason": ""}).status_code == 422
    assert client.post(url, {"deed": "not_same", "reason": "户口簿两家"}).status_code == 302
    assert "户口簿两家" in text(client.get(url))
    assert client.post(url, {"deed": "not_same", "reason": "再"}).status_code == 422
    assert client.post(url, {"deed": "reopen", "reason": "有误"}).status_code == 302


def test_only_of_two_students_it_is_decided_whether_they_are_one(world, client):
    """Of a number that is wrong, and of one student in two stages, there is nothing to decide."""
    wrong = pupil(world, COUNTY_SCHOOL, grade=12, stage="senior", serial=3, name="马一")
    facts(wrong, id_number=Secret("622924201003050013"))
    young = pupil(world, COUNTY_SCHOOL, grade=6, stage="primary", serial=7, name="马七")
    enrol(student=young.student, school=wrong.school, stage="senior", entry_year=2026, grade=10, school_class="", on=DAY, by=None)  # fmt: skip
    search()
    client.force_login(world.head())
    for problem in Problem.objects.all():
        url = reverse("registry:problem", args=[problem.pk])
        assert "判定不是同一人" not in text(client.get(url))
        assert client.post(url, {"deed": "not_same", "reason": "两人"}).status_code == 404
        with pytest.raises(Refusal, match="由所涉学校的校长或主管部门判定"):
            not_same(problem, reason="两人", by=world.head())
    assert set(Problem.objects.values_list("kind", "settled_as")) == {("bad_number", ""), ("two_stages", "")}


def test_only_who_may_decide_takes_a_decision_back(world, client):
    two(world)
    search()
    problem = Problem.objects.get()
    not_same(problem, reason="两家人", by=world.head())
    url = reverse("registry:problem", args=[problem.pk])
    for user in (world.registrar(), world.user(Role.AUDITOR, PREFECTURE)):
        client.force_login(user)
        assert "撤销判定" not in text(client.get(url))
        assert client.post(url, {"deed": "reopen", "reason": "有误"}).status_code == 404
    with pytest.raises(Refusal, match="写明理由"):
        reopen(problem, reason=" ", by=world.county)
    problem.refresh_from_db()
    assert (problem.settled_as, acts(problem)) == (ProblemEnd.NOT_SAME, ["found", "not_same"])
    reopen(problem, reason="核对有误", by=world.county)
    told = TrailEntry.objects.filter(target_label__startswith="问题学籍").order_by("pk")
    assert [(entry.by, entry.after["reason"]) for entry in told] == [
        (world.head(), "两家人"),
        (world.county, "核对有误"),
    ]


def test_the_figures_of_the_list_are_those_of_its_rows(world, client):
    """Whatever is chosen: tabs, kinds and pager count what is shown, of what the person may see."""
    here, there = two(world)
    wrong = pupil(world, COUNTY_SCHOOL, grade=12, stage="senior", serial=3, name="马一")
    facts(wrong, id_number=Secret("622924201003050013"))
    others = pupil(world, OTHER_SCHOOL, grade=12, stage="senior", serial=4, name="马二")
    facts(others, sex="2")
    search()
    not_same(Problem.objects.get(kind="namesake"), reason="两家人", by=world.head())
    for user, open_, settled in (
        (world.centre, 2, 1),
        (world.registrar(), 1, 1),
        (world.head(PREFECTURE_SCHOOL), 0, 0),
    ):
        client.force_login(user)
        for query, shown in (
            ("", open_), ("?state=settled", settled), ("?state=under_way", 0), ("?state=all", open_ + settled),
            ("?state=all&kind=namesake", settled), ("?kind=namesake", 0),
        ):  # fmt: skip
            page = client.get(reverse("registry:problems") + query).context
            assert len(page["rows"]) == page["page"].paginator.count == shown, (user, query)
            if "kind=" not in query:
                assert sum(kind["count"] for kind in page["kinds"]) == shown
                assert [tab["count"] for tab in page["tabs"]] == [open_, 0, settled, None]


def test_more_problems_take_no_more_queries(world, client):
    two(world)
    search()
    client.force_login(world.centre)
    pages = [reverse("registry:problems"), reverse("registry:problem", args=[Problem.objects.get().pk])]
    few = [queries(client, page) for page in pages]
    for serial in range(5, 9):
        facts(pupil(world, OTHER_SCHOOL, grade=10, stage="senior", serial=serial, name=f"马{serial}"), sex="2")
    search()
    assert Problem.objects.count() == 5 and [queries(client, page) for page in pages] == few
    assert max(few) <= 12


def test_an_authority_lets_the_register_be_searched(world, client):
    two(world)
    client.force_login(world.county)
    url = reverse("registry:problems")
    assert client.post(url).status_code == 302
    assert "正在查找" in text(client.get(url))
    assert "完成后再发起" in text(client.post(url, follow=True))
    asked = ProblemSearch.objects.get()
    tasks.search_problems(asked.pk)
    tasks.search_problems(asked.pk)
    asked.refresh_from_db()
    assert asked.found == 1 and "新列入1件" in text(client.get(url))
    tasks.search_nightly(0)
    assert ProblemSearch.objects.count() == 2
    with pytest.raises(Refusal):
        tasks.search_later(by=world.head())
