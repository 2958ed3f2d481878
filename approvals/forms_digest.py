"""The form of where the digest goes."""

from django import forms


class DigestForm(forms.Form):
    """An address, or none."""

    address = forms.EmailField(
        label="邮箱", required=False, max_length=200, help_text="留空即停用",
        error_messages={"invalid": "邮箱地址不完整，请按name@example.cn的样子填写"},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id="digest-%s", **options)
