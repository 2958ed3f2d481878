"""What is done to an archive: materials put in and taken out, handed on with a transfer, received."""

from datetime import date

from django.db import transaction

from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.files import keep
from linxia_xueji.models import Organisation, scope_of
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.archive.contents import AT_ENTRY, entries_of
from registry.enums import ArchivePart
from registry.models import ArchiveHandover, ArchiveItem, Enrolment
from registry.scans import Scan

ON_PAPER = "纸质材料已归档"


def _may_keep(by, school: Organisation) -> None:
    if not access_of(by).may(Permission.PREPARE_BUSINESS, school):
        raise Refusal(f"只有{school.short_name}的学籍管理员可以整理本校学生的档案")


@transaction.atomic
def put_in(*, enrolment: Enrolment, part: str, title: str, dated: date, scan: Scan | None, by, on: date) -> ArchiveItem:
    """Put a material into the archive: its scan, or the note that the paper lies there.

    :raises Refusal: unless the person is a registrar of the school, or where the day is still to come.
    """
    _may_keep(by, enrolment.school)
    if dated > on:
        raise Refusal("材料日期不能晚于今天，请核对")
    use = scan and keep(
        content=scan.content, name=scan.name, content_type=scan.content_type, purpose="学籍档案", by=by,
        scope=scope_of(enrolment.school),
    )  # fmt: skip
    item = ArchiveItem.objects.create(
        enrolment=enrolment, part=part, title=title, dated=dated, file=use, added_by=by, added_at=now()
    )
    record(action="归档", by=by, target=enrolment, after={"kind": ArchivePart(part).label, "name": title})
    return item


@transaction.atomic
def take_out(*, item: ArchiveItem, reason: str, by) -> None:
    """Take a material out that was put in by mistake; it stays on record. :raises Refusal: without right or reason."""
    _may_keep(by, item.enrolment.school)
    if not reason.strip():
        raise Refusal("撤出须说明理由")
    locked = ArchiveItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if locked.removed_at:
        raise Refusal(f"“{locked.title}”已撤出")
    locked.removed_at, locked.removed_by, locked.removed_because = now(), by, reason.strip()[:200]
    locked.save(update_fields=["removed_at", "removed_by", "removed_because"])
    record(action="撤出归档材料", by=by, target=item.enrolment, after={"name": locked.title, "reason": reason.strip()})


@transaction.atomic
def tick(*, school: Organisation, enrolments: list[int], by, on: date) -> int:
    """Note for many students at once that what an archive needs lies there on paper. Returns how many archives were set up."""
    _may_keep(by, school)
    theirs = Enrolment.objects.select_for_update(of=("self",)).filter(school=school, pk__in=enrolments, ends_on=None)
    chosen = list(theirs)
    there = ArchiveItem.objects.filter(enrolment__in=chosen, part__in=AT_ENTRY, removed_at=None)
    having = set(there.values_list("enrolment", "part"))
    made = [
        ArchiveItem(enrolment=one, part=part, title=ON_PAPER, dated=on, added_by=by, added_at=now())
        for part in AT_ENTRY
        for one in chosen
        if (one.pk, part) not in having
    ]
    ArchiveItem.objects.bulk_create(made, batch_size=500)
    record(action=ON_PAPER, by=by, target=school, after={"students": len(made)})
    return len(made)


def hand_over(*, former: Enrolment, present: Enrolment) -> ArchiveHandover:
    """The archive goes along with a transfer, in the transaction of the last decision, or from a teaching point to the
    school that takes its last grade: what is in it is written down.
    """
    listing = [
        {
            "part": entry.part, "title": entry.title, "dated": entry.dated.isoformat(),
            "sha256": entry.use.stored_id if entry.use else "", "size": entry.use.stored.size if entry.use else None,
        }
        for entry in entries_of(former)
    ]  # fmt: skip
    return ArchiveHandover.objects.create(former=former, present=present, listing=listing, handed_at=now())


@transaction.atomic
def receive(*, handover: ArchiveHandover, note: str, by, on: date) -> None:
    """The receiving school has looked the archive through. :raises Refusal: unless it is theirs and not received yet."""
    _may_keep(by, handover.present.school)
    locked = ArchiveHandover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if locked.received_on:
        raise Refusal(f"该生档案已于{locked.received_on:%Y-%m-%d}接收")
    locked.received_on, locked.received_by, locked.note = on, by, note.strip()[:200]
    locked.save(update_fields=["received_on", "received_by", "note"])
    record(
        action="接收学籍档案",
        by=by,
        target=handover.present,
        after={"count": len(locked.listing), "note": note.strip()},
    )
