"""Certificate files as an authority hands them out, made for the test that asks."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "密码 of the file"
NOON = datetime(2026, 9, 16, 4, tzinfo=UTC)
YEAR = timedelta(days=365)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate_file(
    name: str = "广河县示例第一中学", since: datetime = NOON - YEAR, until: datetime = NOON + YEAR, *,
    key=None, password: str | None = PASSWORD, signs: bool = True, curve=ec.SECP256R1,
) -> bytes:  # fmt: skip
    """A PKCS#12 file: a key of its own, and a certificate that an authority of the test has issued."""
    key = key or ec.generate_private_key(curve())
    authority = ec.generate_private_key(ec.SECP256R1())
    usage = dict.fromkeys(
        ("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named("示例证书机构"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.KeyUsage(digital_signature=signs, key_encipherment=not signs, **usage), critical=True)
        .sign(authority, hashes.SHA256())
    )
    sealed = NoEncryption() if password is None else BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"office", key, certificate, None, sealed)


def without_key(name: str = "广河县示例第一中学") -> bytes:
    """A PKCS#12 file with a certificate and no key."""
    _, certificate, _ = pkcs12.load_key_and_certificates(certificate_file(name), PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(
        None, None, certificate, None, BestAvailableEncryption(PASSWORD.encode())
    )


def root_of(container: bytes, password: str = PASSWORD) -> bytes:
    """The certificate itself (DER), for a validator to trust."""
    _, certificate, _ = pkcs12.load_key_and_certificates(container, password.encode())
    return certificate.public_bytes(Encoding.DER)
