"""An upload broken off on the wire, and a file that is no image: the slot stays as it was, and one sentence says so."""

import socket
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.changes import CLEAR, GUANGHE, begin, field, fill, save
from tests.e2e.office import Office, notice

PAPER = "学生休学申请"
BOUNDARY = "----half"


def send_half(page: Page, content: bytes) -> bytes:
    """Post the form of the page by hand, hang up in the middle of the file; what the server answers, if it does."""
    address = urlsplit(page.url)
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())
    token = page.locator("main input[name=csrfmiddlewaretoken]").first.input_value()
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="scan"; filename="scan.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode() + content
    head = (
        f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nReferer: {page.url}\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body) + 100}\r\n\r\n"
    ).encode()
    with socket.create_connection((address.hostname, address.port), timeout=40) as wire:
        wire.sendall(head + body[: -len(content) // 2])
        wire.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: wire.recv(65536), b""))


def test_a_slot_stays_empty_after_half_an_upload_and_after_no_image(office: Office, pupils, pictures, tmp_path):
    enrolment, *_ = pupils["broken"]
    page = office.page(f"registrar-{GUANGHE}")
    begin(office, page, enrolment, "休学")
    fill(page, 休学开始日期="2026-09-17", 休学结束日期="2027-07-09")
    field(page, "休学原因").select_option("illness")
    request = save(office, page)
    page.get_by_role("link", name=f"上传 {PAPER}").click()
    answer = send_half(page, pictures[CLEAR].read_bytes())
    assert not answer or answer.split()[1] in (b"400", b"422"), answer[:200]
    slot = page.get_by_role("row").filter(has_text=PAPER)
    row = slot.filter(has=page.get_by_role("link", name=f"上传 {PAPER}"))
    office.go(page, request)
    expect(row).to_contain_text("未上传")

    page.get_by_role("link", name=f"上传 {PAPER}").click()
    script = tmp_path / "scan.jpg"
    script.write_bytes(b"<html><script>alert(1)</script></html>")
    field(page, "材料图像").set_input_files(script)
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("不是JPEG、PNG图片")
    field(page, "材料图像").set_input_files(pictures[CLEAR])
    page.get_by_role("button", name="上传", exact=True).click()
    assert "图像清晰完整" in notice(page)
    expect(slot.filter(has_text="scan.jpg")).to_be_visible()
