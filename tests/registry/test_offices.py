"""Schools and people from one workbook: checked, all rows or none, the same file twice changes nothing, passwords once."""

import os
import re
import time
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from approvals.models import Message
from linxia_xueji.access import access_of
from linxia_xueji.enums import Permission, Role, Stage
from linxia_xueji.models import Appointment, Organisation, Post, TrailEntry, User
from linxia_xueji.refusal import Refusal, Stale
from registry.admissions.reading import UnreadableFile
from registry.models import OfficeUpload, Programme, SchoolProfile
from registry.offices import importing, workbook
from registry.offices.columns import PEOPLE, SCHOOLS
from registry.offices.known import known_to
from registry.offices.tasks import look_over_accounts
from tests.ground.test_staff_sealing import last_used
from tests.ground.test_staff_views import county_desk  # noqa: F401 - a fixture
from tests.world import COUNTY, COUNTY_SCHOOL, DAY, PREFECTURE

NEW = "2162990101"
LARGE = int(os.environ.get("LIST_ROWS", "2000")) * 6 // 100
"""Schools of a large workbook; bin/prove takes 1,200."""


def school(**changes: object) -> dict[str, object]:
    row = {
        "序号": 1, "标识码": NEW, "学校名称": "广河县示例第九小学", "简称": "", "所在县市": "广河县", "主管部门": "广河县教育局",
        "办学学段": "小学", "启用日期": "", "学号学校码": "", "所在城区": "",
    }  # fmt: skip
    return row | changes


def person(**changes: object) -> dict[str, object]:
    row = {
        "序号": 1, "机构代码": NEW, "机构名称": "", "姓名": "马海明", "岗位": "学籍管理员", "岗位说明": "", "任职起": "20260901",
        "任命文号": "广教人〔2026〕3号",
    }  # fmt: skip
    return row | changes


def book(schools: list[dict] = (), people: list[dict] = ()) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for table, rows in ((SCHOOLS, schools), (PEOPLE, people)):
        sheet = made.create_sheet(table.name)
        sheet.append([column.header for column in table.columns])
        for row in rows:
            sheet.append([row[column.header] for column in table.columns])
    output = BytesIO()
    made.save(output)
    return output.getvalue()


@pytest.fixture
def admin(world) -> User:
    return world.user(Role.ACCOUNT_ADMIN, PREFECTURE)


