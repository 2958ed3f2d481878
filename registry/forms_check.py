"""The form of 文件查验."""

import re

from django import forms
from django.core.exceptions import ValidationError

from registry.forms import PageForm
from registry.printed import LENGTH, tidy_code


class CodeForm(PageForm):
    """The code as printed in the margin; hyphen, blanks and small letters as they come."""

    code = "check"
    paper = forms.CharField(
        label="查验码",
        max_length=40,
        help_text=f"印在文件页边，共{LENGTH}位，大小写均可",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_paper(self) -> str:
        """The code without hyphen. :raises ValidationError: for what cannot be one."""
        code = tidy_code(self.cleaned_data["paper"])
        if len(code) != LENGTH or not re.fullmatch(r"[0-9A-Z]+", code):
            raise ValidationError(f"查验码是{LENGTH}位字母和数字，如ACDEF-34679，请按文件页边所印填写")
        return code
