"""Writing the audit trail."""

from collections.abc import Iterable
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
        before=before,
        rule_version=rule_version,
        **_facts(action, by, post, target, organisation, after),
    )


def record_all(*, action: str, by, done: Iterable[tuple[models.Model, Organisation, Any]]) -> None:
    """The same for many targets of one deed, each with its organisation and what it became; one statement."""
    post = access_of(by).post if by else None
    TrailEntry.objects.bulk_create(
        (TrailEntry(**_facts(action, by, post, target, organisation, after)) for target, organisation, after in done),
        batch_size=2000,
    )


def _facts(
    action: str, by, post, target: models.Model, organisation: Organisation | None, after: Any
) -> dict[str, Any]:
    return {
        "at": now(),
        "action": action,
        "by": by,
        "post": post,
        "organisation": organisation or (post.organisation if post else None),
        "address": origin.get(),
        "target_type": target._meta.label_lower,
        "target_id": str(target.pk),
        "target_label": str(target)[:200],
        "after": after,
    }
