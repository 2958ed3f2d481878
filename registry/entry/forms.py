"""The forms of the children's lists."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linxia_xueji.enums import Sex
from linxia_xueji.forms import DATE_HINT, DayField
from linxia_xueji.identity import id_birth, id_fault, id_normal, id_sex, name_key, proposed_name, tidy_name
from linxia_xueji.reference import ethnicities
from registry.admissions.reading import UnreadableFile, refuse_foreign
from registry.entry.batches import COPIED
from registry.enums import IdType, OutcomeKind, UrgingManner
from registry.forms import ID_FAULTS, PageForm
from registry.models import Entrant, KeyFacts
from registry.scans import ScanField

LARGEST = 5 * 1024 * 1024
UNSAID = [("", "按身份证号")]


def _text(label: str, longest: int, required: bool = True, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **options,
    )


def _words(label: str, longest: int = 200, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=f"不超过{longest}字",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


WANTED = {"sex": "请选择性别", "birth_date": "请填写出生日期", "ethnicity": "请选择民族"}


class EntrantForm(PageForm):
    """One child. With a resident ID number sex and birth date need not be typed; what the register knows is not typed again."""

    code = "entrant"
    name = _text("姓名", 50)
    keep_name = forms.BooleanField(label="保留姓名原样", required=False)
    id_type = forms.ChoiceField(label="证件类型", choices=IdType.choices, initial=IdType.RESIDENT)
    id_number = _text("证件号码", 40, required=False, help_text="居民身份证必填；没有证件的选“无”")
    sex = forms.ChoiceField(label="性别", choices=UNSAID + Sex.choices, required=False, help_text="有身份证号的可不选")
    birth_date = DayField(label="出生日期", required=False, help_text="有身份证号的可不填")
    ethnicity = forms.ChoiceField(
        label="民族", choices=lambda: [("", "请选择")] + [(e.code, e.name) for e in ethnicities().values()],
        required=False, help_text="学籍库中已有的学生可不选",
    )  # fmt: skip
    township = _text("乡镇（街道）", 60, help_text="户口所在地或居住地所属")
    guardian_name = _text("监护人姓名", 50, required=False)
    guardian_phone = _text("监护人电话", 20, required=False)
    school_class = _text("班级", 20, required=False, help_text="已编班的填写，如1班")
    former_outside = _text(
        "州外原学籍学校", 100, required=False, help_text="同学段学籍在州外的填写，例如随迁返乡；没有的留空"
    )

    def __init__(self, data=None, *, entrant: Entrant | None = None, **options):
        self.entrant, self.facts = entrant, None
        if entrant and data is None:
            options.setdefault("initial", initial_of(entrant))
        super().__init__(data, **options)
        typed = tidy_name(data.get("name", "")) if data else entrant.name if entrant else ""
        self.proposal = proposed_name(typed) if proposed_name(typed) != typed else ""
        if not self.proposal:
            del self.fields["keep_name"]
        if entrant:
            self.fields["id_number"].help_text = "不更改时留空"

    def clean_name(self) -> str:
        """The name without stray blanks."""
        return tidy_name(self.cleaned_data["name"])

    def clean(self) -> dict:
        """Number and paper belong together; what the number or the register says is taken from there."""
        data = self.cleaned_data
        if self.proposal and not data.get("keep_name") and "name" in data:
            self.add_error("name", f"间隔号建议用“·”，即“{self.proposal}”；户口簿确为原样的，勾选“保留姓名原样”")
        number = self._number(data)
        if data.get("id_type") == IdType.RESIDENT and number and not self.errors.get("id_number"):
            self.facts = KeyFacts.objects.filter(id_number=number, valid_to=None, id_type=IdType.RESIDENT).first()
            known = self.facts if self.facts and name_key(self.facts.name) == name_key(data.get("name", "")) else None
            data["sex"] = data.get("sex") or (known.sex if known else id_sex(number))
            data["birth_date"] = data.get("birth_date") or (known.birth_date if known else id_birth(number))
            data["ethnicity"] = data.get("ethnicity") or (known.ethnicity if known else "")
        # What a sound number will say is not asked for while it is the number that is wrong.
        numbered = data.get("id_type") == IdType.RESIDENT and "id_number" in self.errors
        for field, words in WANTED.items():
            if not data.get(field) and not self.errors.get(field) and not (numbered and field != "ethnicity"):
                self.add_error(field, words)
        return data

    def _number(self, data: dict) -> str:
        number, kind = id_normal(data.get("id_number", "")), data.get("id_type")
        kept = self.entrant.id_number.reveal() if self.entrant and self.entrant.id_type == kind else ""
        number = number or kept
        data["id_number"] = number
        if kind == IdType.RESIDENT:
            if not number:
                self.add_error("id_number", "请填写身份证号；没有身份证号的，证件类型选“无”")
            elif fault := id_fault(number):
                self.add_error("id_number", ID_FAULTS[fault].format(length=len(number)))
        elif kind == IdType.NONE and number:
            self.add_error("id_number", "证件类型为“无”，请删去证件号码或改选证件类型")
        return number

    @property
    def values(self) -> dict[str, Any]:
        """Column → value."""
        return {name: value for name, value in self.cleaned_data.items() if name != "keep_name"}


def initial_of(entrant: Entrant) -> dict[str, Any]:
    """A child as the form shows it: the number stays out of it."""
    plain = ("township", "school_class", "former_outside", *(name for name in COPIED if name != "id_number"))
    sealed = {name: getattr(entrant, name).reveal() for name in ("guardian_name", "guardian_phone")}
    return {name: getattr(entrant, name) for name in plain} | sealed


class TakeUpForm(PageForm):
    """Primary graduates by ID number; without any, the school's own."""

    code = "takeup"
    numbers = forms.CharField(
        label="身份证号", required=False, max_length=12_000, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text="每行一个，最多500个；留空则承接本校今年的小学毕业生",
    )  # fmt: skip
    township = _text("乡镇（街道）", 60, help_text="承接后可逐人修改")

    def clean_numbers(self) -> list[str]:
        """Each once. :raises ValidationError: for a line that is no ID number, by its place."""
        found = list(dict.fromkeys(filter(None, map(id_normal, self.cleaned_data["numbers"].splitlines()))))
        if len(found) > 500:
            raise ValidationError(f"一次最多500个，现有{len(found)}个，请分次承接")
        if wrong := [n for n, number in enumerate(found, 1) if id_fault(number)]:
            raise ValidationError(f"第{'、'.join(map(str, wrong[:10]))}个不是有效的身份证号，请核对")
        return found


