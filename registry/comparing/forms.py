"""What people fill in for a comparison."""

from django import forms
from openpyxl.utils import get_column_letter

from registry.comparing.enums import FILE_CHOICES, PairDecision
from registry.comparing.fields import FIELDS
from registry.forms import PageForm
from registry.models import ComparisonFile
from registry.models.comparing import LONGEST_NOTE


class OpenForm(PageForm):
    """Which term is compared."""

    code = "open"
    term = forms.ChoiceField(label="学期", help_text="第几次由系统接着编号；每学期比对两次，超过的为补充比对")

    def __init__(self, *args, terms: list[tuple[str, str]], **options):
        super().__init__(*args, **options)
        self.fields["term"].choices = terms


class ExportForm(PageForm):
    """The export of one system."""

    code = "export"
    file = forms.FileField(label="名册", help_text=".xlsx，普通高中在校生，表头在前10行")


class ColumnsForm(PageForm):
    """Which of their columns each of our fields is, and the name under which that is kept."""

    code = "columns"

    def __init__(self, *args, upload: ComparisonFile, samples: list[str], **options):
        options.setdefault(
            "initial",
            upload.columns
            | {"mapping": upload.mapping.name if upload.mapping else f"{upload.get_system_display()}导出"},
        )
        super().__init__(*args, **options)
        told = [
            (
                str(n),
                f"{get_column_letter(n + 1)}列 {word}{f'（{samples[n]}）' if n < len(samples) and samples[n] else ''}",
            )
            for n, word in enumerate(upload.headers)
            if word
        ]
        for field in FIELDS:
            self.fields[field.key] = forms.ChoiceField(
                label=field.label, required=False, choices=[("", "没有这一列"), *told]
            )
        self.fields["mapping"] = forms.CharField(
            label="名称", max_length=40, help_text="按名称保存，下次上传同样表头的名册时自动采用"
        )

    @property
    def columns(self) -> dict[str, int]:
        """Field → place, as chosen."""
        return {field.key: int(place) for field in FIELDS if (place := self.cleaned_data[field.key]) != ""}


class NoteForm(PageForm):
    """What was done about a difference."""

    code = "note"
    mended_in = forms.ChoiceField(
        label="在哪个系统中改正", required=False, choices=[("", "未在系统中改正，只登记情况"), *FILE_CHOICES]
    )
    note = forms.CharField(
        label="处理情况", max_length=LONGEST_NOTE, help_text="不超过200字", widget=forms.Textarea(attrs={"rows": 2})
    )


class PairForm(PageForm):
    """One person or two."""

    code = "pair"
    decision = forms.ChoiceField(label="判定", choices=PairDecision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="依据",
        max_length=LONGEST_NOTE,
        help_text="核对了什么材料，不超过200字",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
