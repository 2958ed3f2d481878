"""The existing register from the national export: checked, compared, imported once, and nothing said of others' students."""

import json
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from linxia_xueji import files
from linxia_xueji.enums import Role, Stage
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal, Stale
from registry.admissions.reading import UnreadableFile
from registry.enums import Change, EnrolmentState, IdType, UploadState
from registry.models import Enrolment, EnrolmentGrade, KeyFacts, Programme, RosterRecord, RosterUpload, Student
from registry.roster.check import check_file
from registry.roster.columns import TEMPLATE
from registry.roster.handback import handed_back
from registry.roster.lookups import from_database
from registry.roster.staging import receive, report_of, stage
from registry.roster.tasks import put_in_force
from tests.registry.roster.export import HEADERS, export, pupil
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE_SCHOOL, id_number

NATIONAL = "G622924201003051234"


def judged(world, rows, code=COUNTY_SCHOOL, **more):
    return check_file(export(rows, **more), from_database(world.organisation(code), DAY))


def codes(report) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for fault in report.faults:
        found.setdefault(fault.row, set()).add(fault.code)
    return found


def uploaded(world, rows, by=None, code=COUNTY_SCHOOL, **more) -> RosterUpload:
    upload = receive(
        content=export(rows, **more), name="export.xlsx", organisation=world.organisation(code), by=by or world.registrar(code)
    )  # fmt: skip
    stage(upload, on=DAY)
    return upload


def load(world, rows, only_clean=False, **more) -> RosterUpload:
    return put_in_force(uploaded(world, rows, **more), by=world.county, only_clean=only_clean)


def test_the_template_has_71_columns_in_its_order():
    assert len(TEMPLATE) == 71 and len(set(HEADERS)) == 71
    assert (HEADERS[0], HEADERS[16], HEADERS[46], HEADERS[-1]) == (
        "学校标识码", "入学年月", "成员1姓名", "是否进城务工人员随迁子女",
    )  # fmt: skip


def test_rows_are_read_as_the_export_writes_them(world):
    report = judged(
        world,
        [
            pupil(1),
            pupil(2, **{"性别": "2-女", "民族": "03", "入学年月": "2024-09", "年级": "高三", "学籍状态": "休学"}),
            pupil(3, **{"身份证件类型": "护照", "身份证件号": "E12345678", "全国学籍号": NATIONAL}),
            pupil(4, **{"身份证件类型": "", "身份证件号": ""}),
        ],
    )
    assert report.faults == ()
    first, second, third, fourth = report.clean
    assert (first.stage, first.grade, first.school_class, first.entry) == (Stage.SENIOR, 11, "2班", date(2025, 9, 1))
    assert (second.grade, second.status, second.ethnicity) == (12, EnrolmentState.SUSPENDED, "03")
    assert (third.id_type, third.national_number, fourth.id_type) == (IdType.OTHER, NATIONAL, IdType.NONE)
    assert json.loads(first.archive)["成员1联系电话"] == "13900000000"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"姓名": None}, "required"), ({"身份证件号": 622924201003050000}, "number_lost"), ({"身份证件号": "62292420100305"}, "id_length"),
     ({"身份证件号": ""}, "required"), ({"性别": "不详"}, "sex_unknown"), ({"民族": "99"}, "ethnicity_unknown"),
     ({"出生日期": "20101305"}, "birth_invalid"), ({"入学年月": "2025"}, "entry_invalid"), ({"入学年月": "202612"}, "entry_future"),
     ({"入学年月": "202609"}, "new_entrant"), ({"入学年月": "201509"}, "grade_passed"), ({"年级": "大一"}, "grade_unknown"),
     ({"年级": "初二"}, "stage_not_taught"), ({"学籍状态": "毕业"}, "status_unknown"), ({"全国学籍号": "12345"}, "national_invalid"),
     ({"学校标识码": "9999999999"}, "school_unknown"), ({"学校标识码": OTHER_SCHOOL}, "school_not_yours"),
     ({"身份证件类型": "无"}, "required"), ({"班号": "长" * 21}, "too_long"), ({"姓名": "马•海"}, "name_dot"),
     ({"姓名": "马?"}, "name_doubtful"), ({"性别": "男"}, "sex_mismatch"), ({"年级": "高三"}, "grade_differs"),
     ({"入学方式": "走读入学"}, "code_unknown"), ({"政治面貌": "99"}, "code_unknown")],
)  # fmt: skip
def test_each_fault_has_its_sentence(world, change, code):
    report = judged(world, [pupil(1, **change)])
    assert codes(report) == {2: {code}}
    (fault,) = report.faults
    assert fault.message and fault.mend and "{" not in fault.sentence
    assert bool(report.clean) != fault.is_error


