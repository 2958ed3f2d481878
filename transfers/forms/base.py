"""What every application asks, and the key information of whoever is named in it."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linxia_xueji.enums import Sex
from linxia_xueji.forms import DayField
from linxia_xueji.identity import id_normal, proposed_name, tidy_name
from linxia_xueji.models import Organisation
from linxia_xueji.secrets import Secret
from registry.enums import IdType
from registry.forms import PageForm
from registry.roster.grades import GRADES_OF, words_of
from transfers.enrolled import Enrolled
from transfers.enums import Relation
from transfers.models.details import Detail

COMMON = ("applicant", "relation", "applied_on", "reason")
"""What every application asks."""


class ChangeForm(PageForm):
    """Who applied and when; each business adds its own. Cleaned, it makes the unsaved particulars."""

    code = "change"
    applied_on = DayField(label="申请日期", help_text="10个工作日从次日起算；可填20250919")
    applicant = forms.CharField(label="申请人", max_length=50)
    relation = forms.ChoiceField(label="与学生关系", choices=[("", "请选择"), *Relation.choices])
    reason = forms.CharField(
        label="申请理由",
        max_length=200,
        required=False,
        help_text="不超过200字",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Heading and fields of each part before the applicant's; what is named nowhere stands in the last one."""

    def __init__(self, data=None, *, enrolled: Enrolled | None, schools: tuple[Organisation, ...], on: date, **options):
        self.enrolled, self.schools, self.on = enrolled, schools, on
        options["initial"] = {"applied_on": on, **(options.get("initial") or {})}
        super().__init__(data, **options)

    def fix_day(self) -> None:
        """Once submitted, the day of application stays: the field shows it and takes no other."""
        field = self.fields["applied_on"]
        field.disabled, field.help_text = True, "退回修改不改变申请日期，仍以首次提交时的为准；期限照此计算"

    def clean_applied_on(self) -> date:
        """:raises ValidationError: for a day to come."""
        return self.not_to_come("applied_on", "请填写实际提出申请的日期")

    def not_to_come(self, name: str, mend: str = "请核对") -> date | None:
        """The day of something that has happened. :raises ValidationError: for a day to come."""
        day = self.cleaned_data[name]
        if day and day > self.on:
            raise ValidationError(f"{self.fields[name].label}晚于今天，{mend}")
        return day

    def particulars(self) -> Detail:
        """The particulars as typed, unsaved."""
        raise NotImplementedError

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as the page shows them: the business's own first, then who applied, when and why."""
        names = [name for name in self.fields if name not in COMMON]
        parts, named = [], set()
        for heading, fields in self.sections:
            parts.append((heading, [self[name] for name in fields if name in self.fields]))
            named.update(fields)
        if rest := [self[name] for name in names if name not in named]:
            parts.append(("" if not parts else "其他", rest))
        return [*parts, ("申请", [self[name] for name in COMMON])]

    def common(self) -> dict[str, Any]:
        """The columns of the change itself."""
        return {name: self.cleaned_data[name] for name in ("applicant", "relation", "reason")}

    @staticmethod
    def initial_of(detail: Any) -> dict[str, Any]:
        """What the form begins with when an application is mended."""
        return {f.name: getattr(detail, f.name) for f in detail._meta.concrete_fields if f.name != "change"}


def grades(stages: set[str]) -> list[tuple[int, str]]:
    """The grades of these stages to choose from."""
    numbers = sorted({n for s in stages for n in range(GRADES_OF[s][0], GRADES_OF[s][1] + 1)})
    return [("", "请选择"), *((n, words_of(n)) for n in numbers)]


def _id_number_field(required: bool) -> forms.CharField:
    return forms.CharField(
        label="身份证件号", max_length=40, required=required, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class NamedForm(ChangeForm):
    """A form with a name whose dot is proposed as U+00B7; what was entered stays when that is expressly wanted."""

    name = forms.CharField(label="姓名", max_length=50)
    keep_name = forms.BooleanField(label="保留姓名原样", required=False)
    sex = forms.ChoiceField(label="性别", choices=Sex.choices)
    birth_date = DayField(label="出生日期")
    id_type = forms.ChoiceField(label="身份证件类型", choices=IdType.choices, initial=IdType.RESIDENT)
    id_number = _id_number_field(required=False)

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        typed = tidy_name(data.get("name", "")) if data else ""
        self.proposal = proposed_name(typed) if proposed_name(typed) != typed else ""
        if not self.proposal:
            del self.fields["keep_name"]

    def clean_name(self) -> str:
        """The name without stray blanks."""
        return tidy_name(self.cleaned_data["name"])

    def clean_id_number(self) -> Secret:
        """As it is judged and kept; left empty, the one that was filed stays, which no page shows."""
        return Secret(id_normal(self.cleaned_data["id_number"])) or self.initial.get("filed_number", Secret(""))

    def clean(self) -> dict:
        """Propose the right dot."""
        if self.proposal and not self.cleaned_data.get("keep_name"):
            self.add_error(
                "name", f"姓名中的间隔号建议用“·”，即“{self.proposal}”；户口簿确为原样的，勾选“保留姓名原样”"
            )
        return self.cleaned_data


KEY_COLUMNS = ("name", "sex", "birth_date", "id_type", "id_number")
