"""The form of the workbook of schools and people."""

from typing import Any

from django import forms

from linxia_xueji.models import User
from registry.admissions.reading import UnreadableFile
from registry.offices.importing import LARGEST, report_of


class OfficeForm(forms.Form):
    """A workbook; a valid form holds its `report`."""

    file = forms.FileField(
        label="单位和人员",
        help_text=f"Excel文件（.xlsx），不超过{LARGEST // 1024 // 1024}MB，按模板填写；先检查，不写入",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "文件是空的，请检查后重新选择", "max_length": "文件名超过200个字符，请改短后再上传"},
        max_length=200,
    )

    def __init__(self, *arguments: Any, by: User, on: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.by, self.on, self.report = by, on, None

    def clean_file(self):
        """Too large a file is refused before it is read; one that cannot be judged says why."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                f"文件有{file.size / 1024 / 1024:.1f}MB，超过{LARGEST // 1024 // 1024}MB，请只保留“单位”和“人员”两个表后再上传"
            )
        try:
            self.report = report_of(file.read(), by=self.by, on=self.on)
        except UnreadableFile as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        file.seek(0)
        return file
