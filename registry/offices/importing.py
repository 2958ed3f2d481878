"""Taking in a workbook of schools and people: kept, checked, then all its rows or none in one transaction."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from linxia_xueji import files
from linxia_xueji.access import access_of, make_posts
from linxia_xueji.dates import now
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Appointment, Organisation, OrganisationName, Post, User, scope_of
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.staff.accounts import serials
from linxia_xueji.trail import record, record_all
from registry.admissions.staging import XLSX
from registry.enums import UploadState
from registry.models import OfficeUpload, Programme, SchoolProfile
from registry.offices.check import Report, check
from registry.offices.known import known_to
from registry.offices.people import PersonRow
from registry.offices.reading import read_book
from registry.offices.schools import SchoolRow

LARGEST = 10 * 1024 * 1024
"""Bytes; 1,200 schools and 1,500 people are a quarter of one million."""
FAULTS_KEPT = 1_000
_BATCH = 2_000


def report_of(content: bytes, *, by: User, on: date) -> Report:
    """The check of a workbook for the person who would import it. `UnreadableFile` where it cannot be judged."""
    return check(read_book(content), known_to(by, on))


@transaction.atomic
def receive(*, content: bytes, name: str, report: Report, by: User) -> OfficeUpload:
    """Keep a workbook with what its check found; nothing of it is in force. `Refusal` for want of the right."""
    organisation = _office(by)
    use = files.keep(
        content=content, name=name, content_type=XLSX, purpose="单位人员", scope=scope_of(organisation), by=by
    )
    upload = OfficeUpload.objects.create(
        organisation=organisation, file=use, uploaded_by=by, uploaded_at=now(), summary=report.summary,
        faults=[fault.as_json() for fault in report.faults[:FAULTS_KEPT]],
    )  # fmt: skip
    record(action="上传单位和人员", by=by, target=upload, organisation=organisation, after={"file": use.stored_id})
    return upload


def _office(by: User) -> Organisation:
    access = access_of(by)
    if not access.has(Permission.MANAGE_ACCOUNTS):
        raise Refusal("只有账号管理员可以导入单位和人员")
    return access.post.organisation


@transaction.atomic
def apply(upload: OfficeUpload, *, by: User, on: date) -> OfficeUpload:
    """Import all rows: schools that are not there, people on posts that nobody holds; what is there stays as it is.

    :raises Refusal: without the right, with errors, or imported before.
    :raises Stale: where the rows would now do something else than was shown; the page then shows the new check.
    """
    with connection.cursor() as cursor:
        # One import at a time: two workbooks checked against the same past must not both be laid over it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_offices'))")
    upload = OfficeUpload.objects.select_for_update(of=("self",)).select_related("file").get(pk=upload.pk)
    _office(by)
    if upload.state == UploadState.IMPORTED:
        raise Refusal("此文件已导入")
    report = report_of(files.read(upload.file), by=by, on=on)
    if report.summary != upload.summary:
        raise Stale("预检之后单位或岗位有变化，请重新上传并核对")
    if report.errors:
        raise Refusal(f"有{report.errors}处错误，全部改正后才能导入，请下载标注的文件改正后重新上传")
    _make_schools([row for row in report.schools if row.new], by)
    upload.accounts = _make_people([row for row in report.people if row.new], by)
    upload.state, upload.imported_by, upload.imported_at = UploadState.IMPORTED, by, now()
    upload.save()
    record(
        action="导入单位和人员", by=by, target=upload, organisation=upload.organisation,
        after={"file": upload.file.stored_id, "rows": report.summary["rows"], "count": len(upload.accounts)},
    )  # fmt: skip
    return upload


def _make_schools(rows: list[SchoolRow], by: User) -> None:
    parents = {o.code: o for o in Organisation.objects.exclude(level=Level.SCHOOL)}
    made = Organisation.objects.bulk_create(
        (
            Organisation(
                code=row.code, level=Level.SCHOOL, parent=parents[row.parent], division_id=row.division, name=row.name,
                short_name=row.short_name, valid_from=row.valid_from,
            )
            for row in rows
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    pairs = list(zip(made, rows, strict=True))
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=o, name=o.name, short_name=o.short_name, valid_from=o.valid_from) for o in made
    )
    SchoolProfile.objects.bulk_create(
        SchoolProfile(organisation=o, number_code=row.number_code or None, urban_area=row.urban_area)
        for o, row in pairs
    )
    Programme.objects.bulk_create(
        Programme(organisation=o, stage=stage, valid_from=row.valid_from) for o, row in pairs for stage in row.stages
    )
    record_all(action="设立单位", by=by, done=((o, o, {"name": o.name, "parent": row.parent}) for o, row in pairs))


def _make_people(rows: list[PersonRow], by: User) -> list[int]:
    """Accounts, missing posts and appointments; returns the ids of the accounts, in the order of the rows."""
    codes = {row.code for row in rows}
    organisations = {o.code: o for o in Organisation.objects.filter(code__in=codes)}
    posts = _posts(rows, organisations)
    users = User.objects.bulk_create(_accounts(rows), batch_size=_BATCH)
    made = Appointment.objects.bulk_create(
        (
            Appointment(user=user, post=post, starts_on=row.starts_on, document_number=row.document_number)
            for user, post, row in zip(users, posts, rows, strict=True)
        ),
        batch_size=_BATCH,
    )
    record_all(
        action="任命", by=by,
        done=(
            (held, organisations[row.code], {"username": held.user.username, "name": row.full_name,
             "starts": row.starts_on.isoformat(), "document": row.document_number})
            for held, row in zip(made, rows, strict=True)
        ),
    )  # fmt: skip
    return [user.pk for user in users]


def _posts(rows: list[PersonRow], organisations: dict[str, Organisation]) -> list[Post]:
    """The post of each row, made where there is none."""
    there = {
        (post.organisation_id, post.role, post.title): post
        for post in Post.objects.filter(organisation__in=organisations.values()).select_related("organisation")
    }
    seats = [(organisations[row.code], row.role.value, row.title) for row in rows]
    missing = [seat for seat in seats if (seat[0].pk, *seat[1:]) not in there]
    there |= {(post.organisation_id, post.role, post.title): post for post in make_posts(missing)}
    return [there[organisation.pk, role, title] for organisation, role, title in seats]


def _accounts(rows: list[PersonRow]) -> Iterable[User]:
    """New users under the next user names of their organisations, without a password until one is handed out."""
    taken: dict[str, list[str]] = {}
    for username in User.objects.filter(username__regex=r"^[0-9]+-[0-9]+$").values_list("username", flat=True):
        taken.setdefault(username.rpartition("-")[0], []).append(username)
    last = {code: serials(code, names) for code, names in taken.items()}
    for row in rows:
        last[row.code] = last.get(row.code, 0) + 1
        user = User(username=f"{row.code}-{last[row.code]:02d}", full_name=row.full_name)
        user.set_unusable_password()
        yield user
