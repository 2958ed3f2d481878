"""The applications of 转学: inside the prefecture, from outside, to outside."""

from datetime import date
from typing import Any

from django import forms

from linxia_xueji.enums import Stage
from linxia_xueji.forms import DayField, LongSelect
from linxia_xueji.identity import id_fault
from linxia_xueji.models import Organisation
from linxia_xueji.reference import ethnicities
from registry.enums import IdType
from transfers.books.key_info import FAULTS
from transfers.enums import Direction
from transfers.forms.base import KEY_COLUMNS, ChangeForm, NamedForm, grades
from transfers.models import (
    IncomingPupil,
    Transfer,
)


def _stages_of(schools: tuple[Organisation, ...]) -> set[str]:
    return {p.stage for school in schools for p in school.programmes.all() if p.valid_to is None}


class TransferForm(ChangeForm):
    """转学 to a school of the prefecture, started by the receiving one."""

    code = "transfer"
    to_school = forms.TypedChoiceField(label="转入学校", coerce=int, widget=LongSelect)
    to_stage = forms.ChoiceField(label="转入学段", choices=Stage.choices)
    to_grade = forms.TypedChoiceField(label="转入年级", coerce=int)
    to_class = forms.CharField(label="转入班级", max_length=20, required=False)
    agreed_on = DayField(label="转入学校同意接收日期", required=False)
    direction = Direction.INSIDE

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        stages = _stages_of(self.schools) or set(Stage.values)
        self.fields["to_school"].choices = [(s.pk, s.name) for s in self.schools]
        self.fields["to_stage"].choices = [(s.value, s.label) for s in Stage if s in stages]
        self.fields["to_grade"].choices = grades(stages)
        if self.enrolled:
            self.initial.setdefault("to_stage", self.enrolled.enrolment.stage)
            self.initial.setdefault("to_grade", self.enrolled.grade)

    def clean_agreed_on(self) -> date | None:
        """:raises ValidationError: for a day to come."""
        return self.not_to_come("agreed_on")

    def school(self) -> Organisation:
        """The receiving school."""
        return next(s for s in self.schools if s.pk == self.cleaned_data["to_school"])

    def particulars(self) -> Transfer:
        """Where to."""
        typed = self.cleaned_data
        return Transfer(
            direction=self.direction,
            to_school=self.school(),
            to_stage=typed["to_stage"],
            to_grade=typed["to_grade"],
            to_class=typed["to_class"],
            agreed_on=typed["agreed_on"],
        )

    @staticmethod
    def initial_of(detail: Transfer) -> dict[str, Any]:
        """As stored; the school by its id."""
        return ChangeForm.initial_of(detail) | {"to_school": detail.to_school_id}


class IncomingForm(NamedForm, TransferForm):
    """转学 from outside the prefecture: who comes, and from where."""

    code = "incoming"
    ethnicity = forms.ChoiceField(label="民族", choices=lambda: [(e.code, e.name) for e in ethnicities().values()])
    national_number = forms.CharField(label="全国学籍号", max_length=19, required=False)
    outside_school = forms.CharField(label="转出学校（州外）", max_length=100)
    grade = forms.TypedChoiceField(label="现年级", coerce=int, choices=grades(set(Stage.values)))
    entry_year = forms.IntegerField(label="入学年份", min_value=2000, max_value=2100)
    suspended = forms.BooleanField(label="现为休学", required=False)
    direction = Direction.INCOMING
    sections = (
        ("学生", (*KEY_COLUMNS, "keep_name", "ethnicity", "national_number")),
        ("现就读", ("outside_school", "grade", "entry_year", "suspended")),
        ("转入", ("to_school", "to_stage", "to_grade", "to_class", "agreed_on")),
    )

    def clean(self) -> dict[str, Any]:
        """A resident number is one by its own rule: by it the register knows a person."""
        typed = super().clean()
        fault = id_fault(typed["id_number"].reveal()) if "id_number" in typed else None
        if fault and typed.get("id_type") == IdType.RESIDENT:
            self.add_error(
                "id_number", f"身份证号{FAULTS[fault]}，请对照户口簿核对；没有身份证的，证件类型选“无”或“其他”"
            )
        return typed

    def particulars(self) -> Transfer:
        """Where to, with who comes hung on it."""
        detail, typed = super().particulars(), self.cleaned_data
        detail.outside_school = typed["outside_school"]
        columns = (*KEY_COLUMNS, "ethnicity", "national_number", "grade", "entry_year", "suspended")
        values = {name: typed[name] for name in columns}
        values["national_number"] = values["national_number"] or self.initial.get("filed_national_number", "")
        detail.pupil = IncomingPupil(stage=typed["to_stage"], **values)
        return detail

    @staticmethod
    def initial_of(detail: Transfer) -> dict[str, Any]:
        """As stored, with who comes; the numbers beside the fields, so that no page shows them."""
        pupil = detail.pupil
        shown = (*KEY_COLUMNS, "ethnicity", "grade", "entry_year", "suspended")
        found = {name: getattr(pupil, name) for name in shown if name != "id_number"}
        filed = {"filed_number": pupil.id_number, "filed_national_number": pupil.national_number}
        return TransferForm.initial_of(detail) | found | filed


class OutgoingForm(ChangeForm):
    """转学 to a school outside the prefecture, started by the sending one."""

    code = "outgoing"
    outside_school = forms.CharField(label="转入学校（州外）", max_length=100)
    to_grade = forms.TypedChoiceField(label="转入年级", coerce=int, choices=grades(set(Stage.values)))

    def particulars(self) -> Transfer:
        """Where to."""
        typed, enrolled = self.cleaned_data, self.enrolled
        return Transfer(
            direction=Direction.OUTGOING, to_stage=enrolled.enrolment.stage if enrolled else "",
            to_grade=typed["to_grade"], outside_school=typed["outside_school"],
        )  # fmt: skip
