"""The pages of the year's turn: who finds them, what they show, what they refuse."""

import pytest
from django.urls import reverse

from approvals.models import Request
from linxia_xueji.enums import Role, Stage
from registry.enums import TurnState
from registry.models import Handing, TurnCompletion, TurnItem, YearTurn
from registry.year_turn import handings, opening, tasks
from tests.approvals.test_page_queries import MOST, queries
from tests.registry.test_year_turn import business
from tests.registry.turn_support import opened, place, pupil, ran, teaches
from tests.world import COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL

HERE = ("turns", "turn_handings")
OF_YEAR = ("turn", "turn_progress", "turn_left")


def text(response) -> str:
    return response.content.decode()


def address(name: str, *more) -> str:
    return reverse(f"registry:{name}", args=[2026, *more])


def test_signed_out_and_strangers(world, client):
    blocked = pupil(world, COUNTY_SCHOOL, 10)
    business(world, blocked)
    ran(world)
    item = TurnItem.objects.get()
    every = [reverse(f"registry:{name}") for name in HERE] + [address(name) for name in OF_YEAR]
    own = [address("turn_item", item.pk), address("turn_school", blocked.school_id)]
    deeds = [address("turn_deed", deed) for deed in ("run", "undo", "confirm")]
    for url in (*every, *own, *deeds):
        assert client.get(url)["Location"].startswith("/login/")
    client.force_login(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
    assert {client.get(url).status_code for url in (*every, *own, *deeds)} == {404}
    for stranger in (world.head(OTHER_SCHOOL), world.user(Role.COUNTY_HEAD, OTHER_COUNTY)):
        client.force_login(stranger)
        assert {client.get(url).status_code for url in every} == {200}
        assert {client.post(url).status_code for url in (*own, *deeds)} == {404}
        assert {client.get(url).status_code for url in (*own, *deeds)} == {404}
        assert all(blocked.student.key_facts.get().name not in text(client.get(url)) for url in every)
    assert client.post(address("turn"), {"deed": "count"}).status_code == 404
    assert client.post(reverse("registry:turns")).status_code == 404
    client.force_login(world.registrar())
    assert client.post(reverse("registry:turn_handings")).status_code == 404
    assert client.post(address("turn_left")).status_code == 404
    assert client.get(address("turn_deed", "x")).status_code == 404


def test_the_form_proposes_the_first_year_not_yet_opened(world, client):
    client.force_login(world.centre)
    assert client.get(reverse("registry:turns")).context["form"].initial["school_year"] == 2026
    ran(world)
    initial = client.get(reverse("registry:turns")).context["form"].initial
    assert (initial["school_year"], initial["day"].isoformat()) == (2027, "2027-09-01")


def test_the_way_through(world, client):
    up, waits = pupil(world, COUNTY_SCHOOL, 8), pupil(world, COUNTY_SCHOOL, 10, name="马等候")
    request = business(world, waits)
    client.force_login(world.centre)
    bad = client.post(reverse("registry:turns"), {"school_year": 2026, "day": "2026-12-01"})
    assert bad.status_code == 422 and "超过31天" in text(bad)
    assert client.post(reverse("registry:turns"), {"school_year": 2026, "day": "2026-09-01"}).status_code == 302
    turn = YearTurn.objects.get()
    assert "正在统计预览" in text(client.get(address("turn")))
    assert 'hx-trigger="load' in text(client.get(address("turn_progress")))
    tasks.count_turn(turn.pk)
    assert "hx-trigger" not in text(client.get(address("turn_progress")))
    page = text(client.get(address("turn")))
    assert "开始处理…" in page and "2人" in page
    assert "马等候" in text(client.get(address("turn_left")))
    for data in ({"deed": "day", "day": "2026-09-02"}, {"deed": "count"}, {"deed": "go_on"}):
        assert client.post(address("turn"), data).status_code == 302
    for day in ("x", "2026-12-01"):
        assert client.post(address("turn"), {"deed": "day", "day": day}).status_code == 422
    turn.refresh_from_db()
    assert (turn.day.day, turn.counted_at) == (2, None)
    assert "马等候" in text(client.get(address("turn_school", waits.school_id)))
    assert "未随班名单" in text(client.get(address("turn_deed", "run")))
    assert client.post(address("turn_deed", "confirm")).status_code == 422
    assert client.post(address("turn_deed", "run")).status_code == 302
    assert "正在逐校处理" in text(client.get(address("turn")))
    tasks.work_turn(turn.pk)
    assert place(up) == (9, "1班")
    assert "确认…" in text(client.get(address("turn")))
    item = TurnItem.objects.get()
    assert client.post(address("turn_item", item.pk)).status_code == 422
    assert client.post(address("turn_item", item.pk), {"deed": "keep", "note": ""}).status_code == 422
    Request.objects.filter(pk=request.pk).update(state="refused", turn_organisation=None)
    assert "全部续办" in text(client.get(address("turn_left")))
    assert client.post(address("turn_left")).status_code == 302
    assert place(waits) == (11, "1班")
    assert "已续办" in text(client.get(address("turn_left") + "?show=settled"))
    assert "已续办" in text(client.get(address("turn_item", item.pk)))
    assert client.post(address("turn_deed", "undo")).status_code == 302
    tasks.work_turn(turn.pk)
    assert (place(up), place(waits)) == ((8, "1班"), (10, "1班"))
    ran(world, turn)
    assert client.post(address("turn_deed", "confirm")).status_code == 302
    turn.refresh_from_db()
    assert turn.state == TurnState.CONFIRMED
    assert "不能再撤销" in text(client.get(address("turn")))
    assert client.post(address("turn_deed", "undo")).status_code == 422


def test_one_by_one_and_kept_for_a_reason(world, client):
    waits = pupil(world, COUNTY_SCHOOL, 10)
    request = business(world, waits)
    opening.confirm(ran(world), by=world.centre)
    Request.objects.filter(pk=request.pk).update(state="approved", turn_organisation=None)
    client.force_login(world.county)
    item = TurnItem.objects.get()
    assert "保持原年级" in text(client.get(address("turn_item", item.pk)))
    assert client.post(address("turn_item", item.pk), {"deed": "keep", "note": "留级"}).status_code == 302
    item.refresh_from_db()
    assert (item.note, place(waits)) == ("留级", (10, "1班"))
    client.force_login(world.registrar())
    assert client.post(address("turn_item", item.pk)).status_code == 404


def test_a_school_marks_who_does_not_graduate(world, client):
    one, other = pupil(world, COUNTY_SCHOOL, 12), pupil(world, COUNTY_SCHOOL, 12, school_class="2班")
    opened(world)
    client.force_login(world.registrar())
    url = address("turn_school", one.school_id)
    assert f'value="{one.pk}"' in text(client.get(url)) and f'value="{other.pk}"' in text(
        client.get(url + "?class=2班")
    )
    assert client.post(url, {"deed": "mark", "enrolment": one.pk}).status_code == 422
    assert client.post(url, {"deed": "mark", "reason": "不合格"}).status_code == 422
    assert client.post(url, {"deed": "mark", "enrolment": one.pk, "reason": "不合格"}).status_code == 302
    assert TurnCompletion.objects.get().enrolment == one
    assert "不合格" in text(client.get(url))
    assert client.post(url, {"deed": "unmark", "enrolment": one.pk}).status_code == 302
    assert not TurnCompletion.objects.exists()
    client.force_login(world.county)
    assert "标记结业</button>" not in text(client.get(url)) and client.post(url).status_code == 404


def test_teaching_points_are_set_and_ended_by_the_authority(world, client):
    for code in (COUNTY_SCHOOL, OTHER_SCHOOL):
        teaches(world, code, Stage.PRIMARY)
    client.force_login(world.centre)
    url = reverse("registry:turn_handings")
    data = {"deed": "set", "school": world.organisation(COUNTY_SCHOOL).pk, "last_grade": 4, "document_number": "1号"}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"receiver": data["school"]}).status_code == 422
    assert client.post(url, data | {"receiver": world.organisation(OTHER_SCHOOL).pk}).status_code == 302
    handing = Handing.objects.get()
    assert 'data-l="最高年级">四年级' in text(client.get(url))
    assert client.post(url, {"deed": "end", "handing": 0}).status_code == 404
    assert client.post(url, {"deed": "end", "handing": handing.pk}).status_code == 302
    assert "没有登记" in text(client.get(url))


