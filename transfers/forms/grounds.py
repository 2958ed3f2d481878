"""The form of a list of grounds of 退学: one a line, the document, and from when it holds."""

from django import forms

from linxia_xueji.forms import DayField
from transfers.ground_entry import LONGEST, MOST, fault_in


class GroundsForm(forms.Form):
    """The whole list; what is not in it can no longer be chosen."""

    grounds = forms.CharField(
        label="退学事由",
        max_length=MOST * (LONGEST + 2),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"每行一项，最多{MOST}项，每项不超过{LONGEST}个字",
    )
    effective_from = DayField(label="生效日期")
    document_number = forms.CharField(label="文号", max_length=60, help_text="规定退学条件的文件")

    def clean_grounds(self) -> list[str]:
        """The lines. :raises ValidationError: where they are no list."""
        lines = [line.strip() for line in self.cleaned_data["grounds"].splitlines() if line.strip()]
        if sentence := fault_in(lines):
            raise forms.ValidationError(sentence)
        return lines
