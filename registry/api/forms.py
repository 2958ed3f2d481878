"""A new token of the interface."""

from typing import Any

from django import forms

from linxia_xueji.forms import DayField, LongSelect
from linxia_xueji.models import Organisation
from registry.enums import ApiPurpose
from registry.forms import PageForm


class TokenForm(PageForm):
    """Whose students, for whom, what for, on which ground, until when."""

    code = "token"
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="数据范围", empty_label="请选择", widget=LongSelect,
        help_text="令牌可读取该单位及下属学校的学生",
    )  # fmt: skip
    using = forms.CharField(label="使用单位和系统", max_length=100, help_text="如：州学生资助管理中心资助系统")
    purpose = forms.ChoiceField(label="用途", choices=[("", "请选择"), *ApiPurpose.choices])
    document_number = forms.CharField(label="依据文号", max_length=60)
    valid_until = DayField(label="有效期至")

    def __init__(self, *arguments: Any, organisations, **options: Any):
        super().__init__(*arguments, **options)
        self.fields["organisation"].queryset = organisations