def test_both_schools_see_who_goes_from_the_teaching_point(world, client):
    """Before the run by the setting, after it by what was done, whatever is set since; taken back, by the setting again."""
    for code in (COUNTY_SCHOOL, OTHER_SCHOOL):
        teaches(world, code, Stage.PRIMARY)
    point, taker = world.organisation(COUNTY_SCHOOL), world.organisation(OTHER_SCHOOL)
    handings.hand_on(
        school=point, receiver=taker, last_grade=4, to_class="", document_number="1号", by=world.centre
    )  # fmt: skip
    goes = pupil(world, COUNTY_SCHOOL, 4, name="马升校")
    pupil(world, OTHER_SCHOOL, 3)
    client.force_login(world.centre)

    def shown() -> bool:
        county = text(client.get(address("turn") + f"?county={point.parent_id}"))
        pages = [address("turn_school", school.pk) for school in (point, taker)]
        assert max(queries(client, page) for page in pages) <= MOST
        of_point, of_taker = (text(client.get(page)) for page in pages)
        by_name = "马升校" in of_point and "五年级（接收校编班）" in of_point
        return by_name and f"升入{taker.short_name}" in county and f"接收{point.short_name}" in of_taker

    turn = opened(world)
    assert shown()
    ran(world, turn)
    handings.end(Handing.objects.get(), by=world.centre)
    assert place(goes) is None and shown()
    tasks.undo_later(turn, by=world.centre, keep_touched=False)
    tasks.work_turn(turn.pk)
    assert place(goes) == (4, "1班") and not shown()


@pytest.mark.parametrize("reader", ["centre", "county", "registrar"])
def test_pages_take_few_queries_and_of_many_schools_no_more(world, client, reader):
    person = {"centre": world.centre, "county": world.county, "registrar": world.registrar()}[reader]
    turn, cost = opened(world), []
    client.force_login(person)
    school = world.organisation(COUNTY_SCHOOL).pk
    urls = [
        *(address(name) for name in OF_YEAR),
        address("turn_school", school),
        reverse("registry:turns"),
        reverse("registry:turn_handings"),
    ]
    for schools in ((COUNTY_SCHOOL,), (COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL)):
        for code in schools:
            for grade in (8, 10, 12):
                business(world, pupil(world, code, grade))
        opening.count_again(turn)
        cost.append({url: queries(client, url) for url in urls})
    assert cost[0] == cost[1]
    assert max(cost[0].values()) <= MOST, cost[0]
