"""Opening a certificate file (PKCS#12) from outside. Runs in the sandbox, without Django: a file can ask for years of work.

Raises `Refusal` with the sentence; anything else that goes wrong in here the sandbox turns into one.
"""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from linxia_xueji.refusal import Refusal

LEAST_RSA = 2048
"""Bits of an RSA key; shorter ones may no longer sign (NIST SP 800-131A, and every certificate authority's own rule)."""
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_FOREIGN = "证书用的算法不能用于签名，须为RSA（2048位以上）或椭圆曲线（P-256、P-384、P-521）；国密SM2证书暂不支持"


def look(content: bytes, password: str) -> dict[str, str]:
    """subject, issuer, serial (hex), fingerprint (SHA-256, hex), valid_from, valid_to (ISO 8601) of the certificate in it.

    :raises Refusal: no certificate file, wrong password, no private key, or one that cannot sign.
    """
    if not content:
        raise Refusal("文件是空的，请重新选择证书文件")
    if not content.startswith(b"\x30"):
        raise Refusal("这不是证书文件，请上传证书机构发放的.p12或.pfx文件")
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, password.encode())
    except UnsupportedAlgorithm as error:
        raise Refusal(_FOREIGN) from error
    except ValueError as error:
        if "password" in str(error).lower():
            raise Refusal("证书密码不对，或文件已损坏，请核对后重新上传") from error
        raise Refusal("证书文件已损坏，无法读取，请向证书机构重新导出") from error
    if key is None or certificate is None:
        raise Refusal("文件里没有带私钥的证书，请导出含私钥的.p12或.pfx文件")
    refuse_unfit(key, certificate)
    return {
        "subject": certificate.subject.rfc4514_string()[:300],
        "issuer": certificate.issuer.rfc4514_string()[:300],
        "serial": f"{certificate.serial_number:X}",
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(),
        "valid_from": certificate.not_valid_before_utc.isoformat(),
        "valid_to": certificate.not_valid_after_utc.isoformat(),
    }


def refuse_unfit(key, certificate: x509.Certificate) -> None:
    """:raises Refusal: a key that is weak, of another kind or another certificate's; one issued for something else than signing."""
    sound = (isinstance(key, rsa.RSAPrivateKey) and key.key_size >= LEAST_RSA) or (
        isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES
    )
    if not sound:
        raise Refusal(_FOREIGN)
    if key.public_key() != certificate.public_key():
        raise Refusal("文件里的私钥与证书不是一对，请向证书机构重新导出")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise Refusal("这张证书的用途不含签名，请使用单位的签名证书")
