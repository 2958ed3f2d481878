"""Rosters as of a day and taking them out: signed out, stranger, release by a second person, once, whole numbers, on record."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from approvals.models import Message
from linxia_xueji.dates import now
from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.policy import decide as decide_policy
from linxia_xueji.refusal import Refusal
from registry import orders
from registry.deeds import set_status
from registry.enums import EnrolmentState, ExportState
from registry.models import Enrolment, ExportRecord, FileOrder
from registry.orders import make_order
from registry.rosters.conditions import Conditions
from registry.rosters.exports import ask, decide, mark_taken
from tests.approvals.test_page_queries import queries
from tests.registry.rosters_support import pupils
from tests.registry.test_races import race
from tests.transfers.support import pupil
from tests.world import COUNTY, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, make_world

ROLL, LIST = reverse("registry:roll"), reverse("registry:exports")
YES = {"released": "yes", "note": "用途属实"}


@pytest.fixture
def register(world):
    return pupils(world)


@pytest.fixture
def strict(register, world):
    """Whatever is taken out must be released."""
    decide_policy(
        organisation=world.organisation(PREFECTURE), key="export.release_above", value=0, effective_from=world.day,
        document_number="临州教发〔2026〕9号", by=world.centre,
    )  # fmt: skip


def asked(client, user, purpose: str = "meals", query: str = "", **data) -> ExportRecord:
    client.force_login(user)
    answer = client.post(f"{ROLL}{query}", {"purpose": purpose} | data)
    assert answer.status_code == 302, answer.content.decode()
    return ExportRecord.objects.latest("pk")


def at(export: ExportRecord, name: str = "export") -> str:
    return reverse(f"registry:{name}", args=[export.pk])


def cells(file) -> list[tuple]:
    return list(openpyxl.load_workbook(BytesIO(file.content)).active.values)


def test_signed_out_and_strangers(register, world, client):
    export = asked(client, world.registrar())
    client.logout()
    for address in (ROLL, LIST, at(export)):
        assert client.get(address).url.startswith("/login/")
    assert client.post(at(export, "export_file")).url.startswith("/login/")
    client.force_login(world.registrar(OTHER_SCHOOL))
    assert client.get(at(export)).status_code == client.post(at(export, "export_file")).status_code == 404
    assert "没有" not in client.get(ROLL).content.decode() and "还没有导出过" in client.get(LIST).content.decode()
    client.force_login(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
    assert client.get(ROLL).status_code == client.post(ROLL).status_code == client.get(LIST).status_code == 404


def test_the_page_shows_whom_one_may_see_with_masked_numbers(register, world, client):
    client.force_login(world.registrar())
    shown = client.get(ROLL, {"columns": ["name", "id_number", "national_number", "state"], "sex": "1"})
    assert [(row[0], row[3]) for row in shown.context["rows"]] == [("马一", "在读"), ("马三", "休学")]
    assert all("********" in row[1] and "********" in row[2] for row in shown.context["rows"])
    assert client.get(ROLL, {"day": "2030-01-01"}).status_code == 422
    assert (
        f'<th scope="row" class="nw"><a href="{reverse("transfers:student", args=[register[0].pk])}">马一</a></th>'
        in shown.content.decode()
    )


def test_an_export_is_on_record_and_taken_once_with_whole_numbers(register, world, client):
    export = asked(client, world.registrar(), query="?boarding=2&columns=name&columns=id_number")
    assert (export.count, export.state, export.purpose) == (1, ExportState.OPEN, "meals")
    number = register[0].student.key_facts.get().id_number.reveal()
    file = client.post(at(export, "export_file"))
    assert cells(file) == [("截至2026-09-16　住校　用途：营养餐发放", None), ("姓名", "身份证件号"), ("马一", number)]
    assert TrailEntry.objects.get(action="导出花名册").after["count"] == 1
    assert client.post(at(export, "export_file")).status_code == 302
    export.refresh_from_db()
    assert export.state == ExportState.TAKEN and TrailEntry.objects.filter(action="导出花名册").count() == 1
    assert "营养餐发放" in client.get(LIST).content.decode()


def test_what_is_refused(register, world, client):
    for user, data, query, words in (
        (world.registrar(), {"purpose": "other"}, "", "请写明具体用途"),
        (world.registrar(), {"purpose": ""}, "", "请选择用途"),
        (world.registrar(), {"purpose": "aid"}, "?boarding=9", "没有符合条件的学生"),
        (world.user(Role.AUDITOR, PREFECTURE), {"purpose": "aid"}, "", "审计员可以查看，不能导出"),
    ):
        client.force_login(user)
        answer = client.post(f"{ROLL}{query}", data)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert not ExportRecord.objects.exists()


def test_above_the_size_another_person_releases_it(strict, world, client):
    export = asked(client, world.registrar())
    assert export.state == ExportState.WAITING
    told = Message.objects.filter(link=at(export))
    assert [message.to for message in told] == [world.head()]
    assert "须由本单位或上级另一人批准" in client.post(at(export), YES).content.decode()  # not by oneself
    client.post(at(export, "export_file"))
    client.force_login(world.user(Role.AUDITOR, PREFECTURE))
    assert "只有本单位负责人" in client.post(at(export), YES).content.decode()
    client.force_login(world.head())
    assert "导出记录" in client.get(at(export)).content.decode()
    assert client.post(at(export), {"released": "yes"}).status_code == 422
    assert client.post(at(export), YES).status_code == 302
    assert "批准导出。用途属实" in told.get(to=world.registrar()).text
    assert "无须再批准" in client.post(at(export), YES).content.decode()
    assert client.post(at(export, "export_file")).status_code == 302  # for whoever asked alone
    assert not TrailEntry.objects.filter(action="导出花名册").exists()
    client.force_login(world.registrar())
    assert len(cells(client.post(at(export, "export_file")))) == 5
    assert TrailEntry.objects.get(action="批准导出花名册").after["reason"] == "用途属实"


def test_an_office_that_does_not_see_it_cannot_release_it(strict, world, client):
    export = asked(client, world.registrar())
    for stranger in (
        world.head(OTHER_SCHOOL), world.user(Role.COUNTY_HEAD, OTHER_COUNTY), world.user(Role.ACCOUNT_ADMIN, PREFECTURE),
    ):  # fmt: skip
        client.force_login(stranger)
        assert client.get(at(export)).status_code == client.post(at(export), YES).status_code == 404
        with pytest.raises(Refusal, match="只有本单位负责人"):
            decide(export=export, released=True, note="用途属实", by=stranger)
    export.refresh_from_db()
    assert (export.state, export.decided_by) == (ExportState.WAITING, None)
    client.logout()
    assert client.post(at(export), YES).url.startswith("/login/")


def test_what_a_head_asks_for_goes_to_the_level_above_and_no_registrar_releases_it(strict, world, client):
    export = asked(client, world.head(), "other", purpose_text="家长会签到")
    county = {world.county, world.user(Role.COUNTY_HEAD, COUNTY)}
    assert {message.to for message in Message.objects.filter(link=at(export))} == county
    client.force_login(world.registrar())
    page = client.get(at(export))
    assert "家长会签到" in page.content.decode() and not page.context["may_decide"]
    answer = client.post(at(export), YES)
    assert answer.status_code == 422 and "只有本单位负责人" in answer.content.decode()
    client.force_login(world.county)
    assert client.get(at(export)).context["may_decide"] and client.post(at(export), YES).status_code == 302
    export.refresh_from_db()
    assert (export.state, export.decided_by, export.purpose_text) == (ExportState.OPEN, world.county, "家长会签到")


def test_the_trail_tells_how_many_what_for_and_which_columns_from_asking_to_taking(strict, world, client):
    export = asked(client, world.registrar(), "aid", "?columns=name&columns=id_number")
    client.force_login(world.head())
    client.post(at(export), YES)
    client.force_login(world.registrar())
    client.post(at(export, "export_file"))
    noted = {"count": 3, "day": "2026-09-16", "purpose": export.get_purpose_display(), "fields": "姓名、身份证件号"}
    told = TrailEntry.objects.filter(action__endswith="导出花名册").order_by("pk")
    assert [(entry.action, entry.by) for entry in told] == [
        ("申请导出花名册", world.registrar()), ("批准导出花名册", world.head()), ("导出花名册", world.registrar()),
    ]  # fmt: skip
    assert told[0].after == noted and told[1].after == {"decision": "批准导出", "reason": "用途属实"}
    assert {key: told[2].after[key] for key in noted} == noted


def test_other_students_than_were_released_do_not_go_out(register, strict, world, client):
    export = asked(client, world.registrar())
    client.force_login(world.head())
    client.post(at(export), YES)
    # As if the register had been put right for the day: one of those released is not of it as it was known then.
    Enrolment.objects.filter(pk=register[0].pk).update(recorded_at=now())
    client.force_login(world.registrar())
    answer = client.post(at(export, "export_file"), follow=True)
    assert "人数与批准的不同" in answer.content.decode()
    export.refresh_from_db()
    assert export.state == ExportState.OPEN and not TrailEntry.objects.filter(action="导出花名册").exists()


def test_it_may_be_refused_by_the_level_above(strict, world, client):
    export = asked(client, world.registrar())
    client.force_login(world.user(Role.COUNTY_HEAD, COUNTY))
    client.post(at(export), {"released": "no", "note": "用途不明"})
    client.force_login(world.registrar())
    assert client.post(at(export, "export_file")).status_code == 302
    export.refresh_from_db()
    assert (export.state, export.taken_at) == (ExportState.REFUSED, None)
    assert "用途不明" in client.get(at(export)).content.decode()


def test_a_large_one_is_made_by_the_worker_of_what_was_known_when_it_was_asked_for(
    register, world, client, monkeypatch
):
    monkeypatch.setattr(orders, "AT_ONCE", 0)
    export = asked(client, world.registrar(), query="?state=enrolled&columns=name")
    set_status(register[0], EnrolmentState.SUSPENDED, valid_from=world.day, by=None)
    page = client.post(at(export, "export_file")).url
    order = FileOrder.objects.get()
    assert page == reverse("registry:order", args=[order.pk])
    make_order(order.pk)
    assert "文件已做好" in client.get(page).content.decode()
    file = client.post(reverse("registry:order_file", args=[order.pk]))
    assert [row[0] for row in cells(file)[2:]] == ["马一", "马二"]
    again = client.post(reverse("registry:order_file", args=[order.pk]), follow=True)
    assert "只能取出一次" in again.content.decode()


def test_more_students_take_no_more_queries(register, world, client):
    client.force_login(world.centre)
    few = queries(client, ROLL)
    for serial in range(5, 9):
        pupil(world, OTHER_SCHOOL, grade=10, stage="senior", serial=serial)
    assert queries(client, ROLL) == few <= 12


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_decides_and_of_two_takings_one_takes(settings):
    settings.DEMO_TODAY = DAY
    world = make_world()
    pupils(world)
    decide_policy(
        organisation=world.organisation(PREFECTURE), key="export.release_above", value=0, effective_from=world.day,
        document_number="临州教发〔2026〕9号", by=world.centre,
    )  # fmt: skip
    export = ask(
        conditions=Conditions(DAY), columns=["name"], purpose="meals", purpose_text="", by=world.registrar(), on=DAY
    )
    answers = race(
        lambda: decide(export=export, released=True, note="属实", by=world.head()),
        lambda: decide(export=export, released=True, note="属实", by=world.county),
    )
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    taken = race(lambda: mark_taken(export), lambda: mark_taken(export))
    assert sorted(isinstance(answer, Refusal) for answer in taken) == [False, True]
    assert TrailEntry.objects.filter(action="批准导出花名册").count() == 1
