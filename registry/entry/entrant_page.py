"""What the page of one child shows: who it is, what the register knows, what has been done, and what may be done now."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission
from registry.entry import forms
from registry.entry.batches import decider_of, may_decide
from registry.entry.facts import known_of
from registry.entry.following import may_follow, urgings_needed
from registry.entry.page import may_edit, may_mark
from registry.entry.rows import former_of
from registry.entry.states import CHASED, EntryState, tone_of, with_state
from registry.enums import EntryArrival
from registry.models import Enrolment, EnrolmentGrade, Entrant
from registry.paper_files import seal_note
from registry.roster.grades import words_of
from registry.showing import shown

RESOLVED_BY = "由原学校办理转学；原学籍在初始年级、不能转学的，由其主管部门核实后按问题学籍处理"
RESOLVED_OUTSIDE = "由学校凭州外转出证明登记了结"


def entrant_seen(pk: int, user, on: date) -> Entrant | None:
    """A child with its state and what the page needs; None where this person may not see the batch."""
    seen = with_state(Entrant.objects.visible_to(user).filter(pk=pk), on)
    return seen.select_related(
        "batch__request",
        "batch__school",
        "school__division",
        "school__parent__parent__parent",
        "enrolment",
        "removed_by",
        "letter__issued_by",
    ).first()


def entrant_page(entrant: Entrant, user, on: date, *, full: bool = False, given: dict | None = None) -> dict[str, Any]:
    """The whole page. :param full: with whole numbers, in answer to a logged POST. :param given: forms with errors."""
    access, batch, state = access_of(user), entrant.batch, EntryState(entrant.state)
    batch.school = batch.request.school = entrant.school
    known = known_of([entrant], entrant.stage)
    editable = may_edit(batch, access) and not entrant.enrolment_id and not entrant.removed_on
    markable = may_mark(batch, access) and not entrant.enrolment_id and not entrant.removed_on
    follows = may_follow(access, entrant)
    chased = state in (*CHASED, EntryState.DUE)
    letter = getattr(entrant, "letter", None)
    deferrals = list(entrant.deferrals.select_related("proof", "decided_by", "recorded_by").order_by("-pk"))
    wanted = {
        "deferral_form": forms.EntryDeferralForm if markable and entrant.arrival != EntryArrival.REPORTED and state != EntryState.ASKED else None,
        "urging_form": forms.UrgingForm if follows and chased else None,
        "letter_form": forms.TownshipLetterForm if follows and state in CHASED and letter is None else None,
        "outcome_form": forms.OutcomeForm if follows and chased else None,
        "outside_form": forms.CloseOutsideForm if follows and entrant.former_outside and not entrant.former_closed_on else None,
        "remove_form": forms.RemoveForm if editable and not deferrals and not entrant.urged else None,
        "decide_form": forms.DecideDeferralForm if state == EntryState.ASKED and may_decide(access, entrant.school) else None,
    }  # fmt: skip
    begun = {
        "urging_form": {"urged_on": on, "urged_by": user.full_name},
        "deferral_form": {"applied_on": on},
        "outcome_form": {"happened_on": on},
    }
    return {
        "entrant": entrant,
        "batch": batch,
        "state": state.label,
        "tone": tone_of(state),
        "who": who(entrant, full=full),
        "full": full,
        "known": known_lines(entrant, known),
        "former": former_of(entrant, known),
        "pending": state == EntryState.PENDING,
        "resolved_by": RESOLVED_OUTSIDE if entrant.former_outside and not entrant.former_closed_on else RESOLVED_BY,
        "urgings": entrant.urgings.select_related("recorded_by").order_by("-urged_on", "-pk") if entrant.urged else [],
        "deferrals": deferrals,
        "letter": letter,
        "outcomes": entrant.outcomes.select_related("recorded_by").order_by("-pk") if entrant.outcome else [],
        "editable": editable,
        "marks": _marks(entrant, state) if markable else [],
        "decider": decider_of(entrant.school),
        "needed": urgings_needed(entrant, on) if wanted["letter_form"] else 0,
        "may_print": letter is not None and access.may(Permission.VIEW_REGISTER, entrant.school),
        "seal_note": seal_note(entrant.school) if letter else "",
        **{name: form(initial=begun.get(name)) if form else None for name, form in wanted.items()},
        **(given or {}),
    }


def _marks(entrant: Entrant, state: EntryState) -> list[tuple[str, str]]:
    if state == EntryState.ASKED:
        return []
    offered = (EntryArrival.REPORTED, EntryArrival.NO_SHOW, EntryArrival.UNMARKED)
    return [(value.value, value.label) for value in offered if value != entrant.arrival]


def who(entrant: Entrant, *, full: bool) -> list[tuple[str, str]]:
    """The child in label and value; the phone and the guardian only when numbers are shown."""
    number = shown("id_number", entrant.id_number, full=full)
    return [
        ("姓名", entrant.name),
        ("性别", entrant.get_sex_display()),
        ("民族", shown("ethnicity", entrant.ethnicity)),
        ("出生日期", entrant.birth_date.isoformat()),
        ("证件类型", entrant.get_id_type_display()),
        ("证件号码", number or "—"),
        ("监护人", entrant.guardian_name.reveal() or "—"),
        ("联系电话", phone_of(entrant, full=full) or "—"),
        ("乡镇（街道）", entrant.township),
        ("班级", entrant.school_class or "—"),
    ]


def phone_of(entrant: Entrant, *, full: bool) -> str:
    """The guardian's phone, the middle of it hidden unless all is to be shown."""
    plain = entrant.guardian_phone.reveal()
    return plain if full or not plain else f"{plain[:3]}****{plain[-4:]}" if len(plain) > 7 else "*" * len(plain)


def known_lines(entrant: Entrant, known) -> list[tuple[str, str]]:
    """What the register knows of the same person already, and so is not typed again."""
    facts = known.facts_of(entrant)
    student = known.student_of(entrant)
    if student is None:
        return []
    lines = [("学籍库中的学生", "已有记录，注册时沿用")]
    if facts and facts.name != entrant.name:
        lines.append(("学籍库中的姓名", "与填写的不同，请对照户口簿"))
    for enrolment in student_records(student):
        words = f"{enrolment.school.short_name} {enrolment.entry_year}级"
        words += f" {words_of(enrolment.grade)}" if enrolment.grade else ""
        ended = f"，{enrolment.ends_on.isoformat()}{enrolment.get_ending_display()}" if enrolment.ends_on else ""
        lines.append(
            (
                f"{enrolment.get_stage_display()}学籍",
                words + ("（待转入）" if enrolment.pending and not ended else "") + ended,
            )
        )
    return lines


def student_records(student: int) -> QuerySet[Enrolment]:
    """Every enrolment of a student with its latest `grade`, the latest first."""
    grades = EnrolmentGrade.objects.filter(enrolment=OuterRef("pk")).order_by("-valid_from", "-pk")
    found = Enrolment.objects.filter(student=student).annotate(grade=Subquery(grades.values("grade")[:1]))
    return found.select_related("school").order_by("-begins_on", "-pk")
