"""Forms of the chain: one decision, the filters of the desk, and what is entered into the calendar."""

from typing import Any

from django import forms

from approvals.kinds import all_kinds
from approvals.models import LocalDay
from linxia_xueji.dates import parse_date
from linxia_xueji.forms import DayField, LongChoiceField
from linxia_xueji.rules import Verdict

NOTE_LENGTH = 200
RANGE_MARKS = ("至", "—", "~", "～")


class LinesField(forms.CharField):
    """Days or ranges of days, one a line."""

    widget = forms.Textarea

    def __init__(self, *, ranges: bool, **more: Any):
        super().__init__(**more)
        self.ranges = ranges

    def to_python(self, value: Any) -> list[Any]:
        """Days, or pairs of first and last day. :raises ValidationError: naming each line that cannot be read."""
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        found, faults = [], []
        for number, line in enumerate(lines, 1):
            try:
                if line:
                    found.append(self._read(line))
            except ValueError as fault:
                faults.append(f"第{number}行：{fault}")
        if faults:
            raise forms.ValidationError(faults)
        return found

    def _read(self, line: str) -> Any:
        if not self.ranges:
            return parse_date(line)
        mark = next((m for m in RANGE_MARKS if m in line), None)
        first, last = line.split(mark, 1) if mark else (line, line)
        return parse_date(first), parse_date(last)


class DecisionForm(forms.Form):
    """One move: the version seen, reasons by clause, the written note, and the figures its business asks for.

    :param reasons: (value, words) of the findings that may be ticked.
    :param business: the form of the kind, whose fields stand here under its own prefix.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reasons = forms.MultipleChoiceField(label="理由", required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label="说明", max_length=NOTE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "full"})
    )

    def __init__(
        self, data=None, *, move: str, reasons=(), note_required="", clause_required=False, business=None, **more
    ):
        super().__init__(data, auto_id=f"{move}-%s", **more)
        self.business = business
        self.fields["note"].required = bool(note_required)
        self.fields["note"].help_text = note_required or "学校会原样看到，不超过200字"
        if reasons:
            self.fields["reasons"].choices = reasons
            self.fields["reasons"].required = clause_required
        else:
            del self.fields["reasons"]
        if business is not None:
            added = {business.add_prefix(name): field for name, field in business.fields.items()}
            self.initial |= {
                business.add_prefix(n): business.get_initial_for_field(f, n) for n, f in business.fields.items()
            }
            self.fields = {**added, **self.fields}

    def clean(self) -> dict[str, Any]:
        """What the business checks across its fields counts here too."""
        if self.business is not None and not self.business.is_valid():
            for name, errors in self.business.errors.items():
                key = None if name == "__all__" else self.business.add_prefix(name)
                if key not in self.errors:
                    self.add_error(key, errors)
        return self.cleaned_data

    @property
    def inputs(self) -> dict[str, Any]:
        """What the business is handed: its own cleaned fields."""
        return dict(self.business.cleaned_data) if self.business is not None else {}


class FilterForm(forms.Form):
    """The conditions of the desk that may stand in an address: no names, no numbers of persons."""

    due = forms.ChoiceField(
        choices=[(k, k) for k in ("over", "today", "soon")], required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    school = LongChoiceField(label="学校", required=False, coerce=int, empty_value=None)
    verdict = forms.ChoiceField(
        label="核验结果",
        required=False,
        choices=[("", "全部"), *((v.value, v.label) for v in reversed(Verdict))],
    )

    def __init__(self, data, *, schools: list[tuple[int, str]]):
        super().__init__(data)
        self.fields["school"].choices = [("", "全部学校"), *schools]
        self.fields["kind"].choices = [(k.code, k.label) for k in all_kinds()]

    @property
    def conditions(self) -> dict[str, Any]:
        """The conditions that can be understood; others in the address are passed over."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class LocalDayForm(forms.Form):
    """A local day, by document."""

    organisation = forms.ModelChoiceField(
        label="适用范围", queryset=None, empty_label=None, help_text="对该机构及其所管学校有效"
    )
    day = DayField(label="日期")
    kind = forms.ChoiceField(label="类型", choices=LocalDay.Kind.choices)
    document_number = forms.CharField(label="文号", max_length=60)

    def __init__(self, data=None, *, organisations):
        super().__init__(data, auto_id="day-%s")
        self.fields["organisation"].queryset = organisations


class RevokeDayForm(forms.Form):
    """Taking a local day back, by document."""

    local_day = forms.ModelChoiceField(label="要停用的安排", queryset=None, empty_label=None)
    document_number = forms.CharField(label="停用依据文号", max_length=60)

    def __init__(self, data=None, *, days):
        super().__init__(data, auto_id="revoke-%s")
        self.fields["local_day"].queryset = days
        self.fields["local_day"].label_from_instance = lambda d: (
            f"{d.day:%Y-%m-%d} {d.get_kind_display()}（{d.organisation.short_name}）"
        )


class NoticeForm(forms.Form):
    """A notice of 国务院办公厅, typed from its text."""

    document = forms.CharField(label="文号", max_length=60, help_text="例：国办发明电〔2025〕7号")
    issued_on = DayField(label="印发日期")
    year = forms.IntegerField(label="年份", min_value=2000, max_value=2100)
    free = LinesField(
        label="放假日期", ranges=True, required=False, help_text="每行一段，例：2026-10-01至2026-10-07",
        widget=forms.Textarea(attrs={"rows": 5, "class": "full"}),
    )  # fmt: skip
    work = LinesField(
        label="调休上班日期", ranges=False, required=False, help_text="每行一天",
        widget=forms.Textarea(attrs={"rows": 3, "class": "full"}),
    )  # fmt: skip
    amends = forms.CharField(
        label="所调整通知的文号", max_length=60, required=False, help_text="对已载入通知作调整时填写"
    )
    correct = forms.BooleanField(label="更正：替换同一文号的已载入内容", required=False)

    def __init__(self, data=None):
        super().__init__(data, auto_id="notice-%s")