class EntryUploadForm(PageForm):
    """A workbook of children."""

    code = "upload"
    file = forms.FileField(
        label="新生名单", help_text="Excel文件（.xlsx），不超过5MB，按模板填写；先检查，不写入", max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "文件是空的，请检查后重新选择", "max_length": "文件名超过200个字符，请改短后再上传"},
    )  # fmt: skip

    def clean_file(self):
        """Too large a file, or one that is no workbook, is refused before it is kept."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(f"文件有{file.size / 1024 / 1024:.1f}MB，超过5MB，请只保留名单后再上传")
        try:
            refuse_foreign(file.read())
        except UnreadableFile as refusal:
            raise ValidationError(refusal.message) from refusal
        file.seek(0)
        return file


class EntryDeferralForm(PageForm):
    """延缓入学 as the guardian applies for it."""

    code = "deferral"
    applicant = _text("申请人", 50, help_text="父母或其他监护人")
    applied_on = DayField(label="申请日期")
    reason = _words("原因")
    returns_on = DayField(label="返校入学日期", help_text=f"到期列入名单提醒；{DATE_HINT}")
    proof = ScanField(label="证明材料")


class DecideDeferralForm(PageForm):
    """Accepted or not."""

    code = "decide"
    note = _words("说明", required=False)


class UrgingForm(PageForm):
    """One time the school urged."""

    code = "urging"
    urged_on = DayField(label="督促日期")
    urged_by = _text("督促人", 50)
    manner = forms.ChoiceField(label="方式", choices=UrgingManner.choices)
    spoken_to = _text("对象", 50, help_text="如父亲、祖母")
    said = _words("情况", 300)


class TownshipLetterForm(PageForm):
    """To which office, under which number."""

    code = "letter"
    office = _text("乡镇人民政府或街道办事处", 80, help_text="全称，如广河县三甲集镇人民政府")
    number = _text("文号", 60)


class OutcomeForm(PageForm):
    """What came of the urging."""

    code = "outcome"
    kind = forms.ChoiceField(label="结果", choices=OutcomeKind.choices)
    happened_on = DayField(label="日期")
    document_number = _text("依据文件或材料", 100, help_text="如转入学校接收证明、医院证明、乡镇回函文号")
    note = _words("说明", required=False)


class CloseOutsideForm(PageForm):
    """The record beyond the prefecture is closed."""

    code = "outside"
    closed_on = DayField(label="了结日期")
    document_number = _text("依据文件或材料", 60, help_text="如州外学校转出证明编号")


class RemoveForm(PageForm):
    """Why a child is taken off the list."""

    code = "remove"
    reason = _words("移出原因")
