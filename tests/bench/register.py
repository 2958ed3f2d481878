"""Work on the register beside its floor: rosters, comparison, verification, 问题学籍. `tests.bench.work` runs it."""

import io
import statistics
import sys
from datetime import date, datetime

from tests.bench.timing import checked, copied, in_turn, rolled_back, timed

NATIONAL, COMPARED, DIFFERING = 10_000, 20_000, 500


def roster() -> dict[str, dict[str, float]]:
    """Check and import of a national file of 71 columns, each and together, against reading it with calamine and COPYing
    its rows as they are; together also against reading it and COPYing what the import made into the same tables.
    """
    from linxia_xueji.dates import today
    from linxia_xueji.models import Organisation, User
    from registry.roster import importing, staging
    from tests.registry.exchange.national_file import pupils, workbook

    schools = Organisation.objects.filter(programmes__stage="senior", level="school", parent__level="county")
    one = [s for s in schools.order_by("code") if s.programmes.count() == 1][:30]
    content = workbook(pupils([(s.code, s.division_id) for s in one], NATIONAL))
    centre, prefecture = User.objects.get(username="centre"), Organisation.objects.get(level="prefecture")

    steps: dict[str, list[float]] = {"roster_check": [], "roster_import": []}
    made: dict[str, bytes] = {}

    def put_in(upload) -> None:
        importing.apply(upload, by=centre, only_clean=True, on=today())
        checked()

    def ours() -> float:
        upload = staging.receive(content=content, name="国网.xlsx", organisation=prefecture, by=centre)
        steps["roster_check"].append(timed(lambda: staging.stage(upload, on=today())))
        steps["roster_import"].append(timed(lambda: put_in(upload)))
        upload.refresh_from_db()
        assert upload.state == "imported" and upload.valid > NATIONAL * 9 // 10, (
            upload.state,
            upload.valid,
            upload.error,
        )
        made.update(_recorded(upload.imported_at))
        return sum(seconds[-1] for seconds in steps.values())

    def floor() -> float:
        in_tables.append(rolled_back(lambda: timed(lambda: _laid(content, made))))
        return rolled_back(lambda: timed(lambda: copied(content)))

    in_tables: list[float] = []
    both = in_turn(lambda: rolled_back(ours), floor)
    each = {step: {"s": statistics.median(seconds), "floor": both["floor"]} for step, seconds in steps.items()}
    parts = each | {"roster": both, "roster_in_tables": both | {"floor": statistics.median(in_tables)}}
    return {part: told | {"rows": NATIONAL} for part, told in parts.items()}


_REGISTER = ("student", "keyfacts", "enrolment", "enrolmentstatus", "enrolmentgrade", "circumstances")
"""Tables into which an import brings students, in the order in which each finds what it points to."""


def _recorded(at: datetime) -> dict[str, bytes]:
    """COPY statement → the rows that came into the register at this moment."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in (f"registry_{name}" for name in _REGISTER):
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
                " WHERE table_name = %s AND is_generated = 'NEVER'", [table],
            )  # fmt: skip
            (columns,) = cursor.fetchone()
            asked = f"COPY (SELECT {columns} FROM {table} WHERE recorded_at = '{at.isoformat()}') TO STDOUT"  # noqa: S608
            with cursor.copy(asked) as copy:
                found[f"COPY {table} ({columns}) FROM STDIN"] = b"".join(bytes(part) for part in copy)
    return found


def _laid(content: bytes, made: dict[str, bytes]) -> None:
    """The floor of an import into these tables, with their indexes and keys: the file read, its rows kept, the same rows."""
    from django.db import connection

    copied(content)
    with connection.cursor() as cursor:
        for statement, rows in made.items():
            with cursor.copy(statement) as copy:
                copy.write(rows)
    checked()


def comparison() -> dict[str, float]:
    """The whole job of a comparison, from two kept exports with differences planted, beside a register of the same students,
    to the differences in the database, against reading both files.
    """
    from django.db import connection
    from python_calamine import CalamineWorkbook

    from linxia_xueji.models import Organisation, User
    from registry.comparing import intake, tasks
    from registry.models import Difference
    from tests.registry.comparing.exports import Books

    books, centre = Books(COMPARED, DIFFERING), User.objects.get(username="centre")
    contents, prefecture = (books.national(), books.provincial()), Organisation.objects.get(level="prefecture")

    def ours() -> float:
        # The students of the demonstration would all be differences.
        with connection.cursor() as cursor:
            cursor.execute("UPDATE registry_enrolment SET pending = true WHERE ends_on IS NULL AND stage = 'senior'")
        books.register()
        made = intake.open_comparison(prefecture=prefecture, term="2026-autumn", by=centre)
        for system, content in zip(("national", "provincial"), contents, strict=True):
            upload = intake.receive(comparison=made, system=system, content=content, name="名册.xlsx", by=centre)
            intake.map_columns(upload=upload, columns=upload.columns, name=system, by=centre)
        intake.start(comparison=made, by=centre)

        def deed() -> None:
            tasks.run_comparison(made.pk)
            checked()

        seconds = timed(deed)
        assert Difference.objects.filter(opened_in=made).count() == DIFFERING
        return seconds

    def floor() -> float:
        return timed(
            lambda: [CalamineWorkbook.from_filelike(io.BytesIO(c)).get_sheet_by_index(0).to_python() for c in contents]
        )

    return in_turn(lambda: rolled_back(ours), floor)


def verification() -> dict[str, float]:
    """Opening a 信息核查 for every school and class, against two bare CREATE TABLE … AS SELECT of as many rows."""
    from django.db import connection

    from linxia_xueji.models import Organisation, User
    from registry.models import ClassAttestation
    from registry.verifying.opening import open_verification

    centre, prefecture = User.objects.get(username="centre"), Organisation.objects.get(level="prefecture")
    on = date(2026, 9, 16)
    seen = []

    def ours() -> float:
        def deed() -> None:
            made = open_verification(prefecture=prefecture, term="2026-autumn", phase="begin", on=on, by=centre)
            seen.append(
                (made.schools.count(), ClassAttestation.objects.filter(school_verification__verification=made).count())
            )
            checked()

        return timed(deed)

    def floor() -> float:
        def deed() -> None:
            with connection.cursor() as cursor:
                cursor.execute("CREATE TEMP TABLE s AS SELECT id FROM linxia_xueji_organisation WHERE level = 'school'")
                cursor.execute(
                    "CREATE TEMP TABLE c AS SELECT e.school_id, g.grade, g.school_class, count(*) FROM registry_enrolment e"
                    " JOIN registry_enrolmentgrade g ON g.enrolment_id = e.id AND g.valid_to IS NULL WHERE e.ends_on IS NULL"
                    " GROUP BY 1, 2, 3"
                )

        return timed(deed)

    figures = in_turn(lambda: rolled_back(ours), lambda: rolled_back(floor))
    schools, classes = seen[-1]
    print(f"bench: {schools} schools, {classes} classes", file=sys.stderr)
    return figures
