"""The scans of a change: one slot a paper, what was measured, what the head confirmed and attested."""

from dataclasses import asdict

from django.db import transaction
from django.db.models import QuerySet

from approvals.enums import State
from approvals.models import Request
from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.files import keep
from linxia_xueji.models import same_scope
from linxia_xueji.policy import Policy
from linxia_xueji.prepared import hang, records
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.proof_judgement import Measures, Thresholds, judge_scan
from registry.scans import Proof as ProofScan
from transfers.models import Change, Proof
from transfers.slots import Slot, slot_of


def present(change: Change) -> list[Proof]:
    """The scans that count, not those replaced."""
    return [proof for proof in _all_of(change) if proof.replaced_at is None]


def replaced(change: Change) -> list[Proof]:
    """The scans that others have taken the place of, the latest first."""
    found = [proof for proof in _all_of(change) if proof.replaced_at is not None]
    return sorted(found, key=lambda proof: proof.replaced_at, reverse=True)


def _all_of(change: Change) -> list[Proof]:
    """Asked once a page."""
    if "proofs" not in change.__dict__.get("_prefetched_objects_cache", {}):
        hang(change, "proofs", records(_proofs, of=(change.pk,)))
        for proof in change.proofs.all():
            proof.change = change
    return list(change.proofs.all())


def _proofs(change: int) -> QuerySet[Proof]:
    """With of the file and of the people no more than a page shows."""
    found = Proof.objects.filter(change=change).select_related("file__stored", "legible_by", "attested_by")
    shown = ("file__name", "file__stored__size", "legible_by__full_name", "attested_by__full_name")
    return found.only(*(field.name for field in Proof._meta.concrete_fields), *shown)


def slots_filled(change: Change) -> frozenset[str]:
    """Which papers are there."""
    return frozenset(proof.slot for proof in present(change))


def doubts_of(change: Change) -> tuple[str, ...]:
    """Scans measured doubtful that the head has not confirmed legible: the paper, and the measures in words."""
    kind = change.request.kind
    return tuple(
        f"{slot_of(kind, proof.slot).label}：{'；'.join(doubt['words'] for doubt in proof.doubts)}"
        for proof in present(change)
        if proof.is_doubtful
    )


def unattested(change: Change) -> tuple[str, ...]:
    """Papers that must be an original, or signed and sealed, and that no head has attested to have seen so."""
    slots = ((slot_of(change.request.kind, proof.slot), proof) for proof in present(change))
    return tuple(s.label for s, proof in slots if (s.original or s.attested) and proof.attested_by_id is None)


@transaction.atomic
def put_proof(*, change: Change, slot: Slot, scan: ProofScan, by) -> Proof:
    """Keep a scan in its slot; the one that was there stays as replaced.

    :raises Refusal: unless the request lies with the school and the person fills it in.
    """
    request = _lying_with_school(change, by)
    doubts = judge_scan(Measures.of(scan.measures), Thresholds.of(Policy(request.policy).values))
    Proof.objects.filter(change=change, slot=slot.code, replaced_at=None).update(replaced_at=now())
    use = keep(
        content=scan.content_cleaned, name=scan.name, content_type=scan.content_type, purpose=slot.label[:40], by=by,
        scope=same_scope(request), party=request.counterpart,
    )  # fmt: skip
    proof = Proof.objects.create(
        change=change, slot=slot.code, file=use, measures=scan.measures, doubts=[asdict(doubt) for doubt in doubts]
    )
    _touched(request)
    record(action=f"上传{slot.label}", by=by, target=request, after={"doubts": [doubt.code for doubt in doubts]})
    return proof


AGAIN = 20
"""How many scans are offered to be used again, the latest first."""


def reusable(change: Change, slot: Slot, user) -> QuerySet[Proof]:
    """The scans of the same paper that the school has in its other requests, where one paper may speak of several students."""
    if not slot.shared:
        return Proof.objects.none()
    own = Proof.objects.visible_to(user).filter(
        slot=slot.code, replaced_at=None, change__request__school=change.request.school
    )
    same = own.filter(change__request__kind=change.request.kind).exclude(change=change)
    return same.select_related("change__request", "file__stored").order_by("-pk")


