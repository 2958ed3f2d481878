"""Hostile certificate files, generated: what each is, its bytes, and words of the sentence it must end in."""

from collections.abc import Callable
from datetime import timedelta

from asn1crypto import pkcs12
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from tests.ground.keys import NOON, PASSWORD, YEAR, certificate_file, without_key
from tests.hostile.books import MB, book
from tests.registry.typed import document, picture


def weak() -> bytes:
    return certificate_file(key=rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505 - refused


def endless() -> bytes:
    """A file that asks for two thousand million rounds before its password can be checked."""
    made = pkcs12.Pfx.load(certificate_file())
    made["mac_data"]["iterations"] = 2**31 - 1
    return made.dump(force=True)


def mac_broken() -> bytes:
    content = bytearray(certificate_file())
    content[len(content) // 2] ^= 0xFF
    return bytes(content)


CERTIFICATES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "空"),
    "text": (lambda: "证书".encode(), "不是证书"),
    "certificate as text": (lambda: b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "不是证书"),
    "picture": (picture, "不是证书"),
    "pdf": (document, "不是证书"),
    "workbook": (book, "不是证书"),
    "1 MB": (lambda: b"\x30" + bytes(MB), "超过200KB"),
    "35 MB": (lambda: b"\x30" + bytes(35 * MB), "超过200KB"),
    "noise": (lambda: b"\x30\x82" + bytes(range(256)) * 8, "损坏"),
    "deep nesting": (lambda: b"\x30\x80" * 50_000, ""),
    "a length without end": (lambda: b"\x30\x84\xff\xff\xff\xff" + bytes(100), "损坏"),
    "first half": (lambda: certificate_file()[:500], "损坏"),
    "one byte changed": (mac_broken, ""),
    "another password": (lambda: certificate_file(password="x" + PASSWORD), "密码不对"),
    "rounds without end": (endless, ""),
    "no key": (without_key, "没有带私钥"),
    "expired": (lambda: certificate_file(since=NOON - 2 * YEAR, until=NOON - timedelta(days=1)), "已过期"),
    "not for signing": (lambda: certificate_file(signs=False), "不含签名"),
    "weak key": (weak, "不能用于签名"),
    "another kind of key": (lambda: certificate_file(key=ed25519.Ed25519PrivateKey.generate()), "不能用于签名"),
    "a key nobody uses": (lambda: certificate_file(key=dsa.generate_private_key(key_size=1024)), "不能用于签名"),  # noqa: S505
    "another curve": (lambda: certificate_file(curve=ec.SECP256K1), "不能用于签名"),
}  # fmt: skip
"""Kind → how it is made, and words of its sentence ("" where any sentence does)."""
