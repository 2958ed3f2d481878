"""Reading the uploaded file: is it a workbook at all, where is the list in it, which column is which."""

import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from linxia_xueji.refusal import Refusal
from registry.admissions.cells import Cell, is_blank, text_of
from registry.admissions.columns import BY_KEY, COLUMNS, SAMPLE_MARK, Column, column_of

HEADER_WITHIN = 10
"""The header is looked for in this many rows from the top: titles may stand above it."""

_LIKE_A_HEADER = 4
_MAX_UNPACKED = 300 * 1024 * 1024
_MAX_CELLS = 6_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_VALUED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>(?!</)')


class UnreadableFile(Refusal):
    """The file cannot be judged at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The list as it stands in the file.

    :param sheet: name of its worksheet. :param header_row: as Excel counts it.
    :param header: cells of the header row, the user's own columns among them.
    :param places: column → index (from 0) of its cell in a row.
    :param rows: (row as Excel counts it, cells), without blank rows and the template's sample row.
    """

    sheet: str
    header_row: int
    header: tuple[str, ...]
    places: dict[str, int]
    rows: tuple[tuple[int, list[Cell]], ...]

    def cell(self, cells: list[Cell], column: Column) -> Cell | None:
        """What a row has in a column, None where the file lacks the column."""
        place = self.places.get(column.key)
        return None if place is None or place >= len(cells) else cells[place]


def content_of(source: str | Path | bytes) -> bytes:
    """The bytes of a path, or those given. OSError is told as `UnreadableFile`."""
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise UnreadableFile(f"无法读取文件{Path(source).name}，请检查文件是否存在、能否打开") from error


def read_list(source: str | Path | bytes) -> Listing:
    """The admission list in a workbook (a path or its bytes).

    :raises UnreadableFile: not an .xlsx, encrypted, damaged, no header within ten rows, a required column missing or
        twice there, more than one sheet with a list, or no row below the header.
    """
    content = content_of(source)
    _refuse_foreign(content)
    try:
        sheets = _sheets(content)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError) as error:
        raise UnreadableFile("文件已损坏，无法读取，请用Excel打开后另存为.xlsx再上传") from error
    lists = [listing for name, rows in sheets if (listing := _listing(name, rows))]
    if not lists:
        raise UnreadableFile(f"前{HEADER_WITHIN}行里没有找到表头，请使用模板，表头须含：{_headers(_required())}")
    if len(lists) > 1:
        names = "、".join(f"“{listing.sheet}”" for listing in lists)
        raise UnreadableFile(f"有{len(lists)}个工作表都像录取名单（{names}），请合并到一个工作表后再上传")
    listing = lists[0]
    missing = [column for column in _required() if column.key not in listing.places]
    if missing:
        raise UnreadableFile(f"第{listing.header_row}行的表头缺少这些列：{_headers(missing)}，请按模板补上")
    if not listing.rows:
        raise UnreadableFile("表头下面没有学生，请填写后再上传")
    return listing


def _required() -> list[Column]:
    return [column for column in COLUMNS if column.required]


def _headers(columns: list[Column]) -> str:
    return "、".join(column.header for column in columns)


def _refuse_foreign(content: bytes) -> None:
    """Say what the file is, where it is no workbook; refuse one that would not fit into memory."""
    if not content:
        raise UnreadableFile("文件是空的，请重新导出名单后再上传")
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise UnreadableFile("文件设有打开密码，请在Excel中去掉密码后再上传")
        raise UnreadableFile("这是旧版.xls文件或其他文件，请用Excel打开后另存为.xlsx再上传")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names or b"spreadsheetml.sheet.main+xml" not in archive.read(
                "[Content_Types].xml"
            ):
                raise UnreadableFile("这不是.xlsx工作簿，请用Excel另存为.xlsx再上传")
            if any(entry.flag_bits & 1 for entry in archive.infolist()):
                raise UnreadableFile("文件设有打开密码，请去掉密码后再上传")
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise UnreadableFile("文件解压后过大，请把名单单独复制到新的工作簿再上传")
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _refuse_sprawl(archive.read(name))
    except (zipfile.BadZipFile, KeyError, NotImplementedError, OSError, EOFError, zlib.error) as error:
        raise UnreadableFile("这不是.xlsx工作簿，或文件已损坏，请用Excel另存为.xlsx再上传") from error


