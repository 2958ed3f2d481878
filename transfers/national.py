"""国网办结: what the law wants done is done in the national system; day and person are recorded after the approval here."""

from datetime import date

from django import forms
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from approvals.due import done_nationally
from approvals.models import Request
from linxia_xueji.access import Access, access_of
from linxia_xueji.enums import Permission
from linxia_xueji.forms import DayField
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.forms import PageForm
from transfers.models import Change


class NationalForm(PageForm):
    """When and by whom it was done in the national system."""

    code = "national"
    national_on = DayField(label="国网办结日期")
    national_by = forms.CharField(label="国网经办人", max_length=100)


def may_record_national(request: Request, access: Access) -> bool:
    """Whether it is approved, not yet recorded, and this is the registrar of the school that applied."""
    return request.awaits_national and access.may(Permission.PREPARE_BUSINESS, request.school)


def waiting(access: Access, on: date) -> QuerySet[Change]:
    """Approved here and not yet done in the national system, of all the person may see, the oldest first."""
    return Change.objects.open_to(access).filter(request__awaits_national=True).order_by("request__closed_on", "pk")


def still_waiting(access: Access, on: date) -> QuerySet[Request]:
    """The requests of the same in no order: to be counted, on every page, out of an index alone."""
    return Request.objects.open_to(access).filter(awaits_national=True)


def how_many_wait(access: Access, on: date) -> tuple[int, int]:
    """How many wait so, and how many of them are over their last day where the clock runs on until then; one query."""
    counted = still_waiting(access, on).aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on)))
    return counted["all"], counted["late"]


@transaction.atomic
def record_national(*, change: Change, national_on: date, national_by: str, on: date, by) -> None:
    """:raises Refusal: for anybody but the applying school's registrar, twice, or for a day before the approval or to come."""
    change = (
        Change.objects.select_for_update(of=("self", "request")).select_related("request__school").get(pk=change.pk)
    )
    request = change.request
    if change.national_on is not None:
        raise Refusal(f"已登记：{change.national_on:%Y-%m-%d}，{change.national_by}")
    if not may_record_national(request, access_of(by)):
        raise Refusal(f"由{request.school.short_name}的学籍管理员在办结后登记")
    if request.closed_on and national_on < request.closed_on:
        raise Refusal(f"国网办结日期早于本门户办结日期（{request.closed_on:%Y-%m-%d}），请核对")
    if national_on > on:
        raise Refusal("国网办结日期晚于今天，请核对")
    change.national_on, change.national_by, change.national_recorded_by = national_on, national_by.strip(), by
    change.save(update_fields=["national_on", "national_by", "national_recorded_by"])
    done_nationally(request, on, national_on)
    record(action="登记国网办结", by=by, target=request, after={"on": national_on.isoformat(), "by": national_by})