@pytest.fixture
def desk(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def report(admin, *tables, on=DAY):
    return importing.report_of(book(*tables), by=admin, on=on)


def codes(found) -> list[tuple[str, int, str, str]]:
    return [(fault.sheet, fault.row, fault.column, fault.code) for fault in found.faults]


def take_in(admin, *tables, do: bool = True) -> OfficeUpload:
    content = book(*tables)
    upload = importing.receive(
        content=content, name="单位.xlsx", report=importing.report_of(content, by=admin, on=DAY), by=admin
    )
    return importing.apply(upload, by=admin, on=DAY) if do else upload


def send(client: Client, content: bytes):
    return client.post(reverse("registry:offices"), {"file": SimpleUploadedFile("单位人员.xlsx", content)})


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize(
    "changes, column, code",
    [
        ({"标识码": "21629901"}, "标识码", "code_shape"),
        ({"标识码": "2161990101"}, "标识码", "code_province"),
        ({"标识码": "1162990101"}, "标识码", "code_kind"),
        ({"标识码": ""}, "标识码", "required"),
        ({"学校名称": ""}, "学校名称", "required"),
        ({"学校名称": "长" * 81}, "学校名称", "too_long"),
        ({"所在县市": "兰州市"}, "所在县市", "division_unknown"),
        ({"主管部门": "兰州市教育局"}, "主管部门", "parent_unknown"),
        ({"办学学段": "小学、幼儿园"}, "办学学段", "stage_unknown"),
        ({"办学学段": "初中"}, "办学学段", "kind_stages"),
        ({"启用日期": "2026年13月"}, "启用日期", "day_invalid"),
        ({"启用日期": "2027-01-01"}, "启用日期", "day_late"),
        ({"学号学校码": "12"}, "学号学校码", "number_code_shape"),
        ({"学号学校码": "0909"}, "学号学校码", "number_code_stage"),
        ({"标识码": "3462990101", "办学学段": "普通高中", "学号学校码": "2401"}, "学号学校码", "number_code_taken"),
        ({"标识码": COUNTY_SCHOOL, "办学学段": "普通高中"}, "学校名称", "school_differs"),
    ],
)
def test_what_is_wrong_with_a_school(world, admin, changes, column, code):
    found = report(admin, [school(**changes)])
    assert ("单位", 2, column, code) in codes(found)
    assert all(fault.mend and "{" not in fault.sentence for fault in found.faults)


@pytest.mark.parametrize(
    "changes, column, code",
    [
        ({"机构代码": "2162999998"}, "机构代码", "organisation_unknown"),
        ({"机构代码": "620000", "岗位": "省厅审批员"}, "机构代码", "organisation_foreign"),
        ({"机构名称": "别的学校"}, "机构名称", "organisation_name"),
        ({"姓名": ""}, "姓名", "required"),
        ({"姓名": "阿里.木"}, "姓名", "name_dot"),
        ({"岗位": "门卫"}, "岗位", "role_unknown"),
        ({"岗位": "县级审核员"}, "岗位", "role_level"),
        ({"机构代码": PREFECTURE, "岗位": "账号管理员"}, "岗位", "role_peer"),
        ({"机构代码": COUNTY_SCHOOL}, "岗位", "post_taken"),
        ({"任职起": "昨天"}, "任职起", "day_invalid"),
        ({"任职起": ""}, "任职起", "required"),
        ({"任命文号": ""}, "任命文号", "required"),
    ],
)
def test_what_is_wrong_with_a_person(world, admin, changes, column, code):
    found = report(admin, [school()], [person(**changes)])
    assert ("人员", 2, column, code) in codes(found)
    assert all(fault.mend and "{" not in fault.sentence for fault in found.faults)


def test_rows_against_each_other(world, admin):
    schools = [school(), school(学校名称="另一所"), school(标识码="2162990102")]
    people = [person(), person(姓名="第二人"), person(岗位="校长"), person(机构代码="9")]
    assert codes(report(admin, schools, people)) == [
        ("单位", 3, "标识码", "duplicate_in_file"), ("单位", 4, "学校名称", "name_duplicate"),
        ("人员", 3, "岗位", "duplicate_in_file"), ("人员", 4, "姓名", "person_twice"),
        ("人员", 5, "机构代码", "organisation_unknown"),
    ]  # fmt: skip
    broken = codes(report(admin, [school(所在县市="x")], [person()]))
    assert broken == [("单位", 2, "所在县市", "division_unknown"), ("人员", 2, "机构代码", "organisation_faulty")]


def test_what_cannot_be_judged_says_why(world, admin):
    for content, words in (
        (b"", "空的"), (b"PK", "不是.xlsx"), (book(), "没有内容"),
        (book([school()]).replace(b"x", b"y", 1)[:200], ".xlsx"),
    ):  # fmt: skip
        with pytest.raises(UnreadableFile, match=words):
            importing.report_of(content, by=admin, on=DAY)
    made = Workbook()
    made.active.append(["标识码", "学校名称", "所在县市", "办学学段"])
    output = BytesIO()
    made.save(output)
    with pytest.raises(UnreadableFile, match="缺少这些列：主管部门"):
        importing.report_of(output.getvalue(), by=admin, on=DAY)


def test_the_template_is_read_back_without_its_samples(world, admin):
    content = workbook.template(known_to(admin, DAY))
    with pytest.raises(UnreadableFile, match="没有内容"):
        importing.report_of(content, by=admin, on=DAY)
    filled = load_workbook(BytesIO(content))
    for table, row in ((SCHOOLS, school()), (PEOPLE, person())):
        filled[table.name].append([row[column.header] for column in table.columns])
    output = BytesIO()
    filled.save(output)
    assert not importing.report_of(output.getvalue(), by=admin, on=DAY).faults


def test_schools_and_people_come_in_and_the_same_file_changes_nothing(world, admin):
    tables = [
        school(标识码="3162990101", 学校名称="广河县示例第九中学", 办学学段="小学、初中"),
        school(标识码="3462990101", 学校名称="临夏示例高中", 所在县市="临夏市", 主管部门="临夏回族自治州教育局", 办学学段="高中", 学号学校码="0909"),
    ], [person(机构代码="3162990101"), person(机构代码="3162990101", 姓名="马校长", 岗位="校长"), person(机构代码=COUNTY, 岗位="账号管理员")]  # fmt: skip
    upload = take_in(admin, *tables)
    assert len(upload.accounts) == 3
    made = Organisation.objects.get(code="3162990101")
    assert (made.parent.code, made.division_id, made.valid_from) == (COUNTY, "622924", date(2026, 1, 1))
    assert made.name_on(DAY) == "广河县示例第九中学"
    assert set(made.programmes.values_list("stage", flat=True)) == {Stage.PRIMARY, Stage.JUNIOR}
    assert SchoolProfile.objects.get(organisation__code="3462990101").number_code == "0909"
    user = User.objects.get(username="3162990101-01")
    assert access_of(user).may(Permission.PREPARE_BUSINESS, made) and not user.has_usable_password()
    assert TrailEntry.objects.filter(action="任命", by=admin).count() == 3
    assert TrailEntry.objects.filter(action="设立单位").count() == 2
    before = [m.objects.count() for m in (Organisation, Programme, User, Post, Appointment)]
    again = take_in(admin, *tables)
    assert again.summary["schools_same"] == 2 and again.summary["people_same"] == 3 and again.accounts == []
    assert [m.objects.count() for m in (Organisation, Programme, User, Post, Appointment)] == before
    with pytest.raises(Refusal, match="已导入"):
        importing.apply(again, by=admin, on=DAY)


def test_all_rows_or_none(world, admin):
    upload = take_in(admin, [school()], [person(), person(机构代码="9")], do=False)
    with pytest.raises(Refusal, match="1处错误"):
        importing.apply(upload, by=admin, on=DAY)
    assert not Organisation.objects.filter(code=NEW).exists() and upload.summary["schools"] == 1
    stale = take_in(admin, [school()], do=False)
    take_in(admin, [school()])
    with pytest.raises(Stale):
        importing.apply(stale, by=admin, on=DAY)
    with pytest.raises(Refusal, match="只有账号管理员"):
        importing.apply(stale, by=world.centre, on=DAY)


def test_the_pages_from_upload_to_passwords(world, admin, desk):
    answer = send(desk, book([school()], [person(), person(姓名="@马校长", 岗位="校长")]))
    upload = OfficeUpload.objects.get()
    address = reverse("registry:office", args=[upload.pk])
    assert answer.status_code == 302 and answer.url == address
    assert "可以导入" in text_of(desk.get(address)) and not Organisation.objects.filter(code=NEW).exists()
    assert desk.post(reverse("registry:office_import", args=[upload.pk])).status_code == 302
    assert "只能下载一次" in text_of(desk.get(address))
    sheet = load_workbook(BytesIO(desk.post(reverse("registry:office_passwords", args=[upload.pk])).content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[5] for row in rows] == [f"{NEW}-01", f"{NEW}-02"] and sheet["C3"].data_type == "s"
    user = User.objects.get(username=f"{NEW}-01")
    assert user.password.startswith("one_time$") and user.check_password(rows[0][6]) and user.must_change_password
    user.refresh_from_db()
    assert not user.password.startswith("one_time$") and not user.check_password("别的")
    again = desk.post(reverse("registry:office_passwords", args=[upload.pk]), follow=True)
    assert "已下载过" in text_of(again)
    refused = desk.post(reverse("registry:office_import", args=[upload.pk]))
    assert refused.status_code == 422 and "已导入" in text_of(refused)


def test_faults_are_listed_and_marked_in_the_user_s_own_file(world, desk):
    send(desk, book([school(标识码="12")], [person(岗位="门卫")]))
    upload = OfficeUpload.objects.get()
    page = text_of(desk.get(reverse("registry:office", args=[upload.pk])))
    assert "不是10位数字" in page and "不是岗位" in page and "导入全部" not in page
    marked = load_workbook(BytesIO(desk.post(reverse("registry:office_marked", args=[upload.pk])).content))
    assert marked["单位"].cell(2, 2).fill.fgColor.rgb == "FFF8B4B4"
    assert "不是岗位" in marked["人员"].cell(2, len(PEOPLE.columns) + 1).value
    assert desk.post(reverse("registry:office_import", args=[upload.pk])).status_code == 422


def test_a_file_that_cannot_be_read_is_not_kept(world, desk):
    answer = send(desk, b"no workbook")
    assert answer.status_code == 422 and "不是.xlsx" in text_of(answer) and not OfficeUpload.objects.exists()
    assert desk.get(reverse("registry:office_template")).status_code == 200


def test_signed_out_and_strangers(world, admin, client, county_desk):  # noqa: F811
    upload = take_in(admin, [school()])
    pages = [("offices", []), ("office_template", [])]
    pages += [(name, [upload.pk]) for name in ("office", "office_import", "office_marked", "office_passwords")]
    for name, arguments in pages:
        address = reverse(f"registry:{name}", args=arguments)
        assert client.get(address).url.startswith(reverse("login"))
        for person_there in (world.centre, world.head(), world.county):
            stranger = Client()
            stranger.force_login(person_there)
            assert {stranger.get(address).status_code, stranger.post(address).status_code} <= {404, 405}
        if arguments:
            assert {county_desk.get(address).status_code, county_desk.post(address).status_code} <= {404, 405}
    assert not county_desk.get(reverse("registry:offices")).context["page"].object_list
    refused = send(county_desk, book([school()]))
    assert refused.status_code == 302 and OfficeUpload.objects.latest("pk").summary["errors"] == 2


def test_the_job_leaves_messages_and_the_desk_says_what_waits(world, admin, desk):
    person = last_used(world.registrar(), 95)
    assert look_over_accounts(timestamp=0) == 1 and look_over_accounts(timestamp=0) == 0
    told = Message.objects.filter(text__contains=person.username)
    assert {message.to for message in told} == {admin, world.head()} and "已95日未登录" in told[0].text
    Appointment.objects.filter(user=world.head()).update(ends_on=DAY - timedelta(days=1))
    page = text_of(desk.get(reverse("approvals:desk")))
    assert "1个账号长期未登录" in page and "1个岗位空缺" in page
    other = Client()
    other.force_login(world.centre)
    assert "长期未登录" not in text_of(other.get(reverse("approvals:desk")))


def test_a_whole_prefecture_takes_less_than_a_minute(world, admin, desk):
    """1,200 schools and 1,500 posts (here a tenth): uploaded, checked, imported, passwords handed out."""
    schools = [school(标识码=f"21629{n:05d}", 学校名称=f"广河县示例小学{n}") for n in range(30_000, 30_000 + LARGE)]
    people = [person(机构代码=row["标识码"], 姓名=f"马{n}") for n, row in enumerate(schools)]
    people += [
        person(机构代码=row["标识码"], 姓名=f"校长{n}", 岗位="校长") for n, row in enumerate(schools[: LARGE // 4])
    ]
    content, begun = book(schools, people), time.monotonic()
    send(desk, content)
    upload = OfficeUpload.objects.get()
    assert desk.post(reverse("registry:office_import", args=[upload.pk])).status_code == 302
    handed = desk.post(reverse("registry:office_passwords", args=[upload.pk]))
    assert handed.status_code == 200 and time.monotonic() - begun < 60
    assert User.objects.filter(must_change_password=True).count() == LARGE + LARGE // 4
    assert Organisation.objects.filter(code__startswith="216293").count() == LARGE
