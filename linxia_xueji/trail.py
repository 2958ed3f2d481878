"""Writing the audit trail."""

from contextvars import ContextVar
from typing import Any

from django.db import models

from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.models import Organisation, TrailEntry

origin: ContextVar[str] = ContextVar("origin", default="")
"""The address the present request comes from; the middleware sets it, jobs and commands leave it empty."""


def record(
    *,
    action: str,
    by,
    target: models.Model,
    before: Any = None,
    after: Any = None,
    organisation: Organisation | None = None,
    rule_version: str = "",
) -> TrailEntry:
    """Add an entry, inside the transaction of the deed. Neither `before` nor `after` may hold a secret in plain."""
    post = access_of(by).post if by else None
    return TrailEntry.objects.create(
        at=now(),
        action=action,
        by=by,
        post=post,
        organisation=organisation or (post.organisation if post else None),
        address=origin.get(),
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:200],
        before=before,
        after=after,
        rule_version=rule_version,
    )
