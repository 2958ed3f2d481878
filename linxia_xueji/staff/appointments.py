"""Appointing to a post, ending it, handing it over, standing in: each with its document and its days."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from linxia_xueji.access import make_post
from linxia_xueji.enums import ROLES_AT, Role
from linxia_xueji.models import Appointment, Organisation, Post, User
from linxia_xueji.refusal import Refusal, Stale
from linxia_xueji.staff.accounts import create_account, locked
from linxia_xueji.staff.reach import managed_people, require_may_fill
from linxia_xueji.trail import record

LONGEST_STAND_IN = 183
"""Days; assumed: half a year, longer absences need an appointment."""

_ONE_POST = "专人专岗"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is appointed: somebody new by name, or somebody with an account by name and user name."""

    full_name: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class Appointed:
    """What came of it; `is_new` where an account was made and needs its first password."""

    appointment: Appointment
    is_new: bool


def held_on(day: date) -> Q:
    """Appointments in force on a day."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def post_for(*, organisation: Organisation, role: str, title: str, by: User) -> Post:
    """The post of that role and title, made where there is none.

    :raises Refusal: without the right, or where the level has no such post.
    """
    require_may_fill(by, organisation, role)
    if role not in ROLES_AT[organisation.level]:
        raise Refusal(f"{organisation.get_level_display()}机构没有{Role(role).label}岗位，请另选岗位")
    found = Post.objects.filter(organisation=organisation, role=role, title=title.strip()).order_by("pk").first()
    if found:
        return found
    post = make_post(organisation=organisation, role=role, title=title.strip())
    record(action="设立岗位", by=by, target=post, organisation=organisation)
    return post


@transaction.atomic
def appoint_to(
    *,
    organisation: Organisation,
    role: str,
    title: str,
    person: Person,
    starts_on: date,
    document_number: str,
    by: User,
) -> Appointed:
    """Appoint somebody to a vacant post, which is set up where the organisation has none of that role and title."""
    organisation = locked(organisation)
    post = post_for(organisation=organisation, role=role, title=title, by=by)
    _require_vacant(post, starts_on)
    return _appoint(post, person, by, "任命", starts_on=starts_on, document_number=document_number)


@transaction.atomic
def hand_over(*, post: Post, person: Person, starts_on: date, document_number: str, by: User) -> Appointed:
    """The holder's last day is the one before the successor's first; one document for both.

    :raises Refusal: where nobody holds the post then, or without the right.
    """
    organisation = locked(post.organisation)
    require_may_fill(by, organisation, post.role)
    held = _of(post).filter(held_on(starts_on)).select_for_update(of=("self",)).select_related("user").first()
    if held is None:
        raise Refusal("此岗位当日无人在岗，请直接任命")
    if held.starts_on >= starts_on:
        raise Refusal(f"{held.user.full_name}自{held.starts_on}起任职，接任日须在其后")
    _end(held, starts_on - timedelta(days=1), document_number, by)
    return _appoint(post, person, by, "接任", starts_on=starts_on, document_number=document_number)


@transaction.atomic
def stand_in(
    *, post: Post, person: Person, starts_on: date, ends_on: date, document_number: str, by: User
) -> Appointed:
    """Somebody acts for the holder from a day to a day, by document (不得委托他人代为完成)."""
    organisation = locked(post.organisation)
    require_may_fill(by, organisation, post.role)
    if ends_on < starts_on:
        raise Refusal("代理止不能早于代理起")
    if (ends_on - starts_on).days >= LONGEST_STAND_IN:
        raise Refusal(f"代理最长{LONGEST_STAND_IN}日，更长时间请办理任命或交接")
    return _appoint(
        post, person, by, "代理", starts_on=starts_on, ends_on=ends_on, document_number=document_number, stand_in=True
    )


@transaction.atomic
def end(*, appointment: Appointment, ends_on: date, document_number: str, by: User) -> Appointment:
    """The last day of an appointment or of a stand-in; what was done before stays done."""
    locked(appointment.post.organisation)
    held = Appointment.objects.select_for_update(of=("self",)).select_related("post", "user").get(pk=appointment.pk)
    require_may_fill(by, appointment.post.organisation, held.post.role)
    if held.ends_on != appointment.ends_on:
        raise Stale("此任职刚才已由他人办理，页面已更新，刚才的操作未生效")
    if ends_on < held.starts_on:
        raise Refusal(f"任职自{held.starts_on}起，任职止不能早于该日")
    if held.ends_on and ends_on > held.ends_on:
        raise Refusal(f"任职已定于{held.ends_on}止，延长须另行任命")
    return _end(held, ends_on, document_number, by)


def _of(post: Post) -> QuerySet[Appointment]:
    return Appointment.objects.filter(post=post, stand_in=False)


def _require_vacant(post: Post, starts_on: date) -> None:
    """:raises Refusal: where somebody holds the post from that day on."""
    later = Q(ends_on=None) | Q(ends_on__gte=starts_on)
    held = _of(post).filter(later).select_related("user").order_by("starts_on").first()
    if held:
        until = f"至{held.ends_on}" if held.ends_on else ""
        raise Refusal(
            f"{post.organisation.short_name}的{post.get_role_display()}岗位由{held.user.full_name}"
            f"自{held.starts_on}{until}担任，请先办理卸任或交接；确需增设岗位，请填写岗位说明加以区别"
        )


def _appoint(post: Post, person: Person, by: User, action: str, **terms) -> Appointed:
    """:raises Refusal: without a document, for oneself, for somebody out of reach, or against 专人专岗."""
    if not terms["document_number"].strip():
        raise Refusal("请填写文号：任命须有依据文件")
    user = _existing(person, by) if person.username.strip() else None
    is_new = user is None
    if user is None:
        user = create_account(full_name=person.full_name, organisation=post.organisation, by=by)
    terms["document_number"] = terms["document_number"].strip()
    with _constraints_in_words(user):
        made = Appointment.objects.create(user=user, post=post, **terms)
    record(action=action, by=by, target=made, organisation=post.organisation, after=_terms(made))
    return Appointed(made, is_new)


def _existing(person: Person, by: User) -> User:
    username = person.username.strip()
    if username == by.username:
        raise Refusal("不能任命本人，请由上一级账号管理员办理")
    user = managed_people(by).filter(username=username).first()
    if user is None:
        raise Refusal(f"管理范围内没有用户名为{username}的账号，请核对；新到人员请不填用户名")
    if user.full_name != person.full_name.strip():
        raise Refusal(f"用户名{username}不是{person.full_name.strip()}的账号，请核对姓名和用户名")
    if not user.is_active:
        raise Refusal(f"{user.full_name}的账号已封存，请先启封")
    return user


@contextmanager
def _constraints_in_words(user: User) -> Iterator[None]:
    """The database forbids overlaps whatever the code does; it is said in words here."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_person_one_post" in str(error):
            held = user.appointments.filter(stand_in=False).select_related("post__organisation").latest("starts_on")
            raise Refusal(f"{user.full_name}已任{held.post}，{_ONE_POST}，请先办理卸任") from error
        if "one_post_one_stand_in" in str(error):
            raise Refusal("此岗位这段时间已有人代理，请先终止原代理或另定日期") from error
        if "one_post_one_person" in str(error):
            raise Refusal("此岗位这段时间已有人任职，请先办理卸任或交接") from error
        raise


def _end(held: Appointment, ends_on: date, document_number: str, by: User) -> Appointment:
    if not document_number.strip():
        raise Refusal("请填写文号：卸任须有依据文件")
    before = _terms(held)
    held.ends_on, held.end_document_number = ends_on, document_number.strip()
    held.save(update_fields=["ends_on", "end_document_number"])
    action = "终止代理" if held.stand_in else "卸任"
    record(action=action, by=by, target=held, organisation=held.post.organisation, before=before, after=_terms(held))
    return held


def _terms(held: Appointment) -> dict[str, str | None]:
    return {
        "username": held.user.username,
        "name": held.user.full_name,
        "starts": held.starts_on.isoformat(),
        "ends": held.ends_on.isoformat() if held.ends_on else None,
        "document": held.end_document_number or held.document_number,
    }
