"""文件查验: one code for the same data; current, superseded or not ours; data only to who may see the file."""

import io
import re
import zipfile

import pypdfium2
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linxia_xueji.dates import now
from linxia_xueji.models import TrailEntry
from linxia_xueji.policy import decide, everywhere
from registry.models import Paper
from registry.paper_enums import PaperKind
from registry.papers import ask_for_letter
from registry.printed import ALPHABET, CODE, new_code, tidy_code
from tests.registry.documents.scan import scanned
from tests.registry.support import differ, first, letter
from tests.world import OTHER_SCHOOL, PREFECTURE


def url(name: str, *args) -> str:
    return reverse(f"registry:{name}", args=args)


@pytest.fixture
def draft(world):
    return world.batch(3)


def printed(client, batch, form: str = "annex2", format: str = "pdf") -> tuple[Paper, bytes]:
    """The paper taken out by whoever is signed in, and its file."""
    content = client.post(url("annex_file", batch.pk, form, format)).content
    return Paper.objects.get(
        code=TrailEntry.objects.filter(action__startswith="导出附件").latest("pk").after["code"]
    ), content


def words(response) -> str:
    page = response.content.decode()
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page[page.index("<main") : page.index("</main>")]))


def check(client, paper: Paper) -> str:
    return words(client.get(url("check_code", paper.code)))


def test_the_same_data_bear_the_same_code(client, world, draft):
    client.force_login(world.registrar())
    one, content = printed(client, draft)
    assert f"{one.code[:5]}-{one.code[5:]}" in pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    client.force_login(world.head())
    again, _ = printed(client, draft, format="xlsx")
    assert again == one and one.made_by == world.registrar() and one.kind == PaperKind.ANNEX2
    other, _ = printed(client, draft, "annex1")
    assert other != one
    differ(world, first(draft), name="马海鑫")
    new, _ = printed(client, draft)
    assert new != one and Paper.objects.count() == 3


def test_current_until_the_data_change_and_again_when_they_change_back(client, world, draft):
    client.force_login(world.registrar())
    paper, _ = printed(client, draft)
    assert "现行" in check(client, paper) and "已被更替" not in check(client, paper)
    name = first(draft).name
    differ(world, first(draft), name="马海鑫")
    assert "已被更替导出以后数据有变化，此件不再有效" in check(client, paper)
    differ(world, first(draft), name=name)
    assert "已被更替" not in check(client, paper)


def test_a_signature_supersedes_the_form_before_it(client, world, draft):
    client.force_login(world.registrar())
    paper, _ = printed(client, draft, "annex1")
    world.to(draft, 1)
    assert "已被更替" in check(client, paper)
    signed, _ = printed(client, draft, "annex1")
    assert signed.request_version > paper.request_version
    assert "现行" in check(client, signed)


def test_a_retracted_batch_has_no_paper_in_force(client, world, draft):
    client.force_login(world.registrar())
    paper, _ = printed(client, draft)
    world.advance(draft, "retract", world.registrar(), note="重报")
    assert "已被更替批次已撤回" in check(client, paper)


def test_a_check_asks_no_more_of_a_longer_list(client, world):
    client.force_login(world.registrar())
    asked = []
    for batch in (world.batch(2), world.batch(9, year=2027)):
        paper, _ = printed(client, batch, format="xlsx")
        with CaptureQueriesContext(connection) as queries:
            assert "现行" in check(client, paper)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12


def test_a_stranger_learns_kind_day_and_office_only(client, world, draft):
    client.force_login(world.registrar())
    paper, _ = printed(client, draft)
    person = first(draft)
    secrets = (person.name, person.exam_number, person.id_number.reveal(), draft.request.number, paper.fingerprint[:4])
    seen = check(client, paper)
    assert draft.request.number in seen and paper.fingerprint[:4] in seen and world.registrar().full_name in seen
    world.batch(2, school=OTHER_SCHOOL)
    client.force_login(world.registrar(OTHER_SCHOOL))
    stranger = check(client, paper)
    client.logout()
    signed_out = check(client, paper)
    for page in (stranger, signed_out):
        assert "现行" in page and "附件2登记表" in page and draft.school.name in page and "2026-09-16" in page
        assert not [secret for secret in (*secrets, world.registrar().full_name) if secret in page]
        assert "只向有权查看的岗位显示" in page
    assert "登录后可查看更多" in signed_out and "登录后" not in stranger


def test_what_is_not_ours(client, world, draft):
    client.force_login(world.registrar())
    printed(client, draft)
    client.logout()
    for code in ("ACDEF34679", "x", "0000000000", "acdef-34679"):
        response = client.get(url("check_code", code))
        assert response.status_code == 404 and "非本系统文件" in words(response)


