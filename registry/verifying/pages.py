"""What the pages of a verification show."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import QueryDict

from linxia_xueji.access import access_of, office_of
from linxia_xueji.dates import today
from linxia_xueji.models import User
from registry.comparing.pages import prefecture_of
from registry.comparing.ways import applies, ways_of
from registry.models import ClassAttestation, Deviation, Sample, SchoolVerification, Verification
from registry.roster.grades import class_words, words_of
from registry.verifying import figures, opening, rights, roster
from registry.verifying.enums import AS_DIFFERENCE, DeviationKind, SampleResult, SchoolState
from registry.verifying.forms import OpenForm, ReasonForm
from registry.verifying.settling import agreeing

PAGE_SIZE = 50
STATES = {"open": "待处理", "agreed": "学籍已一致", "withdrawn": "已撤销"}
_AS_COMPARED = {"birth_date": "birth"}


def list_page(user: User, number: str | None, form: OpenForm | None = None) -> dict[str, Any]:
    """The campaigns one may see, the newest first, and for the centre the form to open one."""
    prefecture, mine = prefecture_of(user), SchoolVerification.objects.visible_to(user)
    rows = Verification.objects.visible_to(user).select_related("opened_by").order_by("-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    counts = {
        pk: (schools, signed)
        for pk, schools, signed in mine.filter(verification__in=list(page)).order_by().values_list("verification")
        .annotate(n=Count("pk"), signed=Count("pk", filter=Q(state=SchoolState.SIGNED)))
    }  # fmt: skip
    lines = [
        {"one": one, "schools": counts.get(one.pk, (0, 0))[0], "signed": counts.get(one.pk, (0, 0))[1]} for one in page
    ]
    context: dict[str, Any] = {"page": page, "lines": lines, "form": None}
    if rights.may_open(user, prefecture):
        terms = opening.terms_to_verify(prefecture, today())
        context |= {"terms": terms, "form": form or OpenForm(terms=terms), "may": True}
    return context


def progress_page(verification: Verification, user: User) -> dict[str, Any]:
    """Who has done, who is left."""
    lines = figures.by_county(verification, user)
    office = office_of(user)
    return {
        "verification": verification, "lines": lines, "sums": figures.sums(lines), "office": office,
        "late": bool(verification.due_on and verification.due_on < today()),
    }  # fmt: skip


def schools_page(verification: Verification, user: User, query: QueryDict) -> dict[str, Any]:
    """The schools one may see, those left first."""
    state = query.get("state") if query.get("state") in SchoolState.values else ""
    county = query.get("county", "")
    chosen: dict[str, Any] = {"state": state} if state else {}
    chosen |= {"county": int(county)} if county.isdecimal() and len(county) < 10 else {}
    chosen |= {"county": None} if county == "own" else {}
    name = query.get("school", "").strip()[:50]
    rows = figures.by_school(verification, user, **chosen)
    rows = rows.filter(school__names__name__contains=name).distinct() if name else rows
    page = Paginator(rows, PAGE_SIZE).get_page(query.get("page"))
    return {
        "verification": verification, "page": page, "lines": figures.beside(list(page)), "state": state, "school": name,
        "states": SchoolState.choices, "county": county,
    }  # fmt: skip


def school_page(found: SchoolVerification, user: User, form: ReasonForm | None = None) -> dict[str, Any]:
    """A school's classes, its deviations, and whose turn it is."""
    open_of = dict(
        found.deviations.filter(ended_at=None).order_by().values_list("class_attestation").annotate(n=Count("pk"))
    )
    classes = [
        {"one": one, "label": class_words(one.grade, one.school_class), "open": open_of.get(one.pk, 0)}
        for one in found.classes.select_related("attested_by").order_by("grade", "school_class")
    ]
    left = sum(1 for row in classes if not row["one"].attested_at)
    may_sign = not rights.why_not_sign(user, found)
    return {
        "found": found, "verification": found.verification, "classes": classes, "left": left, "open": sum(open_of.values()),
        "tone": figures.TONES[found.state], "may": not rights.why_not_attest(user, found), "may_sign": may_sign,
        "steps": _steps(found), "form": (form or ReasonForm()) if may_sign else None,
    }  # fmt: skip


def _steps(found: SchoolVerification) -> list[dict[str, str]]:
    at = list(SchoolState).index(SchoolState(found.state))
    told = (
        ("逐班核查", "学籍管理员", ""),
        ("提交校长", found.attested_by.full_name if found.attested_by else "学籍管理员", found.attested_at),
        ("校长签字", found.signed_by.full_name if found.signed_by else "校长", found.signed_at),
    )
    done = (0, 2, 3)[at]
    return [
        {
            "label": label, "who": who, "when": f"{when:%m-%d}" if when else "",
            "state": "done" if n < done else "now" if n == done else "todo",
        }
        for n, (label, who, when) in enumerate(told)
    ]  # fmt: skip


