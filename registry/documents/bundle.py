"""上报材料包: forms, letters and proofs as one ZIP with a list of what is in it. File names carry no personal data."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable

from pikepdf import PdfError

from registry.documents import workbook

LIST_NAME = "清单.xlsx"
LIST_COLUMNS = ("序号", "文件名", "页数", "字节数", "SHA-256")
# The same instant in every package: equal contents give equal bytes, and no clock of the server shows.
_INSTANT = (2022, 8, 25, 0, 0, 0)
# 8 digits are a birth date, 12 and more a student's or an ID number; 受理号 keep their groups apart by hyphens.
_PERSONAL = re.compile(r"(?<!\d)\d{12,}|(?<!\d)(?:19|20)\d{6}(?!\d)|\d{17}[\dXx]")


def bundle_zip(items: Iterable[tuple[str, bytes]]) -> bytes:
    """The files under the names given, and a list with name, pages, bytes and checksum of each.

    :param items: names (folders by "/") and contents, in the order of the list.
    :raises ValueError: for a name twice, one that leads out of the package, or one that carries a number of a person.
    """
    target, lines = io.BytesIO(), []
    seen = {LIST_NAME}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in items:
            _check(name, seen)
            seen.add(name)
            _add(package, name, data)
            pages = _pages(name, data)
            lines.append([str(len(lines) + 1), name, pages, str(len(data)), hashlib.sha256(data).hexdigest()])
        _add(package, LIST_NAME, _list(lines))
    return target.getvalue()


def _check(name: str, seen: set[str]) -> None:
    if name in seen:
        raise ValueError(f"材料包内文件名重复：{name}")
    if not name or name.startswith("/") or "\\" in name or any(part in {"", ".", ".."} for part in name.split("/")):
        raise ValueError(f"材料包内文件名无效：{name}")
    if _PERSONAL.search(name):
        raise ValueError("材料包内文件名不得含个人号码")


def _add(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _INSTANT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    package.writestr(entry, data)


def _pages(name: str, data: bytes) -> str:
    """Pages of a PDF, one for a picture, none for what has no pages."""
    from linxia_xueji.pdf import page_count

    if data.startswith(b"%PDF"):
        try:
            return str(page_count(data))
        except PdfError:
            return ""
    return "1" if name.lower().endswith((".jpg", ".jpeg", ".png")) else ""


def _list(lines: list[list[str]]) -> bytes:
    book = workbook.new("清单", widths=(6, 48, 8, 12, 70), landscape=True, one_page=False)
    page = book.active
    workbook.table_row(page, 1, list(LIST_COLUMNS), head=True)
    for number, line in enumerate(lines, start=2):
        workbook.table_row(page, number, line)
    page.print_title_rows = "1:1"
    return workbook.saved(book)
