"""The form of a 督办."""

from django import forms

from approvals.forms import NOTE_LENGTH


class SupervisionForm(forms.Form):
    """What is asked of whoever has the late request."""

    note = forms.CharField(
        label="督办要求", max_length=NOTE_LENGTH, help_text="写明何时前办结；办理单位会原样看到，不超过200字",
        widget=forms.Textarea(attrs={"rows": 3, "class": "full"}),
    )  # fmt: skip

    def __init__(self, data=None):
        super().__init__(data, auto_id="supervise-%s")
