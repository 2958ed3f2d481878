"""The forms of the batch, its students, letters and papers."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from linxia_xueji.enums import Sex
from linxia_xueji.forms import DATE_HINT, DayField
from linxia_xueji.identity import id_birth, id_fault, id_normal, id_sex, proposed_name, tidy_name
from linxia_xueji.reference import ethnicities
from linxia_xueji.secrets import Secret
from registry.enums import LISTED_FIELDS, DeferralKind
from registry.rules import ENROLMENT
from registry.scans import ScanField

ID_FAULTS = {
    "id_length": "身份证号有{length}位，应为18位，请核对后重新填写",
    "id_check": "身份证号末位校验不符，请逐位核对",
    "id_date": "身份证号第7至14位不是有效日期，请逐位核对",
}


class PageForm(forms.Form):
    """A form of a page with several: its ids begin with its own name."""

    code = "form"
    use_required_attribute = False

    def __init__(self, *args, **options):
        options.setdefault("auto_id", f"{self.code}-%s")
        super().__init__(*args, **options)


def _reason(label: str, required: bool = True, help_text: str = "不超过200字") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReportedForm(PageForm):
    """The student's information as reported; what is left as it was changes nothing."""

    code = "reported"
    name = forms.CharField(label="姓名", max_length=50)
    keep_name = forms.BooleanField(label="保留姓名原样", required=False)
    sex = forms.ChoiceField(label="性别", choices=Sex.choices)
    ethnicity = forms.ChoiceField(label="民族", choices=lambda: [(e.code, e.name) for e in ethnicities().values()])
    birth_date = DayField(label="出生日期")
    id_number = forms.CharField(
        label="身份证号",
        max_length=40,
        required=False,
        help_text="不更正时留空",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    score = forms.DecimalField(
        label="中考成绩", min_value=Decimal(0), max_digits=6, decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "中考成绩须是数字，如512.5"},
    )  # fmt: skip

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        typed = tidy_name(data.get("name", "")) if data else ""
        self.proposal = proposed_name(typed) if proposed_name(typed) != typed else ""
        if not self.proposal:
            del self.fields["keep_name"]

    def clean_name(self) -> str:
        """The name without stray blanks."""
        return tidy_name(self.cleaned_data["name"])

    def clean_id_number(self) -> Secret | None:
        """The number where one was typed. :raises ValidationError: where it fails GB 11643."""
        number = id_normal(self.cleaned_data["id_number"])
        if number and (fault := id_fault(number)):
            raise ValidationError(ID_FAULTS[fault].format(length=len(number)))
        return Secret(number) if number else None

    def clean(self) -> dict:
        """The dot of a name is proposed as U+00B7; what was typed stays when that is expressly wanted."""
        if self.proposal and not self.cleaned_data.get("keep_name"):
            self.add_error(
                "name", f"姓名中的间隔号建议用“·”，即“{self.proposal}”；户口簿确为原样的，勾选“保留姓名原样”"
            )
        return self.cleaned_data

    @property
    def values(self) -> dict:
        """Field → value, without what was left empty."""
        return {f: self.cleaned_data[f] for f in LISTED_FIELDS if self.cleaned_data.get(f) is not None}

    def contradictions(self, number: str) -> list[str]:
        """Where the ID number and the rest say different things; a person looks at the household register."""
        found = [] if id_birth(number) == self.cleaned_data["birth_date"] else ["出生日期"]
        return found + ([] if id_sex(number) == self.cleaned_data["sex"] else ["性别"])


class AskLetterForm(PageForm):
    """What the school writes to the county of exam registration."""

    code = "ask"
    note = _reason("申请说明", required=False, help_text="写明以何材料为准，如户口簿，不超过200字")


class DeferralForm(PageForm):
    """延期注册 or 不可抗力, with proof."""

    code = "deferral"
    kind = forms.ChoiceField(label="类别", choices=DeferralKind.choices, widget=forms.RadioSelect)
    reason = _reason("原因")
    until = DayField(label="延期至", required=False, help_text=f"延期注册必填；{DATE_HINT}")
    proof = ScanField(label="证明材料")

    def clean(self) -> dict:
        """延期 says until when."""
        if (
            self.cleaned_data.get("kind") == DeferralKind.DEFERRAL
            and not self.cleaned_data.get("until")
            and "until" not in self.errors
        ):
            self.add_error("until", "请填写延期至哪一天")
        return self.cleaned_data


class HoldForm(PageForm):
    """Why a student is left for a supplementary batch; empty takes them in again."""

    code = "hold"
    reason = _reason("暂缓原因", required=False)


class StrikeForm(PageForm):
    """Rule and reason of a strike-out, and the version of the page it is made from."""

    code = "strike"
    rule = forms.ChoiceField(
        label="依据", choices=lambda: [("", "请选择条款")] + [(r.id, strike_words(r)) for r in strike_rules()]
    )
    note = _reason("核减理由", help_text="学校会原样看到，不超过200字")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


def strike_rules() -> list:
    """The rules by which a student can be struck out: all that can be broken."""
    return [rule for rule in ENROLMENT.rules if rule.force != "never"]


def strike_words(rule) -> str:
    """What a rule is called where one is chosen: the words it rests on, and where they stand."""
    return f"{rule.says}（通知{rule.clause}，{rule.label}）"


class IssueLetterForm(PageForm):
    """Number and proof of a correction letter."""

    code = "issue"
    number = forms.CharField(label="便函编号", max_length=60)
    proof = ScanField(label="证明材料")


class DeclineLetterForm(PageForm):
    """Why a county does not issue it."""

    code = "decline"
    reason = _reason("不予出具的理由")


class ReceiptForm(PageForm):
    """Paper copies that came in."""

    code = "receipt"
    received_on = DayField(label="收到日期")
    copies = forms.IntegerField(
        label="份数", min_value=1, max_value=99, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    note = forms.CharField(label="说明", max_length=200, required=False)


class ReplyForm(PageForm):
    """The province's reply on paper: document, day, scan, and its numbers as a workbook."""

    code = "reply"
    document_number = forms.CharField(label="批复文号", max_length=60)
    replied_on = DayField(label="批复日期")
    scan = ScanField(label="批复扫描件")
    sheet = forms.FileField(
        label="学号表", help_text="Excel工作簿，须有“准考证号”“学号”两列", widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "学号表是空的，请重新上传"},
    )  # fmt: skip


class VoidForm(PageForm):
    """Why an issued number is to be void."""

    code = "void"
    reason = _reason("作废原因")
