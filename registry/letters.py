"""What the pages of the correction letters show, and the letter as it goes on paper."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from linxia_xueji.refusal import Refusal
from registry.documents.letter import Letter, LetterLine
from registry.models import CorrectionLetter
from registry.showing import shown

PAGE_SIZE = 50
STATES = {
    "": ("待出具", Q(issued_on=None, declined_on=None)),
    "issued": ("已出具", Q(issued_on__isnull=False)),
    "declined": ("不予出具", Q(declined_on__isnull=False)),
}
TONES = {"待出具": "warn", "已出具": "ok", "不予出具": "bad"}


def to_issue(access) -> QuerySet[CorrectionLetter]:
    """The letters that wait for this person's authority."""
    return CorrectionLetter.objects.filter(
        issuer__in=access.organisations(Permission.ISSUE_CORRECTION), issued_on=None, declined_on=None
    )


def may_issue(letter: CorrectionLetter, access) -> bool:
    """Whether this person's authority is the one to issue it, and it still waits."""
    return letter.status == "待出具" and access.may(Permission.ISSUE_CORRECTION, letter.issuer)


def require_issuer(letter: CorrectionLetter, user) -> None:
    """:raises Refusal: for anybody but the county of exam registration, and for a letter already dealt with."""
    if not access_of(user).may(Permission.ISSUE_CORRECTION, letter.issuer):
        raise Refusal(f"更正便函由学生中考报名所在的{letter.issuer.short_name}出具")
    if letter.status != "待出具":
        raise Refusal(f"此便函{letter.status}，页面已更新")


def letter_list(user, data) -> dict[str, Any]:
    """Letters by state, those that wait first."""
    access, seen = access_of(user), CorrectionLetter.objects.visible_to(user)
    state = data.get("state", "") if data.get("state", "") in STATES else ""
    rows = (
        seen.filter(STATES[state][1])
        .select_related("candidate", "school", "issuer")
        .prefetch_related("items")
        .order_by("-asked_at", "-pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(data.get("page"))
    for letter in page:
        letter.mine, letter.tone = may_issue(letter, access), TONES[letter.status]
        letter.fields = "、".join(item.get_field_display() for item in letter.items.all())
    tabs = [
        {
            "label": words,
            "url": f"?state={key}" if key else "?",
            "count": seen.filter(test).count(),
            "current": key == state,
        }
        for key, (words, test) in STATES.items()
    ]
    return {"page": page, "tabs": tabs, "issuer": access.has(Permission.ISSUE_CORRECTION)}


def letter_page(letter: CorrectionLetter, user, *, full: bool) -> dict[str, Any]:
    """One letter: what is corrected, who asked, and whether this person may issue it."""
    access = access_of(user)
    return {
        "letter": letter,
        "lines": lines_of(letter, full=full),
        "full": full,
        "tone": TONES[letter.status],
        "may_issue": may_issue(letter, access),
        "sees_batch": type(letter.candidate).objects.visible_to(user).filter(pk=letter.candidate_id).exists(),
    }


def lines_of(letter: CorrectionLetter, *, full: bool) -> tuple[LetterLine, ...]:
    """Field, as listed, corrected to."""
    return tuple(
        LetterLine(
            item.get_field_display(),
            shown(item.field, item.listed, full=full),
            shown(item.field, item.corrected, full=full),
        )
        for item in letter.items.order_by("pk")
    )


def paper_of(letter: CorrectionLetter) -> Letter:
    """The letter with whole ID numbers, as its reader needs it; date and seal blank for hand and stamp."""
    candidate = letter.candidate
    return Letter(
        number=letter.number,
        issuer=letter.issuer.name,
        school=letter.school.name,
        year=candidate.year,
        name=shown("name", candidate.admission.name) if candidate.admission else candidate.name,
        exam_number=candidate.exam_number,
        lines=lines_of(letter, full=True),
    )
