"""Students in the search: any part of the name, any whole number, only one's own, and no more than are shown."""

import pytest
from django.db import connection
from django.urls import reverse

from linxia_xueji.dates import now
from linxia_xueji.enums import Role
from linxia_xueji.identity import NAME_DOTS, name_key
from linxia_xueji.models import TrailEntry
from registry import search
from registry.models import Enrolment, IssuedNumber, KeyFacts, NamePiece
from registry.voiding import open_voiding
from tests.world import OTHER_SCHOOL, PREFECTURE

SEARCH = reverse("approvals:search")


@pytest.fixture
def registered(world):
    """Two students whose numbers are issued."""
    return world.to(world.batch(2), 4)


def names(user, term: str) -> list[str]:
    """Whom the person finds."""
    return [row["label"] for section in search.students(user, term) for row in section["rows"]]


@pytest.mark.parametrize("text", ["阿卜杜拉·买买提", " j. smith　", f"马{''.join(sorted(NAME_DOTS))}．。海"])
def test_the_database_makes_the_same_key(db, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_name_key(%s)", [text])
        assert cursor.fetchone()[0] == name_key(text)


def test_any_part_of_a_name_finds_new_and_registered_students(world, registered):
    waiting = world.batch(2, school=OTHER_SCHOOL).candidates.get(exam_number__endswith="1")
    waiting.name = "马古•勒巴尔"
    waiting.save(update_fields=["name"])
    for term in ("马", "海", "马海", "海丁", "马海丁"):
        assert names(world.registrar(), term)[0].startswith("马海")
    for term in ("古", "勒巴尔", "马古·勒", "马 古勒"):
        assert names(world.registrar(OTHER_SCHOOL), term) == ["马古•勒巴尔"]
    everybody = sorted(KeyFacts.objects.values_list("name", flat=True))
    assert len(everybody) == 2 and names(world.registrar(), "马") == everybody
    assert names(world.county, "马") == everybody and len(names(world.centre, "马")) == 4
    assert names(world.province, "马") == names(world.user(Role.AUDITOR, PREFECTURE), "马") == names(world.centre, "马")
    assert names(world.user(Role.ACCOUNT_ADMIN, PREFECTURE), "马") == [] == names(world.centre, "·")


def test_every_whole_number_finds_the_one_and_parts_find_nobody(world, registered):
    issued = IssuedNumber.objects.order_by("number").first()
    student, facts = issued.enrolment.student, issued.enrolment.student.key_facts.get()
    student.national_number = "G" + facts.id_number.reveal()
    student.save(update_fields=["national_number"])
    number = facts.id_number.reveal()
    for term in (number, f" {number.lower()} ", "g" + number, issued.number, issued.enrolment.candidate.exam_number):
        assert names(world.centre, term) == [facts.name]
        assert names(world.registrar(OTHER_SCHOOL), term) == []
    assert names(world.centre, number[:12]) == names(world.centre, issued.number[:11]) == []


def test_a_corrected_name_is_found_and_the_old_one_no_more(world, registered):
    facts = KeyFacts.objects.order_by("pk").first()
    facts.valid_to, facts.closed_at = world.day, now()
    facts.save(update_fields=["valid_to", "closed_at"])
    KeyFacts.objects.create(
        student=facts.student, name="祁连山", sex="1", ethnicity="03", birth_date=facts.birth_date,
        id_number=facts.id_number, valid_from=world.day, recorded_at=now(),
    )  # fmt: skip
    assert names(world.registrar(), "连山") == ["祁连山"] and names(world.registrar(), facts.name) == []


def test_who_goes_to_another_school_is_seen_from_there(world, registered):
    enrolment = Enrolment.objects.order_by("pk").first()
    there = world.organisation(OTHER_SCHOOL)
    enrolment.school, enrolment.county = there, there.parent
    enrolment.save()
    assert len(names(world.registrar(), "马")) == len(names(world.registrar(OTHER_SCHOOL), "马")) == 1


def test_pieces_go_with_the_candidate(world):
    batch = world.batch(1)
    batch.candidates.all().delete()
    assert not NamePiece.objects.filter(registered=False).exists()


def test_too_many_are_not_counted(world, registered, client, monkeypatch):
    monkeypatch.setattr(search, "MOST", 1)
    client.force_login(world.registrar())
    page = client.post(SEARCH, {"q": "马"}).content.decode()
    assert "超过1条，请补充条件" in page
    assert len([line for line in page.split("<li>") if "学号26" in line]) == 1


def test_the_voiding_of_a_number_is_found_by_it(world, registered, client):
    number = IssuedNumber.objects.first()
    voiding = open_voiding(number=number, reason="学校误注册", by=world.registrar())
    for user, found in ((world.registrar(), True), (world.registrar(OTHER_SCHOOL), False)):
        client.force_login(user)
        page = client.post(SEARCH, {"q": number.number}).content.decode()
        assert (reverse("approvals:request", args=[voiding.request_id]) in page) is found


def test_the_queries_are_few(world, registered, client, django_assert_max_num_queries):
    person = registered.candidates.first()
    for user in (world.centre, world.county, world.registrar()):
        client.force_login(user)
        for term in ("海", person.id_number.reveal(), registered.request.number):
            with django_assert_max_num_queries(12):
                assert client.post(SEARCH, {"q": term}).status_code == 200


@pytest.mark.parametrize(("name", "terms"), [("马海明", ("mhm", "MH")), ("单·雄信", ("sxx", "dxx")), ("仇解", ("qj", "cj")),
                                             ("妥䶮J", ("tyj",))])  # fmt: skip
def test_initials_find_the_whole_name(world, registered, name, terms):
    Enrolment.objects.order_by("pk").first().student.key_facts.update(name=name)
    waiting = world.batch(1, school=OTHER_SCHOOL).candidates.get()
    waiting.name = name
    waiting.save(update_fields=["name"])
    for term in terms:
        assert name in names(world.registrar(), term) and names(world.registrar(OTHER_SCHOOL), term) == [name]
    assert names(world.registrar(), "zzz") == []


def test_a_number_registered_elsewhere_is_told_by_school_and_county(
    world, registered, client, django_assert_max_num_queries
):
    facts = KeyFacts.objects.order_by("pk").first()
    number, noted = facts.id_number.reveal(), TrailEntry.objects.filter(action="查询异地学籍")
    client.force_login(world.registrar(OTHER_SCHOOL))
    with django_assert_max_num_queries(13):
        page = client.post(SEARCH, {"q": number.lower()}).content.decode()
    assert "该身份证件号已在广河县示例第一中学注册" in page and "转学" in page and facts.name not in page
    assert number not in page and f"“{number[:6]}********{number[-4:]}”" in page
    assert noted.get().by == world.registrar(OTHER_SCHOOL)
    for user, term in ((world.registrar(OTHER_SCHOOL), number[:-1]), (world.registrar(), number), (world.province, number),
                       (world.user(Role.AUDITOR, PREFECTURE), number)):  # fmt: skip
        client.force_login(user)
        assert "已在广河县" not in client.post(SEARCH, {"q": term}).content.decode()
    assert noted.count() == 1
