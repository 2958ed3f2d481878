"""The jobs of a roster. Both may be run again after a crash: the import is one transaction."""

from django.db import IntegrityError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linxia_xueji.dates import today
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal, Stale
from registry.enums import UploadState
from registry.models import RosterUpload
from registry.roster import importing, staging

_AGAIN = RetryStrategy(max_attempts=4, exponential_wait=3)


@app.task(name="roster.check", retry=_AGAIN)
def check_roster(upload_id: int) -> None:
    """Check and compare an upload."""
    upload = RosterUpload.objects.select_related("file", "organisation").get(pk=upload_id)
    if upload.state in (UploadState.WAITING, UploadState.CHECKING):
        staging.stage(upload, on=today())


@app.task(name="roster.import", retry=_AGAIN)
def import_roster(upload_id: int, user_id: int) -> None:
    """Import an upload as it was asked for; a refusal stands on the upload, compared afresh where it had grown old."""
    upload = RosterUpload.objects.select_related("file", "organisation").get(pk=upload_id)
    if upload.state != UploadState.IMPORTING:
        return
    try:
        put_in_force(upload, by=User.objects.get(pk=user_id), only_clean=upload.only_clean)
    except Refusal as refusal:
        if isinstance(refusal, Stale):
            staging.stage(upload, on=today())
        RosterUpload.objects.filter(pk=upload_id).update(state=UploadState.CHECKED, error=refusal.message)


def put_in_force(upload: RosterUpload, *, by: User, only_clean: bool) -> RosterUpload:
    """`importing.apply`, with a student registered elsewhere in the very same moment told as `Stale`."""
    try:
        return importing.apply(upload, by=by, only_clean=only_clean, on=today())
    except IntegrityError as error:
        raise Stale("导入时有学生刚在别处取得学籍，比对结果已更新，请重新核对后再导入") from error


def check_later(upload: RosterUpload) -> None:
    """Defer the check of an upload to the worker."""
    check_roster.defer(upload_id=upload.pk)


@transaction.atomic
def import_later(upload: RosterUpload, *, by: User, only_clean: bool) -> None:
    """Ask for the import: refused at once where it can be known, done by the worker otherwise."""
    importing.request_import(upload, by=by, only_clean=only_clean)
    import_roster.defer(upload_id=upload.pk, user_id=by.pk)
