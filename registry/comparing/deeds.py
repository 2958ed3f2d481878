"""What people do about differences: note what was done, say who is one person."""

from django.db import transaction

from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.models import User
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.trail import record
from registry.comparing.enums import FILES, PairDecision
from registry.models import Difference, DifferenceNote, Pair

DECIDERS = (Permission.DECIDE_AS_SCHOOL, Permission.DECIDE_AS_COUNTY, Permission.DECIDE_AS_PREFECTURE)
SETTLERS = (Permission.PREPARE_BUSINESS, *DECIDERS)


def why_not_note(user: User, difference: Difference) -> str:
    """Why the person cannot note anything about it, or ""."""
    if difference.closed_in_id:
        return "此项差异已消除，不用再登记"
    if not any(access_of(user).may(permission, difference.school) for permission in SETTLERS):
        return "由学生所在学校、县市教育局或州学管中心登记"
    return ""


@transaction.atomic
def note(*, difference: Difference, mended_in: str, words: str, by: User) -> DifferenceNote:
    """Note what was done, and in which system it was put right. :raises Refusal: see `why_not_note`; without words."""
    difference = (
        Difference.objects.select_for_update(of=("self",))
        .select_related("school__parent__parent__parent")
        .get(pk=difference.pk)
    )
    if why := why_not_note(by, difference):
        raise Refusal(why)
    if mended_in and mended_in not in [system.value for system in FILES]:
        raise Refusal("请从列出的系统中选择")
    if not words.strip():
        raise Refusal("请写明怎样处理的")
    made = DifferenceNote.objects.create(
        difference=difference, mended_in=mended_in, note=words.strip()[:200], by=by, at=now()
    )
    record(
        action="登记比对差异的处理", by=by, target=difference, organisation=difference.school, after={"note": str(made)}
    )
    return made


def why_not_decide(user: User, pair: Pair) -> str:
    """Why the person cannot decide about it, or ""."""
    if pair.decision:
        return f"已判定{pair.get_decision_display()}，页面已更新"
    if not any(access_of(user).may(permission, pair.school) for permission in DECIDERS):
        return "由双方共同的学校（校长）、县市教育局判定，跨县市的由州学管中心判定"
    return ""


@transaction.atomic
def decide(*, pair: Pair, decision: str, reason: str, by: User) -> Pair:
    """Say whether two records are one person's; it stays decided, and the next comparison goes by it.

    :raises Refusal: see `why_not_decide`; without a reason. :raises Stale: decided meanwhile.
    """
    pair = Pair.objects.select_for_update(of=("self",)).select_related("school__parent__parent__parent").get(pk=pair.pk)
    if why := why_not_decide(by, pair):
        raise (Stale if pair.decision else Refusal)(why)
    if decision not in PairDecision.values:
        raise Refusal("请选择是不是同一人")
    if not reason.strip():
        raise Refusal("请写明依据：核对了什么材料")
    pair.decision, pair.reason, pair.decided_by, pair.decided_at = decision, reason.strip()[:200], by, now()
    pair.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    record(
        action="判定疑似同一人", by=by, target=pair, organisation=pair.school,
        after={"decision": pair.get_decision_display(), "reason": pair.reason},
    )  # fmt: skip
    return pair
