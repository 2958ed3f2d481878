"""The digest by e-mail, through a real mail server: once each, on working days, nothing lost to a failure or a restart."""

from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Mail

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.urls import reverse

from approvals import digest
from approvals.jobs import arrange_digests, send_digests
from approvals.models import Digest, DigestAddress, Message
from linxia_xueji.models import TrailEntry, User
from tests.databases import free_port
from tests.world import DAY

SET, MESSAGES = reverse("approvals:digest_address"), reverse("approvals:messages")
ADDRESS = "reviewer@example.cn"


class Postbox:
    """Keeps what is handed over; refuses while `full`."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.full = False

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.full:
            return "452 Insufficient storage"
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"

    @property
    def texts(self) -> list[str]:
        return [mail.get_payload(decode=True).decode() for mail in self.mails]


@pytest.fixture
def postbox(settings) -> Iterator[Postbox]:
    box, port = Postbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL, settings.PORTAL_URL = "portal@example.cn", "https://portal.example"
    yield box
    server.stop()


@pytest.fixture
def batch(world):
    """A batch that waits for the county, whose reviewer wants the digest."""
    made = world.to(world.batch(2), 1)
    digest.set_address(ADDRESS, by=world.county)
    return made


def test_one_mail_of_what_is_unread_and_each_message_once(world, batch, postbox):
    assert arrange_digests(timestamp=0) == 1 and send_digests(timestamp=0) == 1
    (mail,) = postbox.mails
    assert mail["To"] == ADDRESS and "1条未读消息" in str(make_header(decode_header(mail["Subject"])))
    assert f"受理号{batch.request.number}" in postbox.texts[0]
    assert f"https://portal.example/requests/{batch.request_id}/" in postbox.texts[0]
    assert arrange_digests(timestamp=0) == send_digests(timestamp=0) == 0
    assert digest.arrange(DAY + timedelta(days=1)) == 0, "told of already"


def test_no_student_is_named(world, batch, postbox):
    arrange_digests(timestamp=0)
    send_digests(timestamp=0)
    (text,) = postbox.texts
    assert not any(candidate.name in text for candidate in batch.candidates.all())


def test_what_comes_later_in_the_day_waits_for_the_next(world, batch, postbox):
    digest.arrange(DAY)
    Message.objects.create(to=world.county, text="后来的", link="/exports/1/", at=world.county.created_at)
    assert digest.arrange(DAY) == 0
    assert digest.arrange(DAY + timedelta(days=1)) == 1
    assert digest.send_waiting(DAY + timedelta(days=1)) == 2
    assert "https://portal.example/exports/1/" in postbox.texts[1] and batch.request.number not in postbox.texts[1]


def test_nothing_on_a_free_day_and_nothing_of_what_is_read(world, batch, postbox):
    assert digest.arrange(date(2026, 10, 1)) == digest.arrange(date(2026, 9, 19)) == 0
    Message.objects.update(read_at=world.county.created_at)
    assert digest.arrange(DAY) == 0


def test_in_a_year_not_published_from_monday_to_friday(world):
    assert digest.is_working(date(2031, 1, 6)) and not digest.is_working(date(2031, 1, 5))


def test_without_a_mail_server_nothing_is_arranged_or_offered(world, batch, client):
    assert digest.arrange(DAY) == digest.send_waiting(DAY) == 0
    client.force_login(world.county)
    assert "邮件摘要" not in client.get(MESSAGES).content.decode()


def test_a_full_or_dead_mail_server_loses_nothing(world, batch, postbox, settings, client):
    digest.arrange(DAY)
    postbox.full = True
    assert digest.send_waiting(DAY) == 0
    client.force_login(world.county)
    assert "没有发出，请核对邮箱" in client.get(MESSAGES).content.decode()
    postbox.full, port, settings.EMAIL_PORT = False, settings.EMAIL_PORT, free_port()
    assert digest.send_waiting(DAY) == 0 and Digest.objects.get().error
    settings.EMAIL_PORT = port
    assert digest.send_waiting(DAY) == 1 and len(postbox.mails) == 1
    assert "没有发出" not in client.get(MESSAGES).content.decode()


def test_who_dies_after_handing_over_sends_the_same_mail_again(world, batch, postbox):
    digest.arrange(DAY)
    with transaction.atomic():
        assert digest.send_waiting(DAY) == 1
        transaction.set_rollback(True)
    assert digest.send_waiting(DAY) == 1
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"] and first["Message-ID"].endswith("@example.cn>")


def test_it_is_not_tried_for_ever(world, batch, postbox):
    digest.arrange(DAY)
    assert digest.send_waiting(DAY + digest.TRIED_FOR) == 0
    assert digest.send_waiting(DAY + digest.TRIED_FOR - timedelta(days=1)) == 1


def test_who_left_gets_none(world, batch, postbox):
    User.objects.filter(pk=world.county.pk).update(is_active=False)
    assert digest.arrange(DAY) == 0


def test_signed_out_goes_to_the_sign_in_page(db, client):
    assert client.post(SET).headers["Location"].startswith(reverse("login"))


def test_a_person_says_where_it_goes_and_stops_it(world, client, postbox):
    client.force_login(world.county)
    assert client.get(SET).status_code == 405
    assert "消息摘要将发往" in client.post(SET, {"address": ADDRESS}, follow=True).content.decode()
    assert DigestAddress.objects.get().user == world.county
    assert TrailEntry.objects.filter(action="设置消息摘要邮箱", by=world.county).exists()
    client.post(SET, {"address": ""})
    assert not DigestAddress.objects.exists()


def test_a_wrong_address_is_said_and_kept_in_the_field(world, client, postbox):
    client.force_login(world.county)
    answer = client.post(SET, {"address": "reviewer@"})
    assert answer.status_code == 422
    assert "邮箱地址不完整" in answer.content.decode() and "reviewer@" in answer.content.decode()
    assert not DigestAddress.objects.exists()
