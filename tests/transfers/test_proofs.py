"""Scans of the papers: what comes in, who sees it, what the head says of it, and what nobody gets past it."""

import pytest
from django.db import transaction
from django.urls import reverse

from approvals.chain import advance
from approvals.models import Request
from linxia_xueji.models import FileUse, StoredFile
from linxia_xueji.refusal import Refusal
from tests.hostile.books import book
from tests.registry.proof_pictures import file as picture
from tests.registry.typed import document, said
from tests.registry.typed import scan as uploaded
from tests.transfers.support import BLURRED, announce_terms, filed, pupil, scan, see_originals, suspension, through
from tests.world import COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL
from transfers.models import Change, Proof, Transfer
from transfers.proofs import attest, confirm_legible, put_proof, reusable, use_again
from transfers.slots import slot_of

APPLICATION, REGISTER = slot_of("suspension", "application"), slot_of("transfer", "household_register")
NO_IMAGES = {
    "web page": (b"<html><script>alert(1)</script></html>", "不是JPEG、PNG图片"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是JPEG、PNG图片"),
    "pdf": (document(), "是PDF，证明材料须为图片"),
    "zip": (book(), "不是JPEG、PNG图片"),
    "half a picture": (picture("scan", 1, 1000)[:9000], "损坏"),
    "empty": (b"", "文件是空的"),
}


@pytest.fixture
def draft(world) -> Change:
    return suspension(world)


def application_of(change: Change) -> Proof:
    """The scan that counts."""
    return Proof.objects.get(change=change, slot="application", replaced_at=None)


def upload_to(client, change: Change, content: bytes, slot: str = "application", name: str = "scan.jpg"):
    return client.post(reverse("transfers:upload_proof", args=[change.pk, slot]), {"scan": uploaded(content, name)})


def approve(change: Change, by, on):
    return advance(request=change.request, move="approve", by=by, on=on)


def test_a_sharp_picture_is_taken_and_a_blurred_one_waits_for_the_head(client, world, draft):
    client.force_login(world.registrar())
    answer = upload_to(client, draft, picture("scan", 1, 1240))
    assert answer.url == reverse("approvals:request", args=[draft.request_id])
    assert said(answer) == "已上传学生休学申请，图像清晰完整"
    blurred = upload_to(client, draft, picture("blur", 1, 1240))
    doubted = application_of(draft)
    assert blurred.url == reverse("transfers:proof", args=[doubted.pk])
    page = client.get(blurred.url).content.decode()
    assert "图像存疑" in page and "清晰度" in page and "更换图像" in page
    through(world, draft, steps=0)
    with pytest.raises(Refusal, match="图像存疑"):
        approve(draft, world.head(), world.day)
    client.force_login(world.head())
    legible = reverse("transfers:legible", args=[doubted.pk])
    assert client.post(legible, {"reason": " "}).status_code == 422
    assert said(client.post(legible, {"reason": "原件清晰"})) == "已确认清晰可辨"
    assert f"此图像已由{world.head().full_name}确认，不需确认" in said(client.post(legible, {"reason": "再次"}))
    with pytest.raises(Refusal, match="尚未核对原件或签字公章"):
        approve(draft, world.head(), world.day)
    see_originals(world, Request.objects.select_related("turn_organisation").get(pk=draft.request_id))
    assert approve(draft, world.head(), world.day).turn_level == "county"


@pytest.mark.parametrize("kind", NO_IMAGES)
def test_what_is_no_picture_is_refused_and_never_served(client, world, draft, kind):
    content, words = NO_IMAGES[kind]
    client.force_login(world.registrar())
    before, stored = application_of(draft), StoredFile.objects.count()
    answer = upload_to(client, draft, content)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert (application_of(draft), StoredFile.objects.count()) == (before, stored)
    served = client.get(reverse("transfers:image", args=[before.pk]))
    assert (served["Content-Type"], served["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")


def test_an_upload_broken_off_leaves_what_was(world, draft):
    before, uses = application_of(draft), FileUse.objects.count()

    class BrokenOff(Exception):
        pass

    with pytest.raises(BrokenOff), transaction.atomic():
        put_proof(change=draft, slot=APPLICATION, scan=scan(content=b"\xff\xd8\xff new"), by=world.registrar())
        raise BrokenOff
    assert (application_of(draft), FileUse.objects.count()) == (before, uses)
    again = put_proof(change=draft, slot=APPLICATION, scan=scan(content=b"\xff\xd8\xff new"), by=world.registrar())
    assert application_of(draft) == again, "the same file may come once more"


def test_a_replaced_scan_stays_in_the_history(client, world, draft):
    old = application_of(draft)
    new = put_proof(change=draft, slot=APPLICATION, scan=scan(content=b"\xff\xd8\xff better"), by=world.registrar())
    old.refresh_from_db()
    assert old.replaced_at is not None and application_of(draft) == new
    client.force_login(world.registrar())
    assert client.get(reverse("transfers:image", args=[old.pk])).content == b"\xff\xd8\xff scan"
    page, shown = reverse("approvals:request", args=[draft.request_id]), reverse("transfers:proof", args=[old.pk])
    listed = client.get(page).content.decode().partition("已替换的材料")[2]
    assert f'href="{shown}"' in listed and "已替换" in client.get(shown).content.decode()
    through(world, draft, steps=0)
    with pytest.raises(Refusal, match="此图像已更换"):
        attest(proof=old, by=world.head())


def test_after_submission_no_scan_is_changed(client, world, draft):
    through(world, draft, steps=0)
    with pytest.raises(Refusal, match="不能更换材料"):
        put_proof(change=draft, slot=APPLICATION, scan=scan(), by=world.registrar())
    client.force_login(world.registrar())
    address = reverse("transfers:upload_proof", args=[draft.pk, "application"])
    for answer in (client.get(address), upload_to(client, draft, b"x")):
        assert answer.url == reverse("approvals:request", args=[draft.request_id])
    assert "不能修改" in said(answer)


def test_only_the_head_at_the_head_s_step_attests_and_once(world, draft):
    shown = application_of(draft)
    for early in (world.registrar(), world.head()):
        with pytest.raises(Refusal, match="现在不是这一环节"):
            attest(proof=shown, by=early)
    through(world, draft, steps=0)
    for other in (world.registrar(), world.county, world.head(OTHER_SCHOOL)):
        with pytest.raises(Refusal, match="现在不是这一环节"):
            attest(proof=shown, by=other)
    attest(proof=shown, by=world.head())
    shown.refresh_from_db()
    assert shown.attested_by == world.head()
    with pytest.raises(Refusal, match="已由.*核对"):
        attest(proof=shown, by=world.head())
    with pytest.raises(Refusal, match="未测出疑问"):
        confirm_legible(proof=shown, reason="清晰", by=world.head())
    see_originals(world, Request.objects.select_related("turn_organisation").get(pk=draft.request_id))
    approve(draft, world.head(), world.day)
    with pytest.raises(Refusal, match="现在不是这一环节"):
        attest(proof=Proof.objects.get(change=draft, slot="medical"), by=world.head())


def moving(world, school: str, serial: int) -> Change:
    """A draft of 转学 to the school of the county, with the household register."""
    child = pupil(world, school, grade=11, stage="senior", serial=serial, name=f"马小{serial}")
    to = Transfer(to_school=world.organisation(COUNTY_SCHOOL), to_stage="senior", to_grade=11)
    return filed(world, "transfer", child, to, school=COUNTY_SCHOOL)


@pytest.fixture
def siblings(world) -> tuple[Change, Change]:
    announce_terms(world)
    first, second = moving(world, OTHER_SCHOOL, 1), moving(world, PREFECTURE_SCHOOL, 2)
    put_proof(change=first, slot=REGISTER, scan=scan(BLURRED), by=world.registrar())
    return first, second


def test_a_scan_of_a_sibling_is_used_again_with_rights_of_its_own(client, world, siblings):
    first, second = siblings
    known = Proof.objects.get(change=first)
    address = reverse("transfers:upload_proof", args=[second.pk, "household_register"])
    client.force_login(world.registrar())
    assert "沿用本校已有的图像" in client.get(address).content.decode()
    assert client.post(address, {"known": "0"}).status_code == 422
    assert client.post(address, {}).status_code == 422
    answer = client.post(address, {"known": known.pk})
    used = Proof.objects.get(change=second)
    assert answer.url == reverse("transfers:proof", args=[used.pk]) and used.is_doubtful
    assert used.file.stored == known.file.stored and used.file != known.file
    sees = {}
    for school in (COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE_SCHOOL):
        client.force_login(world.registrar(school))
        sees[school] = [client.get(reverse("transfers:image", args=[p.pk])).status_code for p in (known, used)]
    assert sees == {COUNTY_SCHOOL: [200, 200], OTHER_SCHOOL: [200, 404], PREFECTURE_SCHOOL: [404, 200]}


def test_only_what_is_offered_is_used_again(world, siblings, draft_of_another_school):
    first, second = siblings
    known = Proof.objects.get(change=first)
    principals = slot_of("transfer", "both_principals")
    assert not reusable(second, principals, world.registrar()).exists()
    for slot, proof in ((principals, known), (REGISTER, draft_of_another_school)):
        with pytest.raises(Refusal, match="不能沿用"):
            use_again(change=second, slot=slot, known=proof, by=world.registrar())
    put_proof(change=first, slot=REGISTER, scan=scan(), by=world.registrar())
    with pytest.raises(Refusal, match="不能沿用"):
        use_again(change=second, slot=REGISTER, known=known, by=world.registrar())


@pytest.fixture
def draft_of_another_school(world, siblings) -> Proof:
    child = pupil(world, COUNTY_SCHOOL, grade=11, stage="senior", serial=3)
    to = Transfer(to_school=world.organisation(PREFECTURE_SCHOOL), to_stage="senior", to_grade=11)
    theirs = filed(world, "transfer", child, to, school=PREFECTURE_SCHOOL)
    return put_proof(change=theirs, slot=REGISTER, scan=scan(), by=world.registrar(PREFECTURE_SCHOOL))
