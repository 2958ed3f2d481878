"""Work beside its floor: `python -m tests.bench.work PART` in the bench's environment. Everything is rolled back."""

import json
import resource
import sys
import time
from datetime import date
from decimal import Decimal
from random import Random

from tests.bench.pages import portal
from tests.bench.problems import problems
from tests.bench.register import comparison, roster, verification
from tests.bench.timing import checked, copied, in_turn, rolled_back, timed

YEAR = 2027
LISTED, ISSUED, PRINTED, LONG = 20_000, 1_000, 1_000, 20_000


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
            checked()

        seconds = timed(deed)
        upload.refresh_from_db()
        assert upload.state == "imported" and upload.valid == LISTED, (upload.state, upload.valid, upload.error)
        return seconds

    return in_turn(lambda: rolled_back(ours), lambda: rolled_back(lambda: timed(lambda: copied(content))))


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
        checked()
        begun = time.perf_counter()
        made = issue(batch, by=by, on=date(2026, 9, 16))
        checked()
        assert len(made) == ISSUED
        return time.perf_counter() - begun

    def floor() -> float:
        prepare()
        checked()

        def deed() -> None:
            batch.candidates.filter(held_back="").update(strike_rule="-")
            checked()

        return timed(deed)

    return in_turn(lambda: rolled_back(ours), lambda: rolled_back(floor))


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
    return in_turn(
        lambda: timed(lambda: annex2_pdf(paper)),
        lambda: timed(lambda: HTML(string=html).write_pdf(stylesheets=[CSS(string=css)])),
    )


def long_paper() -> dict[str, float]:
    """附件2 of a long list: seconds, and the memory of the largest process."""
    from registry.documents.annex2 import annex2_pdf

    paper = _paper(LONG)
    seconds = timed(lambda: annex2_pdf(paper))
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"s": seconds, "mb": largest / 1024}


PARTS = {
    part.__name__: part for part in (imports, roster, comparison, verification, problems, numbers, papers, long_paper)
}

if __name__ == "__main__":
    portal()
    json.dump(PARTS[sys.argv[1]](), sys.stdout)
