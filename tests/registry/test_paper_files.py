"""A paper is signed where its office has a certificate in force; the file kept is the file handed out; the check says so."""

import hashlib
import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pypdfium2
import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from linxia_xueji.certificates import certificate_of, put_in, withdraw
from linxia_xueji.files import read
from linxia_xueji.models import FileUse, TrailEntry
from registry.models import Paper, PaperSignature
from registry.papers import ask_for_letter
from tests.ground.keys import NOON, PASSWORD, YEAR, certificate_file, root_of
from tests.registry.documents.scan import scanned
from tests.registry.support import differ, first, letter
from tests.registry.test_printed import check, printed, url, words
from tests.world import COUNTY, COUNTY_SCHOOL

DAY = timedelta(days=1)


@pytest.fixture
def draft(world):
    return world.batch(3)


def equipped(world, code: str = COUNTY_SCHOOL, **about) -> bytes:
    """The office signs from now on; its certificate file."""
    container = certificate_file(**about)
    put_in(organisation=world.organisation(code), content=container, password=PASSWORD, by=world.centre)
    return container


def validated(data: bytes, container: bytes):
    """What pyHanko's own validator says, trusting only this certificate and asking nobody outside."""
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    root = x509.Certificate.load(root_of(container))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=NOON)
    with ThreadPoolExecutor(1) as alone:  # where no event loop runs: pyHanko starts its own
        return signature, alone.submit(validate_pdf_signature, signature, context).result()


def stands(data: bytes, container: bytes) -> bool:
    """Whether the signature holds; a file that cannot even be read is no signed file."""
    try:
        return bool(validated(data, container)[1].bottom_line)
    except Exception:  # noqa: BLE001 - whatever a broken file makes of the validator
        return False


