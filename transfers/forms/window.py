"""The form of a window of 转学."""

from typing import Any

from django import forms

from linxia_xueji.enums import Stage
from linxia_xueji.forms import DayField


class WindowForm(forms.Form):
    """One window for one stage or several, by document."""

    organisation = forms.ModelChoiceField(
        label="适用范围", queryset=None, empty_label=None, help_text="对该机构所管学校有效"
    )
    stages = forms.MultipleChoiceField(label="学段", choices=Stage.choices, widget=forms.CheckboxSelectMultiple)
    first = DayField(label="第一天")
    last = DayField(label="最后一天")
    document_number = forms.CharField(label="文号", max_length=60, help_text="规定此办理期的文件")

    def __init__(self, data=None, *, organisations: Any):
        super().__init__(data, auto_id="window-%s")
        self.fields["organisation"].queryset = organisations