@transaction.atomic
def use_again(*, change: Change, slot: Slot, known: Proof, by) -> Proof:
    """Use a scan for another student, as of siblings in one household register: one file, a use of its own, doubted afresh.

    :raises Refusal: as of `put_proof`, and for a scan that is not offered.
    """
    request = _lying_with_school(change, by)
    if not reusable(change, slot, by).filter(pk=known.pk).exists():
        raise Refusal("所选图像不能沿用，请重新上传")
    doubts = judge_scan(Measures.of(known.measures), Thresholds.of(Policy(request.policy).values))
    Proof.objects.filter(change=change, slot=slot.code, replaced_at=None).update(replaced_at=now())
    use = type(known.file).objects.create(
        stored=known.file.stored, name=known.file.name, content_type=known.file.content_type, purpose=slot.label[:40],
        party=request.counterpart, uploaded_by=by, uploaded_at=now(), **same_scope(request),
    )  # fmt: skip
    _touched(request)
    record(action=f"沿用{slot.label}", by=by, target=request, after={"doubts": [doubt.code for doubt in doubts]})
    return Proof.objects.create(
        change=change, slot=slot.code, file=use, measures=known.measures, doubts=[asdict(doubt) for doubt in doubts]
    )


def _lying_with_school(change: Change, by) -> Request:
    request = (
        Request.objects.select_for_update(of=("self",))
        .select_related("school", "counterpart")
        .get(pk=change.request_id)
    )
    if request.state not in (State.DRAFT, State.RETURNED):
        raise Refusal(f"此件{request.status}，不能更换材料；需要更换时请联系办理机构退回")
    if not access_of(by).may(Permission.PREPARE_BUSINESS, request.school):
        raise Refusal(f"只有{request.school.short_name}的学籍管理员可以上传材料")
    return request


def _touched(request: Request) -> None:
    """A page opened before is stale now."""
    request.version += 1
    request.save(update_fields=["version"])


def may_confirm(request: Request, access) -> bool:
    """Whether the request lies at this head's step."""
    at_head = request.state == State.PENDING and request.turn_permission == Permission.DECIDE_AS_SCHOOL
    return at_head and access.may(Permission.DECIDE_AS_SCHOOL, request.turn_organisation)


def _at_head(proof: Proof, by) -> Proof:
    """:raises Refusal: unless it is this head's turn, and for a scan that has been replaced."""
    request = (
        Request.objects.select_for_update(of=("self",))
        .select_related("turn_organisation")
        .get(pk=proof.change.request_id)
    )
    if not may_confirm(request, access_of(by)):
        raise Refusal("材料由办理环节的校长核对，现在不是这一环节")
    found = Proof.objects.select_for_update(of=("self",)).select_related("legible_by", "attested_by").get(pk=proof.pk)
    if found.replaced_at is not None:
        raise Refusal("此图像已更换，请核对现在的图像")
    return found


@transaction.atomic
def confirm_legible(*, proof: Proof, reason: str, by) -> None:
    """A head has looked at a scan measured doubtful and finds it legible, with a reason (assumed)."""
    if not reason.strip():
        raise Refusal("请写明确认清晰可辨的理由")
    proof = _at_head(proof, by)
    if not proof.is_doubtful:
        who = f"已由{proof.legible_by.full_name}确认" if proof.legible_by else "未测出疑问"
        raise Refusal(f"此图像{who}，不需确认")
    proof.legible_by, proof.legible_at, proof.legible_reason = by, now(), reason.strip()[:200]
    proof.save(update_fields=["legible_by", "legible_at", "legible_reason"])
    record(action="确认材料清晰可辨", by=by, target=proof.change.request, after={"slot": proof.slot, "reason": reason})


@transaction.atomic
def attest(*, proof: Proof, by) -> None:
    """A head attests having seen the original, or its signatures and seals."""
    proof = _at_head(proof, by)
    if proof.attested_by:
        raise Refusal(f"此材料已由{proof.attested_by.full_name}核对")
    proof.attested_by, proof.attested_at = by, now()
    proof.save(update_fields=["attested_by", "attested_at"])
    record(action="核对原件和签章", by=by, target=proof.change.request, after={"slot": proof.slot})
