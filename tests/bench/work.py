"""Work beside its floor: `python -m tests.bench.work PART` in the bench's environment. Everything is rolled back."""

import io
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from random import Random

from tests.bench.pages import portal

YEAR = 2027
LISTED, NATIONAL, PLANTED, ISSUED, PRINTED, LONG = 20_000, 10_000, 500, 1_000, 1_000, 20_000
ROUNDS = 3


def _timed(deed: Callable) -> float:
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


def _rolled_back(deed: Callable) -> float:
    from django.db import transaction

    with transaction.atomic():
        seconds = deed()
        transaction.set_rollback(True)
    return seconds


def _checked() -> None:
    """The foreign keys, which wait for a commit that never comes here."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _in_turn(ours: Callable[[], float], floor: Callable[[], float]) -> dict[str, float]:
    """Medians of the two, measured in turn."""
    found = [(ours(), floor()) for _ in range(ROUNDS)]
    return {"s": statistics.median(a for a, _ in found), "floor": statistics.median(b for _, b in found)}


def _list() -> bytes:
    from linxia_xueji.models import Division, Organisation
    from registry.demo.lists import Place, admitted, workbook
    from registry.demo.names import People

    random = Random(3)  # noqa: S311 - invented people
    schools = list(Organisation.objects.filter(programmes__stage="senior", level="school").order_by("code")[:13])
    each = LISTED // len(schools) + 1
    places = [Place(s.name, s.division_id, each, from_everywhere=s.parent.level != "county") for s in schools]
    rows = admitted(places=places, year=YEAR, people=People(random), random=random)[:LISTED]
    return workbook(rows, dict(Division.objects.values_list("code", "name")))


def imports() -> dict[str, float]:
    """Check and import of a list, against reading it with calamine and COPYing its rows as they are."""
    from linxia_xueji.dates import today
    from linxia_xueji.models import Organisation, User
    from registry.admissions import importing, staging

    content, centre = _list(), User.objects.get(username="centre")
    prefecture = Organisation.objects.get(level="prefecture")

    def ours() -> float:
        upload = staging.receive(content=content, name="名单.xlsx", year=YEAR, organisation=prefecture, by=centre)

        def deed() -> None:
            staging.stage(upload, on=today())
            importing.apply(upload, by=centre, only_clean=True)
            _checked()

        seconds = _timed(deed)
        upload.refresh_from_db()
        assert upload.state == "imported" and upload.valid == LISTED, (upload.state, upload.valid, upload.error)
        return seconds

    return _in_turn(lambda: _rolled_back(ours), lambda: _rolled_back(lambda: _timed(lambda: _copied(content))))


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
        _checked()

    def ours() -> float:
        upload = staging.receive(content=content, name="国网.xlsx", organisation=prefecture, by=centre)
        steps["roster_check"].append(_timed(lambda: staging.stage(upload, on=today())))
        steps["roster_import"].append(_timed(lambda: put_in(upload)))
        upload.refresh_from_db()
        assert upload.state == "imported" and upload.valid > NATIONAL * 9 // 10, (
            upload.state,
            upload.valid,
            upload.error,
        )
        made.update(_recorded(upload.imported_at))
        return sum(seconds[-1] for seconds in steps.values())

    def floor() -> float:
        in_tables.append(_rolled_back(lambda: _timed(lambda: _laid(content, made))))
        return _rolled_back(lambda: _timed(lambda: _copied(content)))

    in_tables: list[float] = []
    both = _in_turn(lambda: _rolled_back(ours), floor)
    each = {step: {"s": statistics.median(seconds), "floor": both["floor"]} for step, seconds in steps.items()}
    parts = each | {"roster": both, "roster_in_tables": both | {"floor": statistics.median(in_tables)}}
    return {part: told | {"rows": NATIONAL} for part, told in parts.items()}


def _copied(content: bytes) -> None:
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

    _copied(content)
    with connection.cursor() as cursor:
        for statement, rows in made.items():
            with cursor.copy(statement) as copy:
                copy.write(rows)
    _checked()


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

    books, centre = Books(LISTED, PLANTED), User.objects.get(username="centre")
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
            _checked()

        seconds = _timed(deed)
        assert Difference.objects.filter(opened_in=made).count() == PLANTED
        return seconds

    def floor() -> float:
        return _timed(
            lambda: [CalamineWorkbook.from_filelike(io.BytesIO(c)).get_sheet_by_index(0).to_python() for c in contents]
        )

    return _in_turn(lambda: _rolled_back(ours), floor)


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
            _checked()

        return _timed(deed)

    def floor() -> float:
        def deed() -> None:
            with connection.cursor() as cursor:
                cursor.execute("CREATE TEMP TABLE s AS SELECT id FROM linxia_xueji_organisation WHERE level = 'school'")
                cursor.execute(
                    "CREATE TEMP TABLE c AS SELECT e.school_id, g.grade, g.school_class, count(*) FROM registry_enrolment e"
                    " JOIN registry_enrolmentgrade g ON g.enrolment_id = e.id AND g.valid_to IS NULL WHERE e.ends_on IS NULL"
                    " GROUP BY 1, 2, 3"
                )

        return _timed(deed)

    figures = _in_turn(lambda: _rolled_back(ours), lambda: _rolled_back(floor))
    schools, classes = seen[-1]
    print(f"bench: {schools} schools, {classes} classes", file=sys.stderr)
    return figures


def numbers() -> dict[str, float]:
    """Numbers for a batch, against one UPDATE of the same candidates."""
    from registry.demo.names import People
    from registry.enums import Arrival
    from registry.models import Candidate, EnrolmentBatch, Intake
    from registry.numbers import issue

    batch = EnrolmentBatch.objects.filter(request__state="pending").order_by("pk").first()
    by, people = batch.request.submitted_by, People(Random(5))  # noqa: S311 - invented people

    def prepare() -> None:
        Intake.objects.filter(school=batch.school_id, year=batch.year).update(plan=5000)
        batch.candidates.update(seat=False, held_back="测速")
        county = batch.school.division_id
        made = [people.pupil(county=county, entry_year=batch.year - 40) for _ in range(ISSUED)]
        Candidate.objects.bulk_create(
            Candidate(
                exam_number=f"T{n:08d}", name=p.name, sex=p.sex, ethnicity=p.ethnicity, birth_date=p.birth_date,
                id_number=p.id_number, score=Decimal(500), batch=batch, school=batch.school, year=batch.year,
                arrival=Arrival.REPORTED, seat=True,
            )
            for n, p in enumerate(made)
        )  # fmt: skip

    def ours() -> float:
        prepare()
        _checked()
        begun = time.perf_counter()
        made = issue(batch, by=by, on=date(2026, 9, 16))
        _checked()
        assert len(made) == ISSUED
        return time.perf_counter() - begun

    def floor() -> float:
        prepare()
        _checked()

        def deed() -> None:
            batch.candidates.filter(held_back="").update(strike_rule="-")
            _checked()

        return _timed(deed)

    return _in_turn(lambda: _rolled_back(ours), lambda: _rolled_back(floor))


def _paper(rows: int):
    from registry.demo.names import People
    from registry.documents.annex2 import Annex2, Annex2Row

    people = People(Random(11))  # noqa: S311 - invented people
    made = [people.pupil(county="622924", entry_year=2026 - n % 20) for n in range(rows)]
    lines = tuple(
        Annex2Row(
            f"261324{n:06d}", p.name, f"2613{n:06d}", p.sex, p.ethnicity, p.birth_date, p.id_number,
            "广河县示例第一中学", Decimal("481.8"),
        )
        for n, p in enumerate(made)
    )  # fmt: skip
    return Annex2(2026, "广河县", "广河县示例第一中学", lines, False)


def papers() -> dict[str, float]:
    """附件2 as the portal prints it, against WeasyPrint alone on the same table and style sheet."""
    from django.template.loader import render_to_string
    from weasyprint import CSS, HTML

    from registry.documents.annex2 import annex2_pdf, annex2_sheet, stretch

    paper = _paper(PRINTED)
    html = render_to_string("registry/documents/annex2.html", stretch(annex2_sheet(paper)) | {"paper": True})
    css = render_to_string("registry/documents/annex2.css")
    return _in_turn(
        lambda: _timed(lambda: annex2_pdf(paper)),
        lambda: _timed(lambda: HTML(string=html).write_pdf(stylesheets=[CSS(string=css)])),
    )


def long_paper() -> dict[str, float]:
    """附件2 of a long list: seconds, and the memory of the largest process."""
    from registry.documents.annex2 import annex2_pdf

    paper = _paper(LONG)
    seconds = _timed(lambda: annex2_pdf(paper))
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"s": seconds, "mb": largest / 1024}


PARTS = {part.__name__: part for part in (imports, roster, comparison, verification, numbers, papers, long_paper)}

if __name__ == "__main__":
    portal()
    json.dump(PARTS[sys.argv[1]](), sys.stdout)
