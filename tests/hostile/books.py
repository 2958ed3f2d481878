"""Hostile workbooks, generated: what each is, its bytes, and words of the sentence it must end in."""

import io
import struct
import zipfile
from collections.abc import Callable

from openpyxl import Workbook

from registry.admissions.columns import COLUMNS
from tests.world import COUNTY_SCHOOL, id_number

HEADER = [column.header for column in COLUMNS]
SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MB = 1024 * 1024


def student(n: int = 1, **changes: object) -> list[object]:
    """A row without fault, and what is changed in it."""
    row = {
        "序号": str(n), "准考证号": f"2613{n:06d}", "姓名": f"马海{chr(0x4E00 + n)}", "性别": "男", "民族": "东乡族",
        "出生日期": "2010-03-05", "身份证号": id_number(n), "报名县市": "广河县", "录取学校": COUNTY_SCHOOL, "中考成绩": 512.5,
    }  # fmt: skip
    return [(row | changes)[header] for header in HEADER]


def book(*rows: list[object], change: Callable[[Workbook], None] | None = None) -> bytes:
    """A workbook of these rows; without any, a sound list of one student. It also serves as numbers: it has 准考证号."""
    made = Workbook()
    for row in rows or (HEADER, student()):
        made.active.append(row)
    if change:
        change(made)
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


def parts(content: bytes | None = None) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content or book())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return output.getvalue()


def altered(name: str, before: bytes, after: bytes) -> bytes:
    members = parts()
    assert before in members[name]
    return packed(members | {name: members[name].replace(before, after, 1)})


def with_sheet(xml: bytes) -> bytes:
    return packed(parts() | {SHEET: xml})


def without(*names: str) -> bytes:
    return packed({name: content for name, content in parts().items() if name not in names})


def sheet_of(data: bytes, head: bytes = b"") -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return head + b"<worksheet " + space + b"><sheetData>" + data + b"</sheetData></worksheet>"


def many_rows(count: int) -> bytes:
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'
    return with_sheet(sheet_of(b"".join(row % (n, n) for n in range(1, count + 1))))


def patched(offset: int, value: bytes) -> bytes:
    """Lie in every entry of the central directory."""
    content = bytearray(book())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + offset : place + offset + len(value)] = value
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def twice() -> bytes:
    output = io.BytesIO(book())
    with zipfile.ZipFile(output) as archive:
        infos = [(entry, archive.read(entry)) for entry in archive.infolist()]
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for entry, content in infos:
            archive.writestr(entry.filename, content)
        # A name of the same length, renamed in the bytes: zipfile itself would warn.
        archive.writestr(SHEET.replace("sheet1", "sheetX"), b"<worksheet/>")
    return output.getvalue().replace(b"sheetX.xml", b"sheet1.xml")


def headed(**renamed: str | None) -> bytes:
    kept = [header for header in HEADER if renamed.get(header, header) is not None]
    row = dict(zip(HEADER, student(), strict=True))
    return book([renamed.get(header, header) for header in kept], [row[header] for header in kept])


def merged(made: Workbook) -> None:
    made.active.merge_cells("B1:J1")


def entity(declaration: bytes) -> bytes:
    return with_sheet(
        sheet_of(
            b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>', b"<!DOCTYPE x [" + declaration + b"]>"
        )
    )


LAUGHS = b'<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b'<!ENTITY e "&j;">'  # fmt: skip


def hidden(made: Workbook) -> None:
    made.create_sheet("别的")
    made.worksheets[0].sheet_state = "hidden"
    made.active = 1


def two_lists(made: Workbook) -> None:
    made.copy_worksheet(made.active)