def test_a_school_of_two_stages_needs_the_grade(world):
    Programme.objects.create(
        organisation=world.organisation(COUNTY_SCHOOL), stage=Stage.JUNIOR, valid_from=date(2010, 9, 1)
    )
    assert codes(judged(world, [pupil(1)])) == {2: {"stage_unknown"}}
    (row,) = judged(world, [pupil(1, **{"年级": "八年级", "入学年月": "202509"})]).clean
    assert (row.stage, row.grade) == (Stage.JUNIOR, 8)


def test_what_comes_twice(world):
    report = judged(world, [pupil(1, 全国学籍号=NATIONAL), pupil(1), pupil(2, 全国学籍号=NATIONAL)])
    assert codes(report) == {3: {"duplicate_in_file"}, 4: {"duplicate_in_file"}}


def test_missing_renamed_and_foreign_columns_are_told(world):
    headers = [
        "学校标识码",
        "姓名",
        "性别",
        "出生日期",
        "民族",
        "身份证件类型",
        "身份证件号",
        "班号",
        "入学年月",
        "乘坐校车否",
    ]
    report = judged(world, [pupil(1)], headers=headers)
    assert "籍贯" in report.listing.absent and len(report.listing.absent) == 62
    assert [header for header, _ in report.listing.unknown] == ["乘坐校车否"]
    with pytest.raises(UnreadableFile, match="缺少这些列：入学年月（“入校年月”是不是它）"):
        judged(world, [pupil(1)], headers=[h.replace("入学年月", "入校年月") for h in headers])
    with pytest.raises(UnreadableFile, match="出现了两次：姓名"):
        judged(world, [pupil(1)], headers=[*headers, "姓名"])
    with pytest.raises(UnreadableFile, match="没有找到表头"):
        judged(world, [pupil(1)], headers=["甲", "乙"])
    with pytest.raises(UnreadableFile, match="表头下面没有学生"):
        judged(world, [], headers=headers)


def test_merged_heads_of_the_family_are_understood(world):
    headers = [column.plain or column.header for column in TEMPLATE]
    row = dict(zip(HEADERS, [pupil(1).get(header) for header in HEADERS], strict=True))
    content = export([], headers=headers, above=[["学生信息"]])
    book = load_workbook(BytesIO(content))
    book.active.append([row[header] for header in HEADERS])
    output = BytesIO()
    book.save(output)
    (read,) = check_file(output.getvalue(), from_database(world.organisation(COUNTY_SCHOOL), DAY)).clean
    assert json.loads(read.archive)["成员1姓名"] == "马有福"


def test_the_import_makes_the_register_and_the_same_file_changes_nothing(world):
    rows = [pupil(1, 全国学籍号=NATIONAL), pupil(2, 学籍状态="休学"), pupil(3, 身份证件类型="", 身份证件号="")]
    upload = load(world, rows)
    assert (upload.state, upload.summary["add"], upload.imported_by) == (UploadState.IMPORTED, 3, world.county)
    enrolment = Enrolment.objects.get(student__key_facts__name=rows[0]["姓名"])
    facts = enrolment.student.key_facts.get()
    assert (facts.id_number.reveal(), enrolment.student.national_number.reveal()) == (rows[0]["身份证件号"], NATIONAL)
    assert (enrolment.county.code, enrolment.stage, enrolment.entry_year) == (COUNTY, Stage.SENIOR, 2025)
    assert (enrolment.grades.get().grade, enrolment.grades.get().school_class) == (11, "2班")
    assert Enrolment.objects.get(student__key_facts__name=rows[1]["姓名"]).statuses.get().status == "suspended"
    kept = json.loads(enrolment.roster_records.get().line.archive.reveal())
    assert kept["籍贯"] == "甘肃广河" and TrailEntry.objects.filter(action="导入在校生名册").exists()
    counts = [m.objects.count() for m in (Student, KeyFacts, Enrolment, EnrolmentGrade, RosterRecord)]
    again = load(world, rows)
    assert (again.summary["same"], again.summary["add"]) == (3, 0)
    assert [m.objects.count() for m in (Student, KeyFacts, Enrolment, EnrolmentGrade, RosterRecord)] == counts


