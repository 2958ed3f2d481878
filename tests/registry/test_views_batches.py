"""The list of batches, the working page, marking, receipts and 招生调档: signed out, stranger, success, refusal."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from registry.enums import Arrival
from registry.models import EnrolmentBatch
from tests.world import OTHER_SCHOOL

POSTS = ("mark", "take_up", "receipt", "batch_intake", "bundle")
PAGES = ("batch", "batch_intake")


def said(response) -> str:
    """The notes that wait for the next page."""
    return "；".join(str(m) for m in get_messages(response.wsgi_request))


@pytest.fixture
def draft(world):
    """A draft of three, all reported."""
    return world.batch(3)


@pytest.fixture
def busy(world):
    """A registrar of another school in another county with a batch of her own."""
    world.batch(2, school=OTHER_SCHOOL)
    return world.registrar(OTHER_SCHOOL)


@pytest.mark.parametrize("name", ["batches", "intake", "annexes"])
def test_lists_ask_for_the_sign_in(client, world, name):
    response = client.get(reverse(f"registry:{name}"))
    assert response.status_code == 302 and response.url.startswith("/login/")


@pytest.mark.parametrize("name", POSTS)
def test_posts_ask_for_the_sign_in(client, draft, name):
    assert client.post(reverse(f"registry:{name}", args=[draft.pk])).url.startswith("/login/")


@pytest.mark.parametrize("name", [*POSTS, *PAGES])
def test_a_busy_stranger_gets_404(client, draft, busy, name):
    client.force_login(busy)
    url = reverse(f"registry:{name}", args=[draft.pk])
    response = client.get(url) if name in PAGES else client.post(url, {"arrival": "no_show", "everyone": "1"})
    assert response.status_code == 404
    assert set(draft.candidates.values_list("arrival", flat=True)) == {Arrival.REPORTED}


def test_the_lists_show_one_s_own_only(client, draft, busy):
    client.force_login(busy)
    for name in ("batches", "intake", "annexes"):
        page = client.get(reverse(f"registry:{name}")).content.decode()
        assert draft.request.number not in page and draft.request.subject not in page


def test_the_registrar_opens_a_batch_once(client, world):
    world.plan(3)
    world.admit(3)
    client.force_login(world.registrar())
    assert "新建批次" in client.get(reverse("registry:batches")).content.decode()
    response = client.post(reverse("registry:open_batch"))
    batch = EnrolmentBatch.objects.get()
    assert response.url == reverse("registry:batch", args=[batch.pk])
    assert "新建批次（" not in client.get(reverse("registry:batches")).content.decode()
    assert "已有在办批次" in said(client.post(reverse("registry:open_batch")))
    assert EnrolmentBatch.objects.count() == 1


def test_only_a_registrar_opens_a_batch(client, world):
    client.force_login(world.county)
    assert "只有学校的学籍管理员" in said(client.post(reverse("registry:open_batch")))


def test_authorities_see_progress_and_schools_without_a_batch(client, world, draft):
    world.plan(40, school=OTHER_SCHOOL)
    client.force_login(world.centre)
    page = client.get(reverse("registry:batches")).content.decode()
    assert draft.request.number in page and "尚未建批次的学校" in page
    assert world.organisation(OTHER_SCHOOL).name in page
    assert draft.request.number not in client.get(reverse("registry:batches"), {"state": "approved"}).content.decode()


def test_the_list_takes_a_fixed_number_of_queries(client, world, draft, django_assert_max_num_queries):
    world.batch(2, school=OTHER_SCHOOL)
    client.force_login(world.centre)
    with django_assert_max_num_queries(40):
        client.get(reverse("registry:batches"))


def test_the_working_page_shows_counts_and_masks_ids(client, world, draft):
    client.force_login(world.registrar())
    page = client.get(reverse("registry:batch", args=[draft.pk])).content.decode()
    assert "261324010001" in page and "剩10个工作日" in page
    for person in draft.candidates.all():
        assert person.name in page and person.id_number.reveal() not in page and str(person.id_number) in page


def test_the_working_page_does_not_grow_in_queries(client, world, django_assert_max_num_queries):
    batch = world.batch(130)
    client.force_login(world.registrar())
    with django_assert_max_num_queries(60):
        page = client.get(reverse("registry:batch", args=[batch.pk])).content.decode()
    assert "共130人，本页第1–100人" in page
    assert "本页第101–130人" in client.get(reverse("registry:batch", args=[batch.pk]), {"page": 2}).content.decode()


def test_the_page_without_a_school_code_has_no_numbers(client, world, draft):
    draft.school.profile.number_code = None
    draft.school.profile.save()
    client.force_login(world.registrar())
    for name, args in (
        ("registry:batch", [draft.pk]),
        ("registry:annex", [draft.pk, "annex2"]),
        ("approvals:request", [draft.request_id]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 200


@pytest.mark.parametrize(
    "show", ["unmarked", "reported", "differing", "excused", "no_show", "held_back", "struck", "nonsense"]
)
def test_filters(client, world, draft, show):
    client.force_login(world.registrar())
    assert client.get(reverse("registry:batch", args=[draft.pk]), {"show": show}).status_code == 200


def test_mark_the_ticked_ones(client, world, draft):
    client.force_login(world.registrar())
    first = draft.candidates.order_by("exam_number").first()
    url = reverse("registry:mark", args=[draft.pk])
    response = client.post(
        url,
        {
            "arrival": "no_show",
            "candidate": [first.pk, "x", "9" * 30],
            "next": f"{reverse('registry:batch', args=[draft.pk])}?page=1",
        },
    )
    assert response.url.endswith("?page=1") and "1名学生登记为未报到" in said(response)
    first.refresh_from_db()
    assert first.arrival == Arrival.NO_SHOW


def test_mark_everyone_unmarked(client, world, draft):
    draft.candidates.update(arrival=Arrival.UNMARKED)
    client.force_login(world.registrar())
    client.post(reverse("registry:mark", args=[draft.pk]), {"arrival": "reported", "everyone": "1"})
    assert set(draft.candidates.values_list("arrival", flat=True)) == {Arrival.REPORTED}


@pytest.mark.parametrize("arrival", ["deferred", "force_majeure", "", "nonsense"])
def test_some_arrivals_cannot_be_marked(client, world, draft, arrival):
    client.force_login(world.registrar())
    client.post(
        reverse("registry:mark", args=[draft.pk]),
        {"arrival": arrival, "candidate": list(draft.candidates.values_list("pk", flat=True))},
    )
    assert set(draft.candidates.values_list("arrival", flat=True)) == {Arrival.REPORTED}


def test_nobody_marks_after_submission_and_the_head_never(client, world, draft):
    everybody = list(draft.candidates.values_list("pk", flat=True))
    client.force_login(world.head())
    assert "只有" in said(
        client.post(reverse("registry:mark", args=[draft.pk]), {"arrival": "no_show", "candidate": everybody})
    )
    world.to(draft, 0)
    client.force_login(world.registrar())
    assert "不能修改" in said(
        client.post(reverse("registry:mark", args=[draft.pk]), {"arrival": "no_show", "candidate": everybody})
    )
    assert set(draft.candidates.values_list("arrival", flat=True)) == {Arrival.REPORTED}


def test_the_address_after_a_post_stays_on_the_site(client, world, draft):
    client.force_login(world.registrar())
    response = client.post(
        reverse("registry:mark", args=[draft.pk]), {"arrival": "no_show", "next": "https://example.org/"}
    )
    assert response.url == reverse("registry:batch", args=[draft.pk])


def test_take_up_a_supplementary_list(client, world, draft):
    world.admit(2, first=4)
    client.force_login(world.registrar())
    assert "补入新录取2人" in client.get(reverse("registry:batch", args=[draft.pk])).content.decode()
    assert "2人" in said(client.post(reverse("registry:take_up", args=[draft.pk])))
    assert draft.candidates.count() == 5
    client.force_login(world.head())
    assert "只有" in said(client.post(reverse("registry:take_up", args=[draft.pk])))


def test_the_county_takes_in_the_paper_copies(client, world, draft):
    client.force_login(world.county)
    url = reverse("registry:receipt", args=[draft.pk])
    assert client.post(url, {"received_on": "20260916", "copies": "3", "note": ""}).status_code == 302
    assert draft.receipts.get().copies == 3
    assert "收到日期" in client.get(reverse("registry:batch", args=[draft.pk])).content.decode()


@pytest.mark.parametrize(("day", "copies"), [("2026-02-30", "1"), ("20260916", "0"), ("", "")])
def test_a_receipt_must_be_whole(client, world, draft, day, copies):
    client.force_login(world.county)
    assert (
        client.post(reverse("registry:receipt", args=[draft.pk]), {"received_on": day, "copies": copies}).status_code
        == 422
    )
    assert not draft.receipts.exists()


def test_the_school_takes_in_no_paper_copies(client, world, draft):
    client.force_login(world.registrar())
    assert "县市教育局或州学管中心" in said(
        client.post(reverse("registry:receipt", args=[draft.pk]), {"received_on": "20260916", "copies": "3"})
    )
    assert not draft.receipts.exists()


def test_the_intake_is_ticked_by_student(client, world, draft):
    client.force_login(world.registrar())
    first = draft.candidates.order_by("exam_number").first()
    url = reverse("registry:batch_intake", args=[draft.pk])
    client.post(url, {"candidate": [first.pk]})
    first.refresh_from_db()
    assert (first.intake_done_on, first.intake_done_by) == (world.day, world.registrar())
    page = client.get(url).content.decode()
    assert f"/candidates/{first.pk}/" not in page
    assert f"/candidates/{first.pk}/" in client.get(url, {"show": "all"}).content.decode()
    assert "尚缺2人" in client.get(reverse("registry:intake")).content.decode()


def test_the_province_ticks_nothing(client, world, draft):
    client.force_login(world.province)
    response = client.post(
        reverse("registry:batch_intake", args=[draft.pk]),
        {"candidate": list(draft.candidates.values_list("pk", flat=True))},
    )
    assert "学校和县市教育局" in said(response)
    assert not draft.candidates.filter(intake_done_on__isnull=False).exists()


def test_what_is_missing_after_the_last_day_is_said(client, world, draft, settings):
    from datetime import date

    settings.DEMO_TODAY = date(2026, 10, 1)
    client.force_login(world.centre)
    assert "截止日后尚缺" in client.get(reverse("registry:intake")).content.decode()


@pytest.mark.parametrize("name", ["mark", "take_up", "receipt", "open_batch", "bundle"])
def test_a_get_writes_nothing(client, world, draft, name):
    client.force_login(world.registrar())
    args = [] if name == "open_batch" else [draft.pk]
    response = client.get(reverse(f"registry:{name}", args=args))
    assert response.status_code in (405, 404)


def test_the_decision_page_has_the_panel_and_the_strike_links_of_whose_turn_it_is(client, world, draft):
    world.to(draft, 1)
    url = reverse("approvals:request", args=[draft.request_id])
    client.force_login(world.county)
    page = client.get(url).content.decode()
    assert "批次数据" in page and "/strike/" in page
    client.force_login(world.centre)
    page = client.get(url).content.decode()
    assert "批次数据" in page and "/strike/" not in page
    for person in draft.candidates.all():
        assert person.id_number.reveal() not in page


def test_the_desk_tells_the_registrar_of_the_last_day(client, world, draft):
    client.force_login(world.registrar())
    assert "9月30日截止，剩10个工作日" in client.get(reverse("approvals:desk")).content.decode()
    client.force_login(world.head())
    assert "剩10个工作日" not in client.get(reverse("approvals:desk")).content.decode()


def test_the_search_finds_students_one_may_see(client, world, draft, busy):
    person = draft.candidates.first()
    terms = (person.name, person.exam_number, person.id_number.reveal(), person.id_number.reveal().lower())
    for user, found in ((world.registrar(), True), (world.centre, True), (busy, False)):
        client.force_login(user)
        for term in terms:
            page = client.post(reverse("approvals:search"), {"q": term}).content.decode()
            assert (reverse("registry:candidate", args=[person.pk]) in page) is found
