"""How the bench times work and its floor: in turn, everything rolled back."""

import io
import statistics
import time
from collections.abc import Callable

ROUNDS = 3


def timed(deed: Callable) -> float:
    """Seconds it takes."""
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


def rolled_back(deed: Callable[[], float]) -> float:
    """What it measured, and nothing of it stays."""
    from django.db import transaction

    with transaction.atomic():
        seconds = deed()
        transaction.set_rollback(True)
    return seconds


def checked() -> None:
    """The foreign keys, which wait for a commit that never comes here."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def in_turn(ours: Callable[[], float], floor: Callable[[], float]) -> dict[str, float]:
    """Medians of the two, measured in turn."""
    found = [(ours(), floor()) for _ in range(ROUNDS)]
    return {"s": statistics.median(a for a, _ in found), "floor": statistics.median(b for _, b in found)}


def copied(content: bytes) -> None:
    """The floor of an import: calamine reads the file, COPY writes its rows."""
    from django.db import connection
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    with connection.cursor() as cursor:
        columns = ", ".join(f"c{n} text" for n in range(len(rows[0])))
        cursor.execute("CREATE TEMPORARY TABLE listed (" + columns + ") ON COMMIT DROP")
        with cursor.copy("COPY listed FROM STDIN") as copy:
            for row in rows:
                copy.write_row([str(cell) for cell in row])
