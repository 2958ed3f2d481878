"""The pages of 学籍变动: signed out, a busy stranger, success, refusal."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from approvals.chain import advance
from approvals.enums import State
from approvals.models import Request
from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.secrets import Secret
from registry.models import Enrolment
from tests.registry.typed import said
from tests.transfers.support import announce_terms, filed, pupil, suspension, through, with_papers
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE_SCHOOL, id_number
from transfers.enrolled import enrolled_of
from transfers.models import Change, KeyInfoChange, Proof, Suspension, Transfer

COMMON = {"applied_on": "2026-09-14", "applicant": "马父", "relation": "father", "reason": "家庭原因"}
PERIOD = COMMON | {"starts_on": "20260917", "ends_on": "20270831", "cause": "illness"}
NEWCOMER = COMMON | {
    "name": "周新", "sex": "1", "birth_date": "20100305", "id_type": "1", "id_number": id_number(77), "ethnicity": "01",
    "outside_school": "兰州某中学", "grade": "11", "entry_year": "2025", "to_stage": "senior", "to_grade": "11", "to_class": "3班",
}  # fmt: skip


def url(name: str, *args) -> str:
    return reverse(f"transfers:{name}", args=args)


def request_url(change: Change) -> str:
    return reverse("approvals:request", args=[change.request_id])


@pytest.fixture
def enrolment(world) -> Enrolment:
    announce_terms(world)
    return pupil(world, COUNTY_SCHOOL, grade=11, stage="senior")


@pytest.fixture
def registrar(world, client):
    client.force_login(world.registrar())
    return client


def addresses(change: Change) -> list[str]:
    """Every address about one object, of one change."""
    scan = Proof.objects.filter(change=change).first().pk
    return [
        url("apply", "suspension", change.enrolment_id), url("student", change.enrolment_id), url("upload_proof", change.pk, "medical"),
        *(url(name, change.pk) for name in ("mend", "outside", "national")),
        *(url(name, scan) for name in ("proof", "image", "legible", "attested")),
    ]  # fmt: skip


def test_signed_out_and_a_busy_stranger(client, world):
    change = suspension(world)
    every = [
        *addresses(change),
        *(url(name) for name in ("changes", "find", "nationals")),
        url("apply_new", "incoming"),
    ]
    for address in every:
        for method in (client.get, client.post):
            assert method(address).url.startswith("/login/"), address
    mine = pupil(world, PREFECTURE_SCHOOL, grade=11, stage="senior", serial=9)
    filed(world, "suspension", mine, Suspension(starts_on=world.day, ends_on=date(2027, 1, 1), cause="other"))
    client.force_login(world.registrar(PREFECTURE_SCHOOL))
    for address in addresses(change):
        answers = {client.get(address).status_code, client.post(address, {"reason": "x"}).status_code}
        assert answers <= {404, 405} and 404 in answers, address
    assert change.request.number not in client.get(url("changes")).content.decode()


def test_the_list_shows_one_s_own_by_business_and_state(registrar, world):
    change = suspension(world)
    page = registrar.get(url("changes"))
    assert change.request.number in page.content.decode()
    for query, found in (({"kind": "suspension", "state": "draft"}, 1), ({"kind": "transfer"}, 0), ({"state": "?"}, 1)):
        assert len(registrar.get(url("changes"), query).context["page"].object_list) == found
    registrar.force_login(world.user(Role.ACCOUNT_ADMIN, "622900"))
    assert registrar.get(url("changes")).status_code == 404


def test_finding_wants_name_and_number_and_leaves_a_trace(client, world, enrolment):
    client.force_login(world.registrar(OTHER_SCHOOL))
    number = id_number(1)
    assert client.post(url("find"), {"name": "马小明"}).status_code == 422
    for typed in ({"name": "马小红", "number": number}, {"name": "马小明", "number": id_number(2)}):
        assert client.post(url("find"), typed).context["found"] == []
    before = TrailEntry.objects.count()
    ((found, key),) = client.post(url("find"), {"name": "马 小明", "number": number}).context["found"]
    assert found == enrolment and TrailEntry.objects.count() == before + 1
    assert client.get(url("apply", "transfer", key)).status_code == 200
    assert client.get(url("apply", "suspension", key)).status_code == 404, "the key is for a transfer alone"
    client.force_login(world.registrar(PREFECTURE_SCHOOL))
    assert client.get(url("apply", "transfer", key)).status_code == 404, "and for who asked"


def test_an_officer_asks_and_files_nothing(client, world, enrolment):
    """办理条件自查."""
    client.force_login(world.county)
    address = url("apply", "suspension", enrolment.pk)
    page = client.post(address, PERIOD | {"check": "1"})
    assert page.status_code == 200 and "办理条件自查" in page.content.decode()
    judgement = page.context["judgement"]
    assert judgement.broken == ("suspension.doc.application", "suspension.doc.medical")
    assert 'name="save"' not in page.content.decode()
    refused = client.post(address, PERIOD | {"save": "1"})
    assert refused.status_code == 422 and "学籍管理员可以申请休学" in refused.content.decode()
    assert not Change.objects.exists()


def test_the_registrar_checks_then_saves_once(registrar, enrolment):
    address = url("apply", "suspension", enrolment.pk)
    assert registrar.post(address, PERIOD | {"check": "1"}).context["judgement"] and not Change.objects.exists()
    assert registrar.post(address, PERIOD | {"ends_on": "20260901", "save": "1"}).status_code == 422
    answer = registrar.post(address, PERIOD | {"save": "1"})
    change = Change.objects.get()
    assert answer.url == request_url(change) and change.request.state == State.DRAFT
    again = registrar.post(address, PERIOD | {"save": "1"})
    assert again.status_code == 422 and "该生有在办业务：休学申请" in again.content.decode()
    assert registrar.get(url("apply", "nonsense", enrolment.pk)).status_code == 404
    assert registrar.get(url("apply_new", "suspension")).status_code == 404


@pytest.mark.parametrize(
    ("slug", "field", "more"),
    [("death", "happened_on", {"place": ""}), ("expulsion", "issued_on", {"document_number": "1号"})],
)
def test_what_has_happened_lies_in_the_past(registrar, world, enrolment, slug, field, more):
    tomorrow = {field: f"{world.day + timedelta(days=1):%Y%m%d}", "save": "1"}
    answer = registrar.post(url("apply", slug, enrolment.pk), COMMON | more | tomorrow)
    assert answer.status_code == 422 and "晚于今天" in answer.content.decode()


def test_somebody_from_outside(registrar, world, enrolment):
    """A number that is none is refused; the application is mended without typing the numbers again."""
    school = {"to_school": world.organisation(COUNTY_SCHOOL).pk}
    address = url("apply_new", "incoming")
    assert registrar.get(address).status_code == 200
    wrong = registrar.post(address, NEWCOMER | school | {"id_number": id_number(77)[:-1], "save": "1"})
    assert wrong.status_code == 422 and "不是18位" in wrong.content.decode()
    registrar.post(address, NEWCOMER | school | {"save": "1"})
    change = Change.objects.select_related("request", "transfer__pupil").get()
    assert (change.enrolment, change.request.subject) == (None, "周新 转学")
    taken = registrar.post(address, NEWCOMER | school | {"name": "周新新", "save": "1"})
    assert "该生有在办业务：转学申请" in taken.content.decode()
    form = registrar.get(url("mend", change.pk)).context["form"]
    assert id_number(77) not in str(form) and form["name"].value() == "周新" and form["grade"].value() == 11
    registrar.post(url("mend", change.pk), NEWCOMER | school | {"name": "周欣", "id_number": "", "save": "1"})
    change = Change.objects.select_related("request", "transfer__pupil").get()
    assert change.request.subject == "周欣 转学" and change.transfer.pupil.id_number == Secret(id_number(77))


def test_mending_lasts_until_the_submission(registrar, world):
    change = suspension(world)
    address = url("mend", change.pk)
    assert registrar.get(address).context["form"]["cause"].value() == "illness"
    assert registrar.post(address, PERIOD | {"applicant": "马母", "save": "1"}).url == request_url(change)
    change.refresh_from_db()
    assert change.applicant == "马母"
    advance(request=Request.objects.get(pk=change.request_id), move="submit", by=world.registrar(), on=world.day)
    for answer in (registrar.get(address), registrar.post(address, PERIOD | {"applicant": "马叔", "save": "1"})):
        assert answer.url == request_url(change), "never back to a page that sends away"
    assert "不能修改" in said(answer) and Change.objects.get().applicant == "马母"


def test_sent_back_the_day_of_application_stays_and_the_page_says_so(registrar, world):
    change = suspension(world)
    request = Request.objects.get(pk=change.request_id)
    request = advance(request=request, move="submit", by=world.registrar(), on=world.day)
    request = advance(request=request, move="send_back", by=world.head(), note="请补", on=world.day)
    page = registrar.get(url("mend", change.pk)).content.decode()
    assert "退回修改不改变申请日期" in page and "disabled" in page
    typed = PERIOD | {"applied_on": "2026-09-10", "applicant": "马母", "save": "1"}
    assert registrar.post(url("mend", change.pk), typed).url == request_url(change)
    assert Request.objects.get(pk=request.pk).applied_on == request.applied_on
    assert Change.objects.get().applicant == "马母"


def test_a_mended_key_information_keeps_the_number_nobody_sees(registrar, world, enrolment):
    facts = enrolled_of(enrolment).facts
    new = KeyInfoChange(
        before=facts, name="马晓明", sex="1", birth_date=facts.birth_date, id_type="1", id_number=Secret(id_number(7))
    )
    change = filed(world, "key_info", enrolment, new)
    typed = COMMON | {
        "name": "马晓明",
        "sex": "1",
        "birth_date": "20100305",
        "id_type": "1",
        "id_number": "",
        "save": "1",
    }
    assert registrar.post(url("mend", change.pk), typed).url == request_url(change)
    assert KeyInfoChange.objects.get().id_number == Secret(id_number(7))


def test_a_student_s_page_says_what_is_under_way(registrar, world):
    change = suspension(world)
    page = registrar.get(url("student", change.enrolment_id)).content.decode()
    assert "该生有在办业务：休学申请" in page and change.request.number in page
    registrar.force_login(world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY))
    assert registrar.get(url("student", change.enrolment_id)).status_code == 404


def test_completion_in_the_national_system(registrar, world):
    change = suspension(world)
    address, typed = url("national", change.pk), {"national_on": f"{world.day:%Y%m%d}", "national_by": "马丽"}
    assert "办结后登记" in said(registrar.post(address, typed))
    request = through(world, change)
    assert request.number in registrar.get(url("nationals")).content.decode()
    assert "须填写日期和经办人" in said(registrar.post(address, {}))
    early = typed | {"national_on": f"{world.day - timedelta(days=1):%Y%m%d}"}
    assert "早于本门户办结日期" in said(registrar.post(address, early))
    assert said(registrar.post(address, typed)).endswith("已登记国网办结")
    assert request.number not in registrar.get(url("nationals")).content.decode()


def test_the_decision_outside_is_recorded_at_its_step_and_outlives_a_mending(client, world, enrolment):
    typed = {
        "outside_authority": "兰州市教育局",
        "outside_document": "兰教〔2026〕5号",
        "outside_decided_on": "20260915",
    }
    detail = Transfer(direction="outgoing", to_stage="senior", to_grade=11, outside_school="兰州某中学")
    change = with_papers(world, filed(world, "transfer", enrolment, detail))
    through(world, change, steps=0)
    client.force_login(world.head())
    assert "在办理环节登记" in said(client.post(url("outside", change.pk), typed))
    request = through(world, change, steps=1, submit=False)
    client.force_login(world.county)
    assert "须填写主管部门、文号和日期" in said(client.post(url("outside", change.pk), {}))
    assert said(client.post(url("outside", change.pk), typed)).endswith("已登记州外主管部门的决定")
    advance(request=request, move="send_back", by=world.county, note="补材料", on=world.day)
    client.force_login(world.registrar())
    client.post(url("mend", change.pk), COMMON | {"outside_school": "兰州第二中学", "to_grade": "11", "save": "1"})
    kept = Transfer.objects.get()
    assert (kept.outside_school, kept.outside_document) == ("兰州第二中学", "兰教〔2026〕5号")


def test_scans_on_their_pages(client, world):
    """Who sees, who attests; more of them in test_proofs.py."""
    change = suspension(world)
    scan = Proof.objects.get(change=change, slot="application")
    client.force_login(world.head())
    assert client.get(url("proof", scan.pk)).status_code == 200
    assert "现在不是这一环节" in said(client.post(url("attested", scan.pk)))
    assert client.get(url("upload_proof", change.pk, "application")).url == request_url(change)
    client.force_login(world.registrar())
    assert client.get(url("upload_proof", change.pk, "nonsense")).status_code == 404
    assert client.get(url("upload_proof", change.pk, "application")).status_code == 200
    through(world, change, steps=0)
    client.force_login(world.head())
    assert "已核对" in said(client.post(url("attested", scan.pk)))
    client.force_login(world.user(Role.COUNTY_HEAD, COUNTY))
    assert client.get(url("image", scan.pk)).status_code == 200