def test_a_signed_paper_stands_before_the_validator_and_one_byte_breaks_it(client, world, draft):
    container = equipped(world)
    client.force_login(world.registrar())
    paper, data = printed(client, draft, "annex1")
    signature, status = validated(data, container)
    assert status.bottom_line and status.coverage.name == "ENTIRE_FILE"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"  # PAdES
    attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
    assert {
        "signing_certificate_v2",
        "message_digest",
    } <= attributes and "signing_time" not in attributes  # baseline B-B
    assert "/Rect" not in signature.sig_field or not any(signature.sig_field["/Rect"])  # nothing of it shows
    assert signature.sig_object["/Name"] == "广河县示例第一中学"
    head, until, after, _ = signature.byte_range
    for place in (head + 20, until // 3, until // 2, until - 5, after + 5, len(data) - 40):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert not stands(changed, container), place
    assert not stands(data, certificate_file())  # another's certificate is not trusted
    assert scanned(data) == [[f"http://testserver/check/{paper.code}/"]]


def test_the_file_kept_is_the_file_that_was_signed(client, world, draft):
    equipped(world)
    client.force_login(world.registrar())
    paper, data = printed(client, draft)
    kept = PaperSignature.objects.get()
    assert (
        kept.paper == paper and kept.certificate == certificate_of(draft.school) and kept.signed_by == world.registrar()
    )
    assert kept.file.stored_id == hashlib.sha256(data).hexdigest() and read(kept.file) == data
    entry = TrailEntry.objects.get(action="签名文件")
    assert entry.after == {"code": paper.code, "serial": kept.certificate.serial, "sha256": kept.file.stored_id}
    client.force_login(world.head())
    again, same = printed(client, draft)
    assert (again, same) == (paper, data) and PaperSignature.objects.count() == 1
    differ(world, first(draft), name="马海鑫")
    client.force_login(world.registrar())
    new, other = printed(client, draft)
    assert new != paper and other != data and PaperSignature.objects.count() == 2


def test_the_form_looks_as_without(client, world, draft):
    """The places of signature, seal and date stay free for hand and stamp."""
    client.force_login(world.registrar())
    _, plain = printed(client, draft, "annex1")
    equipped(world)
    _, data = printed(client, draft, "annex1")
    pages = [pypdfium2.PdfDocument(made)[0].render(scale=1).to_pil().tobytes() for made in (plain, data)]
    assert pages[0] == pages[1] and len(plain) < len(data)


@pytest.mark.parametrize(
    ("since", "until", "moment", "why"),
    [
        (NOON + DAY, NOON + YEAR, NOON, "证书自2026-09-17起有效，尚未生效，导出的PDF不签名，由单位盖章"),
        (NOON - YEAR, NOON + DAY, NOON + 2 * DAY, "证书有效期至2026-09-17，已过期，导出的PDF不签名，由单位盖章"),
    ],
)
def test_outside_its_dates_nothing_is_signed_and_the_page_says_so(
    client, world, draft, monkeypatch, since, until, moment, why
):
    equipped(world, since=since, until=until)
    monkeypatch.setattr("registry.paper_files.now", lambda: moment)
    client.force_login(world.registrar())
    assert why in words(client.get(url("annex", draft.pk, "annex1")))
    paper, data = printed(client, draft)
    assert not PdfFileReader(io.BytesIO(data)).embedded_signatures and not PaperSignature.objects.exists()
    assert "没有用证书签名，以单位盖章为准" in check(client, paper)


def test_the_pages_say_who_signs(client, world, draft):
    client.force_login(world.registrar())
    assert "示例第一中学未设单位证书，导出的PDF不签名，由单位盖章" in words(
        client.get(url("annex", draft.pk, "annex2"))
    )
    equipped(world)
    shown = words(client.get(url("annex", draft.pk, "annex2")))
    assert re.search("导出的PDF用.*的证书签名，可在阅读器中查看；纸质件仍由单位盖章", shown)
    paper, _ = printed(client, draft)
    client.logout()
    assert f"已用{draft.school.name}的证书签名" in check(client, paper)
    withdraw(certificate=certificate_of(draft.school), why="密钥泄露", by=world.centre)
    assert f"已用{draft.school.name}的证书签名（该证书已于2026-09-16停用）" in check(client, paper)
    client.force_login(world.registrar())
    _, data = printed(client, draft)
    assert not PdfFileReader(io.BytesIO(data)).embedded_signatures


def test_a_letter_is_signed_by_the_county_that_issues_it(client, world, draft):
    asked = ask_for_letter(candidate=differ(world, first(draft), name="马海鑫"), note="", by=world.registrar())
    equipped(world)
    county = equipped(world, COUNTY, name="广河县教育局")
    client.force_login(world.county)
    assert "的证书签名" in words(client.get(url("letter", asked.pk)))
    data = client.post(url("letter_paper", asked.pk)).content
    signature, status = validated(data, county)
    assert status.bottom_line and signature.sig_object["/Name"] == world.organisation(COUNTY).name
    use = PaperSignature.objects.get().file
    for user in (world.county, world.registrar()):
        client.force_login(user)
        assert client.get(f"/files/{use.pk}/").status_code == 200


def test_every_pdf_of_the_package_is_signed_and_workbooks_are_not(client, world, draft):
    letter(world, differ(world, first(draft), name="马海鑫"))
    school, county = equipped(world), equipped(world, COUNTY, name="广河县教育局")
    client.force_login(world.registrar())
    with zipfile.ZipFile(io.BytesIO(client.post(url("bundle", draft.pk)).content)) as package:
        assert stands(package.read("附件1.pdf"), school) and stands(package.read("附件2.pdf"), school)
        assert stands(package.read("更正便函/001-便函.pdf"), county)
    assert PaperSignature.objects.count() == Paper.objects.count() == 3


def test_the_certificate_file_itself_is_nowhere_to_be_had(client, world, draft):
    container = equipped(world)
    assert not FileUse.objects.filter(stored__size=len(container)).exists()
    certificate = certificate_of(draft.school)
    assert container[:40] not in bytes(certificate.container) and PASSWORD not in str(certificate.__dict__)
    assert PASSWORD not in str(list(TrailEntry.objects.values_list("after", flat=True)))
