"""One store for all files: by content hash, encrypted, outside what is served."""

import hashlib
import os
from pathlib import Path

from django.conf import settings

from linxia_xueji.dates import now
from linxia_xueji.models import FileUse, Organisation, StoredFile
from linxia_xueji.secrets import decrypt, encrypt


def _path(sha256: str) -> Path:
    return Path(settings.FILE_STORE) / sha256[:2] / sha256


def keep(
    *, content: bytes, name: str, content_type: str, purpose: str, scope: dict, by, party: Organisation | None = None
) -> FileUse:
    """Keep a content and record this use of it.

    The file is on disk before the row is committed, so a broken transaction leaves at worst a file nobody points to.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(encrypt(content))
        part.replace(path)
    stored, _ = StoredFile.objects.get_or_create(sha256=sha256, defaults={"size": len(content)})
    return FileUse.objects.create(
        stored=stored,
        name=Path(name).name[:200],
        content_type=content_type,
        purpose=purpose,
        party=party,
        uploaded_by=by,
        uploaded_at=now(),
        **scope,
    )


def read(use: FileUse) -> bytes:
    """The content of a use; whoever calls it has gone through `visible_to`."""
    return decrypt(_path(use.stored_id).read_bytes())
