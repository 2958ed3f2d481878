"""Which students are counted or listed, and how."""

from datetime import date
from typing import Any

from django import forms

from linxia_xueji.access import access_of
from linxia_xueji.dates import today
from linxia_xueji.enums import Level, Permission, Stage
from linxia_xueji.forms import DayField, LongSelect
from linxia_xueji.models import Organisation
from linxia_xueji.reach import organisations_where
from registry.enums import ExportPurpose, OrderKind
from registry.forms import PageForm
from registry.roster.grades import words_of
from registry.rosters.columns import CHOSEN, COLUMNS
from registry.rosters.conditions import Conditions
from registry.rosters.dimensions import ACROSS, BY, DIMENSIONS

GRADES = [(str(grade), words_of(grade)) for grade in range(1, 13)]


class SchoolField(forms.ModelChoiceField):
    """A school or county one may look into; hundreds of them are written at once."""

    widget = LongSelect

    def label_from_instance(self, one: Organisation) -> str:
        """Its short name."""
        return one.short_name


class ConditionsForm(forms.Form):
    """The day and whatever narrows the students; what only one answer is possible to is not asked."""

    use_required_attribute = False
    day = DayField(label="截至日期", required=False)
    county = SchoolField(Organisation.objects.none(), label="县市", required=False, empty_label="全部")
    school = SchoolField(Organisation.objects.none(), label="学校", required=False, empty_label="全部")
    stage = forms.ChoiceField(label="学段", required=False, choices=[("", "全部"), *Stage.choices])

    def __init__(self, data: Any, *, user, **options: Any):
        super().__init__(data if data else None, initial={"day": today()}, **options)
        seen = organisations_where(user, Permission.VIEW_REGISTER)
        self.fields["county"].queryset = seen.filter(level=Level.COUNTY)
        self.fields["school"].queryset = seen.filter(level=Level.SCHOOL)
        if set(access_of(user).by_level(Permission.VIEW_REGISTER)) == {Level.SCHOOL}:
            del self.fields["county"], self.fields["school"]

    def clean_day(self) -> date:
        """Today unless named; of days to come the register knows nothing."""
        day = self.cleaned_data["day"] or today()
        if day > today():
            raise forms.ValidationError("截至日期不能晚于今天，请改为今天或以前的日期")
        return day

    @property
    def conditions(self) -> Conditions:
        """What was asked for; everything today where nothing was or where it makes no sense."""
        if not self.is_bound or self.errors:
            return Conditions(today())
        return Conditions.of(self.cleaned_data["day"], self.cleaned_data)


class CountForm(ConditionsForm):
    """Counts by one or two dimensions."""

    by = forms.ChoiceField(label="按", required=False, choices=[(code, DIMENSIONS[code].label) for code in BY])
    across = forms.ChoiceField(
        label="再分", required=False, choices=[(code, DIMENSIONS[code].label) for code in ACROSS]
    )
    field_order = ("day", "by", "across", "school", "county", "stage")

    def __init__(self, data: Any, *, user, **options: Any):
        super().__init__(data, user=user, **options)
        # Who has but one school counts by class, the others by what lies below them.
        self.own = "school" not in self.fields
        self.initial |= {"by": "class" if self.own else "school", "across": "state"}
        if self.own:
            self.fields["by"].choices = [c for c in self.fields["by"].choices if c[0] not in ("county", "school")]

    def clean(self) -> dict[str, Any]:
        """Rows and columns differ, and classes are those of one school."""
        by, across = (self.cleaned_data.get(name) or self.initial[name] for name in ("by", "across"))
        if by == across:
            self.add_error("across", f"行和列都是{DIMENSIONS[by].label}，请改选其中一项")
        if by == "class" and not self.own and not self.cleaned_data.get("school"):
            self.add_error("by", "按班级统计的，请先在“学校”中选择一所学校")
        return self.cleaned_data | {"by": by, "across": across}

    @property
    def dimensions(self) -> tuple[str, str]:
        """Code of the rows and of the columns."""
        asked = self.cleaned_data if self.is_bound and not self.errors else self.initial
        return asked["by"], asked["across"]


class RollForm(ConditionsForm):
    """A roster: whom, and with which columns."""

    grade = forms.TypedChoiceField(
        label="年级", required=False, coerce=int, empty_value=None, choices=[("", "全部"), *GRADES]
    )
    school_class = forms.CharField(label="班级", required=False, max_length=20, help_text="如：1班")
    columns = forms.MultipleChoiceField(
        label="栏目", required=False, choices=[(c.code, c.label) for c in COLUMNS.values()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    field_order = ("day", "school", "grade", "school_class", "county", "stage")

    def __init__(self, data: Any, *, user, **options: Any):
        super().__init__(data, user=user, **options)
        for code in ("boarding", "left_behind", "ethnicity", "sex", "state"):
            dimension = DIMENSIONS[code]
            choices = [("", "全部"), *dimension.known.items()]
            self.fields[code] = forms.ChoiceField(label=dimension.label, required=False, choices=choices)
        self.initial["columns"] = list(CHOSEN)

    @property
    def conditions(self) -> Conditions:
        """With the class as it is typed."""
        if not self.is_bound or self.errors:
            return Conditions(today())
        return Conditions.of(self.cleaned_data["day"], self.cleaned_data | {"class": self.cleaned_data["school_class"]})

    @property
    def chosen(self) -> list[str]:
        """Codes of the columns."""
        asked = self.cleaned_data["columns"] if self.is_bound and not self.errors else []
        return asked or list(CHOSEN)


class PurposeForm(PageForm):
    """What a roster is taken out for."""

    code = "purpose"
    kind = forms.ChoiceField(
        label="文件", required=False, choices=[(OrderKind.ROLL, "花名册，上面所选栏目"), (OrderKind.NATIONAL, "国网71列，可再导入")],
        help_text="国网71列按全国学籍系统1.x模板，不含待转入的学生",
    )  # fmt: skip
    purpose = forms.ChoiceField(label="用途", choices=[("", "请选择"), *ExportPurpose.choices])
    purpose_text = forms.CharField(
        label="用途说明", max_length=200, required=False, help_text="选“其他”的必填；依据文件、使用单位可写在此处"
    )

    def clean_kind(self) -> str:
        """A roster, unless the national file is asked for."""
        return self.cleaned_data["kind"] or OrderKind.ROLL


class DecisionForm(PageForm):
    """Whether a roster may go out, and why."""

    code = "decision"
    released = forms.ChoiceField(
        label="决定", choices=[("yes", "批准导出"), ("no", "不予导出")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
