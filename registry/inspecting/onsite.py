"""On site: a visit begins, each drawn student is looked at, pictures are taken, the visit ends.

What comes from a telephone bears a key of its own, so that what is sent twice is written once, and the version it was seen
in, so that of two members who looked at one student neither overwrites the other unknowing.
"""

from uuid import UUID

from django.db import transaction
from django.urls import reverse

from approvals.messages import tell
from linxia_xueji.access import access_of, people_who_may
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.files import keep
from linxia_xueji.models import FileUse, Organisation, User, same_scope
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.trail import record
from registry.inspecting.enums import Sight, VisitState
from registry.models import InspectedStudent, InspectionPhoto, InspectionRound, InspectionTick, InspectionVisit
from registry.scans import Proof

PURPOSE = "督查照片"


def in_team(user: User, found: InspectionRound) -> bool:
    """Whether a person is of the team by account, and still sees the register of the office."""
    return (
        access_of(user).may(Permission.VIEW_REGISTER, found.organisation) and found.members.filter(user=user).exists()
    )


def why_not_record(user: User, visit: InspectionVisit) -> str:
    """Why the person cannot record anything at a school, or ""."""
    if not in_team(user, visit.round):
        return "由检查组中有账号的成员登记"
    return _why_not_now(visit)


def _why_not_now(visit: InspectionVisit) -> str:
    if visit.round.called_off_at:
        return "此次督查已撤销"
    if visit.state == VisitState.PLANNED:
        return "到校后请先点“开始检查”"
    return "现场检查已结束，不再登记" if visit.state == VisitState.FINISHED else ""


def told_at(school: Organisation, on) -> list[User]:
    """Whom a school hears through: its head and its registrars."""
    return [
        *people_who_may(Permission.DECIDE_AS_SCHOOL, school, on),
        *people_who_may(Permission.PREPARE_BUSINESS, school, on),
    ]


def _locked(visit: InspectionVisit) -> InspectionVisit:
    found = InspectionVisit.objects.select_for_update(of=("self",)).select_related(
        "round__organisation__parent", "school__parent__parent__parent"
    )
    return found.get(pk=visit.pk)


@transaction.atomic
def begin(*, visit: InspectionVisit, by: User) -> None:
    """The team is at the school, which from now on sees the visit. :raises Refusal: outside the team. :raises Stale: begun."""
    # The round is locked against being called off at the same moment.
    InspectionRound.objects.select_for_update().get(pk=visit.round_id)
    visit = _locked(visit)
    if not in_team(by, visit.round):
        raise Refusal("由检查组中有账号的成员开始检查")
    if visit.round.called_off_at:
        raise Refusal("此次督查已撤销")
    if visit.state != VisitState.PLANNED:
        raise Stale(f"{visit.school.short_name}的检查已开始，页面已更新")
    visit.state, visit.begun_at, visit.begun_by, visit.visited_on = VisitState.UNDERWAY, now(), by, now().date()
    visit.save(update_fields=["state", "begun_at", "begun_by", "visited_on"])
    record(action="开始到校检查", by=by, target=visit, organisation=visit.school)
    _tell(visit, f"{visit.round}：检查组已到校，开始检查", by)


@transaction.atomic
def finish(*, visit: InspectionVisit, by: User) -> None:
    """Nothing more is recorded. :raises Refusal: while somebody drawn has not been looked at."""
    visit = _locked(visit)
    if why := why_not_record(by, visit):
        raise Refusal(why)
    if left := visit.people.filter(result="").count():
        raise Refusal(f"还有{left}名抽查学生没有登记，登记后再结束现场检查；有未送出的，请等送出后再试")
    visit.state, visit.finished_at, visit.finished_by = VisitState.FINISHED, now(), by
    visit.save(update_fields=["state", "finished_at", "finished_by"])
    record(action="结束到校检查", by=by, target=visit, organisation=visit.school)
    _tell(visit, f"{visit.round}：现场检查已结束，结果可以查看", by)


def _tell(visit: InspectionVisit, words: str, by: User) -> None:
    tell(told_at(visit.school, now().date()), words, link=reverse("registry:visit", args=[visit.pk]), by=by)


