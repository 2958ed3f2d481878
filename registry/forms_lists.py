"""Forms of the lists: admission list, plan, settings, reopening, and the filter of the trail."""

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from linxia_xueji.dates import today
from linxia_xueji.forms import DayField
from linxia_xueji.models import Organisation
from linxia_xueji.policy_settings import Setting
from registry.admissions.staging import LARGEST

FIRST_YEAR = 2000
_MONTH_DAY = re.compile(r"^\d{2}-\d{2}$")


class YearField(forms.IntegerField):
    """A year of entry, up to the next one."""

    def __init__(self, **options: Any):
        super().__init__(**{"label": "招生年份", "min_value": FIRST_YEAR} | options)

    def clean(self, value: Any) -> int:
        """No year beyond the next one has a plan or a list."""
        year = super().clean(value)
        if year is not None and year > today().year + 1:
            raise forms.ValidationError(f"最晚可填{today().year + 1}年")
        return year


class UploadForm(forms.Form):
    """An admission list and the year it is of."""

    year = YearField()
    file = forms.FileField(
        label="录取名单",
        help_text=f"Excel文件（.xlsx），不超过{LARGEST // 1024 // 1024}MB，按模板填写；先检查，不写入",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "文件是空的，请检查后重新选择", "max_length": "文件名超过200个字符，请改短后再上传"},
        max_length=200,
    )

    def clean_file(self):
        """Too large a file is refused before it is read; what is no workbook, when it is to be kept."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            size = file.size / 1024 / 1024
            raise forms.ValidationError(
                f"文件有{size:.1f}MB，超过{LARGEST // 1024 // 1024}MB，请只保留录取名单一个工作表后再上传"
            )
        return file


class PlanForm(forms.Form):
    """A plan or its amendment, for one of the schools one may issue it to."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label="学校", empty_label="请选择")
    year = YearField()
    count = forms.IntegerField(label="计划人数", min_value=0, max_value=9999)
    document_number = forms.CharField(label="文号", max_length=60, help_text="下达或调整计划的文件")
    issued_on = DayField(label="下达日期")

    def __init__(self, *arguments: Any, schools: QuerySet[Organisation], **options: Any):
        super().__init__(*arguments, **options)
        self.fields["school"].queryset = schools

    def clean_issued_on(self) -> date:
        """A plan counts from the day it is issued."""
        return _not_later_than_today(self.cleaned_data["issued_on"], "下达日期")


class ReopeningForm(forms.Form):
    """A school whose registration is opened again after the last day."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label="学校", empty_label="请选择")
    year = YearField()
    reason = forms.CharField(
        label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text="200字以内，学校会看到"
    )
    document_number = forms.CharField(label="文号", max_length=60)

    def __init__(self, *arguments: Any, schools: QuerySet[Organisation], **options: Any):
        super().__init__(*arguments, **options)
        self.fields["school"].queryset = schools


class SettingForm(forms.Form):
    """A new value of one setting, with the document and the day it takes effect."""

    effective_from = DayField(label="生效日期")
    document_number = forms.CharField(label="文号", max_length=60, help_text="作出此项规定的文件")

    field_order = ("value", "effective_from", "document_number")

    def __init__(self, *arguments: Any, setting: Setting, **options: Any):
        super().__init__(*arguments, **options)
        self.fields["value"] = value_field(setting)
        self.order_fields(self.field_order)


def value_field(setting: Setting) -> forms.Field:
    """The field a setting's value is entered in; its cleaned value is what is kept as JSON."""
    if setting.choices:
        values = {str(value): value for value, _ in setting.choices}
        return forms.TypedChoiceField(
            label="取值",
            choices=[(str(value), label) for value, label in setting.choices],
            coerce=values.__getitem__,
            widget=forms.RadioSelect,
        )
    return _FIELDS[setting.key]()


def _month_day(text: str) -> None:
    """09-30, a day there is in every year."""
    try:
        good = _MONTH_DAY.match(text) and date.fromisoformat(f"2025-{text}")
    except ValueError:
        good = None
    if not good:
        raise forms.ValidationError(f"“{text}”不是有效的月和日，请按09-30填写")


def _region(text: str) -> None:
    if not re.fullmatch("[0-9]{2}", text):
        raise forms.ValidationError("请填两位数字，例如13")


class _Score(forms.DecimalField):
    """A mark kept as text, so that it loses nothing; empty for none."""

    def clean(self, value: Any) -> str | None:
        number = super().clean(value)
        return None if number is None else f"{number:f}"


_FIELDS = {
    "clock.days": lambda: forms.IntegerField(label="工作日数", min_value=1, max_value=60),
    "enrolment.deadline.last_day": lambda: forms.CharField(
        label="截止日", validators=[_month_day], help_text="月-日，例如09-30"
    ),
    "admission.max_score": lambda: _Score(
        label="成绩上限", required=False, min_value=1, max_digits=6, decimal_places=2, help_text="不填则不核对上限"
    ),
    "drafts.days": lambda: forms.IntegerField(label="天数", min_value=1, max_value=365),
    "accounts.listed_after": lambda: forms.IntegerField(label="日数", min_value=7, max_value=365),
    "accounts.sealed_after": lambda: forms.IntegerField(label="日数", min_value=14, max_value=730),
    "check.per_minute": lambda: forms.IntegerField(label="每分钟次数", min_value=1, max_value=600),
    "number.region": lambda: forms.CharField(label="两位数字", validators=[_region], help_text="例如13"),
}


class TrailFilter(forms.Form):
    """Which entries of the trail to list."""

    day = DayField(label="日期", required=False)
    action = forms.ChoiceField(label="操作", required=False)

    def __init__(self, *arguments: Any, actions: list[tuple[str, str]], **options: Any):
        super().__init__(*arguments, **options)
        self.fields["action"].choices = [("", "全部"), *actions]


def _not_later_than_today(day: date, label: str) -> date:
    if day > today():
        raise forms.ValidationError(f"{label}不能晚于今天（{today()}）")
    return day
