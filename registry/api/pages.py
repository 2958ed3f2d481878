"""What the page of tokens shows."""

from typing import Any

from django.db.models import Sum

from linxia_xueji.dates import today
from registry.api.fields import fields_of
from registry.api.forms import TokenForm
from registry.api.tokens import tokens_for
from registry.enums import ApiPurpose


def tokens_page(user, form: TokenForm) -> dict[str, Any]:
    """Tokens, valid ones first, with how often each was used; what each purpose reads."""
    found = tokens_for(user).select_related("organisation", "issued_by")
    used = found.annotate(calls=Sum("days__calls"), students=Sum("days__students"))
    return {
        "tokens": used.order_by("revoked_at", "-issued_at"),
        "form": form,
        "today": today(),
        "fields": [(p.label, "、".join(c.label for c in fields_of(p))) for p in ApiPurpose],
    }