@transaction.atomic
def tick(*, student: InspectedStudent, result: str, note: str, key: UUID, seen: int, by: User) -> InspectedStudent:
    """Record what was seen of a student; what was sent before under the same key is not written again.

    :param seen: the version from which it was made.
    :raises Refusal: see `why_not_record`; for an unknown result. :raises Stale: another recorded something else meanwhile.
    """
    # Whoever ends the visit waits for this, and this for them.
    visit = (
        InspectionVisit.objects.select_for_update(of=("self",))
        .select_related("round__organisation__parent")
        .get(pk=student.visit_id)
    )
    student = InspectedStudent.objects.select_for_update(of=("self",)).select_related("recorded_by").get(pk=student.pk)
    if sent := InspectionTick.objects.filter(key=key).first():
        if sent.student_id != student.pk or sent.by_id != by.pk:
            raise Refusal("此次登记的编号已用过，请重新打开本页后再登记")
        return student
    if why := why_not_record(by, visit):
        raise Refusal(why)
    if result and result not in Sight.values:
        raise Refusal("请从列出的结果中选择")
    note = note.strip()[:200]
    if (student.result, student.note) == (result, note):
        return student
    if student.version != seen:
        raise Stale(clash(student))
    student.result, student.note, student.version = result, note, student.version + 1
    student.recorded_by, student.recorded_at = by, now()
    student.save(update_fields=["result", "note", "version", "recorded_by", "recorded_at"])
    InspectionTick.objects.create(
        student=student, key=key, version=student.version, result=result, note=note, by=by, at=student.recorded_at
    )
    after = {"name": student.name, "value": Sight(result).label if result else "", "note": note}
    record(action="登记抽查学生", by=by, target=student, organisation=by_office(visit), after=after)
    return student


def by_office(visit: InspectionVisit) -> Organisation:
    """Under whose name the trail keeps what a team does."""
    return visit.round.organisation


def clash(student: InspectedStudent) -> str:
    """What another has recorded meanwhile, in a sentence."""
    told = student.get_result_display() or "未登记"
    note = f"（{student.note}）" if student.note else ""
    return f"{student.recorded_by.full_name}已于{student.recorded_at.astimezone(now().tzinfo):%H:%M}登记为“{told}”{note}，请核对后再定"


@transaction.atomic
def tick_page(*, visit: InspectionVisit, rows: list[dict], by: User) -> tuple[int, list[str]]:
    """Record a page of students at once, as a form without script sends them; how many were written, and who was not.

    :param rows: student, result, note, key, seen of each. What was not changed on the page is left alone.
    """
    written, clashes = 0, []
    before = _as_seen([(row["student"].pk, row["seen"]) for row in rows])
    for row in rows:
        student = row["student"]
        if before.get((student.pk, row["seen"]), ("", "")) == (row["result"], row["note"].strip()[:200]):
            continue
        try:
            written += tick(**row, by=by).version != student.version
        except Stale as stale:
            clashes.append(f"{student.name}：{stale.message}")
    return written, clashes


def _as_seen(versions: list[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str]]:
    """What stood in each version of each student; before the first, nothing."""
    ticks = InspectionTick.objects.filter(student__in=[pk for pk, _ in versions])
    return {(t.student_id, t.version): (t.result, t.note) for t in ticks}


def keep_photo(visit: InspectionVisit, photo: Proof, by: User) -> FileUse:
    """The picture as it is kept: upright, without place and camera."""
    return keep(
        content=photo.content_cleaned, name=photo.name, content_type=photo.content_type, purpose=PURPOSE, by=by,
        scope=same_scope(visit),
    )  # fmt: skip


@transaction.atomic
def add_photo(
    *, visit: InspectionVisit, student: InspectedStudent | None, photo: Proof, caption: str, key: UUID, by: User
) -> InspectionPhoto:
    """Add a picture; the same one sent twice is kept once. :raises Refusal: see `why_not_record`."""
    visit = _locked(visit)
    if sent := InspectionPhoto.objects.filter(key=key, visit=visit, taken_by=by).first():
        return sent
    if why := why_not_record(by, visit):
        raise Refusal(why)
    made = InspectionPhoto.objects.create(
        visit=visit,
        student=student,
        file=keep_photo(visit, photo, by),
        caption=caption.strip(),
        key=key,
        taken_by=by,
        taken_at=now(),
    )
    record(action="上传督查照片", by=by, target=made, organisation=by_office(visit), after={"name": caption.strip()})
    return made
