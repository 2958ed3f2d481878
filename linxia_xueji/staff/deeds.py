"""The deeds of the pages, each with its words and its form, so that one page and one view serve them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from linxia_xueji.doors import lock, second_factor
from linxia_xueji.models import Post, User
from linxia_xueji.passwords import reset
from linxia_xueji.staff import appointments, sealing
from linxia_xueji.staff.forms import HandOverForm, ReasonForm, StandInForm, SureForm
from linxia_xueji.staff.reach import require_may_keep


@dataclass(frozen=True, slots=True)
class Deed:
    """:param label: the verb. :param consequence: what comes of it, in one sentence. :param form: what is filled in.
    :param act: called with `by` and what the form holds. :param done: said afterwards. :param bad: set apart in red.
    """

    label: str
    consequence: str
    form: type[forms.Form]
    act: Callable[..., Any]
    done: str
    bad: bool = False


def _hand_over(post: Post, by: User, form: Any) -> appointments.Appointed:
    return appointments.hand_over(post=post, by=by, **form.terms)


def _stand_in(post: Post, by: User, form: Any) -> appointments.Appointed:
    return appointments.stand_in(post=post, by=by, **form.terms)


def _seal(person: User, by: User, form: Any) -> None:
    sealing.seal(person=person, by=by, **form.cleaned_data)


def _unseal(person: User, by: User, form: Any) -> None:
    sealing.unseal(person=person, by=by, **form.cleaned_data)


@dataclass(frozen=True, slots=True)
class Issued:
    """A one-time password, to be shown on this answer alone."""

    person: User
    password: str


def _reset_password(person: User, by: User, form: Any) -> Issued:
    require_may_keep(by, person)
    return Issued(person, reset(person, by=by))


def _unlock(person: User, by: User, form: Any) -> None:
    require_may_keep(by, person)
    lock.unlock(person, by=by)


def _reset_factor(person: User, by: User, form: Any) -> None:
    require_may_keep(by, person)
    second_factor.reset(person, by=by)


POST_DEEDS = {
    "hand-over": Deed(
        "交接", "原任职人员任职至接任日的前一日，接任人自接任日起任职，岗位权限不变。", HandOverForm, _hand_over, "已办理交接"
    ),
    "stand-in": Deed(
        "安排代理", "代理人在起止日期内可以办理此岗位的业务，到期自动停止；原任职人员的任职不变。", StandInForm, _stand_in, "已安排代理"
    ),
}  # fmt: skip
PERSON_DEEDS = {
    "reset-password": Deed(
        "重置密码",
        "原密码立即失效，新的初始密码只显示一次，本人首次登录须自行设置密码。",
        SureForm,
        _reset_password,
        "已重置密码",
    ),
    "unlock": Deed("解除暂停登录", "解除后可以立即再试登录，原密码不变。", SureForm, _unlock, "已解除暂停登录"),
    "reset-factor": Deed(
        "重置动态验证码", "原手机验证器和恢复码立即失效，下次登录只需密码，须使用动态验证码的岗位登录后重新启用。",
        SureForm, _reset_factor, "已重置动态验证码",
    ),
    "seal": Deed("封存账号", "封存后不能登录，正在使用的也立即停止；可以启封，任职不变。", ReasonForm, _seal, "账号已封存", bad=True),
    "unseal": Deed("启封账号", "启封后可以用原密码登录，未登录日数重新计算。", ReasonForm, _unseal, "账号已启封"),
}  # fmt: skip
