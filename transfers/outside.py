"""The decision of an authority outside the prefecture, recorded with its document by the county, or by the prefecture for its own schools."""

from datetime import date

from django import forms
from django.db import transaction

from approvals.enums import State
from approvals.models import Request
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Level
from linxia_xueji.forms import DayField
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.forms import PageForm
from transfers.enums import Direction
from transfers.models import Transfer
from transfers.models.details import Detail


class OutsideForm(PageForm):
    """Who decided, by which document and when."""

    code = "outside"
    outside_authority = forms.CharField(label="州外主管部门", max_length=100)
    outside_document = forms.CharField(label="决定文号", max_length=60)
    outside_decided_on = DayField(label="决定日期")


def may_record_outside(request: Request, detail: Detail, access: Access) -> bool:
    """Whether the request is a transfer from or to outside that lies at this person's step above the school."""
    if not isinstance(detail, Transfer) or detail.direction == Direction.INSIDE or request.state != State.PENDING:
        return False
    above = request.turn_level in (Level.COUNTY, Level.PREFECTURE)
    return above and access.may(request.turn_permission, request.turn_organisation)


@transaction.atomic
def record_outside(*, request: Request, detail: Transfer, decided: dict[str, str | date], on: date, by) -> None:
    """Record it. :raises Refusal: at another step, or for a day to come."""
    request = Request.objects.select_for_update(of=("self",)).select_related("turn_organisation").get(pk=request.pk)
    if not may_record_outside(request, detail, access_of(by)):
        raise Refusal("州外主管部门的决定由县级（州直属学校由州级）在办理环节登记")
    if decided["outside_decided_on"] > on:
        raise Refusal("决定日期晚于今天，请核对")
    for name, value in decided.items():
        setattr(detail, name, value)
    detail.save(update_fields=list(decided))
    request.version += 1
    request.save(update_fields=["version"])
    record(action="登记州外决定", by=by, target=request, after={"document": decided["outside_document"]})
