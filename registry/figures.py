"""The figures of 附件1: what each level enters and signs with its decision."""

from django import forms

from approvals.enums import Move
from approvals.kinds import Deed
from approvals.models import Request
from approvals.permission import current_step
from linxia_xueji.dates import now
from linxia_xueji.enums import Level
from linxia_xueji.refusal import Refusal
from registry.enums import Arrival, TurnState
from registry.facts import applicants
from registry.models import BatchFigures, EnrolmentBatch
from registry.numbers import proposed_range
from registry.plans import in_force
from registry.standing import standing


class CountyFiguresForm(forms.Form):
    """The county's box: 初中毕业生总人数 by hand, the plan it issued, and how many it agrees to."""

    graduates = forms.IntegerField(
        label="初中毕业生总人数",
        min_value=0,
        max_value=200000,
        help_text="本县市当年初中毕业生总人数，由县市教育局填写",
    )
    graduates_note = forms.CharField(label="与学籍库人数不同的原因", max_length=200, required=False)
    plan = forms.IntegerField(label="教育局下达普通高中招生计划", min_value=0, max_value=200000)
    agreed = forms.IntegerField(label="同意申请注册学籍人数", min_value=0)


class PrefectureFiguresForm(forms.Form):
    """The prefecture's box: how many it agrees to; the range follows from the students that remain."""

    agreed = forms.IntegerField(label="同意注册学籍人数", min_value=0)


FORMS = {Level.COUNTY: CountyFiguresForm, Level.PREFECTURE: PrefectureFiguresForm}


def form_for(request: Request, move: str, data) -> forms.Form | None:
    """The form of the figures the present step signs; None where it signs none."""
    step = current_step(request)
    if move != Move.APPROVE or step is None or step.level not in FORMS:
        return None
    batch = request.batch
    initial = {"agreed": len(applicants(batch))}
    if step.level != Level.COUNTY:
        return FORMS[step.level](data, initial=initial, prefix="figures")
    known = standing(batch)
    proposed = known.counted_graduates if known.graduates is None else known.graduates
    form = CountyFiguresForm(
        data, initial=initial | {"plan": known.county_plan, "graduates": proposed}, prefix="figures"
    )
    if known.counted_graduates is None:
        del form.fields["graduates_note"]
    else:
        form.fields["graduates"].help_text = f"{counted_words(batch)}；不同的可以改填，并写明原因"
    return form


def counted_words(batch: EnrolmentBatch) -> str:
    """Where the number that the register proposes comes from."""
    known = standing(batch)
    state = TurnState(known.counted_in).label
    return f"学籍库：{batch.year}学年升级毕业（{state}）本县市所属初中毕业{known.counted_graduates}人"


def sign(deed: Deed) -> dict:
    """Enter the figures of the level that decides, signed by the person who decides.

    :raises Refusal: when the number agreed is not the number of students in the batch.
    """
    batch, level = deed.request.batch, deed.step.level
    people = applicants(batch)
    if not people:
        raise Refusal("批次中没有申请注册的学生，请退回修改")
    figures = {"applied": len(people)}
    if level == Level.SCHOOL:
        plan = in_force(batch.school, batch.year)
        figures |= {
            "plan": plan.count if plan else 0,
            "actual": batch.candidates.filter(arrival=Arrival.REPORTED, struck_on=None).count(),
        }
    elif level in FORMS:
        figures |= {k: deed.inputs.get(k) for k in FORMS[level].base_fields}
        _same(figures["agreed"], len(people))
        if level == Level.COUNTY:
            figures |= _graduates(batch, figures)
    first, last = proposed_range(batch)
    row = BatchFigures.objects.create(
        batch=batch,
        round=deed.request.round,
        level=level,
        first_number=first,
        last_number=last,
        signed_by=deed.by,
        signed_at=now(),
        **figures,
    )
    return {"level": level, **figures, "first": row.first_number, "last": row.last_number}


def _graduates(batch: EnrolmentBatch, figures: dict) -> dict:
    """The register's own number beside the one entered; where they differ, the reason. `Refusal` for want of one."""
    counted, note = standing(batch).counted_graduates, (figures["graduates_note"] or "").strip()
    if counted is not None and figures["graduates"] != counted and not note:
        raise Refusal(f"初中毕业生总人数与学籍库不同（{counted_words(batch)}），请写明不同的原因")
    return {"graduates_counted": counted, "graduates_note": note if figures["graduates"] != counted else ""}


def _same(agreed: int | None, applying: int) -> None:
    if agreed is None:
        raise Refusal("请填写同意注册学籍人数")
    if agreed > applying:
        raise Refusal(f"同意注册人数{agreed}超过申请人数{applying}，请改为{applying}")
    if agreed < applying:
        raise Refusal(f"同意注册人数{agreed}少于申请人数{applying}，请先逐人核减{applying - agreed}人并写明理由")


def latest(batch: EnrolmentBatch) -> dict[str, BatchFigures]:
    """What has been signed in the present round, by level."""
    return {f.level: f for f in batch.figures.filter(round=batch.request.round).select_related("signed_by")}
