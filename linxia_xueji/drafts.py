"""Drafts kept on the server: what was typed into a form outlives the page, the session and a refusal (guide §8).

A form is known by the address it is posted to; where several share one, by the hidden field `deed` as well.
Nobody but the writer ever reads a draft; the content is sealed like every secret.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial, wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from linxia_xueji.access import Access
from linxia_xueji.dates import SHANGHAI, now
from linxia_xueji.models import Draft
from linxia_xueji.reading import reading
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import decrypt, encrypt

LARGEST = 20_000
"""Characters of one draft; the longest form of the portal has under 2,000."""
MOST = 30
"""Drafts of one person; the oldest gives way."""
_NEVER = re.compile("csrf|password|token|otp|^draft_|^next$")
"""Names of fields that are no work of the person, or nobody's business."""


@dataclass(frozen=True)
class Held:
    """A draft as it is given back: values by the name of the field, and when they were saved."""

    fields: dict[str, list[str]]
    saved_at: datetime

    @property
    def when(self) -> str:
        """10:42 for today's, 9月15日 10:42 for an older one."""
        local = timezone.localtime(self.saved_at, SHANGHAI)
        day = "" if local.date() == now().date() else f"{local.month}月{local.day}日 "
        return f"{day}{local:%H:%M}"

    @property
    def mark(self) -> str:
        """What a page remembers a draft by, to learn whether another page has saved since."""
        return f"{self.saved_at.timestamp():.6f}"


def key_of(path: str, deed: str = "") -> str:
    """What a form is kept under: the path it is posted to, and which of several forms it is."""
    return f"{path}#{deed}" if deed else path


_KEEP = """
    WITH oldest AS (
        DELETE FROM linxia_xueji_draft WHERE user_id = %s AND path <> %s AND id NOT IN (
            SELECT id FROM linxia_xueji_draft WHERE user_id = %s AND path <> %s ORDER BY saved_at DESC, id DESC LIMIT %s
        )
    )
    INSERT INTO linxia_xueji_draft (user_id, path, content, saved_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (user_id, path) DO UPDATE SET content = EXCLUDED.content, saved_at = EXCLUDED.saved_at
"""
"""One statement, because somebody waits for every keystroke's worth of it."""


def hold(user, path: str, fields: Mapping[str, Sequence[str]]) -> datetime:
    """Keep what was typed into the form posted to `path`, from the moment returned; what was kept of it before gives way.

    :param fields: values by the name of the field, as `dict(request.POST.lists())` gives them.
    :raises Refusal: where nothing posted to that address is kept, or it is too much.
    """
    path = path.partition("#")[0]
    if not _keeps(path):
        raise Refusal("这个页面不保存草稿，请在原页面填写后提交")
    kept = {name: list(values) for name, values in fields.items() if not _NEVER.search(name)}
    text = json.dumps(kept, ensure_ascii=False)
    if len(text) > LARGEST:
        raise Refusal("填写的内容过长，没有存为草稿，请精简后提交")
    key = key_of(path, "".join(kept.get("deed", ())[:1]))[:200]
    saved_at, own = now(), (user.pk, key)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, (*own, *own, MOST - 1, *own, encrypt(text.encode()), saved_at))
    return saved_at


def save_typed(user, key: str, posted: QueryDict) -> dict[str, str]:
    """Keep what a page sends while it is being typed into: the new mark, and words that say so.

    The last of two pages wins, and is told that it did. :raises Refusal: as `hold`.
    """
    before = held(user, key)
    kept = Held({}, hold(user, key, dict(posted.lists())))
    words = f"草稿已于{kept.when}保存"
    if before and posted.get("draft_known") not in ("*", before.mark):
        words += f"；另一页面于{before.when}填写的内容已被本页替换"
    return {"known": kept.mark, "words": words}


def held(user, path: str) -> Held | None:
    """What this person left in the form of that address (`key_of`), or None. A draft no key opens any more is none."""
    draft = Draft.objects.filter(user=user, path=path).first()
    if draft is None:
        return None
    try:
        return Held(json.loads(decrypt(bytes(draft.content))), draft.saved_at)
    except KeyError:
        return None


def kept_by(access: Access, on: date) -> QuerySet[Draft]:
    """The person's drafts, counted with the frame: a page of somebody without any looks for none."""
    return Draft.objects.filter(user=access.user_id)


def drop(user, path: str) -> None:
    """Forget what this person left in the form of that address (`key_of`)."""
    Draft.objects.filter(user=user, path=path).delete()


def clear_before(day: date) -> int:
    """Forget what was saved before a day. Returns how many drafts that were."""
    first = datetime.combine(day, datetime.min.time(), SHANGHAI)
    return Draft.objects.filter(saved_at__lt=first).delete()[0]


def oldest_kept(on: date, days: int) -> date:
    """The first day whose drafts still stand."""
    return on - timedelta(days=days)


View = Callable[..., HttpResponse]


def drafted(view: View | None = None, *, asks: Callable[[HttpRequest], bool] = lambda request: False) -> Any:
    """Keep what is posted to a view until it is done: a deed and the end of its draft are one transaction.

    Done is what answers with a page or a redirection, unless `unfinished` says otherwise. After errors (422), a refusal
    or a fault of the portal itself the typed stands as a draft. To a stranger (404) nothing is kept.

    :param asks: whether what is posted only asks something: then it is served like a page that is read.
    """
    if view is None:
        return partial(drafted, asks=asks)

    @wraps(view)
    def serve(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *arguments, **named)
        try:
            with reading() if asks(request) else transaction.atomic():
                response = view(request, *arguments, **named)
                stays = response.status_code == 422 or hasattr(response, "typed_stays")
                if not stays and response.status_code < 400:
                    drop(request.user, key_of(request.path, request.POST.get("deed", "")))
        except (Http404, PermissionDenied):
            raise
        except Exception:
            _keep_posted(request)
            raise
        if stays:
            _keep_posted(request)
        return response

    serve.keeps_drafts = True  # type: ignore[attr-defined]
    return serve


def unfinished(response: HttpResponse) -> HttpResponse:
    """Mark an answer as that to a deed not done, or not yet: what was typed stays."""
    response.typed_stays = True  # type: ignore[attr-defined]
    return response


def _keep_posted(request: HttpRequest) -> None:
    with suppress(Refusal):
        hold(request.user, request.path, dict(request.POST.lists()))


def _keeps(path: str) -> bool:
    try:
        return hasattr(resolve(path).func, "keeps_drafts")
    except Resolver404:
        return False
