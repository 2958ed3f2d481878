"""Which office signs with which certificate: put in, replaced, withdrawn."""

from datetime import datetime

from django.db import transaction

from linxia_xueji import sandbox
from linxia_xueji.access import Access, access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission
from linxia_xueji.models import OfficeCertificate, Organisation
from linxia_xueji.refusal import Refusal
from linxia_xueji.secrets import encrypt
from linxia_xueji.trail import record

LARGEST = 200 * 1024
"""Bytes of a certificate file; with a long chain it has some ten thousand."""
MANAGE = (Permission.MANAGE_ACCOUNTS, Permission.MANAGE_POLICY)
"""Whoever keeps the accounts of an office, or the prefecture, keeps its certificate (assumed)."""
_LIMITS = sandbox.Limits(memory=512 * 1024 * 1024, processor=3, seconds=6)


def keeps(access: Access, organisation: Organisation) -> bool:
    """Whether the person keeps this office's certificate."""
    return any(access.may(permission, organisation) for permission in MANAGE)


def look(content: bytes, password: str) -> dict[str, str | datetime]:
    """What is in a certificate file. :raises Refusal: with what is wrong with it."""
    if len(content) > LARGEST:
        raise Refusal(f"文件超过{LARGEST // 1024}KB，不是证书文件，请上传.p12或.pfx文件")
    try:
        found = sandbox.run("linxia_xueji.certificate_opening:look", content, password, limits=_LIMITS)
    except sandbox.Broken as broken:
        raise Refusal("证书文件结构异常，无法读取，请向证书机构重新导出") from broken
    found |= {name: datetime.fromisoformat(found[name]) for name in ("valid_from", "valid_to")}
    if found["valid_to"] <= now():
        raise Refusal(f"证书有效期至{found['valid_to']:%Y-%m-%d}，已过期，请换用有效的证书")
    return found


@transaction.atomic
def put_in(*, organisation: Organisation, content: bytes, password: str, by) -> OfficeCertificate:
    """Let an office sign with this certificate from now on; the one before it is withdrawn.

    :raises Refusal: for want of the right, or with what is wrong with the file.
    """
    _require(organisation, by)
    found = look(content, password)
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # one exchange at a time
    before = certificate_of(organisation)
    if before and before.fingerprint == found["fingerprint"]:
        raise Refusal(f"{organisation.short_name}正在使用的就是这张证书，没有变化")
    if before:
        _close(before, "已更换", by)
    certificate = OfficeCertificate.objects.create(
        organisation=organisation,
        container=encrypt(content),
        password=password,
        uploaded_by=by,
        uploaded_at=now(),
        **found,
    )
    _tell("启用单位证书", certificate, by)
    return certificate


@transaction.atomic
def withdraw(*, certificate: OfficeCertificate, why: str, by) -> None:
    """No paper is signed with it any more; what it has signed stays signed. :raises Refusal: where it already is withdrawn."""
    _require(certificate.organisation, by)
    certificate = OfficeCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if certificate.withdrawn_at:
        raise Refusal("此证书已停用，页面已更新")
    if not why.strip():
        raise Refusal("请写明停用原因")
    _close(certificate, why.strip(), by)


def certificate_of(organisation: Organisation) -> OfficeCertificate | None:
    """The office's certificate, in force today or not."""
    rows = OfficeCertificate.objects.filter(organisation=organisation, withdrawn_at=None)
    return rows.select_related("organisation").first()


def _require(organisation: Organisation, by) -> None:
    if not keeps(access_of(by), organisation):
        raise Refusal(f"没有维护{organisation.short_name}证书的权限，由账号管理员或州学管中心办理")


def _close(certificate: OfficeCertificate, why: str, by) -> None:
    certificate.withdrawn_at, certificate.withdrawn_by, certificate.withdrawn_why = now(), by, why
    certificate.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    _tell("停用单位证书", certificate, by)


def _tell(action: str, certificate: OfficeCertificate, by) -> None:
    after = {"serial": certificate.serial, "fingerprint": certificate.fingerprint, "why": certificate.withdrawn_why}
    record(action=action, by=by, target=certificate, organisation=certificate.organisation, after=after)
