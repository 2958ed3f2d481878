"""Opening an export: the first rows of its sheets, then the columns that are wanted. Runs in the sandbox, without Django.

As `registry.admissions.opening`, which sees to everything a foreign file may be; less is handed back.
"""

from registry.admissions.opening import Cell, Room, Sheets, glanced_sheets, sheets

Rows = list[tuple[int, list[Cell]]]


def heads(content: bytes, room: tuple[int, int, int], within: int) -> Sheets:
    """The first rows of every visible sheet. :param within: how many. :raises Refusal: as `sheets`."""
    return [(name, rows[: within + 1]) for name, rows in sheets(content, Room(*room))]


def chosen(content: bytes, sheet: str, header_row: int, places: list[int]) -> Rows:
    """Below the header of a sheet, of each row that has something there, its number in Excel and the cells at these places.

    Of bytes whose `heads` were read before they were kept, which were glanced at then. :raises Refusal: damaged.
    """
    return [
        (number, cells)
        for name, rows in glanced_sheets(content, places)
        if name == sheet
        for number, cells in enumerate(rows[header_row:], header_row + 1)
        if any(cell != "" for cell in cells)
    ]
