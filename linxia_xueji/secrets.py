"""The one way ID numbers and 全国学籍号 live in the database: cipher plus keyed index, key outside the database."""

import base64
import hashlib
import hmac
import os
from binascii import b2a_base64
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.lookups import Exact, In

_NONCE = 12
_BLOCK = 64
"""Bytes of a block of SHA-256; the keys are shorter."""
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@cache
def _cipher(key: bytes) -> AESGCM:
    """The cipher of a key, its key schedule made once."""
    return AESGCM(key)


@cache
def _derived(root: bytes) -> tuple[bytes, bytes]:
    """Cipher key and index key from one configured key."""
    return hmac.digest(root, b"cipher", "sha256"), hmac.digest(root, b"index", "sha256")


def keys() -> dict[str, tuple[bytes, bytes]]:
    """Key name → (cipher key, index key), in the order configured; the first one writes, all of them read."""
    return {name: _derived(root) for name, root in settings.FIELD_KEYS.items()}


def writing_key() -> str:
    """The name of the key that seals what is written now."""
    return next(iter(settings.FIELD_KEYS))


@cache
def _begun(index_key: bytes) -> tuple[Any, Any]:
    """The two hashes of an HMAC (RFC 2104) that have taken in the key: copying them is half the work of beginning anew."""
    block = index_key.ljust(_BLOCK, b"\0")
    return tuple(hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))


def _index(index_key: bytes, plain: str) -> str:
    """18 bytes of HMAC-SHA-256 as 24 characters."""
    inner, outer = _begun(index_key)
    inner, outer = inner.copy(), outer.copy()
    inner.update(plain.encode())
    outer.update(inner.digest())
    return b2a_base64(outer.digest()[:18], newline=False).translate(_URL_SAFE).decode()


def indexes(plain: str) -> list[str]:
    """The keyed index of a text under every key in use, the writing one first: what a search compares."""
    return [_index(index_key, plain) for _, index_key in keys().values()]


def encrypt(data: bytes) -> bytes:
    """Bytes sealed under the writing key, with the key's name in front."""
    name, root = next(iter(settings.FIELD_KEYS.items()))
    cipher_key, _ = _derived(root)
    nonce = os.urandom(_NONCE)
    return name.encode() + b":" + nonce + _cipher(cipher_key).encrypt(nonce, data, None)


def decrypt(sealed: bytes) -> bytes:
    """The bytes that `encrypt` sealed. :raises KeyError: when the key is no longer configured."""
    name, _, body = sealed.partition(b":")
    cipher_key, _ = _derived(settings.FIELD_KEYS[name.decode()])
    return _cipher(cipher_key).decrypt(body[:_NONCE], body[_NONCE:], None)


def seal(plain: str) -> str:
    """The column value of a secret: `index$cipher`. Empty stays empty."""
    return next(seal_each([plain]))


def seal_each(plains: Collection[str], *, indexed: bool = True) -> Iterator[str]:
    """The column value of each of many secrets, in order: what one of them needs of the keys is looked up once.

    :param indexed: whether anybody looks them up; long texts that nobody does are spared the index.
    """
    name, root = next(iter(settings.FIELD_KEYS.items()))
    cipher_key, index_key = _derived(root)
    prefix, encrypt_ = name.encode() + b":", _cipher(cipher_key).encrypt
    nonces = os.urandom(_NONCE * len(plains))
    for place, plain in enumerate(plains):
        nonce = nonces[_NONCE * place : _NONCE * (place + 1)]
        sealed = prefix + nonce + encrypt_(nonce, plain.encode(), None)
        index = _index(index_key, plain) if indexed else ""
        yield f"{index}${b2a_base64(sealed, newline=False).decode()}" if plain else ""


class Secret:
    """A secret in memory: prints masked, equal by content, opened only by `reveal()`."""

    __slots__ = ("_plain",)

    def __init__(self, plain: str):
        self._plain = plain

    def reveal(self) -> str:
        """The plain text. Whoever shows it to a person records that in the trail."""
        return self._plain

    def __str__(self) -> str:
        if len(self._plain) < 8:
            return self._plain
        shown = (6, 4) if len(self._plain) > 10 else (2, 2)  # passports and permits have eight to ten characters
        return f"{self._plain[: shown[0]]}{'*' * (len(self._plain) - sum(shown))}{self._plain[-shown[1] :]}"

    def __repr__(self) -> str:
        return "Secret(…)"

    def __bool__(self) -> bool:
        return bool(self._plain)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._plain == other._plain

    def __hash__(self) -> int:
        return int.from_bytes(hashlib.sha256(self._plain.encode()).digest()[:8], "big")


class SecretField(models.TextField):
    """A text kept as `index$cipher`; read back as `Secret`; compared for equality by its keyed index."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Secret | None:
        """Open the column when the row is read."""
        if value is None:
            return None
        _, _, cipher = value.partition("$")
        return Secret(decrypt(base64.b64decode(cipher)).decode() if cipher else "")

    def to_python(self, value: Any) -> Secret | None:
        """Whatever is assigned becomes a `Secret`."""
        return value if value is None or isinstance(value, Secret) else Secret(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        """Seal on the way out."""
        if value is None:
            return None
        return seal(value.reveal() if isinstance(value, Secret) else str(value))

    def value_to_string(self, obj: models.Model) -> str:
        """Serialised only sealed."""
        return self.get_prep_value(self.value_from_object(obj)) or ""


def index_of(column: str) -> Func:
    """SQL for the keyed index inside a secret column, for constraints and indexes."""
    return Func(F(column), Value("$"), Value(1), function="split_part", output_field=models.TextField())


class _ByIndex:
    """Shared by the look-ups: compares the keyed index, never the cipher."""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> tuple[str, Any]:
        sql, params = super().process_lhs(compiler, connection, lhs)  # type: ignore[misc]
        return f"split_part({sql}, '$', 1)", params


@SecretField.register_lookup
class SecretExact(_ByIndex, Exact):
    """`field=plain`: matches under any key in use."""

    def get_prep_lookup(self) -> str:
        """Keep the plain text; it is turned into indexes when the SQL is made."""
        return self.rhs.reveal() if isinstance(self.rhs, Secret) else str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """`split_part(column, '$', 1) IN (index under each key)`."""
        lhs, params = self.process_lhs(compiler, connection)
        values = indexes(self.rhs)
        return f"{lhs} IN ({', '.join(['%s'] * len(values))})", [*params, *values]


@SecretField.register_lookup
class SecretIn(_ByIndex, In):
    """`field__in=[plain, …]`."""

    def get_prep_lookup(self) -> list[str]:
        """Keep the plain texts."""
        return [v.reveal() if isinstance(v, Secret) else str(v) for v in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """`split_part(column, '$', 1) = ANY(indexes)`."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", [*params, [i for v in self.rhs for i in indexes(v)]]
