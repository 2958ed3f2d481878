"""Pages of grade 1 and grade 7: signed out, stranger, success, refusal."""

from datetime import date

import pytest
from django.urls import reverse

from linxia_xueji.enums import Stage
from linxia_xueji.models import TrailEntry
from registry.models import Entrant, EntryBatch, EntryDeferral, Paper
from tests.approvals.test_page_queries import queries
from tests.registry.entry.children import (
    asks_for_deferral,
    child,
    decided,
    enrolled,
    listed,
    mark,
    move,
    number,
    ordered,
    teaches,
    urged,
    values,
)
from tests.registry.typed import said, scan
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL

LISTS = ("entry", "entry_urging", "entry_deferrals", "entry_pending", "entry_template")
BATCH = ("entry_batch", "mark_entrants", "add_entrant", "take_up_graduates", "upload_entrants")
CHILD = (
    "entrant", "reveal_entrant", "change_entrant", "defer_entrant", "urge_entrant", "township_letter", "township_paper",
    "entry_outcome", "close_outside", "remove_entrant",
)  # fmt: skip
MOST_HERE = 12
"""Queries of the working pages, whatever the number of children."""
READ = ("entry_batch", "add_entrant", "entrant", "change_entrant")


def at(name: str, pk: int) -> str:
    """The address of an object."""
    return reverse(f"registry:{name}", args=[pk])


@pytest.fixture
def batch(world):
    """A draft of three at the county's school: one came, one did not, one is not marked."""
    made = listed(world, 3)
    here, gone, _ = made.entrants.order_by("pk")
    mark(world, made, "reported", here)
    mark(world, made, "no_show", gone)
    return made


@pytest.fixture
def gone(batch):
    return batch.entrants.get(arrival="no_show")


@pytest.fixture
def registrar(world, client):
    client.force_login(world.registrar())
    return client


def test_everything_asks_for_the_sign_in(client, batch, gone):
    addresses = [reverse(f"registry:{name}") for name in (*LISTS, "open_entry")]
    addresses += [at(name, batch.pk) for name in BATCH] + [at(name, gone.pk) for name in CHILD]
    for address in addresses:
        assert client.post(address).url.startswith("/login/"), address


def test_a_busy_stranger_gets_404(world, client, batch, gone):
    listed(world, 2, OTHER_SCHOOL)
    client.force_login(world.registrar(OTHER_SCHOOL))
    for name, pk in [*((n, batch.pk) for n in BATCH), *((n, gone.pk) for n in CHILD)]:
        answer = client.get(at(name, pk)) if name in READ else client.post(at(name, pk), {"arrival": "reported"})
        assert answer.status_code == 404, name
    for name in LISTS[:-1]:
        assert batch.request.number not in client.get(reverse(f"registry:{name}")).content.decode()


def test_the_registrar_opens_a_list_of_what_the_school_teaches(world, registrar):
    teaches(world)
    page = registrar.get(reverse("registry:entry")).content.decode()
    assert "新建2026年小学一年级批次" in page and "初一批次" not in page
    answer = registrar.post(reverse("registry:open_entry"), {"stage": "primary"})
    assert answer.url == at("entry_batch", EntryBatch.objects.get().pk)
    assert "已有在办批次" in said(registrar.post(reverse("registry:open_entry"), {"stage": "primary"}))
    registrar.force_login(world.county)
    assert "只有学校的学籍管理员" in said(registrar.post(reverse("registry:open_entry"), {"stage": "primary"}))


def test_a_known_child_is_entered_by_name_and_number_alone(world, registrar, batch):
    enrolled(world, 9, OTHER_SCHOOL)
    known = values(9)
    typed = {"name": known["name"], "id_type": "1", "id_number": number(9), "township": "三甲集镇"}
    address = at("add_entrant", batch.pk)
    assert "已有该生" in said(registrar.post(address, typed))
    made = Entrant.objects.get(name=known["name"])
    assert (made.sex, made.ethnicity, made.birth_date) == (known["sex"], "03", known["birth_date"])
    page = registrar.get(at("entrant", made.pk)).content.decode()
    assert "康乐县" in page and "待转入" in page and number(9) not in page
    answer = registrar.post(address, typed)
    assert answer.status_code == 422 and "已在本校今年的名单中" in answer.content.decode()


