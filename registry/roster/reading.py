"""Reading the export: where the list stands in the workbook, and what of its columns is missing or another's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from linxia_xueji import sandbox
from registry.admissions.cells import Cell, is_blank
from registry.admissions.opening import Room
from registry.admissions.reading import HEADER_WITHIN, UnreadableFile, opened
from registry.roster.columns import BY_KEY, COLUMNS, REQUIRED, TEMPLATE, places_of, unknown_headers

_LIKE_A_HEADER = 5
LIMITS = sandbox.Limits(memory=1536 * 1024 * 1024, processor=150, seconds=300)
ROOM = Room(600 * 1024 * 1024, 71 * 130_000, 120_000)
"""Larger than for an admission list: seventy columns instead of ten, a hundred thousand students of a county or more."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as it stands in the file; rows and columns as in `registry.admissions.reading.Listing`.

    :param absent: headers of the template that the file lacks, none of them required.
    :param unknown: headers that mean no column, each with the missing one it resembles, or "".
    """

    sheet: str
    header_row: int
    header: tuple[str, ...]
    places: dict[str, int]
    rows: tuple[tuple[int, list[Cell]], ...]
    absent: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()

    def columns(self) -> dict[str, list[Cell | None]]:
        """Column → what each row has in it, None where there is nothing."""
        turned = list(zip_longest(*(row for _, row in self.rows)))
        nothing = (None,) * len(self.rows)
        given = {c.key: turned[at] if (at := self.places.get(c.key)) is not None else nothing for c in COLUMNS}
        return {key: each(lambda cell: None if is_blank(cell) else cell, column) for key, column in given.items()}


_TEXTS = frozenset({str, type(None)})


class _Read(dict):
    """Text → what it is read as."""

    def __init__(self, read: Callable[[Cell], Any]):
        self.read = read

    def __missing__(self, text: str) -> Any:
        """A text not met before."""
        value = self[text] = self.read(text)
        return value


def each(read: Callable[[Any], Any], column: Sequence[Any]) -> list[Any]:
    """A column read, None left as it is. A text is read once: lists say few things many times.

    Numbers are read each time, 1, 1.0 and TRUE being one key to a dict.
    """
    known = _Read(read)
    if set(map(type, column)) <= _TEXTS:
        known[None] = None
        return list(map(known.__getitem__, column))
    return [known[c] if type(c) is str else None if c is None else read(c) for c in column]


def read_list(source: str | Path | bytes, *, glanced: bool = False) -> Listing:
    """The list of a workbook (a path or its bytes).

    :param glanced: as `opened` has it.
    :raises UnreadableFile: no .xlsx, damaged, no header within ten rows, a required column missing or any twice, more
        than one sheet with a list, or no row below the header.
    """
    lists = [
        listing for name, rows in opened(source, ROOM, LIMITS, glanced=glanced) if (listing := _listing(name, rows))
    ]
    if not lists:
        raise UnreadableFile(
            f"前{HEADER_WITHIN}行里没有找到表头，请使用全国学籍系统导出的文件，表头须含：{_headers(REQUIRED)}"
        )
    if len(lists) > 1:
        names = "、".join(f"“{listing.sheet}”" for listing in lists)
        raise UnreadableFile(f"有{len(lists)}个工作表都像学生名单（{names}），请合并到一个工作表后再上传")
    (listing,) = lists
    missing = [column for column in REQUIRED if column.key not in listing.places]
    if missing:
        raise UnreadableFile(_missing_words(listing, missing))
    if not listing.rows:
        raise UnreadableFile("表头下面没有学生，请重新导出后再上传")
    return listing


def _missing_words(listing: Listing, missing: list) -> str:
    renamed = {column: header for header, column in listing.unknown if column}
    told = [f"{c.header}（“{renamed[c.header]}”是不是它）" if c.header in renamed else c.header for c in missing]
    return f"第{listing.header_row}行的表头缺少这些列：{'、'.join(told)}，请补上或改回模板的列名"


def _headers(columns) -> str:
    return "、".join(column.header for column in columns)


def _listing(name: str, rows: list[list[Cell]]) -> Listing | None:
    """The list of one sheet: its header is the row with the most known columns; None where none has enough."""
    best, places = 0, {}
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        found = places_of(row)
        if len(found) > len(places):
            best, places = index, found
    if len(places) < _LIKE_A_HEADER:
        return None
    twice = [BY_KEY[key].header for key, at in places.items() if len(at) > 1]
    if twice:
        raise UnreadableFile(f"表头里这些列出现了两次：{'、'.join(twice)}，请各留一列")
    single = {key: at[0] for key, at in places.items()}
    matter = [single[key] for key in single if BY_KEY[key].held]
    body = [
        (number, row)
        for number, row in enumerate(rows[best + 1 :], best + 2)
        if any(place < len(row) and not is_blank(row[place]) for place in matter)
    ]
    return Listing(
        sheet=name,
        header_row=best + 1,
        header=tuple("" if is_blank(cell) else str(cell).strip() for cell in rows[best]),
        places=single,
        rows=tuple(body),
        absent=tuple(column.header for column in TEMPLATE if column.key not in single),
        unknown=tuple(unknown_headers(rows[best])),
    )


ARCHIVED = tuple(column.key for column in COLUMNS)
"""Everything of a row is kept as it came, what the models hold as well: later steps read it there."""
