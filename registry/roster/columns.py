"""The columns of the national exchange file (71 of them) and three that exports add, read once from columns.json beside this.

What the models hold today names its `key`; the others are kept as they came. Version 2.0 of the template is not at hand:
what it renames is added there as an alias, without a change of code.
"""

import difflib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linxia_xueji.identity import half_width, without_blanks


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    :param key: what the models call it; the header itself where they do not hold it. :param header: of the template.
    :param plain: header as it stands where two heads are merged above each other; "" if it is the same.
    :param required: the list cannot be judged without it. :param held: whether the models hold it today.
    """

    key: str
    header: str
    plain: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    held: bool = False
    longest: int = 200
    text: bool = True


_DATA = json.loads(Path(__file__).with_name("columns.json").read_text(encoding="utf-8"))
STANDARD = f"{_DATA['standard']} {_DATA['version']}{'（假定）' if _DATA['assumed'] else ''}"
"""The template they are of and its version, as it is shown; 假定 while no document at hand confirms it."""


def _columns(part: str) -> tuple[Column, ...]:
    return tuple(Column(**row | {"aliases": tuple(row["aliases"])}) for row in _DATA[part])


TEMPLATE = _columns("template")
"""The 71 columns in the order of the template."""
EXTRAS = _columns("extras")
"""Columns that exports add to the template (assumed)."""
COLUMNS = (*TEMPLATE, *EXTRAS)
BY_KEY = {column.key: column for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.required)

_DECORATION = re.compile(r"[*※☆★:]|\((必填|选填|必选|可不填)\)|\[.*?\]")


def plain(header: Any) -> str:
    """A header without blanks, widths, asterisks and (必填)."""
    return _DECORATION.sub("", half_width(without_blanks(header))) if isinstance(header, str) else ""


_NAMED = {plain(text): column.key for column in COLUMNS for text in (column.header, *column.aliases)}
_REPEATED: dict[str, list[str]] = {}
for _column in COLUMNS:
    if _column.plain:
        _REPEATED.setdefault(plain(_column.plain), []).append(_column.key)


def places_of(header: list[Any]) -> dict[str, list[int]]:
    """Column → where it stands in a row of headers. Under merged heads a member's columns bear the plain name again."""
    places: dict[str, list[int]] = {}
    texts = [plain(cell) for cell in header]
    merged = "关系" in texts
    for index, text in enumerate(texts):
        key = _NAMED.get(text)
        if merged and text in _REPEATED and (key is None or key in places):
            key = next((k for k in _REPEATED[text] if k not in places), key)
        if key:
            places.setdefault(key, []).append(index)
    return places


def unknown_headers(header: list[Any]) -> list[tuple[str, str]]:
    """Headers that mean no column, each with the missing column it resembles, or ""."""
    places = places_of(header)
    known = {index for at in places.values() for index in at}
    missing = [column.header for column in COLUMNS if column.key not in places]
    found = []
    for index, cell in enumerate(header):
        if index not in known and (text := plain(cell)):
            close = difflib.get_close_matches(text, missing, n=1, cutoff=0.6)
            found.append((text[:40], close[0] if close else ""))
    return found
