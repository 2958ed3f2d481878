"""Forms of the archive."""

from django import forms

from linxia_xueji.forms import DayField
from registry.enums import ArchivePart
from registry.forms import PageForm
from registry.scans import HINT, ScanField


class MaterialForm(PageForm):
    """A material for the archive: with its scan, or on paper."""

    code = "material"
    part = forms.ChoiceField(
        label="部分",
        choices=[(p.value, p.label) for p in ArchivePart if p != ArchivePart.BASICS],
        initial=ArchivePart.PROOFS,
    )
    title = forms.CharField(label="材料名称", max_length=60, help_text="如：居民户口簿复印件、2026年体质健康测试表")
    dated = DayField(label="材料日期")
    scan = ScanField(label="扫描件", required=False, help_text=f"只存纸质的不用上传。{HINT}")


class RemovalForm(PageForm):
    """Why a material is taken out."""

    code = "removal"
    reason = forms.CharField(label="撤出理由", max_length=200)


class ReceiptForm(PageForm):
    """What the receiving school found."""

    code = "receipt"
    note = forms.CharField(
        label="接收说明", max_length=200, required=False, help_text="有缺件、与清单不符的写明，不超过200字",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
