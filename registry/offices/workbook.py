"""Files handed back: the user's own workbook marked, the template, and the initial passwords, once."""

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from linxia_xueji import sandbox
from linxia_xueji.enums import Role, Stage
from registry.admissions.cells import is_blank
from registry.admissions.columns import REASONS
from registry.admissions.marking import Plan, put, saved
from registry.admissions.template import CHOICES, write_choices, write_table
from registry.offices.check import Report
from registry.offices.columns import TABLES
from registry.offices.faults import Fault
from registry.offices.known import Known
from registry.offices.reading import Listing

_LIMITS = sandbox.Limits(memory=1536 * 1024 * 1024, processor=60, seconds=90, scratch=512 * 1024 * 1024)
_LAST_ROW = 5_000
HANDED_OUT = (
    ("机构代码", 14),
    ("机构", 30),
    ("姓名", 16),
    ("岗位", 14),
    ("岗位说明", 14),
    ("用户名", 18),
    ("初始密码", 20),
)


def marked(content: bytes, report: Report) -> bytes:
    """The user's own workbook with the faulty cells coloured and a column 问题 on each sheet; formatting stays."""
    for listing in report.listings.values():
        faults = [fault for fault in report.faults if fault.sheet == listing.table.name]
        content = sandbox.run("registry.admissions.marking:mark", content, _plan(listing, faults), limits=_LIMITS)
    return content


def _plan(listing: Listing, faults: list[Fault]) -> Plan:
    by_row: dict[int, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    reasons = _reasons_column(listing)
    return Plan(
        sheet=listing.sheet, header_row=listing.header_row, columns=[place + 1 for place in listing.places.values()],
        reasons=reasons, title=REASONS, rows=dict(listing.rows),
        marks=[
            (fault.row, listing.places[fault.key] + 1, fault.is_error, listing.table.by_key[fault.key].text)
            for fault in faults
            if fault.key in listing.places
        ],
        sentences={
            row: "；".join(f"{fault.column}：{fault.sentence}" for fault in found) for row, found in by_row.items()
        },
    )  # fmt: skip


def _reasons_column(listing: Listing) -> int:
    """The user's 问题 column of an earlier marking, else the first one right of everything in the table."""
    if REASONS in listing.header:
        return listing.header.index(REASONS) + 1
    last = max(index for index, text in enumerate(listing.header) if text)
    for _, row in listing.rows:
        last = max([last, *(index for index in range(last + 1, len(row)) if not is_blank(row[index]))])
    return last + 2


def template(known: Known) -> bytes:
    """An .xlsx with both tables: header, sample row, notes, drop-downs; the check skips the samples."""
    book = Workbook()
    book.remove(book.active)
    sheets = [(table, book.create_sheet(table.name)) for table in TABLES]
    lists = write_choices(book.create_sheet(CHOICES), _choices(known))
    for table, sheet in sheets:
        write_table(sheet, table.columns, lists, _LAST_ROW)
    _write_guidance(book.create_sheet("填写说明"))
    return saved(book)


def _choices(known: Known) -> dict[str, list[str]]:
    authorities = {o.code: o.name for o in known.parents.values()}
    return {
        "所在县市": [short for _, short in known.counties.county_names.values()],
        "主管部门": [authorities[code] for code in sorted(authorities)],
        "办学学段": [*Stage.labels, "小学、初中", "初中、普通高中"],
        "岗位": [role.label for role in Role],
    }


def _write_guidance(sheet: Worksheet) -> None:
    for letter, width in (("A", 10), ("B", 16), ("C", 80)):
        sheet.column_dimensions[letter].width = width
    rows = [("工作表", "列", "怎么填")]
    for table in TABLES:
        rows += [(table.name, c.header, f"{'必填' if c.required else '选填'}，{c.note}") for c in table.columns]
    rows.append(("两个表", "示例行", "第2行是示例，序号为“示例”的行不会导入，可以保留"))
    rows.append(("两个表", "已有内容", "已有的单位、已由同一人担任的岗位不作改变，同一文件可以重复导入"))
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)


def passwords(rows: Iterable[tuple[str, ...]]) -> bytes:
    """The initial passwords, one row a person in the columns of `HANDED_OUT`; made, sent and not kept."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("初始密码")
    for index, (_, width) in enumerate(HANDED_OUT, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([header for header, _ in HANDED_OUT])
    for row in rows:
        sheet.append(_inert(sheet, row))
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _inert(sheet: Worksheet, row: tuple[str, ...]) -> list:
    cells = []
    for value in row:
        cell = WriteOnlyCell(sheet)
        put(cell, value)
        cell.number_format = "@"
        cells.append(cell)
    return cells
