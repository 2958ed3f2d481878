"""Forms of accounts and appointments."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from linxia_xueji.enums import Role
from linxia_xueji.forms import DayField
from linxia_xueji.models import Organisation
from linxia_xueji.staff.appointments import LONGEST_STAND_IN, Person
from linxia_xueji.staff.lists import STATUSES

_OFF = {"autocomplete": "off"}


class PostFilter(forms.Form):
    """Which posts to list; a person's name is searched by POST and stands in no address."""

    organisation = forms.CharField(
        label="机构", required=False, max_length=80, widget=forms.TextInput(attrs={"placeholder": "名称或代码"})
    )
    role = forms.ChoiceField(label="岗位", required=False)
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATUSES])

    def __init__(self, *arguments: Any, roles: Iterable[tuple[str, str]], **options: Any):
        super().__init__(*arguments, **options)
        self.fields["role"].choices = [("", "全部"), *roles]


class FindForm(forms.Form):
    """A person by name or user name."""

    words = forms.CharField(label="姓名或用户名", max_length=60, widget=forms.TextInput(attrs=_OFF))


class _WithPerson(forms.Form):
    """Who is appointed: a new person by name, or one with an account by name and user name."""

    full_name = forms.CharField(
        label="姓名", max_length=50, help_text="与证件一致，间隔号用“·”", widget=forms.TextInput(attrs=_OFF)
    )
    username = forms.CharField(
        label="已有账号的用户名", max_length=60, required=False, help_text="新到人员不填，由系统生成",
        widget=forms.TextInput(attrs=_OFF),
    )  # fmt: skip
    starts_on = DayField(label="任职起")
    document_number = forms.CharField(label="文号", max_length=60, help_text="任命文件的文号")

    @property
    def terms(self) -> dict[str, Any]:
        """What is appointed, as the deed takes it."""
        rest = dict(self.cleaned_data)
        return {"person": Person(rest.pop("full_name"), rest.pop("username")), **rest}


class AppointForm(_WithPerson):
    """Appointment to a vacant or a new post."""

    organisation = forms.CharField(
        label="机构代码", max_length=20, help_text="学校填10位标识码，主管部门填6位区划代码",
        widget=forms.TextInput(attrs=_OFF),
    )  # fmt: skip
    role = forms.ChoiceField(label="岗位", choices=[("", "请选择"), *Role.choices])
    title = forms.CharField(
        label="岗位说明", max_length=40, required=False, help_text="同一机构有几个相同岗位时用来区别，例如初中部"
    )
    field_order = ("organisation", "role", "title", "full_name", "username", "starts_on", "document_number")

    def __init__(self, *arguments: Any, organisations: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.organisations = organisations

    def clean_organisation(self) -> Organisation:
        """The organisation of that code, of those whose accounts the person keeps."""
        code = self.cleaned_data["organisation"].strip()
        found = self.organisations.filter(code=code).select_related("parent__parent__parent").first()
        if found is None:
            raise forms.ValidationError(f"管理范围内没有代码为{code}的机构，请核对")
        return found


class HandOverForm(_WithPerson):
    """The successor of a holder."""

    field_order = ("full_name", "username", "starts_on", "document_number")

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.fields["starts_on"].label = "接任日"
        self.fields["starts_on"].help_text = "原任职人员任职至前一日"


class StandInForm(_WithPerson):
    """Somebody who acts for the holder for a time."""

    ends_on = DayField(label="代理止", help_text=f"含当日，最长{LONGEST_STAND_IN}日")
    field_order = ("full_name", "username", "starts_on", "ends_on", "document_number")

    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.fields["starts_on"].label = "代理起"
        self.fields["document_number"].help_text = "准予代理的文件；不得私下委托他人代为完成"


class EndForm(forms.Form):
    """The last day of an appointment."""

    ends_on = DayField(label="任职止", help_text="含当日，次日起不能再以此岗位办理")
    document_number = forms.CharField(label="文号", max_length=60, help_text="免职、调动或终止代理的文件")


class ReasonForm(forms.Form):
    """Why an account is sealed or opened."""

    reason = forms.CharField(
        label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text="200字以内，本人登录时会看到"
    )


class SureForm(forms.Form):
    """Nothing to fill in: the page says what will happen."""


def first_day(on: date) -> dict[str, date]:
    """What forms begin with."""
    return {"starts_on": on, "ends_on": on}
