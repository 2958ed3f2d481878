"""Forms of the doors."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from linxia_xueji.doors.lock import WrongPassword, check
from linxia_xueji.models import User
from linxia_xueji.passwords import expired


class PasswordField(forms.CharField):
    """A password: never shown again, blanks kept."""

    def __init__(self, *, new: bool = False, **options: Any):
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"})
        super().__init__(strip=False, max_length=128, widget=widget, **options)


class SignInForm(forms.Form):
    """User name and password; `user` is whose they are."""

    username = forms.CharField(
        label="用户名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = PasswordField(label="密码")

    def __init__(self, request: HttpRequest, data=None):
        super().__init__(data)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Look the password up, once both fields are there."""
        given = self.cleaned_data
        if self.errors:
            return given
        try:
            self.user = check(self.request, given["username"], given["password"])
        except WrongPassword as wrong:
            raise ValidationError(wrong.message) from wrong
        if expired(self.user):
            raise ValidationError("一次性密码已过期，请联系账号管理员重新发放")
        return given


class CodeForm(forms.Form):
    """The code of the second factor."""

    code = forms.CharField(
        label="动态验证码",
        max_length=20,
        help_text="手机验证器上现在显示的6位数字；手机不在身边的，填写一个恢复码",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class EnrolForm(forms.Form):
    """The first code of a generator that has just read the QR code."""

    key = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label="手机上显示的6位数字", max_length=10, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


class PasswordForm(forms.Form):
    """An own password in the place of the old one."""

    old_password = PasswordField(label="现在的密码")
    new_password = PasswordField(label="新密码", new=True)
    again_password = PasswordField(label="再填一次新密码", new=True)

    def __init__(self, request: HttpRequest, data=None):
        super().__init__(data)
        self.request = request
        self.fields["new_password"].help_text = "；".join(password_validators_help_texts())
        if request.user.must_change_password:  # typed a moment ago, to get here
            del self.fields["old_password"]

    def clean_new_password(self) -> str:
        """The rules have their say."""
        validate_password(self.cleaned_data["new_password"], self.request.user)
        return self.cleaned_data["new_password"]

    def clean(self) -> dict[str, Any]:
        """Twice the same, other than before, and by somebody who knows the old one: a wrong one counts for the lock."""
        given = self.cleaned_data
        if self.errors:
            return given
        if given["new_password"] != given["again_password"]:
            self.add_error("again_password", "两次填写的新密码不一样，请重填")
        elif self.request.user.check_password(given["new_password"]):
            self.add_error("new_password", "新密码不能与现在的密码相同")
        elif "old_password" in given:
            try:
                check(self.request, self.request.user.username, given["old_password"])
            except WrongPassword as wrong:
                self.add_error("old_password", wrong.message)
        return given
