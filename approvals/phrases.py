"""常用语 kept by each office: whoever decides for it writes them; until it has its own, the five of the portal serve."""

from django.db import transaction
from django.db.models import QuerySet

from approvals.enums import Move
from approvals.models import StockPhrase
from linxia_xueji.access import Access
from linxia_xueji.enums import Permission
from linxia_xueji.models import Organisation
from linxia_xueji.prepared import records
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record

COMMON = (
    "请上传清晰完整的原件扫描件",
    "请补盖学校公章",
    "请补校长签字",
    "证明须为户籍主管部门出具的原件",
    "与户籍信息不一致，以户籍信息为准",
)
"""What every office begins with."""
DECIDES = (
    Permission.DECIDE_AS_SCHOOL,
    Permission.DECIDE_AS_COUNTY,
    Permission.DECIDE_AS_PREFECTURE,
    Permission.DECIDE_AS_PROVINCE,
)
NEGATIVE = (Move.SEND_BACK, Move.REFUSE, Move.STRIKE)
"""Where phrases for all decisions are offered; a phrase for approvals is written for them alone."""
MOST = 20


def office_of(access: Access) -> Organisation | None:
    """The office whose phrases the person keeps, or None for who decides for none."""
    office = access.post.organisation if access.post else None
    return office if office and any(access.may(permission, office) for permission in DECIDES) else None


def own(office: Organisation) -> list[StockPhrase]:
    """The phrases the office has written, in its order; empty while it uses the common ones."""
    return records(_own, of=(office.pk,))


def _own(office: int) -> QuerySet[StockPhrase]:
    return StockPhrase.objects.filter(organisation=office)


def offered(access: Access) -> dict[str, tuple[str, ...]]:
    """Move → phrases to choose from; nothing for who does not decide. One query."""
    office = office_of(access)
    if office is None:
        return {}
    kept = own(office) or [StockPhrase(text=text, move="") for text in COMMON]
    return {
        move: tuple(phrase.text for phrase in kept if phrase.move == move or (not phrase.move and move in NEGATIVE))
        for move, _ in StockPhrase.USES
    }


@transaction.atomic
def add(*, office: Organisation, text: str, move: str, by, order: int | None = None) -> StockPhrase:
    """Add a phrase; the common ones become the office's own at the first."""
    Organisation.objects.select_for_update().get(pk=office.pk)
    kept = own(office) or _take_over(office)
    if len(kept) >= MOST:
        raise Refusal(f"常用语最多{MOST}条，请先删除不用的")
    if any((phrase.move, phrase.text) == (move, text) for phrase in kept):
        raise Refusal("已有同样的常用语")
    last = kept[-1].order if kept else 0
    phrase = StockPhrase.objects.create(organisation=office, move=move, text=text, order=order or last + 1)
    record(action="新增常用语", by=by, target=phrase)
    return phrase


@transaction.atomic
def take_over(*, office: Organisation, by) -> None:
    """Make the common phrases the office's own, to be changed one by one."""
    Organisation.objects.select_for_update().get(pk=office.pk)
    if own(office):
        raise Refusal("本单位已有常用语，直接修改即可")
    _take_over(office)
    record(action="采用通用常用语", by=by, target=office)


def _take_over(office: Organisation) -> list[StockPhrase]:
    return StockPhrase.objects.bulk_create(
        StockPhrase(organisation=office, text=text, order=order) for order, text in enumerate(COMMON, 1)
    )


@transaction.atomic
def change(*, phrase: StockPhrase, text: str, move: str, order: int | None, by) -> None:
    """Give a phrase other words, another use or another place."""
    others = StockPhrase.objects.filter(organisation=phrase.organisation).exclude(pk=phrase.pk)
    if others.filter(move=move, text=text).exists():
        raise Refusal("已有同样的常用语")
    before = phrase.text
    phrase.text, phrase.move, phrase.order = text, move, order or phrase.order
    phrase.save(update_fields=["text", "move", "order"])
    record(action="修改常用语", by=by, target=phrase, before=before, after=text)


@transaction.atomic
def remove(*, phrase: StockPhrase, by) -> None:
    """Delete a phrase. Without any left the common ones serve again."""
    record(action="删除常用语", by=by, target=phrase)
    phrase.delete()
