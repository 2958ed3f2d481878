"""What is handed out: the template, the user's own file marked, the faulty rows alone."""

from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.styles import Font, PatternFill

from registry.admissions.check import check_file
from registry.admissions.columns import COLUMNS
from registry.admissions.template import template
from registry.admissions.workbook import faulty_rows, marked

CASE = Path(__file__).parent.parent / "data" / "admissions-2022.xlsx"
RED, AMBER = "FFF8B4B4", "FFFFE08A"


def opened(content: bytes):
    return load_workbook(BytesIO(content))


def saved(book) -> bytes:
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def coloured(sheet, colour: str) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == colour}


def test_the_worked_case_marked(lookups):
    report = check_file(CASE, lookups)
    sheet = opened(marked(CASE, report)).active
    letters = {column.header: "ABCDEFGHIJ"[place] for place, column in enumerate(COLUMNS)}
    wanted = {True: set(), False: set()}
    for fault in report.faults:
        wanted[fault.is_error].add(f"{letters[fault.column]}{fault.row}")
        assert fault.sentence in sheet.cell(fault.row, 11).value
    assert coloured(sheet, RED) == wanted[True]
    assert coloured(sheet, AMBER) == wanted[False]
    assert sheet["K1"].value == "问题"
    told = {row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 11).value}
    assert told == {fault.row for fault in report.faults}


def test_the_marked_file_says_the_same_again_and_keeps_every_cell(lookups):
    report = check_file(CASE, lookups)
    content = marked(CASE, report)
    again = check_file(content, lookups)
    assert again.faults == report.faults
    assert again.clean == report.clean
    before, after = load_workbook(CASE).active, opened(content).active
    for row in before.iter_rows():
        for cell in row:
            assert after[cell.coordinate].value == cell.value
    assert opened(marked(content, again)).active.max_column == 11


def test_mended_cells_lose_their_marks(list_of, lookups):
    content = list_of({"姓名": "", "中考成绩": "x"})
    sheet_content = marked(content, check_file(content, lookups))
    book = opened(sheet_content)
    assert coloured(book.active, RED) == {"C2", "J2"}
    book.active["C2"] = "韩明"
    mended = saved(book)
    sheet = opened(marked(mended, check_file(mended, lookups))).active
    assert coloured(sheet, RED) == {"J2"}
    assert "姓名" not in sheet["K2"].value


def test_the_users_formatting_and_own_columns_stay(list_of, lookups):
    book = opened(list_of({"性别": "?"}))
    sheet = book.active
    sheet["L1"], sheet["L2"] = "备注", "走读"
    sheet["C2"].font = Font(bold=True, color="FF00FF00")
    sheet["C2"].fill = PatternFill("solid", fgColor="FFABCDEF")
    sheet.column_dimensions["C"].width = 33
    sheet.freeze_panes = "B2"
    sheet.merge_cells("L3:M3")
    content = saved(book)
    after = opened(marked(content, check_file(content, lookups))).active
    assert after["C2"].font.bold and after["C2"].fill.fgColor.rgb == "FFABCDEF"
    assert after.column_dimensions["C"].width == 33
    assert after.freeze_panes == "B2"
    assert (after["L2"].value, after["M1"].value) == ("走读", "问题")


def test_formulas_go_out_as_text_and_text_like_formulas_stays_text(workbook_of, sound, lookups):
    names = ["=1+1", "+马明", "-马明", "@马明", '=HYPERLINK("http://example.org","马")']
    rows = [list((sound | {"姓名": name, "序号": n, "性别": "x"}).values()) for n, name in enumerate(names)]
    book = opened(workbook_of([[*sound, "备注"], *rows]))
    book.active["K2"] = "=SUM(A1:A9)"
    book.create_sheet("公式")["A1"] = "=NOW()"
    content = saved(book)
    report = check_file(content, lookups)
    for out in (marked(content, report), faulty_rows(report)):
        book = opened(out)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert not [cell for cell in cells if cell.data_type == "f"]
        inert = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
        assert {cell.value for cell in inert} >= set(names)
        assert all(cell.quotePrefix and cell.data_type == "s" for cell in inert)


def test_the_faulty_rows_alone_in_the_users_columns(workbook_of, sound, lookups):
    header = ["备注", *sound]
    rows = [
        ["2022年录取名单"],
        header,
        ["甲", *sound.values()],
        ["乙", *(sound | {"姓名": "马𬱖", "身份证号": 622926200604210647, "出生日期": date(2006, 4, 21)}).values()],
        ["丙", *(sound | {"姓名": "马•明", "准考证号": "5", "身份证号": "622927200601312070", "性别": "男"}).values()],
        ["丁", *(sound | {"姓名": "马·明", "准考证号": "6", "身份证号": "622927200601312070", "性别": "男"}).values()],
    ]
    rows[4][6] = rows[5][6] = "20060131"
    report = check_file(workbook_of(rows), lookups)
    assert report.valid == 2
    sheet = opened(faulty_rows(report)).active
    assert [cell.value for cell in sheet[1]] == [*header, "问题", "原行号"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["乙", "丁"]
    assert [row[-1].value for row in sheet.iter_rows(min_row=2)] == [4, 6]
    assert sheet["D2"].value == "马𬱖"
    assert sheet["G2"].is_date
    assert sheet["H2"].number_format == "@"
    assert coloured(sheet, RED) == {"C2", "H2", "H3"}
    again = check_file(faulty_rows(report), lookups)
    assert [(fault.row, fault.code) for fault in again.faults] == [(2, "number_lost")]


def test_the_template(lookups):
    book = opened(template(lookups))
    sheet = book["录取名单"]
    assert [cell.value for cell in sheet[1]] == [
        "序号", "准考证号*", "姓名*", "性别*", "民族*", "出生日期*", "身份证号*", "报名县市*", "录取学校*", "中考成绩*",
    ]  # fmt: skip
    assert sheet["A2"].value == "示例"
    assert all(cell.comment for cell in sheet[1])
    assert all(sheet.column_dimensions[letter].number_format == "@" for letter in "BCG")
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    assert sorted(lists) == ["D2", "E2", "H2", "I2"]
    choices = book["选项"]
    assert choices.sheet_state == "hidden"
    assert [cell.value for cell in choices["B"]][:2] == ["民族", "汉族"]
    assert sum(1 for cell in choices["B"] if cell.value) == 57
    assert lists["E2"].endswith("$B$2:$B$57")


def test_the_template_filled_in_is_accepted_with_its_sample(sound, lookups):
    book = opened(template(lookups))
    for place, value in enumerate(sound.values(), 1):
        book["录取名单"].cell(3, place, value)
    report = check_file(saved(book), lookups)
    assert (report.rows, report.valid, report.faults) == (1, 1, ())


def test_the_sample_itself_is_without_fault(lookups):
    book = opened(template(lookups))
    book["录取名单"]["A2"] = 1
    report = check_file(saved(book), lookups)
    assert (report.rows, report.valid, report.faults) == (1, 1, ())
