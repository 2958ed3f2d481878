"""核查报告: what it says, from counts as they stood when it was made; and the Excel beside it."""

from datetime import date
from io import BytesIO

import xlsxwriter
from django.db import transaction

from linxia_xueji.access import office_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Level
from linxia_xueji.models import User, scope_of
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.documents.verification import Report, ReportLine
from registry.models import Deviation, Verification, VerificationReport
from registry.rosters.workbook import OPTIONS, write_table
from registry.verifying import figures
from registry.verifying.enums import DeviationKind
from registry.verifying.pages import line_of

HEADS = ("单位", "学校", "已签字", "名册人数", "差异", "其中已一致", "抽查人数", "已抽查")
DEVIATION_HEADS = (
    ("学校", 26), ("班级", 12), ("姓名", 12), ("差异", 20), ("学籍登记", 22), ("实际", 22), ("说明", 30), ("抽查发现", 10), ("期限", 12), ("结果", 16),
)  # fmt: skip


def _figures(line: figures.Line) -> list[str | int]:
    return [
        line.label, line.schools, line.signed, line.students, line.open + line.closed, line.closed, line.sampled, line.checked,
    ]  # fmt: skip


def _lines(verification: Verification, user: User) -> list[list[str | int]]:
    """Of the prefecture by county, of a county by school."""
    office = office_of(user)
    if office and office.level == Level.PREFECTURE:
        return [_figures(line) for line in figures.by_county(verification, user)]
    rows = list(figures.by_school(verification, user))
    closed, sampled = dict(figures.closed_of(rows)), figures.sampled_of(verification)
    return [
        [
            r["one"].school.short_name, 1, int(r["one"].state == "signed"), r["one"].students,
            r["open"] + closed.get(r["one"].pk, 0), closed.get(r["one"].pk, 0), *sampled.get(r["one"].school_id, (0, 0)),
        ]
        for r in figures.beside(rows)
    ]  # fmt: skip


@transaction.atomic
def make_report(*, verification: Verification, on: date, by: User) -> VerificationReport:
    """Make the report of the person's office as things stand. :raises Refusal: for who is no authority."""
    office = office_of(by)
    if office is None:
        raise Refusal("核查报告由县市教育局或州学管中心编制")
    made = VerificationReport.objects.create(
        **scope_of(office), verification=verification, made_by=by, made_at=now(),
        counts={"day": on.isoformat(), "lines": _lines(verification, by), "kinds": _kinds(verification, by)},
    )  # fmt: skip
    record(action="编制信息核查报告", by=by, target=made, organisation=office)
    return made


def _kinds(verification: Verification, user: User) -> list[list[str | int]]:
    rows = Deviation.objects.visible_to(user).filter(school_verification__verification=verification)
    found = dict(figures.by_kind(rows))
    return [[kind.label, found[kind.value]] for kind in DeviationKind if kind.value in found]


def report_of(made: VerificationReport) -> Report:
    """What it says on paper."""
    verification, counts = made.verification, made.counts
    day, began = date.fromisoformat(counts["day"]), verification.roster_day
    lines = tuple(ReportLine(str(name), tuple(figures_)) for name, *figures_ in counts["lines"])
    return Report(
        title=str(verification), office=made.school.name, roster_day=_day(began), day=_day(day), heads=HEADS[1:], by=HEADS[0],
        lines=lines, sums=tuple(sum(line.figures[n] for line in lines) for n in range(len(HEADS) - 1)),
        kinds=tuple((str(label), int(n)) for label, n in counts["kinds"]),
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def report_book(verification: Verification, user: User, on: date) -> tuple[bytes, int]:
    """The same as Excel, and each deviation with whole numbers; how many these are."""
    rows = Deviation.objects.visible_to(user).filter(school_verification__verification=verification)
    deviations = []
    for one in rows.select_related("school", "class_attestation").order_by("school__code", "pk"):
        line = line_of(one, full=True)
        deviations.append(
            (
                one.school.name, line["class"], one.name, line["what"], line["registered"], line["actual"], one.note,
                "是" if one.sampled else "", one.due_on.isoformat() if one.due_on else "", line["state"],
            )
        )  # fmt: skip
    output, told = BytesIO(), f"{verification}　截至{on.isoformat()}"
    with xlsxwriter.Workbook(output, OPTIONS) as made:
        write_table(made, "完成情况", told, HEADS, _lines(verification, user))
        heads, widths = zip(*DEVIATION_HEADS, strict=True)
        write_table(made, "核查差异", told, heads, deviations, widths)
    return output.getvalue(), len(deviations)
