"""Opening a workbook from outside: what it is, and the cells of its visible sheets. Runs in the sandbox, without Django.

Raises `Refusal` with the sentence; anything else that goes wrong in here the sandbox turns into one.
"""

import math
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, reduce
from io import BytesIO
from string import ascii_uppercase, digits
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from linxia_xueji.refusal import Refusal

Cell = str | float | int | bool | date | datetime | time | timedelta
Sheets = list[tuple[str, list[list[Cell]]]]

_MB = 1024 * 1024
MAX_PARTS = 2_000


class Room(NamedTuple):
    """How large a workbook may be: bytes unpacked, cells of the rectangle of a sheet, rows with a value on it."""

    unpacked: int = 200 * _MB
    cells: int = 3_000_000
    rows: int = 50_000


ROOM = Room()
"""Several times the entrants of a year in the whole prefecture."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_VALUED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>(?!</)')
_COLUMN, _ROW = re.compile(rb'r="([A-Z]{1,3})[0-9]'), re.compile(rb'r="[A-Z]{1,3}([0-9]{1,7})"')
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_TEXT_PARTS = (".xml", ".rels")
_DAMAGED = "文件已损坏，无法读取，请用Excel打开后另存为.xlsx再上传"


def glance(content: bytes, room: tuple[int, int, int] = ROOM) -> None:
    """Whether this is a workbook that can be opened safely. :param room: a `Room`.

    :raises Refusal: with what it is instead.
    """
    _refuse_foreign(content, Room(*room))


def sheets(content: bytes, room: tuple[int, int, int] = ROOM, places: Sequence[int] | None = None) -> Sheets:
    """Name and rows of every visible worksheet, from the first row and column on. Equal texts are one object: long lists
    say the same thing many times.

    :param room: a `Room`. :param places: the columns that are wanted, from 0, in this order; all of them without it.
    :raises Refusal: no .xlsx, encrypted, with macros or entities, too large, or damaged.
    """
    _refuse_foreign(content, Room(*room))
    return glanced_sheets(content, places)


def glanced_sheets(content: bytes, places: Sequence[int] | None = None) -> Sheets:
    """The same of a workbook that `glance` let pass. :raises Refusal: damaged."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        found, known = [], _Sound()
        for sheet in book.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                opened = book.get_sheet_by_name(sheet.name)
                rows = _rows(opened, known) if places is None else _rows_at(opened, known, places)
                found.append((sheet.name.replace("\0", ""), rows))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError) as error:
        raise Refusal(_DAMAGED) from error
    return found


class _Sound(dict):
    """Text → the one object that stands for it, without the character NUL."""

    def __missing__(self, text: str) -> str:
        """A text not met before."""
        value = self[text] = text.replace("\0", "")
        return value


def _rows(sheet: CalamineSheet, known: _Sound) -> list[list[Cell]]:
    """The rows of a sheet, with the empty ones and the empty columns before its first cell."""
    if sheet.start is None:
        return []
    above, left = sheet.start
    found: list[list[Cell]] = [[""] * (left + sheet.width) for _ in range(above)]
    for row in sheet.iter_rows():
        found.append([""] * left + [known[c] if type(c) is str else _sound(c) for c in row])
    return found


def _rows_at(sheet: CalamineSheet, known: _Sound, places: Sequence[int]) -> list[list[Cell]]:
    """Of every row the cells at these places alone."""
    if sheet.start is None:
        return []
    above, left = sheet.start
    # One empty cell more at the end stands for whatever lies outside.
    at = [place - left if left <= place < left + sheet.width else sheet.width for place in places]
    found: list[list[Cell]] = [[""] * len(at) for _ in range(above)]
    for row in sheet.iter_rows():
        row.append("")
        found.append([known[c] if type(c := row[place]) is str else _sound(c) for place in at])
    return found


