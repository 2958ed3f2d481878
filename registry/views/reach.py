"""Which schools a grant reaches, by what they teach, and which lists."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.models import Organisation, User
from linxia_xueji.reach import organisations_where
from registry.models import AdmissionUpload


def senior_highs(user: User, permission: Permission) -> QuerySet[Organisation]:
    """The senior highs open today on which a person holds a permission, county by county."""
    schools = organisations_where(user, permission, Level.SCHOOL)
    return schools.filter(
        pk__in=Organisation.objects.filter(programmes__stage=Stage.SENIOR, programmes__valid_to=None).values("pk")
    ).order_by("division_id", "code")


def upload_for(request: HttpRequest, pk: int) -> AdmissionUpload:
    """The admission list, if this person may import lists there; a stranger gets 404."""
    offices = organisations_where(request.user, Permission.IMPORT_ADMISSIONS, Level.PREFECTURE)
    uploads = AdmissionUpload.objects.select_related("organisation", "file", "uploaded_by", "imported_by")
    return get_object_or_404(uploads, pk=pk, organisation__in=offices)
