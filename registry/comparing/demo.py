"""国网、省网比对 of the demonstration: one is done, most kinds of differences stand open, and a school has seen to one."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO

from openpyxl import Workbook

from linxia_xueji.enums import Role
from linxia_xueji.models import Organisation
from registry.comparing import books, deeds, intake, running
from registry.comparing.enums import FILES, DifferenceKind, System
from registry.comparing.fields import BY_KEY, COMPARED
from registry.comparing.matching import Facts
from registry.demo.chapters import Agenda, Scene
from registry.models import Difference

PREFECTURE, SCHOOL = "622900", "3462990006"
WRONG: tuple[tuple[System, dict[str, str]], ...] = (
    (System.PROVINCIAL, {}),
    (System.NATIONAL, {}),
    (System.PROVINCIAL, {"name": "马晓燕"}),
    (System.NATIONAL, {"birth": "2010-02-01"}),
    (System.PROVINCIAL, {"grade": "高三"}),
    (System.NATIONAL, {"status": "休学"}),
    (System.PROVINCIAL, {"national_number": "", "id_number": ""}),
)
"""The book that is wrong, and what it says; empty where it does not have the student. Without numbers: perhaps the same."""


def agenda(scene: Scene) -> Agenda:
    """The day before the story ends."""
    return [(date(scene.year, 9, 15), lambda day: compare(scene, day))]


def compare(scene: Scene, day: date) -> None:
    """The centre compares the exports of both systems; 广河县示例第一中学 puts one difference right."""
    centre = scene.people[Role.CENTRE, PREFECTURE]
    prefecture = Organisation.objects.select_related("parent").get(code=PREFECTURE)
    offices = books.offices_of(prefecture)
    register = sorted(books.register(prefecture, day, offices), key=lambda row: row.enrolment)
    (term, _), *_ = intake.terms_to_compare(prefecture, day)
    comparison = intake.open_comparison(prefecture=prefecture, term=term, by=centre)
    wrong = _wrong(register, offices.by_word[SCHOOL])
    for system in FILES:
        content = _export(row for one in register for row in _told(one, system, wrong))
        name = f"{system.label}普通高中名册（示例）.xlsx"
        upload = intake.receive(comparison=comparison, system=system, content=content, name=name, by=centre)
        columns = {key: place for place, key in enumerate(COMPARED)}
        intake.map_columns(upload=upload, columns=columns, name=f"{system.label}导出", by=centre)
    running.run(intake.start(comparison=comparison, by=centre), on=day)
    seen_to = Difference.objects.filter(school__code=SCHOOL, kind=DifferenceKind.FIELD).earliest("pk")
    registrar = scene.people[Role.REGISTRAR, SCHOOL]
    deeds.note(difference=seen_to, mended_in=System.PROVINCIAL, words="对照户口簿核实，已在省网改正", by=registrar)


def _wrong(register: list[Facts], school: int) -> dict[int, tuple[System, dict[str, str]]]:
    """Whom a book has wrong, by enrolment: each way once at the school, once anywhere."""
    here = [one for one in register if one.owner == school]
    rest = [one for one in register if one.owner != school]
    chosen = [people[len(people) * (n + 1) // (len(WRONG) + 1)] for people in (here, rest) for n in range(len(WRONG))]
    return {one.enrolment: way for one, way in zip(chosen, WRONG * 2, strict=True)}


def _told(one: Facts, system: System, wrong: dict[int, tuple[System, dict[str, str]]]) -> Iterable[Facts]:
    """What a system says of a student: nothing, the truth or something else."""
    book, other = wrong.get(one.enrolment, (System.REGISTER, {}))
    if book != system:
        yield one
    elif other:
        yield one._replace(**other)


def _export(rows: Iterable[Facts]) -> bytes:
    """As a system exports them: headers, then text."""
    book, output = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet("名册")
    sheet.append([BY_KEY[key].label for key in COMPARED])
    for row in rows:
        sheet.append([getattr(row, key) for key in COMPARED])
    book.save(output)
    return output.getvalue()
