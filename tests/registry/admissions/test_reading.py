"""Finding the list in the file, and saying why a file cannot be judged."""

import struct
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from registry.admissions.check import check_file
from registry.admissions.columns import COLUMNS
from registry.admissions.reading import UnreadableFile, read_list


def values(sound, **changes) -> list:
    return list((sound | changes).values())


def test_titles_above_blank_rows_between_and_at_the_end(workbook_of, sound, lookups):
    first = values(sound)
    second = values(sound, 准考证号="2213000002", 身份证号="622927200601312070", 出生日期="20060131", 性别="男")
    above = [["2022年录取名单"], ["填报单位：州招办"], []]
    rows = [*above, list(sound), [], first, [" ", "\u3000"], [3], second, [4], ["合计"], []]
    report = check_file(workbook_of(rows), lookups)
    assert (report.rows, report.valid) == (2, 2)
    assert [row.row for row in report.clean] == [6, 9]
    assert report.listing.header_row == 4


def test_header_with_blanks_and_asterisks_reordered_with_extra_columns(workbook_of, sound, lookups):
    written = {
        "身份证号": "身份证号码*",
        "姓名": "姓 名",
        "性别": "＊性别",
        "民族": "民\n族",
        "出生日期": "出生日期（必填）",
        "准考证号": "准考证号 ",
        "中考成绩": "中考总分",
        "录取学校": " 录取学校",
        "报名县市": "报名县(市)",
    }
    rows = [["备注", *written.values(), ""], ["", *(sound[header] for header in written), "说明"]]
    report = check_file(workbook_of(rows), lookups)
    assert (report.rows, report.valid, report.faults) == (1, 1, ())


def test_short_rows_lack_the_last_columns(workbook_of, sound, lookups):
    report = check_file(workbook_of([list(sound), values(sound)[:-1]]), lookups)
    assert [(fault.column, fault.code) for fault in report.faults] == [("中考成绩", "required")]


def test_the_sample_row_of_the_template_is_not_read(workbook_of, sound, lookups):
    report = check_file(workbook_of([list(sound), values(sound, 序号="示例", 姓名=""), values(sound)]), lookups)
    assert (report.rows, report.valid) == (1, 1)


def test_hidden_sheets_and_sheets_without_a_list_are_passed_over(workbook_of, sound, lookups):
    book = load_workbook(BytesIO(workbook_of([list(sound), values(sound)])))
    book.create_sheet("说明", 0)["A1"] = "请看第二页"
    hidden = book.create_sheet("旧名单")
    hidden.append(list(sound))
    hidden.append(values(sound))
    hidden.sheet_state = "hidden"
    output = BytesIO()
    book.save(output)
    assert check_file(output.getvalue(), lookups).rows == 1


@pytest.mark.parametrize("column", [column.header for column in COLUMNS if column.required])
def test_a_required_column_missing_or_renamed_is_named(workbook_of, sound, column):
    header = ["其他" if header == column else header for header in sound]
    with pytest.raises(UnreadableFile, match=column):
        read_list(workbook_of([header, values(sound)]))


def test_a_column_twice(workbook_of, sound):
    with pytest.raises(UnreadableFile, match="姓名"):
        read_list(workbook_of([[*sound, "学生姓名"], [*values(sound), "x"]]))


def test_two_lists_in_one_file(workbook_of, sound):
    book = load_workbook(BytesIO(workbook_of([list(sound), values(sound)], title="一班")))
    second = book.create_sheet("二班")
    second.append(list(sound))
    second.append(values(sound))
    output = BytesIO()
    book.save(output)
    with pytest.raises(UnreadableFile, match="“一班”、“二班”"):
        read_list(output.getvalue())


def test_a_header_below_the_tenth_row_is_not_found(workbook_of, sound):
    with pytest.raises(UnreadableFile, match="表头"):
        read_list(workbook_of([*[["x"]] * 10, list(sound), values(sound)]))


def test_nothing_below_the_header(workbook_of, sound):
    with pytest.raises(UnreadableFile, match="没有学生"):
        read_list(workbook_of([list(sound), [1], [2]]))


def archive_of(**members: bytes) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return output.getvalue()


def empty_workbook() -> bytes:
    output = BytesIO()
    Workbook().save(output)
    return output.getvalue()


def damaged() -> bytes:
    content = empty_workbook()
    return content[: len(content) // 2]


def with_broken_sheet() -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(empty_workbook())) as source, zipfile.ZipFile(output, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<broken" if name.startswith("xl/worksheets/") else source.read(name))
    return output.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空"),
        (b"\xe5\xba\x8f,\xe5\x8f\xb7\n1,2\n", "xlsx"),
        (b"%PDF-1.7\n", "xlsx"),
        (b"<html><table></table></html>", "xlsx"),
        (b"PK\x03\x04", "xlsx"),
        (archive_of(readme=b"x"), "xlsx"),
        (OLE + bytes(600) + "Workbook".encode("utf-16-le"), "另存为.xlsx"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (damaged(), "损坏"),
        (with_broken_sheet(), "损坏"),
        (empty_workbook(), "表头"),
    ],
)
def test_what_cannot_be_judged_is_said_in_a_sentence(content, says):
    with pytest.raises(UnreadableFile, match=says) as caught:
        read_list(content)
    assert not set("！您你") & set(caught.value.message)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableFile, match="missing.xlsx"):
        read_list(tmp_path / "missing.xlsx")
    with pytest.raises(UnreadableFile):
        read_list(tmp_path)


def test_a_macro_workbook_is_refused(workbook_of, sound):
    output = BytesIO()
    plain = BytesIO(workbook_of([list(sound), values(sound)]))
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(output, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(
                    b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
                )
            target.writestr(name, content)
    with pytest.raises(UnreadableFile, match="xlsx"):
        read_list(output.getvalue())


def test_a_value_in_a_far_corner_does_not_fill_the_memory(workbook_of, sound):
    book = load_workbook(BytesIO(workbook_of([list(sound), values(sound)])))
    book.active["XFD1048576"] = "x"
    output = BytesIO()
    book.save(output)
    with pytest.raises(UnreadableFile, match="1048576"):
        read_list(output.getvalue())


def test_styled_but_empty_cells_far_away_are_harmless(workbook_of, sound, lookups):
    book = load_workbook(BytesIO(workbook_of([list(sound), values(sound)])))
    book.active["XFD900000"].number_format = "@"
    output = BytesIO()
    book.save(output)
    assert check_file(output.getvalue(), lookups).valid == 1


def test_a_bomb_is_not_unpacked():
    content = archive_of(**{"[Content_Types].xml": b"spreadsheetml.sheet.main+xml", "xl/workbook.xml": b"x"})
    huge = bytearray(content)
    place = huge.index(b"PK\x01\x02")
    huge[place + 24 : place + 28] = struct.pack("<I", 2**31)
    with pytest.raises(UnreadableFile):
        read_list(bytes(huge))
