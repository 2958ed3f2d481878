"""What the school's working page shows of a batch: who came, what differs from the list, what is still to be done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator

from approvals.calendar import UnknownYear
from approvals.calendars import calendars
from approvals.due import clock_of
from approvals.enums import Move, State
from approvals.kinds import kind_of
from approvals.permission import law_forbids, why_not
from linxia_xueji.access import Access, access_of
from linxia_xueji.addresses import address
from linxia_xueji.enums import Permission
from registry.batches import waiting_admissions
from registry.enums import LISTED_FIELDS, Arrival
from registry.facts import (
    EXCUSED,
    corrected_fields,
    differing_fields,
    intake_of,
    is_applicant,
    last_day_of,
    letters_of,
    people_of,
)
from registry.models import Candidate, CorrectionItem, EnrolmentBatch
from registry.panel import issued_to, numbers_of
from registry.standing import standing

PAGE_SIZE = 100
ARRIVAL_TONES = {
    Arrival.REPORTED: "ok",
    Arrival.DEFERRED: "info",
    Arrival.FORCE_MAJEURE: "info",
    Arrival.NO_SHOW: "bad",
}


@dataclass(frozen=True)
class Row:
    """One student of the list."""

    candidate: Candidate
    number: str
    void: bool
    uncorrected: tuple[str, ...]
    corrected: tuple[str, ...]

    @property
    def url(self) -> str:
        """The page of the student."""
        return address("registry:candidate", self.candidate.pk)

    @property
    def tone(self) -> str:
        """The colour of the arrival."""
        return ARRIVAL_TONES.get(self.candidate.arrival, "")


def _standing(test: Callable[[Row], bool]) -> Callable[[Row], bool]:
    return lambda row: row.candidate.struck_on is None and test(row)


SHOWN: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "": ("人在名单", lambda row: True),
    "unmarked": ("人未登记", _standing(lambda row: row.candidate.arrival == Arrival.UNMARKED)),
    "reported": ("人已报到", _standing(lambda row: row.candidate.arrival == Arrival.REPORTED)),
    "differing": ("人待更正", _standing(lambda row: bool(row.uncorrected))),
    "excused": ("人延期·不可抗力", _standing(lambda row: row.candidate.arrival in EXCUSED)),
    "no_show": ("人未报到", _standing(lambda row: row.candidate.arrival == Arrival.NO_SHOW)),
    "held_back": ("人暂缓", _standing(lambda row: bool(row.candidate.held_back))),
    "struck": ("人已核减", lambda row: row.candidate.struck_on is not None),
}
"""Value of `show` in the address → words, and who is shown."""


def rows_of(batch: EnrolmentBatch) -> list[Row]:
    """Every student of the batch by 准考证号, in four queries whatever its size."""
    people = people_of(batch)
    letters: dict[int, list[CorrectionItem]] = {}
    for letter in letters_of(batch):
        if letter.issued_on:
            letters.setdefault(letter.candidate_id, []).extend(letter.items.all())
    numbers = {} if issued_to(people) else numbers_of(batch, [p for p in people if is_applicant(p)])
    return [_row(person, numbers, letters.get(person.pk, [])) for person in people]


def _row(person: Candidate, numbers: dict[int, str], items: list[CorrectionItem]) -> Row:
    issued = person.enrolment.student_number if person.enrolment_id else None
    differing, covered = differing_fields(person), corrected_fields(person, items)
    words = {True: tuple(LISTED_FIELDS[f] for f in LISTED_FIELDS if f in differing & covered),
             False: tuple(LISTED_FIELDS[f] for f in LISTED_FIELDS if f in differing - covered)}  # fmt: skip
    return Row(
        person,
        issued.number if issued else numbers.get(person.pk, ""),
        bool(issued and issued.voided_on),
        words[False],
        words[True],
    )


def may_edit(batch: EnrolmentBatch, access: Access) -> bool:
    """Whether this person may change the batch as it stands."""
    return batch.request.state in (State.DRAFT, State.RETURNED) and access.may(
        Permission.PREPARE_BUSINESS, batch.school
    )


def batch_page(batch: EnrolmentBatch, user, on: date, *, show: str = "", page: str | int = 1) -> dict[str, Any]:
    """The whole page."""
    batch.request.school = batch.school
    access, rows = access_of(user), rows_of(batch)
    show = show if show in SHOWN else ""
    chosen = [row for row in rows if SHOWN[show][1](row)]
    numbers = [row.number for row in rows if row.number]
    editable = may_edit(batch, access)
    return {
        "batch": batch,
        "request_obj": batch.request,
        "clock": clock_of(batch.request, on) if batch.request.submitted_on else None,
        "editable": editable,
        "registrar": access.may(Permission.PREPARE_BUSINESS, batch.school),
        "kpis": _kpis(rows, show),
        "page": _page(chosen, page),
        "show": show,
        "unmarked": sum(SHOWN["unmarked"][1](row) for row in rows),
        "applying": sum(is_applicant(row.candidate) for row in rows),
        "numbers": (min(numbers), max(numbers)) if numbers else None,
        "issued": any(row.candidate.enrolment_id for row in rows),
        "plan": standing(batch).plan,
        "intake": intake_of(batch),
        "waiting": waiting_admissions(batch) if batch.request.is_open else 0,
        "blocked": submit_blocked(batch, user, access, on) if editable else "",
        "notice": deadline_notice(batch, on) if batch.request.is_open else "",
        "returned": batch.request.entries.filter(move=Move.SEND_BACK).last() if batch.request.state == State.RETURNED else None,
        "receipts": batch.receipts.select_related("received_by").order_by("-pk"),
        "may_receive": may_receive(batch, access),
        "may_record": why_not(user, batch.request, Move.RECORD, on, access) is None,
    }  # fmt: skip


def submit_blocked(batch: EnrolmentBatch, user, access: Access, on: date) -> str | None:
    """Why the batch cannot be submitted today: the same sentences that would refuse it."""
    request = batch.request
    return why_not(user, request, Move.SUBMIT, on, access) or law_forbids(
        kind_of(request).judge(request, on), Move.SUBMIT
    )


def may_receive(batch: EnrolmentBatch, access: Access) -> bool:
    """Whether this person takes in the paper copies: the county, and the centre."""
    return access.may(Permission.DECIDE_AS_COUNTY, batch.school) or access.may(
        Permission.DECIDE_AS_PREFECTURE, batch.school
    )


def _kpis(rows: list[Row], show: str) -> list[dict[str, Any]]:
    tones = {"unmarked": "soon", "differing": "over"}
    found = []
    for key, (words, test) in SHOWN.items():
        count = sum(test(row) for row in rows)
        found.append(
            {
                "value": count,
                "label": words,
                "tone": tones.get(key, "") if count else "",
                "url": f"?show={key}" if key else "?",
                "current": key == show,
            }
        )
    return found


def _page(rows: list[Row], number: str | int) -> Page:
    return Paginator(rows, PAGE_SIZE).get_page(number)


def deadline_notice(batch: EnrolmentBatch, on: date) -> str:
    """What the page says of the closing day: 通知二, 务必于9月30日前完成."""
    last = last_day_of(batch.request.policy, batch.year)
    day = f"{last.month}月{last.day}日"
    if batch.request.submitted_on:
        return ""
    if on > last:
        return f"{batch.year}级高一新生学籍注册已于{day}截止；仍需办理的，由州学管中心说明理由后重开"
    try:
        left = calendars().of(batch.school).working_between(on, last)
    except UnknownYear:
        return f"高一新生学籍注册{day}截止"
    return f"高一新生学籍注册{day}截止，{f'剩{left}个工作日' if left else '今日到期'}"
