"""Tokens of the interface: issued with a document, shown once, taken back at any time."""

from datetime import date
from hashlib import sha256
from secrets import token_urlsafe

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from linxia_xueji.access import Access, access_of
from linxia_xueji.dates import now, today
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import within
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.models import ApiDay, ApiToken

ISSUES = (Permission.MANAGE_ACCOUNTS, Permission.MANAGE_POLICY)
"""The account administrator of an authority, and the prefecture centre."""
LONGEST = 366
"""Days for which a token may be issued at most (assumed)."""


def _reached(access: Access) -> frozenset[int]:
    return frozenset().union(*(access.organisations(permission) for permission in ISSUES))


def tokens_for(user) -> QuerySet[ApiToken]:
    """The tokens somebody administers."""
    return ApiToken.objects.filter(within(_reached(access_of(user)), "organisation"))


def organisations_for(user) -> QuerySet[Organisation]:
    """Those whose students they may open."""
    return Organisation.objects.filter(within(_reached(access_of(user)))).order_by("code")


@transaction.atomic
def issue(
    *, organisation: Organisation, using: str, purpose: str, document_number: str, valid_until: date, by
) -> tuple[ApiToken, str]:
    """A new token, and its text, which is kept nowhere. :raises Refusal: without right, or for too long."""
    if not organisations_for(by).filter(pk=organisation.pk).exists():
        raise Refusal("只能发放本单位及下属学校数据的令牌")
    if not 0 <= (valid_until - today()).days <= LONGEST:
        raise Refusal("有效期从今天起，最长一年，请改填有效期")
    text = token_urlsafe(32)
    token = ApiToken.objects.create(
        organisation=organisation, using=using, purpose=purpose, digest=_digest(text), document_number=document_number,
        valid_until=valid_until, issued_by=by, issued_at=now(),
    )  # fmt: skip
    told = {"using": using, "purpose": token.get_purpose_display(), "document_number": document_number}
    after = told | {"valid_until": valid_until.isoformat()}
    record(action="发放接口令牌", by=by, target=token, organisation=organisation, after=after)
    return token, text


@transaction.atomic
def revoke(*, token: ApiToken, by) -> None:
    """It opens nothing any more. :raises Refusal: where it is revoked."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now(), revoked_by=by):
        raise Refusal("该令牌已停用")
    record(action="停用接口令牌", by=by, target=token, organisation=token.organisation)


def token_of(text: str) -> ApiToken | None:
    """The token of that text, where it is valid today."""
    valid = ApiToken.objects.filter(digest=_digest(text), revoked_at=None, valid_until__gte=today())
    return valid.select_related("organisation").first()


@transaction.atomic
def note_call(token: ApiToken, students: int) -> None:
    """Keep on record that a call was made, and a roster that was read in the trail as well.

    A GET writes this and nothing else: like the trail it records access, and no answer ever depends on it.
    """
    moment = now()
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)
    today_s = ApiDay.objects.filter(token=token, day=today())
    more = {"calls": F("calls") + 1, "students": F("students") + students}
    if not today_s.update(**more):
        try:
            with transaction.atomic():
                ApiDay.objects.create(token=token, day=today(), calls=1, students=students)
        except IntegrityError:  # another call of the day was first
            today_s.update(**more)
    if students:
        after = {"count": students, "purpose": token.get_purpose_display()}
        record(action="接口读取花名册", by=None, target=token, organisation=token.organisation, after=after)


def _digest(text: str) -> str:
    """Of 256 random bits nothing slower is needed than one hash."""
    return sha256(text.encode()).hexdigest()