def test_a_code_is_typed_as_people_type(client, world, draft):
    client.force_login(world.registrar())
    paper, _ = printed(client, draft)
    client.logout()
    assert "输入查验码" in words(client.get(url("check")))
    for typed in (paper.code, f" {paper.code[:5].lower()}-{paper.code[5:]} ", f"{paper.code[:5]}－{paper.code[5:]}"):
        response = client.post(url("check"), {"paper": typed}, follow=True)
        assert "现行" in words(response) and response.redirect_chain[-1][0] == url("check_code", paper.code)
    for typed in ("", "甲乙丙丁", "ACDEF", "A" * 41, "../../../.."):
        response = client.post(url("check"), {"paper": typed})
        assert response.status_code == 422 and "查验码" in words(response)


def test_asking_writes_nothing(client, world, draft):
    client.force_login(world.registrar())
    paper, _ = printed(client, draft)
    entries = TrailEntry.objects.count()
    client.get(url("check_code", paper.code))
    client.post(url("check"), {"paper": paper.code})
    assert (TrailEntry.objects.count(), Paper.objects.count()) == (entries, 1)
    assert client.post(url("check_code", paper.code)).status_code == 405


def test_who_tries_codes_one_after_the_other_is_made_to_wait(client, world, draft):
    client.force_login(world.registrar())
    paper, _ = printed(client, draft)
    decide(
        organisation=world.organisation(PREFECTURE), key="check.per_minute", value=3, effective_from=world.day,
        document_number="临州教学管〔2026〕3号", by=world.centre,
    )  # fmt: skip
    client.logout()
    answers = [client.get(url("check_code", code)) for code in ("ACDEF34679", "x", paper.code, paper.code)]
    assert [answer.status_code for answer in answers] == [404, 404, 200, 429]
    assert "查验过于频繁，没有查验。请60秒后再试" in words(answers[3]) and "现行" not in words(answers[3])
    assert answers[3].headers["Retry-After"] == "60"
    assert client.get(url("check")).status_code == 200
    assert client.get(url("check_code", paper.code), REMOTE_ADDR="198.51.100.7").status_code == 200


def test_thirty_a_minute_unless_decided_otherwise(world):
    assert everywhere("check.per_minute", world.day) == 30


def test_a_letter_is_checked_like_a_form(client, world, draft):
    asked = ask_for_letter(candidate=differ(world, first(draft), name="马海鑫"), note="", by=world.registrar())
    client.force_login(world.county)
    content = client.post(url("letter_paper", asked.pk)).content
    paper = Paper.objects.get()
    assert paper.letter == asked and "更正便函" in check(client, paper) and "现行" in check(client, paper)
    assert paper.code[:5] in pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    client.logout()
    assert asked.issuer.name in check(client, paper) and "马海鑫" not in check(client, paper)
    client.force_login(world.county)
    client.post(url("decline_letter", asked.pk), {"reason": "证明不足"})
    assert "已被更替便函不予出具" in check(client, paper)


def test_the_package_holds_papers_that_can_be_checked(client, world, draft):
    letter(world, differ(world, first(draft), name="马海鑫"))
    client.force_login(world.registrar())
    with zipfile.ZipFile(io.BytesIO(client.post(url("bundle", draft.pk)).content)) as package:
        papers = [package.read(name) for name in package.namelist() if name.endswith("便函.pdf") or name[:2] == "附件"]
    papers = [paper for paper in papers if paper.startswith(b"%PDF")]
    pages = [pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_bounded() for paper in papers]
    codes = list(Paper.objects.order_by("pk").values_list("code", flat=True))
    assert len(codes) == 3
    assert all(f"{code[:5]}-{code[5:]}" in page for code, page in zip(codes, pages, strict=True))
    assert all("testserver/check/" in page for page in pages)
    addresses = [scanned(paper)[0] for paper in papers]
    assert addresses == [[f"http://testserver/check/{code}/"] for code in codes]
    assert all("现行" in words(client.get(address)) for (address,) in addresses)


def test_codes_are_sound():
    assert len(set(ALPHABET)) == 23 and not set(ALPHABET) & set("0O1IL2Z5S8BUV")
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200 and all(CODE.fullmatch(code) for code in codes)
    assert all(tidy_code(code.lower()) == code for code in codes)


@pytest.mark.parametrize("wrong", [{"kind": PaperKind.LETTER}, {"batch": None}, {}])
def test_the_database_holds_a_paper_to_one_subject_and_one_code(client, world, draft, wrong):
    facts = {"batch": draft, "kind": PaperKind.ANNEX1, "fingerprint": "0" * 64, "request_version": 0, "made_at": now()}
    Paper.objects.create(code="A" * 10, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.create(**facts | {"code": "C" * 10} | wrong)
