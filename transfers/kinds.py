"""The businesses of 学籍变动 as the chain knows them."""

from typing import Any

from approvals.enums import Move, State
from approvals.kinds import Deed, Kind, Stop, kind_named
from approvals.models import Request
from approvals.permission import law_forbids
from linxia_xueji.dates import today
from linxia_xueji.enums import Level
from linxia_xueji.refusal import Refusal
from transfers.business import Business
from transfers.changes import detail_of, judge_change
from transfers.enrolled import lock
from transfers.enums import Direction
from transfers.models import Transfer
from transfers.panel import change_panel
from transfers.proofs import doubts_of, unattested
from transfers.reading import read
from transfers.routes import BUILT_IN, Case, Party, case_of, steps_for, stops_of

MOVES = frozenset({Move.SUBMIT, Move.APPROVE, Move.SEND_BACK, Move.REFUSE, Move.RETRACT})


def kind_for(business: Business) -> Kind:
    """The business with all that the chain asks of it."""
    return Kind(
        code=business.code,
        label=business.label,
        prefix=business.prefix,
        book=business.book,
        moves=MOVES,
        panel="transfers/_panel.html",
        route=route,
        judge=judge_change,
        effect=lambda deed: _effect(business, deed),
        context=change_panel,
        why_not=why_not,
        bulk=True,
        per_office=business.per_office,
        done_nationally=True,
        read=read,
        approved_label=business.approved_label,
        refuse_label=business.refuse_label,
    )


def route(request: Request) -> list[Stop]:
    """The route of the business, by stage and by how the two schools lie."""
    detail = detail_of(request.change)
    own = request.school
    schools = {Party.OWN: own, Party.RECEIVING: own, Party.SENDING: own}
    outside = same = False
    stage = request.change.enrolment.stage if request.change.enrolment else ""
    if isinstance(detail, Transfer):
        stage, outside = detail.to_stage, detail.direction != Direction.INSIDE
        if not outside:
            schools[Party.SENDING] = request.change.enrolment.school
            same = own.division_id == schools[Party.SENDING].division_id
    case = case_of(request.kind, stage, outside=outside, same_county=same)
    steps = steps_for(request.kind, case, own.at(Level.PREFECTURE), request.submitted_on or today())
    return stops_of(steps, schools)


def route_of_entry(request: Request) -> list[Stop]:
    """The route of 小学初中新生注册: school head → county, the prefecture for its own schools, unless it was set otherwise."""
    own = request.school
    on = request.submitted_on or today()
    steps = steps_for(request.kind, Case.COMPULSORY, own.at(Level.PREFECTURE), on)
    return stops_of(steps, dict.fromkeys(Party, own))


def routed() -> list[Kind]:
    """Every business whose route is data."""
    return [kind_named(code) for code in BUILT_IN]


def why_not(request: Request, move: Move) -> str | None:
    """What the papers of any business want before the head lets it go on."""
    if move != Move.APPROVE or request.state != State.PENDING or request.turn_level != Level.SCHOOL:
        return None
    if doubtful := doubts_of(request.change):
        return f"有{len(doubtful)}份材料图像存疑（{doubtful[0]}），须逐份确认清晰可辨并写明理由，或退回重新上传"
    if unseen := unattested(request.change):
        return f"有{len(unseen)}份材料尚未核对原件或签字公章（{unseen[0]}），请看过原件后在“证明材料”中逐份点“已核对”"
    return None


def _effect(business: Business, deed: Deed) -> dict[str, Any] | None:
    """Nothing until the last decision; then the deed of the business, the enrolment's row held and judged as it is now.

    :raises Refusal: where another decision changed the enrolment between the judgement and this moment.
    """
    if not deed.final:
        return None
    change = deed.request.change
    if change.enrolment_id:
        change.enrolment = lock(change.enrolment)
        judgement = judge_change(deed.request, deed.on)
        if sentence := law_forbids(judgement, deed.move):
            raise Refusal(sentence, rule=judgement.problems[0].rule.id)
    deed.request.awaits_national = True
    return business.effect(deed, change, detail_of(change))
