"""What people fill in for an inspection."""

import re
from uuid import uuid4

from django import forms

from linxia_xueji.forms import DATE_HINT, DayField
from linxia_xueji.models import Organisation, User
from linxia_xueji.reference import notice
from registry.forms import PageForm
from registry.inspecting.findings import CLAUSE
from registry.inspecting.notice import Named
from registry.inspecting.states import Step
from registry.models import Finding, InspectedStudent
from registry.models.inspecting import LONGEST
from registry.roster.grades import class_words
from registry.scans import ProofField

_OWN_NUMBER = re.compile(r"^(（.）|.、)")
"""What a heading of the notice begins with; the clause is named before it."""
PHOTO_HINT = "JPEG照片不超过10 MB（超过2 MB的自动缩小保存），PNG图片不超过2 MB；保存时去掉拍摄地点等信息"


def _words(label: str, rows: int = 3, help_text: str = "不超过500字") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


def _number(label: str, most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class KeyedForm(PageForm):
    """A form whose deed is done once however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        options["initial"] = {"key": uuid4()} | options.get("initial", {})
        super().__init__(*args, **options)


class PlanForm(PageForm):
    """A round: name, days, sample, team; the schools are ticked in a list of their own."""

    code = "plan"
    title = forms.CharField(label="名称", max_length=60, help_text="如：2026年秋季“人籍一致”专项督查")
    starts_on = DayField(label="开始日期")
    ends_on = DayField(label="结束日期")
    roster_on = DayField(label="名册日期", help_text=f"按这一天的学籍抽样，不晚于今天；{DATE_HINT}")
    classes = _number("每校抽查班级数", 99)
    students = _number("每班抽查学生数", 99)
    seed = forms.IntegerField(
        label="抽样种子", min_value=0, max_value=2_000_000_000, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="系统随机给出；种子、名册日期相同的，抽到的班级和学生相同",
    )  # fmt: skip
    team = forms.TypedMultipleChoiceField(
        label="检查组（本单位账号）",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾选的人员可以在现场登记",
    )
    others = forms.CharField(
        label="检查组其他成员", required=False, max_length=1000, help_text="没有账号的，每行一人：姓名 单位",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    schools = forms.TypedMultipleChoiceField(label="学校", coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, staff: list[User], schools: list[Organisation], **options):
        super().__init__(*args, **options)
        self.fields["team"].choices = [(user.pk, user.full_name) for user in staff]
        self.fields["schools"].choices = [(school.pk, school.name) for school in schools]

    def clean_others(self) -> list[tuple[str, str]]:
        """Name and office of each line."""
        lines = [line.split(None, 1) for line in self.cleaned_data["others"].splitlines() if line.strip()]
        return [(parts[0], parts[1].strip() if len(parts) > 1 else "") for parts in lines]


class ReasonForm(PageForm):
    """Why a round is called off."""

    code = "call-off"
    reason = forms.CharField(label="撤销理由", max_length=200)


class PhotoForm(KeyedForm):
    """A picture taken on site, of a student or of the visit."""

    code = "photo"
    student = forms.ModelChoiceField(
        InspectedStudent.objects.none(), label="学生", required=False, empty_label="不针对某名学生"
    )
    caption = forms.CharField(label="说明", max_length=60, required=False)
    photo = ProofField(
        label="照片", help_text=PHOTO_HINT, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"})
    )

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["student"].queryset = people
        self.fields["student"].label_from_instance = student_words


def student_words(student: InspectedStudent) -> str:
    """高二1班 马某：不在."""
    told = f"：{student.get_result_display()}" if student.result else ""
    return f"{class_words(student.grade, student.school_class)} {student.name}{told}"


def clause_choices() -> list[tuple[str, str]]:
    """The clauses of the notice, each with the beginning of its words."""
    return [(c.id, f"通知{c.id}　{_OWN_NUMBER.sub('', c.heading or c.paragraphs[0])[:24]}") for c in notice().clauses]


class FindingForm(KeyedForm):
    """A finding: whom it is about, the clause, the words, the day."""

    code = "finding"
    student = forms.ModelChoiceField(
        InspectedStudent.objects.none(), label="学生", required=False, empty_label="不针对某名学生"
    )
    clause = forms.ChoiceField(label="依据条款", choices=clause_choices, initial=CLAUSE)
    words = _words("问题", help_text="写明查到的事实，学校会原样看到，不超过500字")
    due_on = DayField(label="整改期限", help_text=f"按设置的工作日数提出，可以改；{DATE_HINT}")

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["student"].queryset = people
        self.fields["student"].label_from_instance = student_words


class MoveForm(PageForm):
    """One move about a finding, from the state the page showed."""

    code = "move"
    seen = forms.CharField(widget=forms.HiddenInput)
    act = forms.ChoiceField(label="办理", widget=forms.RadioSelect)
    words = _words("情况说明")
    photo = ProofField(
        label="佐证照片",
        required=False,
        help_text=PHOTO_HINT,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )

    def __init__(self, *args, finding: Finding, steps: list[Step], **options):
        options["initial"] = {"seen": finding.state, "act": steps[0].act if len(steps) == 1 else None}
        super().__init__(*args, **options)
        self.fields["act"].choices = [(step.act.value, step.act.label) for step in steps]
        if len(steps) == 1:
            self.fields["act"].widget = forms.HiddenInput()
            self.fields["words"].label = steps[0].act.label


class NoticeForm(PageForm):
    """A 通报: number, findings, persons named, what is thought of their responsibility."""

    code = "notice"
    number = forms.CharField(label="文号", max_length=60)
    findings = forms.TypedMultipleChoiceField(label="通报的问题", coerce=int, widget=forms.CheckboxSelectMultiple)
    words = _words("责任追究意见", help_text="对学校及相关人员责任的追究意见，写入通报，不超过500字")
    posts = forms.TypedMultipleChoiceField(
        label="被通报人员（学校岗位）", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="不勾选的不写入通报",
    )  # fmt: skip
    others = forms.CharField(
        label="被通报的其他人员", required=False, max_length=1000, help_text="每行一人：姓名 职务 单位；单位不填的为本校",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args, school: Organisation, findings: list[Finding], people: list[Named], **options):
        super().__init__(*args, **options)
        self.school, self.holders = school, people
        self.fields["findings"].choices = [(f.pk, f.words) for f in findings]
        self.fields["posts"].choices = [(n, f"{p.name}　{p.post}") for n, p in enumerate(people)]

    @property
    def people(self) -> list[Named]:
        """All who are named: those ticked, then those written."""
        chosen = [self.holders[n] for n in self.cleaned_data["posts"]]
        lines = [line.split(None, 2) for line in self.cleaned_data["others"].splitlines() if line.strip()]
        return chosen + [Named(*line, *("", self.school.name)[len(line) - 1 :]) for line in lines]

    def clean_others(self) -> str:
        """Each line has a name and a post."""
        for line in self.cleaned_data["others"].splitlines():
            if line.strip() and len(line.split(None, 2)) < 2:
                raise forms.ValidationError(f"“{line.strip()}”缺职务，请按“姓名 职务 单位”填写")
        return self.cleaned_data["others"]
