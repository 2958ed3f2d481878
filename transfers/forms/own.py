"""The applications that concern the student's own school alone."""

from datetime import date
from typing import Any

from django import forms

from linxia_xueji.enums import Level, Stage
from linxia_xueji.forms import DATE_HINT, DayField
from registry.enums import IdType
from transfers.enums import SuspensionReason
from transfers.forms.base import KEY_COLUMNS, ChangeForm, NamedForm, grades
from transfers.grounds import GROUNDS, grounds
from transfers.models import (
    Departure,
    Expulsion,
    KeyInfoChange,
    Resumption,
    Suspension,
    Withdrawal,
)


class SuspensionForm(ChangeForm):
    """休学; of a suspended student it is 延长休学期."""

    code = "suspension"
    starts_on = DayField(label="休学开始日期")
    ends_on = DayField(label="休学结束日期", help_text=f"单次休学期限一般为一年；{DATE_HINT}")
    cause = forms.ChoiceField(label="休学原因", choices=SuspensionReason.choices)

    def clean(self) -> dict:
        """The days in their order."""
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", "休学结束日期须晚于开始日期，请核对")
        return self.cleaned_data

    def particulars(self) -> Suspension:
        """The period; whether it is an extension, the register says."""
        typed = {name: self.cleaned_data[name] for name in ("starts_on", "ends_on", "cause")}
        extension = bool(self.enrolled and self.enrolled.status == "suspended")
        before = self.enrolled.consecutive if extension else 0
        return Suspension(**typed, extension=extension, consecutive_before=before)


class ResumptionForm(ChangeForm):
    """复学."""

    code = "resumption"
    grade = forms.TypedChoiceField(label="复学年级", coerce=int)
    school_class = forms.CharField(label="复学班级", max_length=20, required=False)

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        stage = {self.enrolled.enrolment.stage} if self.enrolled else set(Stage.values)
        self.fields["grade"].choices = grades(stage)

    def particulars(self) -> Resumption:
        """Into which grade."""
        return Resumption(grade=self.cleaned_data["grade"], school_class=self.cleaned_data["school_class"])


class WithdrawalForm(ChangeForm):
    """退学."""

    code = "withdrawal"
    ground = forms.ChoiceField(label="退学条件", required=False)

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        found = grounds(self.schools[0].at(Level.PREFECTURE), self.on)
        source = found.row.document_number if found.row else ""
        self.offered = {code: {"ground_words": words, "ground_source": source} for code, words in found.items if source}
        choices = dict(found.items)
        # What it was filed with can be kept when the application is mended under a later list.
        if (filed := self.initial.get("ground")) and filed not in choices:
            kept = {name: self.initial.get(name, "") for name in ("ground_words", "ground_source")}
            self.offered[filed], choices[filed] = kept, kept["ground_words"] or GROUNDS[filed]
        self.fields["ground"].choices = [("", "请选择"), *choices.items()]

    def particulars(self) -> Withdrawal:
        """On which ground, in its words and with its document."""
        ground = self.cleaned_data["ground"]
        return Withdrawal(ground=ground, **self.offered.get(ground, {}))


class ExpulsionForm(ChangeForm):
    """除名 by the school's document."""

    code = "expulsion"
    document_number = forms.CharField(label="除名文件文号", max_length=60)
    issued_on = DayField(label="文件日期")

    def clean_issued_on(self) -> date:
        """:raises ValidationError: for a day to come."""
        return self.not_to_come("issued_on")

    def particulars(self) -> Expulsion:
        """By which document."""
        return Expulsion(document_number=self.cleaned_data["document_number"], issued_on=self.cleaned_data["issued_on"])


class KeyInfoForm(NamedForm):
    """关键信息变更: the fields begin with what is; the ID number stays out of the page and is kept when left empty."""

    code = "key_info"

    def __init__(self, data=None, **options):
        facts = options["enrolled"].facts
        options["initial"] = {
            **{name: getattr(facts, name) for name in KEY_COLUMNS if name != "id_number"}, **(options.get("initial") or {})
        }  # fmt: skip
        super().__init__(data, **options)
        self.fields["id_number"].help_text = "不变更时留空"

    def particulars(self) -> KeyInfoChange:
        """What it is to become."""
        typed = {name: self.cleaned_data[name] for name in KEY_COLUMNS}
        if typed["id_type"] != IdType.NONE:
            typed["id_number"] = typed["id_number"] or self.enrolled.facts.id_number
        keeps = bool(self.cleaned_data.get("keep_name"))
        return KeyInfoChange(before=self.enrolled.facts, keeps_name=keeps, **typed)

    @staticmethod
    def initial_of(detail: KeyInfoChange) -> dict[str, Any]:
        """As stored; the number beside the fields, so that no page shows it."""
        shown = {name: getattr(detail, name) for name in KEY_COLUMNS if name != "id_number"}
        return shown | {"filed_number": detail.id_number}


class DepartureForm(ChangeForm):
    """死亡 or 出国."""

    code = "departure"
    happened_on = DayField(label="发生日期")
    place = forms.CharField(label="地点", max_length=100, required=False, help_text="出国的填写国家或地区")

    def clean_happened_on(self) -> date:
        """:raises ValidationError: for a day to come: a report tells of what has happened."""
        return self.not_to_come("happened_on")

    def particulars(self) -> Departure:
        """When and where."""
        return Departure(happened_on=self.cleaned_data["happened_on"], place=self.cleaned_data["place"])