@pytest.mark.parametrize(
    "typed, words",
    [
        ({"id_number": "62292420200305001"}, "身份证号有17位"),
        ({"id_number": ""}, "没有身份证号的，证件类型选“无”"),
        ({"id_type": "0"}, "请删去证件号码"),
        ({"ethnicity": ""}, "请选择民族"),
        ({"id_type": "A", "id_number": "E12345678"}, "请选择性别"),
        ({"name": "马•明"}, "建议用“·”"),
        ({"birth_date": "2020-13-01"}, "出生日期"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(registrar, batch, typed, words):
    sound = {"name": "马明", "id_type": "1", "id_number": number(8), "township": "镇", "ethnicity": "03"}
    answer = registrar.post(at("add_entrant", batch.pk), sound | typed)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert batch.entrants.count() == 3


def test_what_the_number_will_say_is_not_asked_for_while_the_number_is_wrong(registrar, batch):
    typed = {"name": "马明", "id_type": "1", "id_number": "", "township": "镇", "ethnicity": "03"}
    page = registrar.post(at("add_entrant", batch.pk), typed).content.decode()
    assert "有1处需要修改" in page and "请选择性别" not in page and "请填写出生日期" not in page


def test_entered_information_is_corrected(registrar, batch, gone):
    page = registrar.get(at("change_entrant", gone.pk)).content.decode()
    assert gone.name in page and gone.id_number.reveal() not in page
    typed = {"name": "马新", "id_type": "1", "township": "新镇", "ethnicity": "26", "sex": gone.sex}
    typed["birth_date"] = gone.birth_date.isoformat()
    assert registrar.post(at("change_entrant", gone.pk), typed).url == at("entrant", gone.pk)
    gone.refresh_from_db()
    assert (gone.name, gone.ethnicity, gone.id_number.reveal()) == ("马新", "26", number(2))


def test_arrivals_are_marked_in_bulk(registrar, batch):
    page = registrar.get(at("entry_batch", batch.pk)).content.decode()
    assert "全部登记为已报到（1人）" in page and "还有1名学生未登记" in page
    assert "已将1名学生登记为已报到" in said(
        registrar.post(at("mark_entrants", batch.pk), {"everyone": "1", "arrival": "reported"})
    )
    assert "请选择" in said(registrar.post(at("mark_entrants", batch.pk), {"arrival": "x"}))
    assert "逐人登记申请" in said(registrar.post(at("mark_entrants", batch.pk), {"arrival": "deferred"}))
    assert registrar.get(at("entry_batch", batch.pk) + "?show=reported").content.decode().count('name="entrant"') == 2


def test_whole_numbers_are_shown_once_and_on_record(registrar, gone):
    answer = registrar.post(at("reveal_entrant", gone.pk))
    page = answer.content.decode()
    assert gone.id_number.reveal() in page and "13800000001" in page
    assert TrailEntry.objects.filter(action="显示完整身份证号", target_id=str(gone.pk)).exists()
    assert "13800000001" not in registrar.get(at("entrant", gone.pk)).content.decode()


def test_deferral_goes_to_the_county_s_list_and_is_decided_there(world, registrar, batch, gone):
    typed = {"applicant": "马国强", "applied_on": "2026-09-15", "reason": "住院", "returns_on": "2026-10-20"}
    assert registrar.post(at("defer_entrant", gone.pk), typed).status_code == 422
    answer = registrar.post(at("defer_entrant", gone.pk), typed | {"proof": scan()})
    assert "待广河县教育局决定" in said(answer)
    deferral = EntryDeferral.objects.get()
    address = at("decide_deferral", deferral.pk)
    assert registrar.post(address, {}).status_code == 422
    registrar.force_login(world.registrar(OTHER_SCHOOL))
    assert registrar.post(address, {}).status_code == 404
    registrar.logout()
    assert registrar.post(address).url.startswith("/login/")
    registrar.force_login(world.county)
    assert gone.name in registrar.get(reverse("registry:entry_deferrals")).content.decode()
    assert registrar.post(address, {"decline": "1"}).status_code == 422
    registrar.post(address, {"note": ""})
    deferral.refresh_from_db()
    assert deferral.accepted and "2026-10-20返校" in registrar.get(at("entrant", gone.pk)).content.decode()


def test_due_back_stands_first_and_is_counted(world, registrar, settings, gone):
    asks_for_deferral(world, gone).entrant.deferrals.update(
        accepted=True, decided_on=world.day, decided_by=world.county
    )
    settings.DEMO_TODAY = date(2026, 10, 21)
    page = registrar.get(reverse("registry:entry_deferrals")).content.decode()
    assert "延缓到期" in page and gone.name in page
    assert "延缓入学已于10月20日到期" in registrar.get(at("entrant", gone.pk)).content.decode()


def test_urging_letter_and_outcome(world, registrar, gone):
    typed = {"urged_on": "2026-09-15", "urged_by": "马老师", "manner": "visit", "spoken_to": "祖母", "said": "周一送来"}
    assert registrar.post(at("urge_entrant", gone.pk), typed | {"said": ""}).status_code == 422
    registrar.post(at("urge_entrant", gone.pk), typed)
    letter = {"office": "广河县三甲集镇人民政府", "number": "校函〔2026〕1号"}
    answer = registrar.post(at("township_letter", gone.pk), letter)
    assert answer.status_code == 422 and "须先督促2次" in answer.content.decode()
    assert "还没有出具" in said(registrar.post(at("township_paper", gone.pk)))
    urged(world, gone)
    registrar.post(at("township_letter", gone.pk), letter)
    pdf = registrar.post(at("township_paper", gone.pk))
    assert pdf.content.startswith(b"%PDF") and Paper.objects.get(kind="township").township.entrant == gone
    code = Paper.objects.get(kind="township").code
    checked = registrar.get(reverse("registry:check_code", args=[code])).content.decode()
    assert "现行" in checked and "提请责令入学函" in checked
    assert "已提请责令" in registrar.get(reverse("registry:entry_urging")).content.decode()
    ended = {"kind": "moved", "happened_on": "2026-09-16", "document_number": "接收证明", "note": ""}
    registrar.post(at("entry_outcome", gone.pk), ended)
    assert "转往他处" in registrar.get(at("entrant", gone.pk)).content.decode()
    assert registrar.post(at("entry_outcome", gone.pk), ended).status_code == 422


def test_open_ends_are_listed_with_what_closes_them(world, registrar, batch):
    outside = child(world, batch, 7, former_outside="西宁市示例小学")
    enrolled(world, 8, OTHER_SCHOOL)
    child(world, batch, 8)
    mark(world, batch, "reported")
    decided(world, batch)
    page = registrar.get(reverse("registry:entry_pending")).content.decode()
    assert "西宁市示例小学（州外）" in page and "康乐县" in page and "凭州外转出证明" in page
    closed = {"closed_on": "2026-09-16", "document_number": "3号"}
    assert "学籍转为在读" in said(registrar.post(at("close_outside", outside.pk), closed))
    assert registrar.post(at("close_outside", outside.pk), closed).status_code == 422


def test_a_mistake_is_removed_with_a_reason(registrar, batch):
    entrant = batch.entrants.get(arrival="unmarked")
    assert registrar.post(at("remove_entrant", entrant.pk), {"reason": ""}).status_code == 422
    assert "记录保留" in said(registrar.post(at("remove_entrant", entrant.pk), {"reason": "重复录入"}))
    assert "移出名单：重复录入" in registrar.get(at("entrant", entrant.pk)).content.decode()


def test_graduates_are_taken_up(world, registrar):
    enrolled(world, 1, COUNTY_SCHOOL, grade=6, year=2020)
    made = listed(world, 0, stage=Stage.JUNIOR)
    address = at("take_up_graduates", made.pk)
    assert "第1个不是有效的身份证号" in registrar.post(address, {"numbers": "1", "township": "镇"}).content.decode()
    answer = registrar.post(address, {"numbers": f"{number(1)}\n{number(2)}", "township": "镇"})
    assert "1人" in said(answer) and "1个身份证号没有找到" in said(answer)


def test_the_decision_page_shows_the_children_and_the_county_decides(world, client, batch):
    mark(world, batch, "reported", *batch.entrants.filter(arrival="unmarked"))
    ordered(world, batch.entrants.get(arrival="no_show"))
    decided(world, batch)
    client.force_login(world.county)
    page = client.get(reverse("approvals:request", args=[batch.request_id])).content.decode()
    assert "已提请责令" in page and "已注册" in page and batch.entrants.first().name in page
    assert client.get(reverse("registry:entry")).status_code == 200


def test_pages_take_few_queries_and_no_more_for_many_children(world, client, batch, gone):
    client.force_login(world.registrar())
    addresses = [reverse(f"registry:{name}") for name in LISTS[:-1]]
    addresses += [at("entry_batch", batch.pk), reverse("approvals:request", args=[batch.request_id])]
    few = {address: queries(client, address) for address in addresses}
    for serial in range(20, 40):
        child(world, batch, serial)
    mark(world, batch, "no_show", *batch.entrants.filter(arrival="unmarked"))
    many = {address: queries(client, address) for address in addresses}
    assert {a: (few[a], many[a]) for a in addresses if many[a] > few[a] + 1 or many[a] > MOST_HERE} == {}
    assert queries(client, at("entrant", gone.pk)) <= 24


def test_the_decision_page_of_a_list_that_waits_takes_few_queries(world, client):
    batch = listed(world, 3)
    mark(world, batch, "reported")
    move(world, batch, "submit", world.registrar())
    for user, onward in ((world.head(), True), (world.county, False)):
        client.force_login(user)
        assert queries(client, reverse("approvals:request", args=[batch.request_id])) <= MOST_HERE
        if onward:
            move(world, batch, "approve", user)
