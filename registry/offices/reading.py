"""Reading the uploaded workbook: which sheet is which table, which column is which."""

from dataclasses import dataclass

from registry.admissions.cells import Cell, is_blank
from registry.admissions.columns import SAMPLE_MARK
from registry.admissions.reading import HEADER_WITHIN, UnreadableFile, opened
from registry.offices.columns import TABLES, Column, Table

MOST_ROWS = 5_000
"""Rows of one sheet: three times the schools and posts of the prefecture."""

_LIKE_A_HEADER = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """One table as it stands in the file.

    :param sheet: its name in the file. :param header_row: as Excel counts it. :param header: cells of that row.
    :param places: key → index of its cell. :param rows: (row as Excel counts it, cells), without blank and sample rows.
    """

    table: Table
    sheet: str
    header_row: int
    header: tuple[str, ...]
    places: dict[str, int]
    rows: tuple[tuple[int, list[Cell]], ...]

    def cell(self, cells: list[Cell], column: Column) -> Cell | None:
        """What a row has in a column, None where the file lacks it."""
        place = self.places.get(column.key)
        return None if place is None or place >= len(cells) else cells[place]


def read_book(content: bytes, tables: tuple[Table, ...] = TABLES) -> dict[str, Listing]:
    """The tables of a workbook by name; either may be absent.

    :raises UnreadableFile: no workbook, neither table in it, a table twice, a required column missing or twice there,
        no rows at all, or too many.
    """
    found: dict[str, Listing] = {}
    for name, rows in opened(content):
        listing = _listing(name, rows, tables)
        if listing is None:
            continue
        if listing.table.name in found:
            other = found[listing.table.name].sheet
            raise UnreadableFile(f"工作表“{other}”和“{name}”都像“{listing.table.name}”表，请合并到一个工作表后再上传")
        found[listing.table.name] = listing
    if not found:
        names = "或".join(f"“{table.name}”表" for table in tables)
        raise UnreadableFile(f"没有找到{names}的表头，请使用模板填写")
    if not any(listing.rows for listing in found.values()):
        raise UnreadableFile("表头下面没有内容，请填写后再上传")
    return found


def _listing(name: str, rows: list[list[Cell]], tables: tuple[Table, ...]) -> Listing | None:
    """The table of a sheet, its header being the row of the first ten that knows the most columns of one table."""
    best: tuple[int, Table, int, dict[str, list[int]]] | None = None
    for table in tables:
        for index, row in enumerate(rows[:HEADER_WITHIN]):
            places = _places(table, row)
            if len(places) >= _LIKE_A_HEADER and (best is None or len(places) > best[0]):
                best = (len(places), table, index, places)
    if best is None:
        return None
    _, table, index, places = best
    _require_columns(name, table, index + 1, places)
    single = {key: at[0] for key, at in places.items()}
    header = tuple("" if is_blank(cell) else str(cell).strip() for cell in rows[index])
    body = tuple((n, row) for n, row in enumerate(rows[index + 1 :], index + 2) if _is_filled(single, row))
    if len(body) > MOST_ROWS:
        raise UnreadableFile(f"工作表“{name}”有{len(body)}行，一次最多{MOST_ROWS}行，请分成几个文件上传")
    return Listing(table, name, index + 1, header, single, body)


def _places(table: Table, row: list[Cell]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for index, cell in enumerate(row):
        column = table.column_of(cell)
        if column:
            places.setdefault(column.key, []).append(index)
    return places


def _require_columns(name: str, table: Table, row: int, places: dict[str, list[int]]) -> None:
    missing = [column.header for column in table.columns if column.required and column.key not in places]
    if missing:
        raise UnreadableFile(f"工作表“{name}”第{row}行的表头缺少这些列：{'、'.join(missing)}，请按模板补上")
    twice = [table.by_key[key].header for key, at in places.items() if len(at) > 1]
    if twice:
        raise UnreadableFile(f"工作表“{name}”的表头里这些列出现了两次：{'、'.join(twice)}，请各留一列")


def _is_filled(places: dict[str, int], row: list[Cell]) -> bool:
    serial = places.get("serial")
    if serial is not None and serial < len(row) and str(row[serial]).strip() == SAMPLE_MARK:
        return False
    return any(place < len(row) and not is_blank(row[place]) for key, place in places.items() if key != "serial")
