"""期限怎么算 on the page of a request: its clock, and what the settings it began with make of it."""

from datetime import date
from typing import Any

from approvals.clock_words import office_in_words
from approvals.due import clock_of, days_per_office, ends_nationally, limit_words, offices_of
from approvals.models import Request
from approvals.permission import steps_of
from linxia_xueji.policy_settings import SETTINGS
from linxia_xueji.rules import Basis


def clock_card(request: Request, on: date) -> dict[str, Any]:
    """`clock`: the one that counts now. `clock_limit`: how long the law gives. `clock_offices`: the count of each office
    where each has days of its own. `clock_notes`: what of it rests on a setting, with its basis.
    """
    counted = offices_of(request, on)
    names = {step.organisation_id: step.organisation.short_name for step in steps_of(request)} if counted else {}
    names[request.school_id] = request.school.short_name
    return {
        "clock": clock_of(request, on),
        "clock_limit": limit_words(request.kind, request.policy),
        "clock_offices": [office_in_words(office, names[office.office]) for office in counted],
        "clock_notes": _notes(request),
    }


def _notes(request: Request) -> list[str]:
    notes = []
    if each := days_per_office(request.kind, request.policy):
        notes.append(
            f"各方分别计算、各{each}个工作日，不合计（州政策设置，{SETTINGS['clock.transfer_per_party'].why}）。"
        )
    if ends_nationally(request.kind, request.policy):
        notes.append(f"本门户办结后继续计时，到登记国网办结为止（州政策设置，{Basis.ASSUMED.label}）。")
    return notes
