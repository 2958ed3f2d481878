"""What the page of certificates shows: which office has one, of whom, from when to when, and whether it signs."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404

from linxia_xueji.access import access_of
from linxia_xueji.certificates import MANAGE
from linxia_xueji.models import OfficeCertificate, Organisation
from linxia_xueji.reach import within

PAGE_SIZE = 50


def offices_of(user) -> QuerySet[Organisation]:
    """The offices whose certificates a person keeps; nobody else has such a page."""
    access = access_of(user)
    granted = frozenset().union(*(access.organisations(permission) for permission in MANAGE))
    if not granted:
        raise Http404
    return Organisation.objects.filter(within(granted))


def certificates_of(user) -> QuerySet[OfficeCertificate]:
    """All certificates of those offices, withdrawn ones too."""
    rows = OfficeCertificate.objects.filter(organisation__in=offices_of(user).values("pk"))
    return rows.select_related("organisation__parent__parent__parent", "uploaded_by", "withdrawn_by")


def certificate_page(user, moment: datetime, data) -> dict[str, Any]:
    """Those in use first, by office, then those withdrawn, the latest first."""
    rows = certificates_of(user).defer("container", "password")
    in_use = rows.filter(withdrawn_at=None).order_by("organisation__level", "organisation__code")
    page = Paginator(in_use, PAGE_SIZE).get_page(data.get("page"))
    for certificate in page:
        certificate.why = certificate.why_not_sign(moment)
    withdrawn = rows.exclude(withdrawn_at=None).order_by("-withdrawn_at")[:PAGE_SIZE]
    return {"page": page, "withdrawn": withdrawn}