def _refuse_sprawl(xml: bytes) -> None:
    """A value in a far corner makes the reader lay out the whole rectangle, which can be billions of cells."""
    width = height = 0
    seen: dict[bytes, int] = {}
    for letters, number in _VALUED_CELL.findall(xml):
        if letters not in seen:
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            seen[letters] = column
            width = max(width, column)
        height = max(height, int(number))
    if width * height > _MAX_CELLS:
        raise UnreadableFile(f"工作表的内容一直到第{height}行、第{width}列，过于分散，请把名单复制到新的工作表再上传")


def _sheets(content: bytes) -> Iterator[tuple[str, list[list[Cell]]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    found = []
    for sheet in book.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            found.append((sheet.name, book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)))
    return iter(found)


def _listing(name: str, rows: list[list[Cell]]) -> Listing | None:
    """The list of one sheet, its header being the row with the most known columns; None where none has enough."""
    best, places = 0, {}
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        found = _places(row)
        if len(found) > len(places):
            best, places = index, found
    if len(places) < _LIKE_A_HEADER:
        return None
    header = tuple("" if is_blank(cell) else str(cell).strip() for cell in rows[best])
    twice = [BY_KEY[key].header for key, at in places.items() if len(at) > 1]
    if twice:
        raise UnreadableFile(f"表头里这些列出现了两次：{'、'.join(twice)}，请各留一列")
    single = {key: at[0] for key, at in places.items()}
    listing = Listing(sheet=name, header_row=best + 1, header=header, places=single, rows=())
    body = tuple((number, row) for number, row in enumerate(rows[best + 1 :], best + 2) if _is_student(listing, row))
    for _, row in body:
        _make_finite(row)
    return Listing(sheet=name, header_row=best + 1, header=header, places=single, rows=body)





def _places(row: list[Cell]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for index, cell in enumerate(row):
        column = column_of(cell)
        if column:
            places.setdefault(column.key, []).append(index)
    return places


def _is_student(listing: Listing, row: list[Cell]) -> bool:
    """Not blank in the columns that matter (numbered empty rows and a total in 序号 are blank), not the sample row."""
    serial = listing.places.get("serial")
    if serial is not None and serial < len(row) and str(row[serial]).strip() == SAMPLE_MARK:
        return False
    return any(not is_blank(row[place]) for key, place in listing.places.items() if key != "serial")


def _make_finite(row: list[Cell]) -> None:
    """NaN and infinity are no numbers a person can have typed; they are judged as the words they are."""
    for index, cell in enumerate(row):
        if isinstance(cell, float) and not math.isfinite(cell):
            row[index] = str(cell)


def read_table(source: str | Path | bytes, headers: tuple[str, ...]) -> list[tuple]:
    """Rows of a plain table with these headers, in any order: (row as Excel counts it, then the cells as text).

    :raises UnreadableFile: where no sheet has all the headers within its first rows.
    """
    content = content_of(source)
    _refuse_foreign(content)
    try:
        sheets = list(_sheets(content))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError) as error:
        raise UnreadableFile("文件已损坏，无法读取，请用Excel打开后另存为.xlsx再上传") from error
    for _, rows in sheets:
        for index, row in enumerate(rows[:HEADER_WITHIN]):
            names = [text_of(cell) for cell in row]
            if all(h in names for h in headers):
                places = [names.index(h) for h in headers]
                body = enumerate(rows[index + 1 :], index + 2)
                filled = [(n, r) for n, r in body if any(not is_blank(r[p]) for p in places)]
                return [(n, *(text_of(r[p]) for p in places)) for n, r in filled]
    raise UnreadableFile(f"没有找到表头，表中须有这些列：{'、'.join(headers)}")
