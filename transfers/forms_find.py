"""The forms beside an application: finding the student, and a scan in its slot."""

from django import forms

from registry.forms import PageForm


class FindForm(PageForm):
    """Name and number, both as on the papers the parents bring."""

    code = "find"
    name = forms.CharField(label="姓名", max_length=50)
    number = forms.CharField(
        label="身份证件号、全国学籍号或学号", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="两项都与学籍信息一致时才能查到",
    )  # fmt: skip


class LegibleForm(PageForm):
    """Why a scan measured doubtful is legible all the same."""

    code = "legible"
    reason = forms.CharField(label="确认清晰可辨的理由", max_length=200, help_text="不超过200字")