BOOKS: dict[str, tuple[Callable[[], bytes], str]] = {
    # wrong type
    "empty": (lambda: b"", "空"),
    "one byte": (lambda: b"P", "这不是"),
    "text": (lambda: "序号,姓名\n1,马明\n".encode(), "这不是"),
    "html table": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "这不是"),
    "xml spreadsheet 2003": (lambda: b'<?xml version="1.0"?><Workbook/>', "这不是"),
    "pdf": (lambda: b"%PDF-1.7\n%%EOF", "这不是"),
    "program": (lambda: b"MZ\x90\0" + bytes(4000), "这不是"),
    "noughts": (lambda: bytes(100_000), "这不是"),
    "rar": (lambda: b"Rar!\x1a\x07\x01\0" + bytes(200), "这不是"),
    "gzip": (lambda: b"\x1f\x8b\x08\0" + bytes(200), "这不是"),
    "zip of texts": (lambda: packed({"readme.txt": b"x"}), "这不是"),
    "empty zip": (lambda: packed({}), "这不是"),
    "word document": (lambda: packed({TYPES: b"wordprocessingml.document.main+xml", "word/document.xml": b"<w/>"}), "这不是"),
    "opendocument": (lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "这不是"),
    "binary workbook": (lambda: packed({TYPES: b"sheet.binary", "xl/workbook.bin": b"x"}), "这不是"),
    "old xls": (lambda: OLE + bytes(600) + "Workbook".encode("utf-16-le"), "旧版"),
    "password": (lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "password of the archive": (lambda: patched(8, b"\x01\0"), "密码"),
    # macros
    "macros": (
        lambda: altered(TYPES, b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"),
        "宏",
    ),
    "macros under a plain type": (lambda: packed(parts() | {"xl/vbaProject.bin": OLE}), "宏"),
    "macros in capitals": (lambda: packed(parts() | {"xl/VBAProject.BIN": OLE}), "宏"),
    # too much
    "35 MB": (lambda: bytes(35 * MB), "超过30MB"),
    "bomb": (lambda: packed(parts() | {"xl/media/a.bin": bytes(220 * MB)}), "解压后过大"),
    "bomb in the sheet": (lambda: with_sheet(sheet_of(b" " * (205 * MB))), "解压后过大"),
    "bomb that says 4 GB": (lambda: patched(24, struct.pack("<I", 2**32 - 2)), "解压后过大"),
    "bomb that says 1 byte": (lambda: patched(24, struct.pack("<I", 1)), "损坏"),
    "5,000 parts": (lambda: packed(parts() | {f"xl/x{n}.txt": b"" for n in range(5000)}), "解压后过大"),
    "60,000 rows": (lambda: many_rows(60_000), "60000行"),
    "far corner": (lambda: book(HEADER, student(), change=lambda b: b.active.cell(1_048_576, 16_384, "x")), "过于分散"),
    "attributes without end": (lambda: with_sheet(b"<worksheet>" + b'<c r="A1" ' * 60_000), ""),
    # entities
    "external entity": (lambda: entity(b'<!ENTITY e SYSTEM "file:///etc/passwd">'), "外部实体"),
    "entity from the network": (lambda: entity(b'<!ENTITY e SYSTEM "http://127.0.0.1:9/x">'), "外部实体"),
    "parameter entity": (lambda: entity(b'<!ENTITY % p SYSTEM "file:///dev/random"> %p;'), "外部实体"),
    "billion laughs": (lambda: entity(LAUGHS), "外部实体"),
    "entity in the workbook": (lambda: packed(parts() | {"xl/workbook.xml": b"<!DOCTYPE a><workbook/>"}), "外部实体"),
    "entity in a relation": (lambda: packed(parts() | {"_rels/.rels": b"<!DOCTYPE a><R/>"}), "外部实体"),
    "entity in utf-16": (lambda: with_sheet("<!DOCTYPE a><worksheet/>".encode("utf-16")), "外部实体"),
    # damaged
    "first half": (lambda: book()[: len(book()) // 2], "损坏"),
    "last byte missing": (lambda: book()[:-1], "损坏"),
    "wrong checksum": (lambda: patched(16, b"\1\2\3\4"), "损坏"),
    "unknown compression": (lambda: patched(10, b"\x63\0"), "损坏"),
    "one name twice": (twice, "损坏"),
    "no types": (lambda: without(TYPES), "损坏"),
    "no workbook": (lambda: without("xl/workbook.xml"), "这不是"),
    "no relations": (lambda: without("xl/_rels/workbook.xml.rels"), ""),
    "no sheet": (lambda: without(SHEET), ""),
    "broken sheet": (lambda: with_sheet(b"<broken"), ""),
    "empty sheet part": (lambda: with_sheet(b""), ""),
    "sheet of noise": (lambda: with_sheet(bytes(range(256)) * 20), ""),
    "deep nesting": (lambda: with_sheet(b"<a>" * 200_000), ""),
    "string out of range": (lambda: with_sheet(sheet_of(b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>')), ""),
    "number of no digits": (lambda: with_sheet(sheet_of(b'<row r="1"><c r="A1"><v>x</v></c></row>')), ""),
    "row nought": (lambda: with_sheet(sheet_of(b'<row r="0"><c r="A0"><v>1</v></c></row>')), ""),
    "column beyond the last": (lambda: with_sheet(sheet_of(b'<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>')), ""),
    "dimension that lies": (
        lambda: with_sheet(sheet_of(b"").replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')), "表头",
    ),
    # another list than expected
    "no cells": (lambda: book([]), "表头"),
    "hidden list": (lambda: book(HEADER, student(), change=hidden), "表头"),
    "column missing": (lambda: headed(身份证号=None), "身份证号"),
    "column renamed": (lambda: headed(姓名="称呼"), "姓名"),
    "column twice": (lambda: headed(序号="学生姓名"), "两次"),
    "merged head": (lambda: book(HEADER, student(), change=merged), "表头"),
    "head of formulas": (lambda: book([f'="{h}"' for h in HEADER], student()), "表头"),
    "head too far down": (lambda: book(*[["标题"]] * 12, HEADER, student()), "表头"),
    "head alone": (lambda: book(HEADER), "没有学生"),
    "two lists": (lambda: book(HEADER, student(), change=two_lists), "2个工作表"),
}  # fmt: skip
"""Kind → how it is made, and words of its sentence ("" where any sentence does)."""
