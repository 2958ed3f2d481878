"""The digest: on working days one e-mail to each who gave an address, of the messages unread and not yet told of outside.

It is written down first, with the messages it tells of, and sent afterwards: what a restart or a failing mail server cuts
off is taken up again. Where the portal dies between handing a mail over and noting that it did, the mail goes out again
under the same Message-ID, by which mail systems know it for the same one. An e-mail passes through other hands: it names
numbers of requests, and no student.
"""

import smtplib
from datetime import date, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from approvals.calendar import SATURDAY, UnknownYear
from approvals.calendars import calendars
from approvals.models import Digest, DigestAddress, Message
from linxia_xueji.dates import SHANGHAI, now
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, User
from linxia_xueji.trail import record

LISTED = 50
TRIED_FOR = timedelta(days=3)
"""How long an e-mail is tried again; by then the next ones tell of what is new, and the page says that none arrives."""


def configured() -> bool:
    """Whether there is a mail server to send through."""
    return bool(settings.EMAIL_HOST)


@transaction.atomic
def set_address(address: str, *, by: User) -> None:
    """Where this person's digest goes from now on; nowhere for an empty one."""
    if address:
        DigestAddress.objects.update_or_create(user=by, defaults={"address": address, "set_at": now()})
    else:
        DigestAddress.objects.filter(user=by).delete()
    record(action="设置消息摘要邮箱" if address else "停用消息摘要邮箱", by=by, target=by)


def is_working(on: date) -> bool:
    """Whether digests go out on a day: a working day of the prefecture; in a year not published yet, Monday to Friday (assumed)."""
    prefecture = Organisation.objects.filter(level=Level.PREFECTURE).select_related("parent").order_by("code").first()
    calendar = calendars().of(prefecture) if prefecture else calendars().along(())
    try:
        return calendar.is_working(on)
    except UnknownYear:
        return on.weekday() < SATURDAY


@transaction.atomic
def arrange(on: date) -> int:
    """Write the digests of a day: one a person, of what is unread and in none yet. Returns how many; asked again, none."""
    if not configured() or not is_working(on):
        return 0
    with connection.cursor() as cursor:
        # Two workers at once would each find the same messages in no digest.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('approvals_digest'))")
    today = Digest.objects.filter(to=OuterRef("user"), on=on)
    waiting = _untold().filter(to=OuterRef("user"))
    wanting = DigestAddress.objects.filter(~Exists(today), Exists(waiting), user__is_active=True).order_by("user")
    made = Digest.objects.bulk_create(Digest(to_id=a.user_id, address=a.address, on=on) for a in wanting)
    of_today = Digest.objects.filter(to=OuterRef("to"), on=on).values("pk")
    _untold().filter(to__in=[digest.to_id for digest in made]).update(digest=Subquery(of_today))
    return len(made)


def _untold() -> QuerySet[Message]:
    return Message.objects.filter(read_at=None, digest=None)


def send_waiting(on: date) -> int:
    """Send what is written and not sent. Returns how many; what cannot be handed over now stays, with the reason."""
    waiting = Digest.objects.filter(sent_at=None, on__gt=on - TRIED_FOR, on__lte=on).order_by("pk")
    return sum(_send(pk) for pk in list(waiting.values_list("pk", flat=True))) if configured() else 0


@transaction.atomic
def _send(pk: int) -> bool:
    """The row is held meanwhile, so that two workers do not both send it."""
    held = Digest.objects.select_for_update(of=("self",), skip_locked=True).select_related("to")
    digest = held.filter(pk=pk, sent_at=None).first()
    if digest is None:
        return False
    try:
        with get_connection(timeout=20) as link:
            link.send_messages([_mail(digest)])
    except (smtplib.SMTPException, OSError) as error:
        digest.error = f"{type(error).__name__}: {error}"[:200]
    else:
        digest.sent_at, digest.error = now(), ""
    digest.save(update_fields=["sent_at", "error"])
    return digest.sent_at is not None


def _mail(digest: Digest) -> EmailMessage:
    told = digest.messages.select_related("request").order_by("at", "pk")
    lines = [_line(message) for message in told[:LISTED]]
    count = told.count()
    more = [f"……另有{count - LISTED}条"] if count > LISTED else []
    day = f"{digest.on.year}年{digest.on.month}月{digest.on.day}日"
    body = [
        f"{digest.to.full_name}：", "", f"门户中有{count}条未读消息：", *lines, *more, "",
        f"查看：{settings.PORTAL_URL}{reverse('approvals:messages')}?unread=1", "",
        "邮件只列受理号，不含学生信息。不再需要的，可在“消息”页停用。",
    ]  # fmt: skip
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    identity = f"<digest.{digest.pk}.{digest.on:%Y%m%d}@{host}>"
    return EmailMessage(
        f"临夏学籍：{count}条未读消息（{day}）", "\n".join(body), to=[digest.address], headers={"Message-ID": identity}
    )


def _line(message: Message) -> str:
    at = message.at.astimezone(SHANGHAI)
    if message.request:
        page, what = reverse("approvals:request", args=[message.request_id]), f"受理号{message.request.number}"
    else:
        page, what = message.link, "其他事项"
    address = f" {settings.PORTAL_URL}{page}" if page else ""
    return f"- {at.month}月{at.day}日{at:%H:%M} {what}{address}"