def test_another_class_is_a_change_and_the_earlier_row_is_kept(world):
    load(world, [pupil(1)])
    upload = load(world, [pupil(1, 班号="5班", 全国学籍号=NATIONAL)])
    assert upload.summary["change"] == 1 and set(upload.summary["columns"]) == {"班号", "全国学籍号", "原表内容"}
    enrolment = Enrolment.objects.get()
    assert enrolment.grades.get(valid_to=None).school_class == "5班" and enrolment.grades.count() == 2
    assert enrolment.student.national_number.reveal() == NATIONAL
    assert enrolment.roster_records.filter(superseded_at=None).count() == 1 and enrolment.roster_records.count() == 2


def test_students_of_others_are_reported_by_school_and_county_alone(world):
    other = [pupil(1, 学校标识码=OTHER_SCHOOL, 姓名="别处之人", 籍贯="别处籍贯")]
    put_in_force(
        uploaded(world, other, code=OTHER_SCHOOL), by=world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY), only_clean=False
    )
    upload = uploaded(world, [pupil(1), pupil(2)])
    (fault,) = upload.faults
    assert (fault["code"], fault["row"], upload.summary["blocked"]) == ("registered_elsewhere", 2, 1)
    assert "康乐县" in fault["message"] and "别处" not in json.dumps(upload.faults, ensure_ascii=False)
    with pytest.raises(Refusal, match="有1行不能导入"):
        put_in_force(upload, by=world.county, only_clean=False)
    put_in_force(upload, by=world.county, only_clean=True)
    assert Enrolment.objects.filter(school__code=COUNTY_SCHOOL).count() == 1


def test_what_the_register_knows_otherwise_is_blocked(world):
    load(world, [pupil(1, 全国学籍号=NATIONAL), pupil(2), pupil(3, 身份证件类型="", 身份证件号="")])
    upload = uploaded(
        world,
        [pupil(1, 姓名="改名"), pupil(2, 年级="高三"), pupil(3, 身份证件类型="", 身份证件号="", 籍贯="另一处"), pupil(4, 全国学籍号=NATIONAL)],
    )  # fmt: skip
    blocked = [f["code"] for f in upload.faults if f["severity"] == "error"]
    assert blocked == ["facts_differ", "grade_in_register", "perhaps_here", "facts_differ"]
    assert upload.summary[Change.BLOCKED.value] == 4
    with pytest.raises(Refusal, match="没有可以导入的行"):
        put_in_force(upload, by=world.county, only_clean=True)


def test_only_the_authority_above_puts_it_in_force_and_only_once(world):
    upload = uploaded(world, [pupil(1)])
    with pytest.raises(Refusal, match="由主管的县教育局或州学管中心导入"):
        put_in_force(upload, by=world.registrar(), only_clean=False)
    put_in_force(upload, by=world.centre, only_clean=False)
    with pytest.raises(Refusal, match="已导入"):
        put_in_force(upload, by=world.county, only_clean=False)
    with pytest.raises(Refusal, match="没有上传"):
        receive(content=b"", name="x", organisation=world.organisation(PREFECTURE_SCHOOL), by=world.registrar())


def test_what_has_changed_since_the_check_is_shown_again(world):
    first, second = uploaded(world, [pupil(1)]), uploaded(world, [pupil(1)])
    put_in_force(first, by=world.county, only_clean=False)
    with pytest.raises(Stale, match="学籍有变化"):
        put_in_force(second, by=world.county, only_clean=False)


def test_the_file_handed_back_is_marked(world):
    upload = uploaded(world, [pupil(1), pupil(2, 性别="?"), pupil(3, 年级="初二")])
    report, faults = report_of(upload, on=DAY)

    sheet = load_workbook(BytesIO(handed_back(files.read(upload.file), report, faults))).active
    reasons = {row[-1].row: row[-1].value for row in sheet.iter_rows(min_row=2)}
    assert reasons[2] is None and "性别" in reasons[3] and "年级" in reasons[4]


def test_a_file_that_cannot_be_read_fails_with_its_sentence(world):
    upload = uploaded(world, [pupil(1)], headers=["甲", "乙"])
    assert upload.state == UploadState.FAILED and "没有找到表头" in upload.error
    assert id_number(1) not in str(upload.faults)
