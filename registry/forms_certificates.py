"""Forms of the certificates with which offices sign."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from linxia_xueji.certificates import LARGEST
from linxia_xueji.models import Organisation
from registry.forms import PageForm


class CertificateForm(PageForm):
    """An office, its certificate file and the password of that file."""

    code = "certificate"
    office = forms.CharField(label="单位", max_length=80, help_text="机构代码或全称")
    file = forms.FileField(
        label="证书文件",
        help_text=f"证书机构发放的.p12或.pfx文件（含私钥），不超过{LARGEST // 1024}KB",
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx"}),
        error_messages={"empty": "文件是空的，请重新选择证书文件"},
    )
    password = forms.CharField(
        label="证书密码", max_length=200, strip=False, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args, offices: QuerySet[Organisation], **options):
        super().__init__(*args, **options)
        self.offices = offices

    def clean_office(self) -> Organisation:
        """The office meant. :raises ValidationError: none, or none that this person keeps the certificate of."""
        typed = self.cleaned_data["office"].strip()
        found = self.offices.filter(code=typed).first() or self.offices.filter(name=typed).first()
        if found is None:
            raise ValidationError(f"没有找到“{typed}”，请填写机构代码，或与机构名称完全一致的全称")
        return found

    def clean_file(self):
        """Too large a file is refused before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(f"文件超过{LARGEST // 1024}KB，不是证书文件，请上传.p12或.pfx文件")
        return file


class WithdrawForm(PageForm):
    """Why a certificate is no longer to be used."""

    code = "withdraw"
    why = forms.CharField(label="停用原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
