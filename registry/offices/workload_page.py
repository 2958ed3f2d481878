"""The page of the offices: loads of the registrars, empty posts, stand-ins, unused accounts."""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator

from linxia_xueji.access import access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation
from linxia_xueji.reach import organisations_where
from linxia_xueji.staff.lists import missing_roles
from registry.offices.workload import (
    LISTED,
    ORDERS,
    SPAN,
    Load,
    loads_of,
    stand_ins,
    unused_accounts,
    vacant,
    without_posts,
)
from registry.rosters.forms import SchoolField
from registry.rosters.workbook import book

A_PAGE = 50


class LoadForm(forms.Form):
    """Which schools, and which first."""

    use_required_attribute = False
    county = SchoolField(Organisation.objects.none(), label="县市", required=False, empty_label="全部")
    order = forms.ChoiceField(
        label="排序", required=False, choices=[(key, words) for key, (words, _) in ORDERS.items()]
    )

    def __init__(self, data: Any, *, user, **options: Any):
        super().__init__(data if data else None, auto_id="load-%s", **options)
        self.fields["county"].queryset = organisations_where(user, Permission.VIEW_REGISTER, Level.COUNTY)
        if Level.COUNTY in access_of(user).by_level(Permission.VIEW_REGISTER):
            del self.fields["county"]


def loads(form: LoadForm, user, on: date) -> list[Load]:
    """The rows asked for; all of them where nothing was, or where it makes no sense."""
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    county = asked.get("county")
    return loads_of(access_of(user), on, county=county.pk if county else None, order=asked.get("order") or "students")


def workload_page(form: LoadForm, user, on: date, page: str | None) -> dict[str, Any]:
    """What the page shows; as many queries however many schools there are."""
    access = access_of(user)
    empty, unset = vacant(access, on), without_posts(access, on)
    return {
        "filter_form": form, "form": form, "page": Paginator(loads(form, user, on), A_PAGE).get_page(page),
        "since": on - SPAN, "vacant": empty[:LISTED], "vacant_count": empty.count(),
        "unset": [(one, missing_roles(one)) for one in unset[:LISTED]],
        "unset_count": unset.count(), "stand_ins": stand_ins(access, on),
        "unused": unused_accounts(access, on), "listed": LISTED,
    }  # fmt: skip


def workload_book(rows: list[Load], heads: tuple[str, ...], on: date) -> bytes:
    """The loads as Excel."""
    told = f"学籍管理人员工作量，截至{on.isoformat()}；申请和办结自{(on - SPAN).isoformat()}起"
    return book("人员工作量", told, heads, [row.line for row in rows], [24, 16, 16, *[12] * 6])
