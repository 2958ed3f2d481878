"""Forms of the year's turn."""

from django import forms

from linxia_xueji.forms import DayField
from registry.models.year_turn import LONGEST_REASON
from registry.roster.grades import words_of


class OpenForm(forms.Form):
    """Which school year begins, and on which day."""

    school_year = forms.IntegerField(
        label="学年", min_value=2000, max_value=2100, help_text="如2026，指2026年秋季开始的学年"
    )
    day = DayField(label="起算日", help_text="新年级自这一天起；学年自9月1日开始，可改为前后一个月内的日期（假定）")

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id="open-%s", **options)


class DayForm(forms.Form):
    """Another first day."""

    day = DayField(label="起算日")

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id="day-%s", **options)


class KeepForm(forms.Form):
    """Why somebody stays in the grade the register has."""

    note = forms.CharField(
        label="保持原年级的理由", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id="keep-%s", **options)


class CompletionForm(forms.Form):
    """Why the students ticked do not graduate."""

    reason = forms.CharField(label="未毕业原因", max_length=LONGEST_REASON, help_text="对勾选的学生一并填写")

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id="completion-%s", **options)


class HandingForm(forms.Form):
    """A teaching point, its last grade, and the school that takes its pupils."""

    school = forms.ModelChoiceField(label="教学点", queryset=None, empty_label="请选择")
    last_grade = forms.TypedChoiceField(
        label="最高年级", coerce=int, choices=[(n, words_of(n)) for n in (1, 2, 3, 4, 5, 7, 8)],
        help_text="读完这一年级后升入接收校",
    )  # fmt: skip
    receiver = forms.ModelChoiceField(label="接收校", queryset=None, empty_label="请选择")
    to_class = forms.CharField(label="接收班级", max_length=20, required=False, help_text="如1班；不填的，由接收校编班")
    document_number = forms.CharField(label="文号", max_length=60, help_text="确定接收关系的文件")

    def __init__(self, data=None, *, schools, **options):
        super().__init__(data, auto_id="handing-%s", **options)
        self.fields["school"].queryset = self.fields["receiver"].queryset = schools
