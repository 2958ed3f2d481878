"""The jobs of an admission list. Both may be run again after a crash: the import is one transaction."""

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linxia_xueji.dates import today
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal, Stale
from registry.admissions import importing, staging
from registry.enums import UploadState
from registry.models import AdmissionUpload

_AGAIN = RetryStrategy(max_attempts=4, exponential_wait=3)


@app.task(name="admissions.check", retry=_AGAIN)
def check_upload(upload_id: int) -> None:
    """Check and compare an upload."""
    upload = AdmissionUpload.objects.select_related("file", "organisation").get(pk=upload_id)
    if upload.state in (UploadState.WAITING, UploadState.CHECKING):
        staging.stage(upload, on=today())


@app.task(name="admissions.import", retry=_AGAIN)
def import_upload(upload_id: int, user_id: int) -> None:
    """Import an upload as it was asked for; a refusal stands on the upload, compared afresh where it had grown old."""
    upload = AdmissionUpload.objects.select_related("file", "organisation").get(pk=upload_id)
    if upload.state != UploadState.IMPORTING:
        return
    try:
        importing.apply(upload, by=User.objects.get(pk=user_id), only_clean=upload.only_clean)
    except Refusal as refusal:
        if isinstance(refusal, Stale):
            staging.stage(upload, on=today())
        AdmissionUpload.objects.filter(pk=upload_id).update(state=UploadState.CHECKED, error=refusal.message)


def check_later(upload: AdmissionUpload) -> None:
    """Defer the check of an upload to the worker."""
    check_upload.defer(upload_id=upload.pk)


@transaction.atomic
def import_later(upload: AdmissionUpload, *, by: User, only_clean: bool) -> None:
    """Ask for the import: refused at once where it can be known, done by the worker otherwise."""
    importing.request_import(upload, by=by, only_clean=only_clean)
    import_upload.defer(upload_id=upload.pk, user_id=by.pk)