def _sound(cell: Cell) -> Cell:
    """NaN and infinity are no numbers a person can have typed: judged as words."""
    return str(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell


def _refuse_foreign(content: bytes, room: Room = ROOM) -> None:
    """Say what the file is, where it is no workbook; refuse one that would not fit into memory."""
    if not content:
        raise Refusal("文件是空的，请重新导出名单后再上传")
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise Refusal("文件设有打开密码，请在Excel中去掉密码后再上传")
        raise Refusal("这是旧版.xls文件或其他文件，请用Excel打开后另存为.xlsx再上传")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _refuse_archive(archive, room)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, OSError, EOFError, ValueError, zlib.error) as error:
        raise Refusal("这不是.xlsx工作簿，或文件已损坏，请用Excel另存为.xlsx再上传") from error


def _refuse_archive(archive: zipfile.ZipFile, room: Room) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal("文件设有打开密码，请去掉密码后再上传")
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > room.unpacked:
        raise Refusal("文件解压后过大，请把名单单独复制到新的工作簿再上传")
    if len(set(names)) < len(names):
        raise Refusal(_DAMAGED)
    kinds = archive.read("[Content_Types].xml")
    if b"macroEnabled" in kinds or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refusal("文件带有宏，不能接收，请用Excel另存为不带宏的.xlsx再上传")
    if "xl/workbook.xml" not in names or b"spreadsheetml.sheet.main+xml" not in kinds:
        raise Refusal("这不是.xlsx工作簿，请用Excel另存为.xlsx再上传")
    for name in names:
        if name.lower().endswith(_TEXT_PARTS):
            xml = archive.read(name)
            # Each of the marks has a "!", and looking for one letter is quick.
            if b"!" in xml and any(mark in xml for mark in _DECLARED):
                raise Refusal("文件中声明了外部实体，不能接收，请用Excel另存为.xlsx再上传")
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _refuse_sprawl(xml, room)


def _refuse_sprawl(xml: bytes, room: Room) -> None:
    """A value in a far corner makes the reader lay out the whole rectangle, which can be billions of cells.

    Only where all cells, empty ones too, would be too many is it asked which of them have values.
    """
    if not _far(room).search(xml) or not _sprawls(_distinct(_COLUMN, xml), _distinct(_ROW, xml), room):
        return
    cells = set(_VALUED_CELL.findall(xml))
    columns, rows = {column for column, _ in cells}, {row for _, row in cells}
    if not _sprawls(columns, rows, room):
        return
    width, height = _last(columns, rows)
    if width * height > room.cells:
        raise Refusal(f"工作表的内容一直到第{height}行、第{width}列，过于分散，请把名单复制到新的工作表再上传")
    raise Refusal(f"工作表有{len(rows)}行，一次最多{room.rows}行，请分成几个文件上传")


@cache
def _far(room: Room) -> re.Pattern[bytes]:
    """Any cell beyond the room's rows, or beyond the columns that so many rows leave; hardly a sheet has one."""
    width, name = room.cells // room.rows, ""
    while width:
        width, letter = divmod(width - 1, 26)
        name = ascii_uppercase[letter] + name
    column, row = _beyond(name, ascii_uppercase, 3), _beyond(str(room.rows), digits, 7)
    return re.compile(f'r="(?:(?:{column})[0-9]|[A-Z]{{1,3}}(?:{row})")'.encode())


def _beyond(last: str, signs: str, longest: int) -> str:
    """A pattern of the names of up to `longest` signs that come after one: first the shorter, then by their signs."""
    anything = f"[{signs}]"
    after = [
        last[:place] + f"[{signs[signs.index(sign) + 1 :]}]" + anything * (len(last) - place - 1)
        for place, sign in enumerate(last)
        if sign != signs[-1]
    ]
    return "|".join([*after, f"{anything}{{{len(last) + 1},{longest}}}"])


def _distinct(pattern: re.Pattern[bytes], xml: bytes) -> set[bytes]:
    return {match[1] for match in pattern.finditer(xml)}


def _sprawls(columns: set[bytes], rows: set[bytes], room: Room) -> bool:
    width, height = _last(columns, rows)
    return width * height > room.cells or len(rows) > room.rows


def _last(columns: set[bytes], rows: set[bytes]) -> tuple[int, int]:
    """The number of the last column (A is 1, AA 27) and of the last row."""
    numbers = (reduce(lambda n, letter: n * 26 + letter - 64, letters, 0) for letters in columns)
    return max(numbers, default=0), max(map(int, rows), default=0)
