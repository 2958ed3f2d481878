"""Reading the uploaded file: is it a workbook at all, where is the list in it, which column is which."""

from dataclasses import dataclass
from pathlib import Path

from linxia_xueji import sandbox
from linxia_xueji.refusal import Refusal
from registry.admissions.cells import Cell, is_blank, text_of
from registry.admissions.columns import BY_KEY, COLUMNS, SAMPLE_MARK, Column, column_of
from registry.admissions.opening import ROOM, Room, Sheets

HEADER_WITHIN = 10
"""The header is looked for in this many rows from the top: titles may stand above it."""

_LIKE_A_HEADER = 4
_LIMITS = sandbox.Limits(memory=1536 * 1024 * 1024, processor=30, seconds=60)


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

    def column(self, column: Column) -> list[Cell | None]:
        """The same of every row."""
        place = self.places.get(column.key)
        if place is None:
            return [None] * len(self.rows)
        return [cells[place] if place < len(cells) else None for _, cells in self.rows]


def content_of(source: str | Path | bytes) -> bytes:
    """The bytes of a path, or those given. OSError is told as `UnreadableFile`."""
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise UnreadableFile(f"无法读取文件{Path(source).name}，请检查文件是否存在、能否打开") from error


def read_list(source: str | Path | bytes, *, glanced: bool = False) -> Listing:
    """The admission list in a workbook (a path or its bytes).

    :param glanced: as `opened` has it.
    :raises UnreadableFile: not an .xlsx, encrypted, damaged, no header within ten rows, a required column missing or
        twice there, more than one sheet with a list, or no row below the header.
    """
    lists = [listing for name, rows in opened(source, glanced=glanced) if (listing := _listing(name, rows))]
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


def opened(
    source: str | Path | bytes, room: Room = ROOM, limits: sandbox.Limits = _LIMITS, *, glanced: bool = False
) -> Sheets:
    """The visible sheets, read in the sandbox: whatever the file is, this process stays whole.

    :param glanced: `refuse_foreign` let these very bytes pass before they were kept, with this room.
    """
    asked = ("glanced_sheets",) if glanced else ("sheets", tuple(room))
    try:
        return sandbox.run(f"registry.admissions.opening:{asked[0]}", content_of(source), *asked[1:], limits=limits)
    except Refusal as refusal:
        raise UnreadableFile(refusal.message) from refusal


def refuse_foreign(content: bytes, room: tuple[int, int, int] = ROOM, limits: sandbox.Limits = _LIMITS) -> None:
    """A quick look before a file is kept. :param room: an `opening.Room`.

    :raises UnreadableFile: where it is no workbook that can be opened."""
    try:
        sandbox.run("registry.admissions.opening:glance", content, tuple(room), limits=limits)
    except Refusal as refusal:
        raise UnreadableFile(refusal.message) from refusal


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
    serial, others = single.get("serial"), [place for key, place in single.items() if key != "serial"]
    body = tuple(
        (number, row) for number, row in enumerate(rows[best + 1 :], best + 2) if _is_student(row, serial, others)
    )
    return Listing(sheet=name, header_row=best + 1, header=header, places=single, rows=body)


def _places(row: list[Cell]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for index, cell in enumerate(row):
        column = column_of(cell)
        if column:
            places.setdefault(column.key, []).append(index)
    return places


def _is_student(row: list[Cell], serial: int | None, others: list[int]) -> bool:
    """Not blank in the columns that matter (numbered empty rows and a total in 序号 are blank), not the sample row."""
    if serial is not None and serial < len(row) and str(row[serial]).strip() == SAMPLE_MARK:
        return False
    for place in others:
        if not is_blank(row[place]):
            return True
    return False


def read_table(source: str | Path | bytes, headers: tuple[str, ...]) -> list[tuple]:
    """Rows of a plain table with these headers, in any order: (row as Excel counts it, then the cells as text).

    :raises UnreadableFile: where no sheet has all the headers within its first rows.
    """
    for _, rows in opened(source):
        for index, row in enumerate(rows[:HEADER_WITHIN]):
            names = [text_of(cell) for cell in row]
            if all(h in names for h in headers):
                places = [names.index(h) for h in headers]
                body = enumerate(rows[index + 1 :], index + 2)
                filled = [(n, r) for n, r in body if any(not is_blank(r[p]) for p in places)]
                return [(n, *(text_of(r[p]) for p in places)) for n, r in filled]
    raise UnreadableFile(f"没有找到表头，表中须有这些列：{'、'.join(headers)}")
