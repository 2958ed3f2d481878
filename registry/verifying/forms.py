"""What people fill in for a verification."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linxia_xueji.dates import parse_date
from linxia_xueji.enums import Sex
from linxia_xueji.forms import DayField
from linxia_xueji.identity import id_fault, id_normal, tidy_name
from linxia_xueji.reference import ethnicity_code
from registry.enums import EnrolmentState
from registry.forms import ID_FAULTS, PageForm
from registry.models.verifying import LONGEST_NOTE
from registry.roster.grades import words_of
from registry.verifying.enums import FIELD_CHOICES, DeviationKind, Phase
from registry.verifying.noting import Noted

OF_A_STUDENT = [DeviationKind.ABSENT, DeviationKind.GRADE, DeviationKind.FIELD, DeviationKind.STATUS]
STATUSES = [(state.value, state.label) for state in (EnrolmentState.ENROLLED, EnrolmentState.SUSPENDED)]


def _note(label: str = "说明", **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}), **options)


class OpenForm(PageForm):
    """Which campaign is opened."""

    code = "open"
    term = forms.ChoiceField(label="学期")
    phase = forms.ChoiceField(label="时间", choices=Phase.choices)

    def __init__(self, *args, terms: list[tuple[str, str]], **options):
        super().__init__(*args, **options)
        self.fields["term"].choices = terms


class StudentForm(PageForm):
    """In what a student of the roster deviates."""

    code = "student"
    kind = forms.ChoiceField(
        label="哪里不符", choices=[(kind.value, kind.label) for kind in OF_A_STUDENT], widget=forms.RadioSelect
    )
    grade = forms.TypedChoiceField(
        label="实际年级", required=False, coerce=int, empty_value=None, help_text="年级、班级不符时选择",
        choices=[("", "请选择"), *((n, words_of(n)) for n in range(1, 13))],
    )  # fmt: skip
    school_class = forms.CharField(
        label="实际班级", required=False, max_length=20, help_text="年级、班级不符时填写，如：2班"
    )
    field = forms.ChoiceField(
        label="哪一项", required=False, choices=[("", "请选择"), *FIELD_CHOICES], help_text="关键信息不符时选择"
    )
    value = forms.CharField(
        label="户口簿上是", required=False, max_length=100, help_text="以实际户籍信息为准，关键信息不符时填写"
    )
    status = forms.ChoiceField(
        label="实际状态", required=False, choices=[("", "请选择"), *STATUSES], help_text="学籍状态不符时选择"
    )
    note = _note(required=False, help_text="去向、核对了什么材料等，不超过200字")

    def clean(self) -> dict[str, Any]:
        """What the kind asks for is there, and a value is written as the register writes it."""
        given = super().clean()
        needs = {DeviationKind.GRADE: "grade", DeviationKind.STATUS: "status", DeviationKind.FIELD: "field"}
        needed = needs.get(given.get("kind"))
        if needed and not given.get(needed) and needed not in self.errors:
            self.add_error(needed, f"请选择{self.fields[needed].label}")
        if given.get("kind") == DeviationKind.FIELD and given.get("field"):
            try:
                given["value"] = as_kept(given["field"], given.get("value", ""))
            except ValidationError as error:
                self.add_error("value", error)
        return given

    @property
    def noted(self) -> Noted:
        """What was found, without what belongs to other kinds."""
        kind, given = self.cleaned_data["kind"], self.cleaned_data
        of = {
            DeviationKind.GRADE: ("grade", "school_class"),
            DeviationKind.FIELD: ("field", "value"),
            DeviationKind.STATUS: ("status",),
        }
        return Noted(kind, note=given["note"], **{name: given[name] for name in of.get(kind, ())})


class ExtraForm(PageForm):
    """Somebody in the classroom whom the roster does not have."""

    code = "extra"
    name = forms.CharField(label="姓名", max_length=100)
    id_number = forms.CharField(label="身份证件号", required=False, max_length=40, help_text="没有的留空，填出生日期")
    birth_date = DayField(label="出生日期", required=False)
    note = _note(required=False, help_text="从哪里来、何时来的，不超过200字")

    def clean(self) -> dict[str, Any]:
        """A number that can be one; by number or birth date the student is known again."""
        given = super().clean()
        given["name"] = tidy_name(given.get("name", ""))
        given["id_number"] = id_normal(given.get("id_number", ""))
        if given["id_number"] and (fault := id_fault(given["id_number"])):
            self.add_error("id_number", ID_FAULTS[fault].format(length=len(given["id_number"])))
        if not given["id_number"] and not given.get("birth_date") and "birth_date" not in self.errors:
            self.add_error("birth_date", "身份证件号和出生日期请至少填写一项")
        return given

    @property
    def noted(self) -> Noted:
        """What was found."""
        given = self.cleaned_data
        return Noted(
            DeviationKind.EXTRA,
            value=given["id_number"],
            name=given["name"],
            birth_date=given["birth_date"],
            note=given["note"],
        )


class ReasonForm(PageForm):
    """Why something is given back or withdrawn."""

    code = "reason"
    reason = _note("理由", help_text="不超过200字")


def as_kept(field: str, typed: str) -> str:
    """A value of 关键信息 as the register keeps it. :raises ValidationError: with what to do."""
    text = typed.strip()
    if not text:
        raise ValidationError("请填写户口簿上的内容")
    if field == "name":
        return tidy_name(text)
    if field == "id_number":
        if fault := id_fault(id_normal(text)):
            raise ValidationError(ID_FAULTS[fault].format(length=len(id_normal(text))))
        return id_normal(text)
    if field == "sex":
        if text not in Sex.labels:
            raise ValidationError("性别请填写男或女")
        return {sex.label: sex.value for sex in Sex}[text]
    if field == "birth_date":
        try:
            return parse_date(text).isoformat()
        except ValueError as error:
            raise ValidationError(str(error)) from error
    if not (code := ethnicity_code(text)):
        raise ValidationError("没有这个民族，请按户口簿填写，如：回族")
    return code