def class_page(one: ClassAttestation, user: User) -> dict[str, Any]:
    """The roster of a class with what was noted of each student."""
    found = one.school_verification
    noted: dict[int | None, list[Deviation]] = {}
    for deviation in one.deviations.filter(ended_at=None).order_by("pk"):
        noted.setdefault(deviation.enrolment_id, []).append(deviation)
    students = [
        roster.shown(line) | {"noted": noted.get(line["pk"], [])}
        for line in roster.lines(roster.of_class(found.verification, one, found.school_id))
    ]
    deviating = sum(1 for line in students if line["noted"])
    return {
        "one": one, "found": found, "verification": found.verification, "label": class_words(one.grade, one.school_class), "students": students,
        "extra": noted.get(None, []), "deviating": deviating, "right": len(students) - deviating,
        "may": not rights.why_not_attest(user, found), "may_note": not rights.why_not_note(user, found),
        "why_not": rights.why_not_attest(user, found),
    }  # fmt: skip


def deviations_page(verification: Verification, user: User, query: QueryDict) -> dict[str, Any]:
    """Deviations one may see, the nearest due first."""
    state = query.get("state") if query.get("state") in (*STATES, "all") else "open"
    kind = query.get("kind") if query.get("kind") in DeviationKind.values else ""
    rows = Deviation.objects.visible_to(user).filter(school_verification__verification=verification)
    rows = rows.filter(kind=kind) if kind else rows
    if state != "all":
        rows = rows.filter(ended_as="" if state == "open" else state)
    page = Paginator(
        rows.select_related("school", "class_attestation").order_by("due_on", "school__code", "pk"), PAGE_SIZE
    ).get_page(query.get("page"))
    return {
        "verification": verification, "page": page, "lines": [line_of(one) for one in page], "state": state, "kind": kind,
        "states": STATES, "kinds": DeviationKind.choices,
    }  # fmt: skip


def line_of(one: Deviation, *, full: bool = False) -> dict[str, Any]:
    """A deviation in words, numbers masked unless they are to be whole."""
    registered, actual = one.registered.reveal() if one.registered else "", one.actual.reveal() if one.actual else ""
    place = class_words(one.class_attestation.grade, one.class_attestation.school_class)
    if one.kind == DeviationKind.FIELD:
        number = one.field == "id_number" and not full
        told = [
            str(v) if number else roster.words_of_field(one.field, v.reveal()) or "空"
            for v in (one.registered, one.actual)
        ]
    elif one.kind == DeviationKind.GRADE:
        told = [place, f"{words_of(one.actual_grade)}{one.actual_class}"]
    elif one.kind == DeviationKind.STATUS:
        labels = dict(Deviation._meta.get_field("actual_status").choices)
        told = [labels.get(registered, registered), one.get_actual_status_display()]
    elif one.kind == DeviationKind.EXTRA:
        known = (actual if full else str(one.actual)) or f"{one.birth_date:%Y-%m-%d}"
        told = ["无此人", f"在校（{known}）"]
    else:
        told = ["在册", "不在校"]
    late = not one.ended_at and one.due_on and one.due_on < today()
    return {
        "one": one, "class": place, "what": one.get_field_display() if one.field else one.get_kind_display(), "late": late,
        "registered": told[0], "actual": told[1],
        "state": one.get_ended_as_display() or STATES["open"], "tone": "ok" if one.ended_as == "agreed" else "" if one.ended_as else "warn",
    }  # fmt: skip


def deviation_page(one: Deviation, user: User, form: ReasonForm | None = None) -> dict[str, Any]:
    """One deviation, the ways that lead into a business, and how it ended."""
    found = one.school_verification
    ways = ways_of(AS_DIFFERENCE[DeviationKind(one.kind)], _AS_COMPARED.get(one.field, one.field), one.enrolment_id)
    may_withdraw = not one.ended_at and not rights.why_not_withdraw(user, found)
    return line_of(one) | {
        "found": found, "verification": found.verification, "ways": ways if not one.ended_at and applies(user, found.school) else [],
        "agrees": not one.ended_at and one.pk in agreeing([one]),
        "form": (form or ReasonForm()) if may_withdraw else None,
    }  # fmt: skip


def sample_page(verification: Verification, user: User) -> dict[str, Any]:
    """The sample of the person's office, or the button to draw it."""
    office = office_of(user)
    sample = (
        Sample.objects.visible_to(user)
        .filter(verification=verification, school=office)
        .select_related("drawn_by")
        .first()
    )
    drawn = list(
        sample.students.select_related("class_attestation__school_verification__school", "checked_by").order_by(
            "class_attestation__school_verification__school__code", "class_attestation__grade", "pk"
        )
        if sample
        else []
    )
    rows = roster.rostered(verification).filter(pk__in=[one.enrolment_id for one in drawn])
    who = {line["pk"]: roster.shown(line) for line in roster.lines(rows)} if drawn else {}
    lines = [
        {"one": one, "who": who[one.enrolment_id], "school": one.class_attestation.school_verification.school,
         "class": class_words(one.class_attestation.grade, one.class_attestation.school_class),
         "tone": "warn" if one.result == SampleResult.DEVIATES else "ok"}
        for one in drawn
    ]  # fmt: skip
    return {
        "verification": verification, "sample": sample, "lines": lines, "office": office,
        "left": sum(1 for one in drawn if not one.result), "may_see": access_of(user).post is not None,
    }  # fmt: skip
